#include <QtTest>
#include <filesystem>

#include "edit/edit.h"
#include "format/replay_binary.h"
#include "recording/calls.h"
#include "recording/problem.h"
#include "support/dump.h"
#include "support/replay_file.h"

using namespace retake;
using namespace retake::test;
namespace fs = std::filesystem;

namespace {

const Message kM{"a.M", "payload"};
const Status kNotFound{.code = 5, .message = "no item", .details = {{"type.googleapis.com/a.D", "d"}}};

// Every kind of entry, calls that overlap, and fields that nobody knows yet.
std::string everything() {
  ReplayFile file("seed");
  const auto a = file.request("/a", kM);
  const auto s = file.createStream("/s");
  file.send(s, kM).response(a, kM).recv(s, kM).sendFailed(s).recvEnd(s);
  file.unary("/b", kM, kNotFound);
  file.createStream("/failed", kNotFound);
  file.record(
      serializeEntry(EntryKind::Request, "/c", EntryMessage{"type.googleapis.com/a.M", ""}, false, 0) +
      field(1000, "headers"));
  file.response(11, kM);
  return file.bytes();
}

// Whole in a buffer, and by pread from the file.
Result<OpenedRecording> openBothWays(const std::string& path, bool pieces) {
  return openRecording(path, {}, {.wholeUpTo = pieces ? 0 : std::uint64_t{1} << 30});
}

std::string written(const Recording& recording) {
  StringSink sink;
  const auto done = replayBinaryFormat().write(recording, sink, {});
  return done ? sink.take() : done.error().message;
}

// The places at which two lists of records differ; the header is record 0.
std::vector<std::size_t> differing(const std::string& before, const std::string& after) {
  const auto a = recordsOf(before);
  const auto b = recordsOf(after);
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < std::max(a.size(), b.size()); ++i)
    if (i >= a.size() || i >= b.size() || a[i] != b[i]) places.push_back(i);
  return places;
}

void addModes(const char* name, const QByteArray& value) {
  QTest::addRow("%s, in one buffer", name) << value << false;
  QTest::addRow("%s, piece by piece", name) << value << true;
}

}  // namespace

class tst_ReplayBinary : public QObject {
  Q_OBJECT
 private slots:
  void init() {
    m_folder = std::make_unique<QTemporaryDir>();
    m_path = m_folder->filePath("calls.replay").toStdString();
  }

