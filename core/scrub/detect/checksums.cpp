#include "scrub/detect/checksums.h"

#include <absl/strings/ascii.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

namespace retake {
namespace {

int digit(char c) { return c - '0'; }

struct IbanLength {
  char country[3];
  std::uint8_t length;
};
// SWIFT's IBAN registry, release 99.
constexpr std::array<IbanLength, 89> kIbanLengths = {{
    {"AD", 24}, {"AE", 23}, {"AL", 28}, {"AT", 20}, {"AZ", 28}, {"BA", 20}, {"BE", 16}, {"BG", 22},
    {"BH", 22}, {"BI", 27}, {"BR", 29}, {"BY", 28}, {"CH", 21}, {"CR", 22}, {"CY", 28}, {"CZ", 24},
    {"DE", 22}, {"DJ", 27}, {"DK", 18}, {"DO", 28}, {"EE", 20}, {"EG", 29}, {"ES", 24}, {"FI", 18},
    {"FK", 18}, {"FO", 18}, {"FR", 27}, {"GB", 22}, {"GE", 22}, {"GI", 23}, {"GL", 18}, {"GR", 27},
    {"GT", 28}, {"HN", 28}, {"HR", 21}, {"HU", 28}, {"IE", 22}, {"IL", 23}, {"IQ", 23}, {"IS", 26},
    {"IT", 27}, {"JO", 30}, {"KW", 30}, {"KZ", 20}, {"LB", 28}, {"LC", 32}, {"LI", 21}, {"LT", 20},
    {"LU", 20}, {"LV", 21}, {"LY", 25}, {"MC", 27}, {"MD", 24}, {"ME", 22}, {"MK", 19}, {"MN", 20},
    {"MR", 27}, {"MT", 31}, {"MU", 30}, {"NI", 28}, {"NL", 18}, {"NO", 15}, {"OM", 23}, {"PK", 24},
    {"PL", 28}, {"PS", 29}, {"PT", 25}, {"QA", 29}, {"RO", 24}, {"RS", 22}, {"RU", 33}, {"SA", 24},
    {"SC", 31}, {"SD", 18}, {"SE", 24}, {"SI", 19}, {"SK", 24}, {"SM", 27}, {"SO", 23}, {"ST", 25},
    {"SV", 28}, {"TL", 23}, {"TN", 24}, {"TR", 26}, {"UA", 29}, {"VA", 22}, {"VG", 24}, {"XK", 20},
    {"YE", 30},
}};

struct Issuer {
  std::uint32_t from, to;  // the first six digits
  std::uint32_t lengths;   // bit n: n digits
};
constexpr std::uint32_t of(int length) { return 1u << length; }
constexpr std::array<Issuer, 15> kIssuers = {{
    {400000, 499999, of(16) | of(19)},                    // Visa
    {510000, 559999, of(16)},                             // Mastercard
    {222100, 272099, of(16)},                             // Mastercard
    {340000, 349999, of(15)},                             // American Express
    {370000, 379999, of(15)},                             // American Express
    {601100, 601199, of(16) | of(19)},                    // Discover
    {644000, 659999, of(16) | of(19)},                    // Discover
    {300000, 305999, of(14) | of(16)},                    // Diners Club
    {360000, 369999, of(14) | of(16)},                    // Diners Club
    {380000, 399999, of(14) | of(16)},                    // Diners Club
    {352800, 358999, of(16) | of(19)},                    // JCB
    {620000, 629999, of(16) | of(17) | of(18) | of(19)},  // UnionPay
    {500000, 509999, of(16) | of(18) | of(19)},           // Maestro
    {560000, 589999, of(16) | of(18) | of(19)},           // Maestro
    {220000, 220499, of(16)},                             // Mir
}};

}  // namespace

std::string onlyDigits(std::string_view text) {
  std::string digits;
  std::copy_if(text.begin(), text.end(), std::back_inserter(digits), absl::ascii_isdigit);
  return digits;
}

std::string compactId(std::string_view text) {
  std::string id;
  for (const char c : text)
    if (c != ' ' && c != '.' && c != '-' && c != '/')
      id += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return id;
}

bool hasLuhn(std::string_view digits) {
  int sum = 0;
  bool twice = false;
  for (std::size_t i = digits.size(); i-- > 0; twice = !twice) {
    const int value = digit(digits[i]) * (twice ? 2 : 1);
    sum += value > 9 ? value - 9 : value;
  }
  return sum % 10 == 0;
}

bool isCardNumber(std::string_view digits) {
  if (digits.size() < 14 || digits.size() > 19) return false;
  if (digits.find_first_not_of(digits.back()) == std::string_view::npos) return false;
  const auto first = static_cast<std::uint32_t>(numberAt(digits, 0, 6));
  const bool issued = std::any_of(kIssuers.begin(), kIssuers.end(), [&](const Issuer& issuer) {
    return first >= issuer.from && first <= issuer.to && (issuer.lengths >> digits.size() & 1) != 0;
  });
  return issued && hasLuhn(digits);
}

bool isIban(std::string_view iban) {
  const auto known = std::find_if(kIbanLengths.begin(), kIbanLengths.end(), [&](const IbanLength& entry) {
    return iban.starts_with(std::string_view(entry.country, 2));
  });
  if (known == kIbanLengths.end() || iban.size() != known->length) return false;
  int rest = 0;
  for (std::size_t i = 0; i < iban.size(); ++i) {
    const char c = iban[(i + 4) % iban.size()];
    if (absl::ascii_isdigit(c)) {
      rest = (rest * 10 + digit(c)) % 97;
    } else if (c >= 'A' && c <= 'Z') {
      rest = (rest * 100 + (c - 'A' + 10)) % 97;
    } else {
      return false;
    }
  }
  return rest == 1;
}

bool hasMod11_10(std::string_view digits) {
  int product = 10;
  for (std::size_t i = 0; i + 1 < digits.size(); ++i) {
    const int sum = (digit(digits[i]) + product) % 10;
    product = (sum == 0 ? 10 : sum) * 2 % 11;
  }
  return !digits.empty() && (11 - product) % 10 == digit(digits.back());
}

bool hasVerhoeff(std::string_view digits) {
  // Multiplication in the dihedral group of order 10, and the permutation of each place.
  static constexpr std::string_view kProduct[] = {"0123456789", "1234067895", "2340178956", "3401289567",
                                                  "4012395678", "5987604321", "6598710432", "7659821043",
                                                  "8765932104", "9876543210"};
  static constexpr std::string_view kPermutation[] = {"0123456789", "1576283094", "5803796142", "8916043527",
                                                      "9453126870", "4286573901", "2793806415", "7046913258"};
  int check = 0;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    const int value = digit(digits[digits.size() - 1 - i]);
    const int moved = digit(kPermutation[i % 8][static_cast<std::size_t>(value)]);
    check = digit(kProduct[check][static_cast<std::size_t>(moved)]);
  }
  return !digits.empty() && check == 0;
}

int weightedSum(std::string_view digits, std::string_view weights) {
  int sum = 0;
  // Weights above 9 are letters: 'A' is 10.
  for (std::size_t i = 0; i < std::min(digits.size(), weights.size()); ++i)
    sum += digit(digits[i]) * (absl::ascii_isdigit(weights[i]) ? digit(weights[i]) : weights[i] - 'A' + 10);
  return sum;
}

bool isDate(int year, int month, int day) {
  static constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (month < 1 || month > 12 || day < 1) return false;
  // 1900 was no leap year, 2000 was: of two digits, 00 may be either.
  const bool leap = year % 4 == 0 && (year < 100 || year % 100 != 0 || year % 400 == 0);
  return day <= kDays[month - 1] + (month == 2 && leap ? 1 : 0);
}

int numberAt(std::string_view digits, std::size_t at, std::size_t count) {
  int value = 0;
  for (const char c : digits.substr(std::min(at, digits.size()), count)) value = value * 10 + digit(c);
  return value;
}

int remainder(std::string_view digits, int by) {
  int rest = 0;
  for (const char c : digits) rest = (rest * 10 + digit(c)) % by;
  return rest;
}

}  // namespace retake
