#include <QTemporaryDir>
#include <QtTest>
#include <filesystem>
#include <fstream>

#include "edit/edit.h"
#include "format/recording_follower.h"
#include "recording/calls.h"
#include "recording/problem.h"
#include "support/dump.h"
#include "support/replay_file.h"

using namespace retake;
using namespace retake::test;
namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t kBuffer = 1u << 30;
constexpr std::uint64_t kPieces = 0;

Message numbered(std::uint32_t number) { return {"a.M", field(1, number)}; }

// Calls by two methods, some of which overlap, and a stream under way all the time.
ReplayFile talk(std::uint32_t calls) {
  ReplayFile file("seed");
  const auto stream = file.createStream("/s/Feed");
  for (std::uint32_t i = 1; i <= calls; ++i) {
    const auto call = file.request(i % 3 == 0 ? "/s/B" : "/s/A", numbered(i));
    file.send(stream, numbered(i));
    file.response(call, numbered(i));
  }
  return file;
}

// Bytes of the records of `file` up to each of their ends.
std::vector<std::size_t> ends(const std::string& bytes) {
  std::vector<std::size_t> found;
  for (std::size_t at = 9; at + 4 <= bytes.size();) {
    std::size_t length = 0;
    for (int i = 3; i >= 0; --i)
      length = length << 8 | static_cast<unsigned char>(bytes[at + static_cast<std::size_t>(i)]);
    at += 4 + length;
    found.push_back(at);
  }
  return found;
}

}  // namespace

class tst_RecordingFollower : public QObject {
  Q_OBJECT
 private slots:
  void init() {
    m_folder = std::make_unique<QTemporaryDir>();
    m_path = m_folder->filePath("calls.replay").toStdString();
  }

  // Appended in pieces of any size, the recording is what reading the whole file gives.
  void readsWhatIsAppended_data() {
    QTest::addColumn<quint64>("wholeUpTo");
    QTest::addColumn<int>("calls");
    QTest::addColumn<int>("first");  // bytes that are there at the begin
    QTest::addColumn<int>("step");
    for (const auto& [name, wholeUpTo] : {std::pair{"buffer", kBuffer}, std::pair{"pieces", kPieces}}) {
      const auto row = [&, mode = QByteArray(name), whole = wholeUpTo](const char* what, int calls, int first,
                                                                       int step) {
        QTest::newRow((mode + ": " + what).constData()) << quint64{whole} << calls << first << step;
      };
      row("byte by byte from the magic", 6, 9, 1);
      row("byte by byte within the header", 3, 11, 1);
      row("byte by byte from a half record", 3, 40, 1);
      row("seven bytes at a time", 40, 9, 7);
      row("many records at a time", 3000, 50000, 20011);
      row("all at once", 3000, 9, 1 << 30);
    }
  }
  void readsWhatIsAppended() {
    QFETCH(quint64, wholeUpTo);
    QFETCH(int, calls);
    QFETCH(int, first);
    QFETCH(int, step);
    const std::string bytes = talk(static_cast<std::uint32_t>(calls)).bytes();
    const auto whole = readRecording(bytes);
    const std::vector<std::size_t> recordEnds = ends(bytes);
    std::size_t size = static_cast<std::size_t>(first);
    auto follower = follow(bytes.substr(0, size), {.wholeUpTo = wholeUpTo});
    auto now = m_opened.recording;
    while (size < bytes.size()) {
      const std::size_t more = std::min(static_cast<std::size_t>(step), bytes.size() - size);
      append(bytes.substr(size, more));
      size += more;
      const auto polled = follower.poll(*now, 0);
      QVERIFY2(polled, polled ? "" : polled.error().message.c_str());
      if (*polled) now = *polled;
      // Each record as soon as it is whole, and never a tail.
      const auto there = std::upper_bound(recordEnds.begin(), recordEnds.end(), size) - recordEnds.begin();
      QCOMPARE(now->size(), static_cast<std::uint32_t>(std::max<std::ptrdiff_t>(0, there - 1)));
      QCOMPARE(now->tailSize(), std::uint64_t{0});
    }
    const auto last = follower.poll(*now, 0);
    QVERIFY(last && !*last);
    QVERIFY(dump(*now) == dump(*whole));
    QVERIFY(findProblems(*now).size() == findProblems(*whole).size());
    QCOMPARE(now->methodCount(), whole->methodCount());
    QVERIFY(changedEntries(*whole, *now).empty());
  }

