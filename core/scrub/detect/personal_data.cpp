#include <absl/strings/ascii.h>
#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <string>

#include "scrub/detect/checksums.h"
#include "scrub/detect/secret_names.h"
#include "scrub/detect/shape.h"

// What tells who or where a person is. What is set aside for examples is left alone: example.com (RFC 2606),
// 192.0.2.0/24 and its like (RFC 5737, 3849, 9637), 555-0100 to 555-0199.
namespace retake {
namespace {

std::string lowered(std::string_view text) {
  std::string lower(text);
  for (char& c : lower)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return lower;
}

bool isEmail(const ShapeMatch& match) {
  const std::string address = lowered(match.value);
  const std::string_view domain = std::string_view(address).substr(address.rfind('@') + 1);
  for (const std::string_view example : {"example.com", "example.org", "example.net"})
    if (domain == example || domain.ends_with("." + std::string(example))) return false;
  // Names that cannot be, and what stands behind "@2x" in names of files.
  static constexpr auto kEnds =
      std::to_array<std::string_view>({".example", ".test", ".invalid", ".localhost", ".local", ".png",
                                       ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".css", ".js", ".html"});
  if (std::any_of(kEnds.begin(), kEnds.end(), [&](std::string_view end) { return domain.ends_with(end); }))
    return false;
  // ssh's "git@github.com:owner/name"; the user of a URL.
  return !(address.starts_with("git@") && match.behind() == ':');
}

// ITU-T E.164, countries' codes; a digit that a code begins with and that is none of these belongs to none.
bool isCountryCode(std::string_view digits) {
  static constexpr std::string_view kTwo =
      " 20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 "
      "81 "
      "82 84 86 90 91 92 93 94 95 98 ";
  if (digits[0] == '1' || digits[0] == '7') return true;
  const std::string two = ' ' + std::string(digits.substr(0, 2)) + ' ';
  if (kTwo.find(two) != std::string_view::npos) return true;
  static constexpr std::string_view kThreeBegin =
      " 21 22 23 24 25 26 29 35 37 38 42 50 59 67 68 69 80 85 87 88 96 97 99 ";
  return kThreeBegin.find(two) != std::string_view::npos;
}

// North America: neither area nor exchange begins with 0 or 1; 555-01xx is nobody's.
bool isNorthAmerican(std::string_view ten) {
  return ten[0] >= '2' && ten[3] >= '2' && ten.substr(1, 2) != "11" && ten.substr(3, 5) != "55501";
}

bool isLoneNumber(const ShapeMatch& match) {
  const auto joins = [](char c) { return absl::ascii_isalnum(c) || c == '_' || c == '-' || c == '/'; };
  return !joins(match.before()) && !joins(match.behind()) && match.before() != '.';
}

bool isInternational(const ShapeMatch& match) {
  const std::string digits = onlyDigits(match.value);
  if (digits.size() < 8 || digits.size() > 15 || !isCountryCode(digits)) return false;
  if (digits.find_first_not_of(digits[1], 1) == std::string::npos) return false;  // +10000000000
  if (digits[0] == '1') return digits.size() == 11 && isNorthAmerican(std::string_view(digits).substr(1));
  // "2024-01-01T00:00+02 00" and sums: what is before a sign is no digit.
  return isLoneNumber(match);
}

bool isNationalPhone(const ShapeMatch& match) {
  if (!isLoneNumber(match) || match.before() == '+') return false;
  const std::string digits = onlyDigits(match.value);
  if (digits[0] != '0') return isNorthAmerican(std::string_view(digits).substr(digits.size() - 10));
  return true;
}

bool isNamedPhone(const ShapeMatch& match) {
  const std::string digits = onlyDigits(match.value);
  return saysPhone(match.place.name) && digits.size() >= 7 && digits.size() <= 15 &&
         digits.find("55501") == std::string::npos &&
         digits.find_first_not_of(digits[0]) != std::string::npos;
}

bool isIbanMatch(const ShapeMatch& match) { return isIban(compactId(match.value)); }

bool isCardMatch(const ShapeMatch& match) {
  // Not the digits of a decimal fraction, nor of an id with letters in it.
  if (!isLoneNumber(match) ||
      (match.behind() == '.' && absl::ascii_isdigit(match.value.data()[match.value.size() - 1]) &&
       match.value.data() + match.value.size() + 1 < match.text.data() + match.text.size() &&
       absl::ascii_isdigit(match.value.data()[match.value.size() + 1])))
    return false;
  return isCardNumber(onlyDigits(match.value));
}

struct Network {
  std::uint32_t address;
  int bits;
};
constexpr std::uint32_t v4(std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint32_t d) {
  return a << 24 | b << 16 | c << 8 | d;
}
// Nobody's: this host, loopback, examples, benchmarks, multicast and above.
constexpr auto kNobodys = std::to_array<Network>({{v4(0, 0, 0, 0), 8},
                                                  {v4(127, 0, 0, 0), 8},
                                                  {v4(192, 0, 2, 0), 24},
                                                  {v4(198, 51, 100, 0), 24},
                                                  {v4(203, 0, 113, 0), 24},
                                                  {v4(198, 18, 0, 0), 15},
                                                  {v4(224, 0, 0, 0), 3}});

bool isSomebodys(std::uint32_t address) {
  return std::none_of(kNobodys.begin(), kNobodys.end(), [&](const Network& network) {
    return (address ^ network.address) >> (32 - network.bits) == 0;
  });
}

bool isIp4(const ShapeMatch& match) {
  if (saysVersion(match.place.name)) return false;
  const char before = match.before();
  const char behind = match.behind();
  if (absl::ascii_isalnum(before) || before == '.' || before == '-' || before == '_') return false;
  if (absl::ascii_isalnum(behind) || behind == '-' || behind == '_') return false;
  const char* end = match.value.data() + match.value.size();
  if (behind == '.' && end + 1 < match.text.data() + match.text.size() && absl::ascii_isalnum(end[1]))
    return false;
  // "Chrome/120.0.6099.109" and "v 1.2.3.4": but "//10.1.2.3".
  const char* begin = match.value.data();
  if (before == '/' && begin - match.text.data() >= 2 && absl::ascii_isalnum(begin[-2])) return false;
  in_addr address{};
  if (::inet_pton(AF_INET, std::string(match.value).c_str(), &address) != 1) return false;
  const std::uint32_t host = ntohl(address.s_addr);
  // 1.0.0.0 and 2.1.0.0 are versions.
  return isSomebodys(host) && (host & 0xffffu) != 0;
}

bool isIp6(const ShapeMatch& match) {
  std::string text(match.value);
  if (const auto zone = text.find('%'); zone != std::string::npos) text.resize(zone);
  if (std::count(text.begin(), text.end(), ':') < 3 && text.find("::") == std::string::npos) return false;
  // "a::b" is a name of C++.
  if (std::count_if(text.begin(), text.end(), absl::ascii_isdigit) < 2 || text.size() < 6) return false;
  std::array<std::uint8_t, 16> address{};
  if (::inet_pton(AF_INET6, text.c_str(), address.data()) != 1) return false;
  const auto begins = [&](std::initializer_list<std::uint8_t> bytes) {
    return std::equal(bytes.begin(), bytes.end(), address.begin());
  };
  if (begins({0x20, 0x01, 0x0d, 0xb8}) || begins({0x3f, 0xff, 0x00}) || begins({0xff})) return false;
  if (begins({0, 0, 0, 0, 0, 0, 0, 0, 0, 0})) {  // loopback and none; IPv4 as IPv6
    std::uint32_t host = 0;
    std::memcpy(&host, address.data() + 12, 4);
    return address[10] == 0xff && isSomebodys(ntohl(host));
  }
  return true;
}

constexpr auto kPersonalShapes = std::to_array<Shape>({
    {"email", "@", R"(([\p{L}\p{N}._%+'-]+@[\p{L}\p{N}][\p{L}\p{N}-]*(?:\.[\p{L}\p{N}-]+)*\.\p{L}{2,24}))",
     isEmail},
    {"email", "%40", R"((?i)\b([a-z0-9._+-]+%40(?:[a-z0-9-]+\.)+[a-z]{2,24}))",
     [](const ShapeMatch& match) { return match.value.find("example.") == std::string_view::npos; }},
    {"iban", kDigitsHint, R"(\b([A-Z]{2}[0-9]{2}(?:[ -]?[A-Z0-9]{2,4}){3,9})\b)", isIbanMatch},
    {"iban", kDigitsHint, R"(\b([A-Z]{2}[0-9]{2}[A-Z0-9]{11,30})\b)", isIbanMatch},
    {"card-number", kDigitsHint, R"(([0-9]{4}(?:[ -][0-9]{4}){3}(?:[ -][0-9]{3})?))", isCardMatch},
    {"card-number", kDigitsHint, R"((3[0-9]{3}[ -][0-9]{6}[ -][0-9]{4,5}))", isCardMatch},
    {"card-number", kDigitsHint, R"(([0-9]{14,19}))", isCardMatch},
    {"phone", kDigitsHint, R"((\+[1-9](?:[ .()/-]{0,2}[0-9]){7,14}))", isInternational},
    {"phone", kDigitsHint, R"(((?:1[ .-])?(?:\([2-9]\d\d\) ?|[2-9]\d\d[.-])[2-9]\d\d[.-]\d{4}))",
     isNationalPhone},
    {"phone", kDigitsHint, R"((0\d(?: \d\d){4}|0\d(?:\.\d\d){4}))", isNationalPhone},
    {"phone", kDigitsHint,
     R"((0(?:1\d{3} \d{5,6}|2\d \d{4} \d{4}|7\d{3} \d{6}|[1-9]\d{1,4}/ ?\d{4,9}|\(0\)\d{2,4} ?\d{4,8})))",
     isNationalPhone},
    {"phone", kDigitsHint, R"((0[1-9]\d{1,3}[ -]\d{3,4}[ -]?\d{3,5}))",
     [](const ShapeMatch& match) { return isNationalPhone(match) && saysPhone(match.place.name); }},
    {"phone", kDigitsHint, R"(^\s*((?:\+|00)?\(?[0-9](?:[ .()/-]{0,2}[0-9]){6,14})\s*$)", isNamedPhone},
    {"ip-address", kAddressHint, R"((\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}))", isIp4},
    {"ip-address", kAddressHint,
     R"((?i)(?:^|[^0-9a-z:._])([0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7}(?::\d{1,3}(?:\.\d{1,3}){3})?(?:%[a-z0-9]+)?)(?:$|[^0-9a-z:._]))",
     isIp6},
});

}  // namespace

std::span<const Shape> personalShapes() { return kPersonalShapes; }

}  // namespace retake
