#include "filter/call_filter.h"

#include <chrono>

#include "filter/call_search.h"

namespace retake {
namespace {

// So often a search tells what it has found.
constexpr std::chrono::milliseconds kTellEvery{50};

}  // namespace

bool matches(const Query& query, const FilterInput& input, std::uint32_t call) {
  if (!query.asksForDirection()) return query.evaluate(CallSubject(input, call)) == Truth::Yes;
  const Call c = (*input.calls)[call];
  const auto asked = [&](std::uint32_t position) {
    return input.recording->info(position).hasMessage &&
           query.evaluate(MessageSubject(input, call, position)) == Truth::Yes;
  };
  if (asked(c.first)) return true;
  for (const std::uint32_t position : c.rest)
    if (asked(position)) return true;
  return false;
}

std::vector<std::uint32_t> filterCalls(const Query& query, const FilterInput& input,
                                       const std::vector<std::uint32_t>* among, const Task& task,
                                       const std::function<void(std::vector<std::uint32_t>)>& found) {
  using Clock = std::chrono::steady_clock;
  const std::size_t size = among ? among->size() : input.calls->size();
  std::vector<std::uint32_t> all;
  std::size_t told = 0;
  auto tellAt = Clock::now() + kTellEvery;
  const auto tell = [&] {
    if (found && told < all.size()) found({all.begin() + static_cast<std::ptrdiff_t>(told), all.end()});
    told = all.size();
  };
  CallSearch search(query, input);
  // A message may be of any size; the index takes less time than the clock.
  const std::size_t lookEvery = query.cost() == QueryCost::Index ? 64 : 1;
  for (std::size_t i = 0; i < size; ++i) {
    const std::uint32_t call = among ? (*among)[i] : static_cast<std::uint32_t>(i);
    if (search.matches(call)) all.push_back(call);
    if (i % lookEvery != 0) continue;
    if (task.stopped()) break;
    if (const auto now = Clock::now(); now >= tellAt) {
      tell();
      task.report(i, size);
      tellAt = now + kTellEvery;
    }
  }
  tell();
  return all;
}

}  // namespace retake
