#include <QScrollBar>
#include <QTableView>

#include "growing_file.h"
#include "main_window_fixture.h"
#include "stall_watchdog.h"
#include "timeline/timeline_model.h"
#include "timeline/timeline_pane.h"
#include "timeline/timeline_view.h"
#include "window/follow_flow.h"

using namespace retake;
using namespace retake::test;

namespace {

struct Live : Window {
  GrowingFile file{path(QStringLiteral("live.replay"))};

  bool begin(int calls) {
    for (int i = 0; i < calls; ++i) addCall();
    file.write();
    get().following().followFile(file.path());
    return QTest::qWaitFor([&] { return get().following().isFollowing(); }) && shows(calls);
  }
  // Written with the next write().
  void addCall() {
    const auto ref = file.recording().request("/s/A", {"s.Request", field(1, "asked")});
    file.recording().response(ref, Message{"s.Response", field(1, "answer")});
    ++m_calls;
  }
  bool shows(int calls) {
    return QTest::qWaitFor([&] { return table()->model()->rowCount() == calls; }, 20'000);
  }
  QTableView* table() { return child<QTableView>(QStringLiteral("callTable")); }
  TimelineView* timeline() { return child<TimelineView>(QStringLiteral("timelineView")); }
  QString followingText() {
    auto* label = child<QWidget>(QStringLiteral("statusFollowing"));
    return label->isVisible() ? label->accessibleName() : QString();
  }
  bool isAtEnd() { return table()->verticalScrollBar()->value() == table()->verticalScrollBar()->maximum(); }
  int m_calls = 0;
};

}  // namespace

class tst_Follow : public QObject {
  Q_OBJECT
 private slots:
  void init() { QSettings().clear(); }

  void callsAppearWhileTheyHappen() {
    Live live;
    QVERIFY(live.begin(3));
    QVERIFY(live.action("follow")->isChecked());
    QCOMPARE(live.followingText(), QStringLiteral("● following: nothing new yet"));
    const std::uint32_t open = live.file.request();
    QVERIFY(live.shows(4));
    QTRY_VERIFY(live.timeline()->geometry().total() == 7);
    QVERIFY(live.table()->model()->index(3, 3).data().toString().contains("open"));
    live.file.response(open);
    QTRY_VERIFY(live.table()->model()->index(3, 3).data().toString().contains("OK"));
    QTRY_COMPARE(live.followingText(), QStringLiteral("● following: 1 new"));
    QVERIFY(!live->isWindowModified());
    live.action("follow")->trigger();
    QVERIFY(!live.action("follow")->isChecked());
    QCOMPARE(live.followingText(), QString());
  }

  void whoLooksAtTheEndGoesOnSeeingIt_data() {
    QTest::addColumn<bool>("atEnd");
    QTest::newRow("at the end") << true;
    QTest::newRow("elsewhere") << false;
  }
  void whoLooksAtTheEndGoesOnSeeingIt() {
    QFETCH(bool, atEnd);
    Live live;
    QVERIFY(live.begin(200));
    live->selection().selectCall(20);
    QScrollBar* bar = live.table()->verticalScrollBar();
    live.timeline()->zoom(8);
    if (atEnd) {
      bar->setValue(bar->maximum());
      live.timeline()->goToEnd();
    } else {
      bar->setValue(10);
      live.timeline()->centreOn(100);
    }
    const int row = bar->value();
    const double begin = live.timeline()->geometry().begin();
    const double scale = live.timeline()->geometry().scale();
    for (int i = 0; i < 50; ++i) live.addCall();
    live.file.write();
    QVERIFY(live.shows(250));
    QTRY_COMPARE(live.timeline()->geometry().total(), 500u);
    QCOMPARE(live.isAtEnd(), atEnd);
    QCOMPARE(live->selection().call().value_or(0), 20u);
    QVERIFY(std::abs(live.timeline()->geometry().scale() / scale - 1) < 1e-9);
    const double moved = live.timeline()->geometry().begin() - begin;
    QVERIFY(std::abs(moved - (atEnd ? 100 : 0)) < 1e-6);
    if (!atEnd) QCOMPARE(bar->value(), row);
  }

  void aFileThatGrowsIsOffered() {
    Live live;
    live.file.call();
    QVERIFY(live.opens(live.file.path()));
    live.file.call();
    QTRY_VERIFY(live.barShown() && live.barText().contains("is being written"));
    QPushButton* follow = nullptr;
    for (auto* button : live.child<QWidget>("messageBar")->findChildren<QPushButton*>())
      if (button->text() == QLatin1String("Follow")) follow = button;
    QVERIFY(follow);
    QTest::mouseClick(follow, Qt::LeftButton);
    QVERIFY(live.shows(2));
    QVERIFY(!live.barShown());
  }

  void saysWhyItEnded() {
    Live live;
    QVERIFY(live.begin(3));
    live.file.truncate();
    QTRY_VERIFY(live.barShown() && live.barText().contains("is not followed any more"));
    QVERIFY(!live.action("follow")->isChecked());
    QCOMPARE(live.table()->model()->rowCount(), 3);
  }

  void savingOverItIsRefused() {
    Live live;
    QVERIFY(live.begin(3));
    live.edit();
    live.action("save")->trigger();
    QVERIFY(live.barText().contains("is being followed"));
  }

  // Five thousand calls a second, for some seconds, on top of a hundred thousand.
  void manyCallsDoNotStallTheWindow() {
    Live live;
    QVERIFY(live.begin(100'000));
    StallWatchdog watchdog;
    for (int burst = 0; burst < 12; ++burst) {
      for (int i = 0; i < 1'250; ++i) live.addCall();
      live.file.write();
      QVERIFY(live.shows(live.m_calls));
    }
    qInfo("longest stall while 15,000 calls came: %lld ms", watchdog.longest());
    QVERIFY(watchdog.longest() < StallWatchdog::kLimitMs);
  }

 private:
  TestSettings m_settings;
};

QTEST_MAIN(tst_Follow)
#include "tst_follow.moc"
