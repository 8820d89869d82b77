#include <QtTest>

#include "recording/recording.h"
#include "support/dump.h"
#include "support/replay_file.h"

using namespace retake;
using namespace retake::test;

namespace {

// More than three chunks.
constexpr std::uint32_t kMany = 3 * Recording::kChunkEntries + 5;

Message numbered(std::uint32_t number) { return {"a.M", field(1, number)}; }

std::shared_ptr<const Recording> many() {
  ReplayFile file("seed");
  for (std::uint32_t i = 1; i <= kMany; ++i) file.request("/m", numbered(i));
  return file.recording();
}

std::string request(std::uint32_t number) {
  return serializeEntry(EntryKind::Request, "/m", EntryMessage{"type.googleapis.com/a.M", field(1, number)},
                        false, 0);
}

// Ids in order, shortened to runs: "1-3 9 4-7".
std::string ids(const Recording& recording) {
  std::string out;
  std::uint32_t first = 0;
  std::uint32_t last = 0;
  const auto flush = [&] {
    if (!first) return;
    out += (out.empty() ? "" : " ") + std::to_string(first);
    if (last != first) out += "-" + std::to_string(last);
  };
  for (std::uint32_t position = 0; position < recording.size(); ++position) {
    const std::uint32_t id = recording.info(position).id.value;
    if (!first || id != last + 1) {
      flush();
      first = id;
    }
    last = id;
  }
  flush();
  return out;
}

std::string ids(const std::vector<EntryId>& list) {
  std::string out;
  for (const EntryId id : list) out += (out.empty() ? "" : " ") + std::to_string(id.value);
  return out;
}

// Every id leads to its position, and no other does.
bool idsLeadHome(const Recording& recording) {
  std::vector<bool> seen(recording.idLimit() + 10, false);
  for (std::uint32_t position = 0; position < recording.size(); ++position) {
    const EntryId id = recording.info(position).id;
    if (id.value >= recording.idLimit() || recording.position(id) != position) return false;
    seen[id.value] = true;
  }
  for (std::uint32_t id = 0; id < seen.size(); ++id)
    if (!seen[id] && recording.position({id})) return false;
  return true;
}

const std::uint32_t kEdges[] = {0, 1, 1022, 1023, 1024, 1025, 2047, 2048, 3071, 3072, kMany - 2, kMany - 1};

}  // namespace

class tst_Recording : public QObject {
  Q_OBJECT
 private slots:
  void initTestCase() { m_many = many(); }

  void knowsItsEntries() {
    ReplayFile file("seed");
    const auto a = file.request("/a", {"a.Req", "12345"});
    file.response(a, Status{.code = 5, .message = {}, .details = {}});
    const auto recording = file.recording();
    QCOMPARE(recording->size(), 2u);
    const EntryInfo first = recording->info(0);
    const EntryInfo second = recording->info(1);
    QCOMPARE(first.id.value, 1u);
    QVERIFY(!first.ref);
    QCOMPARE(second.ref.value, 1u);
    QCOMPARE(recording->methodName(second.method), std::string("/a"));
    QVERIFY(second.isError);
    QCOMPARE(second.statusCode, 5);
    QCOMPARE(recording->messageSize(0), std::uint64_t{5});
    QCOMPARE(std::string(recording->entry(1)->callMethod), std::string("/a"));
    QCOMPARE(std::string(recording->initialState()->view), std::string("seed"));
    QCOMPARE(recording->tailSize(), std::uint64_t{0});
  }

