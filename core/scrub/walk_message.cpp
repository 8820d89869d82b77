#include <algorithm>
#include <map>
#include <unordered_map>

#include "recording/entry.h"
#include "recording/status.h"
#include "schema/message_depth.h"
#include "schema/text.h"
#include "schema/well_known.h"
#include "schema/wire_guess.h"
#include "scrub/map_keys.h"
#include "scrub/value_walker.h"
#include "scrub/wire_numbers.h"

namespace retake {
namespace {

namespace pb = google::protobuf;
using Field = pb::FieldDescriptor;
using Fate = ValueWalker::Fate;
using Kind = ValueStep::Kind;

std::size_t offsetIn(ByteView whole, ByteView part) {
  return static_cast<std::size_t>(part.data() - whole.data());
}

void appendGroup(std::string& out, std::uint32_t number, ByteView content) {
  appendTag(out, number, WireType::Group);
  out += content;
  appendVarint(out, std::uint64_t{number} << 3 | 4);
}

// A map's key as it stands in an entry; empty for one that is left out, which is 0 or "".
struct EntryParts {
  std::optional<WireField> key;
  std::optional<WireField> value;
  bool isPlain = true;  // each of them once, of the right wire type, and nothing else
};

EntryParts entryParts(const Field& map, ByteView entry) {
  EntryParts parts;
  const WireType keyType = wireTypeOf(*map.message_type()->map_key());
  const WireType valueType = wireTypeOf(*map.message_type()->map_value());
  WireCursor cursor(entry);
  WireField field;
  while (cursor.next(field)) {
    std::optional<WireField>& part = field.number == 1 ? parts.key : parts.value;
    if (field.number > 2 || field.type != (field.number == 1 ? keyType : valueType) || part)
      parts.isPlain = false;
    else
      part = field;
  }
  parts.isPlain = parts.isPlain && !cursor.failed();
  return parts;
}

std::string keyText(const Field& key, const std::optional<WireField>& field) {
  if (key.cpp_type() == Field::CPPTYPE_STRING) return field ? std::string(field->bytes) : std::string();
  return numberText(&key, field ? field->value : 0);
}

KeyKind keyKind(const Field& key) {
  if (key.cpp_type() == Field::CPPTYPE_STRING) return KeyKind::Text;
  return key.type() == Field::TYPE_BOOL ? KeyKind::Bool : KeyKind::Number;
}

std::string keyField(const Field& key, const std::string& text) {
  std::string out;
  if (key.cpp_type() == Field::CPPTYPE_STRING) {
    appendBytesField(out, 1, text);
  } else if (const auto bits = numberBits(&key, wireTypeOf(key), text)) {
    appendTag(out, 1, wireTypeOf(key));
    appendNumber(out, wireTypeOf(key), *bits);
  }
  return out;
}

std::uint64_t keyIndex(const Field& key, const std::optional<WireField>& field) {
  if (!field) return 0;
  switch (key.type()) {
    case Field::TYPE_SINT32:
    case Field::TYPE_SINT64:
      return (field->value >> 1) ^ (~(field->value & 1) + 1);
    case Field::TYPE_SFIXED32:
    case Field::TYPE_INT32:
      return static_cast<std::uint64_t>(static_cast<std::int64_t>(static_cast<std::int32_t>(field->value)));
    default:
      return field->value;
  }
}

}  // namespace

// One message on the way.
struct ValueWalker::MessageWalk {
  const ValueStep* at;
  const pb::Descriptor* type;
  ByteView bytes;
  std::vector<Replacement> replacements = {};  // by offset

  // Of fields that repeat: how many stood before.
  std::unordered_map<std::uint32_t, std::uint64_t> seen = {};
  // Of fields whose type is not known, by number and wire type.
  struct Unknown {
    Guess guess;
    bool isOnly;
  };
  std::unordered_map<std::uint64_t, Unknown> unknown = {};
  bool hasUnknown = false;

  // Entries of maps whose key has changed: what stands before the key and behind it.
  struct Rekeyed {
    const Field* map;
    std::size_t replacement;
    std::string rest;
    ChangedKey key;
  };
  std::vector<Rekeyed> rekeyed = {};

  // Of a google.protobuf.Any, or what looks as one.
  std::string_view anyType = {};

