#include <QtTest>
#include <set>

#include "base/utf8.h"
#include "scrub/fake_addresses.h"
#include "scrub/fake_digits.h"
#include "scrub/fakes.h"
#include "scrub/keyed_symbols.h"
#include "scrub/marks.h"

using namespace retake;
using namespace std::string_literals;

Q_DECLARE_METATYPE(retake::FakeKind)

namespace {

const ScrubKey& key() {
  static const ScrubKey made = *ScrubKey::fromBytes("a key of this test, and no other");
  return made;
}
const ScrubKey& anotherKey() {
  static const ScrubKey made = *ScrubKey::fromBytes("another key of the same test....");
  return made;
}

std::string fake(FakeKind kind, const std::string& value) { return fakeText(key(), kind, value); }

// Letters and digits as what they are: "Ab-12" is "Aa-00".
std::string shapeOf(const std::string& text) {
  std::string shape;
  for (const char c : text)
    shape += c >= '0' && c <= '9' ? '0' : c >= 'a' && c <= 'z' ? 'a' : c >= 'A' && c <= 'Z' ? 'A' : c;
  return shape;
}

}  // namespace

class tst_Fakes : public QObject {
  Q_OBJECT

 private slots:
  // The same on every machine and in every version: recordings that are scrubbed today are served tomorrow.
  void areAlwaysTheSame_data() {
    QTest::addColumn<FakeKind>("kind");
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QByteArray>("fake");
    const auto row = [](FakeKind kind, const char* value, const char* expected) {
      QTest::newRow(value) << kind << QByteArray(value) << QByteArray(expected);
    };
    row(FakeKind::Email, "jane@corp.org", "ksaqthwg8ea59bxc@example.com");
    row(FakeKind::Name, "Anna Berg", "Fulusavuli Begibipila");
    row(FakeKind::Uuid, "6ba7b810-9dad-11d1-80b4-00c04fd430c8", "130da97c-7fbf-149a-8307-89f5eff81743");
    row(FakeKind::Number, "12345.678", "43513.174");
    row(FakeKind::IpAddress, "10.0.0.1", "252.79.152.60");
    row(FakeKind::Phone, "+49 30 1234567", "+49 33 1726789");
    row(FakeKind::CardNumber, "4111 1111 1111 1111", "4111 1119 9775 7979");
    row(FakeKind::Iban, "DE89 3704 0044 0532 0130 00", "DE64 1442 5413 9201 1308 92");
    row(FakeKind::Guess, "opaque thing", "scrubbed-52n68tz9ef2kfpvfyj3zevxw2nrk3r8x");
  }
  void areAlwaysTheSame() {
    QFETCH(FakeKind, kind);
    QFETCH(QByteArray, value);
    const std::string made = fake(kind, value.toStdString());
    QTEST(QByteArray::fromStdString(made), "fake");
    QVERIFY(fakeText(anotherKey(), kind, value.toStdString()) != made);
  }

  void proveThemselves_data() {
    QTest::addColumn<FakeKind>("kind");
    QTest::addColumn<QByteArray>("value");
    const auto row = [](FakeKind kind, const char* value) {
      QTest::newRow(value) << kind << QByteArray(value);
    };
    for (const char* value : {"a@b.co", "jane.doe+tag@a.long.domain.example.org", "no address",
                              "0123456789abcdef@example.com", "x@example.com", "gr\xc3\xbc\xc3\x9f@b.de"})
      row(FakeKind::Email, value);
    for (const char* value :
         {"Anna", "Anna Berg", "anna maria berg", "\xe6\x9d\x8e\xe5\xb0\x8f\xe9\xbe\x99", "x"})
      row(FakeKind::Name, value);
    for (const char* value :
         {"6BA7B810-9DAD-11D1-80B4-00C04FD430C8", "{6ba7b810-9dad-41d1-80b4-00c04fd430c8}",
          "urn:uuid:6ba7b810-9dad-71d1-a0b4-00c04fd430c8", "6ba7b8109dad41d180b400c04fd430c8",
          "d41d8cd98f00b204e9800998ecf8427e", "no uuid at all"})
      row(FakeKind::Uuid, value);
    for (const char* value : {"1.2.3.4", "192.168.0.1:8080", "10.0.0.0/8", "::1", "[fe80::1]:443",
                              "fe80::1%eth0", "2001:db8::1", "::ffff:1.2.3.4", "localhost"})
      row(FakeKind::IpAddress, value);
    row(FakeKind::Guess, "an opaque token");
    row(FakeKind::Guess, "c@d.ef");
  }
  void proveThemselves() {
    QFETCH(FakeKind, kind);
    QFETCH(QByteArray, value);
    const std::string before = value.toStdString();
    const std::string made = fake(kind, before);
    QVERIFY2(made != before, made.c_str());
    QCOMPARE(fake(kind, made), made);
    QCOMPARE(fake(FakeKind::Guess, made), made);
    QVERIFY(isValidUtf8(made));
  }

