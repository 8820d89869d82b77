#include <benchmark/benchmark.h>

#include "filter/call_filter.h"
#include "support/replay_file.h"

// The index alone over a million calls (budget: 50 ms from key to paint), and a content search over 256 MB
// (budget: 1 s a GB).
using namespace retake;
using test::field;

namespace {

FilterInput inputOf(std::shared_ptr<const Recording> recording) {
  auto calls = std::make_shared<const Calls>(groupCalls(*recording));
  return {std::move(recording), std::move(calls), Schema::builtin(), {}};
}

const FilterInput& millionCalls() {
  static const FilterInput input = [] {
    test::ReplayFile file;
    for (std::uint64_t i = 0; i < 1'000'000; ++i) {
      const std::string method =
          "/shop.v1.Service" + std::to_string(i % 7) + "/Method" + std::to_string(i % 20);
      const test::Message request{"t.Request", field(1, "item-" + std::to_string(i)) + field(2, i)};
      if (i % 50 == 0)
        file.unary(method, request, Status{5, "no such item", {}});
      else
        file.unary(method, request, test::Message{"t.Answer", field(1, "answer " + std::to_string(i))});
    }
    return inputOf(file.recording());
  }();
  return input;
}

// 256 MB in entries of `size` bytes; only the last has what is looked for.
FilterInput contentOf(std::size_t size) {
  test::ReplayFile file;
  std::string text;
  while (text.size() < size)
    text += "The quick brown fox jumps over the lazy dog " + std::to_string(text.size());
  const std::size_t calls = (std::size_t{256} << 20) / size;
  for (std::size_t i = 0; i < calls; ++i)
    file.unary("/t.S/M", {"t.Request", field(1, i)},
               test::Message{"t.Answer", field(1, i + 1 == calls ? text + "Needle-A17" : text)});
  return inputOf(file.recording());
}

void byIndex(benchmark::State& state, const char* text) {
  const FilterInput& input = millionCalls();
  const Query query = *Query::parse(text);
  std::size_t found = 0;
  for (auto _ : state) found = filterCalls(query, input).size();
  state.counters["found"] = static_cast<double>(found);
}

void inContent(benchmark::State& state, const char* text) {
  const FilterInput input = contentOf(static_cast<std::size_t>(state.range(0)));
  const Query query = *Query::parse(text);
  std::size_t found = 0;
  for (auto _ : state) found = filterCalls(query, input).size();
  state.counters["found"] = static_cast<double>(found);
  std::uint64_t bytes = 0;
  for (std::uint32_t i = 0; i < input.recording->size(); ++i) bytes += input.recording->info(i).length;
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(bytes));
}

BENCHMARK_CAPTURE(byIndex, method, "method:Method7")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(byIndex, status, "status:NOT_FOUND")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(byIndex, several, "service=shop.v1.Service3 -status:OK kind:unary")
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(byIndex, size, "size>60")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(byIndex, textInMillionCalls, "text:item-777777")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(inContent, word, "needle-a17")
    ->Arg(200)
    ->Arg(4096)
    ->Arg(1 << 20)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(inContent, regex, "text~/needle-[a-z]\\d+$/")
    ->Arg(200)
    ->Arg(4096)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(inContent, path, "resp.1:needle-a17")->Arg(200)->Arg(4096)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(inContent, pathDecoded, "resp.1=5")->Arg(200)->Arg(4096)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
