#include "scrub/fakes.h"

#include <absl/strings/ascii.h>

#include <algorithm>
#include <limits>

#include "schema/text.h"
#include "scrub/fake_addresses.h"
#include "scrub/fake_digits.h"
#include "scrub/keyed_symbols.h"
#include "scrub/marks.h"

namespace retake {
namespace {

constexpr unsigned kRadix = static_cast<unsigned>(kTokenAlphabet.size());
// 130 bits stand for the value: RFC 2104 asks for half of the hash or more. 30 prove it.
constexpr std::size_t kTokenProof = 6;

std::string spelled(const Symbols& symbols) {
  std::string text;
  for (const std::uint8_t symbol : symbols) text += kTokenAlphabet[symbol];
  return text;
}

// Empty where `text` has another character.
Symbols unspelled(std::string_view text) {
  Symbols symbols;
  for (const char c : text) {
    const std::size_t at = kTokenAlphabet.find(c);
    if (at == std::string_view::npos) return {};
    symbols.push_back(static_cast<std::uint8_t>(at));
  }
  return symbols;
}

// RFC 2606 keeps example.com from ever being somebody's.
constexpr std::string_view kEmailDomain = "@example.com";
constexpr std::size_t kEmailProof = 4;
constexpr std::size_t kEmailLeast = 16;  // symbols: 60 bits stand for the value
constexpr std::size_t kEmailMost = 64;   // RFC 5321, 4.5.3.1.1: the local part

std::string fakeEmail(const ScrubKey& key, std::string_view value) {
  if (value.ends_with(kEmailDomain)) {
    const Symbols symbols = unspelled(value.substr(0, value.size() - kEmailDomain.size()));
    if (symbols.size() >= kEmailLeast && areProven(key, "email", symbols, kRadix, kEmailProof))
      return std::string(value);
  }
  const std::size_t length =
      std::clamp(value.size(), kEmailDomain.size() + kEmailLeast, kEmailDomain.size() + kEmailMost) -
      kEmailDomain.size();
  return spelled(provenSymbols(key, "email", value, kRadix, length - kEmailProof, kEmailProof)) +
         std::string(kEmailDomain);
}

// A name is ten syllables of a consonant and a vowel: 50 bits stand for the value, 12 prove it.
constexpr std::string_view kConsonants = "bdfghjklmnprstvz";
constexpr std::string_view kVowels = "aeiou";
constexpr unsigned kSyllables = static_cast<unsigned>(kConsonants.size() * kVowels.size());
constexpr std::size_t kNameSyllables = 10;
constexpr std::size_t kNameProof = 2;
constexpr std::size_t kWordSize = kNameSyllables;  // two words, two letters a syllable

// Empty where `text` is not of a fake name's shape.
Symbols syllablesOf(std::string_view text) {
  if (text.size() != 2 * kWordSize + 1 || (text[kWordSize] != ' ' && text[kWordSize] != '-')) return {};
  Symbols symbols;
  for (const std::string_view word : {text.substr(0, kWordSize), text.substr(kWordSize + 1)})
    for (std::size_t i = 0; i < kWordSize; i += 2) {
      const char first = i == 0 ? static_cast<char>(word[i] + ('a' - 'A')) : word[i];
      const std::size_t consonant = kConsonants.find(first);
      const std::size_t vowel = kVowels.find(word[i + 1]);
      if (consonant == std::string_view::npos || vowel == std::string_view::npos) return {};
      symbols.push_back(static_cast<std::uint8_t>(consonant * kVowels.size() + vowel));
    }
  return symbols;
}

bool isFakeName(const ScrubKey& key, std::string_view value) {
  return areProven(key, "name", syllablesOf(value), kSyllables, kNameProof);
}

std::string fakeName(const ScrubKey& key, std::string_view value) {
  if (isFakeName(key, value)) return std::string(value);
  const Symbols symbols =
      provenSymbols(key, "name", value, kSyllables, kNameSyllables - kNameProof, kNameProof);
  std::string name;
  for (const std::uint8_t symbol : symbols) {
    if (name.size() == kWordSize) name += value.find(' ') == std::string_view::npos ? '-' : ' ';
    char consonant = kConsonants[symbol / kVowels.size()];
    if (name.empty() || name.size() == kWordSize + 1) consonant = static_cast<char>(consonant - ('a' - 'A'));
    name += {consonant, kVowels[symbol % kVowels.size()]};
  }
  return name;
}

bool looksLikeEmail(std::string_view value) {
  const std::size_t at = value.find('@');
  if (at == 0 || at == std::string_view::npos || value.find('@', at + 1) != std::string_view::npos)
    return false;
  const std::string_view domain = value.substr(at + 1);
  const std::size_t dot = domain.rfind('.');
  return dot != std::string_view::npos && dot > 0 && dot + 2 < domain.size() &&
         value.find_first_of(" \t\r\n<>,;\"/") == std::string_view::npos;
}

// Two to four words that begin with a capital; beyond ASCII every letter may be one.
bool looksLikeName(std::string_view value) {
  std::size_t words = 0;
  bool begins = true;
  for (const char c : value) {
    const bool other = static_cast<unsigned char>(c) >= 0x80;
    if (c == ' ') {
      if (begins) return false;
      begins = true;
      continue;
    }
    if (begins) {
      if (!other && !(c >= 'A' && c <= 'Z')) return false;
      ++words;
    } else if (!other && !absl::ascii_isalpha(c) && c != '-' && c != '\'' && c != '.') {
      return false;
    }
    begins = false;
  }
  return !begins && words >= 2 && words <= 4;
}

FakeKind guess(std::string_view value) {
  if (looksLikeUuid(value)) return FakeKind::Uuid;
  if (looksLikeEmail(value)) return FakeKind::Email;
  if (looksLikeIpAddress(value)) return FakeKind::IpAddress;
  if (isValidIban(value)) return FakeKind::Iban;
  if (isValidCardNumber(value)) return FakeKind::CardNumber;
  if (looksLikePhone(value)) return FakeKind::Phone;
  const bool number = std::any_of(value.begin(), value.end(), absl::ascii_isdigit) &&
                      value.find_first_not_of("0123456789.,+-_ '") == std::string_view::npos;
  if (number) return FakeKind::Number;
  return looksLikeName(value) ? FakeKind::Name : FakeKind::Guess;
}

std::size_t digitsIn(std::uint64_t value) { return std::to_string(value).size(); }

// `limits` are ascending: a number does not cross one.
std::uint64_t fakeMagnitude(const ScrubKey& key, std::string_view purpose, std::uint64_t value,
                            std::initializer_list<std::uint64_t> limits) {
  if (value == 0) return 0;
  std::uint64_t low = 1;
  for (std::size_t i = 1; i < digitsIn(value); ++i) low *= 10;
  std::uint64_t high = low > std::numeric_limits<std::uint64_t>::max() / 10
                           ? std::numeric_limits<std::uint64_t>::max()
                           : low * 10 - 1;
  for (const std::uint64_t limit : limits) {
    if (value > limit) low = std::max(low, limit + 1);
    if (value <= limit) high = std::min(high, limit);
  }
  return permuteWithin(key, std::string(purpose) + " integer", value, low, high);
}

}  // namespace

std::string hashToken(const ScrubKey& key, std::string_view value) {
  if (isHashToken(key, value)) return std::string(value);
  return std::string(kTokenPrefix) +
         spelled(provenSymbols(key, "hash", value, kRadix, kTokenSymbols - kTokenProof, kTokenProof));
}

bool isHashToken(const ScrubKey& key, std::string_view text) {
  return text.size() == kTokenPrefix.size() + kTokenSymbols && text.starts_with(kTokenPrefix) &&
         areProven(key, "hash", unspelled(text.substr(kTokenPrefix.size())), kRadix, kTokenProof);
}

std::string fakeText(const ScrubKey& key, FakeKind kind, std::string_view value) {
  if (value.empty()) return {};
  if (kind == FakeKind::Guess && isFakeName(key, value)) return std::string(value);  // maybe of one word
  if (kind == FakeKind::Guess) kind = guess(value);
  switch (kind) {
    case FakeKind::Guess:
      return hashToken(key, value);
    case FakeKind::Email:
      return fakeEmail(key, value);
    case FakeKind::Name:
      return fakeName(key, value);
    case FakeKind::Uuid:
      return fakeUuid(key, value);
    case FakeKind::IpAddress:
      return fakeIpAddress(key, value);
    case FakeKind::Number:
      return fakeDigits(key, value);
    case FakeKind::Phone:
      return fakePhone(key, value);
    case FakeKind::CardNumber:
      return fakeCardNumber(key, value);
    case FakeKind::Iban:
      return fakeIban(key, value);
  }
  return hashToken(key, value);
}

std::string fakeBytes(const ScrubKey& key, FakeKind kind, ByteView value) {
  if (value.empty()) return {};
  const bool guessed = kind == FakeKind::Guess && !isPrintable(value);
  if (value.size() == 16 && (kind == FakeKind::Uuid || guessed)) return fakeUuidBytes(key, value);
  if ((value.size() == 4 || value.size() == 16) && kind == FakeKind::IpAddress)
    return fakeIpBytes(key, value);
  if (isUtf8(value) && !guessed) return fakeText(key, kind, value);
  // Four bytes prove the rest, where twelve are left to stand for the value.
  constexpr std::size_t kProof = 4;
  constexpr std::size_t kLeast = 16;
  Symbols symbols(value.begin(), value.end());
  if (symbols.size() < kLeast)
    permute(key, "bytes", symbols, 256);
  else if (!areProven(key, "bytes", symbols, 256, kProof))
    symbols = provenSymbols(key, "bytes", value, 256, value.size() - kProof, kProof);
  return {symbols.begin(), symbols.end()};
}

std::int64_t fakeInteger(const ScrubKey& key, std::string_view purpose, std::int64_t value) {
  if (value >= 0)
    return static_cast<std::int64_t>(fakeNatural(key, purpose, static_cast<std::uint64_t>(value)));
  const std::uint64_t magnitude = fakeMagnitude(key, purpose, ~static_cast<std::uint64_t>(value) + 1,
                                                {std::uint64_t{1} << 31, std::uint64_t{1} << 63});
  return static_cast<std::int64_t>(~magnitude + 1);
}

std::uint64_t fakeNatural(const ScrubKey& key, std::string_view purpose, std::uint64_t value) {
  return fakeMagnitude(
      key, purpose, value,
      {(std::uint64_t{1} << 31) - 1, (std::uint64_t{1} << 32) - 1, (std::uint64_t{1} << 63) - 1});
}

}  // namespace retake
