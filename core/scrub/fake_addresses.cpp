#include "scrub/fake_addresses.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <optional>

#include "base/hex.h"
#include "scrub/encodings.h"
#include "scrub/keyed_symbols.h"

namespace retake {
namespace {

constexpr std::size_t kUuidDigits = 32;
constexpr std::size_t kVersionAt = 12;  // among the digits; RFC 9562, 4.1 and 4.2
constexpr std::size_t kVariantAt = 16;
// Of the 30 digits that are not those, 22 stand for the value.
constexpr std::size_t kUuidProof = 8;

std::string bytesOf(std::string_view digits) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2)
    bytes += static_cast<char>(hexValue(digits[i]) * 16 + hexValue(digits[i + 1]));
  return bytes;
}

// Where the 32 digits stand; nothing where `value` is no UUID.
std::optional<std::array<std::size_t, kUuidDigits>> uuidDigits(std::string_view value) {
  constexpr std::string_view kUrn = "urn:uuid:";
  std::size_t at = 0;
  std::size_t end = value.size();
  if (value.starts_with(kUrn)) at = kUrn.size();
  if (value.size() >= 2 && value.front() == '{' && value.back() == '}') {
    ++at;
    --end;
  }
  const bool grouped = end - at == kUuidDigits + 4;
  if (!grouped && (end - at != kUuidDigits || at != 0)) return std::nullopt;
  std::array<std::size_t, kUuidDigits> places{};
  for (std::size_t i = 0; i < kUuidDigits; ++i, ++at) {
    if (grouped && (i == 8 || i == 12 || i == 16 || i == 20) && value[at++] != '-') return std::nullopt;
    if (hexValue(value[at]) < 0) return std::nullopt;
    places[i] = at;
  }
  return places;
}

// Of 32 lower-case digits.
std::string fakeUuidDigits(const ScrubKey& key, std::string_view digits) {
  if (digits.find_first_not_of('0') == std::string_view::npos) return std::string(digits);  // nil: none
  Symbols free;
  for (std::size_t i = 0; i < digits.size(); ++i)
    if (i != kVersionAt && i != kVariantAt) free.push_back(static_cast<std::uint8_t>(hexValue(digits[i])));
  if (areProven(key, "uuid", free, 16, kUuidProof)) return std::string(digits);
  free = provenSymbols(key, "uuid", digits, 16, free.size() - kUuidProof, kUuidProof);
  const bool isUuid = digits[kVersionAt] >= '1' && digits[kVersionAt] <= '8' &&
                      std::string_view("89ab").find(digits[kVariantAt]) != std::string_view::npos;
  std::string fake;
  for (const std::uint8_t symbol : free) {
    if (fake.size() == kVersionAt) fake += isUuid ? digits[kVersionAt] : '4';
    if (fake.size() == kVariantAt) fake += isUuid ? digits[kVariantAt] : '8';
    fake += kHexDigits[symbol];
  }
  return fake;
}

// An address in its bytes, with what stands around it in the text.
struct Address {
  std::string bytes;
  std::string_view before = {};
  std::string_view after = {};
};

std::optional<std::string> bytesOfAddress(const std::string& text) {
  std::array<char, 16> bytes{};
  if (inet_pton(AF_INET, text.c_str(), bytes.data()) == 1) return std::string(bytes.data(), 4);
  if (inet_pton(AF_INET6, text.c_str(), bytes.data()) == 1) return std::string(bytes.data(), 16);
  return std::nullopt;
}

bool isPort(std::string_view text) {
  return !text.empty() && text.size() <= 5 && text.find_first_not_of("0123456789") == std::string_view::npos;
}

std::optional<Address> parseAddress(std::string_view value) {
  if (value.size() > 128 || value.find('\0') != std::string_view::npos) return std::nullopt;
  std::string_view before;
  std::string_view inside = value;
  std::string_view after;
  if (value.starts_with('[')) {
    const std::size_t close = value.find(']');
    if (close == std::string_view::npos) return std::nullopt;
    before = value.substr(0, 1);
    inside = value.substr(1, close - 1);
    after = value.substr(close);
    if (after != "]" && !(after.starts_with("]:") && isPort(after.substr(2)))) return std::nullopt;
  } else if (const std::size_t slash = value.find('/'); slash != std::string_view::npos) {
    inside = value.substr(0, slash);
    after = value.substr(slash);
    if (!isPort(after.substr(1))) return std::nullopt;
  } else if (const std::size_t colon = value.find(':');
             colon != std::string_view::npos && value.find(':', colon + 1) == std::string_view::npos) {
    inside = value.substr(0, colon);
    after = value.substr(colon);
    if (!isPort(after.substr(1))) return std::nullopt;
  }
  // A zone names an interface of the machine: it goes.
  if (const std::size_t zone = inside.find('%'); zone != std::string_view::npos && zone > 0)
    inside = inside.substr(0, zone);
  auto bytes = bytesOfAddress(std::string(inside));
  if (!bytes) return std::nullopt;
  return Address{*std::move(bytes), before, after};
}

