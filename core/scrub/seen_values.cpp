#include "scrub/seen_values.h"

#include <absl/strings/ascii.h>

#include <algorithm>
#include <mutex>
#include <utility>

namespace retake {
namespace {

// A token is found by these.
constexpr std::size_t kBeginning = 6;
// Digits by which a number is told from others.
constexpr std::size_t kManyDigits = 10;
// What an entry of the maps takes besides its text.
constexpr std::size_t kOverhead = 160;

// Bytes of a character beyond ASCII count as letters.
bool isLetter(char c) { return absl::ascii_isalpha(c) || (c & '\x80') != 0; }

// Two characters side by side that belong to one word or number: a token does not begin or end there.
bool isJoined(char a, char b) {
  return (isLetter(a) && isLetter(b)) || (absl::ascii_isdigit(a) && absl::ascii_isdigit(b));
}

std::size_t firstTwo(std::string_view text) {
  return static_cast<std::size_t>(static_cast<unsigned char>(text[0])) << 8 |
         static_cast<unsigned char>(text[1]);
}

std::uint64_t beginningOf(std::string_view text) {
  std::uint64_t key = 0;
  for (std::size_t i = 0; i < kBeginning; ++i) key = key << 8 | static_cast<unsigned char>(text[i]);
  return key;
}

}  // namespace

bool SeenValues::isDistinctive(std::string_view token) {
  if (token.size() >= kManyDigits) return true;
  return token.size() >= kBeginning && !std::all_of(token.begin(), token.end(), absl::ascii_isdigit);
}

// With the mutex held, as all below.
const std::optional<std::string>* SeenValues::find(std::string_view token) const {
  for (const Generation* generation : {&m_young, &m_old})
    if (const auto at = generation->values.find(token); at != generation->values.end()) return &at->second;
  return nullptr;
}

// A value may look like the token of another one, as small numbers do: it is what was sent all the same.
const std::string* SeenValues::known(std::string_view token) const {
  const auto* found = find(token);
  return found && *found ? &**found : nullptr;
}

void SeenValues::insert(std::string_view token, std::optional<std::string> value) {
  if (m_young.bytes > m_maxBytes / 2) {
    if (!m_old.values.empty()) m_hasForgotten = true;
    m_old = std::exchange(m_young, {});
  }
  m_young.bytes += token.size() + (value ? value->size() : 0) + kOverhead;
  m_young.values.insert_or_assign(std::string(token), std::move(value));
  m_empty = false;
  if (!isDistinctive(token)) return;
  m_young.beginnings.set(firstTwo(token));
  auto& lengths = m_young.lengths[beginningOf(token)];
  const auto length = static_cast<std::uint32_t>(token.size());
  if (std::find(lengths.begin(), lengths.end(), length) == lengths.end()) lengths.push_back(length);
}

void SeenValues::remember(std::string_view token, std::string_view value) {
  if (token.empty() || token == value || token.size() + value.size() > kMaxValue) return;
  {
    const std::shared_lock lock(m_mutex);
    const auto at = m_young.values.find(token);
    if (at != m_young.values.end() && (!at->second || *at->second == value)) return;
  }
  const std::unique_lock lock(m_mutex);
  const auto* before = find(token);
  const bool isAmbiguous = before && (!*before || **before != value);
  insert(token, isAmbiguous ? std::nullopt : std::optional(std::string(value)));
}

std::optional<std::string> SeenValues::valueOf(std::string_view token) const {
  const std::shared_lock lock(m_mutex);
  const std::string* value = known(token);
  return value ? std::optional(*value) : std::nullopt;
}

// The length of the longest token that stands there as a word of its own; 0 where none does.
std::size_t SeenValues::tokenAt(std::string_view text, std::size_t at) const {
  const std::string_view rest = text.substr(at);
  if (rest.size() < kBeginning || (at > 0 && isJoined(text[at - 1], rest[0]))) return 0;
  std::size_t longest = 0;
  for (const Generation* generation : {&m_young, &m_old}) {
    if (!generation->beginnings.test(firstTwo(rest))) continue;
    const auto lengths = generation->lengths.find(beginningOf(rest));
    if (lengths == generation->lengths.end()) continue;
    for (const std::uint32_t length : lengths->second) {
      if (length <= longest || length > rest.size()) continue;
      if (length < rest.size() && isJoined(rest[length - 1], rest[length])) continue;
      if (generation->values.contains(rest.substr(0, length))) longest = length;
    }
  }
  return longest;
}

std::vector<TextEdit> SeenValues::putBack(std::string_view text) const {
  std::vector<TextEdit> edits;
  if (empty() || text.size() < kBeginning) return edits;
  const std::shared_lock lock(m_mutex);
  for (std::size_t at = 0; at + kBeginning <= text.size();) {
    const std::size_t length = tokenAt(text, at);
    const std::string* value = length > 0 ? known(text.substr(at, length)) : nullptr;
    if (value) edits.push_back({.offset = at, .length = length, .text = *value});
    at += value ? length : 1;
  }
  return edits;
}

}  // namespace retake
