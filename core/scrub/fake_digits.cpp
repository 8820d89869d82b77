#include "scrub/fake_digits.h"

#include <absl/strings/ascii.h>

#include <algorithm>
#include <array>
#include <vector>

#include "scrub/keyed_symbols.h"

namespace retake {
namespace {

using Places = std::vector<std::size_t>;

template <typename Is>
Places placesOf(std::string_view text, const Is& is) {
  Places places;
  for (std::size_t i = 0; i < text.size(); ++i)
    if (is(text[i])) places.push_back(i);
  return places;
}

std::string digitsAt(std::string_view text, const Places& places) {
  std::string digits;
  for (const std::size_t place : places) digits += text[place];
  return digits;
}

// Permutes the digits of `text` at `places` from `from` on. `keepsZero`: the first of them is 0 exactly where
// it was.
void permuteDigits(const ScrubKey& key, const std::string& purpose, std::string& text, const Places& places,
                   std::size_t from, std::size_t to, bool keepsZero) {
  if (from >= to) return;
  Symbols symbols;
  for (std::size_t i = from; i < to; ++i) symbols.push_back(static_cast<std::uint8_t>(text[places[i]] - '0'));
  const bool zero = symbols.front() == 0;
  // Along the cycle, until the first digit is as it was: a permutation of those that begin so.
  do permute(key, purpose, symbols, 10);
  while (keepsZero && (symbols.front() == 0) != zero);
  for (std::size_t i = from; i < to; ++i) text[places[i]] = static_cast<char>('0' + symbols[i - from]);
}

void permuteLetters(const ScrubKey& key, const std::string& purpose, std::string& text) {
  const Places places = placesOf(text, absl::ascii_isalpha);
  Symbols symbols;
  for (const std::size_t place : places)
    symbols.push_back(
        static_cast<std::uint8_t>(text[place] - (absl::ascii_isupper(text[place]) ? 'A' : 'a')));
  permute(key, purpose, symbols, 26);
  for (std::size_t i = 0; i < places.size(); ++i)
    text[places[i]] = static_cast<char>((absl::ascii_isupper(text[places[i]]) ? 'A' : 'a') + symbols[i]);
}

// Each character beyond ASCII is a letter that the whole value decides.
std::string asciiOf(const ScrubKey& key, std::string_view value) {
  const bool ascii =
      std::all_of(value.begin(), value.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  std::string text;
  if (ascii) return text = value;
  const Symbols letters = keyedSymbols(key, "beyond ASCII", value, 26, value.size());
  for (std::size_t i = 0; i < value.size(); ++i) {
    const auto byte = static_cast<unsigned char>(value[i]);
    if (byte < 0x80) text += value[i];
    if (byte >= 0xc0) text += static_cast<char>('a' + letters[i]);
  }
  return text;
}

// How many of the digits behind "+" are the country's: ITU-T E.164.D, the list of assigned country codes.
std::size_t countryDigits(std::string_view digits) {
  if (digits.starts_with('1') || digits.starts_with('7')) return 1;
  // Of those that begin with 2 to 9, the second digits of the codes that have two.
  constexpr std::array<std::string_view, 8> kSecondOfTwo = {"07",      "0123469", "013456789", "12345678",
                                                            "0123456", "",        "1246",      "0123458"};
  if (digits.size() < 2 || digits[0] < '2') return std::min<std::size_t>(digits.size(), 3);
  const std::string_view second = kSecondOfTwo[static_cast<std::size_t>(digits[0] - '2')];
  return second.find(digits[1]) == std::string_view::npos ? std::min<std::size_t>(digits.size(), 3) : 2;
}

bool passesLuhn(std::string_view digits) {
  unsigned sum = 0;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    unsigned digit = static_cast<unsigned>(digits[digits.size() - 1 - i] - '0');
    if (i % 2 == 1) digit = digit < 5 ? digit * 2 : digit * 2 - 9;
    sum += digit;
  }
  return sum % 10 == 0;
}

constexpr std::size_t kIssuerDigits = 6;

// Where the digits stand; none where it is not of a card number's shape.
Places cardPlaces(std::string_view value) {
  if (value.find_first_not_of("0123456789 -") != std::string_view::npos) return {};
  Places places = placesOf(value, absl::ascii_isdigit);
  if (places.size() < 12 || places.size() > 19 || places.back() + 1 != value.size() || places.front() != 0)
    return {};
  return places;
}

// ISO 7064: letters count from 10 on.
unsigned mod97(std::string_view text) {
  unsigned rest = 0;
  for (const char c : text) {
    if (absl::ascii_isdigit(c))
      rest = (rest * 10 + static_cast<unsigned>(c - '0')) % 97;
    else
      rest = (rest * 100 + static_cast<unsigned>(c - (absl::ascii_isupper(c) ? 'A' : 'a')) + 10) % 97;
  }
  return rest;
}

// Without spaces; empty where it is not of an IBAN's shape.
std::string compactIban(std::string_view value) {
  std::string compact;
  for (const char c : value) {
    if (c == ' ') continue;
    if (!absl::ascii_isalnum(c)) return {};
    compact += c;
  }
  const bool shaped = compact.size() >= 15 && compact.size() <= 34 && absl::ascii_isalpha(compact[0]) &&
                      absl::ascii_isalpha(compact[1]) && absl::ascii_isdigit(compact[2]) &&
                      absl::ascii_isdigit(compact[3]);
  return shaped ? compact : std::string();
}

}  // namespace

std::string fakeDigits(const ScrubKey& key, std::string_view value) {
  std::string text = asciiOf(key, value);
  const Places places = placesOf(text, absl::ascii_isdigit);
  permuteDigits(key, "digits", text, places, 0, places.size(), true);
  permuteLetters(key, "letters", text);
  return text;
}

bool looksLikePhone(std::string_view value) {
  const std::size_t digits = placesOf(value, absl::ascii_isdigit).size();
  if (digits < 7 || digits > 17 || value.size() > 32) return false;
  const bool international = value.starts_with('+');
  const std::string_view rest = value.substr(international ? 1 : 0);
  if (rest.find_first_not_of("0123456789 ()-./") != std::string_view::npos) return false;
  // A plain number, a decimal or a date is none.
  if (international) return absl::ascii_isdigit(rest.front()) || rest.front() == '(';
  if (value.front() == '0') return value.find('.') == std::string_view::npos;
  return value.front() == '(' && value.find(')') != std::string_view::npos;
}

std::string fakePhone(const ScrubKey& key, std::string_view value) {
  if (value.find_first_not_of("0123456789 ()-./+") != std::string_view::npos) return fakeDigits(key, value);
  std::string text(value);
  const Places places = placesOf(text, absl::ascii_isdigit);
  const std::string digits = digitsAt(text, places);
  std::size_t kept = 0;
  if (text.starts_with('+'))
    kept = countryDigits(digits);
  else if (digits.starts_with("00"))
    kept = 2 + countryDigits(std::string_view(digits).substr(2));
  else if (digits.starts_with('0'))
    kept = 1;
  // Different prefixes are permuted differently: what is kept would show the rest otherwise.
  permuteDigits(key, "phone " + digits.substr(0, kept), text, places, kept, places.size(), true);
  return text;
}

bool isValidCardNumber(std::string_view value) {
  const Places places = cardPlaces(value);
  return !places.empty() && passesLuhn(digitsAt(value, places));
}

std::string fakeCardNumber(const ScrubKey& key, std::string_view value) {
  const Places places = cardPlaces(value);
  if (places.empty()) return fakeDigits(key, value);
  std::string text(value);
  const std::string digits = digitsAt(value, places);
  permuteDigits(key, "card " + digits.substr(0, kIssuerDigits), text, places, kIssuerDigits,
                places.size() - 1, false);
  char& check = text[places.back()];
  for (check = '0'; !passesLuhn(digitsAt(text, places));) ++check;
  return text;
}

bool isValidIban(std::string_view value) {
  const std::string compact = compactIban(value);
  return !compact.empty() && mod97(compact.substr(4) + compact.substr(0, 4)) == 1;
}

std::string fakeIban(const ScrubKey& key, std::string_view value) {
  std::string compact = compactIban(value);
  if (compact.empty()) return fakeDigits(key, value);
  const std::string country = compact.substr(0, 2);
  std::string account = compact.substr(4);
  const Places places = placesOf(account, absl::ascii_isdigit);
  permuteDigits(key, "iban " + country, account, places, 0, places.size(), false);
  permuteLetters(key, "iban letters " + country, account);
  const unsigned check = 98 - mod97(account + country + "00");
  compact = country + static_cast<char>('0' + check / 10) + static_cast<char>('0' + check % 10) + account;
  std::string text(value);
  std::size_t at = 0;
  for (char& c : text)
    if (c != ' ') c = compact[at++];
  return text;
}

}  // namespace retake