  // A wrapping of more than 64 KiB does not fit the index.
  void knowsTheSizeOfAMessageInALongEntry() {
    ReplayFile file;
    const std::string method(70'000, 'm');
    file.request(method, {"a.M", std::string(1000, 'x')});
    file.record(request(1) + field(1000, std::string(0xffff, 'h')));
    file.record("\xff");
    const auto recording = file.recording();
    QCOMPARE(recording->messageSize(0), std::uint64_t{1000});
    QCOMPARE(recording->messageSize(1), std::uint64_t{2});
    QCOMPARE(recording->messageSize(2), std::uint64_t{0});
  }

  void replacesAnEntryAnywhere_data() { edges(); }
  void replacesAnEntryAnywhere() {
    QFETCH(uint, position);
    const Recording after = m_many->withEntry(position, request(77));
    QCOMPARE(after.size(), kMany);
    QVERIFY(after.info(position).edited);
    QVERIFY(!m_many->info(position).edited);
    QCOMPARE(std::string(after.entry(position)->fields.message), field(1, 77u));
    QCOMPARE(ids(changedEntries(*m_many, after)), std::to_string(position + 1));
    QCOMPARE(ids(changedEntries(after, *m_many)), std::to_string(position + 1));
    QVERIFY(idsLeadHome(after));
  }

  void insertsAnywhere_data() { edges(); }
  void insertsAnywhere() {
    QFETCH(uint, position);
    const Recording after = m_many->withInserted(position, request(77), {});
    QCOMPARE(after.size(), kMany + 1);
    QCOMPARE(after.info(position).id.value, kMany + 1);
    QCOMPARE(std::string(after.entry(position)->fields.message), field(1, 77u));
    if (position > 0) QCOMPARE(after.info(position - 1).id.value, position);
    QCOMPARE(after.info(position + 1).id.value, position + 1);
    QCOMPARE(ids(changedEntries(*m_many, after)), std::to_string(kMany + 1));
    QVERIFY(idsLeadHome(after));
  }

  void removesAnywhere_data() { edges(); }
  void removesAnywhere() {
    QFETCH(uint, position);
    const Recording after = m_many->withoutEntry(position);
    QCOMPARE(after.size(), kMany - 1);
    QVERIFY(!after.position({position + 1}));
    QCOMPARE(ids(changedEntries(*m_many, after)), std::to_string(position + 1));
    QCOMPARE(ids(changedEntries(after, *m_many)), std::to_string(position + 1));
    QVERIFY(idsLeadHome(after));
  }

  void appendsAtTheEnd() {
    Recording after = m_many->withInserted(kMany, request(1), {});
    after = after.withInserted(kMany + 1, request(2), {});
    QCOMPARE(ids(after), "1-" + std::to_string(kMany + 2));
    QCOMPARE(ids(changedEntries(*m_many, after)),
             std::to_string(kMany + 1) + " " + std::to_string(kMany + 2));
  }

  // An answer to each of many open requests: each append must not copy all of those before it.
  void staysQuickWhenThousandsAreAppended() {
    Recording after = *m_many;
    for (std::uint32_t i = 0; i < 20'000; ++i) after = after.withInserted(after.size(), request(i), {});
    QCOMPARE(after.size(), kMany + 20'000);
    QVERIFY(idsLeadHome(after));
  }

  void splitsChunksThatGrow() {
    Recording after = *m_many;
    for (std::uint32_t i = 0; i < 5000; ++i) after = after.withInserted(1500, request(i), {});
    QCOMPARE(after.size(), kMany + 5000);
    QVERIFY(idsLeadHome(after));
    for (std::uint32_t i = 0; i < 5000; ++i)
      QCOMPARE(std::string(after.entry(1500 + i)->fields.message), field(1, 4999 - i));
    QCOMPARE(changedEntries(*m_many, after).size(), std::size_t{5000});
  }

  void emptiesAndFillsAgain() {
    ReplayFile file;
    file.request("/m", numbered(1));
    Recording recording = file.recording()->withoutEntry(0);
    QCOMPARE(recording.size(), 0u);
    QVERIFY(!recording.position({1}));
    recording = recording.withInserted(0, request(5), {});
    QCOMPARE(ids(recording), std::string("2"));
    QCOMPARE(recording.methodName(recording.info(0).method), std::string("/m"));
    for (std::uint32_t i = 0; i < 2 * Recording::kChunkEntries; ++i)
      recording = recording.withInserted(0, request(i), {});
    QVERIFY(idsLeadHome(recording));
  }

  void survivesAnyMixOfChanges() {
    Recording recording = *m_many;
    std::vector<std::uint32_t> expected(kMany);
    for (std::uint32_t i = 0; i < kMany; ++i) expected[i] = i + 1;
    std::uint32_t seed = 1;
    for (std::uint32_t step = 0; step < 3000; ++step) {
      seed = seed * 1664525u + 1013904223u;
      const auto at = static_cast<std::uint32_t>((seed >> 8) % expected.size());
      const Recording before = recording;
      if (step % 3 == 0) {
        recording = recording.withInserted(at, request(step), {});
        expected.insert(expected.begin() + at, recording.idLimit() - 1);
        QCOMPARE(ids(changedEntries(before, recording)), std::to_string(recording.idLimit() - 1));
      } else if (step % 3 == 1) {
        recording = recording.withEntry(at, request(step));
        QCOMPARE(ids(changedEntries(before, recording)), std::to_string(expected[at]));
      } else {
        QCOMPARE(ids(changedEntries(before, recording.withoutEntry(at))), std::to_string(expected[at]));
        recording = recording.withoutEntry(at);
        expected.erase(expected.begin() + at);
      }
    }
    QCOMPARE(recording.size(), static_cast<std::uint32_t>(expected.size()));
    for (std::uint32_t i = 0; i < recording.size(); ++i) QCOMPARE(recording.info(i).id.value, expected[i]);
    QVERIFY(idsLeadHome(recording));
  }

  void sharesWhatDidNotChange() {
    const Recording edited = m_many->withEntry(5, request(77));
    QVERIFY(changedEntries(*m_many, *m_many).empty());
    QVERIFY(changedEntries(edited, edited).empty());
    // The same content in another object is a change; going back to the snapshot is none.
    QCOMPARE(ids(changedEntries(edited, m_many->withEntry(5, request(77)))), std::string("6"));
    QCOMPARE(ids(changedEntries(edited, edited.withEntry(2000, request(1)))), std::string("2001"));
  }

  void findsTheSameEntryInBothWhenOthersMoved() {
    const Recording removed = m_many->withoutEntry(10);
    const Recording both = removed.withInserted(500, request(1), {});
    QCOMPARE(ids(changedEntries(*m_many, both)), "11 " + std::to_string(kMany + 1));
  }

  void refersById() {
    ReplayFile file;
    file.unary("/a", numbered(1), numbered(2));
    const auto b = file.request("/b", numbered(3));
    file.response(b, numbered(4));
    const Recording after = file.recording()->withoutEntry(0);
    QCOMPARE(after.info(2).ref.value, b);
    QCOMPARE(after.position(after.info(2).ref).value_or(9), 1u);
    const Recording answered =
        after.withInserted(3, serializeEntry(EntryKind::Response, {}, {}, true, 0), {b});
    QCOMPARE(answered.methodName(answered.info(3).method), std::string("/b"));
    QVERIFY(!after.withInserted(3, request(1), {99}).info(3).ref);
  }

  void keepsOneVersionOfAnEntryThatIsEditedOften() {
    Recording recording = *m_many;
    for (std::uint32_t i = 0; i < 1000; ++i) {
      recording = recording.withEntry(7, request(i));
      recording = recording.withEntry(9, request(i + 1));
    }
    QCOMPARE(std::string(recording.entry(7)->fields.message), field(1, 999u));
    QCOMPARE(std::string(recording.entry(9)->fields.message), field(1, 1000u));
  }

  void replacesTheInitialState() {
    const Recording after = m_many->withInitialState("other");
    QVERIFY(after.initialStateEdited());
    QCOMPARE(std::string(after.initialState()->view), std::string("other"));
    QCOMPARE(after.initialStateSize(), std::uint64_t{5});
    QCOMPARE(std::string(m_many->initialState()->view), std::string("seed"));
    QVERIFY(changedEntries(*m_many, after).empty());
  }

  void dropsATail() {
    const auto cutOff = readRecording(cut(ReplayFile().bytes() + std::string("\x09\0\0\0abc", 7), 0));
    QCOMPARE(std::string(cutOff->tail()->view), std::string("\x09\0\0\0abc", 7));
    QCOMPARE(cutOff->withoutTail().tailSize(), std::uint64_t{0});
  }

 private:
  static void edges() {
    QTest::addColumn<uint>("position");
    for (const std::uint32_t position : kEdges) QTest::addRow("at %u", position) << position;
  }
  std::shared_ptr<const Recording> m_many;
};

QTEST_APPLESS_MAIN(tst_Recording)
#include "tst_recording.moc"
