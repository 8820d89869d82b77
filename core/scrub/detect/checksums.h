#pragma once

#include <string>
#include <string_view>

// Check digits of numbers that people are known by or pay with. `digits` are decimal digits and nothing
// else, where a function does not say otherwise.
namespace retake {

std::string onlyDigits(std::string_view text);
// Letters in upper case, without spaces, dots, hyphens and slashes.
std::string compactId(std::string_view text);

// ISO/IEC 7812-1, annex B.
bool hasLuhn(std::string_view digits);
// Issuer's range and length, Luhn, and not one digit all over.
bool isCardNumber(std::string_view digits);
// ISO 13616: country, its length, and 97-10. `iban` is compact.
bool isIban(std::string_view iban);
// ISO 7064.
bool hasMod11_10(std::string_view digits);
bool hasVerhoeff(std::string_view digits);

// Sum of digit * weight, digit by digit; the shorter of both says how many.
int weightedSum(std::string_view digits, std::string_view weights);
// A day that there is: `year` may be of two digits, then any century will do.
bool isDate(int year, int month, int day);
// The decimal number that stands at [at, at + count).
int numberAt(std::string_view digits, std::size_t at, std::size_t count);
// Remainder of a decimal number of any length.
int remainder(std::string_view digits, int by);

}  // namespace retake
