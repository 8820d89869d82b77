#include "match/leave_out.h"

#include <algorithm>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/wire.h"
#include "recording/entry.h"
#include "schema/wire_guess.h"

namespace retake {
namespace {

using Walk = FieldPathSet::Walk;

// As in wire_form.cpp: what nests deeper is taken for bytes, and what has more fields is left as it is.
constexpr int kMaxDepth = 100;
constexpr std::size_t kMaxFields = 1 << 20;

// The name of the type, where `message` can be an Any; else empty.
std::string_view anyTypeOf(ByteView message) {
  std::string_view url;
  std::uint32_t last = 0;
  WireCursor cursor(message);
  while (const auto field = cursor.next()) {
    if (field->type != WireType::Length || field->number > 2 || field->number <= last) return {};
    if (field->number == 1) url = field->bytes;
    last = field->number;
  }
  return url.find('/') == std::string_view::npos ? std::string_view() : typeNameOf(url);
}

// How many fields of a number have been seen. Few numbers occur in one message, but in garbage.
class Occurrences {
 public:
  std::uint64_t next(std::uint32_t number) {
    for (auto& [known, count] : m_few)
      if (known == number) return count++;
    if (m_few.size() == kFew) return m_more[number]++;
    m_few.emplace_back(number, 1);
    return 0;
  }

 private:
  static constexpr std::size_t kFew = 16;
  std::vector<std::pair<std::uint32_t, std::uint64_t>> m_few;
  std::unordered_map<std::uint32_t, std::uint64_t> m_more;
};

bool isWalkedInto(const Walk& walk, ByteView payload) {
  if (!isWireMessage(payload)) return false;
  if (!walk.onlyByAnyDepth()) return true;
  return guessPayload(std::span(&payload, 1)) == Guess::Message;
}

// `fields` counts all of them, whatever their depth.
std::string leaveOutAt(ByteView message, const Walk& walk, int depth, std::size_t& fields) {
  std::string out;
  out.reserve(message.size());
  const std::string_view anyType = anyTypeOf(message);
  Occurrences occurrences;
  WireCursor cursor(message);
  while (const auto field = cursor.next()) {
    if (++fields > kMaxFields) return std::string(message);
    const Walk all = walk.field(field->number);
    Walk here = all.dead() ? all : all.element(occurrences.next(field->number));
    if (!anyType.empty() && field->number == 2) here = here.with(walk.any(anyType));
    if (here.covered()) continue;
    const bool nests = field->type == WireType::Group ||
                       (field->type == WireType::Length && !here.dead() && isWalkedInto(here, field->bytes));
    if (here.dead() || !nests || depth >= kMaxDepth) {
      out += field->raw;
      continue;
    }
    const std::string inner = leaveOutAt(field->bytes, here, depth + 1, fields);
    if (field->type == WireType::Length) {
      appendBytesField(out, field->number, inner);
    } else {
      appendTag(out, field->number, WireType::Group);
      out += inner;
      appendVarint(out, std::uint64_t{field->number} << 3 | 4);
    }
  }
  return cursor.failed() ? std::string(message) : out;
}

}  // namespace

std::string leaveOut(ByteView message, const Walk& walk) {
  if (walk.covered()) return {};
  if (walk.dead()) return std::string(message);
  std::size_t fields = 0;
  std::string out = leaveOutAt(message, walk, 0, fields);
  return fields > kMaxFields ? std::string(message) : out;
}

}  // namespace retake