// IPv4: RFC 1112 keeps 240.0.0.0/4 for later, and no later ever came.
constexpr unsigned kFakeV4 = 0xf0;
// IPv6: RFC 3849 keeps 2001:db8::/32 for documents. Of the 24 digits behind, 18 stand for the value.
constexpr std::string_view kFakeV6 = "20010db8";
constexpr std::size_t kV6Proof = 6;

std::string fakeV4(const ScrubKey& key, ByteView bytes) {
  if ((static_cast<unsigned char>(bytes[0]) & kFakeV4) == kFakeV4) return std::string(bytes);
  std::string digits = "f";
  for (const std::uint8_t symbol : keyedSymbols(key, "ipv4", bytes, 16, 7)) digits += kHexDigits[symbol];
  return bytesOf(digits);
}

std::string fakeV6(const ScrubKey& key, ByteView bytes) {
  const std::string digits = encodeHex(bytes, false);
  Symbols free;
  for (const char c : digits.substr(kFakeV6.size())) free.push_back(static_cast<std::uint8_t>(hexValue(c)));
  if (digits.starts_with(kFakeV6) && areProven(key, "ipv6", free, 16, kV6Proof)) return std::string(bytes);
  std::string fake(kFakeV6);
  for (const std::uint8_t symbol : provenSymbols(key, "ipv6", bytes, 16, free.size() - kV6Proof, kV6Proof))
    fake += kHexDigits[symbol];
  return bytesOf(fake);
}

}  // namespace

bool looksLikeUuid(std::string_view value) { return uuidDigits(value).has_value(); }

std::string fakeUuid(const ScrubKey& key, std::string_view value) {
  const auto places = uuidDigits(value);
  std::string digits;
  if (!places) {
    for (const std::uint8_t symbol : keyedSymbols(key, "uuid of text", value, 16, kUuidDigits))
      digits += kHexDigits[symbol];
    const std::string fake = fakeUuidDigits(key, digits);
    return fake.substr(0, 8) + '-' + fake.substr(8, 4) + '-' + fake.substr(12, 4) + '-' + fake.substr(16, 4) +
           '-' + fake.substr(20);
  }
  bool upper = false;
  for (const std::size_t place : *places) {
    upper = upper || (value[place] >= 'A' && value[place] <= 'F');
    digits += kHexDigits[static_cast<std::size_t>(hexValue(value[place]))];
  }
  const std::string fake = fakeUuidDigits(key, digits);
  std::string text(value);
  for (std::size_t i = 0; i < kUuidDigits; ++i) {
    const bool raise = upper && fake[i] >= 'a';
    text[(*places)[i]] = raise ? static_cast<char>(fake[i] - ('a' - 'A')) : fake[i];
  }
  return text;
}

std::string fakeUuidBytes(const ScrubKey& key, ByteView sixteen) {
  return bytesOf(fakeUuidDigits(key, encodeHex(sixteen, false)));
}

bool looksLikeIpAddress(std::string_view value) { return parseAddress(value).has_value(); }

std::string fakeIpAddress(const ScrubKey& key, std::string_view value) {
  auto address = parseAddress(value);
  if (!address) {
    std::string bytes;
    for (const std::uint8_t symbol : keyedSymbols(key, "ip of text", value, 240, 4))
      bytes += static_cast<char>(symbol);
    address = Address{bytes};
  }
  const std::string fake = fakeIpBytes(key, address->bytes);
  std::array<char, INET6_ADDRSTRLEN> text{};
  inet_ntop(fake.size() == 4 ? AF_INET : AF_INET6, fake.data(), text.data(), text.size());
  return std::string(address->before) + text.data() + std::string(address->after);
}

std::string fakeIpBytes(const ScrubKey& key, ByteView fourOrSixteen) {
  return fourOrSixteen.size() == 4 ? fakeV4(key, fourOrSixteen) : fakeV6(key, fourOrSixteen);
}

}  // namespace retake
