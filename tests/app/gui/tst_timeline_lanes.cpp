#include <QTest>
#include <algorithm>
#include <random>

#include "edit/edit.h"
#include "support/replay_file.h"
#include "timeline/lane_columns.h"
#include "timeline/lane_use.h"
#include "timeline/lanes.h"
#include "timeline/minimap_density.h"

using namespace retake;
using namespace retake::gui;

namespace {

const test::Message kMessage{"pkg.M", "x"};

Lanes lanesOf(const test::ReplayFile& file) {
  auto recording = file.recording();
  auto calls = std::make_shared<const Calls>(groupCalls(*recording));
  return {recording, calls};
}

// Calls of three methods that begin and end in any order; some fail, some are streams.
test::ReplayFile randomFile(unsigned seed, int count) {
  std::mt19937 random(seed);
  const auto below = [&](unsigned n) { return random() % n; };
  test::ReplayFile file;
  struct Open {
    std::uint32_t ref;
    bool stream;
  };
  std::vector<Open> open;
  const char* methods[] = {"/s.One/A", "/s.One/B", "/s.Two/C"};
  for (int begun = 0; begun < count || !open.empty();) {
    if (begun < count && (open.empty() || below(3) == 0)) {
      const bool stream = below(10) == 0;
      const char* method = methods[below(3)];
      open.push_back({stream ? file.createStream(method) : file.request(method, kMessage), stream});
      ++begun;
      continue;
    }
    const std::size_t which = below(static_cast<unsigned>(open.size()));
    const Open call = open[which];
    if (call.stream && below(20) != 0) {
      file.send(call.ref, kMessage);
      continue;
    }
    open.erase(open.begin() + static_cast<std::ptrdiff_t>(which));
    if (below(50) == 0) continue;  // never ends
    const bool fails = below(5) == 0;
    if (call.stream)
      fails ? file.recv(call.ref, Status{13, "broken", {}}) : file.recvEnd(call.ref);
    else
      fails ? file.response(call.ref, Status{5, "gone", {}}) : file.response(call.ref, kMessage);
  }
  return file;
}

}  // namespace

class tst_TimelineLanes : public QObject {
  Q_OBJECT
 private slots:
  void ordersLanesAsTheyFirstOccur() {
    test::ReplayFile file;
    for (const char* method :
         {"/z.Late/Zip", "/a.Early/B", "/a.Early/A", "/z.Late/Add", "/a.Early/B", "odd", ""})
      file.unary(method, kMessage, kMessage);
    const Lanes lanes = lanesOf(file);
    QStringList said;
    for (const LaneService& service : lanes.services()) {
      said << QString::fromStdString(service.name + ":");
      for (const std::uint32_t lane : service.lanes)
        said << QStringLiteral("%1 %2")
                    .arg(QString::fromStdString(lanes.lanes()[lane].name))
                    .arg(lanes.lanes()[lane].calls.size());
    }
    QCOMPARE(said.join(", "), QString("z.Late:, Zip 1, Add 1, a.Early:, B 2, A 1, :, odd 1,  1"));
  }

  void splitsMethods_data() {
    QTest::addColumn<QString>("method");
    QTest::addColumn<QString>("service");
    QTest::addColumn<QString>("name");
    QTest::newRow("usual") << "/shop.v1.Cart/Add"
                           << "shop.v1.Cart"
                           << "Add";
    QTest::newRow("no package") << "/Cart/Add"
                                << "Cart"
                                << "Add";
    QTest::newRow("no slash before it") << "Cart/Add"
                                        << ""
                                        << "Cart/Add";
    QTest::newRow("no method") << "/Cart/"
                               << ""
                               << "/Cart/";
    QTest::newRow("one part") << "/Cart"
                              << ""
                              << "/Cart";
    QTest::newRow("empty") << ""
                           << ""
                           << "";
    QTest::newRow("web socket") << "ws:/feed"
                                << ""
                                << "ws:/feed";
  }
  void splitsMethods() {
    QFETCH(QString, method);
    const auto [service, name] = splitMethod(method.toStdString());
    QTEST(QString::fromStdString(service), "service");
    QTEST(QString::fromStdString(name), "name");
  }

