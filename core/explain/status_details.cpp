#include <utility>

#include "base/wire.h"
#include "explain/explanation_text.h"
#include "explain/value_text.h"
#include "recording/status.h"

// Source: google/rpc/error_details.proto. ErrorInfo (reason = 1, domain = 2, metadata = 3 map), DebugInfo
// (stack_entries = 1 repeated, detail = 2).
namespace retake {
namespace {

constexpr std::size_t kEntry = 200;

// As base64, which gRPC sends without padding.
std::size_t bytesOf(std::size_t limit) { return limit / 4 * 3; }

void appendMetadata(std::string& out, std::string_view key, std::string_view value) {
  std::string entry;
  appendBytesField(entry, 1, key);
  appendBytesField(entry, 2, value);
  appendBytesField(out, 3, entry);
}

Any errorInfo(const Explanation& explanation, bool withMetadata) {
  const Miss& miss = explanation.miss;
  std::string out;
  appendBytesField(out, 1, reasonOf(miss.why));
  appendBytesField(out, 2, "retake");
  const auto number = [&](std::string_view key, std::uint64_t value) {
    if (value > 0) appendMetadata(out, key, std::to_string(value));
  };
  if (withMetadata) {
    appendMetadata(out, "method", methodText(explanation.method, kMaxMethod));
    number(miss.countsMessages() ? "recorded_messages" : "recorded_calls", miss.recorded);
    number("call", miss.callNumber);
    number("used_by", miss.usedBy);
    number("message", miss.message);
    if (const auto& near = explanation.nearest; near && miss.why == Miss::Why::NothingEqual) {
      number("nearest_call", near->number);
      appendMetadata(out, "nearest_call_used", near->used ? "true" : "false");
    }
    if (explanation.scrubFit != ScrubFit::Fits)
      appendMetadata(out, "scrub_rules", explanation.scrubFit == ScrubFit::RulesOff ? "off" : "others");
    if (explanation.nearest)
      number("differences", explanation.nearest->differences.size() + explanation.nearest->more);
    if (!explanation.methodsNearby.empty()) {
      const std::string& similar = explanation.methodsNearby.front();
      appendMetadata(out, "similar_method", methodText(similar, kMaxMethod));
    }
  }
  return {std::string(kTypeUrlPrefix) + "google.rpc.ErrorInfo", std::move(out)};
}

// One entry a difference, as far as there is room; none when there is none.
std::optional<Any> debugInfo(const Explanation& explanation, std::size_t room) {
  std::string detail;
  appendBytesField(detail, 2, whatHappened(explanation, kMaxMethod));
  Any any{std::string(kTypeUrlPrefix) + "google.rpc.DebugInfo", {}};
  // Tags and lengths of the Any and what is around it.
  const std::size_t used = any.typeUrl.size() + detail.size() + 16;
  if (!explanation.nearest || used > room) return std::nullopt;
  room -= used;
  const auto add = [&](const std::string& text) {
    std::string entry;
    appendBytesField(entry, 1, text);
    if (entry.size() > room) return false;
    room -= entry.size();
    any.value += entry;
    return true;
  };
  for (const std::string& one : explanation.nearest->metadata)
    if (!add(one)) break;
  for (const Difference* difference : mostTelling(*explanation.nearest))
    if (!add(describe(*difference, kEntry))) break;
  any.value += detail;
  return any;
}

}  // namespace

std::string statusDetails(const Explanation& explanation, std::int32_t code, const std::string& text,
                          std::size_t limit) {
  const std::size_t room = bytesOf(limit);
  for (const bool withMetadata : {true, false}) {
    Status status{.code = code, .message = text, .details = {errorInfo(explanation, withMetadata)}};
    const std::size_t size = serializeStatus(status).size();
    if (size > room) continue;
    if (auto debug = debugInfo(explanation, room - size)) status.details.push_back(*std::move(debug));
    return serializeStatus(status);
  }
  const std::string bare = serializeStatus({.code = code, .message = text, .details = {}});
  return bare.size() <= room ? bare : std::string();
}

}  // namespace retake