  void keepOrNot(Fate fate, const WireField& field, std::string&& now) {
    if (fate == Fate::Kept) return;
    replacements.push_back({offsetIn(bytes, field.raw), field.raw.size(),
                            fate == Fate::Removed ? std::string() : std::move(now)});
  }
  const Unknown& guessOf(const WireField& field) {
    if (!hasUnknown) {
      hasUnknown = true;
      for (const WireGroup& group : groupWireFields(bytes))
        unknown.emplace(std::uint64_t{group.number} << 3 | static_cast<std::uint64_t>(group.type),
                        Unknown{group.guess, group.fields.size() == 1});
    }
    return unknown.at(std::uint64_t{field.number} << 3 | static_cast<std::uint64_t>(field.type));
  }
};

namespace {

// The name of what it holds, where `message` is a google.protobuf.Any for sure, or looks as one: then by a
// type that is known, or the prefix that everybody writes.
std::string_view anyTypeIn(const Schema& schema, const pb::Descriptor* type, ByteView message) {
  if (type && type->full_name() != "google.protobuf.Any") return {};
  std::string_view url;
  bool hasValue = false;
  WireCursor cursor(message);
  WireField field;
  while (cursor.next(field)) {
    if (field.number == 1 && field.type == WireType::Length) {
      if (!type && !url.empty()) return {};
      url = field.bytes;
    } else if (field.number == 2 && field.type == WireType::Length) {
      if (!type && hasValue) return {};
      hasValue = true;
    } else if (!type) {
      return {};
    }
  }
  if (url.find('/') == std::string_view::npos || cursor.failed()) return {};
  const std::string_view name = typeNameOf(url);
  const auto isNamed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
  };
  if (!std::all_of(name.begin(), name.end(), isNamed)) return {};
  if (!type && !url.starts_with(kTypeUrlPrefix) && !schema.message(name)) return {};
  return name;
}

}  // namespace

Fate ValueWalker::message(const ValueStep* at, const pb::Descriptor* type, ByteView message,
                          std::string& out) {
  const ValuePlace place(at);
  if (m_depth >= kMaxMessageDepth) {
    EditedText edited(message);
    ValueChange change = m_visitor.bytes(place, message);
    if (change.kind == ValueChange::Kind::Remove) return Fate::Removed;
    if (change.kind == ValueChange::Kind::Set) return out = std::move(change.value), Fate::Changed;
    const Fate fate = textsAmong(at, edited);
    out = edited.now();
    return fate;
  }
  if (!m_visitor.enters(place, type)) return Fate::Kept;
  ValueChange change = m_visitor.message(place, type, message);
  if (change.kind == ValueChange::Kind::Remove) return Fate::Removed;
  if (change.kind == ValueChange::Kind::Set) return out = std::move(change.value), Fate::Changed;
  ++m_depth;
  const Fate fate = fields(at, type, message, out);
  --m_depth;
  return fate;
}

Fate ValueWalker::fields(const ValueStep* at, const pb::Descriptor* type, ByteView message,
                         std::string& out) {
  MessageWalk walk{.at = at, .type = type, .bytes = message};
  walk.anyType = anyTypeIn(m_schema, type, message);
  WireCursor cursor(message);
  WireField field;
  while (cursor.next(field)) {
    if (!walk.anyType.empty() && field.number <= 2 && field.type == WireType::Length) {
      if (field.number == 2) anyValue(walk, field, at);
      continue;
    }
    if (const Field* known = fieldOf(type, field.number))
      knownField(walk, field, *known);
    else
      unknownField(walk, field);
  }
  if (cursor.failed()) {
    const ByteView rest = message.substr(cursor.offset());
    EditedText edited(rest);
    const Fate fate = bytes(at, edited);
    if (fate != Fate::Kept)
      walk.replacements.push_back(
          {cursor.offset(), rest.size(), fate == Fate::Removed ? std::string() : std::string(edited.now())});
  }
  if (!walk.rekeyed.empty()) finishMaps(walk);
  if (walk.replacements.empty()) return Fate::Kept;
  out.clear();
  std::size_t done = 0;
  for (const Replacement& replacement : walk.replacements) {
    out += message.substr(done, replacement.offset - done);
    out += replacement.text;
    done = replacement.offset + replacement.length;
  }
  out += message.substr(done);
  return Fate::Changed;
}

void ValueWalker::anyValue(MessageWalk& walk, const WireField& field, const ValueStep* at) {
  const ValueStep step{.kind = Kind::Any, .text = walk.anyType, .parent = at};
  const pb::Descriptor* type = m_schema.message(walk.anyType);
  std::string now;
  const Fate fate = message(&step, type, field.bytes, now);
  std::string out;
  if (fate == Fate::Changed) appendBytesField(out, field.number, now);
  walk.keepOrNot(fate, field, std::move(out));
}

