#include <QTest>

#include <random>

#include "base/wire.h"
#include "schema/json.h"
#include "schema/wire_guess.h"
#include "support/replay_file.h"

using namespace retake;
using namespace retake::test;

namespace {

const Schema& none() { return *Schema::builtin(); }

std::string wire(const std::string& json) {
  const JsonParse parse = fromJson(none(), "not.Known", json);
  if (!parse.ok()) qFatal("%s", describe(parse.problems.front()).c_str());
  return parse.message;
}

std::string operator""_b(const char* text, std::size_t size) { return {text, size}; }

// A message at random, in the plainest form of the wire: each field's occurrences together, in
// ascending order.
std::string randomWire(std::mt19937& random, int depth) {
  std::string out;
  for (std::uint32_t number = 1; number < 30; number += 1 + static_cast<std::uint32_t>(random() % 9)) {
    const auto kind = random() % 6;
    const bool wide = random() % 2 == 0;
    for (auto count = 1 + random() % 3; count > 0; --count) {
      const std::uint64_t bits = (static_cast<std::uint64_t>(random()) << 32 | random()) >> (random() % 64);
      std::string bytes(random() % 12, '\0');
      for (char& c : bytes) c = static_cast<char>(random());
      if (kind == 0) appendVarintField(out, number, bits);
      if (kind == 1) appendBytesField(out, number, bytes);
      if (kind == 2) appendBytesField(out, number, "text " + std::to_string(bits));
      if (kind == 3) appendBytesField(out, number, depth < 4 ? randomWire(random, depth + 1) : std::string());
      if (kind == 4) {
        appendTag(out, number, WireType::Group);
        out += depth < 4 ? randomWire(random, depth + 1) : std::string();
        appendVarint(out, static_cast<std::uint64_t>(number) << 3 | 4);
      }
      if (kind == 5) {
        appendTag(out, number, wide ? WireType::Fixed64 : WireType::Fixed32);
        for (int shift = 0; shift < (wide ? 64 : 32); shift += 8) out += static_cast<char>(bits >> shift);
      }
    }
  }
  return out;
}

}  // namespace

class tst_WireJson : public QObject {
  Q_OBJECT

