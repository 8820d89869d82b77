#include <QElapsedTimer>
#include <QTest>
#include <chrono>
#include <thread>

#include "log_events.h"
#include "server/log_model.h"
#include "server/log_queue.h"
#include "server/words.h"
#include "support/replay_file.h"

using namespace retake;
using namespace retake::gui;

class tst_LogQueue : public QObject {
  Q_OBJECT
 private slots:
  void initTestCase() { QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates)); }
  void saysNumbersInWords_data();
  void saysNumbersInWords();
  void namesEditedEntries();
  void aBurstIsOneBatch();
  void manyBurstsAreFewBatches();
  void countsStayRightWhenEventsAreLeftOut();
  void resetUsedKeepsWhatWasServed();
};

void tst_LogQueue::saysNumbersInWords_data() {
  QTest::addColumn<QString>("said");
  QTest::addColumn<QString>("words");
  using namespace std::chrono;
  QTest::newRow("small") << countText(7) << "7";
  QTest::newRow("grouped") << countText(1204) << "1,204";
  QTest::newRow("one") << countWords(1, "call", "calls") << "1 call";
  QTest::newRow("many") << countWords(1204, "call", "calls") << "1,204 calls";
  QTest::newRow("no time") << durationWords(0ns) << "0 µs";
  QTest::newRow("micros") << durationWords(410us) << "410 µs";
  QTest::newRow("rounds into the next unit") << durationWords(999'600ns) << "1.0 ms";
  QTest::newRow("millis") << durationWords(1234us) << "1.2 ms";
  QTest::newRow("tens of millis") << durationWords(12'345us) << "12 ms";
  QTest::newRow("seconds") << durationWords(3200ms) << "3.2 s";
  QTest::newRow("minutes") << durationWords(125s) << "125 s";
  QTest::newRow("path") << methodWords("/shop.v1.Cart/Add") << "shop.v1.Cart/Add";
  QTest::newRow("no path") << methodWords("Add") << "Add";
  QTest::newRow("no method") << methodWords("") << "";
}

void tst_LogQueue::saysNumbersInWords() {
  QFETCH(QString, said);
  QFETCH(QString, words);
  QCOMPARE(said, words);
}

void tst_LogQueue::namesEditedEntries() {
  test::ReplayFile file;
  for (int i = 0; i < 4; ++i) file.unary("/a.B/C", {"t.T", "x"}, {"t.T", "y"});
  const auto recording = file.recording();
  QCOMPARE(entryWords(*recording, {}), "");
  QCOMPARE(entryWords(*recording, {EntryId{99}}), "");
  QCOMPARE(entryWords(*recording, {EntryId{2}}), "entry 2");
  QCOMPARE(entryWords(*recording, {EntryId{4}, EntryId{2}}), "entries 2, 4");
  QCOMPARE(entryWords(*recording, {EntryId{5}, EntryId{1}, EntryId{2}, EntryId{7}, EntryId{3}}),
           "entries 1, 2, 3 and 2 more");
}

void tst_LogQueue::aBurstIsOneBatch() {
  LogQueue queue(50'000);
  int batches = 0;
  std::size_t events = 0;
  connect(&queue, &LogQueue::arrived, this,
          [&](const std::vector<ReplayEvent>& batch, std::uint64_t leftOut) {
            ++batches;
            events += batch.size();
            QCOMPARE(leftOut, 0u);
          });
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&queue] {
      for (std::uint32_t i = 1; i <= 1250; ++i) queue.push(called(i));
    });
  }
  for (std::thread& thread : threads) thread.join();
  QTRY_COMPARE(events, 5000u);
  QCOMPARE(batches, 1);
  QCOMPARE(queue.counts().served, 5000u);
  QCOMPARE(queue.counts().callsUsed, 1250u);
}

void tst_LogQueue::manyBurstsAreFewBatches() {
  LogQueue queue(50'000);
  LogModel model;
  int batches = 0;
  connect(&queue, &LogQueue::arrived, &model,
          [&](const std::vector<ReplayEvent>& batch, std::uint64_t leftOut) {
            ++batches;
            model.append(batch, leftOut);
          });
  QElapsedTimer clock;
  clock.start();
  for (std::uint32_t i = 1; i <= 5000; ++i) {
    queue.push(called(i));
    QCoreApplication::processEvents();
  }
  QTRY_COMPARE(model.rowCount(), 5000);
  const auto allowed = clock.elapsed() * LogQueue::kBatchesPerSecond / 1000 + 2;
  QVERIFY2(batches <= allowed, qPrintable(QString("%1 batches, %2 allowed").arg(batches).arg(allowed)));
}

void tst_LogQueue::countsStayRightWhenEventsAreLeftOut() {
  LogQueue queue(10);
  std::size_t events = 0;
  std::uint64_t left = 0;
  connect(&queue, &LogQueue::arrived, this,
          [&](const std::vector<ReplayEvent>& batch, std::uint64_t leftOut) {
            events += batch.size();
            left += leftOut;
          });
  for (std::uint32_t i = 1; i <= 20; ++i) queue.push(called(i));
  for (std::uint32_t i = 1; i <= 5; ++i) queue.push(called(i, ReplayEvent::Outcome::Missed));
  QTRY_COMPARE(events, 10u);
  QCOMPARE(left, 15u);
  QCOMPARE(queue.counts().served, 20u);
  QCOMPARE(queue.counts().missed, 5u);
  QCOMPARE(queue.counts().callsUsed, 20u);
}

void tst_LogQueue::resetUsedKeepsWhatWasServed() {
  LogQueue queue(10);
  queue.push(called(1));
  queue.resetUsed();
  QCOMPARE(queue.counts().served, 1u);
  QCOMPARE(queue.counts().callsUsed, 0u);
  queue.resetCounts();
  QCOMPARE(queue.counts().served, 0u);
}

QTEST_MAIN(tst_LogQueue)
#include "tst_log_queue.moc"