  void keepTheirForm_data() {
    QTest::addColumn<FakeKind>("kind");
    QTest::addColumn<QByteArray>("value");
    const auto row = [](FakeKind kind, const char* value) {
      QTest::newRow(value) << kind << QByteArray(value);
    };
    for (const char* value :
         {"0", "7", "42", "1.5", "-12,345.60", "0012", "AB-1234-xy", "00000000000000000000",
          "123456789012345678901234567890123456789012345678901234567890"})
      row(FakeKind::Number, value);
    for (const char* value : {"+49 (30) 123-4567", "030/1234567", "0049 30 123", "(415) 555-0123", "+1", "+"})
      row(FakeKind::Phone, value);
    for (const char* value : {"4111111111111111", "4111-1111-1111-1111", "378282246310005", "123"})
      row(FakeKind::CardNumber, value);
    for (const char* value : {"DE89370400440532013000", "GB29 NWBK 6016 1331 9268 19", "no0000"})
      row(FakeKind::Iban, value);
  }
  void keepTheirForm() {
    QFETCH(FakeKind, kind);
    QFETCH(QByteArray, value);
    const std::string made = fake(kind, value.toStdString());
    QCOMPARE(shapeOf(made), shapeOf(value.toStdString()));
    QCOMPARE(fake(kind, value.toStdString()), made);
  }

  void areValidWhereThereIsAChecksum() {
    for (const char* card :
         {"4111111111111111", "5500 0000 0000 0004", "378282246310005", "6304000000000000000"}) {
      const std::string made = fake(FakeKind::CardNumber, card);
      QVERIFY2(isValidCardNumber(made), made.c_str());
      QCOMPARE(made.substr(0, 4), std::string(card).substr(0, 4));
    }
    QCOMPARE(fake(FakeKind::CardNumber, "4012888888881881").substr(0, 6), "401288");
    for (const char* iban : {"DE89370400440532013000", "GB29 NWBK 6016 1331 9268 19", "NO9386011117947",
                             "MT84MALT011000012345MTLCAST001S", "FR1420041010050500013M02606"}) {
      QVERIFY2(isValidIban(iban), iban);
      const std::string made = fake(FakeKind::Iban, iban);
      QVERIFY2(isValidIban(made), made.c_str());
      QVERIFY(made != iban);
      QCOMPARE(made.substr(0, 2), std::string(iban).substr(0, 2));
    }
    QVERIFY(!isValidIban("DE88370400440532013000"));
    QVERIFY(!isValidCardNumber("4111111111111112"));
  }

  void keepThePrefixOfAPhoneNumber() {
    QCOMPARE(fake(FakeKind::Phone, "+1 415 555 2671").substr(0, 3), "+1 ");
    QCOMPARE(fake(FakeKind::Phone, "+49 30 1234567").substr(0, 4), "+49 ");
    QCOMPARE(fake(FakeKind::Phone, "+420 601 123456").substr(0, 5), "+420 ");
    QCOMPARE(fake(FakeKind::Phone, "0049 30 1234567").substr(0, 5), "0049 ");
    QCOMPARE(fake(FakeKind::Phone, "030 1234567").substr(0, 1), "0");
  }

  void areAsLongAsTheValue() {
    for (std::size_t length = 28; length <= 76; ++length)
      QCOMPARE(fake(FakeKind::Email, std::string(length - 6, 'a') + "@corp.").size(), length);
    QCOMPARE(fake(FakeKind::Email, "a@b.c").size(), 28u);
    QCOMPARE(fake(FakeKind::Email, std::string(200, 'a')).size(), 76u);
  }

