#include <QTest>
#include <cmath>

#include "support/replay_file.h"
#include "timeline/call_hit.h"
#include "timeline/lane_layout.h"
#include "timeline/timeline_geometry.h"

using namespace retake;
using namespace retake::gui;

namespace {

TimelineGeometry geometryOf(std::uint32_t total, double width) {
  TimelineGeometry g;
  g.setWidth(width);
  g.setTotal(total);
  return g;
}

Lanes lanesOf(const test::ReplayFile& file) {
  auto recording = file.recording();
  auto calls = std::make_shared<const Calls>(groupCalls(*recording));
  return {recording, calls};
}

const test::Message kMessage{"pkg.M", "x"};

}  // namespace

class tst_TimelineGeometry : public QObject {
  Q_OBJECT
 private slots:
  void fitsTheWholeRecording_data() {
    QTest::addColumn<quint32>("total");
    QTest::addColumn<double>("width");
    QTest::addColumn<double>("scale");
    QTest::newRow("a thousand entries") << 1000u << 1016.0 << 1.0;
    QTest::newRow("two million entries") << 2'000'000u << 1016.0 << 0.0005;
    QTest::newRow("two entries are not made a screen wide") << 2u << 1016.0 << TimelineGeometry::kMaxScale;
    QTest::newRow("none") << 0u << 1016.0 << TimelineGeometry::kMaxScale;
    QTest::newRow("no room") << 100u << 0.0 << 0.01;
  }
  void fitsTheWholeRecording() {
    QFETCH(quint32, total);
    QFETCH(double, width);
    QFETCH(double, scale);
    const auto g = geometryOf(total, width);
    QVERIFY(g.isFitted());
    QCOMPARE(g.scale(), scale);
    QCOMPARE(g.xOf(0), TimelineGeometry::kEdge);
    if (width > 0) QVERIFY(g.xOf(total) <= width - TimelineGeometry::kEdge + 1e-6);
  }