  void whatIsHalfThereAtTheEndIsTheTail() {
    const std::string bytes = talk(3).bytes();
    auto follower = follow(bytes.substr(0, 60));
    append(bytes.substr(60, bytes.size() - 64));
    const auto polled = follower.poll(*m_opened.recording, 0);
    QVERIFY(polled && *polled);
    QVERIFY(findProblems(**polled).size() == 1);  // the last request has no answer
    const auto ended = follower.end(**polled);
    QVERIFY(ended && *ended);
    QCOMPARE((*ended)->size(), (*polled)->size());
    QVERIFY((*ended)->tailSize() > 0);
    QCOMPARE((*ended)->tailOffset() + (*ended)->tailSize(), std::uint64_t{bytes.size() - 4});
  }

  void saysWhyItCannotGoOn_data() {
    QTest::addColumn<int>("what");
    QTest::addColumn<QString>("said");
    QTest::newRow("shorter") << 0 << "got shorter: expected at least";
    QTest::newRow("replaced") << 1 << "was replaced: expected the file that is followed";
    QTest::newRow("gone") << 2 << "No such file";
    QTest::newRow("written anew, longer") << 3 << "was written anew";
  }
  void saysWhyItCannotGoOn() {
    QFETCH(int, what);
    QFETCH(QString, said);
    const std::string bytes = talk(5).bytes();
    auto follower = follow(bytes);
    switch (what) {
      case 0:
        fs::resize_file(m_path, bytes.size() - 3);
        break;
      case 1:
        writeFile(m_path + ".new", talk(8).bytes());
        fs::rename(m_path + ".new", m_path);
        break;
      case 2:
        fs::remove(m_path);
        break;
      default: {
        ReplayFile other("another seed");
        for (std::uint32_t i = 0; i < 100; ++i) other.request("/other", numbered(i));
        writeFile(m_path, other.bytes());
      }
    }
    const auto polled = follower.poll(*m_opened.recording, 0);
    QVERIFY(!polled);
    QVERIFY2(QString::fromStdString(polled.error().message).contains(said), polled.error().message.c_str());
    // What was read before is there all the same.
    QCOMPARE(dump(*m_opened.recording), dump(*readRecording(bytes)));
  }

  void anotherFileIsNotFollowed() {
    writeFile(m_path, talk(2).bytes());
    const auto opened = openRecording(m_path);
    QVERIFY(opened);
    writeFile(m_path + ".new", talk(2).bytes());
    fs::rename(m_path + ".new", m_path);
    QVERIFY(!RecordingFollower::start(m_path, *opened));
  }

