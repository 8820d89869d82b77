#include <benchmark/benchmark.h>

#include "replay/replayer.h"
#include "support/replay_file.h"

// Matching in reverse order, at three sizes: a call should cost the same at each. The Go package, which
// scans, took 2.7 ms a call at 10,000 and 64 ms at 100,000.
using namespace retake;
using test::field;

namespace {

constexpr const char* kMethod = "/t.S/M";

std::string request(std::int64_t number) {
  return field(1, "item-" + std::to_string(number)) + field(2, static_cast<std::uint64_t>(number));
}

std::shared_ptr<const Recording> recordingOf(std::int64_t calls) {
  test::ReplayFile file;
  for (std::int64_t i = 0; i < calls; ++i)
    file.unary(kMethod, {"t.Request", request(i)}, test::Message{"t.Answer", field(1, 1)});
  return file.recording();
}

void buildIndex(benchmark::State& state) {
  const auto recording = recordingOf(state.range(0));
  for (auto _ : state) {
    const Calls calls = groupCalls(*recording);
    benchmark::DoNotOptimize(MatchIndex::build(*recording, calls, *Schema::builtin()));
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

// A whole session without a transport: opened, matched, the payload looked up.
void matchInReverse(benchmark::State& state) {
  const std::int64_t calls = state.range(0);
  const auto replayer = Replayer::create(recordingOf(calls), Schema::builtin(), {});
  std::vector<std::string> requests;
  for (std::int64_t i = 0; i < calls; ++i) requests.push_back(request(i));
  std::int64_t next = calls;
  std::uint64_t sequence = 0;
  for (auto _ : state) {
    if (next == 0) {
      (*replayer)->resetUsed();
      next = calls;
    }
    ReplaySession session = (*replayer)->open(kMethod, ++sequence);
    Reaction reaction;
    session.opened(reaction);
    session.message(requests[static_cast<std::size_t>(--next)], reaction);
    if (!reaction.end || reaction.end->status.code != 0) state.SkipWithError("missed");
    benchmark::DoNotOptimize(session.payload(reaction.messages.front()));
  }
  state.SetItemsProcessed(state.iterations());
}

// All requests are equal, so each lookup finds a queue that is used up to here.
void matchEqual(benchmark::State& state) {
  test::ReplayFile file;
  for (std::int64_t i = 0; i < state.range(0); ++i)
    file.unary(kMethod, {"t.Request", request(1)}, test::Message{"t.Answer", field(1, 1)});
  const auto replayer =
      Replayer::create(file.recording(), Schema::builtin(), {.match = {.reuse = Reuse::Cycle}});
  const std::string bytes = request(1);
  std::uint64_t sequence = 0;
  for (auto _ : state) {
    ReplaySession session = (*replayer)->open(kMethod, ++sequence);
    Reaction reaction;
    session.opened(reaction);
    session.message(bytes, reaction);
    benchmark::DoNotOptimize(reaction);
  }
  state.SetItemsProcessed(state.iterations());
}

// Streams that the server begins, used up one after the other: each begins with a RECV of its own, or all
// with the same one and go on with one of their own. 100,000 calls use up even the longest.
void chooseServerFirst(benchmark::State& state, bool sharedFirst) {
  test::ReplayFile file;
  for (std::int64_t i = 0; i < state.range(0); ++i) {
    const std::uint32_t stream = file.createStream(kMethod);
    if (sharedFirst) file.recv(stream, {"t.Answer", field(1, "hello")});
    file.recv(stream, {"t.Answer", request(i)}).recvEnd(stream);
  }
  const auto replayer = Replayer::create(file.recording(), Schema::builtin(), {});
  std::int64_t left = state.range(0);
  std::uint64_t sequence = 0;
  for (auto _ : state) {
    if (left-- == 0) {
      (*replayer)->resetUsed();
      left = state.range(0) - 1;
    }
    ReplaySession session = (*replayer)->open(kMethod, ++sequence);
    Reaction reaction;
    session.opened(reaction);
    if (!reaction.end || reaction.end->status.code != 0) state.SkipWithError("missed");
  }
  state.SetItemsProcessed(state.iterations());
}

}  // namespace

BENCHMARK(buildIndex)->Arg(1'000)->Arg(10'000)->Arg(100'000)->Unit(benchmark::kMillisecond);
BENCHMARK(matchInReverse)->Arg(1'000)->Arg(10'000)->Arg(100'000);
BENCHMARK(matchEqual)->Arg(1'000)->Arg(10'000)->Arg(100'000);
BENCHMARK_CAPTURE(chooseServerFirst, differInFirst, false)
    ->Arg(1'000)
    ->Arg(10'000)
    ->Arg(100'000)
    ->Iterations(100'000);
BENCHMARK_CAPTURE(chooseServerFirst, differInSecond, true)
    ->Arg(1'000)
    ->Arg(10'000)
    ->Arg(100'000)
    ->Iterations(100'000);
BENCHMARK_MAIN();
