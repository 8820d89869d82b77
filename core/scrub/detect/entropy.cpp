#include "scrub/detect/entropy.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace retake {
namespace {

enum class TokenChar { Other, Upper, Lower, Digit };

TokenChar classOf(char c) {
  if (c >= 'a' && c <= 'z') return TokenChar::Lower;
  if (c >= 'A' && c <= 'Z') return TokenChar::Upper;
  if (c >= '0' && c <= '9') return TokenChar::Digit;
  return TokenChar::Other;
}

bool isTokenByte(char c) {
  return classOf(c) != TokenChar::Other || c == '+' || c == '/' || c == '-' || c == '_';
}

bool isHexByte(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

// With the hyphens of a UUID, and whatever else ids are put together with.
bool isHexId(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return isHexByte(c) || c == '-' || c == '_' || c == '/'; });
}

}  // namespace

double shannonEntropy(std::string_view text) {
  std::array<std::size_t, 256> counts{};
  for (const char c : text) ++counts[static_cast<unsigned char>(c)];
  double bits = 0;
  for (const std::size_t count : counts) {
    if (count == 0) continue;
    const double share = static_cast<double>(count) / static_cast<double>(text.size());
    bits -= share * std::log2(share);
  }
  return bits;
}

bool looksRandom(std::string_view text) {
  if (text.size() < 12) return false;
  std::array<std::size_t, 4> counts{};
  std::size_t pairs = 0;
  std::size_t changes = 0;
  TokenChar last = TokenChar::Other;
  for (const char c : text) {
    const TokenChar now = classOf(c);
    ++counts[static_cast<std::size_t>(now)];
    if (now != TokenChar::Other && last != TokenChar::Other) {
      ++pairs;
      changes += now != last ? 1 : 0;
    }
    last = now;
  }
  const std::size_t letters = counts[1] + counts[2];
  if (pairs < text.size() / 2 || letters == 0) return false;
  const double size = static_cast<double>(text.size());
  // Of n draws from 62 characters, about 62 (1 - e^(-n/62)) differ; entropy follows. A text that has less
  // than 85 % of that repeats itself.
  const double distinct = 62 * (1 - std::exp(-size / 62));
  if (shannonEntropy(text) < 0.85 * std::log2(distinct)) return false;
  const double changing = static_cast<double>(changes) / static_cast<double>(pairs);
  // By lot, 62 % of neighbours are of different classes where all three occur, 40 % without upper case (or
  // without lower), 50 % without digits. In camel case it is under 30 %.
  const bool allClasses = counts[1] > 0 && counts[2] > 0 && counts[3] > 0;
  return changing >= (allClasses ? 0.4 : counts[3] > 0 ? 0.3 : 0.42);
}

std::optional<RandomRun> findRandom(std::string_view text, std::size_t from) {
  for (std::size_t at = from; at < text.size();) {
    if (!isTokenByte(text[at])) {
      ++at;
      continue;
    }
    std::size_t end = at;
    while (end < text.size() && isTokenByte(text[end])) ++end;
    const std::string_view run = text.substr(at, end - at);
    if (run.size() >= kMinRandomBytes && !isHexId(run) && looksRandom(run)) {
      // All three classes: a serial number in capitals and digits is no secret.
      std::array<bool, 4> has{};
      for (const char c : run) has[static_cast<std::size_t>(classOf(c))] = true;
      if (has[1] && has[2] && has[3]) {
        while (end < text.size() && text[end] == '=') ++end;
        return RandomRun{at, end - at};
      }
    }
    at = end;
  }
  return std::nullopt;
}

}  // namespace retake