  void writesWhatItRead_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<bool>("pieces");
    const std::string all = everything();
    addModes("every kind of entry", QByteArray::fromStdString(all));
    addModes("no entry", QByteArray::fromStdString(ReplayFile().bytes()));
    addModes("magic alone", "RPCReplay");
    addModes("a cut tail", QByteArray::fromStdString(cut(all, 3)));
    addModes("a cut header", QByteArray("RPCReplay\x09\0\0\0abc", 16));
    addModes("records that are no entries",
             QByteArray::fromStdString(all + std::string("\x02\0\0\0\xff\xff\0\0\0\0", 10)));
    ReplayFile many;
    for (int i = 0; i < 3000; ++i) many.unary("/m" + std::to_string(i % 7), kM, kM);
    addModes("six thousand entries", QByteArray::fromStdString(many.bytes()));
    ReplayFile large(std::string(3u << 20, 's'));
    for (char c = 'a'; c < 'f'; ++c) large.unary("/m", kM, {"a.M", std::string(5u << 20, c)});
    addModes("records longer than a window", QByteArray::fromStdString(large.bytes()));
  }
  void writesWhatItRead() {
    QFETCH(QByteArray, bytes);
    QFETCH(bool, pieces);
    writeFile(m_path, bytes.toStdString());
    const auto opened = openBothWays(m_path, pieces);
    QVERIFY(opened);
    QVERIFY(written(*opened->recording) == bytes.toStdString());
    QVERIFY(saveRecording(*opened->recording, *opened->format, m_path));
    QVERIFY(readFile(m_path) == bytes.toStdString());
  }

  void readsEntriesAsTheyStand() {
    const auto recording = readRecording(everything());
    QCOMPARE(
        dump(*recording),
        std::string("initial 73656564\n"
                    "1 REQUEST /a a.M 7061796c6f6164\n"
                    "2 CREATE_STREAM /s\n"
                    "3 SEND /s ref 2 a.M 7061796c6f6164\n"
                    "4 RESPONSE /a ref 1 a.M 7061796c6f6164\n"
                    "5 RECV /s ref 2 a.M 7061796c6f6164\n"
                    "6 SEND /s ref 2 error\n"
                    "7 RECV /s ref 2 error\n"
                    "8 REQUEST /b a.M 7061796c6f6164\n"
                    "9 RESPONSE /b ref 8 error google.rpc.Status "
                    "080512076e6f206974656d1a1c0a17747970652e676f6f676c65617069732e636f6d2f612e44120164\n"
                    "10 CREATE_STREAM /failed error google.rpc.Status "
                    "080512076e6f206974656d1a1c0a17747970652e676f6f676c65617069732e636f6d2f612e44120164\n"
                    "11 REQUEST /c a.M -\n"
                    "12 RESPONSE /c ref 11 a.M 7061796c6f6164\n"));
  }

  // Whatever byte a recorder is killed at: what was whole is read, and nothing is lost on the way back.
  void readsAFileCutAtAnyByte_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("built") << QByteArray::fromStdString(everything());
    for (const std::string& path : realRecordings())
      if (path.ends_with("/intstore.replay"))
        QTest::newRow("intstore") << QByteArray::fromStdString(readFile(path));
  }
  void readsAFileCutAtAnyByte() {
    QFETCH(QByteArray, bytes);
    const std::string whole = bytes.toStdString();
    std::vector<std::size_t> ends = {9};
    for (const std::string& record : recordsOf(whole)) ends.push_back(ends.back() + 4 + record.size());
    QCOMPARE(ends.back(), whole.size());
    for (std::size_t size = 9; size <= whole.size(); ++size) {
      const std::string part = whole.substr(0, size);
      const auto recording = readRecording(part);
      const auto records =
          static_cast<std::size_t>(std::upper_bound(ends.begin(), ends.end(), size) - ends.begin()) - 1;
      const std::size_t entries = records > 0 ? records - 1 : 0;
      QCOMPARE(std::size_t{recording->size()}, entries);
      QCOMPARE(recording->tailSize(), std::uint64_t{size - ends[records]});
      QVERIFY(written(*recording) == part);
      const auto problems = findProblems(*recording);
      const bool atAnEnd = ends[records] == size;
      QVERIFY(atAnEnd || !problems.empty());
      if (!atAnEnd) {
        QCOMPARE(problems.back().offset, std::uint64_t{ends[records]});
        const auto mended = apply(*recording, problems.back().repair);
        QVERIFY(mended);
        const std::string good =
            entries == 0 && records == 0 ? ReplayFile().bytes() : whole.substr(0, ends[records]);
        QVERIFY(written(*mended) == good);
      }
    }
  }

  void changesTheRecordThatWasEditedAlone_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<bool>("pieces");
    addModes("every kind of entry", QByteArray::fromStdString(everything()));
  }
  void changesTheRecordThatWasEditedAlone() {
    QFETCH(QByteArray, bytes);
    QFETCH(bool, pieces);
    const std::string before = bytes.toStdString();
    writeFile(m_path, before);
    const auto opened = openBothWays(m_path, pieces);
    const Recording& recording = *opened->recording;
    for (std::uint32_t position = 0; position < recording.size(); ++position) {
      const auto edited = apply(recording, ReplaceMessage{recording.info(position).id, "other", "a.M"});
      if (recording.info(position).kind == EntryKind::CreateStream) {
        QVERIFY(!edited);
        continue;
      }
      QVERIFY(edited);
      QCOMPARE(differing(before, written(*edited)), std::vector<std::size_t>{position + 1});
    }
    const auto state = apply(recording, ReplaceInitialState{"a longer state"});
    QCOMPARE(differing(before, written(*state)), std::vector<std::size_t>{0});
  }

  void renumbersReferencesWhenEntriesMove() {
    ReplayFile file;
    file.record("\xff");
    const auto a = file.request("/a", kM);
    const auto s = file.createStream("/s");
    file.send(s, kM).response(a, kM).recvEnd(s);
    ReplayFile expected;
    const auto b = expected.request("/a", kM);
    const auto t = expected.createStream("/s");
    expected.send(t, kM).response(b, kM).recvEnd(t);
    const auto moved = apply(*file.recording(), Repair{Repair::Kind::RemoveEntry, {1}});
    QCOMPARE(written(*moved), expected.bytes());
  }

  // Reference numbers grow from one byte to two when enough stands before them.
  void renumbersReferencesPastAByte() {
    ReplayFile file;
    for (int i = 0; i < 100; ++i) file.record("\xff");
    for (int i = 0; i < 100; ++i) file.unary("/a", kM, kM);
    ReplayFile expected;
    for (int i = 0; i < 100; ++i) expected.unary("/a", kM, kM);
    Recording recording = *file.recording();
    for (int i = 0; i < 100; ++i) recording = recording.withoutEntry(0);
    QCOMPARE(written(recording), expected.bytes());
  }

  void stopsWhenItIsTold() {
    std::stop_source stop;
    stop.request_stop();
    const Task task{.stop = stop.get_token(), .progress = {}};
    const auto read = replayBinaryFormat().read(sourceFromBytes(everything(), "calls.replay"), task);
    QVERIFY(!read);
    QCOMPARE(read.error().message, std::string("calls.replay: reading was stopped"));
    writeFile(m_path, "old");
    QVERIFY(!saveRecording(*readRecording(everything()), replayBinaryFormat(), m_path, task));
    QCOMPARE(readFile(m_path), std::string("old"));
  }

  void tellsHowFarItIs() {
    std::vector<std::uint64_t> steps;
    const Task task{.stop = {},
                    .progress = [&](std::uint64_t done, std::uint64_t) { steps.push_back(done); }};
    QVERIFY(replayBinaryFormat().read(sourceFromBytes(everything(), "calls.replay"), task));
    QVERIFY(!steps.empty());
    QVERIFY(std::is_sorted(steps.begin(), steps.end()));
  }

  void survivesAFileThatIsCutWhileItIsOpen() {
    writeFile(m_path, everything());
    const auto opened = openBothWays(m_path, true);
    fs::resize_file(m_path, 40);
    for (std::uint32_t position = 0; position < opened->recording->size(); ++position)
      QVERIFY(!opened->recording->entry(position));
    QVERIFY(!opened->recording->initialState());
    QVERIFY(dump(*opened->recording).size() > 0);
    (void)findProblems(*opened->recording);
    (void)groupCalls(*opened->recording);
    const std::string elsewhere = m_path + ".saved";
    writeFile(elsewhere, "old");
    const auto saved = saveRecording(*opened->recording, *opened->format, elsewhere);
    QVERIFY(!saved);
    QVERIFY(saved.error().message.find("changed by another program") != std::string::npos);
    QCOMPARE(readFile(elsewhere), std::string("old"));
  }

  void survivesAFileThatIsRecordedAgainWhileItIsOpen() {
    writeFile(m_path, everything());
    const auto pieces = openBothWays(m_path, true);
    const auto whole = openBothWays(m_path, false);
    const std::string before = dump(*whole->recording);
    const auto edited = apply(*pieces->recording, ReplaceMessage{{1}, "kept", {}});
    QVERIFY(edited);
    ReplayFile other("another");
    for (int i = 0; i < 20; ++i) other.unary("/other", {"b.B", "other"}, {"b.B", "other"});
    writeFile(m_path, other.bytes());  // in place, as Go's os.Create does it
    QCOMPARE(dump(*whole->recording), before);
    QVERIFY(saveRecording(*whole->recording, *whole->format, m_path + ".copy"));
    QVERIFY(readFile(m_path + ".copy") == everything());
    QVERIFY(!pieces->recording->entry(0));
    QVERIFY(!saveRecording(*edited, *pieces->format, m_path));
    QVERIFY(readFile(m_path) == other.bytes());
    // What was edited is in memory and still there.
    QCOMPARE(std::string(edited->entry(0)->fields.message), std::string("kept"));
  }

  // The new file takes the name; what is open goes on reading the old one.
  void savesOverTheFileThatItReadsPieceByPiece() {
    writeFile(m_path, everything());
    const auto opened = openBothWays(m_path, true);
    Recording recording = *opened->recording;
    for (int i = 0; i < 3; ++i) {
      const auto edited = apply(recording, ReplaceMessage{{4}, "edit " + std::to_string(i), {}});
      QVERIFY(edited);
      recording = *edited;
      QVERIFY(saveRecording(recording, *opened->format, m_path));
      const auto again = openBothWays(m_path, false);
      QCOMPARE(std::string(again->recording->entry(3)->fields.message), "edit " + std::to_string(i));
      QCOMPARE(differing(everything(), readFile(m_path)), std::vector<std::size_t>{4});
    }
  }

  void keepsRealRecordingsToTheByte_data() {
    QTest::addColumn<QString>("path");
    QTest::addColumn<bool>("pieces");
    for (const std::string& path : realRecordings()) {
      const std::string name = fs::path(path).filename().string();
      QTest::addRow("%s, in one buffer", name.c_str()) << QString::fromStdString(path) << false;
      QTest::addRow("%s, piece by piece", name.c_str()) << QString::fromStdString(path) << true;
    }
    if (realRecordings().empty()) QTest::newRow("none") << QString() << false;
  }
  void keepsRealRecordingsToTheByte() {
    QFETCH(QString, path);
    QFETCH(bool, pieces);
    if (path.isEmpty()) QSKIP("SKIPPED: there are no real recordings (set RETAKE_RECORDINGS)");
    const std::string before = readFile(path.toStdString());
    const auto opened = openBothWays(path.toStdString(), pieces);
    QVERIFY(opened);
    QVERIFY(saveRecording(*opened->recording, *opened->format, m_path));
    QVERIFY(readFile(m_path) == before);
    QCOMPARE(opened->recording->size() + 1, static_cast<std::uint32_t>(recordsOf(before).size()));
    for (std::uint32_t position = 0; position < opened->recording->size(); ++position) {
      const EntryInfo info = opened->recording->info(position);
      if (info.kind == EntryKind::CreateStream) continue;
      const auto edited = apply(*opened->recording, ReplaceMessage{info.id, "\x0a\x01x", "a.M"});
      QVERIFY(edited);
      QCOMPARE(differing(before, written(*edited)), std::vector<std::size_t>{position + 1});
    }
  }

 private:
  std::unique_ptr<QTemporaryDir> m_folder;
  std::string m_path;
};

QTEST_APPLESS_MAIN(tst_ReplayBinary)
#include "tst_replay_binary.moc"
