#include "snippet/snippet_call.h"

#include <algorithm>
#include <filesystem>

#include "match/message_forms.h"
#include "recording/entry_extras.h"
#include "recording/status_code.h"
#include "schema/text.h"

namespace retake {
namespace {

using Do = SnippetCall::Do;

constexpr std::int32_t kLastCode = 16;
// Longer ones do not reach every client whole (replay/served_status.h).
constexpr std::size_t kMaxStatusText = 2000;

// What a stand-in chooses a call by; none for a stream without a SEND.
struct FirstMessage {
  bool there = false;
  Entry entry = {};
};

Result<FirstMessage> firstMessage(const Recording& recording, const Call& call) {
  std::optional<std::uint32_t> position;
  if (!call.isStream()) position = call.first;
  if (call.isStream() && !recording.info(call.first).isError)
    for (const std::uint32_t each : call.rest) {
      const EntryInfo info = recording.info(each);
      if (info.kind != EntryKind::Send || info.isError) continue;
      position = each;
      break;
    }
  if (!position) return FirstMessage{};
  auto entry = recording.entry(*position);
  if (!entry) return entry.error();
  return FirstMessage{.there = true, .entry = *std::move(entry)};
}

Result<std::uint32_t> equalBefore(const Recording& recording, const Calls& calls, const Schema& schema,
                                  std::uint32_t index) {
  const Call wanted = calls[index];
  const auto message = firstMessage(recording, wanted);
  if (!message) return message.error();
  const std::uint32_t method = recording.info(wanted.first).method;
  std::uint32_t count = 0;
  for (const std::uint32_t other : playOrder(calls)) {
    if (other == index) break;
    const Call call = calls[other];
    if (call.isStream() != wanted.isStream() || recording.info(call.first).method != method) continue;
    // Without an answer it is not among those that are handed out.
    if (!call.isStream() && call.rest.empty()) continue;
    const auto theirs = firstMessage(recording, call);
    if (!theirs) return theirs.error();
    if (!theirs->there) {
      ++count;
    } else if (message->there) {
      const EntryFields& a = theirs->entry.fields;
      const EntryFields& b = message->entry.fields;
      const auto* type = schema.message(typeNameOf(b.typeUrl));
      count +=
          a.message == b.message || compareMessages(schema, type, a.message, b.message) == Equality::Equal;
    }
  }
  return count;
}

void addSteps(SnippetCall& call) {
  const auto& steps = call.script.steps;
  auto sendsLeft = std::count_if(steps.begin(), steps.end(), [](const auto& step) { return step.isSend; });
  if (sendsLeft == 0) call.steps.push_back({.what = Do::HalfClose});
  for (const ClientScript::Step& step : steps) {
    call.steps.push_back(
        {.what = step.isSend ? Do::Send : Do::Receive, .message = step.message, .typeName = step.typeName});
    if (step.isSend && --sendsLeft == 0) call.steps.push_back({.what = Do::HalfClose});
  }
  // An end that nobody recorded, or that was the client's own, is the client's again.
  if (!call.script.endRecorded || call.script.end.code == status_code::kCancelled)
    call.steps.push_back({.what = Do::Cancel});
}

}  // namespace

Result<SnippetCall> snippetCall(const Recording& recording, const Calls& calls, const Schema& schema,
                                std::uint32_t index, std::string_view path) {
  const Call recorded = calls[index];
  auto script = clientScript(recording, recorded);
  if (!script) return script.error();
  const std::string name = "call " + std::to_string(recorded.number);
  std::size_t size = 0;
  for (const ClientScript::Step& step : script->steps) size += step.message.size();
  if (size > kMaxSnippetBytes)
    return Error{name + ": expected at most " + std::to_string(kMaxSnippetBytes) +
                 " bytes of messages in what is copied, found " + std::to_string(size)};
  SnippetCall call{.number = recorded.number,
                   .path = std::string(path),
                   .fileName = std::filesystem::path(path).filename().string(),
                   .method = script->method,
                   .isStream = script->isStream,
                   .script = *std::move(script)};
  const auto first = recording.entry(recorded.first);
  if (!first) return first.error();
  if (first->fields.hasExtras) {
    const auto extras = parseExtras(first->bytes.view);
    if (!extras) return extras.error();
    for (const MetadataEntry& entry : extras->requestMetadata.value_or(Metadata()))
      if (isEndToEnd(entry.key) && whyNotSendable(entry).empty()) call.metadata.push_back(entry);
  }
  const auto before = equalBefore(recording, calls, schema, index);
  if (!before) return before.error();
  call.equalBefore = *before;
  addSteps(call);
  const Status& end = call.script.end;
  call.hasDeadline = call.script.endRecorded && end.code == status_code::kDeadlineExceeded;
  call.checksCode = call.script.endRecorded && end.code >= 0 && end.code <= kLastCode;
  call.checksMessage = call.checksCode && end.code != status_code::kCancelled && !call.hasDeadline &&
                       end.message.size() <= kMaxStatusText && isUtf8(end.message);
  return call;
}

}  // namespace retake