  void zoomKeepsWhatIsUnderTheMouse_data() {
    QTest::addColumn<double>("x");
    QTest::addColumn<double>("factor");
    QTest::newRow("middle") << 500.0 << 2.0;
    QTest::newRow("a third, a little") << 333.0 << 1.25;
    QTest::newRow("near the left edge") << 40.0 << 8.0;
    QTest::newRow("near the right edge") << 970.0 << 3.0;
  }
  void zoomKeepsWhatIsUnderTheMouse() {
    QFETCH(double, x);
    QFETCH(double, factor);
    auto g = geometryOf(10'000, 1000);
    const double before = g.positionAt(x);
    g.zoom(factor, x);
    QVERIFY(!g.isFitted());
    QVERIFY(std::abs(g.positionAt(x) - before) < 1e-6);
    g.zoom(1 / factor, x);
    QVERIFY(g.isFitted());
  }
  void zoomStopsAtItsLimits() {
    auto g = geometryOf(10'000, 1000);
    g.zoom(1e12, 100);
    QCOMPARE(g.scale(), TimelineGeometry::kMaxScale);
    g.zoom(1e-12, 100);
    QVERIFY(g.isFitted());
    const double scale = g.scale();
    g.zoom(0, 100);
    g.zoom(-1, 100);
    g.zoom(std::nan(""), 100);
    QCOMPARE(g.scale(), scale);
  }

  void panStopsAtTheEnds() {
    auto g = geometryOf(1000, 500);
    g.zoom(10, 250);
    g.pan(-1e9);
    QCOMPARE(g.xOf(0), TimelineGeometry::kEdge);
    g.pan(1e9);
    QCOMPARE(g.xOf(1000), 500 - TimelineGeometry::kEdge);
    const double begin = g.begin();
    g.pan(-100);
    QCOMPARE((begin - g.begin()) * g.scale(), 100.0);
    g.fit();
    g.pan(100);
    QCOMPARE(g.xOf(0), TimelineGeometry::kEdge);
  }

  void keepsItsPlaceWhenResized() {
    auto g = geometryOf(1000, 500);
    g.setWidth(1000);
    QVERIFY(g.isFitted());
    g.show(400, 500);
    const double begin = g.begin();
    g.setWidth(800);
    QCOMPARE(g.begin(), begin);
    QVERIFY(!g.isFitted());
  }

  void revealsWithTheLeastPan_data() {
    QTest::addColumn<double>("from");
    QTest::addColumn<double>("to");
    QTest::addColumn<int>("moves");  // -1 towards the start, 1 towards the end
    QTest::newRow("in view") << 520.0 << 530.0 << 0;
    QTest::newRow("before") << 100.0 << 110.0 << -1;
    QTest::newRow("behind") << 800.0 << 810.0 << 1;
    QTest::newRow("cut by the right edge") << 590.0 << 610.0 << 1;
    QTest::newRow("the very end") << 990.0 << 1000.0 << 1;
    QTest::newRow("wider than the view: its start") << 700.0 << 950.0 << 1;
  }
  void revealsWithTheLeastPan() {
    QFETCH(double, from);
    QFETCH(double, to);
    QFETCH(int, moves);
    auto g = geometryOf(1000, 1000);
    g.show(500, 600);
    const double before = g.begin();
    QCOMPARE(g.reveal(from, to), moves != 0);
    QCOMPARE((g.begin() > before) - (g.begin() < before), moves);
    QVERIFY(g.begin() <= from);
    QVERIFY(to <= g.end() || to - from > g.end() - g.begin());
    QVERIFY(!g.reveal(from, to));
  }

  void numbersTheAxis_data() {
    QTest::addColumn<double>("scale");
    QTest::addColumn<quint32>("step");
    QTest::newRow("wide entries") << 160.0 << 1u;
    QTest::newRow("just enough") << 72.0 << 1u;
    QTest::newRow("not quite") << 71.0 << 2u;
    QTest::newRow("five") << 15.0 << 5u;
    QTest::newRow("ten") << 10.0 << 10u;
    QTest::newRow("thousands") << 0.05 << 2000u;
    QTest::newRow("as far as it goes") << 1e-12 << 1'000'000'000u;
  }
  void numbersTheAxis() {
    QFETCH(double, scale);
    QFETCH(quint32, step);
    QCOMPARE(axisStep(scale, 72), step);
  }

  void entriesCoverTheirPlace() {
    auto g = geometryOf(10, 160 * 10);
    g.show(0, 10);
    QCOMPARE(g.entryAt(g.xOf(0)), std::optional<std::uint32_t>(0));
    QCOMPARE(g.entryAt(g.xOf(3.999)), std::optional<std::uint32_t>(3));
    QCOMPARE(g.entryAt(g.xOf(4)), std::optional<std::uint32_t>(4));
    QCOMPARE(g.entryAt(g.xOf(-0.01)), std::optional<std::uint32_t>());
    QCOMPARE(g.entryAt(g.xOf(10)), std::optional<std::uint32_t>());
  }

  void layoutPutsLanesBelowTheirService() {
    test::ReplayFile file;
    file.unary("/b.S/First", kMessage, kMessage);
    file.unary("/a.S/Second", kMessage, kMessage);
    file.unary("/b.S/Third", kMessage, kMessage);
    const Lanes lanes = lanesOf(file);
    const LaneMetrics metrics;
    const LaneLayout open(lanes, {}, metrics);
    QCOMPARE(open.rows().size(), std::size_t{5});
    QCOMPARE(open.height(), 2 * metrics.service + 3 * (metrics.span + 2 * metrics.padding));
    QVERIFY(open.rows()[0].isService && open.rows()[3].isService);
    QCOMPARE(open.rows()[2].index, 2u);  // /b.S/Third stands before service a
    int top = 0;
    for (std::size_t row = 0; row < open.rows().size(); ++row) {
      QCOMPARE(open.rows()[row].top, top);
      QCOMPARE(open.rowAt(top), std::optional(row));
      top += open.rows()[row].height;
      QCOMPARE(open.rowAt(top - 1), std::optional(row));
    }
    QCOMPARE(open.rowAt(-1), std::optional<std::size_t>());
    QCOMPARE(open.rowAt(top), std::optional<std::size_t>());

    const LaneLayout closed(lanes, {true, false}, metrics);
    QCOMPARE(closed.rows().size(), std::size_t{3});
    QCOMPARE(closed.rowOfLane(0), std::optional<std::size_t>(0));
    QCOMPARE(closed.rowOfLane(2), std::optional<std::size_t>(0));
    QCOMPARE(closed.rowOfLane(1), std::optional<std::size_t>(2));
    QCOMPARE(closed.rowOfLane(3), std::optional<std::size_t>());
  }

  void stackedCallsGiveWayWhereRoomIsShort() {
    test::ReplayFile file;
    std::vector<std::uint32_t> refs;
    for (int i = 0; i < 8; ++i) refs.push_back(file.request("/s.S/A", kMessage));
    for (const std::uint32_t ref : refs) file.response(ref, kMessage);
    file.unary("/s.S/B", kMessage, kMessage);
    const Lanes lanes = lanesOf(file);
    const LaneMetrics metrics;
    const LaneLayout full = LaneLayout::fitting(lanes, {}, metrics, 1000);
    QCOMPARE(full.metrics().stacked, metrics.span);
    QCOMPARE(LaneLayout::fitting(lanes, {}, metrics, full.height()).height(), full.height());
    const LaneLayout half = LaneLayout::fitting(lanes, {}, metrics, full.height() - 1);
    QVERIFY(half.height() < full.height());
    const LaneLayout least = LaneLayout::fitting(lanes, {}, metrics, half.height() - 20);
    QVERIFY(least.height() <= half.height() - 20);
    QCOMPARE(LaneLayout::fitting(lanes, {}, metrics, 10).height(), half.height());
    for (const LaneLayout& layout : {full, half, least}) {
      QCOMPARE(layout.spanHeight(lanes.lanes()[1]), metrics.span);  // nothing to share a lane with
      for (std::uint8_t row = 0; row < 8; ++row) {
        const int top = layout.subRowTop(lanes.lanes()[0], row);
        QCOMPARE(layout.subRowAt(lanes.lanes()[0], top), row);
        QCOMPARE(layout.subRowAt(lanes.lanes()[0], top + layout.spanHeight(lanes.lanes()[0]) - 1), row);
      }
    }
  }

  void hitsCallsAtTheirEdges_data() {
    QTest::addColumn<double>("position");
    QTest::addColumn<double>("pixels");
    QTest::addColumn<int>("call");  // -1: none
    QTest::newRow("first pixel") << 0.0 << 0.0 << 0;
    QTest::newRow("last pixel") << 2.0 << -0.5 << 0;
    QTest::newRow("just before it") << 0.0 << -3.0 << 0;
    QTest::newRow("too far before it") << 0.0 << -6.0 << -1;
    QTest::newRow("border of two: the one that begins") << 2.0 << 0.5 << 1;
    QTest::newRow("stream, between messages") << 12.5 << 0.0 << 2;
    QTest::newRow("behind everything") << 24.0 << 6.0 << -1;
  }
  void hitsCallsAtTheirEdges() {
    QFETCH(double, position);
    QFETCH(double, pixels);
    QFETCH(int, call);
    test::ReplayFile file;
    file.unary("/s/A", kMessage, kMessage);         // 0..2
    file.unary("/s/A", kMessage, kMessage);         // 2..4
    const auto stream = file.createStream("/s/A");  // 4..
    for (int i = 0; i < 10; ++i) {
      file.send(stream, kMessage);
      file.unary("/s/B", kMessage, kMessage);
    }
    file.recvEnd(stream);
    const Lanes lanes = lanesOf(file);
    auto g = geometryOf(lanes.recording().size(), 1600);
    g.show(0, 20);
    g.pan(-100);
    if (position >= 24) {
      position = lanes.recording().size();
      g.pan(1e6);
    }
    const auto hit = hitCall(lanes, lanes.lanes()[0], g, g.xOf(position) + pixels, std::uint8_t{0});
    QCOMPARE(hit ? static_cast<int>(hit->call) : -1, call);
  }

  void hitsTheMessageThatIsMeant() {
    test::ReplayFile file;
    const auto stream = file.createStream("/s/A");  // entry 0
    file.send(stream, kMessage);                    // 1
    file.unary("/s/B", kMessage, kMessage);         // 2, 3
    file.unary("/s/B", kMessage, kMessage);         // 4, 5
    file.recv(stream, kMessage);                    // 6
    file.recvEnd(stream);
    const Lanes lanes = lanesOf(file);
    const auto g = geometryOf(lanes.recording().size(), 800);
    const auto at = [&](double position) {
      return hitCall(lanes, lanes.lanes()[0], g, g.xOf(position), std::uint8_t{0});
    };
    QCOMPARE(at(1.5)->entry, std::optional<std::uint32_t>(1));
    QCOMPARE(at(6.1)->entry, std::optional<std::uint32_t>(6));
    QCOMPARE(at(4.0)->entry, std::optional<std::uint32_t>());
    QCOMPARE(at(4.0)->call, 0u);
    QCOMPARE(hitCall(lanes, lanes.lanes()[1], g, g.xOf(3), std::uint8_t{0})->entry,
             std::optional<std::uint32_t>());
  }

  void hitsTheSubRowThatIsMeant() {
    test::ReplayFile file;
    const auto a = file.request("/s/A", kMessage);
    const auto b = file.request("/s/A", kMessage);
    file.response(a, kMessage).response(b, kMessage);
    const Lanes lanes = lanesOf(file);
    const auto g = geometryOf(4, 400);
    const double x = g.xOf(1.5);
    QCOMPARE(hitCall(lanes, lanes.lanes()[0], g, x, std::uint8_t{0})->call, 0u);
    QCOMPARE(hitCall(lanes, lanes.lanes()[0], g, x, std::uint8_t{1})->call, 1u);
    QVERIFY(!hitCall(lanes, lanes.lanes()[0], g, x, std::uint8_t{2}));
    const LaneLayout layout(lanes, {}, {});
    for (const std::uint8_t row : {std::uint8_t{0}, std::uint8_t{1}})
      QCOMPARE(layout.subRowAt(lanes.lanes()[0], layout.subRowTop(lanes.lanes()[0], row) + 1), row);
  }

  void prefersAnErrorWhereCallsAreTooMany() {
    test::ReplayFile file;
    for (int i = 0; i < 1000; ++i) {
      if (i == 503)
        file.unary("/s/A", kMessage, Status{5, "gone", {}});
      else
        file.unary("/s/A", kMessage, kMessage);
    }
    const Lanes lanes = lanesOf(file);
    const auto g = geometryOf(2000, 200);
    QCOMPARE(hitCall(lanes, lanes.lanes()[0], g, g.xOf(1010), std::nullopt)->call, 503u);
  }

  void findsTheNearestCallThatIsShown() {
    test::ReplayFile file;
    for (int i = 0; i < 10; ++i) file.unary("/s/A", kMessage, kMessage);
    Lanes lanes = lanesOf(file);
    QCOMPARE(nearestCall(lanes, lanes.lanes()[0], 8.4), std::optional<std::uint32_t>(4));
    QCOMPARE(nearestCall(lanes, lanes.lanes()[0], -100), std::optional<std::uint32_t>(0));
    QCOMPARE(nearestCall(lanes, lanes.lanes()[0], 1e9), std::optional<std::uint32_t>(9));
    lanes.setShown([](std::uint32_t call) { return call == 1 || call == 8; });
    QCOMPARE(nearestCall(lanes, lanes.lanes()[0], 8.4), std::optional<std::uint32_t>(1));
    QCOMPARE(nearestCall(lanes, lanes.lanes()[0], 10), std::optional<std::uint32_t>(8));
    lanes.setShown([](std::uint32_t) { return false; });
    QCOMPARE(nearestCall(lanes, lanes.lanes()[0], 8.4), std::optional<std::uint32_t>());
  }
};

QTEST_GUILESS_MAIN(tst_TimelineGeometry)
#include "tst_timeline_geometry.moc"
