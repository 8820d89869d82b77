#include <QtTest>
#include <set>

#include "base/utf8.h"
#include "scrub/fake_digits.h"
#include "scrub/rule_library.h"
#include "scrub/scrubber.h"

using namespace retake;

namespace {

// A google.protobuf.StringValue of fewer than 128 bytes, or of up to 16383.
std::string stringValue(const std::string& text) {
  if (text.size() < 128) return "\x0a" + std::string(1, static_cast<char>(text.size())) + text;
  return "\x0a" +
         std::string{static_cast<char>(0x80 | (text.size() & 0x7f)), static_cast<char>(text.size() >> 7)} +
         text;
}
std::string textOf(const std::string& message) { return message.substr(message.size() - 2 < 128 ? 2 : 3); }

const ScrubKey& key() {
  static const ScrubKey made = *ScrubKey::fromBytes("a key of this test, and no other");
  return made;
}

const Scrubber& scrubber(const std::string& id) {
  static std::map<std::string, std::shared_ptr<const Scrubber>> made;
  auto& one = made[id];
  if (!one) {
    auto created = Scrubber::create(ruleSet(id)->rules, Schema::builtin(), &key());
    if (!created) qFatal("%s", created.error().message.c_str());
    one = *std::move(created);
  }
  return *one;
}

struct Scrubbed {
  std::string text;
  std::set<std::string> rules;
};

Scrubbed scrub(const std::string& id, const std::string& text) {
  Scrubbed out{text, {}};
  const Scrubber& rules = scrubber(id);
  const auto message =
      rules.message({.method = "/x.Y/Z", .typeName = "google.protobuf.StringValue"}, stringValue(text),
                    [&](ScrubHit&& hit) { out.rules.insert(rules.rules()[hit.rule].name); });
  if (message) out.text = textOf(*message);
  return out;
}

std::string many(const char* text, std::size_t count) {
  std::string out;
  while (out.size() < count) out += text;
  return out.substr(0, count);
}

}  // namespace

class tst_LibraryRules : public QObject {
  Q_OBJECT

 private slots:
  void redactCredentials_data() {
    QTest::addColumn<QString>("rule");
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("after");
    const auto row = [](const char* rule, const std::string& text, const std::string& after) {
      QTest::addRow("%s: %s", rule, text.substr(0, 20).c_str())
          << QString(rule) << QByteArray::fromStdString(text) << QByteArray::fromStdString(after);
    };
    // Put together here, so that nobody takes them for leaked ones.
    const std::string letters = many("aB3dE5gH7jK9mN1pQ", 80);
    const std::string head = "-----BEGIN ";
    row("private keys", "x " + head + "RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----\ny",
        "x [scrubbed]\ny");
    row("private keys", head + "PGP PRIVATE KEY BLOCK-----\nabc\n-----END PGP PRIVATE KEY BLOCK-----",
        "[scrubbed]");
    const std::string jwt = "ey" + std::string("JhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.") + many("aB-_3", 43);
    row("JSON web tokens", "token " + jwt + " here", "token [scrubbed] here");
    row("bearer tokens", "Authorization: Bearer " + letters.substr(0, 20),
        "Authorization: Bearer [scrubbed]");
    row("basic authentication", "Basic " + std::string("dXNlcjpwYXNz"), "Basic [scrubbed]");
    row("AWS access key ids", "id=AKIA" + many("ABCDEF2345", 16) + ",", "id=[scrubbed],");
    row("Google API keys and OAuth tokens", "AIza" + letters.substr(0, 35), "[scrubbed]");
    row("Azure keys", "AccountName=a;AccountKey=" + letters.substr(0, 42) + "==;",
        "AccountName=a;AccountKey=[scrubbed];");
    row("GitHub and GitLab tokens", "ghp_" + letters.substr(0, 36), "[scrubbed]");
    row("GitHub and GitLab tokens", "glpat-" + letters.substr(0, 20), "[scrubbed]");
    row("Slack tokens and hooks", "xoxb-" + letters.substr(0, 24), "[scrubbed]");
    row("Slack tokens and hooks", "https://hooks.slack.com/services/T0/" + letters.substr(0, 24),
        "https://hooks.slack.com/services/[scrubbed]");
    row("Stripe keys", "sk_live_" + letters.substr(0, 24), "[scrubbed]");
    row("keys of other services", "npm_" + letters.substr(0, 36), "[scrubbed]");
    row("keys of other services", "sk-proj-" + letters.substr(0, 40), "[scrubbed]");
    row("passwords in URLs", "postgres://shop:hunter2@db/x", "postgres://shop:[scrubbed]@db/x");
    row("passwords in text", "password = \"hunter2\", more", "password = \"[scrubbed]\", more");
    row("passwords in text", "api_key=abcd1234&x=1", "api_key=[scrubbed]&x=1");
  }
  void redactCredentials() {
    QFETCH(QString, rule);
    QFETCH(QByteArray, text);
    const Scrubbed once = scrub("credentials", text.toStdString());
    QTEST(QByteArray::fromStdString(once.text), "after");
    QVERIFY(once.rules.contains(rule.toStdString()));
    const Scrubbed twice = scrub("credentials", once.text);
    QCOMPARE(twice.text, once.text);
  }

