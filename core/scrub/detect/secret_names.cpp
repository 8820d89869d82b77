#include "scrub/detect/secret_names.h"

#include <absl/strings/ascii.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

namespace retake {
namespace {

// The words of a name in lower case: "dbPassword_V2" is db, password, v2; "APIKey" is api, key.
class Words {
 public:
  explicit Words(std::string_view name) {
    // Longer ones are no names.
    name = name.substr(0, 128);
    bool open = false;
    for (std::size_t i = 0; i < name.size(); ++i) {
      const char c = name[i];
      if (!absl::ascii_isalnum(c)) {
        open = false;
        continue;
      }
      const bool begins =
          absl::ascii_isupper(c) && i > 0 &&
          (absl::ascii_islower(name[i - 1]) || absl::ascii_isdigit(name[i - 1]) ||
           (absl::ascii_isupper(name[i - 1]) && i + 1 < name.size() && absl::ascii_islower(name[i + 1])));
      if (!open || begins) m_words.emplace_back();
      open = true;
      m_words.back() += absl::ascii_isupper(c) ? static_cast<char>(c - 'A' + 'a') : c;
    }
    // "password2", "key_1"
    while (m_words.size() > 1 && absl::ascii_isdigit(m_words.back()[0])) m_words.pop_back();
    for (std::string& word : m_words)
      while (word.size() > 3 && absl::ascii_isdigit(word.back())) word.pop_back();
  }

  bool empty() const { return m_words.empty(); }
  // Counted from the end: 0 is the last.
  std::string_view fromEnd(std::size_t i) const {
    return i < m_words.size() ? std::string_view(m_words[m_words.size() - 1 - i]) : std::string_view();
  }
  template <typename List>
  bool endsIn(const List& list) const {
    return contains(list, fromEnd(0));
  }
  template <typename List>
  bool hasAny(const List& list) const {
    return std::any_of(m_words.begin(), m_words.end(),
                       [&](const std::string& word) { return contains(list, word); });
  }
  std::string joined() const {
    std::string all;
    for (const std::string& word : m_words) all += word;
    return all;
  }
  void dropLast() { m_words.pop_back(); }

  template <typename List>
  static bool contains(const List& list, std::string_view word) {
    return std::find(std::begin(list), std::end(list), word) != std::end(list);
  }

