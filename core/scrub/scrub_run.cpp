#include "scrub/scrub_run.h"

#include <re2/re2.h>

#include <algorithm>
#include <utility>

#include "base/wire.h"
#include "recording/status.h"
#include "scrub/value_walk.h"

namespace retake {
namespace {

namespace pb = google::protobuf;
using Place = ScrubWhere::Place;
using In = ScrubHit::In;

// Of Entry (proto/retake/replay_file.proto).
enum EntryField : std::uint32_t {
  kMessage = 3,
  kRequestMetadata = 1001,
  kHeaders = 1003,
  kTrailers = 1004,
  kScrubbed = 1007
};

constexpr std::size_t kMaxTypes = 4096;

bool isMetadata(const WireField& field) {
  return field.type == WireType::Length &&
         (field.number == kRequestMetadata || field.number == kHeaders || field.number == kTrailers);
}

bool isMarked(ByteView entry) {
  WireCursor cursor(entry);
  WireField field;
  while (cursor.next(field))
    if (field.number == kScrubbed && field.type == WireType::Varint && field.value != 0) return true;
  return false;
}

// A google.protobuf.Any with other values; null where all stay. `change` takes one, and gives null to keep
// it.
template <typename Change>
std::optional<std::string> withValues(ByteView any, const Change& change) {
  std::string out;
  std::size_t done = 0;
  WireCursor cursor(any);
  WireField field;
  while (cursor.next(field)) {
    if (field.number != 2 || field.type != WireType::Length) continue;
    const std::optional<std::string> now = change(field.bytes);
    if (!now) continue;
    const auto begin = static_cast<std::size_t>(field.raw.data() - any.data());
    out += any.substr(done, begin - done);
    appendBytesField(out, field.number, *now);
    done = begin + field.raw.size();
  }
  if (done == 0) return std::nullopt;
  out += any.substr(done);
  return out;
}

}  // namespace

ScrubRun::ScrubRun(const CompiledRules& rules, bool remembersCalls)
    : m_rules(rules),
      m_remembersCalls(remembersCalls),
      m_places(rules),
      m_found(rules.prefilter.size()),
      m_active(rules.rules.size()),
      m_anyTextOf(rules.prefilter.size()) {
  for (std::uint32_t i = 0; i < rules.rules.size(); ++i) {
    if (!rules.rules[i]) continue;
    const Place place = rules.rules[i]->place();
    if (place == Place::AnyText) {
      m_anyText.push_back(i);
      m_anyTextOf[*rules.rules[i]->patternNumber].push_back(i);
    }
    if (place == Place::AnyString || place == Place::AnyBytes) m_anyValue.push_back(i);
    if (place == Place::MetadataKey) m_ofMetadata.push_back(i);
  }
}

// A schema takes its time.
const pb::Descriptor* ScrubRun::typeNamed(std::string_view name) {
  const auto known = m_types.find(name);
  if (known != m_types.end()) return known->second;
  if (m_types.size() >= kMaxTypes) m_types.clear();  // live ones have whatever names clients think of
  return m_types[std::string(name)] = m_rules.schema->message(name);
}

const ScrubRun::TypeOfUrl& ScrubRun::typeOfUrl(std::string_view url) {
  for (const TypeOfUrl& known : m_lastTypes)
    if (known.url == url) return known;
  const std::string_view name = typeNameOf(url);
  TypeOfUrl& next = m_lastTypes[m_nextType++ % m_lastTypes.size()];
  return next = {std::string(url), name.size(), typeNamed(name)};
}

void ScrubRun::activate(std::uint32_t rule, char how) {
  if (!m_active[rule]) m_activeList.push_back(rule);
  m_active[rule] = std::max(m_active[rule], how);
}

ScrubVisitor ScrubRun::visitor(RulePlaces::Id begin, const ScrubVisitor::Where& where,
                               const ScrubHits& hits) {
  std::sort(m_activeList.begin(), m_activeList.end());
  return {m_rules, m_active, m_activeList, m_places, begin, where, hits};
}

bool ScrubRun::activatePatterns(ByteView bytes) {
  for (const std::uint32_t rule : m_activeList) m_active[rule] = ScrubVisitor::kNot;
  m_activeList.clear();
  std::fill(m_found.begin(), m_found.end(), char{0});
  m_rules.prefilter.scan(bytes, m_found);
  // Of many patterns few are found, in most bytes none.
  const std::string_view found(m_found.data(), m_found.size());
  for (std::size_t number = found.find('\1'); number != found.npos; number = found.find('\1', number + 1))
    for (const std::uint32_t rule : m_anyTextOf[number]) activate(rule);
  return !m_activeList.empty();
}

// What a rule leaves the next ones see, whatever the bytes said of them.
bool ScrubRun::activateLater() {
  if (m_activeList.empty()) return false;
  const std::uint32_t first = *std::min_element(m_activeList.begin(), m_activeList.end());
  for (auto rule = std::upper_bound(m_anyText.begin(), m_anyText.end(), first); rule != m_anyText.end();
       ++rule)
    activate(*rule, ScrubVisitor::kLater);
  return true;
}

bool ScrubRun::activateForMessage(const pb::Descriptor* type, std::string_view typeName, ByteView bytes) {
  activatePatterns(bytes);
  const RulePlaces::Id begin = m_places.ofType(m_places.message(), typeName);
  for (const std::uint32_t rule : m_places.covered(begin)) activate(rule);
  const bool holdsAny = m_found[m_rules.anyNumber] != 0;
  std::optional<bool> hasField;
  const auto mayHaveField = [&] {
    if (!hasField) hasField = !type || m_places.mayCover(begin, *type, bytes);
    return *hasField;
  };
  for (const auto& [rule, need] : m_places.needs(begin, type)) {
    const CompiledRule& compiled = *m_rules.rules[rule];
    const bool isNamed = !compiled.nameNumber || m_found[*compiled.nameNumber];
    const bool inside =
        (need.json && isNamed) || (need.any && (compiled.place() == Place::MessageType ? isNamed : holdsAny));
    if (inside || (need.field && mayHaveField()))
      activate(rule, inside ? ScrubVisitor::kInside : ScrubVisitor::kFields);
  }
  for (const std::uint32_t i : m_anyValue) {
    const auto& number = m_rules.rules[i]->patternNumber;
    if (!number || m_found[*number])
      activate(i);
    else if (!m_activeList.empty())
      activate(i, ScrubVisitor::kLater);
  }
  return activateLater();
}

bool ScrubRun::activateForMetadata(ByteView bytes) {
  activatePatterns(bytes);
  for (const std::uint32_t rule : m_ofMetadata) {
    const auto& number = m_rules.rules[rule]->nameNumber;
    if (!number || m_found[*number]) activate(rule);
  }
  return activateLater();
}

bool ScrubRun::isInScope(std::uint32_t rule, const FilterInput& input, std::uint32_t call,
                         std::uint32_t position) {
  const Query& scope = m_rules.rules[rule]->scope;
  const auto ask = [&] { return scope.evaluate(MessageSubject(input, call, position)) == Truth::Yes; };
  if (!m_remembersCalls || scope.cost() != QueryCost::Index || scope.asksForDirection()) return ask();
  m_inScope.resize(m_rules.rules.size());
  m_inScope[rule].resize(input.calls->size());
  char& known = m_inScope[rule][call];
  if (known == 0) known = ask() ? 2 : 1;
  return known == 2;
}

bool ScrubRun::keepInScope(const FilterInput& input, std::uint32_t position) {
  std::optional<std::optional<std::uint32_t>> call;
  std::erase_if(m_activeList, [&](std::uint32_t rule) {
    if (m_rules.rules[rule]->scope.isEmpty()) return false;
    if (!call) call = input.calls->indexOf(*input.recording, position);
    if (*call && isInScope(rule, input, **call, position)) return false;
    m_active[rule] = ScrubVisitor::kNot;
    return true;
  });
  return isAnyFirst();
}

bool ScrubRun::keepInScope(const LiveSubject& subject, const Scrubber::Live& live) {
  const bool unknownIsIn = live.isRequest || live.isWritten;
  std::erase_if(m_activeList, [&](std::uint32_t rule) {
    const Query& scope = m_rules.rules[rule]->scope;
    // What a live request cannot tell it is taken to have. An answer does not tell what its request was: on
    // its way to a client it keeps its values, which may never have been in the scope.
    if (scope.isEmpty() || !scope.needsOnlyRequest()) return false;
    const Truth truth = scope.evaluate(subject);
    if (truth == Truth::Yes || (unknownIsIn && truth == Truth::Unknown)) return false;
    m_active[rule] = ScrubVisitor::kNot;
    return true;
  });
  return isAnyFirst();
}

// Those that apply to what others have made do nothing without them.
bool ScrubRun::isAnyFirst() const {
  return std::any_of(m_activeList.begin(), m_activeList.end(),
                     [&](std::uint32_t rule) { return m_active[rule] != ScrubVisitor::kLater; });
}

void ScrubRun::noteLeftAlone(bool isMarked) {
  if (!isMarked) return;
  for (const std::uint32_t rule : m_activeList)
    if (m_rules.rules[rule]->changesOwnTexts && m_active[rule] != ScrubVisitor::kLater &&
        std::find(m_leftAlone.begin(), m_leftAlone.end(), rule) == m_leftAlone.end())
      m_leftAlone.push_back(rule);
}

std::optional<std::string> ScrubRun::unreadable(const FilterInput& input, std::uint32_t position,
                                                ByteView bytes, const ScrubHits& hits) {
  if (!activatePatterns(bytes) || !keepInScope(input, position)) return std::nullopt;
  ScrubVisitor scrub = visitor(m_places.coveredBy({}), {}, hits);
  return walkBytes(*m_rules.schema, bytes, scrub);
}

Result<std::optional<std::string>> ScrubRun::entry(const FilterInput& input, std::uint32_t position,
                                                   const ScrubHits& hits) {
  m_places.tidy();
  m_leftAlone.clear();
  const auto bytes = input.recording->bytes(position);
  if (!bytes) return bytes.error();
  EntryFields fields;
  if (parseEntry(bytes->view, fields)) return unreadable(input, position, bytes->view, hits);

  ScrubVisitor::Where where;
  const TypeOfUrl& ofUrl = typeOfUrl(fields.typeUrl);
  const pb::Descriptor* const type = ofUrl.type;
  where.typeName = fields.typeUrl.substr(fields.typeUrl.size() - ofUrl.nameLength);
  where.in = fields.isError && fields.hasMessage ? In::Status : In::Message;
  where.compared = fields.kind == EntryKind::Request || fields.kind == EntryKind::Send;
  where.isMarked = fields.hasExtras && isMarked(bytes->view);

  const auto change = [&](ByteView value) { return valueOf(input, position, value, type, where, hits); };
  // Nearly every entry there is: where its message stays as it is, so does the entry.
  std::optional<std::string> only;
  if (fields.isPlain && !fields.hasExtras) {
    if (fields.message.data()) only = change(fields.message);
    if (!only) return std::optional<std::string>();
  }

  std::string out;
  std::size_t done = 0;
  const auto replace = [&](const WireField& field, const std::string& with) {
    const auto begin = static_cast<std::size_t>(field.raw.data() - bytes->view.data());
    out += bytes->view.substr(done, begin - done);
    appendBytesField(out, field.number, with);
    done = begin + field.raw.size();
  };
  bool changed = false;
  WireCursor cursor(bytes->view);
  WireField field;
  while (cursor.next(field)) {
    const bool isMessage = field.number == kMessage && field.type == WireType::Length;
    if (!isMessage && !(fields.hasExtras && isMetadata(field))) continue;
    std::optional<std::string> now;
    if (isMessage) {
      now = only ? withValues(field.bytes, [&](ByteView) { return std::exchange(only, {}); })
                 : withValues(field.bytes, change);
    } else if (activateForMetadata(field.bytes) && keepInScope(input, position)) {
      noteLeftAlone(where.isMarked);
      now = metadataMessage(
          field.bytes,
          {.in = field.number == kTrailers ? In::Trailers : In::Headers, .isMarked = where.isMarked}, hits);
    }
    if (!now) continue;
    replace(field, *now);
    changed = true;
  }
  if (!changed) return std::optional<std::string>();
  out += bytes->view.substr(done);
  return std::optional(std::move(out));
}

// Of a message of an entry.
std::optional<std::string> ScrubRun::valueOf(const FilterInput& input, std::uint32_t position, ByteView value,
                                             const pb::Descriptor* type, const ScrubVisitor::Where& where,
                                             const ScrubHits& hits) {
  if (!activateForMessage(type, where.typeName, value) || !keepInScope(input, position)) return std::nullopt;
  noteLeftAlone(where.isMarked);
  ScrubVisitor scrub = visitor(m_places.message(), where, hits);
  return walkValues(*m_rules.schema, type, value, scrub);
}

ScrubRun::Value ScrubRun::metadataValue(std::string_view key, std::string_view value,
                                        const ScrubVisitor::Where& where, const ScrubHits& hits) {
  std::vector<std::uint32_t> covered;
  bool hasPattern = false;
  for (const std::uint32_t index : m_activeList) {
    const CompiledRule& rule = *m_rules.rules[index];
    if (rule.place() == Place::AnyText && m_active[index] != ScrubVisitor::kLater) hasPattern = true;
    if (rule.place() == Place::MetadataKey && (rule.rule.where.path == "*" || rule.rule.where.path == key))
      covered.push_back(index);
  }
  if (covered.empty() && !hasPattern) return {};
  std::sort(covered.begin(), covered.end());
  for (const std::uint32_t index : covered) {
    const CompiledRule& rule = *m_rules.rules[index];
    if (!rule.actor.removes() || rule.pattern) continue;
    if (hits)
      hits({.rule = index,
            .in = where.in,
            .path = std::string(key),
            .before = std::string(value),
            .removed = true});
    return {.removed = true};
  }
  ScrubVisitor::Where here = where;
  here.key = key;
  ScrubVisitor scrub = visitor(m_places.coveredBy(covered), here, hits);
  auto now = isBinaryKey(key) ? walkBytes(*m_rules.schema, value, scrub) : walkText(value, scrub);
  return {.now = std::move(now)};
}

std::optional<std::string> ScrubRun::metadataMessage(ByteView metadata, const ScrubVisitor::Where& where,
                                                     const ScrubHits& hits) {
  std::string out;
  bool changed = false;
  WireCursor cursor(metadata);
  WireField field;
  while (cursor.next(field)) {
    std::string_view key;
    std::string_view value;
    WireField part;
    if (field.number == 1 && field.type == WireType::Length)
      for (WireCursor parts(field.bytes); parts.next(part);) {
        if (part.type != WireType::Length) continue;
        if (part.number == 1) key = part.bytes;
        if (part.number == 2) value = part.bytes;
      }
    const Value scrubbed = metadataValue(key, value, where, hits);
    changed = changed || scrubbed.removed || scrubbed.now;
    if (scrubbed.removed) continue;
    if (!scrubbed.now) {
      out += field.raw;
      continue;
    }
    std::string entry;
    for (WireCursor parts(field.bytes); parts.next(part);)
      if (part.number != 2 || part.type != WireType::Length) entry += part.raw;
    appendBytesField(entry, 2, *scrubbed.now);
    appendBytesField(out, field.number, entry);
  }
  if (cursor.failed()) out += metadata.substr(cursor.offset());
  return changed ? std::optional(std::move(out)) : std::nullopt;
}

Result<std::optional<std::string>> ScrubRun::initialState(const Recording& recording, const ScrubHits& hits) {
  const auto state = recording.initialState();
  if (!state) return state.error();
  const bool isAsked = std::any_of(m_rules.rules.begin(), m_rules.rules.end(), [](const auto& rule) {
    return rule && (rule->changesOwnTexts || rule->changesOwnNumbers);
  });
  bool isMarked = false;
  for (std::uint32_t i = 0; isAsked && !state->view.empty() && !isMarked && i < recording.size(); ++i) {
    if (!recording.info(i).hasExtras) continue;
    const auto bytes = recording.bytes(i);
    if (!bytes) return bytes.error();
    isMarked = retake::isMarked(bytes->view);
  }
  return initialState(state->view, isMarked, hits);
}

std::optional<std::string> ScrubRun::initialState(ByteView state, bool isMarked, const ScrubHits& hits) {
  m_places.tidy();
  if (state.empty()) return std::nullopt;
  activatePatterns(state);
  // A scope is one of calls.
  std::erase_if(m_activeList, [&](std::uint32_t rule) {
    if (m_rules.rules[rule]->scope.isEmpty()) return false;
    m_active[rule] = 0;
    return true;
  });
  std::vector<std::uint32_t> covered;
  for (std::uint32_t i = 0; i < m_rules.rules.size(); ++i) {
    const auto& rule = m_rules.rules[i];
    if (!rule) continue;
    if (rule->place() == Place::InitialState) covered.push_back(i);
    // JSON has names, whatever its state is for; a message has numbers.
    if (rule->place() == Place::InitialState || (rule->place() == Place::Field && rule->scope.isEmpty()))
      activate(i);
  }
  if (!activateLater()) return std::nullopt;
  ScrubVisitor scrub = visitor(m_places.state(covered), {.in = In::InitialState, .isMarked = isMarked}, hits);
  return walkBytes(*m_rules.schema, state, scrub);
}

std::optional<std::string> ScrubRun::message(const Scrubber::Live& live, ByteView message,
                                             const ScrubHits& hits) {
  m_places.tidy();
  const pb::Descriptor* const type = live.type(*m_rules.schema);
  const std::string_view typeName = type ? std::string_view(type->full_name()) : live.typeName;
  if (!activateForMessage(type, typeName, message)) return std::nullopt;
  const LiveSubject subject(*m_rules.schema, {.method = live.method,
                                              .isRequest = live.isRequest,
                                              .typeName = live.typeName,
                                              .message = message,
                                              .metadata = live.metadata});
  if (!keepInScope(subject, live)) return std::nullopt;
  const ScrubVisitor::Where where{.in = typeName == kStatusType ? In::Status : In::Message,
                                  .compared = live.isRequest,
                                  .typeName = typeName};
  ScrubVisitor scrub = visitor(m_places.message(), where, hits);
  return walkValues(*m_rules.schema, type, message, scrub);
}

std::optional<Metadata> ScrubRun::metadata(const Scrubber::Live& live, const Metadata& metadata,
                                           bool trailers, const ScrubHits& hits) {
  m_places.tidy();
  std::string all;
  for (const MetadataEntry& entry : metadata) all += entry.key + '\0' + entry.value + '\0';
  if (!activateForMetadata(all)) return std::nullopt;
  const LiveSubject subject(*m_rules.schema,
                            {.method = live.method, .isRequest = live.isRequest, .metadata = live.metadata});
  if (!keepInScope(subject, live)) return std::nullopt;
  Metadata out;
  bool changed = false;
  for (const MetadataEntry& entry : metadata) {
    Value value = metadataValue(entry.key, entry.value, {.in = trailers ? In::Trailers : In::Headers}, hits);
    changed = changed || value.removed || value.now;
    if (!value.removed) out.push_back({entry.key, value.now ? *std::move(value.now) : entry.value});
  }
  return changed ? std::optional(std::move(out)) : std::nullopt;
}

}  // namespace retake
