#include <QTest>

#include <filesystem>

#include "core/explain/leaf_mutants.h"
#include "explain/explainer.h"
#include "format/format.h"
#include "match/match_index.h"
#include "match/message_forms.h"
#include "schema/sources.h"
#include "support/replay_file.h"

namespace fs = std::filesystem;
using namespace retake;

namespace {

struct Tally {
  int changed = 0;  // leaves
  int exact = 0;    // of these named, and nothing else
  int other = 0;    // only other fields were named
  int keys = 0;     // keys of maps that were changed
  int keysTold = 0;
  std::string worst;
};

std::shared_ptr<const Schema> schemaOf(const std::string& name) {
  const std::vector<std::string> places = {test::recordingsFolder() + "/" + name};
  auto schema = loadSchema(places);
  if (!schema) qFatal("%s", schema.error().message.c_str());
  return *schema;
}

// What the text names: the beginnings of the lines under "which differs in".
std::vector<std::string> namedIn(const std::string& text) {
  std::vector<std::string> named;
  for (std::size_t at = text.find("\n  "); at != std::string::npos; at = text.find("\n  ", at + 1)) {
    const std::string line = text.substr(at + 3, text.find('\n', at + 1) - at - 3);
    named.push_back(line.substr(0, line.find(": recorded")));
  }
  return named;
}

// "a.b" names "a.b.c" as well, if less exactly.
bool covers(const std::string& named, const std::string& path) {
  return path.starts_with(named) &&
         (path.size() == named.size() || path[named.size()] == '.' || path[named.size()] == '[');
}

std::optional<std::uint32_t> firstMessage(const Recording& recording, const Call& call) {
  if (!call.isStream()) return call.first;
  for (const std::uint32_t position : call.rest)
    if (recording.info(position).kind == EntryKind::Send && !recording.info(position).isError)
      return position;
  return std::nullopt;
}

class Judge {
 public:
  // `shapes` tells what a leaf is; `used` may be without any type.
  Judge(const std::string& file, std::shared_ptr<const Schema> shapes, std::shared_ptr<const Schema> used)
      : m_shapes(std::move(shapes)), m_schema(std::move(used)) {
    const auto opened = openRecording(file);
    if (!opened) qFatal("%s", opened.error().message.c_str());
    m_recording = opened->recording;
    m_calls = std::make_shared<const Calls>(groupCalls(*m_recording));
    m_byName = m_shapes == m_schema;
  }

  Tally run() {
    for (std::uint32_t index = 0; index < m_calls->size(); ++index) {
      const auto position = firstMessage(*m_recording, (*m_calls)[index]);
      if (!position) continue;
      const auto entry = m_recording->entry(*position);
      const auto* type = messageTypeOf(*m_shapes, entry->fields.typeUrl, entry->callMethod);
      if (!type) qFatal("%s is not in the schema", std::string(entry->fields.typeUrl).c_str());
      for (const test::Mutant& mutant : test::leafMutants(*type, entry->fields.message))
        if (!isRecorded(*entry, mutant.bytes)) judge(*entry, mutant, (*m_calls)[index].isStream());
    }
    return m_tally;
  }

 private:
  bool isRecorded(const Entry& entry, const std::string& bytes) const {
    const auto* type = messageTypeOf(*m_schema, entry.fields.typeUrl, entry.callMethod);
    for (std::uint32_t index = 0; index < m_calls->size(); ++index) {
      const auto position = firstMessage(*m_recording, (*m_calls)[index]);
      if (!position) continue;
      const auto other = m_recording->entry(*position);
      if (other->callMethod == entry.callMethod &&
          compareMessages(*m_schema, type, other->fields.message, bytes) != Equality::Different)
        return true;
    }
    return false;
  }

