#include "calls/call_facts.h"

#include <optional>

#include "schema/call_kind.h"

namespace retake::gui {
namespace {

CallFacts::Fact factOf(const Snapshot& s, std::uint32_t index, CallKind kind) {
  const Call call = (*s.calls)[index];
  const CallEnd end = callEnd(*s.recording, call);
  return {.method = s.recording->info(call.first).method & (Recording::kMaxMethods - 1),
          .kind = static_cast<std::uint32_t>(kind) & 3u,
          .end = static_cast<std::uint32_t>(end.kind) & 3u,
          .code = static_cast<std::uint32_t>(end.code) & 31u};
}

}  // namespace

void CallFacts::rebuild(const Snapshot& s) {
  // A schema is asked once a method, not once a call; where it does not know the method, each call was
  // inferred on its own.
  enum class Source : std::uint8_t { Unasked, Schema, Inferred };
  struct Known {
    Source source = Source::Unasked;
    CallKind kind = CallKind::Unary;
  };
  std::vector<Known> known(s.recording->methodCount());
  const std::uint32_t size = s.calls->size();
  m_facts.clear();
  m_facts.reserve(size);
  for (std::uint32_t index = 0; index < size; ++index) {
    const Call call = (*s.calls)[index];
    CallKind kind = call.kind;
    if (call.isStream()) {
      const std::uint32_t method = s.recording->info(call.first).method;
      Known& k = known[method];
      if (k.source == Source::Unasked) {
        k.source = s.schema->method(s.recording->methodName(method)) ? Source::Schema : Source::Inferred;
        k.kind = callKind(*s.schema, *s.recording, call);
      }
      if (k.source == Source::Schema) kind = k.kind;
    }
    m_facts.push_back(factOf(s, index, kind));
  }
}

void CallFacts::append(const Snapshot& s, const AppendedCalls& appended) {
  const auto kindOf = [&](std::uint32_t index) {
    const Call call = (*s.calls)[index];
    return call.isStream() ? callKind(*s.schema, *s.recording, call) : call.kind;
  };
  // Of what kind a stream is shows in its messages.
  for (const std::uint32_t call : appended.grown) m_facts[call] = factOf(s, call, kindOf(call));
  for (std::uint32_t call = size(); call < s.calls->size(); ++call)
    m_facts.push_back(factOf(s, call, kindOf(call)));
}

void CallFacts::update(const Snapshot& s, std::uint32_t call) {
  if (call < m_facts.size()) m_facts[call] = factOf(s, call, static_cast<CallKind>(m_facts[call].kind));
}

CallSizes callSizes(const Recording& recording, const Call& call) {
  CallSizes sizes;
  if (!call.isStream()) {
    sizes.request = recording.messageSize(call.first);
    if (recording.info(call.first).hasMessage) ++sizes.messages;
  }
  for (const std::uint32_t position : call.rest) {
    const EntryInfo info = recording.info(position);
    if (!info.hasMessage) continue;
    const std::uint64_t size = recording.messageSize(position);
    (info.kind == EntryKind::Send ? sizes.request : sizes.response) += size;
    if (!info.isError) ++sizes.messages;
  }
  return sizes;
}

}  // namespace retake::gui
