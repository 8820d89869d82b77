#include <cmath>

#include "timeline/lane_columns.h"
#include "timeline/timeline_text.h"
#include "tst_timeline_window.h"

using namespace retake;
using namespace retake::test;
using namespace std::chrono_literals;

namespace {

// Three calls of 10, 20 and 0 ms, the second after a second in which nothing happened, the third while it is
// under way; and a stream from the first to the last.
ReplayFile timedFile() {
  ReplayFile file;
  const auto stream = file.createStream("/t.T/Watch");
  file.at(0ms);
  const auto a = file.request("/s.S/A", kMessage);
  file.at(10ms);
  file.response(a, kMessage).at(20ms);
  const auto b = file.request("/s.S/B", kMessage);
  file.at(1020ms);
  const auto c = file.request("/s.S/A", kMessage);
  file.at(1030ms);
  file.response(c, kMessage).at(1030ms);
  file.response(b, kMessage).at(1040ms);
  file.recv(stream, kMessage).at(1500ms);
  file.recvEnd(stream).at(2000ms);
  return file;
}

TimelineGeometry timeGeometry(const Recording& recording, double width) {
  TimelineGeometry g;
  g.setWidth(width);
  g.setTotal(recording.size(), EntryTimes::of(recording));
  return g;
}

constexpr double kMs = 1e6;

}  // namespace

class tst_TimelineAxis : public QObject {
  Q_OBJECT
 private slots:
  void initTestCase() {
    QLocale::setDefault(QLocale::c());
    theme::apply(*qobject_cast<QApplication*>(QApplication::instance()), theme::Mode::Light);
  }

  void entriesLieWhereTheyHappened() {
    const auto recording = timedFile().recording();
    auto g = timeGeometry(*recording, 1016);
    QVERIFY(g.isTime());
    QVERIFY(g.isFitted());
    QCOMPARE(g.length(), 2000 * kMs);
    QCOMPARE(g.xOf(0), TimelineGeometry::kEdge);
    QCOMPARE(g.xOf(g.length()), 1016 - TimelineGeometry::kEdge);
    QCOMPARE(g.beginOf(3), 1020 * kMs);
    QCOMPARE(g.endOf(3), 1020 * kMs);
    QCOMPARE(g.entryFrom(21 * kMs), 3u);
    QCOMPARE(g.entryFrom(1030 * kMs), 4u);
    QCOMPARE(g.entryFrom(2001 * kMs), 9u);
    QCOMPARE(g.entryAt(g.xOf(500 * kMs)).value_or(99), 2u);  // what had happened by then
    QCOMPARE(g.entryAt(g.xOf(1035 * kMs)).value_or(99), 5u);
    QVERIFY(!g.entryAt(0));
    QVERIFY(!g.entryAt(1015));
    g.zoom(1e12, 500);
    QCOMPARE(g.scale(), TimelineGeometry::kMaxTimeScale);
    g.zoom(1e-12, 500);
    QVERIFY(g.isFitted());
  }

  void marksAreOneTwoFive_data() {
    QTest::addColumn<double>("scale");  // pixels a nanosecond
    QTest::addColumn<double>("step");
    QTest::newRow("10 us at a tenth") << 0.1 << 1e3;
    QTest::newRow("ms") << 72.0 / (2 * kMs) << 2 * kMs;
    QTest::newRow("a little less") << 71.0 / (2 * kMs) << 5 * kMs;
    QTest::newRow("50 s") << 72.0 / (30 * 1e9) << 50e9;
    QTest::newRow("a minute") << 72.0 / 60e9 << 60e9;
    QTest::newRow("half an hour") << 72.0 / (25 * 60e9) << 30 * 60e9;
    QTest::newRow("hours") << 72.0 / (3 * 3600e9) << 5 * 3600e9;
  }
  void marksAreOneTwoFive() {
    QFETCH(double, scale);
    QFETCH(double, step);
    QCOMPARE(timeAxisStep(scale, 72), step);
  }

  void timesAreShort_data() {
    QTest::addColumn<double>("nanos");
    QTest::addColumn<double>("step");
    QTest::addColumn<QString>("text");
    QTest::newRow("begin") << 0.0 << 1.0 << "0";
    QTest::newRow("ns") << 20.0 << 20.0 << QStringLiteral("20\u2009ns");
    QTest::newRow("us") << 1500.0 << 500.0 << QStringLiteral("1.5\u2009µs");
    QTest::newRow("ms") << 250 * kMs << 50 * kMs << QStringLiteral("250\u2009ms");
    QTest::newRow("s") << 12340 * kMs << 20 * kMs << QStringLiteral("12.34\u2009s");
    QTest::newRow("whole s") << 12000 * kMs << 1000 * kMs << QStringLiteral("12\u2009s");
    QTest::newRow("s past a minute") << 80e9 << 20e9 << QStringLiteral("80\u2009s");
    QTest::newRow("min") << 600e9 << 120e9 << QStringLiteral("10\u2009min");
    QTest::newRow("h") << 7200e9 << 3600e9 << QStringLiteral("2\u2009h");
  }
  void timesAreShort() {
    QFETCH(double, nanos);
    QFETCH(double, step);
    QFETCH(QString, text);
    QCOMPARE(axisTimeText(nanos, step), text);
  }

