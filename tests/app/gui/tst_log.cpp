#include <QElapsedTimer>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTabWidget>
#include <QTest>
#include <atomic>
#include <chrono>
#include <thread>

#include "server/log_model.h"
#include "server/log_pane.h"
#include "server/log_queue.h"
#include "server/log_view.h"
#include "server/words.h"
#include "stall_watchdog.h"
#include "support/replay_file.h"
#include "theme/theme.h"

#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>

using namespace retake;
using namespace retake::gui;

namespace {

ReplayEvent called(std::uint32_t number, ReplayEvent::Outcome outcome = ReplayEvent::Outcome::Served) {
  ReplayEvent event;
  event.outcome = outcome;
  event.sequence = number;
  event.endpoint = "127.0.0.1:43211";
  event.method = "/shop.v1.Cart/Add";
  event.duration = std::chrono::microseconds(1200);
  if (outcome != ReplayEvent::Outcome::Missed) {
    event.call = EntryId{number * 2 - 1};
    event.callNumber = number;
  } else {
    event.statusCode = 2;
    event.text = "no call of this method is recorded\nnearest: #3";
  }
  return event;
}

std::vector<ReplayEvent> calls(std::uint32_t first, std::uint32_t count) {
  std::vector<ReplayEvent> events;
  for (std::uint32_t i = 0; i < count; ++i) events.push_back(called(first + i));
  return events;
}

// Column texts of a row, without the time, which differs by the machine's zone.
QString row(const LogModel& model, int number) { return model.rowText(number).section(u'\t', 1); }

}  // namespace

class tst_Log : public QObject {
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
  void rowsSayWhatHappened_data();
  void rowsSayWhatHappened();
  void holdsNoMoreThanItsBound_data();
  void holdsNoMoreThanItsBound();
  void cutsLongTexts();
  void filtersByWords_data();
  void filtersByWords();
  void filtersWhatComesLater();
  void collectsWhilePaused();
  void boundsWhatItCollectsWhilePaused();
  void rowsLeadNowhereAfterAnotherFile();
  void followsTheTailOnlyAtTheBottom();
  void followsTheTailUnseenAndResized();
  void keepsItsPlaceWhenOldRowsLeave();
  void showsWhyACallWasMissed();
  void paneTellsWhatIsShown();
  void findsTheNextMiss();
  void aNarrowLogNeedsNoScrolling_data();
  void aNarrowLogNeedsNoScrolling();
  void keepsTheNewestExplanations_data();
  void keepsTheNewestExplanations();
  void filtersManyEventsWithoutAStall();
  void fiveThousandCallsASecondDoNotStall_data();
  void fiveThousandCallsASecondDoNotStall();
};