 private:
  std::vector<std::string> m_words;
};

using Word = std::string_view;

// The last word, or the last two, that make a name one of a secret.
constexpr auto kSecretWords = std::to_array<Word>({"password",     "passwords",    "passwd",
                                                   "passphrase",   "passcode",     "pwd",
                                                   "pass",         "secret",       "secrets",
                                                   "credential",   "credentials",  "apikey",
                                                   "apikeys",      "authkey",      "privatekey",
                                                   "secretkey",    "accesskey",    "authtoken",
                                                   "accesstoken",  "refreshtoken", "idtoken",
                                                   "sessiontoken", "clientsecret", "authorization",
                                                   "cookie",       "cookies",      "jwt",
                                                   "otp",          "totp",         "cvv",
                                                   "cvc",          "pin",          "bearer",
                                                   "sessionid",    "sessid",       "jsessionid",
                                                   "phpsessid",    "sid",          "connectionstring",
                                                   "mnemonic",     "psk",          "htpasswd",
                                                   "userpass"});
// "key" is one only behind one of these.
constexpr auto kKeyWords = std::to_array<Word>(
    {"api",          "private", "secret",     "access",   "auth",      "encryption", "signing", "account",
     "subscription", "shared",  "master",     "license",  "session",   "hmac",       "aes",     "ssh",
     "service",      "storage", "decryption", "wrapping", "symmetric", "token",      "client"});
// "token" is one unless it stands behind one of these: places in lists, not rights.
constexpr auto kPlaceWords = std::to_array<Word>(
    {"page",     "next",        "previous",    "prev",        "sync",      "resume",    "continuation",
     "continue", "stream",      "cursor",      "consistency", "watch",     "start",     "end",
     "change",   "pagination",  "scroll",      "partition",   "offset",    "position",  "reset",
     "input",    "output",      "max",         "min",         "total",     "num",       "stop",
     "special",  "idempotency", "concurrency", "update",      "retry",     "iteration", "progress",
     "bos",      "eos",         "pad",         "unk",         "mask",      "search",    "list",
     "iterator", "last",        "read",        "write",       "operation", "dedup",     "uniqueness",
     "request",  "marker",      "savepoint",   "snapshot",    "checkpoint"});
constexpr auto kPhoneWords =
    std::to_array<Word>({"phone", "telephone", "tel", "mobile", "fax", "msisdn", "cell", "cellphone",
                         "phones", "phonenumber", "sms", "whatsapp"});
constexpr auto kNationalWords = std::to_array<Word>(
    {"ssn",  "ssns", "pesel",    "cpf",    "cnpj", "bsn",          "nir",           "nif",          "nie",
     "dni",  "nino", "aadhaar",  "aadhar", "nhs",  "personnummer", "fodselsnummer", "rut",          "curp",
     "cuit", "cuil", "oib",      "egn",    "cnp",  "ahv",          "avs",           "rrn",          "nric",
     "hetu", "tckn", "passport", "itin",   "tin",  "steuerid",     "idnr",          "codicefiscale"});
constexpr auto kRandomWords = std::to_array<Word>(
    {"etag",     "etags",       "digest",      "checksum",     "hash",    "fingerprint", "sha1",
     "sha256",   "sha512",      "md5",         "crc",          "crc32c",  "id",          "ids",
     "uid",      "uuid",        "guid",        "cursor",       "version", "revision",    "nonce",
     "salt",     "trace",       "traceparent", "tracestate",   "span",    "name",        "names",
     "path",     "url",         "uri",         "self",         "link",    "resource",    "marker",
     "bookmark", "thumbprint",  "signature",   "sha",          "commit",  "iv",          "ciphertext",
     "subject",  "type",        "topic",       "subscription", "parent",  "document",    "boundary",
     "agent",    "certificate", "cert",        "image"});

bool isPlaceToken(const Words& words, std::size_t at) {
  return Words::contains(kPlaceWords, words.fromEnd(at));
}

}  // namespace

bool saysSecret(std::string_view name) {
  Words words(name);
  // What is to be encrypted is to be kept.
  if (words.joined() == "plaintext") return true;
  // What becomes of a secret is one still: "password_hash", "secret_value", "token_b64".
  static constexpr auto kWrapping =
      std::to_array<Word>({"hash", "hashed", "value", "text", "plaintext", "plain", "b64", "base64",
                           "encoded", "pem", "bytes", "raw", "string", "str", "header", "data"});
  while (words.endsIn(kWrapping)) words.dropLast();
  if (words.empty()) return false;
  const Word last = words.fromEnd(0);
  if (last == "token" || last == "tokens") {
    // A list of tokens is more often one of words.
    if (last == "tokens" && !Words::contains(kKeyWords, words.fromEnd(1)) && words.fromEnd(1) != "refresh")
      return false;
    return !isPlaceToken(words, 1);
  }
  if (last == "key" || last == "keys") return Words::contains(kKeyWords, words.fromEnd(1));
  if (last == "auth") return words.fromEnd(1).empty() || words.fromEnd(1) == "basic";
  if (last == "id") return words.fromEnd(1) == "session" || words.fromEnd(1) == "sess";
  if (last == "string") return words.fromEnd(1) == "connection";
  if (last == "code") {
    const Word before = words.fromEnd(1);
    return before == "pin" || before == "security" || before == "otp" || before == "verification" ||
           before == "recovery" || before == "auth" || before == "authorization";
  }
  if (last == "phrase") return words.fromEnd(1) == "seed" || words.fromEnd(1) == "pass";
  if (last == "assertion") return true;
  return Words::contains(kSecretWords, last);
}

bool saysSecretMessage(std::string_view messageName, std::string_view name) {
  static constexpr auto kHolders =
      std::to_array<Word>({"data", "value", "payload", "content", "contents", "text", "raw", "plaintext"});
  static constexpr auto kMessages = std::to_array<Word>(
      {"secret", "secrets", "credential", "credentials", "password", "passwords", "token"});
  if (!Words(name).endsIn(kHolders)) return false;
  // "SecretPayload", "UserCredentials", but not "SecretManagerEvent".
  Words message(messageName);
  static constexpr auto kParts = std::to_array<Word>({"payload", "data", "value", "material", "content"});
  while (message.endsIn(kParts)) message.dropLast();
  return message.endsIn(kMessages);
}

bool saysSecretNumber(std::string_view name) {
  static constexpr auto kNumbers = std::to_array<Word>({"pin", "cvv", "cvc", "otp", "totp", "passcode"});
  const Words words(name);
  if (words.endsIn(kNumbers)) return true;
  return words.fromEnd(0) == "code" && (words.fromEnd(1) == "pin" || words.fromEnd(1) == "security" ||
                                        words.fromEnd(1) == "otp" || words.fromEnd(1) == "verification");
}

bool saysPhone(std::string_view name) { return Words(name).hasAny(kPhoneWords); }

bool saysNationalId(std::string_view name) {
  const Words words(name);
  if (words.hasAny(kNationalWords)) return true;
  const std::string all = words.joined();
  for (const Word part : {"nationalid", "taxid", "taxnumber", "socialsecurity", "personalid",
                          "identitynumber", "citizenid", "personalnumber", "idcard", "idnumber",
                          "nationalnumber", "identitycard", "birthnumber", "insurancenumber", "mynumber"})
    if (all.find(part) != std::string::npos) return true;
  return false;
}

bool saysHarmlessRandom(std::string_view name) {
  const Words words(name);
  if (words.empty()) return false;
  if (words.endsIn(kRandomWords)) return true;
  const Word last = words.fromEnd(0);
  return (last == "token" || last == "tokens") && isPlaceToken(words, 1);
}

bool saysVersion(std::string_view name) {
  static constexpr auto kVersions = std::to_array<Word>(
      {"version", "versions", "release", "build", "revision", "firmware", "agent", "oid", "semver", "ver"});
  return Words(name).hasAny(kVersions);
}

bool saysSensitive(std::string_view name) {
  static constexpr auto kSensitive = std::to_array<Word>(
      {"sensitive", "sensitivity", "secret", "redact", "redacted", "pii", "phi", "pci", "spii",
       "confidential", "scrub", "masked", "obfuscate", "personal", "gdpr", "private"});
  return Words(name).hasAny(kSensitive);
}

}  // namespace retake