void ValueWalker::knownField(MessageWalk& walk, const WireField& field, const Field& known) {
  const WireType type = wireTypeOf(known);
  const bool isPacked = field.type == WireType::Length && type != WireType::Length && known.is_packable();
  if (field.type != type && !isPacked) return unknownField(walk, field);
  const ValueStep step{.kind = Kind::Field, .field = &known, .number = field.number, .parent = walk.at};
  if (!m_visitor.visits(ValuePlace(&step))) return;
  if (known.is_map()) return mapEntry(walk, field, step);
  if (isPacked) return packed(walk, field, step);
  std::string now;
  Fate fate = Fate::Kept;
  if (known.is_repeated()) {
    const ValueStep element{.kind = Kind::Element, .index = walk.seen[field.number]++, .parent = &step};
    fate = value(&element, field, &known, now);
  } else {
    fate = value(&step, field, &known, now);
  }
  walk.keepOrNot(fate, field, std::move(now));
}

void ValueWalker::unknownField(MessageWalk& walk, const WireField& field) {
  const ValueStep step{.kind = Kind::Field, .number = field.number, .parent = walk.at};
  if (!m_visitor.visits(ValuePlace(&step))) return;
  const ValueStep element{.kind = Kind::Element,
                          .isOnly = walk.guessOf(field).isOnly,
                          .index = walk.seen[field.number]++,
                          .parent = &step};
  std::string now;
  Fate fate = Fate::Kept;
  if (field.type == WireType::Length && walk.guessOf(field).guess == Guess::Message) {
    std::string content;
    fate = message(&element, nullptr, field.bytes, content);
    if (fate == Fate::Changed) appendBytesField(now, field.number, content);
  } else {
    fate = value(&element, field, nullptr, now);
  }
  walk.keepOrNot(fate, field, std::move(now));
}

Fate ValueWalker::value(const ValueStep* at, const WireField& field, const Field* known, std::string& out) {
  if (field.type == WireType::Group ||
      (known && known->type() == Field::TYPE_MESSAGE && field.type == WireType::Length)) {
    std::string now;
    const Fate fate = message(at, known ? known->message_type() : nullptr, field.bytes, now);
    if (fate != Fate::Changed) return fate;
    if (field.type == WireType::Group)
      appendGroup(out, field.number, now);
    else
      appendBytesField(out, field.number, now);
    return fate;
  }
  if (field.type != WireType::Length) return number(at, false, field, known, out);
  EditedText edited(field.bytes);
  const bool isText = known ? known->type() == Field::TYPE_STRING : isPrintable(field.bytes);
  const Fate fate = isText && isUtf8(field.bytes) ? text(at, false, edited) : bytes(at, edited);
  if (fate == Fate::Changed) appendBytesField(out, field.number, edited.now());
  return fate;
}

Fate ValueWalker::number(const ValueStep* at, bool isMapKey, const WireField& field, const Field* known,
                         std::string& out) {
  ValueChange change = m_visitor.number(ValuePlace(at, isMapKey), numberText(known, field.value));
  if (change.kind == ValueChange::Kind::Remove) return Fate::Removed;
  if (change.kind != ValueChange::Kind::Set) return Fate::Kept;
  const auto bits = numberBits(known, field.type, change.value);
  if (!bits || *bits == field.value) return Fate::Kept;
  appendTag(out, field.number, field.type);
  appendNumber(out, field.type, *bits);
  return Fate::Changed;
}

void ValueWalker::packed(MessageWalk& walk, const WireField& field, const ValueStep& step) {
  const Field& known = *step.field;
  const WireType type = wireTypeOf(known);
  // Each number as a field of its own: what cannot be read so is bytes.
  std::string now;
  bool changed = false;
  bool keepsAny = false;
  std::string tagged;
  for (std::size_t at = 0; at < field.bytes.size();) {
    tagged.clear();
    appendTag(tagged, 1, type);
    const std::size_t tag = tagged.size();
    tagged += field.bytes.substr(at, 10);
    WireField one;
    if (!WireCursor(tagged).next(one)) {
      EditedText rest(field.bytes.substr(at));
      const Fate fate = bytes(&step, rest);
      changed = changed || fate != Fate::Kept;
      if (fate != Fate::Removed) now += rest.now();
      keepsAny = true;
      break;
    }
    const std::size_t length = one.raw.size() - tag;
    const ValueStep element{.kind = Kind::Element, .index = walk.seen[field.number]++, .parent = &step};
    std::string out;
    const Fate fate = number(&element, false, one, &known, out);
    changed = changed || fate != Fate::Kept;
    if (fate == Fate::Kept) now += field.bytes.substr(at, length);
    if (fate == Fate::Changed) now += out.substr(tag);
    keepsAny = keepsAny || fate != Fate::Removed;
    at += length;
  }
  if (!changed) return;
  std::string out;
  if (keepsAny) appendBytesField(out, field.number, now);
  walk.keepOrNot(keepsAny ? Fate::Changed : Fate::Removed, field, std::move(out));
}

