#include <QtTest>

#include "recording/entry_times.h"
#include "support/replay_file.h"

using namespace retake;
using namespace retake::test;
using namespace std::chrono_literals;

namespace {

const Message kMessage{"a.M", field(1, "x")};

// REQUESTs, each at its number of milliseconds; -1: without a time.
std::shared_ptr<const Recording> requestsAt(const std::vector<int>& millis) {
  ReplayFile file;
  for (const int at : millis) {
    file.request("/s/A", kMessage);
    if (at >= 0) file.at(std::chrono::milliseconds(at));
  }
  return file.recording();
}

}  // namespace

class tst_EntryTimes : public QObject {
  Q_OBJECT
 private slots:
  void anAxisGoesOneWay_data() {
    QTest::addColumn<QList<int>>("times");
    QTest::addColumn<QList<int>>("axis");  // empty: none
    QTest::addColumn<int>("untimed");
    QTest::addColumn<int>("outOfOrder");
    QTest::newRow("from any begin") << QList{7, 8, 20} << QList{0, 1, 13} << 0 << 0;
    QTest::newRow("at the same time") << QList{1, 1, 2, 2} << QList{0, 0, 1, 1} << 0 << 0;
    QTest::newRow("back once") << QList{0, 5, 3, 9} << QList{0, 5, 5, 9} << 0 << 1;
    QTest::newRow("before the first") << QList{4, 2, 6} << QList{0, 0, 2} << 0 << 1;
    QTest::newRow("one of ten without")
        << QList{0, 1, 2, -1, 4, 5, 6, 7, 8, 9} << QList{0, 1, 2, 2, 4, 5, 6, 7, 8, 9} << 1 << 0;
    QTest::newRow("the first without")
        << QList{-1, 1, 2, 3, 4, 5, 6, 7, 8, 9} << QList{0, 0, 1, 2, 3, 4, 5, 6, 7, 8} << 1 << 0;
    QTest::newRow("two of ten without") << QList{0, -1, 2, -1, 4, 5, 6, 7, 8, 9} << QList<int>{} << 0 << 0;
    QTest::newRow("no time passes") << QList{3, 3, 3} << QList<int>{} << 0 << 0;
    QTest::newRow("none") << QList{-1, -1} << QList<int>{} << 0 << 0;
    QTest::newRow("no entries") << QList<int>{} << QList<int>{} << 0 << 0;
  }
  void anAxisGoesOneWay() {
    QFETCH(QList<int>, times);
    QFETCH(QList<int>, axis);
    QFETCH(int, untimed);
    QFETCH(int, outOfOrder);
    const auto made = EntryTimes::of(*requestsAt({times.begin(), times.end()}));
    QCOMPARE(made != nullptr, !axis.isEmpty());
    if (!made) return;
    for (qsizetype i = 0; i < axis.size(); ++i)
      QCOMPARE(made->at(static_cast<std::uint32_t>(i)), axis[i] * std::int64_t{1'000'000});
    QCOMPARE(made->length(), axis.back() * std::int64_t{1'000'000});
    QCOMPARE(made->untimed(), static_cast<std::uint32_t>(untimed));
    QCOMPARE(made->outOfOrder(), static_cast<std::uint32_t>(outOfOrder));
  }

  void findsTheFirstEntryAtATime() {
    std::vector<int> times;
    for (int i = 0; i < 300; ++i) times.push_back(i / 3 * 2);
    const auto made = EntryTimes::of(*requestsAt(times));
    QVERIFY(made);
    for (int ms = -1; ms <= 199; ++ms) {
      for (const std::uint32_t from : {0u, 1u, 100u, 299u, 300u}) {
        std::uint32_t expected = from;
        while (expected < 300 && times[expected] < ms) ++expected;
        QCOMPARE(made->firstAt(ms * 1e6, from), expected);
      }
    }
  }

  void aCallTakesFromItsFirstToItsLastEntry() {
    ReplayFile file;
    file.unary("/s/A", kMessage, kMessage);
    file.at(10ms);  // of the RESPONSE: the REQUEST has none
    const auto b = file.request("/s/A", kMessage);
    file.at(20ms);
    file.response(b, kMessage).at(25ms);
    file.request("/s/A", kMessage);
    file.at(30ms);
    const auto recording = file.recording();
    const Calls calls = groupCalls(*recording);
    QVERIFY(!callTime(*recording, calls, 0).start);
    QVERIFY(!callTime(*recording, calls, 0).duration);
    QVERIFY(!callTime(*recording, calls, 1).start);  // since a call that has no begin
    QCOMPARE(callTime(*recording, calls, 1).duration.value_or(-1), std::int64_t{5'000'000});
    QVERIFY(!callTime(*recording, calls, 2).duration);
  }

  void saysWhatTheExtrasSay() {
    for (const std::int64_t nanos : {std::int64_t{0}, std::int64_t{-1}, INT64_MAX, INT64_MIN}) {
      EntryExtras extras{.timeNanos = nanos};
      extras.headers = Metadata{{"key", "value"}};
      const std::string entry =
          serializeEntry(EntryKind::Request, "/m", std::nullopt, false, 0) + serializeExtras(extras);
      QCOMPARE(entryTime(entry).value_or(1), nanos);
    }
    QVERIFY(!entryTime(serializeEntry(EntryKind::Request, "/m", std::nullopt, false, 0)));
  }
};

QTEST_APPLESS_MAIN(tst_EntryTimes)
#include "tst_entry_times.moc"
