#include "planted.h"

namespace retake::test {
namespace {

std::string uuid(Lot& lot) {
  return lot.hex(8) + '-' + lot.hex(4) + "-4" + lot.hex(3) + "-a" + lot.hex(3) + '-' + lot.hex(12);
}

std::string word(Lot& lot) {
  static const char* const kWords[] = {"cart",    "order",    "checkout", "inventory", "shipment", "tracking",
                                       "payment", "customer", "address",  "warehouse", "catalog",  "review"};
  return kWords[lot.below(12)];
}

std::string title(std::string text) {
  text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text;
}

std::string stamp(Lot& lot) {
  return "20" + lot.of("12", 1) + lot.digits(1) + "-0" + lot.of("123456789", 1) + "-1" + lot.digits(1) +
         "T1" + lot.digits(1) + ":2" + lot.digits(1) + ":3" + lot.digits(1) + "." + lot.digits(9) + "Z";
}

}  // namespace

std::vector<Harmless> harmlessTexts(std::size_t count) {
  std::vector<Harmless> all;
  Lot lot(3);
  for (std::size_t i = 0; i < count; ++i) {
    all.push_back({"uuid", uuid(lot)});
    all.push_back({"sha-256", lot.hex(64)});
    all.push_back({"git commit", "fixed in " + lot.hex(40)});
    all.push_back({"time", stamp(lot)});
    all.push_back({"epoch seconds", "1" + lot.digits(9)});
    all.push_back({"epoch milliseconds", "1" + lot.digits(12)});
    all.push_back({"epoch microseconds", "1" + lot.digits(15)});
    all.push_back({"resource name", "projects/" + word(lot) + "-" + lot.digits(6) + "/locations/eu-west1/" +
                                        word(lot) + "s/" + word(lot) + "_" + word(lot) + "_" +
                                        lot.digits(3)});
    all.push_back(
        {"camel case", title(word(lot)) + title(word(lot)) + title(word(lot)) + title(word(lot)) + "V2"});
    all.push_back({"sentence", "the " + word(lot) + " of the " + word(lot) + " has " + lot.digits(3) + " " +
                                   word(lot) + "s, the token is required, the password is wrong"});
    all.push_back({"price", lot.digits(5) + "." + lot.digits(2)});
    all.push_back({"decimal fraction", "0." + lot.digits(17)});
    all.push_back({"version", "v1." + lot.digits(2) + ".12." + lot.digits(1)});
    all.push_back({"user agent", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/12" +
                                     lot.digits(1) + ".0." + lot.digits(4) + "." + lot.of("123456789", 3)});
    all.push_back({"documentation address", "192.0.2." + lot.of("123456789", 2)});
    all.push_back({"loopback", "127.0.0.1:" + lot.of("123456789", 4)});
    all.push_back({"example e-mail", word(lot) + "@example.com"});
    all.push_back({"page token", base64(lot.digits(30)), "next_page_token"});
    all.push_back({"etag", lot.letters(32), "etag"});
    all.push_back({"trace id", lot.letters(32), "trace_id"});
    all.push_back(
        {"MAC address", "3c:5a:" + lot.hex(2) + ":" + lot.hex(2) + ":" + lot.hex(2) + ":" + lot.hex(2)});
    all.push_back({"phone of films", "(212) 555-01" + lot.digits(2)});
    all.push_back({"sku", title(word(lot)) + "-" + lot.digits(6)});
    all.push_back({"public key", "-----BEGIN PUBLIC KEY-----\nabcd\n-----END PUBLIC KEY-----"});
    all.push_back({"hash token", "scrubbed-" + lot.of("0123456789abcdefghjkmnpqrstvwxyz", 32)});
    all.push_back({"mark", "Bearer [scrubbed]", "authorization"});
    all.push_back({"masked", "****" + lot.digits(4), "password"});
    all.push_back({"placeholder", "${DB_PASSWORD}", "password"});
    all.push_back({"count of tokens", lot.digits(4), "max_tokens"});
    all.push_back({"secret's name", "projects/p/secrets/" + word(lot), "secret"});
    all.push_back({"secret's id", word(lot), "secret_id"});
    all.push_back({"ratio", lot.digits(3) + ":" + lot.digits(2)});
    all.push_back({"coordinates", "47." + lot.digits(6) + ", 8." + lot.digits(6)});
    all.push_back({"ISBN", "978-3-16-" + lot.digits(6) + "-" + lot.digits(1)});
    all.push_back({"base64 of words", base64("the " + word(lot) + " of the " + word(lot) + " and more of it"),
                   "body_id"});
  }
  return all;
}

}  // namespace retake::test
