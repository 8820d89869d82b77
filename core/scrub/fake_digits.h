#pragma once

#include <string>
#include <string_view>

#include "scrub/key.h"

// Fakes that keep the length and every sign that is neither digit nor letter. Different values have different
// fakes. A value that is not of the kind is treated as digits and letters.
namespace retake {

// Other digits for digits, other letters for letters, of the same case; what is not ASCII becomes letters.
// A first digit is 0 exactly where it was.
std::string fakeDigits(const ScrubKey& key, std::string_view value);

// ITU-T E.164 with "+" or "00" before the country, or national; digits, spaces and ()-./ alone.
bool looksLikePhone(std::string_view value);
std::string fakePhone(const ScrubKey& key, std::string_view value);

// ISO/IEC 7812: 12 to 19 digits with spaces or "-" between, the last by Luhn.
bool isValidCardNumber(std::string_view value);
std::string fakeCardNumber(const ScrubKey& key, std::string_view value);

// ISO 13616: a country, two check digits by ISO 7064 mod 97-10, 11 to 30 digits and letters; with spaces.
bool isValidIban(std::string_view value);
std::string fakeIban(const ScrubKey& key, std::string_view value);

}  // namespace retake
