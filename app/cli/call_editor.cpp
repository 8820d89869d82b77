#include "call_editor.h"

#include <google/protobuf/descriptor.h>

#include "schema/call_kind.h"
#include "schema/json.h"

namespace retake::cli {
namespace {

Result<Call> findCall(const Calls& calls, std::uint64_t number) {
  if (number >= 1 && number <= calls.size()) return calls[static_cast<std::uint32_t>(number - 1)];
  return Error{"--call " + std::to_string(number) +
               (calls.size() == 0 ? ": the recording has no calls"
                                  : ": expected a number from 1 to " + std::to_string(calls.size()))};
}

std::string nameOf(const Call& call) { return "call " + std::to_string(call.number); }

// Positions of the entries of a call that hold a message.
std::vector<std::uint32_t> messagesOf(const Recording& recording, const Call& call) {
  std::vector<std::uint32_t> positions;
  const auto look = [&](std::uint32_t position) {
    const EntryInfo info = recording.info(position);
    if (info.hasMessage && !info.isError) positions.push_back(position);
  };
  look(call.first);
  for (const std::uint32_t position : call.rest) look(position);
  return positions;
}

std::optional<std::uint32_t> lastRecv(const Recording& recording, const Call& call) {
  for (auto at = call.rest.rbegin(); at != call.rest.rend(); ++at)
    if (recording.info(*at).kind == EntryKind::Recv) return *at;
  return std::nullopt;
}

}  // namespace

Result<void> CallEditor::apply(const Edit& edit) {
  auto after = retake::apply(m_recording, edit);
  if (!after) return after.error();
  m_recording = *std::move(after);
  return {};
}

std::string CallEditor::typeOf(EntryId entry) const {
  const std::string recorded = messageType(m_recording, entry);
  if (!recorded.empty()) return recorded;
  const EntryInfo info = m_recording.info(*m_recording.position(entry));
  const auto* method = m_schema.method(m_recording.methodName(info.method));
  if (!method) return {};
  const bool sent = info.kind == EntryKind::Request || info.kind == EntryKind::Send;
  return std::string(kTypeUrlPrefix) + (sent ? method->input_type() : method->output_type())->full_name();
}

Result<void> CallEditor::replaceMessage(const std::string& name, EntryId id, const std::string& json) {
  const auto entry = m_recording.entry(*m_recording.position(id));
  if (!entry) return entry.error();
  const std::string typeUrl = typeOf(id);
  if (typeUrl.empty())
    return Error{name +
                 ": expected to know the type of its message, found it neither here nor in another call "
                 "of its method; name a --schema that has the method"};
  const ByteView original = entry->fields.isError ? ByteView() : entry->fields.message;
  const std::string type(typeNameOf(typeUrl));
  JsonParse parsed = fromJson(m_schema, type, json, original);
  if (parsed.ok()) return apply(ReplaceMessage{id, std::move(parsed.message), typeUrl});
  std::string text;
  for (const JsonProblem& problem : parsed.problems)
    text += (text.empty() ? "" : "\n") + name + ": JSON of " + type + ": " + describe(problem);
  return Error{text};
}

Result<std::uint32_t> CallEditor::duplicate(std::uint64_t number) {
  const Calls calls = groupCalls(m_recording);
  const auto call = findCall(calls, number);
  if (!call) return call.error();
  const auto copy = copyOfCall(m_recording, *call);
  if (!copy) return copy.error();
  const std::uint32_t behind = call->last();
  if (auto done = apply(*copy); !done) return done.error();
  const Calls after = groupCalls(m_recording);
  const auto made = after.indexOf(m_recording, behind + 1);
  if (!made) return Error{nameOf(*call) + ": its copy cannot be found"};
  return after[*made].number;
}

Result<void> CallEditor::remove(std::uint64_t number) {
  const Calls calls = groupCalls(m_recording);
  const auto call = findCall(calls, number);
  if (!call) return call.error();
  return apply(RemoveCall{m_recording.info(call->first).id});
}

Result<void> CallEditor::setResponse(std::uint64_t number, const std::string& json) {
  const Calls calls = groupCalls(m_recording);
  const auto call = findCall(calls, number);
  if (!call) return call.error();
  const CallKind kind = callKind(m_schema, m_recording, *call);
  const std::string name = nameOf(*call);
  if (kind == CallKind::Unary) {
    if (!call->rest.empty()) return replaceMessage(name, m_recording.info(call->rest.front()).id, json);
    const Recording before = m_recording;
    if (auto answered = apply(Repair{Repair::Kind::AnswerRequest, m_recording.info(call->first).id});
        !answered)
      return answered;
    auto done = replaceMessage(name, m_recording.info(m_recording.size() - 1).id, json);
    if (!done) m_recording = before;
    return done;
  }
  const auto reply = lastRecv(m_recording, *call);
  if (kind != CallKind::ClientStream || !reply)
    return Error{name + ": expected a call with one response, found a " + std::string(callKindName(kind)) +
                 " with " + std::to_string(messagesOf(m_recording, *call).size()) +
                 " messages; use --message K JSON"};
  // The end of the stream may stand behind its reply.
  const auto messages = messagesOf(m_recording, *call);
  const bool replied = !messages.empty() && m_recording.info(messages.back()).kind == EntryKind::Recv;
  return replaceMessage(name, m_recording.info(replied ? messages.back() : *reply).id, json);
}

Result<void> CallEditor::setStatus(std::uint64_t number, const Status& status) {
  const Calls calls = groupCalls(m_recording);
  const auto call = findCall(calls, number);
  if (!call) return call.error();
  const std::string name = nameOf(*call);
  const EntryInfo first = m_recording.info(call->first);
  if (first.kind == EntryKind::Request) {
    if (status.code == 0)
      return Error{name + ": a unary call that is OK answers with a message; use --response JSON"};
    if (!call->rest.empty()) return apply(ReplaceStatus{m_recording.info(call->rest.front()).id, status});
    if (auto answered = apply(Repair{Repair::Kind::AnswerRequest, first.id}); !answered) return answered;
    return apply(ReplaceStatus{m_recording.info(m_recording.size() - 1).id, status});
  }
  if (first.isError) return apply(ReplaceStatus{first.id, status});
  const auto last = lastRecv(m_recording, *call);
  if (last && m_recording.info(*last).isError)
    return apply(ReplaceStatus{m_recording.info(*last).id, status});
  if (last && callKind(m_schema, m_recording, *call) == CallKind::ClientStream) {
    if (status.code == 0) return {};  // its reply says so
    return apply(ReplaceStatus{m_recording.info(*last).id, status});
  }
  return apply(EndStream{first.id, status});
}

Result<void> CallEditor::setMessage(std::uint64_t number, std::uint64_t message, const std::string& json) {
  const Calls calls = groupCalls(m_recording);
  const auto call = findCall(calls, number);
  if (!call) return call.error();
  const auto messages = messagesOf(m_recording, *call);
  if (message < 1 || message > messages.size())
    return Error{
        "--message " + std::to_string(message) + ": " + nameOf(*call) +
        (messages.empty() ? " has no messages" : " has messages 1 to " + std::to_string(messages.size()))};
  const std::string name = nameOf(*call) + ", message " + std::to_string(message);
  return replaceMessage(name, m_recording.info(messages[message - 1]).id, json);
}

}  // namespace retake::cli
