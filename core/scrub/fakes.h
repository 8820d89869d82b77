#pragma once

#include <string>
#include <string_view>

#include "base/bytes.h"
#include "scrub/key.h"
#include "scrub/rule.h"

// Fakes: the same for the same key and value.
//
//   Email       SYMBOLS@example.com, as long as the value from 28 to 76 bytes
//   Name        two words; joined by "-" where the value is one word
//   Uuid        of the same form and version; nil stays nil
//   IpAddress   IPv4 in 240.0.0.0/4, IPv6 in 2001:db8::/32: nobody has such; a port or prefix length stays
//   Number      other digits (and letters) in the same places; the first is 0 where it was
//   Phone       the same with the country or trunk prefix kept
//   CardNumber  the same with the issuer's six digits kept, and valid by Luhn
//   Iban        the same with the country kept, and valid by ISO 7064 mod 97-10
//   Guess       what the value looks like; a hash token where it looks like none of these
//
// Those of the first four prove themselves: the fake of a fake is itself. Different values have different
// fakes: always for the four after them (of cards and accounts, where the check digits of both are right),
// else as good as always (2^-50 for two values, or less), but for IPv4 (2^-28).
namespace retake {

std::string fakeText(const ScrubKey& key, FakeKind kind, std::string_view value);
// UUIDs of 16 bytes, addresses of 4 and 16; else text where it is text; else as many other bytes.
std::string fakeBytes(const ScrubKey& key, FakeKind kind, ByteView value);
// Of the same sign and number of digits, and within 32 bits where it was; 0 stays 0.
std::int64_t fakeInteger(const ScrubKey& key, std::string_view purpose, std::int64_t value);
std::uint64_t fakeNatural(const ScrubKey& key, std::string_view purpose, std::uint64_t value);

// The token of a value: as Hash makes it. A token of this key is its own.
std::string hashToken(const ScrubKey& key, std::string_view value);
bool isHashToken(const ScrubKey& key, std::string_view text);

}  // namespace retake
