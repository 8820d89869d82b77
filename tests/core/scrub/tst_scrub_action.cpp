#include <QtTest>

#include "scrub/action.h"
#include "scrub/marks.h"

using namespace retake;
using namespace std::string_literals;
using Kind = ScrubAction::Kind;

Q_DECLARE_METATYPE(retake::ScrubAction)

namespace {

const ScrubKey& key() {
  static const ScrubKey made = *ScrubKey::fromBytes("a key of this test, and no other");
  return made;
}

ScrubActor actorOf(const ScrubAction& action) { return *ScrubActor::create(action, &key()); }

ScrubAction fakeOf(FakeKind kind) { return {.kind = Kind::Fake, .fake = kind}; }

ScrubAction shiftOf(std::chrono::seconds shift) { return {.kind = Kind::ShiftTime, .shift = shift}; }

}  // namespace

class tst_ScrubAction : public QObject {
  Q_OBJECT

 private slots:
  void changesText_data() {
    QTest::addColumn<ScrubAction>("action");
    QTest::addColumn<QByteArray>("before");
    QTest::addColumn<QByteArray>("after");
    const auto row = [](const char* title, const ScrubAction& action, const char* before, const char* after) {
      QTest::newRow(title) << action << QByteArray(before) << QByteArray(after);
    };
    row("redact", {}, "secret", "[scrubbed]");
    row("redact again", {}, "[scrubbed]", "[scrubbed]");
    row("nothing stays nothing", {}, "", "");
    row("replace", {.kind = Kind::Replace, .with = "x"}, "secret", "x");
    row("replace by nothing", {.kind = Kind::Replace}, "secret", "");
    row("replace nothing", {.kind = Kind::Replace, .with = "x"}, "", "x");
    row("replace what is redacted", {.kind = Kind::Replace, .with = "x"}, "[scrubbed]", "x");
    row("keep the last", {.kind = Kind::KeepLast}, "4111111111111111", "************1111");
    row("keep characters", {.kind = Kind::KeepLast, .count = 2}, "gr\xc3\xbc\xc3\x9f", "**\xc3\xbc\xc3\x9f");
    row("keep more than there is", {.kind = Kind::KeepLast}, "1234", "****");
    row("keep none", {.kind = Kind::KeepLast, .count = 0}, "12345", "*****");
    row("keep, redacted", {.kind = Kind::KeepLast}, "[scrubbed]", "[scrubbed]");
    row("mask", {.kind = Kind::Mask}, "Ab-12 @z.\n", "**-** @*.\n");
    row("mask beyond ASCII", {.kind = Kind::Mask}, "\xe6\x97\xa5-\xf0\x9f\x98\x80", "*-*");
    row("time", shiftOf(std::chrono::hours(-24)), "2024-03-01T00:00:00Z", "2024-02-29T00:00:00Z");
    row("no time", shiftOf(std::chrono::hours(-24)), "yesterday", "yesterday");
  }
  void changesText() {
    QFETCH(ScrubAction, action);
    QFETCH(QByteArray, before);
    const ScrubActor actor = actorOf(action);
    const std::string after = actor.text(before.toStdString());
    QTEST(QByteArray::fromStdString(after), "after");
  }

  void changesBytes() {
    const std::string bytes = "\xff\x00\x01\x80 secret"s;
    QCOMPARE(actorOf({}).bytes(bytes), "");
    QCOMPARE(actorOf({.kind = Kind::Mask}).bytes(bytes), std::string(bytes.size(), '*'));
    QCOMPARE(actorOf({.kind = Kind::Mask}).bytes("Ab-1"), "**-*");
    QCOMPARE(actorOf({.kind = Kind::KeepLast, .count = 3}).bytes(bytes),
             std::string(bytes.size() - 3, '*') + "ret");
    QCOMPARE(actorOf({.kind = Kind::KeepLast, .count = 30}).bytes(bytes), std::string(bytes.size(), '*'));
    QCOMPARE(actorOf({.kind = Kind::Replace, .with = "\x01"}).bytes(bytes), "\x01");
    for (const Kind kind :
         {Kind::Redact, Kind::Mask, Kind::KeepLast, Kind::Hash, Kind::Fake, Kind::ShiftTime})
      QCOMPARE(actorOf({.kind = kind}).bytes(""), "");
  }

