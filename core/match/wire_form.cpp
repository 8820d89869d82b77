#include "match/wire_form.h"

#include <algorithm>
#include <vector>

#include "base/wire.h"

namespace retake {
namespace {

// Deeper than protobuf's own parsers go; what nests deeper is taken for bytes.
constexpr int kMaxGuessDepth = 100;
// Long text may read as millions of fields. What holds more than this is compared as it is.
constexpr std::size_t kMaxGuessFields = 1 << 16;
// A client may send garbage of any size, which reads as a field for each two bytes. Nobody writes so many in
// an order of his own.
constexpr std::size_t kMaxExactFields = 1 << 20;

bool isShortest(const WireField& field) {
  const std::size_t tag = varintSize(std::uint64_t{field.number} << 3);
  switch (field.type) {
    case WireType::Varint:
      return field.raw.size() == tag + varintSize(field.value);
    case WireType::Length:
      return field.raw.size() == tag + varintSize(field.bytes.size()) + field.bytes.size();
    case WireType::Fixed64:
      return field.raw.size() == tag + 8;
    case WireType::Fixed32:
      return field.raw.size() == tag + 4;
    case WireType::Group:
      return false;  // its content has to be looked at
  }
  return false;
}

std::vector<WireField> sortedFields(ByteView message) {
  std::vector<WireField> fields;
  WireCursor cursor(message);
  while (const auto field = cursor.next()) fields.push_back(*field);
  std::stable_sort(fields.begin(), fields.end(),
                   [](const WireField& a, const WireField& b) { return a.number < b.number; });
  return fields;
}

void appendGroup(std::string& out, std::uint32_t number, ByteView content) {
  appendTag(out, number, WireType::Group);
  out.append(content);
  appendVarint(out, std::uint64_t{number} << 3 | 4);
}

void appendFixed(std::string& out, const WireField& field) {
  appendTag(out, field.number, field.type);
  for (int shift = 0; shift < (field.type == WireType::Fixed64 ? 64 : 32); shift += 8)
    out.push_back(static_cast<char>(field.value >> shift));
}

void appendExact(std::string& out, const WireField& field) {
  switch (field.type) {
    case WireType::Varint:
      appendVarintField(out, field.number, field.value);
      break;
    case WireType::Length:
      appendBytesField(out, field.number, field.bytes);
      break;
    case WireType::Fixed64:
    case WireType::Fixed32:
      appendFixed(out, field);
      break;
    case WireType::Group: {
      std::string storage;
      appendGroup(out, field.number, exactForm(field.bytes, storage));
      break;
    }
  }
}

// A repetition of one field, each in its guessed form.
struct Guessed {
  std::string bytes;
  std::string key;  // field 1 of a map's entry
};

// Whether `bytes` can be an entry of a map: at most one field 1, then at most one field 2.
bool readMapKey(Guessed& guessed) {
  WireCursor cursor(guessed.bytes);
  std::uint32_t last = 0;
  while (const auto field = cursor.next()) {
    if (field->number > 2 || field->number <= last) return false;
    if (field->number == 1) {
      if (field->type == WireType::Group) return false;
      guessed.key = field->raw;
    }
    last = field->number;
  }
  return !cursor.failed();
}

void sortIfMap(std::vector<Guessed>& run) {
  if (run.size() < 2) return;
  if (!std::all_of(run.begin(), run.end(), readMapKey)) return;
  std::vector<const Guessed*> order;
  for (const Guessed& one : run) order.push_back(&one);
  const auto byKey = [](const Guessed* a, const Guessed* b) { return a->key < b->key; };
  std::sort(order.begin(), order.end(), byKey);
  const bool distinct =
      std::adjacent_find(order.begin(), order.end(),
                         [](const Guessed* a, const Guessed* b) { return a->key == b->key; }) == order.end();
  if (!distinct) return;
  std::sort(run.begin(), run.end(), [](const Guessed& a, const Guessed& b) { return a.key < b.key; });
}

void appendGuessed(std::string& out, ByteView message, int depth);

enum class Content : std::uint8_t {
  Bytes,   // no message, or one that is too much for a guess
  Plain,   // a message in its guessed form
  Fields,  // a message that has to be looked at field by field
};

// With `lookInside`, a message of text and plain submessages, each once, is known to be Plain as well; one
// level of looking is enough for most, and keeps the whole linear.
Content contentOf(ByteView payload, int depth, bool lookInside) {
  if (payload.empty() || depth > kMaxGuessDepth) return Content::Bytes;
  WireCursor cursor(payload);
  std::uint32_t last = 0;
  std::size_t count = 0;
  bool plain = true;
  while (const auto field = cursor.next()) {
    plain = plain && field->number >= last && isShortest(*field);
    if (plain && field->type == WireType::Length)
      plain =
          lookInside && field->number > last && contentOf(field->bytes, depth + 1, false) != Content::Fields;
    last = field->number;
    if (++count > kMaxGuessFields) return Content::Bytes;
  }
  if (cursor.failed()) return Content::Bytes;
  return plain ? Content::Plain : Content::Fields;
}

std::string guessedPayload(ByteView payload, int depth) {
  std::string out;
  appendGuessed(out, payload, depth);
  return out;
}

void appendGuessed(std::string& out, ByteView message, int depth) {
  if (contentOf(message, depth, false) != Content::Fields) {
    out.append(message);
    return;
  }
  const std::vector<WireField> fields = sortedFields(message);
  std::vector<Guessed> run;
  for (std::size_t i = 0; i < fields.size();) {
    const WireField& field = fields[i];
    if (field.type == WireType::Group) {
      appendGroup(out, field.number, guessedPayload(field.bytes, depth + 1));
      ++i;
      continue;
    }
    if (field.type != WireType::Length) {
      appendExact(out, field);
      ++i;
      continue;
    }
    // Cut into two by a field of another type, it is no map that anybody wrote.
    run.clear();
    for (; i < fields.size() && fields[i].number == field.number && fields[i].type == WireType::Length; ++i)
      run.push_back({guessedPayload(fields[i].bytes, depth + 1), {}});
    sortIfMap(run);
    for (const Guessed& one : run) appendBytesField(out, field.number, one.bytes);
  }
}

}  // namespace

ByteView exactForm(ByteView message, std::string& storage) {
  WireCursor cursor(message);
  std::uint32_t last = 0;
  std::size_t count = 0;
  bool inForm = true;
  while (const auto field = cursor.next()) {
    inForm = inForm && field->number >= last && isShortest(*field);
    last = field->number;
    if (++count > kMaxExactFields) return message;
  }
  if (inForm || cursor.failed()) return message;
  storage.clear();
  storage.reserve(message.size());
  for (const WireField& field : sortedFields(message)) appendExact(storage, field);
  return storage;
}

ByteView guessedForm(ByteView message, std::string& storage) {
  if (contentOf(message, 0, true) != Content::Fields) return message;
  storage.clear();
  appendGuessed(storage, message, 0);
  return storage;
}

}  // namespace retake