  void differWhereValuesDiffer_data() {
    QTest::addColumn<FakeKind>("kind");
    QTest::addColumn<QString>("pattern");
    QTest::addColumn<int>("count");
    QTest::newRow("email") << FakeKind::Email << "user%1@corp.org" << 20'000;
    QTest::newRow("name") << FakeKind::Name << "Person Number%1" << 20'000;
    QTest::newRow("uuid") << FakeKind::Uuid << "6ba7b810-9dad-41d1-80b4-00c0400%1" << 20'000;
    QTest::newRow("digits") << FakeKind::Number << "%1" << 1'000;
    QTest::newRow("long digits") << FakeKind::Number << "77-%1" << 20'000;
    QTest::newRow("phone") << FakeKind::Phone << "+49 30 %1" << 20'000;
    QTest::newRow("hash") << FakeKind::Guess << "x-y-%1" << 20'000;
  }
  void differWhereValuesDiffer() {
    QFETCH(FakeKind, kind);
    QFETCH(QString, pattern);
    QFETCH(int, count);
    std::set<std::string> fakes;
    for (int i = 0; i < count; ++i) {
      const std::string value = pattern.arg(i, 5, 10, QLatin1Char('0')).toStdString();
      QVERIFY2(fakes.insert(fake(kind, value)).second, value.c_str());
    }
  }

  // Small enough to try them all.
  void numbersArePermuted() {
    for (const std::uint64_t low : {1u, 10u, 100u, 1000u}) {
      std::set<std::uint64_t> fakes;
      for (std::uint64_t i = low; i < low * 10; ++i) {
        const std::uint64_t made = fakeNatural(key(), "n", i);
        QVERIFY(made >= low && made < low * 10);
        QVERIFY(fakes.insert(made).second);
        QCOMPARE(fakeInteger(key(), "n", static_cast<std::int64_t>(i)), static_cast<std::int64_t>(made));
        QVERIFY(fakeInteger(key(), "n", -static_cast<std::int64_t>(i)) < 0);
      }
    }
  }

