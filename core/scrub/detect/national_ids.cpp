#include <array>
#include <cstdint>

#include "scrub/detect/checksums.h"
#include "scrub/detect/secret_names.h"
#include "scrub/detect/shape.h"

// Numbers that states give to people. Where one is written with punctuation, or its checks leave little to
// chance, its shape is enough; else the field's name has to say what it is: one in ten or eleven numbers of
// the right length passes a single check digit.
namespace retake {
namespace {

using Judge = bool (*)(std::string_view compact);

template <Judge judge>
bool byShape(const ShapeMatch& match) {
  return judge(compactId(match.value));
}
template <Judge judge>
bool byName(const ShapeMatch& match) {
  return saysNationalId(match.place.name) && judge(compactId(match.value));
}

int digitAt(std::string_view digits, std::size_t at) { return digits[at] - '0'; }

// China, GB 11643: region, birthday, order; ISO 7064 mod 11-2, where X is 10.
bool isChinese(std::string_view id) {
  static constexpr std::string_view kChecks = "10X98765432";
  if (!isDate(numberAt(id, 6, 4), numberAt(id, 10, 2), numberAt(id, 12, 2))) return false;
  const int year = numberAt(id, 6, 4);
  const int sum = weightedSum(id.substr(0, 17),
                              "79A5842163"
                              "79A5842");
  return year >= 1880 && year < 2100 && id[17] == kChecks[static_cast<std::size_t>(sum % 11)];
}

// Spain, DNI and NIE: a letter for the remainder by 23.
bool isSpanish(std::string_view id) {
  static constexpr std::string_view kLetters = "TRWAGMYFPDXBNJZSQVHLCKE";
  std::string digits(id.substr(0, 8));
  if (digits[0] >= 'X') digits[0] = static_cast<char>(digits[0] - 'X' + '0');
  return id[8] == kLetters[static_cast<std::size_t>(remainder(digits, 23))] &&
         digits.find_first_not_of('0') != std::string::npos;
}

// Italy, codice fiscale, DM 23/12/1976: letters and digits of odd places have values of their own.
bool isItalian(std::string_view id) {
  static constexpr std::array<int, 26> kOdd = {1,  0,  5, 7, 9, 13, 15, 17, 19, 21, 2,  4,  18,
                                               20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23};
  int sum = 0;
  for (std::size_t i = 0; i < 15; ++i) {
    const int value = id[i] >= 'A' ? id[i] - 'A' : id[i] - '0';
    sum += i % 2 == 0 ? kOdd[static_cast<std::size_t>(value)] : value;
  }
  return id[15] == 'A' + sum % 26;
}

// Finland, HETU: a character for the remainder by 31. `id` keeps its sign of the century.
bool isFinnish(const ShapeMatch& match) {
  static constexpr std::string_view kChecks = "0123456789ABCDEFHJKLMNPRSTUVWXY";
  const std::string_view id = match.value;
  const std::string digits = std::string(id.substr(0, 6)) + std::string(id.substr(7, 3));
  return isDate(numberAt(id, 4, 2), numberAt(id, 2, 2), numberAt(id, 0, 2)) &&
         id[10] == kChecks[static_cast<std::size_t>(remainder(digits, 31))];
}

// France, NIR: the two last digits are 97 less the remainder; Corsica's 2A and 2B count as 19 and 18.
bool isFrench(std::string_view id) {
  std::string digits(id);
  if (digits[6] == 'A' || digits[6] == 'B') {
    digits[5] = '1';
    digits[6] = digits[6] == 'A' ? '9' : '8';
  }
  const int month = numberAt(digits, 3, 2);
  return ((month >= 1 && month <= 12) || (month >= 20 && month <= 42)) &&
         numberAt(digits, 13, 2) == 97 - remainder(std::string_view(digits).substr(0, 13), 97);
}

// Brazil, CPF: two check digits, the second over the first.
bool isCpf(std::string_view id) {
  if (id.find_first_not_of(id[0]) == std::string_view::npos) return false;
  const int first = weightedSum(id.substr(0, 9), "A98765432") * 10 % 11 % 10;
  const int second = weightedSum(id.substr(0, 10), "BA98765432") * 10 % 11 % 10;
  return first == digitAt(id, 9) && second == digitAt(id, 10);
}

// Mexico, CURP: base 37 with Ñ behind N, which stands in none of its places but counts.
bool isCurp(std::string_view id) {
  int sum = 0;
  for (std::size_t i = 0; i < 17; ++i) {
    const int value = id[i] < 'A' ? id[i] - '0' : id[i] - 'A' + 10 + (id[i] > 'N' ? 1 : 0);
    sum += value * static_cast<int>(18 - i);
  }
  return isDate(numberAt(id, 4, 2), numberAt(id, 6, 2), numberAt(id, 8, 2)) &&
         digitAt(id, 17) == (10 - sum % 10) % 10;
}

// Poland, PESEL: months count on by 20 for each century.
bool isPesel(std::string_view id) {
  return isDate(numberAt(id, 0, 2), numberAt(id, 2, 2) % 20, numberAt(id, 4, 2)) &&
         (weightedSum(id.substr(0, 10), "1379137913") + digitAt(id, 10)) % 10 == 0;
}

// Sweden: Luhn over a birthday of six digits and a number; 60 is added to a coordination number's day.
bool isSwedish(std::string_view id) {
  const std::string_view digits = id.substr(id.size() - 10);
  const int day = numberAt(digits, 4, 2);
  return isDate(numberAt(digits, 0, 2), numberAt(digits, 2, 2), day > 60 ? day - 60 : day) && hasLuhn(digits);
}

// Norway: two check digits by 11, the second over the first; a D number's day counts from 41.
bool isNorwegian(std::string_view id) {
  const int day = numberAt(id, 0, 2);
  return isDate(numberAt(id, 4, 2), numberAt(id, 2, 2), day > 40 ? day - 40 : day) &&
         weightedSum(id, "3761894521") % 11 == 0 && weightedSum(id, "54327654321") % 11 == 0;
}

// Belgium: 97 less the remainder; those born from 2000 on have a 2 before.
bool isBelgian(std::string_view id) {
  const int check = numberAt(id, 9, 2);
  const std::string nine(id.substr(0, 9));
  return isDate(numberAt(id, 0, 2), numberAt(id, 2, 2), numberAt(id, 4, 2)) &&
         (check == 97 - remainder(nine, 97) || check == 97 - remainder("2" + nine, 97));
}

// Czechia and Slovakia: divisible by 11; women's months count from 51, some from 21 or 71.
bool isCzech(std::string_view id) {
  const int month = numberAt(id, 2, 2) % 50;
  return isDate(numberAt(id, 0, 2), month > 20 ? month - 20 : month, numberAt(id, 4, 2)) &&
         remainder(id, 11) == 0;
}

// Korea: birthday, then sex and century; 11 less the remainder.
bool isKorean(std::string_view id) {
  return isDate(numberAt(id, 0, 2), numberAt(id, 2, 2), numberAt(id, 4, 2)) &&
         (11 - weightedSum(id.substr(0, 12), "234567892345") % 11) % 10 == digitAt(id, 12);
}

// Switzerland, AHV: EAN-13 behind the country's 756.
bool isSwiss(std::string_view id) {
  return (10 - weightedSum(id.substr(0, 12), "131313131313") % 10) % 10 == digitAt(id, 12);
}

// Turkey.
bool isTurkish(std::string_view id) {
  const int odd = weightedSum(id.substr(0, 9), "101010101");
  const int even = weightedSum(id.substr(0, 8), "01010101");
  const int sum = weightedSum(id.substr(0, 10), "1111111111");
  return (odd * 7 - even + 100) % 10 == digitAt(id, 9) && sum % 10 == digitAt(id, 10);
}

// Germany, tax id: of the first ten digits one occurs twice or three times; ISO 7064 mod 11-10.
bool isGerman(std::string_view id) {
  std::array<int, 10> counts{};
  for (const char c : id.substr(0, 10)) ++counts[static_cast<std::size_t>(c - '0')];
  int repeated = 0;
  for (const int count : counts) repeated += count == 2 || count == 3 ? 1 : count > 3 ? 2 : 0;
  return repeated == 1 && hasMod11_10(id);
}

bool isBsn(std::string_view id) { return weightedSum(id.substr(0, 8), "98765432") % 11 == digitAt(id, 8); }
bool isNhs(std::string_view id) {
  return (11 - weightedSum(id.substr(0, 9), "A98765432") % 11) % 11 == digitAt(id, 9);
}
// Argentina, CUIT.
bool isCuit(std::string_view id) {
  return (11 - weightedSum(id.substr(0, 10), "5432765432") % 11) % 11 == digitAt(id, 10);
}
// Singapore, NRIC and FIN.
bool isSingaporean(std::string_view id) {
  const char kind = id[0];
  const int sum = weightedSum(id.substr(1, 7), "2765432") + (kind == 'T' || kind == 'G' ? 4
                                                             : kind == 'M'              ? 3
                                                                                        : 0);
  const std::string_view letters = kind == 'S' || kind == 'T'   ? "JZIHGFEDCBA"
                                   : kind == 'F' || kind == 'G' ? "XWUTRQPNMLK"
                                                                : "XWUTRQPNJLK";
  const auto place = static_cast<std::size_t>(kind == 'M' ? 10 - sum % 11 : sum % 11);
  return id[8] == letters[place];
}
// USA, SSN: no check digit, but areas, groups and serials that were never given out.
bool isSsn(std::string_view id) {
  const int area = numberAt(id, 0, 3);
  return area != 0 && area != 666 && area < 900 && numberAt(id, 3, 2) != 0 && numberAt(id, 5, 4) != 0;
}
bool isAadhaar(std::string_view id) { return hasVerhoeff(id); }
bool isOib(std::string_view id) { return hasMod11_10(id); }
// South Africa: birthday, citizen or not, Luhn.
bool isSouthAfrican(std::string_view id) {
  return isDate(numberAt(id, 0, 2), numberAt(id, 2, 2), numberAt(id, 4, 2)) && hasLuhn(id);
}

constexpr std::string_view kId = "national-id";
constexpr auto kNationalIdShapes = std::to_array<Shape>({
    {kId, kDigitsHint, R"(\b([1-9]\d{5}(?:19|20)\d{9}[\dXx])\b)", byShape<isChinese>},
    {kId, kDigitsHint, R"(\b([XYZ]?\d{7,8}-?[A-HJ-NP-TV-Z])\b)",
     [](const ShapeMatch& match) {
       const std::string id = compactId(match.value);
       return id.size() == 9 && isSpanish(id);
     }},
    {kId, kTokenHint, R"(\b([A-Z]{6}\d{2}[A-EHLMPRST]\d{2}[A-Z]\d{3}[A-Z])\b)", byShape<isItalian>},
    {kId, kDigitsHint, R"(\b(\d{6}[-+A-FU-Y]\d{3}[0-9A-FHJ-NPR-Y])\b)", isFinnish},
    {kId, kDigitsHint, R"(\b([12378] ?\d\d ?\d\d ?\d[\dAB] ?\d{3} ?\d{3} ?\d\d)\b)", byShape<isFrench>},
    {kId, kDigitsHint, R"(\b(\d{3}\.\d{3}\.\d{3}-\d\d)\b)", byShape<isCpf>},
    {kId, kTokenHint, R"(\b([A-Z]{4}\d{6}[HMX][A-Z]{5}[0-9A-Z]\d)\b)", byShape<isCurp>},
    {kId, kDigitsHint, R"(\b((?:19|20)?\d{6}[-+]\d{4})\b)", byShape<isSwedish>},
    {kId, kDigitsHint, R"(\b(\d{6} ?\d{5})\b)", byShape<isNorwegian>},
    {kId, kDigitsHint, R"(\b(\d\d\.\d\d\.\d\d-\d{3}\.\d\d)\b)", byShape<isBelgian>},
    {kId, kDigitsHint, R"(\b(\d{6}/\d{4})\b)", byShape<isCzech>},
    {kId, kDigitsHint, R"(\b(\d{6}-\d{7})\b)", byShape<isKorean>},
    {kId, kDigitsHint, R"(\b(756\.?\d{4}\.?\d{4}\.?\d\d)\b)", byShape<isSwiss>},
    {kId, kDigitsHint, R"(\b(\d\d-\d{8}-\d)\b)", byShape<isCuit>},
    {kId, kDigitsHint, R"(\b([STFGM]\d{7}[A-Z])\b)", byShape<isSingaporean>},
    {kId, kDigitsHint, R"(\b(\d{3}-\d\d-\d{4})\b)", byShape<isSsn>},
    {kId, kDigitsHint, R"(\b([2-9]\d{3} \d{4} \d{4})\b)", byShape<isAadhaar>},
    {kId, kDigitsHint, R"(\b([1-9]\d \d{3} \d{3} \d{3})\b)", byShape<isGerman>},
    {kId, kDigitsHint, R"(\b(\d{3} \d{3} \d{4})\b)", byShape<isNhs>},
    // By name.
    {kId, kDigitsHint, R"(^\s*(\d{11})\s*$)", byName<[](std::string_view id) {
       return isPesel(id) || isCpf(id) || isTurkish(id) || isGerman(id) || isOib(id) || isBelgian(id) ||
              isCuit(id) || isNorwegian(id);
     }>},
    {kId, kDigitsHint, R"(^\s*(\d{9,10})\s*$)", byName<[](std::string_view id) {
       if (id.size() == 10) return isNhs(id) || isSwedish(id) || isCzech(id);
       return isBsn(id) || isSsn(id) || hasLuhn(id);
     }>},
    {kId, kDigitsHint, R"(^\s*(\d{12,13})\s*$)", byName<[](std::string_view id) {
       return id.size() == 12 ? isAadhaar(id) || isSwedish(id) : isSouthAfrican(id) || isKorean(id);
     }>},
});

}  // namespace

std::span<const Shape> nationalIdShapes() { return kNationalIdShapes; }

}  // namespace retake
