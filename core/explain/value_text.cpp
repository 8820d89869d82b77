#include "explain/value_text.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/hex.h"
#include "schema/text.h"

namespace retake {
namespace {

// Up to here a value is kept whole; of a longer one so much before and from the first difference.
constexpr std::size_t kWhole = 1024;
constexpr std::size_t kBefore = 200;
constexpr std::size_t kFrom = 600;

constexpr std::string_view kEllipsis = "…";
constexpr std::string_view kOpen = "⟨";
constexpr std::string_view kClose = "⟩";

bool isContinuation(char c) { return (static_cast<unsigned char>(c) & 0xc0u) == 0x80u; }

// The beginning of the character that `at` is in; bytes that are no UTF-8 are left where they are.
std::size_t characterBegin(ByteView value, std::size_t at) {
  std::size_t begin = at;
  while (begin > 0 && begin < value.size() && at - begin < 4 && isContinuation(value[begin])) --begin;
  return begin < value.size() && isContinuation(value[begin]) ? at : begin;
}

void appendHex(std::string& out, char c) {
  const auto byte = static_cast<unsigned char>(c);
  out += "\\x";
  out += kHexDigits[byte >> 4u];
  out += kHexDigits[byte & 15u];
}

// What is in the quotes.
std::string escaped(ByteView value, bool isText) {
  std::string out;
  while (!value.empty()) {
    const std::size_t valid = isText ? validUtf8(value) : 0;
    if (valid > 0) {
      std::string text;
      appendJsonString(text, value.substr(0, valid));
      out.append(text, 1, text.size() - 2);
      value.remove_prefix(valid);
      continue;
    }
    const char c = value.front();
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20 || byte >= 0x7f) {
      appendHex(out, c);
    } else {
      out += c;
    }
    value.remove_prefix(1);
  }
  return out;
}

std::string window(ByteView value, bool isText, std::size_t from, std::size_t to, std::uint64_t& size) {
  from = characterBegin(value, std::min(from, value.size()));
  to = to >= value.size() ? value.size() : characterBegin(value, to);
  size = from > 0 || to < value.size() ? value.size() : 0;
  std::string out = isText ? "\"" : "b\"";
  if (from > 0) out += kEllipsis;
  out += escaped(value.substr(from, to - from), isText);
  if (to < value.size()) out += kEllipsis;
  return out + '"';
}

std::size_t commonPrefix(ByteView a, ByteView b) {
  return static_cast<std::size_t>(std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first - a.begin());
}

// Behind the character or escape sequence at `at`.
std::size_t nextPlace(std::string_view text, std::size_t at) {
  std::size_t length = 1;
  if (text[at] == '\\' && at + 1 < text.size())
    length = text[at + 1] == 'u' ? 6 : text[at + 1] == 'x' ? 4 : 2;
  at = std::min(at + length, text.size());
  while (at < text.size() && isContinuation(text[at])) ++at;
  return at;
}

// Where characters and escape sequences begin, and the end.
std::vector<std::size_t> placesOf(std::string_view text) {
  std::vector<std::size_t> places{0};
  while (places.back() < text.size()) places.push_back(nextPlace(text, places.back()));
  return places;
}

// `text` in about `budget` bytes, the place at `mark` (a number in placesOf()) among them.
std::string around(const std::string& text, const std::vector<std::size_t>& places, std::size_t mark,
                   std::size_t budget) {
  if (text.size() <= budget) return text;
  const std::size_t open = text.starts_with("b\"") ? 2 : text.starts_with('"') ? 1 : 0;
  const std::size_t close = open > 0 && text.ends_with('"') && text.size() > open ? 1 : 0;
  mark = std::min(mark, places.size() - 1);
  const std::size_t fixed = open + close + 2 * kEllipsis.size() + kOpen.size() + kClose.size();
  const std::size_t room = budget > fixed + 8 ? budget - fixed : 8;
  std::size_t from = mark;
  while (from > 0 && places[from - 1] >= open && places[mark] - places[from - 1] <= room / 3) --from;
  if (places[from] <= open) from = 0;
  const std::size_t begin = from == 0 ? open : places[from];
  std::size_t to = std::max(mark, from);
  while (to + 1 < places.size() && places[to + 1] <= text.size() - close && places[to + 1] - begin <= room)
    ++to;
  const std::size_t end = std::max(begin, places[to]);
  const std::size_t markBegin = std::max(begin, places[mark]);
  const std::size_t markEnd = mark + 1 < places.size() ? std::min(places[mark + 1], end) : end;
  std::string out = text.substr(0, open);
  if (begin > open) out += kEllipsis;
  if (begin > open && markEnd > markBegin) {
    out.append(text, begin, markBegin - begin);
    out += kOpen;
    out.append(text, markBegin, markEnd - markBegin);
    out += kClose;
    out.append(text, markEnd, end - markEnd);
  } else {
    out.append(text, begin, end - begin);
  }
  if (end < text.size() - close) out += kEllipsis;
  return out + text.substr(text.size() - close);
}

}  // namespace

ValuePair valuePair(ByteView recorded, ByteView sent, bool isText) {
  ValuePair pair;
  if (recorded.size() <= kWhole && sent.size() <= kWhole) {
    pair.recorded = window(recorded, isText, 0, kWhole, pair.recordedSize);
    pair.sent = window(sent, isText, 0, kWhole, pair.sentSize);
    return pair;
  }
  const std::size_t at = commonPrefix(recorded, sent);
  const std::size_t from = at > kBefore ? at - kBefore : 0;
  pair.recorded = window(recorded, isText, from, at + kFrom, pair.recordedSize);
  pair.sent = window(sent, isText, from, at + kFrom, pair.sentSize);
  return pair;
}

std::string valueText(ByteView value, bool isText, std::uint64_t& size) {
  return window(value, isText, 0, kWhole, size);
}

void shortenPair(std::string& recorded, std::string& sent, std::size_t limit) {
  if (recorded.size() + sent.size() <= limit) return;
  const auto left = placesOf(recorded);
  const auto right = placesOf(sent);
  std::size_t mark = 0;
  const std::size_t byte = commonPrefix(recorded, sent);
  while (mark + 1 < left.size() && left[mark + 1] <= byte) ++mark;
  // What the shorter one does not need is the other's.
  const std::size_t half = limit / 2;
  const std::size_t forRecorded = sent.size() < half ? limit - sent.size() : half;
  const std::size_t forSent = recorded.size() < half ? limit - recorded.size() : half;
  recorded = around(recorded, left, mark, forRecorded);
  sent = around(sent, right, mark, forSent);
}

std::string shortened(const std::string& text, std::size_t limit) {
  return around(text, placesOf(text), 0, limit);
}

double likenessOf(ByteView a, ByteView b) {
  const std::size_t shorter = std::min(a.size(), b.size());
  const std::size_t longer = std::max(a.size(), b.size());
  if (longer == 0) return 1;
  const std::size_t head = commonPrefix(a, b);
  std::size_t tail = 0;
  while (head + tail < shorter && a[a.size() - 1 - tail] == b[b.size() - 1 - tail]) ++tail;
  return static_cast<double>(head + tail) / static_cast<double>(longer);
}

double likenessOfNumbers(double a, double b) {
  const double distance = std::fabs(a - b);
  return std::isfinite(distance) ? 0.49 / (1 + distance) : 0;
}

}  // namespace retake