 private slots:
  void guesses_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<int>("guess");
    const auto row = [](const char* name, const std::string& bytes, Guess guess) {
      QTest::newRow(name) << QByteArray::fromStdString(bytes) << static_cast<int>(guess);
    };
    row("empty", "", Guess::String);
    row("text", "abc", Guess::String);
    row("text that parses as a field", "a12345678", Guess::String);
    row("text in many letters", "Grüße, 世界 😀", Guess::String);
    row("lines", "one\ntwo\n", Guess::String);
    row("a line end and text", "\nhello", Guess::String);
    row("JSON", "{\"a\": 1}", Guess::String);
    row("message of a short string",
        "\x0a\x03"
        "abc",
        Guess::Message);
    row("message of a string of nine", field(1, "123456789"), Guess::Message);
    row("message of a string of ten", field(1, "1234567890"), Guess::Message);
    row("message of a UUID", field(1, "123e4567-e89b-12d3-a456-426614174000"), Guess::Message);
    row("message of a number", field(1, std::uint64_t{5}), Guess::Message);
    row("message of a second field", field(2, "abc"), Guess::Message);
    row("packed numbers", "\x01\x02\x03", Guess::Bytes);
    row("not UTF-8", "\xff\xfe", Guess::Bytes);
    row("zero", "\0"_b, Guess::Bytes);
    row("PNG", "\x89PNG\r\n\x1a\n", Guess::Bytes);
    row("a number far beyond what people use", field(400'000, std::uint64_t{1}), Guess::Bytes);
    row("a number longer than need be", "\x08\x81\x00"_b, Guess::Bytes);
    row("fields in a muddle", "\x08\x01\x10\x01\x08\x01", Guess::Bytes);
    row("control characters", "\x1b[0m", Guess::Bytes);
  }
  void guesses() {
    QFETCH(QByteArray, bytes);
    QFETCH(int, guess);
    const std::string text = bytes.toStdString();
    const ByteView one = text;
    QCOMPARE(static_cast<int>(guessPayload({&one, 1})), guess);
  }

  // Hashes and keys are seldom taken for messages.
  void randomBytesAreBytes() {
    std::mt19937 random(7);
    for (const std::size_t size : {16, 20, 32, 64}) {
      int messages = 0;
      for (int i = 0; i < 2000; ++i) {
        std::string bytes(size, '\0');
        for (char& c : bytes) c = static_cast<char>(random());
        const ByteView one = bytes;
        messages += guessPayload({&one, 1}) == Guess::Message ? 1 : 0;
      }
      QVERIFY2(messages <= 100, std::to_string(messages).c_str());
    }
  }

  void writes_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("json");
    const auto row = [](const std::string& bytes, const char* json) {
      QTest::newRow(json) << QByteArray::fromStdString(bytes) << json;
    };
    row("", "{}");
    row(field(1, "a") + field(2, std::uint64_t{7}) + field(3, field(1, std::uint64_t{1})),
        "{\"1:string\": \"a\", \"2:varint\": 7, \"3:message\": {\"1:varint\": 1}}");
    row(field(1, std::uint64_t{1} << 53) + field(2, (std::uint64_t{1} << 53) + 1) +
            field(3, ~std::uint64_t{0}),
        "{\"1:varint\": 9007199254740992, \"2:varint\": \"9007199254740993\", \"3:varint\": "
        "\"18446744073709551615\"}");
    row("\x2d\x01\x00\x00\x00\x31\x02\x00\x00\x00\x00\x00\x00\x00"_b, "{\"5:fixed32\": 1, \"6:fixed64\": 2}");
    row("\x3b\x08\x01\x3c"_b, "{\"7:group\": {\"1:varint\": 1}}");
    row(field(4, "\xff\xfe"), "{\"4:bytes\": \"//4=\"}");
    row(field(1, "a") + field(1, "") + field(1, "b"), "{\"1:string\": [\"a\", \"\", \"b\"]}");
    // A list is of one kind, whatever its elements look like one by one.
    row(field(1, "\x08\x01") + field(1, "\xff"), "{\"1:bytes\": [\"CAE=\", \"/w==\"]}");
    row(field(1, "\x08\x01") + field(1, ""), "{\"1:message\": [{\"1:varint\": 1}, {}]}");
    // Fields in the order of the bytes.
    row(field(9, std::uint64_t{1}) + field(2, std::uint64_t{2}), "{\"9:varint\": 1, \"2:varint\": 2}");
  }
  void writes() {
    QFETCH(QByteArray, bytes);
    QFETCH(QString, json);
    QCOMPARE(QString::fromStdString(toJsonPreview(none(), "not.Known", bytes.toStdString(), 1000)), json);
    QCOMPARE(QByteArray::fromStdString(wire(json.toStdString())), bytes);
  }

  void anyBytesSurvive() {
    for (unsigned seed = 0; seed < 60; ++seed) {
      std::mt19937 random(seed);
      const std::string bytes = randomWire(random, 0);
      const auto text = toJson(none(), "not.Known", bytes);
      QVERIFY(text.has_value());
      QVERIFY(text->isWire);
      QVERIFY2(wire(text->text) == bytes, text->text.c_str());
    }
  }

  // Numbers in a longer form than needed, and occurrences apart: as long as nothing was changed.
  void unchangedBytesStayAsTheyWere() {
    const std::string odd = "\x08\x81\x00\x12\x01x\x08\x02"_b;
    const auto text = toJson(none(), "not.Known", odd);
    QVERIFY(text.has_value());
    QVERIFY(fromJson(none(), "not.Known", text->text, odd).message == odd);
    QVERIFY(fromJson(none(), "not.Known", text->text).message == "\x08\x01\x08\x02\x12\x01x"_b);
  }

  void takesNegativeNumbers() {
    QVERIFY(wire("{\"1:varint\": -1}") == field(1, ~std::uint64_t{0}));
    QVERIFY(wire("{\"1:fixed32\": \"-1\"}") == "\x0d\xff\xff\xff\xff");
  }
};

QTEST_GUILESS_MAIN(tst_WireJson)
#include "tst_wire_json.moc"
