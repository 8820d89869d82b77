#include "planted.h"

#include <functional>
#include <utility>

namespace retake::test {
namespace {

constexpr std::string_view kUpper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
constexpr std::string_view kLower = "abcdefghijklmnopqrstuvwxyz";
constexpr std::string_view kDigits = "0123456789";

std::string alphabet(std::initializer_list<std::string_view> parts) {
  std::string all;
  for (const std::string_view part : parts) all += part;
  return all;
}
const std::string kUrlSafe = alphabet({kUpper, kLower, kDigits, "-_"});
const std::string kBase64 = alphabet({kUpper, kLower, kDigits, "+/"});
const std::string kBase32 = alphabet({kUpper, "234567"});

std::string urlSafe(std::string text) {
  for (char& c : text) c = c == '+' ? '-' : c == '/' ? '_' : c;
  while (text.ends_with('=')) text.pop_back();
  return text;
}

std::string jwt(Lot& lot) {
  return urlSafe(base64(R"({"alg":"HS256","typ":"JWT"})")) + '.' +
         urlSafe(base64(R"({"sub":")" + lot.digits(10) + R"(","iat":1516239022})")) + '.' +
         lot.of(kUrlSafe, 43);
}

std::string pem(Lot& lot, const std::string& kind) {
  std::string text = "-----BEGIN " + kind + "PRIVATE KEY-----\n";
  for (int line = 0; line < 6; ++line) text += lot.of(kBase64, 64) + '\n';
  return text + lot.of(kBase64, 40) + "==\n-----END " + kind + "PRIVATE KEY-----";
}

// How a key stands in a text, by turns.
std::string within(Lot& lot, const std::string& value) {
  switch (lot.below(4)) {
    case 0:
      return value;
    case 1:
      return "the key is " + value + ", keep it";
    case 2:
      return "{\"k\":\"" + value + "\"}";
    default:
      return "export KEY='" + value + "'";
  }
}

struct Kind {
  const char* detector;
  std::function<std::string(Lot&)> make;
};

// Those that say whose they are: prefix, alphabet, length.
const std::vector<Kind>& shapedKinds() {
  static const std::vector<Kind> kinds = {
      {"jwt", jwt},
      {"private-key", [](Lot& lot) { return pem(lot, ""); }},
      {"private-key", [](Lot& lot) { return pem(lot, "RSA "); }},
      {"private-key", [](Lot& lot) { return pem(lot, "OPENSSH "); }},
      {"private-key", [](Lot& lot) { return pem(lot, "EC "); }},
      {"aws-access-key", [](Lot& lot) { return "AKIA" + lot.of(kBase32, 16); }},
      {"aws-access-key", [](Lot& lot) { return "ASIA" + lot.of(kBase32, 16); }},
      {"google-api-key", [](Lot& lot) { return "AIza" + lot.of(kUrlSafe, 34) + lot.letters(1); }},
      {"google-oauth", [](Lot& lot) { return "ya29." + lot.of(kUrlSafe, 120) + lot.letters(1); }},
      {"google-oauth", [](Lot& lot) { return "GOCSPX-" + lot.letters(28); }},
      {"azure-client-secret", [](Lot& lot) { return lot.letters(3) + "8Q~" + lot.letters(34); }},
      {"github-token", [](Lot& lot) { return "ghp_" + lot.letters(36); }},
      {"github-token", [](Lot& lot) { return "ghs_" + lot.letters(36); }},
      {"github-token", [](Lot& lot) { return "github_pat_" + lot.letters(22) + '_' + lot.letters(59); }},
      {"gitlab-token", [](Lot& lot) { return "glpat-" + lot.letters(20); }},
      {"slack-token",
       [](Lot& lot) { return "xoxb-" + lot.digits(12) + '-' + lot.digits(12) + '-' + lot.letters(24); }},
      {"slack-webhook",
       [](Lot& lot) {
         return "hooks.slack.com/services/T" + lot.letters(8) + "/B" + lot.letters(8) + '/' + lot.letters(24);
       }},
      {"stripe-key", [](Lot& lot) { return "sk_live_" + lot.letters(24); }},
      {"stripe-key", [](Lot& lot) { return "rk_test_" + lot.letters(24); }},
      {"npm-token", [](Lot& lot) { return "npm_" + lot.letters(36); }},
      {"pypi-token",
       [](Lot& lot) { return "pypi-AgEIcHlwaS5vcmc" + lot.of(kUrlSafe, 150) + lot.letters(1); }},
      {"sendgrid-key", [](Lot& lot) { return "SG." + lot.letters(22) + '.' + lot.letters(43); }},
      {"mailgun-key", [](Lot& lot) { return "key-" + lot.hex(32); }},
      {"mailchimp-key", [](Lot& lot) { return lot.hex(32) + "-us" + std::to_string(1 + lot.below(20)); }},
      {"twilio-key", [](Lot& lot) { return "SK" + lot.hex(32); }},
      {"openai-key", [](Lot& lot) { return "sk-" + lot.letters(48); }},
      {"openai-key", [](Lot& lot) { return "sk-proj-" + lot.letters(64); }},
      {"anthropic-key", [](Lot& lot) { return "sk-ant-api03-" + lot.of(kUrlSafe, 92) + lot.letters(1); }},
      {"huggingface-token", [](Lot& lot) { return "hf_" + lot.letters(34); }},
      {"digitalocean-token", [](Lot& lot) { return "dop_v1_" + lot.hex(64); }},
      {"databricks-token", [](Lot& lot) { return "dapi" + lot.hex(32); }},
      {"docker-token", [](Lot& lot) { return "dckr_pat_" + lot.letters(27); }},
      {"vault-token", [](Lot& lot) { return "hvs." + lot.letters(24); }},
      {"shopify-token", [](Lot& lot) { return "shpat_" + lot.hex(32); }},
      {"telegram-token", [](Lot& lot) { return "1" + lot.digits(9) + ":AA" + lot.letters(33); }},
      {"postman-key", [](Lot& lot) { return "PMAK-" + lot.hex(24) + '-' + lot.hex(34); }},
      {"high-entropy", [](Lot& lot) { return lot.letters(40); }},
      {"high-entropy", [](Lot& lot) { return lot.of(kBase64, 43) + '='; }},
  };
  return kinds;
}

Planted contextual(Lot& lot, std::size_t which) {
  switch (which % 10) {
    case 0: {
      const std::string value = lot.of(kUrlSafe, 30) + lot.digits(2);
      return {"bearer-token", "Bearer " + value, value, "authorization"};
    }
    case 1: {
      const std::string value = base64("user" + lot.digits(2) + ':' + lot.letters(10));
      return {"basic-auth", "Basic " + value, value, "authorization"};
    }
    case 2: {
      const std::string value = lot.letters(12);
      return {"url-password", "postgres://shop:" + value + "@db.internal:5432/orders", value, "dsn"};
    }
    case 3: {
      const std::string value = lot.letters(16);
      return {"url-token", "https://api.internal/v1/x?a=1&access_token=" + value + "&b=2", value, "next"};
    }
    case 4: {
      const std::string value = lot.letters(9) + "!7";
      return {"assigned-secret", "user=ann password=" + value + " host=db", value, "command"};
    }
    case 5: {
      const std::string value = lot.letters(40);
      return {"azure-sas", "https://a.blob.core.windows.net/c?sv=2022-11-02&sr=b&sig=" + value, value, "url"};
    }
    case 6: {
      const std::string value = lot.of(kBase64, 86) + "==";
      return {"azure-storage-key", "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=" + value, value,
              "x"};
    }
    case 7: {
      static const char* const kNames[] = {"password",     "db_password", "clientSecret", "x-api-key",
                                           "refreshToken", "secret",      "passphrase",   "session_id"};
      const std::string value = lot.of(kLower, 6) + lot.digits(2);
      return {"secret-field", value, value, kNames[lot.below(8)]};
    }
    case 8: {
      const std::string value = lot.of(kBase64, 40);
      return {"aws-secret-key", "aws_secret_access_key = " + value, value, "config"};
    }
    default: {
      const std::string value = lot.letters(40);
      return {"npm-token", "//registry.npmjs.org/:_authToken=" + value, value, "npmrc"};
    }
  }
}

}  // namespace

std::string Lot::of(std::string_view alphabet, std::size_t count) {
  std::string text;
  while (text.size() < count) text += alphabet[below(alphabet.size())];
  return text;
}

std::string Lot::letters(std::size_t count) {
  static const std::string kAll = alphabet({kUpper, kLower, kDigits});
  return of(kAll, count);
}

std::string base64(std::string_view bytes) {
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k)
      group = group << 8 | (i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0u);
    for (std::size_t k = 0; k < 4; ++k)
      text += i + k > bytes.size() ? '=' : kBase64[group >> (18 - 6 * k) & 63];
  }
  return text;
}

std::vector<Planted> plantedSecrets(std::size_t count) {
  std::vector<Planted> all;
  Lot lot(1);
  for (const Kind& kind : shapedKinds())
    for (std::size_t i = 0; i < count; ++i) {
      const std::string value = kind.make(lot);
      all.push_back({kind.detector, within(lot, value), value});
    }
  for (std::size_t i = 0; i < 10 * count; ++i) all.push_back(contextual(lot, i));
  return all;
}

}  // namespace retake::test