  void judge(const Entry& entry, const test::Mutant& mutant, bool isStream) {
    const Explainer explainer(m_recording, m_calls, m_schema);
    const MissedCall missed{.miss = {.why = Miss::Why::NothingEqual, .recorded = 1},
                            .method = std::string(entry.callMethod),
                            .isStream = isStream,
                            .sent = std::make_shared<const std::string>(mutant.bytes)};
    const std::string text = statusText(explainer.explain(missed, {}, [](EntryId) { return false; }));
    const std::string& path = m_byName ? mutant.path : mutant.numbers;
    const auto named = namedIn(text);
    const auto near = [&](const std::string& one) { return covers(one, path) || covers(path, one); };
    if (mutant.isMapKey) {
      // An entry with another key is an entry less and one more.
      const std::string map = path.substr(0, path.rfind(m_byName ? "[\"" : "["));
      ++m_tally.keys;
      if (!named.empty() && std::all_of(named.begin(), named.end(),
                                        [&](const std::string& one) { return one.starts_with(map); }))
        ++m_tally.keysTold;
      else if (m_tally.worst.empty())
        m_tally.worst = "the key of " + path + " in " + text;
      return;
    }
    ++m_tally.changed;
    // Without a schema, bytes that read as a message are looked into.
    const bool within = !m_byName && named.size() == 1 && covers(path, named.front());
    if (within || named == std::vector{path})
      ++m_tally.exact;
    else if (!named.empty() && std::none_of(named.begin(), named.end(), near))
      ++m_tally.other;
    if (!within && named != std::vector{path} && m_tally.worst.empty()) m_tally.worst = path + " in " + text;
  }

  std::shared_ptr<const Schema> m_shapes;
  std::shared_ptr<const Schema> m_schema;
  std::shared_ptr<const Recording> m_recording;
  std::shared_ptr<const Calls> m_calls;
  bool m_byName;
  Tally m_tally;
};

}  // namespace

// One leaf of every recorded request changed at a time: the text names that field and no other.
class tst_LeafChange : public QObject {
  Q_OBJECT

 private slots:
  void initTestCase() {
    if (test::recordingsFolder().empty()) QSKIP("no real recordings here: set RETAKE_RECORDINGS");
  }

  void theTextNamesTheFieldThatWasChanged_data() {
    QTest::addColumn<bool>("withSchema");
    QTest::addRow("with schema") << true;
    QTest::addRow("without") << false;
  }
  void theTextNamesTheFieldThatWasChanged() {
    QFETCH(bool, withSchema);
    const fs::path folder = test::recordingsFolder();
    std::vector<std::pair<std::string, std::string>> files;
    for (const auto& entry : fs::directory_iterator(folder / "go-cloud"))
      if (entry.path().extension() == ".replay")
        files.emplace_back(entry.path().string(), "go-cloud/googleapis.protoset");
    files.emplace_back((folder / "intstore.replay").string(), "intstore.protoset");
    Tally all;
    std::map<std::string, std::shared_ptr<const Schema>> schemas;
    for (const auto& [file, set] : files) {
      auto& shapes = schemas[set];
      if (!shapes) shapes = schemaOf(set);
      const Tally one = Judge(file, shapes, withSchema ? shapes : Schema::builtin()).run();
      all.changed += one.changed;
      all.exact += one.exact;
      all.other += one.other;
      all.keys += one.keys;
      all.keysTold += one.keysTold;
      if (!one.worst.empty()) qInfo("%s: %s", fs::path(file).filename().c_str(), one.worst.c_str());
    }
    qInfo(
        "%d leaves of %zu recordings changed: %d named exactly (%.1f %%), %d times only another field; of %d "
        "keys %d",
        all.changed, files.size(), all.exact, 100.0 * all.exact / all.changed, all.other, all.keys,
        all.keysTold);
    QVERIFY(all.changed > 1000);
    QVERIFY(all.exact * 100 >= all.changed * 95);
    QCOMPARE(all.other, 0);
    QCOMPARE(all.keysTold, all.keys);
  }
};

QTEST_APPLESS_MAIN(tst_LeafChange)
#include "tst_leaf_change.moc"