  void leaveOtherText_data() {
    QTest::addColumn<QString>("set");
    QTest::addColumn<QByteArray>("text");
    const auto row = [](const char* set, const char* text) {
      QTest::newRow(text) << QString(set) << QByteArray(text);
    };
    for (const char* text :
         {"the password is wrong", "a basic text", "Basic arithmetic is fun", "https://example.com/path:80@x",
          "http://host:8080/a", "bearer of news", "eyJ.a.b", "AKIA is a prefix",
          "sk-learn and risk-averse people", "a secret garden",
          "-----BEGIN CERTIFICATE-----\nMIIE\n-----END CERTIFICATE-----"})
      row("credentials", text);
    for (const char* text : {"order 4711 of 2024-01-02", "1.2.3", "v1.2.3.400", "4111 1111", "a@b",
                             "12:34:56", "std::vector::size", "1234567890123456789", "DE12",
                             "2024-01-02T03:04:05Z", "+12", "550e8400-e29b-41d4-a716-446655440000"})
      row("personal", text);
    for (const char* text : {"550e8400-e29b-41d4-a716", "not-a-uuid"}) row("identifiers", text);
    for (const char* text : {"2024-01-02", "12:34:56", "1700000000"}) row("times", text);
  }
  void leaveOtherText() {
    QFETCH(QString, set);
    QFETCH(QByteArray, text);
    const Scrubbed scrubbed = scrub(set.toStdString(), text.toStdString());
    QCOMPARE(scrubbed.text, text.toStdString());
  }

  void fakePersonalData_data() {
    QTest::addColumn<QString>("rule");
    QTest::addColumn<QByteArray>("value");
    const auto row = [](const char* rule, const char* value) {
      QTest::newRow(value) << QString(rule) << QByteArray(value);
    };
    row("e-mail addresses", "jane.o'doe+x@mail.corp.org");
    row("IBANs", "DE89370400440532013000");
    row("IBANs", "GB29 NWBK 6016 1331 9268 19");
    row("IBANs", "NO9386011117947");
    row("card numbers", "4111 1111 1111 1111");
    row("card numbers", "5500000000000004");
    row("card numbers", "3782 822463 10005");
    row("phone numbers", "+49 30 1234567");
    row("phone numbers", "+1 (415) 555-2671");
    row("phone numbers", "+420601123456");
    row("US social security numbers", "078-05-1120");
    row("IPv4 addresses", "10.1.22.255");
    row("IPv6 addresses", "2a00:1450:4001:81b::200e");
    row("IPv6 addresses", "fe80:0:0:0:204:61ff:fe9d:f156");
  }
  void fakePersonalData() {
    QFETCH(QString, rule);
    QFETCH(QByteArray, value);
    const std::string before = value.toStdString();
    const Scrubbed alone = scrub("personal", before);
    QVERIFY2(alone.text != before, before.c_str());
    QVERIFY2(alone.rules == std::set<std::string>{rule.toStdString()},
             qPrintable(QString::number(alone.rules.size())));
    // In the middle of a text the same fake, and nothing else changes.
    QCOMPARE(scrub("personal", "see (" + before + ").").text, "see (" + alone.text + ").");
    if (rule == "card numbers") QVERIFY(isValidCardNumber(alone.text));
    if (rule == "IBANs") QVERIFY(isValidIban(alone.text));
  }

  void keepUuidsApart() {
    const std::string uuid = "6ba7b810-9dad-41d1-80b4-00c04fd430c8";
    const Scrubbed once = scrub("identifiers", "order/" + uuid + "/items");
    QVERIFY(once.text.find(uuid) == std::string::npos);
    QCOMPARE(once.text.size(), uuid.size() + 12);
    QCOMPARE(scrub("identifiers", once.text).text, once.text);
  }

  void shiftTimesInText() {
    QCOMPARE(scrub("times", "at 2024-01-02T03:04:05.5+02:00, and 2025-01-02 03:04:05").text,
             "at 2023-01-02T03:04:05.5+02:00, and 2024-01-03 03:04:05");
  }

  void maskAllText() { QCOMPARE(scrub("all_text", "Jane, 42").text, "****, **"); }
};

QTEST_GUILESS_MAIN(tst_LibraryRules)
#include "tst_library_rules.moc"
