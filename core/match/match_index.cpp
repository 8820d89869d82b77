#include "match/match_index.h"

#include <google/protobuf/descriptor.h>

#include "base/wire.h"
#include "match/message_forms.h"
#include "recording/entry_extras.h"

namespace retake {

// Of the values of the keys that are compared, in their order.
MessageKey MatchIndex::metadataKey(const Named& named, const Metadata& metadata, std::uint32_t number) {
  std::string values;
  for (std::uint32_t key = 0; key < named.metadata.size(); ++key)
    for (const MetadataEntry& entry : metadata)
      if (entry.key == named.metadata[key]) appendBytesField(values, key + 1, entry.value);
  return messageKey(values, number);
}

const MatchIndex::Method* MatchIndex::method(std::string_view name, const Metadata& metadata) const {
  const auto found = m_numbers.find(name);
  if (found == m_numbers.end()) return nullptr;
  const Named& named = *m_named[found->second];
  if (named.metadata.empty()) return &m_methods[named.plain];
  const std::uint32_t part = m_parts.find(metadataKey(named, metadata, found->second));
  return &m_methods[part == kNone ? named.plain : part];
}

bool MatchIndex::hasPart(std::string_view name, const Metadata& metadata) const {
  const auto found = m_numbers.find(name);
  if (found == m_numbers.end()) return false;
  const Named& named = *m_named[found->second];
  return !named.metadata.empty() && m_parts.find(metadataKey(named, metadata, found->second)) != kNone;
}

std::uint32_t MatchIndex::leftOutCalls(std::string_view method) const {
  const auto found = m_leftOutCalls.find(std::string(method));
  return found == m_leftOutCalls.end() ? 0 : found->second;
}

bool MatchIndex::comparesMetadata(std::string_view method) const {
  if (!m_comparesMetadata) return false;
  const auto found = m_numbers.find(method);
  return found != m_numbers.end() && !m_named[found->second]->metadata.empty();
}

const FieldPathSet& MatchIndex::ignored(std::string_view method) const {
  static const FieldPathSet kNothing;
  const auto found = m_numbers.find(method);
  return found == m_numbers.end() ? kNothing : m_named[found->second]->ignored;
}

MatchIndex::Place MatchIndex::find(const Schema& schema, const Family& family, std::uint32_t type,
                                   ByteView message) const {
  const std::uint64_t seed = family.seed + type;
  const MessageKey raw = messageKey(message, seed);
  Place place{.exact = m_keys.find(raw)};
  if (place.exact == kNone) {
    const MessageKeys forms = messageKeys(schema, family.types[type], message, seed, raw, *family.ignored);
    place.exact = m_keys.find(forms.exact);
    if (place.exact == kNone) {
      const std::uint32_t group = forms.guess ? m_keys.find(*forms.guess) : kNone;
      if (group != kNone) place.guessed = m_guessed[group];
      return place;
    }
  }
  const std::uint32_t group = m_groups[place.exact];
  if (group != kNone && m_guessed[group] != place.exact) place.guessed = m_guessed[group];
  return place;
}

bool sameIndex(const Recording& before, const Calls& calls, const Recording& after) {
  if (before.size() != after.size()) return false;
  for (const EntryId id : changedEntries(before, after)) {
    const auto position = before.position(id);
    if (!position || after.info(*position).id != id) return false;
    const EntryInfo info = before.info(*position);
    const EntryInfo now = after.info(*position);
    if (now.kind != info.kind) return false;
    // Whether a call was cut off shows in the extras of its last entry.
    if (info.hasExtras || now.hasExtras) {
      const EntryExtras was = extrasOf(before, *position);
      const EntryExtras is = extrasOf(after, *position);
      if (was.canceller != is.canceller || was.trailers.has_value() != is.trailers.has_value()) return false;
    }
    if (info.kind == EntryKind::Response) continue;
    if (info.kind != EntryKind::Recv || info.isError != now.isError) return false;
    const auto call = calls.indexOf(before, *position);
    if (!call) return false;
    // Only behind a SEND is a RECV no part of how its stream begins.
    bool sent = false;
    for (const std::uint32_t step : calls[*call].rest) {
      if (step == *position) break;
      const EntryInfo earlier = before.info(step);
      sent = sent || (earlier.kind == EntryKind::Send && !earlier.isError);
    }
    if (!sent || (info.isError && info.statusCode != now.statusCode)) return false;
  }
  return true;
}

MessageKey leadingKey(const MessageKey& before, ByteView message) {
  const MessageKey key = messageKey(message, before.low);
  return {key.low, key.high ^ before.high};
}

const google::protobuf::Descriptor* messageTypeOf(const Schema& schema, std::string_view typeUrl,
                                                  std::string_view method) {
  if (const auto* type = schema.message(typeNameOf(typeUrl))) return type;
  const auto* known = schema.method(method);
  return known ? known->input_type() : nullptr;
}

}  // namespace retake
