#include <algorithm>
#include <limits>
#include <numeric>

#include "client/recorded_client.h"
#include "match/message_forms.h"
#include "recording/entry.h"
#include "recording/status_code.h"

namespace retake {
namespace {

Result<ClientScript::Step> readStep(const Recording& recording, std::uint32_t position, bool isSend) {
  const auto entry = recording.entry(position);
  if (!entry) return entry.error();
  return ClientScript::Step{.isSend = isSend,
                            .message = std::string(entry->fields.message),
                            .typeName = std::string(typeNameOf(entry->fields.typeUrl)),
                            .entry = recording.info(position).id};
}

Result<Status> readStatus(const Recording& recording, std::uint32_t position) {
  const auto entry = recording.entry(position);
  if (!entry) return entry.error();
  if (entry->fields.hasMessage) {
    auto status = parseStatus(entry->fields.message);
    if (status && status->code == 0) return Status{};  // an error that is OK has neither text nor details
    return status;
  }
  // The Go packages' io.EOF: the end of a stream, and no answer to a REQUEST.
  if (entry->fields.kind == EntryKind::Response)
    return Status{.code = status_code::kUnknown, .message = "EOF", .details = {}};
  return Status{};
}

std::string quoted(const Status& status) {
  return statusCodeName(status.code) + (status.message.empty() ? "" : " \"" + status.message + "\"");
}

std::string counted(std::size_t count) {
  return std::to_string(count) + (count == 1 ? " message" : " messages");
}

}  // namespace

Result<ClientScript> clientScript(const Recording& recording, const Call& call) {
  ClientScript script;
  script.method = recording.methodName(recording.info(call.first).method);
  script.isStream = call.isStream();
  const CallEnd end = callEnd(recording, call);
  script.endRecorded = end.kind != CallEnd::Kind::Open;
  if (!script.isStream) {
    auto request = readStep(recording, call.first, true);
    if (!request) return request.error();
    script.steps.push_back(*std::move(request));
  }
  for (const std::uint32_t position : call.rest) {
    const EntryInfo info = recording.info(position);
    const bool isSend = info.kind == EntryKind::Send;
    if (info.isError) {
      if (isSend) continue;  // the stream was over already
      auto status = readStatus(recording, position);
      if (!status) return status.error();
      script.end = *std::move(status);
      script.endRecorded = true;
      if (script.isStream || script.end.code != 0) break;
      // A RESPONSE with an error that is OK: served as a reply without fields.
      script.steps.push_back({.isSend = false, .message = {}, .typeName = {}, .entry = info.id});
      break;
    }
    auto step = readStep(recording, position, isSend);
    if (!step) return step.error();
    script.steps.push_back(*std::move(step));
  }
  if (script.isStream && recording.info(call.first).isError) {
    auto status = readStatus(recording, call.first);
    if (!status) return status.error();
    script.steps.clear();
    script.end = *std::move(status);
  }
  return script;
}

std::vector<std::uint32_t> playOrder(const Calls& calls) {
  std::vector<std::uint32_t> order(calls.size());
  std::iota(order.begin(), order.end(), 0u);
  const auto place = [&](std::uint32_t index) {
    const Call call = calls[index];
    if (call.isStream()) return call.first;
    return call.rest.empty() ? std::numeric_limits<std::uint32_t>::max() : call.rest.front();
  };
  std::stable_sort(order.begin(), order.end(),
                   [&](std::uint32_t a, std::uint32_t b) { return place(a) < place(b); });
  return order;
}

std::vector<std::string> compare(const Schema& schema, const ClientScript& script,
                                 const ClientOutcome& outcome) {
  std::vector<std::string> differences;
  std::size_t at = 0;
  for (const ClientScript::Step& step : script.steps) {
    if (step.isSend) continue;
    const std::string which = "message " + std::to_string(at + 1);
    if (at++ >= outcome.received.size()) continue;
    const std::string& got = outcome.received[at - 1];
    const auto* type = schema.message(step.typeName);
    const bool equal =
        type ? compareMessages(schema, type, step.message, got) == Equality::Equal : step.message == got;
    if (!equal)
      differences.push_back(which + " differs: expected " + std::to_string(step.message.size()) +
                            " bytes as recorded, found " + std::to_string(got.size()) + " other bytes");
  }
  if (at != outcome.received.size())
    differences.push_back("expected " + counted(at) + ", found " + std::to_string(outcome.received.size()));
  if (!script.endRecorded) return differences;
  if (script.end.code != outcome.end.code) {
    differences.push_back("status: expected " + quoted(script.end) + ", found " + quoted(outcome.end));
    return differences;
  }
  // The words of an end that is the client's own are those of its library.
  if (script.end.code == status_code::kCancelled || script.end.code == status_code::kDeadlineExceeded)
    return differences;
  if (script.end.message != outcome.end.message)
    differences.push_back("status message: expected \"" + script.end.message + "\", found \"" +
                          outcome.end.message + "\"");
  if (script.end.details != outcome.end.details)
    differences.push_back("status details: expected " + std::to_string(script.end.details.size()) +
                          " as recorded, found " + std::to_string(outcome.end.details.size()) +
                          (script.end.details.size() == outcome.end.details.size() ? " others" : ""));
  return differences;
}

}  // namespace retake
