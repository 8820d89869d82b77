#include <array>
#include <functional>

#include "planted.h"

// Personal data by lot. Check digits are found by trying: the rule itself is tested with numbers that are
// published as examples (tst_checksums.cpp).
#include "scrub/detect/checksums.h"

namespace retake::test {
namespace {

// The number with the check digits in place of each '#' that `valid` takes.
std::string completed(const std::string& pattern, const std::function<bool(const std::string&)>& valid) {
  const auto first = pattern.find('#');
  if (first == std::string::npos) return valid(pattern) ? pattern : std::string();
  for (char digit = '0'; digit <= '9'; ++digit) {
    std::string next = pattern;
    next[first] = digit;
    if (std::string done = completed(next, valid); !done.empty()) return done;
  }
  return {};
}

std::string card(Lot& lot) {
  static const char* const kPrefixes[] = {"4", "51", "55", "2221", "6011"};
  std::string start = kPrefixes[lot.below(5)];
  start += lot.digits(15 - start.size());
  return completed(start + '#', [](const std::string& digits) { return isCardNumber(digits); });
}

std::string iban(Lot& lot) {
  static const std::pair<const char*, std::size_t> kCountries[] = {
      {"DE", 18}, {"FR", 23}, {"ES", 20}, {"AT", 16}};
  const auto& [country, digits] = kCountries[lot.below(4)];
  return completed(std::string(country) + "##" + lot.digits(digits),
                   [](const std::string& text) { return isIban(text); });
}

std::string grouped(const std::string& text, char separator) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i > 0 && i % 4 == 0) out += separator;
    out += text[i];
  }
  return out;
}

// Area and exchange of North America: not 0 or 1 first, not 555.
std::string three(Lot& lot) { return lot.of("2346789", 1) + lot.of("023456789", 2); }

std::string phone(Lot& lot) {
  switch (lot.below(5)) {
    case 0:
      return "+1" + three(lot) + three(lot) + lot.digits(4);
    case 1:
      return '(' + three(lot) + ") " + three(lot) + '-' + lot.digits(4);
    case 2:
      return "+49 30 " + lot.digits(8);
    case 3:
      return "+44 20 7" + lot.digits(3) + ' ' + lot.digits(4);
    default:
      return "06 " + lot.digits(2) + ' ' + lot.digits(2) + ' ' + lot.digits(2) + ' ' + lot.digits(2);
  }
}

std::string address(Lot& lot) {
  if (lot.below(4) == 0)
    return "2a00:1450:" + lot.hex(4) + ":" + lot.hex(3) + "::" + lot.of("123456789", 1) + lot.hex(2);
  static const char* const kFirst[] = {"10", "172", "81", "8"};
  std::string text = kFirst[lot.below(4)];
  for (int i = 0; i < 3; ++i) text += '.' + std::to_string(1 + lot.below(250));
  return text;
}

std::string in(Lot& lot, const std::string& value) {
  switch (lot.below(3)) {
    case 0:
      return value;
    case 1:
      return "reach me at " + value + " today";
    default:
      return "<" + value + ">";
  }
}

std::string nationalId(Lot& lot) {
  const std::string month = "0" + lot.of("123456789", 1);
  const std::string day = "1" + lot.digits(1);
  switch (lot.below(5)) {
    case 0:  // Brazil
      return completed(lot.digits(3) + '.' + lot.digits(3) + '.' + lot.digits(3) + "-##",
                       [](const std::string& text) {
                         const std::string id = onlyDigits(text);
                         return weightedSum(id.substr(0, 9), "A98765432") * 10 % 11 % 10 == id[9] - '0' &&
                                weightedSum(id.substr(0, 10), "BA98765432") * 10 % 11 % 10 == id[10] - '0';
                       });
    case 1: {  // Spain
      const std::string digits = "1" + lot.digits(7);
      return digits + "TRWAGMYFPDXBNJZSQVHLCKE"[static_cast<std::size_t>(remainder(digits, 23))];
    }
    case 2: {  // China
      const std::string body =
          "110105"
          "19" +
          lot.of("5678", 1) + lot.digits(1) + month + day + lot.digits(3);
      return body + "10X98765432"[static_cast<std::size_t>(weightedSum(body, "79A584216379A5842") % 11)];
    }
    case 3:  // Sweden
      return completed(lot.of("5678", 1) + lot.digits(1) + month + day + '-' + lot.digits(3) + '#',
                       [](const std::string& text) { return hasLuhn(onlyDigits(text)); });
    default:  // Finland
      break;
  }
  const std::string date = day + month + lot.of("5678", 1) + lot.digits(1);
  const std::string number = "3" + lot.digits(2);
  return date + '-' + number +
         "0123456789ABCDEFHJKLMNPRSTUVWXY"[static_cast<std::size_t>(remainder(date + number, 31))];
}

}  // namespace

std::vector<Planted> plantedPersonalData(std::size_t count) {
  std::vector<Planted> all;
  Lot lot(2);
  const auto add = [&](const char* detector, const std::string& value) {
    all.push_back({detector, in(lot, value), value});
  };
  for (std::size_t i = 0; i < count; ++i) {
    const std::string name = lot.of("abcdefghij", 5);
    add("email", name + '.' + lot.of("klmnop", 4) + "@mail" + lot.digits(2) + ".acme.co.uk");
    add("email", name + "+tag@" + name + ".io");
    const std::string number = card(lot);
    add("card-number", number);
    add("card-number", grouped(number, lot.below(2) ? ' ' : '-'));
    const std::string account = iban(lot);
    add("iban", account);
    add("iban", grouped(account, ' '));
    add("phone", phone(lot));
    add("ip-address", address(lot));
    add("national-id", nationalId(lot));
  }
  return all;
}

}  // namespace retake::test