  // What was edited meanwhile stays, in each state that undo knows, and each gets what is new.
  void editsAndWhatIsAppendedStay_data() {
    QTest::addColumn<QString>("edit");
    QTest::addColumn<int>("calls");
    for (const char* edit : {"none", "message", "insert first", "insert last", "insert with a new method",
                             "remove", "remove all"})
      for (const int calls : {2, 400})
        QTest::newRow(qPrintable(QStringLiteral("%1, %2").arg(QLatin1String(edit)).arg(calls)))
            << edit << calls;
  }
  void editsAndWhatIsAppendedStay() {
    QFETCH(QString, edit);
    QFETCH(int, calls);
    const std::string bytes = talk(static_cast<std::uint32_t>(calls) + 2500).bytes();
    const std::vector<std::size_t> at = ends(bytes);
    const std::size_t begin = at[3 * static_cast<std::size_t>(calls)];
    auto follower = follow(bytes.substr(0, begin));
    const auto file = m_opened.recording;
    Recording edited = *file;
    const auto made = [&](const Edit& change) {
      auto after = retake::apply(edited, change);
      if (!after) qFatal("%s", after.error().message.c_str());
      edited = *std::move(after);
    };
    const auto lastCall = file->info(file->size() - 1);
    if (edit == "message") made(ReplaceMessage{file->info(1).id, field(1, 4711), {}});
    if (edit.startsWith("insert")) {
      InsertCall insert;
      insert.method = edit.endsWith("method") ? "/s/New" : "/s/A";
      insert.entries.push_back({.kind = EntryKind::Request, .message = EntryMessage{"a.M", field(1, 1)}});
      insert.entries.push_back({.kind = EntryKind::Response, .message = EntryMessage{"a.M", field(1, 2)}});
      if (edit == "insert first") insert.behind = file->info(1).id;
      made(insert);
    }
    if (edit == "remove") made(RemoveCall{lastCall.ref ? lastCall.ref : lastCall.id});
    if (edit == "remove all")
      while (edited.size() > 0) edited = edited.withoutEntry(0);

    std::shared_ptr<const Recording> now = file;
    Recording after = edited;
    std::size_t size = begin;
    while (size < bytes.size()) {
      const std::size_t more = std::min<std::size_t>(1777, bytes.size() - size);
      append(bytes.substr(size, more));
      size += more;
      const auto polled = follower.poll(*now, edited.idLimit());
      QVERIFY(polled);
      if (!*polled) continue;
      now = *polled;
      after = after.withAppended(*now);
    }
    // At once or bit by bit is the same.
    QCOMPARE(dump(edited.withAppended(*now)), dump(after));
    // The state before the edit has all of the file.
    QCOMPARE(dump(file->withAppended(*now)), dump(*now));
    // The edit is what differs, and nothing else.
    std::vector<EntryId> byEdit = changedEntries(*file, edited);
    std::vector<EntryId> differs = changedEntries(*now, after);
    if (edit.startsWith("remove")) {  // later entries of calls that are gone are left out with them
      std::erase_if(differs, [&](EntryId id) { return !file->position(id); });
      for (std::uint32_t position = 0; position < after.size(); ++position)
        if (const EntryId ref = after.info(position).ref) QVERIFY(after.position(ref));
    }
    QCOMPARE(differs.size(), byEdit.size());
    QVERIFY(std::equal(differs.begin(), differs.end(), byEdit.begin()));
    // Every id leads home, and each is there once.
    std::vector<bool> seen(after.idLimit());
    for (std::uint32_t position = 0; position < after.size(); ++position) {
      const EntryId id = after.info(position).id;
      QVERIFY(!seen[id.value]);
      seen[id.value] = true;
      QCOMPARE(after.position(id).value_or(0xffffffff), position);
    }
    // Every method is what the entry's own bytes or those of its call say.
    for (std::uint32_t position = 0; position < after.size(); ++position)
      if (const auto entry = after.entry(position); entry && !entry->fields.method.empty())
        QCOMPARE(entry->callMethod, entry->fields.method);
    // It can be written, and read back it has the same calls.
    const std::string copy = m_path + ".copy";
    QVERIFY(saveRecording(after, *m_opened.format, copy));
    const auto read = openRecording(copy);
    QVERIFY(read);
    QCOMPARE(read->recording->size(), after.size());
    QCOMPARE(groupCalls(*read->recording).size(), groupCalls(after).size());
  }

  void chunksAreShared() {
    const std::string bytes = talk(3000).bytes();
    const std::vector<std::size_t> at = ends(bytes);
    auto follower = follow(bytes.substr(0, at[500]));
    const Recording edited =
        m_opened.recording->withEntry(3, std::string(m_opened.recording->bytes(2)->view));
    append(bytes.substr(at[500]));
    const auto polled = follower.poll(*m_opened.recording, 0);
    QVERIFY(polled && *polled);
    // Of unshared chunks every entry would be looked at; those of the first chunk are, in vain.
    QCOMPARE(changedEntries(**polled, edited.withAppended(**polled)).size(), std::size_t{1});
    QVERIFY(changedEntries(**polled, m_opened.recording->withAppended(**polled)).empty());
  }

 private:
  RecordingFollower follow(const std::string& begin, const OpenOptions& options = {}) {
    writeFile(m_path, begin);
    auto opened = openRecording(m_path, {}, options);
    if (!opened) qFatal("%s", opened.error().message.c_str());
    m_opened = *opened;
    auto follower = RecordingFollower::start(m_path, m_opened, options);
    if (!follower) qFatal("%s", follower.error().message.c_str());
    return *std::move(follower);
  }
  void append(std::string_view bytes) const {
    std::ofstream out(m_path, std::ios::binary | std::ios::app);
    out << bytes;
  }

  std::unique_ptr<QTemporaryDir> m_folder;
  std::string m_path;
  OpenedRecording m_opened;
};

QTEST_GUILESS_MAIN(tst_RecordingFollower)
#include "tst_recording_follower.moc"
