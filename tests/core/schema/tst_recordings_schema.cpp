#include <QTest>

#include <filesystem>
#include <set>

#include "format/format.h"
#include "recording/problem.h"
#include "schema/call_kind.h"
#include "schema/check.h"
#include "schema/json.h"
#include "schema/message_tree.h"
#include "schema/sources.h"
#include "support/replay_file.h"

namespace fs = std::filesystem;
using namespace retake;

namespace {

// A message of a real recording.
struct Sample {
  std::string place;
  std::string type;
  std::string bytes;
};

std::shared_ptr<const Schema> schemaOf(const std::string& name) {
  const std::vector<std::string> places = {test::recordingsFolder() + "/" + name};
  auto schema = loadSchema(places);
  if (!schema) qFatal("%s", schema.error().message.c_str());
  return *schema;
}

std::vector<Sample> samplesOf(const Recording& recording, const std::string& file) {
  std::vector<Sample> samples;
  for (std::uint32_t position = 0; position < recording.size(); ++position) {
    const auto entry = recording.entry(position);
    if (entry && entry->fields.hasMessage)
      samples.push_back({file + " entry " + std::to_string(position + 1),
                         std::string(typeNameOf(entry->fields.typeUrl)), std::string(entry->fields.message)});
  }
  return samples;
}

// Equal bytes once each field's occurrences stand together in ascending order.
std::string normal(const Schema& schema, const std::string& type, const std::string& bytes) {
  const auto text = toJson(schema, type, bytes);
  if (!text) qFatal("%s", text.error().message.c_str());
  const auto parsed = fromJson(schema, type, text->text);
  if (!parsed.ok()) qFatal("%s", describe(parsed.problems.front()).c_str());
  return parsed.message;
}

}  // namespace

// Over the recordings of real services, with their descriptors and without.
class tst_RecordingsSchema : public QObject {
  Q_OBJECT

 private slots:
  void initTestCase() {
    if (test::recordingsFolder().empty()) QSKIP("no real recordings here: set RETAKE_RECORDINGS");
  }

  void everyMessageSurvivesJson_data() {
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("set");
    const fs::path folder = test::recordingsFolder();
    for (const auto& entry : fs::directory_iterator(folder / "go-cloud"))
      if (entry.path().extension() == ".replay")
        QTest::newRow(entry.path().filename().c_str())
            << QString::fromStdString(entry.path().string()) << "go-cloud/googleapis.protoset";
    QTest::newRow("intstore") << QString::fromStdString((folder / "intstore.replay").string())
                              << "intstore.protoset";
  }
  void everyMessageSurvivesJson() {
    QFETCH(QString, file);
    QFETCH(QString, set);
    const auto schema = schemaOf(set.toStdString());
    const auto opened = openRecording(file.toStdString());
    QVERIFY2(opened.has_value(), opened ? "" : opened.error().message.c_str());
    const auto problems = checkTypes(*opened->recording, *schema);
    QVERIFY2(problems.empty(), problems.empty() ? "" : problems.front().text.c_str());
    const auto samples = samplesOf(*opened->recording, "");
    QVERIFY(!samples.empty());
    for (const auto& sample : samples) {
      const auto text = toJson(*schema, sample.type, sample.bytes);
      QVERIFY2(text.has_value(), text ? "" : (sample.place + text.error().message).c_str());
      QVERIFY(!text->isWire);
      // The bytes themselves, since nothing was changed.
      const auto same = fromJson(*schema, sample.type, text->text, sample.bytes);
      QVERIFY2(same.ok(), same.ok() ? "" : (sample.place + describe(same.problems.front())).c_str());
      QVERIFY(same.message == sample.bytes);
      // An equal message, without the original to look at.
      const auto fresh = fromJson(*schema, sample.type, text->text);
      QVERIFY(fresh.ok());
      QCOMPARE(toJson(*schema, sample.type, fresh.message)->text, text->text);

      const MessageTree tree = describeMessage(*schema, sample.type, sample.bytes);
      QVERIFY2(tree.damage.empty(), (sample.place + tree.damage).c_str());
      QVERIFY(tree.known);
      QCOMPARE(tree.omitted, 0u);
      QVERIFY(toJsonPreview(*schema, sample.type, sample.bytes).size() <= 160);
    }
  }

  void everyMessageSurvivesWireJson_data() { everyMessageSurvivesJson_data(); }
  void everyMessageSurvivesWireJson() {
    QFETCH(QString, file);
    const Schema& none = *Schema::builtin();
    const auto opened = openRecording(file.toStdString());
    QVERIFY(opened.has_value());
    for (const auto& sample : samplesOf(*opened->recording, "")) {
      // A name that no schema knows: google.rpc.Status too is read without its type.
      const std::string type = "unknown." + sample.type;
      const auto text = toJson(none, type, sample.bytes);
      QVERIFY2(text.has_value(), text ? "" : (sample.place + text.error().message).c_str());
      QVERIFY(text->isWire);
      QVERIFY(fromJson(none, type, text->text, sample.bytes).message == sample.bytes);
      const auto again = fromJson(none, type, text->text);
      QVERIFY(again.ok());
      QCOMPARE(again.message.size(), sample.bytes.size());
      QCOMPARE(normal(none, type, again.message), again.message);
      QVERIFY(describeMessage(none, type, sample.bytes).damage.empty());
    }
  }

  void kindsComeFromTheSchema() {
    const auto schema = schemaOf("intstore.protoset");
    const auto opened = openRecording(test::recordingsFolder() + "/intstore.replay");
    QVERIFY(opened.has_value());
    const Calls calls = groupCalls(*opened->recording);
    std::set<CallKind> kinds;
    for (std::uint32_t i = 0; i < calls.size(); ++i)
      kinds.insert(callKind(*schema, *opened->recording, calls[i]));
    QCOMPARE(kinds.size(), std::size_t{4});
  }
};

QTEST_GUILESS_MAIN(tst_RecordingsSchema)
#include "tst_recordings_schema.moc"
