#include "schema/wire_guess.h"

#include <algorithm>
#include <set>
#include <string>
#include <unordered_map>

#include "schema/text.h"

namespace retake {
namespace {

// Random bytes parse as fields now and then; they seldom keep to small numbers. Above what people give
// to fields by hand, extensions of descriptor options (50000 and up) aside.
constexpr std::uint32_t kLargestPlausibleNumber = 10'000;

// Whether the field's numbers are written in their shortest form.
bool isShortest(const WireField& field) {
  std::string head;
  appendTag(head, field.number, field.type);
  if (field.type == WireType::Varint) appendVarint(head, field.value);
  if (field.type == WireType::Length) appendVarint(head, field.bytes.size());
  if (!field.raw.starts_with(head)) return false;
  if (field.type != WireType::Group) return true;
  std::string end;
  appendVarint(end, static_cast<std::uint64_t>(field.number) << 3 | 4);
  return field.raw.size() == head.size() + field.bytes.size() + end.size();
}

// Fields as a serializer writes them: shortest numbers, the occurrences of a field together. Whatever is
// not written so would not read back from wire JSON to the same bytes.
bool looksLikeMessage(ByteView bytes) {
  std::set<std::pair<std::uint32_t, WireType>> seen;
  std::pair<std::uint32_t, WireType> last;
  WireCursor cursor(bytes);
  while (const auto field = cursor.next()) {
    const std::pair key(field->number, field->type);
    if (key != last && !seen.insert(key).second) return false;
    last = key;
    if (field->number > kLargestPlausibleNumber || !isShortest(*field)) return false;
    if (field->type == WireType::Group && !looksLikeMessage(field->bytes)) return false;
  }
  return !cursor.failed();
}

bool beginsWithLineEnd(ByteView text) {
  return !text.empty() && (text.front() == '\n' || text.front() == '\r' || text.front() == '\t');
}

}  // namespace

Guess guessPayload(std::span<const ByteView> occurrences) {
  bool allEmpty = true;
  bool allText = true;
  bool allBeginOddly = true;
  for (const ByteView bytes : occurrences) {
    if (bytes.empty()) continue;
    allEmpty = false;
    allText = allText && isPrintable(bytes);
    allBeginOddly = allBeginOddly && beginsWithLineEnd(bytes);
  }
  if (allEmpty || (allText && !allBeginOddly)) return Guess::String;
  if (std::all_of(occurrences.begin(), occurrences.end(), looksLikeMessage)) return Guess::Message;
  return allText ? Guess::String : Guess::Bytes;
}

std::vector<WireGroup> groupWireFields(ByteView bytes, bool* failed) {
  std::vector<WireGroup> groups;
  std::unordered_map<std::uint64_t, std::size_t> places;
  WireCursor cursor(bytes);
  while (const auto field = cursor.next()) {
    const std::uint64_t key =
        static_cast<std::uint64_t>(field->number) << 3 | static_cast<std::uint64_t>(field->type);
    const auto [place, isNew] = places.try_emplace(key, groups.size());
    if (isNew) groups.push_back({.number = field->number, .type = field->type, .guess = {}, .fields = {}});
    groups[place->second].fields.push_back(*field);
  }
  for (WireGroup& group : groups) {
    if (group.type != WireType::Length) continue;
    std::vector<ByteView> payloads;
    payloads.reserve(group.fields.size());
    for (const WireField& field : group.fields) payloads.push_back(field.bytes);
    group.guess = guessPayload(payloads);
  }
  if (failed) *failed = cursor.failed();
  return groups;
}

}  // namespace retake