void tst_Log::saysNumbersInWords_data() {
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

void tst_Log::saysNumbersInWords() {
  QFETCH(QString, said);
  QFETCH(QString, words);
  QCOMPARE(said, words);
}

void tst_Log::namesEditedEntries() {
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

void tst_Log::aBurstIsOneBatch() {
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

void tst_Log::manyBurstsAreFewBatches() {
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

void tst_Log::countsStayRightWhenEventsAreLeftOut() {
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

void tst_Log::resetUsedKeepsWhatWasServed() {
  LogQueue queue(10);
  queue.push(called(1));
  queue.resetUsed();
  QCOMPARE(queue.counts().served, 1u);
  QCOMPARE(queue.counts().callsUsed, 0u);
  queue.resetCounts();
  QCOMPARE(queue.counts().served, 0u);
}

void tst_Log::rowsSayWhatHappened_data() {
  QTest::addColumn<ReplayEvent>("event");
  QTest::addColumn<QString>("text");
  ReplayEvent failed = called(7);
  failed.statusCode = 5;
  failed.text = "no such sku";
  ReplayEvent aborted = called(8, ReplayEvent::Outcome::Aborted);
  aborted.statusCode = 1;
  aborted.duration = std::chrono::seconds(12);
  ReplayEvent refused = called(9, ReplayEvent::Outcome::Refused);
  refused.statusCode = 14;
  refused.callNumber = 0;
  ReplayEvent note = called(3);
  note.kind = ReplayEvent::Kind::Note;
  note.text = "diverged at message 2";
  ReplayEvent edited;
  edited.kind = ReplayEvent::Kind::Edited;
  edited.text = "edited: entry 12 — counts from the next call on";
  ReplayEvent said;
  said.kind = ReplayEvent::Kind::Note;
  said.text = "stopped";
  const QString call = "\tshop.v1.Cart/Add\t";
  QTest::newRow("served") << called(481) << "✓ served\t#481" + call + "OK\t1.2 ms\t127.0.0.1:43211\t";
  QTest::newRow("recorded error") << failed
                                  << "✓ served\t#7" + call +
                                         "✗ NOT_FOUND\t1.2 ms\t127.0.0.1:43211\tno such sku";
  QTest::newRow("missed")
      << called(1, ReplayEvent::Outcome::Missed)
      << "✗ missed\t" + call +
             "✗ UNKNOWN\t1.2 ms\t127.0.0.1:43211\tno call of this method is recorded\nnearest: #3";
  QTest::newRow("aborted") << aborted << "– aborted\t#8" + call + "✗ CANCELLED\t12 s\t127.0.0.1:43211\t";
  QTest::newRow("refused") << refused << "– refused\t" + call + "✗ UNAVAILABLE\t1.2 ms\t127.0.0.1:43211\t";
  QTest::newRow("note") << note << "› note\t#3" + call + "\t\t127.0.0.1:43211\tdiverged at message 2";
  QTest::newRow("edited") << edited << "✎ edited\t\t\t\t\t\tedited: entry 12 — counts from the next call on";
  QTest::newRow("the server itself") << said << "▸ server\t\t\t\t\t\tstopped";
}

void tst_Log::rowsSayWhatHappened() {
  QFETCH(ReplayEvent, event);
  QFETCH(QString, text);
  LogModel model;
  model.append({event});
  QCOMPARE(row(model, 0), text);
  QCOMPARE(model.index(0, 0).data(LogModel::IdRole).toUInt(), event.call.value);
}

void tst_Log::holdsNoMoreThanItsBound_data() {
  QTest::addColumn<QString>("filter");
  QTest::addColumn<int>("batch");
  QTest::addColumn<int>("rows");
  QTest::addColumn<QString>("first");
  QTest::newRow("one by one") << "" << 1 << 100 << "#151";
  QTest::newRow("in batches") << "" << 30 << 100 << "#151";
  QTest::newRow("more than the bound at once") << "" << 250 << 100 << "#151";
  QTest::newRow("filtered") << "id:200..250" << 30 << 51 << "#200";
  QTest::newRow("nothing shown") << "nowhere" << 30 << 0 << "";
}

void tst_Log::holdsNoMoreThanItsBound() {
  QFETCH(QString, filter);
  QFETCH(int, batch);
  QFETCH(int, rows);
  QFETCH(QString, first);
  LogModel model(100);
  model.setFilter(filter);
  for (std::uint32_t done = 0; done < 250;) {
    const auto count = std::min<std::uint32_t>(static_cast<std::uint32_t>(batch), 250 - done);
    model.append(calls(done + 1, count));
    done += count;
  }
  QCOMPARE(model.held(), 100u);
  QCOMPARE(model.dropped(), 150u);
  QCOMPARE(model.rowCount(), rows);
  if (rows > 0) {
    QCOMPARE(model.index(0, static_cast<int>(LogColumn::Call)).data().toString(), first);
    QCOMPARE(model.index(rows - 1, static_cast<int>(LogColumn::Call)).data().toString(), "#250");
  }
}

void tst_Log::cutsLongTexts() {
  ReplayEvent event = called(1);
  for (int i = 0; i < 20'000; ++i) event.text += "ü";
  LogModel model;
  model.append({event});
  const QString text = model.index(0, static_cast<int>(LogColumn::Text)).data().toString();
  QVERIFY(text.size() < 10'000);
  QVERIFY(text.endsWith("ü…"));
  QVERIFY(!text.contains(QChar::ReplacementCharacter));
}

void tst_Log::filtersByWords_data() {
  QTest::addColumn<QString>("filter");
  QTest::addColumn<int>("rows");
  QTest::newRow("nothing") << "" << 4;
  QTest::newRow("outcome") << "missed" << 1;
  QTest::newRow("case does not matter") << "MISSED" << 1;
  QTest::newRow("call") << "#3" << 1;
  QTest::newRow("flag") << "-missed" << 3;
  QTest::newRow("field") << "status:OK" << 3;
  QTest::newRow("error") << "error or id:2..3" << 3;
  QTest::newRow("of a recording alone") << "kind:unary" << 0;
  QTest::newRow("status") << "unknown" << 1;
  QTest::newRow("method") << "cart/add" << 4;
  QTest::newRow("pasted path") << "/shop.v1.Cart/Add" << 4;
  QTest::newRow("both words") << "cart served" << 3;
  QTest::newRow("no such") << "cart delivered" << 0;
}

void tst_Log::filtersByWords() {
  QFETCH(QString, filter);
  QFETCH(int, rows);
  LogModel model;
  model.append({called(1), called(2), called(3), called(1, ReplayEvent::Outcome::Missed)});
  model.setFilter(filter);
  QCOMPARE(model.rowCount(), rows);
  model.setFilter({});
  QCOMPARE(model.rowCount(), 4);
}

void tst_Log::filtersWhatComesLater() {
  LogModel model;
  model.setFilter("missed");
  model.append({called(1), called(1, ReplayEvent::Outcome::Missed)});
  QCOMPARE(model.rowCount(), 1);
  QCOMPARE(model.held(), 2u);
}

void tst_Log::collectsWhilePaused() {
  LogModel model;
  model.append(calls(1, 3));
  model.setPaused(true);
  model.append(calls(4, 12));
  QCOMPARE(model.rowCount(), 3);
  QCOMPARE(model.newWhilePaused(), 12u);
  model.setPaused(false);
  QCOMPARE(model.rowCount(), 15);
  QCOMPARE(model.newWhilePaused(), 0u);
}

void tst_Log::boundsWhatItCollectsWhilePaused() {
  LogModel model(100);
  model.append(calls(1, 50));
  model.setPaused(true);
  model.append(calls(51, 80));
  model.append(calls(131, 80));
  QCOMPARE(model.newWhilePaused(), 100u);
  model.setPaused(false);
  QCOMPARE(model.rowCount(), 100);
  QCOMPARE(model.dropped(), 110u);
}

void tst_Log::rowsLeadNowhereAfterAnotherFile() {
  LogModel model;
  model.append(calls(1, 2));
  model.forgetCalls();
  QCOMPARE(model.rowCount(), 2);
  QCOMPARE(model.index(0, 0).data(LogModel::IdRole).toUInt(), 0u);
  QCOMPARE(model.index(0, static_cast<int>(LogColumn::Call)).data().toString(), "#1");
}

void tst_Log::followsTheTailOnlyAtTheBottom() {
  LogModel model;
  LogView view(model);
  view.resize(800, 200);
  view.show();
  model.append(calls(1, 100));
  QTRY_VERIFY(view.isAtBottom() && view.verticalScrollBar()->maximum() > 0);
  model.append(calls(101, 50));
  QTRY_VERIFY(view.isAtBottom() && view.verticalScrollBar()->maximum() > 100);
  view.verticalScrollBar()->setValue(20);
  model.append(calls(151, 50));
  QCoreApplication::processEvents();
  QCOMPARE(view.verticalScrollBar()->value(), 20);
}

void tst_Log::followsTheTailUnseenAndResized() {
  LogModel model;
  QTabWidget tabs;
  auto* view = new LogView(model);
  tabs.addTab(new QWidget, "shown");
  tabs.addTab(view, "not shown");
  tabs.resize(800, 200);
  tabs.show();
  model.append(calls(1, 100));
  QCoreApplication::processEvents();
  tabs.setCurrentIndex(1);
  QTRY_VERIFY(view->isAtBottom() && view->verticalScrollBar()->maximum() > 0);
  tabs.resize(800, 150);
  QTRY_VERIFY(view->isAtBottom());
  tabs.resize(800, 400);
  QTRY_VERIFY(view->isAtBottom());
}

void tst_Log::keepsItsPlaceWhenOldRowsLeave() {
  LogModel model(100);
  LogView view(model);
  view.resize(800, 200);
  view.show();
  model.append(calls(1, 100));
  QCoreApplication::processEvents();
  view.verticalScrollBar()->setValue(60);
  const auto top = [&view] {
    return view.model()->index(view.rowAt(0), static_cast<int>(LogColumn::Call)).data().toString();
  };
  QCOMPARE(top(), "#61");
  model.append(calls(101, 25));
  QCoreApplication::processEvents();
  QCOMPARE(top(), "#61");
}

void tst_Log::showsWhyACallWasMissed() {
  LogModel model;
  LogPane pane(model);
  pane.resize(900, 400);
  pane.show();
  model.append({called(1), called(2, ReplayEvent::Outcome::Missed)});
  QSignalSpy chosen(&pane, &LogPane::callChosen);
  const auto click = [&](int number) {
    const QRect cell = pane.view().visualRect(model.index(number, 0));
    QTest::mouseClick(pane.view().viewport(), Qt::LeftButton, {}, cell.center());
  };
  // The first miss is what one looks for.
  QVERIFY(pane.hasMiss());
  QCOMPARE(pane.missText(), "no call of this method is recorded\nnearest: #3");
  click(1);
  QVERIFY(pane.hasMiss());
  QCOMPARE(chosen.count(), 0);
  click(0);
  QVERIFY(!pane.hasMiss());
  QCOMPARE(chosen.count(), 1);
  QCOMPARE(chosen.front().front().value<EntryId>(), EntryId{1});
  QTest::keyClick(&pane.view(), Qt::Key_Return);
  QCOMPARE(chosen.count(), 2);
}

void tst_Log::paneTellsWhatIsShown() {
  LogModel model(100);
  LogPane pane(model);
  pane.show();
  auto* counts = pane.findChild<QLabel*>("logCounts");
  QCOMPARE(counts->text(), "");
  pane.pauseAction()->trigger();
  model.append(calls(1, 12));
  QCOMPARE(counts->text(), "paused · 12 new");
  pane.pauseAction()->trigger();
  QCOMPARE(counts->text(), "");
  QTest::keyClicks(pane.findChild<QLineEdit*>("logFilter"), "#12");
  QCOMPARE(counts->text(), "1 of 12 shown");
  pane.clearAction()->trigger();
  QCOMPARE(model.held(), 0u);
}

void tst_Log::findsTheNextMiss() {
  LogModel model;
  QCOMPARE(model.nextMiss(-1), -1);
  const auto missed = [](std::uint32_t number) { return called(number, ReplayEvent::Outcome::Missed); };
  model.append({called(1), missed(2), called(3), missed(4), called(5)});
  QCOMPARE(model.nextMiss(-1), 1);
  QCOMPARE(model.nextMiss(1), 3);
  QCOMPARE(model.nextMiss(3), 1);
  QCOMPARE(model.nextMiss(4), 1);
  model.setFilter("served");
  QCOMPARE(model.nextMiss(-1), -1);
}

void tst_Log::keepsTheNewestExplanations_data() {
  QTest::addColumn<int>("misses");
  QTest::addColumn<int>("bytes");  // of each client's message
  QTest::addColumn<int>("kept");
  QTest::newRow("few") << 10 << 100 << 10;
  QTest::newRow("many") << 700 << 100 << static_cast<int>(RecentExplanations::kCount);
  QTest::newRow("large") << 10 << (20 << 20) << 3;
  QTest::newRow("one above the bound") << 2 << (100 << 20) << 1;
}

void tst_Log::keepsTheNewestExplanations() {
  QFETCH(int, misses);
  QFETCH(int, bytes);
  QFETCH(int, kept);
  LogModel model;
  for (int i = 0; i < misses; ++i) {
    Explanation explanation;
    explanation.sent = std::make_shared<const std::string>(std::string(static_cast<std::size_t>(bytes), 'x'));
    ReplayEvent event = called(static_cast<std::uint32_t>(i + 1), ReplayEvent::Outcome::Missed);
    event.explanation = std::make_shared<const Explanation>(std::move(explanation));
    model.append({std::move(event)});
  }
  model.append({called(1)});
  for (int row = 0; row < misses; ++row) {
    QCOMPARE(model.explanation(row) != nullptr, row >= misses - kept);
    QVERIFY(model.wasExplained(row));
  }
  QVERIFY(!model.wasExplained(misses));
  model.forgetCalls();
  QVERIFY(!model.explanation(misses - 1));
}

void tst_Log::aNarrowLogNeedsNoScrolling_data() {
  QTest::addColumn<int>("letters");
  QTest::addColumn<bool>("time");
  QTest::addColumn<bool>("duration");
  QTest::newRow("the whole window") << 200 << true << true;
  QTest::newRow("beside a miss") << 80 << true << false;
  QTest::newRow("beside a miss in a small window") << 67 << false << false;
}

// Whatever its width was before.
void tst_Log::aNarrowLogNeedsNoScrolling() {
  QFETCH(int, letters);
  LogModel model;
  model.append({called(1)});
  LogView view(model);
  view.show();
  const int letter = view.fontMetrics().horizontalAdvance(u'0');
  for (const int before : {40, 220}) {
    view.resize(before * letter, 200);
    view.resize(letters * letter + 20 * theme::kGrid, 200);
    QTRY_COMPARE(view.horizontalScrollBar()->maximum(), 0);
    model.append(calls(1, 50));
    QTRY_VERIFY(view.verticalScrollBar()->isVisible());
    QVERIFY(!view.horizontalScrollBar()->isVisible());
    model.clear();
    QTEST(!view.isColumnHidden(static_cast<int>(LogColumn::Time)), "time");
    QTEST(!view.isColumnHidden(static_cast<int>(LogColumn::Duration)), "duration");
    QVERIFY(view.columnWidth(static_cast<int>(LogColumn::Status)) >=
            view.fontMetrics().horizontalAdvance("UNIMPLEMENTED"));
  }
}

void tst_Log::filtersManyEventsWithoutAStall() {
  LogModel model;
  std::vector<ReplayEvent> events = calls(1, LogModel::kCapacity);
  for (std::size_t i = 0; i < events.size(); i += 100) events[i].outcome = ReplayEvent::Outcome::Missed;
  model.append(events);
  // Words that every column has to be looked at for.
  for (const char* filter : {"missed", "zzz", "served -dur>1ms", "/z[a-z]+z/ or #7", "ünknown"}) {
    QElapsedTimer clock;
    clock.start();
    model.setFilter(filter);
    const qint64 elapsed = clock.elapsed();
    qInfo("filter \"%s\": %lld ms, %d rows", filter, elapsed, model.rowCount());
    QVERIFY(elapsed < test::StallWatchdog::kLimitMs);
  }
}

void tst_Log::fiveThousandCallsASecondDoNotStall_data() {
  QTest::addColumn<bool>("miss");
  QTest::addColumn<QString>("filter");
  QTest::addColumn<bool>("pause");
  QTest::newRow("all") << false << "" << false;
  QTest::newRow("filtered") << false << "#1 served" << false;
  QTest::newRow("paused for a while") << false << "" << true;
  QTest::newRow("misses, explained") << true << "" << false;
}

// Through the queue, in a pane that is shown, into a log that is full: each batch takes rows out as well.
void tst_Log::fiveThousandCallsASecondDoNotStall() {
  QFETCH(bool, miss);
  QFETCH(QString, filter);
  QFETCH(bool, pause);
  constexpr std::uint32_t kPerSecond = 5000;
  constexpr std::uint32_t kCalls = 2 * kPerSecond;
  LogModel model;
  LogPane pane(model);
  pane.resize(1200, 400);
  pane.show();
  model.append(calls(1, LogModel::kCapacity));
  QTRY_VERIFY(pane.view().isAtBottom());
  LogQueue queue(LogModel::kCapacity);
  connect(&queue, &LogQueue::arrived, &model, &LogModel::append);
  auto* field = pane.findChild<QLineEdit*>("logFilter");

  test::StallWatchdog watchdog;
  std::atomic<std::uint32_t> pushed{0};
  std::thread server([&] {
    const auto begin = std::chrono::steady_clock::now();
    for (std::uint32_t i = 0; i < kCalls; ++i) {
      ReplayEvent event = called(i + 1, miss ? ReplayEvent::Outcome::Missed : ReplayEvent::Outcome::Served);
      if (miss) {
        Explanation explanation;
        explanation.nearest = NearCall{};
        explanation.nearest->differences.resize(20);
        explanation.sent = std::make_shared<const std::string>(2000, 'x');
        event.explanation = std::make_shared<const Explanation>(std::move(explanation));
      }
      queue.push(std::move(event));
      ++pushed;
      std::this_thread::sleep_until(begin + std::chrono::microseconds(1'000'000 / kPerSecond) * (i + 1));
    }
  });
  QTRY_VERIFY_WITH_TIMEOUT(pushed.load() > kCalls / 4, 60000);
  for (const QChar key : filter) {
    QTest::keyClick(field, key.toLatin1());
    QCoreApplication::processEvents();
  }
  if (pause) pane.pauseAction()->trigger();
  QTRY_VERIFY_WITH_TIMEOUT(pushed.load() > kCalls / 2, 60000);
  if (!filter.isEmpty()) field->clear();
  if (pause) {
    QVERIFY(model.newWhilePaused() > 0);
    pane.pauseAction()->trigger();
  }
  QTRY_COMPARE_WITH_TIMEOUT(model.dropped(), kCalls, 60000);
  server.join();
  QCOMPARE(model.held(), LogModel::kCapacity);
  QVERIFY(pane.view().isAtBottom());
  qInfo("longest stall %lld ms", watchdog.longest());
  QVERIFY(watchdog.longest() < test::StallWatchdog::kLimitMs);
}

QTEST_MAIN(tst_Log)
#include "tst_log.moc"