  void numbersStayWithinTheirType() {
    using Limits32 = std::numeric_limits<std::int32_t>;
    using Limits64 = std::numeric_limits<std::int64_t>;
    QCOMPARE(fakeInteger(key(), "n", 0), 0);
    for (std::int64_t i = 0; i < 50; ++i) {
      const std::int64_t high = fakeInteger(key(), "n", Limits32::max() - i);
      QVERIFY(high >= 1'000'000'000 && high <= Limits32::max());
      const std::int64_t low = fakeInteger(key(), "n", Limits32::min() + i);
      QVERIFY(low <= -1'000'000'000 && low >= Limits32::min());
      QVERIFY(fakeNatural(key(), "n",
                          std::numeric_limits<std::uint32_t>::max() - static_cast<std::uint64_t>(i)) <=
              std::numeric_limits<std::uint32_t>::max());
      QVERIFY(fakeInteger(key(), "n", Limits64::max() - i) > 0);
      QVERIFY(fakeInteger(key(), "n", Limits64::min() + i) < 0);
      QVERIFY(fakeNatural(key(), "n", ~static_cast<std::uint64_t>(i)) >= std::uint64_t{1} << 63);
    }
  }

  // A permutation of every sequence: tried out where there are few.
  void permutes_data() {
    QTest::addColumn<int>("radix");
    QTest::addColumn<int>("size");
    QTest::newRow("one digit") << 10 << 1;
    QTest::newRow("two digits") << 10 << 2;
    QTest::newRow("three digits") << 10 << 3;
    QTest::newRow("letter") << 26 << 1;
    QTest::newRow("two letters") << 26 << 2;
    QTest::newRow("byte") << 256 << 1;
    QTest::newRow("bits") << 3 << 7;
  }
  void permutes() {
    QFETCH(int, radix);
    QFETCH(int, size);
    int all = 1;
    for (int i = 0; i < size; ++i) all *= radix;
    std::set<Symbols> seen;
    int fixed = 0;
    for (int i = 0; i < all; ++i) {
      Symbols symbols;
      for (int k = 0, rest = i; k < size; ++k, rest /= radix)
        symbols.push_back(static_cast<std::uint8_t>(rest % radix));
      Symbols made = symbols;
      permute(key(), "test", made, static_cast<unsigned>(radix));
      fixed += made == symbols ? 1 : 0;
      QVERIFY(seen.insert(made).second);
    }
    QVERIFY2(fixed < 10, qPrintable(QString::number(fixed)));
  }

  void fakeBytesOfTheirKind() {
    const std::string uuid = "\x6b\xa7\xb8\x10\x9d\xad\x41\xd1\x80\xb4\x00\xc0\x4f\xd4\x30\xc8"s;
    const std::string made = fakeBytes(key(), FakeKind::Uuid, uuid);
    QCOMPARE(made.size(), 16u);
    QCOMPARE(static_cast<unsigned char>(made[6]) >> 4, 4);
    QCOMPARE(fakeBytes(key(), FakeKind::Guess, uuid), made);
    QCOMPARE(fakeBytes(key(), FakeKind::Uuid, made), made);
    // As text and as bytes it is the same one.
    QCOMPARE(QByteArray::fromStdString(made).toHex(),
             QByteArray::fromStdString(fake(FakeKind::Uuid, "6ba7b8109dad41d180b400c04fd430c8")));
    QCOMPARE(fakeBytes(key(), FakeKind::IpAddress, "\x0a\x00\x00\x01"s).size(), 4u);
    QCOMPARE(fakeBytes(key(), FakeKind::IpAddress, uuid).substr(0, 4), "\x20\x01\x0d\xb8"s);
    QCOMPARE(fakeBytes(key(), FakeKind::Email, "jane@corp.org"), fake(FakeKind::Email, "jane@corp.org"));
    for (const std::size_t size : {1u, 5u, 15u, 17u, 300u}) {
      const std::string bytes(size, '\xff');
      const std::string other = fakeBytes(key(), FakeKind::Guess, bytes);
      QCOMPARE(other.size(), size);
      QVERIFY(other != bytes);
      if (size >= 17) QCOMPARE(fakeBytes(key(), FakeKind::Guess, other), other);
    }
  }

  void guessesWhatAValueIs_data() {
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<FakeKind>("kind");
    const auto row = [](const char* value, FakeKind kind) {
      QTest::newRow(value) << QByteArray(value) << kind;
    };
    row("jane@corp.org", FakeKind::Email);
    row("6ba7b810-9dad-41d1-80b4-00c04fd430c8", FakeKind::Uuid);
    row("10.0.0.1", FakeKind::IpAddress);
    row("fe80::1", FakeKind::IpAddress);
    row("DE89 3704 0044 0532 0130 00", FakeKind::Iban);
    row("4111 1111 1111 1111", FakeKind::CardNumber);
    row("+49 30 1234567", FakeKind::Phone);
    row("12345", FakeKind::Number);
    row("-1,234.50", FakeKind::Number);
    row("4111111111111112", FakeKind::Number);
    row("Anna Berg", FakeKind::Name);
    row("J\xc3\xbcrgen M\xc3\xbcller-L\xc3\xbc"
        "denscheidt",
        FakeKind::Name);
  }
  void guessesWhatAValueIs() {
    QFETCH(QByteArray, value);
    QFETCH(FakeKind, kind);
    QCOMPARE(fake(FakeKind::Guess, value.toStdString()), fake(kind, value.toStdString()));
  }

  void hideWhatTheyCannotGuess() {
    for (const char* value : {"sk_live_abcdef", "hello", "a b c", "\xf0\x9f\x98\x80"})
      QVERIFY2(isScrubMark(fake(FakeKind::Guess, value)), value);
  }

  void leaveNothing() {
    for (int kind = 0; kind <= static_cast<int>(FakeKind::Iban); ++kind) {
      QCOMPARE(fake(static_cast<FakeKind>(kind), ""), "");
      QCOMPARE(fakeBytes(key(), static_cast<FakeKind>(kind), ""), "");
      // Any text at all gets a fake in which nothing of it is left.
      const std::string made = fake(static_cast<FakeKind>(kind), "Zw\xc3\xb6lf! secret~words");
      QVERIFY2(made.find("secret") == std::string::npos && made.find("words") == std::string::npos,
               made.c_str());
      QVERIFY(isValidUtf8(made));
    }
    QCOMPARE(fake(FakeKind::Uuid, "00000000-0000-0000-0000-000000000000"),
             "00000000-0000-0000-0000-000000000000");
  }
};

QTEST_GUILESS_MAIN(tst_Fakes)
#include "tst_fakes.moc"
