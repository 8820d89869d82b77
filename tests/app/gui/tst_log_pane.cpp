#include <QLabel>
#include <QLineEdit>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTabWidget>
#include <QTest>
#include <atomic>
#include <chrono>
#include <thread>

#include "log_events.h"
#include "server/log_model.h"
#include "server/log_pane.h"
#include "server/log_queue.h"
#include "server/log_view.h"
#include "stall_watchdog.h"
#include "theme/theme.h"

using namespace retake;
using namespace retake::gui;

class tst_LogPane : public QObject {
  Q_OBJECT
 private slots:
  void initTestCase() { QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates)); }
  void followsTheTailOnlyAtTheBottom();
  void followsTheTailUnseenAndResized();
  void keepsItsPlaceWhenOldRowsLeave();
  void showsWhyACallWasMissed();
  void paneTellsWhatIsShown();
  void findsTheNextMiss();
  void aNarrowLogNeedsNoScrolling_data();
  void aNarrowLogNeedsNoScrolling();
  void fiveThousandCallsASecondDoNotStall_data();
  void fiveThousandCallsASecondDoNotStall();
};

void tst_LogPane::followsTheTailOnlyAtTheBottom() {
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

void tst_LogPane::followsTheTailUnseenAndResized() {
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

void tst_LogPane::keepsItsPlaceWhenOldRowsLeave() {
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

void tst_LogPane::showsWhyACallWasMissed() {
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

void tst_LogPane::paneTellsWhatIsShown() {
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

void tst_LogPane::findsTheNextMiss() {
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

void tst_LogPane::aNarrowLogNeedsNoScrolling_data() {
  QTest::addColumn<int>("letters");
  QTest::addColumn<bool>("time");
  QTest::addColumn<bool>("duration");
  QTest::newRow("the whole window") << 200 << true << true;
  QTest::newRow("beside a miss") << 80 << true << false;
  QTest::newRow("beside a miss in a small window") << 67 << false << false;
}

// Whatever its width was before.
void tst_LogPane::aNarrowLogNeedsNoScrolling() {
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

void tst_LogPane::fiveThousandCallsASecondDoNotStall_data() {
  QTest::addColumn<bool>("miss");
  QTest::addColumn<QString>("filter");
  QTest::addColumn<bool>("pause");
  QTest::newRow("all") << false << "" << false;
  QTest::newRow("filtered") << false << "#1 served" << false;
  QTest::newRow("paused for a while") << false << "" << true;
  QTest::newRow("misses, explained") << true << "" << false;
}

// Through the queue, in a pane that is shown, into a log that is full: each batch takes rows out as well.
void tst_LogPane::fiveThousandCallsASecondDoNotStall() {
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

QTEST_MAIN(tst_LogPane)
#include "tst_log_pane.moc"
