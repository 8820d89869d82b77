// Loading 100,000 calls: reading the file and grouping its entries, as opening it does.
//
//   bench_load [FILE]
//
// Without FILE it makes one of its own, like that of `oracle record-many FILE 100000`. With RETAKE_ORACLE
// naming the oracle program, the Go package loads the same file in the same run, and the last line says
// how many times faster ours is. The bar is 20.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "format/format.h"
#include "recording/calls.h"
#include "support/dump.h"
#include "support/replay_file.h"

namespace {

using namespace retake;
using namespace retake::test;

constexpr int kCalls = 100'000;

std::string g_file;
double g_bestMs = 1e9;

void makeRecording(const std::string& path) {
  ReplayFile file("seed");
  for (int i = 0; i < kCalls; ++i) {
    const auto number = static_cast<std::uint64_t>(i);
    file.unary("/intstore.IntStore/Set",
               {"intstore.Item", field(1, "item-" + std::to_string(i)) + field(2, number)},
               {"intstore.SetResponse", {}});
  }
  writeFile(path, file.bytes());
}

void load(benchmark::State& state) {
  for (auto _ : state) {
    const auto begin = std::chrono::steady_clock::now();
    const auto opened = openRecording(g_file);
    if (!opened) {
      state.SkipWithError(opened.error().message.c_str());
      return;
    }
    const Calls calls = groupCalls(*opened->recording);
    benchmark::DoNotOptimize(calls.size());
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - begin;
    g_bestMs = std::min(g_bestMs, took.count());
    state.counters["calls"] = calls.size();
  }
}

// What the oracle's "loaded in 460.1ms" says, in milliseconds; negative when it says nothing.
double goLoadMs(const std::string& oracle) {
  FILE* pipe = ::popen(("'" + oracle + "' load '" + g_file + "' 2>&1").c_str(), "r");
  if (!pipe) return -1;
  char line[4096];
  double result = -1;
  while (std::fgets(line, sizeof line, pipe)) {
    double value = 0;
    char unit[8] = {};
    if (std::sscanf(line, "loaded in %lf%7s", &value, unit) == 2)
      result = value * (std::string(unit) == "s" ? 1000 : std::string(unit) == "ms" ? 1 : 0.001);
  }
  ::pclose(pipe);
  return result;
}

void compareWithGo() {
  const char* oracle = std::getenv("RETAKE_ORACLE");
  if (!oracle || !*oracle) {
    std::printf("SKIPPED: comparing with the Go package (set RETAKE_ORACLE)\n");
    return;
  }
  double best = -1;
  for (int run = 0; run < 5; ++run)
    if (const double took = goLoadMs(oracle); took > 0 && (best < 0 || took < best)) best = took;
  if (best < 0)
    std::printf("%s load %s gave no time\n", oracle, g_file.c_str());
  else
    std::printf("load: Go %.1f ms, Retake %.2f ms: %.1f times faster (best of each, warm)\n", best, g_bestMs,
                best / g_bestMs);
}

BENCHMARK(load)->Unit(benchmark::kMillisecond)->MinTime(2);

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  const bool given = argc > 1;
  g_file = given ? argv[1] : (std::filesystem::temp_directory_path() / "retake_bench_load.replay").string();
  if (!given) makeRecording(g_file);
  benchmark::RunSpecifiedBenchmarks();
  compareWithGo();
  if (!given) std::filesystem::remove(g_file);
  return 0;
}