  void aggregateEqualsBruteForce_data() {
    QTest::addColumn<unsigned>("seed");
    QTest::addColumn<int>("calls");
    QTest::newRow("none") << 1u << 0;
    QTest::newRow("one") << 2u << 1;
    QTest::newRow("one node") << 3u << 16;
    QTest::newRow("two levels") << 4u << 700;
    QTest::newRow("three levels") << 5u << 2500;
  }
  void aggregateEqualsBruteForce() {
    QFETCH(unsigned, seed);
    QFETCH(int, calls);
    Lanes lanes = lanesOf(randomFile(seed, calls));
    std::mt19937 random(seed);
    const auto below = [&](std::uint32_t n) { return static_cast<std::uint32_t>(random() % n); };
    if (seed % 2) lanes.setShown([&](std::uint32_t call) { return call % 3 != 0; });
    for (const Lane& lane : lanes.lanes()) {
      const LaneCalls its = lanes.callsOf(lane);
      const std::uint32_t size = its.size();
      for (int round = 0; round < 300; ++round) {
        const std::uint32_t from = below(size + 1);
        const std::uint32_t to = from + below(size - from + 1);
        LaneCounts counts;
        counts.calls = to - from;
        std::optional<std::uint32_t> last;
        for (std::uint32_t i = from; i < to; ++i) {
          last = std::max(last.value_or(0), its.last(i));
          if (lane.marks[i] & call_mark::kHidden) {
            ++counts.hidden;
            continue;
          }
          counts.errors += (lane.marks[i] & call_mark::kError) != 0;
          counts.edited += (lane.marks[i] & call_mark::kEdited) != 0;
        }
        QVERIFY(lane.aggregate.counts(its, from, to) == counts);
        QCOMPARE(lane.aggregate.maxLast(its, from, to), last);

        const std::uint32_t position = below(lanes.recording().size() + 3);
        std::uint32_t bound = from;
        while (bound < size && its.first(bound) < position) ++bound;
        QCOMPARE(lane.aggregate.lowerBound(its, position, from), bound);
        std::vector<std::uint32_t> reaching;
        for (std::uint32_t i = 0; i < to; ++i)
          if (its.last(i) >= position) reaching.push_back(i);
        QCOMPARE(lane.aggregate.reaching(its, to, position, size), reaching);
      }
      QVERIFY(lane.aggregate.bytes() <= 2 * std::size_t{size} + 64);
    }
  }

  void columnsHoldEachCallOnce() {
    const Lanes lanes = lanesOf(randomFile(7, 2000));
    TimelineGeometry g;
    g.setWidth(300);
    g.setTotal(lanes.recording().size());
    for (const Lane& lane : lanes.lanes()) {
      const LaneCalls its = lanes.callsOf(lane);
      const auto columns = laneColumns(lanes, lane, g, 2);
      QCOMPARE(columns.size(), std::size_t{150});
      LaneCounts sum;
      for (std::size_t c = 0; c < columns.size(); ++c) {
        sum += columns[c].begun;
        bool active = false;
        const double left = g.positionAt(static_cast<double>(c) * 2);
        const double right = g.positionAt(static_cast<double>(c + 1) * 2);
        for (std::uint32_t i = 0; i < its.size(); ++i)
          active = active || (its.first(i) < right && its.last(i) + 1.0 > left);
        QCOMPARE(columns[c].active, active);
      }
      QVERIFY(sum == lane.aggregate.counts(its, 0, its.size()));
    }
  }

  void subRowsKeepOverlappingCallsApart() {
    const Lanes lanes = lanesOf(randomFile(11, 400));
    bool overflowed = false;
    for (const Lane& lane : lanes.lanes()) {
      const LaneCalls its = lanes.callsOf(lane);
      std::vector<std::int64_t> until(lanes.mostSubRows(), -1);
      for (std::uint32_t i = 0; i < its.size(); ++i) {
        const std::size_t row = lane.marks[i] & call_mark::kSubRow;
        if (row == call_mark::kOverflow) {
          overflowed = true;
          for (const std::int64_t end : until) QVERIFY(end >= its.first(i));  // there really was no room
          continue;
        }
        QVERIFY(until[row] < its.first(i));
        until[row] = its.last(i);
      }
    }
    QVERIFY(overflowed);
  }

  void anEditChangesItsMarkAlone() {
    test::ReplayFile file;
    for (int i = 0; i < 40; ++i) file.unary("/s/A", kMessage, kMessage);
    Lanes lanes = lanesOf(file);
    const auto before = file.recording();
    const EntryId answer = before->info(2 * 17 + 1).id;
    auto after =
        std::make_shared<const Recording>(apply(*before, ReplaceStatus{answer, {5, "gone", {}}}).value());
    auto calls = std::make_shared<const Calls>(groupCalls(*after));
    const auto marks = lanes.lanes()[0].marks;
    QCOMPARE(lanes.update(after, calls, {answer}), std::vector<std::uint32_t>{0});
    QCOMPARE(lanes.markOf(17), std::uint8_t{call_mark::kError | call_mark::kEdited});
    QCOMPARE(lanes.total().errors, 1u);
    QCOMPARE(lanes.total().edited, 1u);
    QCOMPARE(lanes.nextMarked(call_mark::kEdited, std::nullopt, true), std::optional<std::uint32_t>(17));
    lanes.update(before, calls, {answer});
    QVERIFY(lanes.lanes()[0].marks == marks);
    QCOMPARE(lanes.total().errors, 0u);
  }