void ValueWalker::mapEntry(MessageWalk& walk, const WireField& field, const ValueStep& map) {
  const Field& known = *map.field;
  const Field& key = *known.message_type()->map_key();
  const Field& mapped = *known.message_type()->map_value();
  const EntryParts parts = entryParts(known, field.bytes);
  if (!m_visitor.enters(ValuePlace(&map), known.message_type())) return;
  const bool hasText = keyKind(key) == KeyKind::Text;
  const ValueStep step{.kind = Kind::Key,
                       .hasText = hasText,
                       .index = hasText ? 0 : keyIndex(key, parts.key),
                       .text = hasText && parts.key ? parts.key->bytes : std::string_view(),
                       .parent = &map};
  if (!parts.isPlain) {
    // Not as any serializer writes it; its fields all the same.
    std::string now;
    Fate fate = fields(&map, known.message_type(), field.bytes, now);
    std::string out;
    if (fate == Fate::Changed) appendBytesField(out, field.number, now);
    return walk.keepOrNot(fate, field, std::move(out));
  }
  std::string before = keyText(key, parts.key);
  std::string after = before;
  Fate keyFate = Fate::Kept;
  if (hasText) {
    EditedText edited(before);
    keyFate = text(&step, true, edited);
    if (keyFate == Fate::Changed) after = edited.now();
  } else {
    const ValueChange change = m_visitor.number(ValuePlace(&step, true), before);
    if (change.kind == ValueChange::Kind::Remove) keyFate = Fate::Removed;
    if (change.kind == ValueChange::Kind::Set)
      if (const auto bits = numberBits(&key, wireTypeOf(key), change.value)) after = numberText(&key, *bits);
    if (after != before) keyFate = Fate::Changed;
  }
  if (keyFate == Fate::Removed) return walk.keepOrNot(Fate::Removed, field, {});
  std::string valueNow;
  const Fate valueFate = parts.value ? value(&step, *parts.value, &mapped, valueNow) : Fate::Kept;
  if (valueFate == Fate::Removed) return walk.keepOrNot(Fate::Removed, field, {});
  if (keyFate == Fate::Kept && valueFate == Fate::Kept) return;
  std::string rest;
  if (parts.value) rest = valueFate == Fate::Changed ? valueNow : std::string(parts.value->raw);
  if (keyFate == Fate::Kept) {
    const bool keyFirst = parts.key && parts.value && parts.key->raw.data() < parts.value->raw.data();
    const std::string keyRaw = parts.key ? std::string(parts.key->raw) : std::string();
    std::string out;
    appendBytesField(out, field.number, keyFirst ? keyRaw + rest : rest + keyRaw);
    return walk.keepOrNot(Fate::Changed, field, std::move(out));
  }
  walk.keepOrNot(Fate::Changed, field, {});
  walk.rekeyed.push_back(
      {&known, walk.replacements.size() - 1, std::move(rest), {std::move(before), std::move(after)}});
}

void ValueWalker::finishMaps(MessageWalk& walk) {
  std::map<const Field*, std::vector<ChangedKey*>> maps;
  for (auto& entry : walk.rekeyed) maps[entry.map].push_back(&entry.key);
  for (auto& [map, changed] : maps) {
    const Field& key = *map->message_type()->map_key();
    // Keys of entries that are kept: all that stand there but those that changed.
    std::set<std::string> kept;
    std::set<std::string> before;
    for (const ChangedKey* one : changed) before.insert(one->before);
    WireCursor cursor(walk.bytes);
    WireField field;
    while (cursor.next(field)) {
      if (field.number != static_cast<std::uint32_t>(map->number()) || field.type != WireType::Length)
        continue;
      std::string text = keyText(key, entryParts(*map, field.bytes).key);
      if (!before.contains(text)) kept.insert(std::move(text));
    }
    separateKeys(std::move(changed), std::move(kept), keyKind(key));
  }
  for (const auto& entry : walk.rekeyed) {
    std::string& out = walk.replacements[entry.replacement].text;
    appendBytesField(out, static_cast<std::uint32_t>(entry.map->number()),
                     keyField(*entry.map->message_type()->map_key(), entry.key.now) + entry.rest);
  }
}

}  // namespace retake
