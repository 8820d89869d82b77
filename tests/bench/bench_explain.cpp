#include <benchmark/benchmark.h>

#include <malloc.h>

#include "explain/explainer.h"
#include "support/replay_file.h"

// A miss among many recorded calls of one method: the first one, which reads all their requests, and those
// behind it. About 5 ms is the aim for these, also at a million.
using namespace retake;
using test::field;

namespace {

constexpr const char* kMethod = "/t.S/M";

std::string request(std::int64_t number, const std::string& note) {
  const auto n = static_cast<std::uint64_t>(number);
  return field(1, "projects/p/items/item-" + std::to_string(number)) + field(2, n % 7) +
         field(3, field(1, "eur") + field(2, n * 31)) + field(4, note);
}

std::shared_ptr<const Recording> recordingOf(std::int64_t calls) {
  static std::pair<std::int64_t, std::shared_ptr<const Recording>> last;
  if (last.first != calls) {
    test::ReplayFile file;
    for (std::int64_t i = 0; i < calls; ++i)
      file.unary(kMethod, {"t.Request", request(i, "as always")}, test::Message{"t.Answer", field(1, 1)});
    last = {calls, file.recording()};
  }
  return last.second;
}

MissedCall missOf(std::int64_t number) {
  return {.miss = {.why = Miss::Why::NothingEqual},
          .method = kMethod,
          .sent = std::make_shared<const std::string>(request(number, "changed"))};
}

struct Made {
  std::shared_ptr<const Recording> recording;
  std::shared_ptr<const Calls> calls;
};

Made made(std::int64_t count) {
  const auto recording = recordingOf(count);
  return {recording, std::make_shared<const Calls>(groupCalls(*recording))};
}

void firstMiss(benchmark::State& state) {
  const Made from = made(state.range(0));
  double bytes = 0;
  for (auto _ : state) {
    const auto before = mallinfo2();
    const Explainer explainer(from.recording, from.calls, Schema::builtin());
    benchmark::DoNotOptimize(explainer.explain(missOf(5), {}, [](EntryId) { return false; }));
    const auto after = mallinfo2();
    bytes = static_cast<double>(after.uordblks + after.hblkhd) -
            static_cast<double>(before.uordblks + before.hblkhd);
  }
  state.counters["bytes/call"] = bytes / static_cast<double>(state.range(0));
}

// `used`: whether all calls are used but the last.
void laterMiss(benchmark::State& state, bool used) {
  const std::int64_t count = state.range(0);
  const Made from = made(count);
  const Explainer explainer(from.recording, from.calls, Schema::builtin());
  const auto isUsed = [&](EntryId id) { return used && id.value < from.recording->size() - 1; };
  benchmark::DoNotOptimize(explainer.explain(missOf(0), {}, isUsed));
  std::int64_t next = count;
  for (auto _ : state) {
    next = next * 7919 % count;
    const Explanation explanation = explainer.explain(missOf(next), {}, isUsed);
    if (!explanation.nearest || explanation.nearest->number != next + 1) state.SkipWithError("another call");
    benchmark::DoNotOptimize(statusText(explanation));
    next += 1;
  }
}

// A field of every call's own is another one: all calls are equally near.
void allEquallyNear(benchmark::State& state, bool used) {
  const std::int64_t count = state.range(0);
  test::ReplayFile file;
  for (std::int64_t i = 0; i < count; ++i)
    file.unary(kMethod, {"t.Request", field(1, "p") + field(2, static_cast<std::uint64_t>(i))},
               test::Message{"t.Answer", field(1, 1)});
  const auto recording = file.recording();
  const Explainer explainer(recording, std::make_shared<const Calls>(groupCalls(*recording)),
                            Schema::builtin());
  const MissedCall missed{
      .miss = {.why = Miss::Why::NothingEqual},
      .method = kMethod,
      .sent = std::make_shared<const std::string>(field(1, "p") + field(2, ~std::uint64_t{0}))};
  const auto isUsed = [&](EntryId) { return used; };
  benchmark::DoNotOptimize(explainer.explain(missed, {}, isUsed));
  for (auto _ : state) benchmark::DoNotOptimize(explainer.explain(missed, {}, isUsed));
}

}  // namespace

BENCHMARK(firstMiss)->Arg(1'000)->Arg(1'000'000)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(laterMiss, unused, false)->Arg(1'000)->Arg(1'000'000)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(laterMiss, used, true)->Arg(1'000)->Arg(1'000'000)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(allEquallyNear, unused, false)->Arg(1'000)->Arg(1'000'000)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(allEquallyNear, used, true)->Arg(1'000)->Arg(1'000'000)->Unit(benchmark::kMillisecond);
BENCHMARK_MAIN();