  void findsErrorsInRecordedOrderAcrossLanes() {
    test::ReplayFile file;
    for (int i = 0; i < 30; ++i) {
      const char* method = i % 2 ? "/s/A" : "/s/B";
      if (i == 4 || i == 7 || i == 20)
        file.unary(method, kMessage, Status{5, "gone", {}});
      else
        file.unary(method, kMessage, kMessage);
    }
    Lanes lanes = lanesOf(file);
    const auto next = [&](std::optional<std::uint32_t> after, bool forward) {
      return lanes.nextMarked(call_mark::kError, after, forward).value_or(99);
    };
    QCOMPARE(next({}, true), 4u);
    QCOMPARE(next({}, false), 20u);
    QCOMPARE(next(4, true), 7u);
    QCOMPARE(next(7, false), 4u);
    QCOMPARE(next(20, true), 4u);   // from the start again
    QCOMPARE(next(4, false), 20u);  // and from the end
    lanes.setShown([](std::uint32_t call) { return call != 7; });
    QCOMPARE(next(4, true), 20u);
    lanes.showAll();
    QCOMPARE(next(4, true), 7u);
    QCOMPARE(lanes.nextMarked(call_mark::kEdited, 4, true), std::optional<std::uint32_t>());
  }

  void minimapCountsCallsUnderWay() {
    const Lanes lanes = lanesOf(randomFile(13, 3000));
    const MinimapDensity density(lanes);
    QCOMPARE(density.bins(), std::min(lanes.recording().size(), MinimapDensity::kMostBins));
    std::uint64_t errors = 0;
    for (std::uint32_t bin = 0; bin < density.bins(); ++bin) {
      errors += density.errors(bin);
    }
    QCOMPARE(errors, std::uint64_t{lanes.total().errors});
    for (std::uint32_t l = 0; l < lanes.lanes().size(); ++l) {
      const Lane& lane = lanes.lanes()[l];
      std::vector<std::uint32_t> expected(density.bins());
      for (const std::uint32_t c : lane.calls)
        for (auto bin = density.binOf(lanes.calls()[c].first); bin <= density.binOf(lanes.calls()[c].last());
             ++bin)
          ++expected[bin];
      for (std::uint32_t bin = 0; bin < density.bins(); ++bin)
        QCOMPARE(density.underWay(density.rowOf(l), bin), expected[bin]);
    }
  }

  void minimapFoldsManyLanes() {
    test::ReplayFile file;
    for (int i = 0; i < 100; ++i) file.unary("/s/M" + std::to_string(i), kMessage, kMessage);
    const Lanes lanes = lanesOf(file);
    const MinimapDensity density(lanes);
    QCOMPARE(density.rows(), MinimapDensity::kMostRows);
    QCOMPARE(density.rowOf(0), 0u);
    QCOMPARE(density.rowOf(99), MinimapDensity::kMostRows - 1);
  }

  void countsWhatWasUsedInAnyStretch() {
    retake::test::ReplayFile file;
    for (int i = 0; i < 500; ++i) file.unary("/s.S/A", {"pkg.M", "x"}, {"pkg.M", "y"});
    const auto recording = file.recording();
    const auto calls = std::make_shared<const Calls>(groupCalls(*recording));
    const Lanes lanes(recording, calls);
    UsedCalls used;
    std::vector<EntryId> ids;
    std::vector<bool> marked(500);
    for (std::uint32_t call = 0; call < 500; ++call) {
      if (call % 7 != 3 && call % 64 != 63 && call % 64 != 0) continue;
      marked[call] = true;
      ids.push_back(recording->info((*calls)[call].first).id);
    }
    used.add(ids);
    LaneUse use;
    QCOMPARE(use.count(0, 0, 500), 0u);
    use.rebuild(lanes, used);
    for (std::uint32_t from = 0; from <= 500; from += 13) {
      std::uint32_t expected = 0;
      for (std::uint32_t to = from; to <= 500; ++to) {
        QCOMPARE(use.count(0, from, to), expected);
        if (to < 500 && marked[to]) ++expected;
      }
    }
    LaneUse slowly;
    for (const EntryId id : ids) QCOMPARE(slowly.add(lanes, {id}), std::vector<std::uint32_t>{0});
    QCOMPARE(slowly.count(0, 0, 500), use.count(0, 0, 500));
    QVERIFY(slowly.add(lanes, {EntryId{99999}}).empty());
  }
};

QTEST_GUILESS_MAIN(tst_TimelineLanes)
#include "tst_timeline_lanes.moc"
