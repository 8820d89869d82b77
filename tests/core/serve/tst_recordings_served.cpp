#include <QTest>
#include <algorithm>
#include <filesystem>
#include <random>

#include "client/recorded_client.h"
#include "format/format.h"
#include "match/message_forms.h"
#include "schema/sources.h"
#include "serve/replay_server.h"
#include "support/replay_file.h"

using namespace retake;

namespace {

std::vector<std::string> recordings() {
  std::vector<std::string> files;
  const std::string folder = test::recordingsFolder();
  if (folder.empty()) return files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
    if (entry.path().extension() == ".replay") files.push_back(entry.path().string());
  std::sort(files.begin(), files.end());
  return files;
}

// The descriptor set that lies beside a recording.
std::string schemaOf(const std::string& file) {
  for (const auto& entry : std::filesystem::directory_iterator(std::filesystem::path(file).parent_path()))
    if (entry.path().extension() == ".protoset") return entry.path().string();
  return {};
}

bool sameRequest(const Schema& schema, const ClientScript& a, const ClientScript& b) {
  if (a.method != b.method) return false;
  const auto send = [](const ClientScript::Step& step) { return step.isSend; };
  const auto first = std::find_if(a.steps.begin(), a.steps.end(), send);
  const auto second = std::find_if(b.steps.begin(), b.steps.end(), send);
  if (first == a.steps.end() || second == b.steps.end()) return true;
  return compareMessages(schema, schema.message(first->typeName), first->message, second->message) !=
         Equality::Different;
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "; ";
  return text;
}

}  // namespace

// Recordings of real services, served and asked for every call.
class tst_RecordingsServed : public QObject {
  Q_OBJECT

 private slots:
  void everyCallGetsItsAnswer_data() {
    QTest::addColumn<QString>("file");
    QTest::addColumn<bool>("withSchema");
    QTest::addColumn<bool>("shuffled");
    for (const std::string& file : recordings()) {
      const QString name = QString::fromStdString(std::filesystem::path(file).stem().string());
      for (const bool withSchema : {false, true})
        for (const bool shuffled : {false, true})
          QTest::addRow("%s, %s, %s", qPrintable(name), withSchema ? "with schema" : "no schema",
                        shuffled ? "shuffled" : "in order")
              << QString::fromStdString(file) << withSchema << shuffled;
    }
    if (recordings().empty()) QTest::addRow("none") << QString() << false << false;
  }

  void everyCallGetsItsAnswer() {
    QFETCH(QString, file);
    QFETCH(bool, withSchema);
    QFETCH(bool, shuffled);
    if (file.isEmpty()) QSKIP("33 RECORDINGS SKIPPED: none found, set RETAKE_RECORDINGS");
    const auto opened = openRecording(file.toStdString());
    QVERIFY(opened);
    const Recording& recording = *opened->recording;
    auto schema = Schema::builtin();
    if (withSchema) {
      const std::vector<std::string> places{schemaOf(file.toStdString())};
      auto loaded = loadSchema(places);
      QVERIFY2(loaded, loaded ? "" : loaded.error().message.c_str());
      schema = *loaded;
    }
    auto server = ReplayServer::start(opened->recording, schema);
    QVERIFY(server);
    const auto channel = (*server)->channel();

    const Calls calls = groupCalls(recording);
    std::vector<ClientScript> scripts;
    for (std::uint32_t i = 0; i < calls.size(); ++i) {
      auto script = clientScript(recording, calls[i]);
      QVERIFY(script);
      scripts.push_back(*script);
    }
    std::vector<std::size_t> order(scripts.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    if (shuffled) std::shuffle(order.begin(), order.end(), std::mt19937(7));

    // Of equal requests any answer that is left is right.
    std::vector<bool> given(scripts.size(), false);
    std::size_t played = 0;
    for (const std::size_t i : order) {
      ++played;
      // What a client sends and cancels at once may never arrive.
      const auto untilItIsChosen = [&] {
        const auto chosen = [&] {
          return (*server)->report().neverAskedFor.size() == scripts.size() - played;
        };
        QVERIFY(QTest::qWaitFor(chosen, 30000));
      };
      const ClientOutcome outcome = play(channel, scripts[i], std::chrono::seconds(60), untilItIsChosen);
      bool found = false;
      for (std::size_t k = 0; k < scripts.size() && !found; ++k) {
        if (given[k] || !sameRequest(*schema, scripts[k], scripts[i])) continue;
        found = compare(*schema, scripts[k], outcome).empty();
        if (found) given[k] = true;
      }
      QVERIFY2(found, ("call " + std::to_string(i + 1) + " " + scripts[i].method + ": " +
                       joined(compare(*schema, scripts[i], outcome)))
                          .c_str());
    }
    // A client that ends a call whose end is not recorded is counted when its cancellation arrives.
    QTRY_COMPARE((*server)->report().served, scripts.size());
    const ReplayReport report = (*server)->report();
    QCOMPARE(report.missed, 0u);
    QVERIFY(report.neverAskedFor.empty());
  }
};

QTEST_GUILESS_MAIN(tst_RecordingsServed)
#include "tst_recordings_served.moc"