  // Counted one by one, each column has what happened in it.
  void columnsCountWhatBeganInThem() {
    std::vector<double> begins;
    ReplayFile timed;
    for (int i = 0; i < 5000; ++i) {
      const auto at = std::chrono::microseconds(i * 100 + (i / 1000) * 700'000 + i * i % 47);
      const auto ref = timed.request("/s.S/A", kMessage);
      timed.at(at);
      begins.push_back(static_cast<double>(at.count()) * 1e3);
      timed.response(ref, kMessage).at(at + 50us);
    }
    const auto recording = timed.recording();
    const Lanes lanes(recording, std::make_shared<const Calls>(groupCalls(*recording)));
    auto g = timeGeometry(*recording, 800);
    for (const double factor : {1.0, 3.7, 40.0}) {
      g.zoom(factor, 333);
      const auto columns = laneColumns(lanes, lanes.lanes()[0], g, 2);
      for (std::size_t c = 0; c < columns.size(); ++c) {
        const double left = g.positionAt(static_cast<double>(c) * 2);
        const double right = g.positionAt(static_cast<double>(c + 1) * 2);
        const auto expected =
            std::count_if(begins.begin(), begins.end(), [&](double at) { return at >= left && at < right; });
        QCOMPARE(columns[c].begun.calls, static_cast<std::uint32_t>(expected));
      }
    }
  }

  void spansGoFromBeginToEnd() {
    Bench b;
    QVERIFY(b.open(timedFile()));
    b.key(Qt::Key_T);
    const auto& g = b.view().geometry();
    QVERIFY(g.isTime());
    const double nanos = g.width() - 2 * TimelineGeometry::kEdge;
    const QRectF stream = b.view().callRect(0);
    QVERIFY(std::abs(stream.width() - nanos) < 3);
    // 10 ms of 2 s and 20 ms of it; one that took no time can be seen and hit all the same.
    QVERIFY(std::abs(b.view().callRect(2).left() - b.view().callRect(1).left() - nanos * 1010 / 2000) < 2);
    QVERIFY(b.view().callRect(2).width() > b.view().callRect(1).width());
    QTest::mouseClick(b.view().viewport(), Qt::LeftButton, {}, b.middleOf(3));
    QCOMPARE(b.selected().value_or(99), 3u);
    b.key(Qt::Key_F);
    QVERIFY(!g.isFitted());
    QVERIFY(!b.view().callRect(3).isEmpty());
    b.pane.grab();
  }

  void theSwitchSaysWhatTheAxisIs() {
    Bench b;
    QVERIFY(b.open(timedFile()));
    QAction* action = b.pane.action("timelineByTime");
    QVERIFY(action->isEnabled());
    QVERIFY(!action->isChecked());
    QVERIFY(b.view().accessibleDescription().contains("in recorded order"));
    const AxisSwitch corner = b.view().axisCorner();
    QVERIFY(!corner.time.isEmpty());
    QTest::mouseClick(b.view().viewport(), Qt::LeftButton, {}, corner.time.center());
    QVERIFY(action->isChecked());
    QVERIFY(b.view().geometry().isTime());
    QVERIFY(b.view().accessibleDescription().contains("by time"));
    QTest::mouseClick(b.view().viewport(), Qt::LeftButton, {}, corner.order.center());
    QVERIFY(!action->isChecked());
    QVERIFY(!b.view().geometry().isTime());
  }

  void withoutTimesThereIsOrderAlone() {
    Bench b;
    QVERIFY(b.open(smallFile()));
    QAction* action = b.pane.action("timelineByTime");
    QVERIFY(!action->isEnabled());
    b.key(Qt::Key_T);
    QTest::mouseClick(b.view().viewport(), Qt::LeftButton, {}, b.view().axisCorner().time.center());
    QVERIFY(!b.view().geometry().isTime());
    QVERIFY(axisToolTip(nullptr, false).contains("no times"));
  }

  // Another file has the axis that was chosen, where it can.
  void theChoiceOutlivesTheFile() {
    Bench b;
    QVERIFY(b.open(timedFile()));
    b.key(Qt::Key_T);
    QVERIFY(b.open(smallFile()));
    QVERIFY(!b.view().geometry().isTime());
    QVERIFY(b.open(timedFile()));
    QVERIFY(b.view().geometry().isTime());
  }

  void whatWasInViewStaysInView() {
    Bench b;
    ReplayFile file;
    for (int i = 0; i < 400; ++i) {
      const auto ref = file.request("/s.S/A", kMessage);
      file.at(i * 10ms);
      file.response(ref, kMessage).at(i * 10ms + 5ms);
    }
    QVERIFY(b.open(file));
    b.view().show(200, 240);
    b.key(Qt::Key_T);
    const auto& g = b.view().geometry();
    QVERIFY(std::abs(g.begin() - 1000 * kMs) < 20 * kMs);
    QVERIFY(std::abs(g.end() - 1200 * kMs) < 20 * kMs);
    b.key(Qt::Key_T);
    QVERIFY(std::abs(g.begin() - 200) < 3);
    QVERIFY(std::abs(g.end() - 240) < 3);
  }

  void wordsSayTimeAndDuration() {
    const auto recording = timedFile().recording();
    const Lanes lanes(recording, std::make_shared<const Calls>(groupCalls(*recording)));
    const auto times = EntryTimes::of(*recording);
    QVERIFY(callToolTip(lanes, {2, {}}, times.get()).contains("began at 1.02\u2009s, took 20.0\u2009ms"));
    QVERIFY(!callToolTip(lanes, {2, {}}).contains("began"));
    QVERIFY(axisToolTip(times.get(), true).startsWith("Time since"));
    QVERIFY(!axisToolTip(times.get(), true).contains("stand"));
  }
};

QTEST_MAIN(tst_TimelineAxis)
#include "tst_timeline_axis.moc"