  void changesNumbers() {
    const auto integer = [](const ScrubAction& action, std::int64_t value) {
      return actorOf(action).integer(value);
    };
    QCOMPARE(integer({}, 42), 0);
    QCOMPARE(integer({.kind = Kind::Replace, .with = "-7"}, 42), -7);
    QCOMPARE(integer({.kind = Kind::Replace, .with = "seven"}, 42), 0);
    QCOMPARE(integer({.kind = Kind::Mask}, 42), 0);
    QCOMPARE(integer({.kind = Kind::KeepLast, .count = 3}, 123456), 456);
    QCOMPARE(integer({.kind = Kind::KeepLast, .count = 3}, -123456), -456);
    QCOMPARE(integer({.kind = Kind::KeepLast, .count = 3}, 123), 0);
    QCOMPARE(integer({.kind = Kind::KeepLast, .count = 400}, std::numeric_limits<std::int64_t>::min()), 0);
    QCOMPARE(integer({.kind = Kind::KeepLast, .count = 18}, std::numeric_limits<std::int64_t>::max()),
             223372036854775807);
    QCOMPARE(actorOf({.kind = Kind::KeepLast, .count = 19}).natural(18446744073709551615u),
             8446744073709551615u);
    QCOMPARE(integer(shiftOf(std::chrono::hours(1)), 1'700'000'000), 1'700'003'600);
    QCOMPARE(actorOf({}).natural(42), 0u);
    QCOMPARE(actorOf({}).real(4.2), 0.0);
    QCOMPARE(actorOf({.kind = Kind::Replace, .with = "1.5"}).real(4.2), 1.5);
    QCOMPARE(actorOf(shiftOf(std::chrono::hours(1))).real(1'700'000'000.5), 1'700'003'600.5);
  }

  void hashesEqualValuesAlike() {
    const ScrubActor actor = actorOf({.kind = Kind::Hash});
    const std::string token = actor.text("jane");
    QVERIFY(isScrubMark(token));
    QCOMPARE(actor.text("jane"), token);
    QCOMPARE(actor.bytes("jane"), token);
    QVERIFY(actor.text("joan") != token);
    const auto other = ScrubKey::fromBytes("another key that is long enough");
    QVERIFY(ScrubActor::create({.kind = Kind::Hash}, &*other)->text("jane") != token);
    // The key decides, so a rule file alone tells nobody: HMAC-SHA-256 of "4:hashjane".
    QVERIFY(token.find("jane") == std::string::npos);
  }

  // As Python's hmac has it.
  void isHmacSha256() {
    QCOMPARE(QByteArray::fromStdString(key().hmac("hash", "jane")).toHex(),
             "7ea9dd36e33804fc56873e7c1c72072362b54d83fca675fdddcc840a55be8611");
    QCOMPARE(
        QByteArray::fromStdString(ScrubKey::fromBytes(std::string(100, 'k'))->hmac("hash", "jane")).toHex(),
        "e0f8f49e2260691dfb8cd3beda766d0f67e4610736d499fa4157c07d76a72d71");
  }

  void leavesItsOwnTokens() {
    const ScrubActor hash = actorOf({.kind = Kind::Hash});
    const std::string token = hash.text("jane");
    QCOMPARE(hash.text(token), token);
    QCOMPARE(hash.bytes(token), token);
    QCOMPARE(actorOf(fakeOf(FakeKind::Email)).text(token), token);
    // What merely looks like one is a value like any other.
    std::string forged = token;
    forged.back() = forged.back() == '0' ? '1' : '0';
    QVERIFY(isScrubMark(forged));
    QVERIFY(hash.text(forged) != forged);
    const auto other = ScrubKey::fromBytes("another key that is long enough");
    QVERIFY(ScrubActor::create({.kind = Kind::Hash}, &*other)->text(token) != token);
  }

  void needsAKeyWhereItHides() {
    for (const Kind kind :
         {Kind::Redact, Kind::Replace, Kind::Remove, Kind::KeepLast, Kind::Mask, Kind::ShiftTime})
      QVERIFY(ScrubActor::create({.kind = kind}, nullptr));
    const auto hash = ScrubActor::create({.kind = Kind::Hash}, nullptr);
    QVERIFY(!hash);
    QCOMPARE(hash.error().message,
             "expected a key (a file, or an environment variable) to hash with, found none");
    QVERIFY(!ScrubActor::create({.kind = Kind::Fake}, nullptr));
  }

  void saysWhatCanBeReversed() {
    QVERIFY(actorOf({.kind = Kind::Hash}).isReversibleBySession());
    QVERIFY(actorOf({.kind = Kind::Fake}).isReversibleBySession());
    QVERIFY(!actorOf({}).isReversibleBySession());
    QVERIFY(!actorOf({}).reverseText("x"));
    QVERIFY(!actorOf({.kind = Kind::Hash}).reverseText("x"));
    const ScrubActor shift = actorOf(shiftOf(std::chrono::hours(25)));
    QCOMPARE(*shift.reverseText("2024-01-02T01:00:00Z"), "2024-01-01T00:00:00Z");
    const ScrubActor::Time time{.seconds = 5, .nanos = 7};
    QCOMPARE(shift.time(time)->seconds, 90005);
    QCOMPARE(shift.reverseTime(*shift.time(time))->seconds, 5);
    QCOMPARE(shift.time(time)->nanos, 7);
    QVERIFY(!actorOf({}).time(time));
    QVERIFY(!actorOf({}).reverseTime(time));
    QVERIFY(actorOf({.kind = Kind::Remove}).removes());
    QVERIFY(!actorOf({}).removes());
  }

  void findsMarks_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<int>("count");
    const QByteArray token = QByteArray::fromStdString(actorOf({.kind = Kind::Hash}).text("jane"));
    QTest::newRow("none") << QByteArray("scrubbed [scrubbed") << 0;
    QTest::newRow("mark") << QByteArray("a [scrubbed] b") << 1;
    QTest::newRow("token") << "Bearer " + token + " x" << 1;
    QTest::newRow("token in brackets") << "[" + token + "]" << 1;
    QTest::newRow("side by side") << token + token + "[scrubbed][scrubbed]" << 4;
    QTest::newRow("cut") << token.left(40) << 0;
    QTest::newRow("brackets within") << QByteArray("[[scrubbed]]") << 1;
  }
  void findsMarks() {
    QFETCH(QByteArray, text);
    const std::string held = text.toStdString();
    const auto ranges = scrubMarks(held);
    QTEST(static_cast<int>(ranges.size()), "count");
    for (const TextRange& range : ranges)
      QVERIFY(isScrubMark(std::string_view(held).substr(range.begin, range.end - range.begin)));
  }
};

QTEST_GUILESS_MAIN(tst_ScrubAction)
#include "tst_scrub_action.moc"
