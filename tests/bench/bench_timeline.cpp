// The timeline at a million calls in 12 lanes: how long it takes to arrange them, and to paint a
// frame of 1600 × 900 from the whole recording down to single calls. Prints the 95th percentile of
// each; the budget of a frame is 12 ms. Times are those of the thread on a processor, so that what
// else the machine does counts less.
#include <QApplication>
#include <QImage>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <random>

#include "support/replay_file.h"
#include "timeline/minimap_density.h"
#include "timeline/timeline_painter.h"

using namespace retake;
using namespace retake::gui;

namespace {

// Calls that overlap, one in fifty failed, one in two hundred a stream of up to forty messages.
std::shared_ptr<const Recording> millionCalls(std::uint32_t calls) {
  std::mt19937 random(42);
  const auto below = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
  const test::Message message{"shop.v1.Item", "0123456789"};
  const Status gone{5, "no such item", {}};
  test::ReplayFile file;
  struct Open {
    std::uint32_t ref;
    std::size_t messages;
    bool stream;
  };
  std::vector<Open> open;
  // Bursts, and a pause between them.
  std::chrono::nanoseconds now{0};
  const auto tick = [&] {
    file.at(now += std::chrono::microseconds(below(2000) == 0 ? 50'000 : below(200)));
  };
  for (std::uint32_t begun = 0; begun < calls || !open.empty();) {
    if (begun < calls && (open.size() < 4 || below(8) == 0)) {
      // Some methods are called far more often than others.
      const std::size_t method = std::min(below(12), below(12));
      const std::string name =
          "/shop.v" + std::to_string(method / 4) + ".Service/Method" + std::to_string(method);
      const bool stream = below(200) == 0;
      open.push_back({stream ? file.createStream(name) : file.request(name, message), below(40), stream});
      tick();
      ++begun;
      continue;
    }
    const std::size_t which = below(open.size());
    Open& call = open[which];
    if (call.stream && call.messages-- > 0) {
      file.recv(call.ref, message);
      tick();
      continue;
    }
    if (call.stream)
      file.recvEnd(call.ref);
    else if (below(50) == 0)
      file.response(call.ref, gone);
    else
      file.response(call.ref, message);
    tick();
    open.erase(open.begin() + static_cast<std::ptrdiff_t>(which));
  }
  return file.recording();
}

// Milliseconds on a processor since it was started.
class Stopwatch {
 public:
  void start() { m_start = now(); }
  double elapsed() const { return now() - m_start; }

 private:
  static double now() {
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
  }
  double m_start = now();
};

double percentile95(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() * 95 / 100];
}

}  // namespace

int main(int argc, char** argv) {
  qputenv("QT_QPA_PLATFORM", "offscreen");
  QApplication application(argc, argv);
  const std::uint32_t count =
      argc > 1 ? static_cast<std::uint32_t>(std::strtoul(argv[1], nullptr, 10)) : 1'000'000;
  const auto recording = millionCalls(count);
  const auto calls = std::make_shared<const Calls>(groupCalls(*recording));

  Stopwatch timer;
  Lanes lanes(recording, calls);
  std::printf("arrange %u calls in %zu lanes: %.1f ms\n", calls->size(), lanes.lanes().size(),
              timer.elapsed());
  timer.start();
  const MinimapDensity density(lanes);
  std::printf("minimap of %u bins: %.1f ms\n", density.bins(), timer.elapsed());
  timer.start();
  lanes.setShown([](std::uint32_t call) { return call % 3 == 0; });
  std::printf("filter: %.1f ms\n", timer.elapsed());
  lanes.showAll();
  std::size_t tree = 0;
  std::size_t rest = 0;
  for (const Lane& lane : lanes.lanes()) {
    tree += lane.aggregate.bytes();
    rest += lane.calls.capacity() * sizeof(lane.calls[0]) + lane.marks.capacity();
  }
  std::printf("memory a call: %.2f bytes of aggregate, %.2f of order and marks\n",
              static_cast<double>(tree) / calls->size(), static_cast<double>(rest) / calls->size());

  const TimelineStyle style = TimelineStyle::current();
  const LaneLayout layout(lanes, {}, style.metrics);
  const QSize size(1600, 900);
  QImage image(size, QImage::Format_ARGB32_Premultiplied);
  TimelineGeometry geometry;
  geometry.setWidth(size.width() - 220);
  geometry.setTotal(recording->size());
  const TimelineFrame frame{.lanes = &lanes,
                            .layout = &layout,
                            .geometry = &geometry,
                            .style = &style,
                            .size = size,
                            .labelWidth = 220,
                            .scroll = 0,
                            .selectedLane = {}};
  timer.start();
  const auto entryTimes = EntryTimes::of(*recording);
  std::printf("times of %u entries: %.1f ms\n", recording->size(), timer.elapsed());
  std::vector<double> all;
  for (const bool byTime : {false, true}) {
    geometry.setTotal(recording->size(), byTime ? entryTimes : nullptr);
    const double unit = geometry.length() / recording->size();
    std::printf("\n%s\n%14s %10s %10s\n", byTime ? "x: time" : "x: order", "entries in view", "median",
                "p95");
    std::mt19937 random(7);
    for (double view = recording->size(); view >= 20; view /= 3) {
      std::vector<double> times;
      for (int round = 0; round < 25; ++round) {
        const double begin = static_cast<double>(random()) / 4294967296.0 * (recording->size() - view);
        geometry.show(begin * unit, (begin + view) * unit);
        timer.start();
        QPainter painter(&image);
        paintFrame(painter, frame);
        painter.end();
        times.push_back(timer.elapsed());
      }
      all.insert(all.end(), times.begin(), times.end());
      std::nth_element(times.begin(), times.begin() + 12, times.end());
      std::printf("%15.0f %7.2f ms %7.2f ms\n", view, times[12], percentile95(times));
    }
  }
  std::printf("\nframe, all zooms: p95 %.2f ms (budget 12 ms)\n", percentile95(all));
}
