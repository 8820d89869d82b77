#include <QtTest>
#include <random>

#include "base/wire.h"
#include "initial_state/state_text.h"
#include "support/schema_of.h"

using namespace retake;

namespace {

std::string bytes(const char* hex) { return QByteArray::fromHex(hex).toStdString(); }

const std::shared_ptr<const Schema>& seeds() {
  static const auto schema = retake::test::schemaOf(
      "message Seed { int64 number = 1; string name = 2; map<string, int32> of = 3; }\n");
  return schema;
}

QString said(const Result<std::string>& text) {
  return QString::fromStdString(text ? *text : "error: " + text.error().message);
}

StateForm form(std::string_view name) {
  const auto form = formOfName(name);
  if (!form) qFatal("%s", form.error().message.c_str());
  return *form;
}

// What the text says, in hexadecimal, or why it says nothing.
QString read(std::string_view text, std::string_view name, ByteView original = {}) {
  const StateParse parse = stateBytes(text, form(name), *seeds(), original);
  if (parse.problem) return "error: " + QString::fromStdString(describe(*parse.problem));
  return QByteArray::fromStdString(parse.bytes).toHex(' ');
}

std::vector<std::string> everyForm() {
  std::vector<std::string> names{"hex", "base64", "utf8", "json", "go-time", "message", "message:t.Seed"};
  for (const IntegerShape& shape : integerShapes()) names.push_back(shapeName(shape));
  return names;
}

}  // namespace

class tst_StateText : public QObject {
  Q_OBJECT
 private slots:
  void saysBytes_data() {
    QTest::addColumn<QString>("name");
    QTest::addColumn<std::string>("state");
    QTest::addColumn<QString>("text");
    const auto row = [](const char* name, const std::string& state, const char* text) {
      QTest::addRow("%s, %s", name, qPrintable(QString(text).left(30).simplified()))
          << QString(name) << state << QString(text);
    };
    row("hex", "0123456789abcdefX", "30 31 32 33 34 35 36 37  38 39 61 62 63 64 65 66\n58");
    row("base64", bytes("fbff00"), "+/8A");
    row("base64", bytes("fb"), "+w==");
    row("utf8", "Seed\r\nä", "Seed\r\nä");
    row("utf8", bytes("41ff"), "error: byte 1: expected UTF-8, found byte 0xff");
    row("json", "{\"a\":[1,{}],\"b\":\"x, y: {\",\"c\":[]}",
        "{\n  \"a\": [\n    1,\n    {}\n  ],\n  \"b\": \"x, y: {\",\n  \"c\": []\n}");
    row("json", "{ \"a\" : 1 }\n", "{ \"a\" : 1 }\n");
    row("json", "{\"a\":1,}", "error: line 1, column 7: expected no comma before the closing \"}\"");
    row("json", "seed",
        "error: line 1, column 1: expected a value, found \"seed\"; strings stand in double quotes");
    row("go-time", bytes("01 0000000ed46a2250 00000001 fe20"), "2019-05-12T06:18:56.000000001-08:00");
    row("go-time", "seed", "error: byte 0: expected 1 or 2, the version of a Go time, found 115");
    row("uint8", bytes("ff"), "255");
    row("int8", bytes("ff"), "-1");
    row("uint16le", bytes("0102"), "513");
    row("uint16be", bytes("0102"), "258");
    row("int32be", bytes("ffff fffe"), "-2");
    row("uint32le", bytes("ffff fffe"), "4278190079");
    row("int64le", bytes("0000000000000080"), "-9223372036854775808");
    row("uint64be", bytes("ffffffffffffffff"), "18446744073709551615");
    row("uint64be", "seed", "error: expected 8 bytes, found 4");
    row("uint8", "seed", "error: expected 1 byte, found 4");
    row("message:t.Seed", bytes("0807 1201 61"), "{\n  \"number\": \"7\",\n  \"name\": \"a\"\n}");
    row("message", bytes("0807 1201 61"), "{\n  \"1:varint\": 7,\n  \"2:string\": \"a\"\n}");
    row("message:t.Sed", bytes("0807"),
        "error: expected a type of the schema, found \"t.Sed\"; did you mean \"t.Seed\"?");
    for (const std::string& name : everyForm()) row(name.c_str(), "", "");
  }
  void saysBytes() {
    QFETCH(QString, name);
    QFETCH(std::string, state);
    QFETCH(QString, text);
    const auto shown = stateText(state, form(name.toStdString()), *seeds());
    QCOMPARE(said(shown), text);
    if (shown)
      QCOMPARE(read(*shown, name.toStdString(), state), QString(QByteArray::fromStdString(state).toHex(' ')));
  }

  void readsText_data() {
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("result");
    const auto row = [](const char* name, const char* text, const char* result) {
      QTest::addRow("%s, %s", name, qPrintable(QString(text).simplified())) << name << text << result;
    };
    row("hex", "0x0aFF\n 00", "0a ff 00");
    row("hex", "00 0g", "error: line 1, column 5: expected the second digit of a byte, found \"g\"");
    row("hex", "00 g0", "error: line 1, column 4: expected a hexadecimal digit, found \"g\"");
    row("hex", "00\n1 2", "error: line 2, column 2: expected the second digit of a byte, found a blank");
    row("hex", "00\n11 2", "error: line 2, column 5: expected the second digit of a byte, found the end");
    row("hex", "ä", "error: line 1, column 1: expected a hexadecimal digit, found \"ä\"");
    row("base64", "-_8A", "fb ff 00");
    row("base64", "+w", "fb");
    row("base64", "+/\n 8A\n", "fb ff 00");
    row("base64", "+/8A\nä", "error: line 2, column 1: expected a base64 character, found \"ä\"");
    row("base64", "+/8=A", "error: line 1, column 5: expected the end behind the padding, found \"A\"");
    row("base64", "+/8AA",
        "error: line 1, column 6: expected another base64 character, found the end: one alone "
        "is no whole byte");
    row("base64",
        "+/8A=", "error: line 1, column 5: expected padding to a multiple of 4 characters, found 5 with it");
    row("base64", "=", "error: line 1, column 1: expected a base64 character, found \"=\"");
    row("uint8", "0xFf", "ff");
    row("uint8", "256", "error: line 1, column 1: expected 0 to 255, found 256");
    row("uint8", "-1", "error: line 1, column 1: expected 0 to 255, found -1");
    row("uint8", "-0", "00");
    row("int8", "-128", "80");
    row("int8", "128", "error: line 1, column 1: expected -128 to 127, found 128");
    row("int64be", " -1_000 \n", "ff ff ff ff ff ff fc 18");
    row("int64le", "-9223372036854775808", "00 00 00 00 00 00 00 80");
    row("uint64le", "18446744073709551616",
        "error: line 1, column 1: expected 0 to 18446744073709551615, found 18446744073709551616");
    row("uint64le", "12 34", "error: line 1, column 4: expected the end of the number, found \"3\"");
    row("uint64le", "x", "error: line 1, column 1: expected a whole number, found \"x\"");
    row("uint64le", "0x", "error: line 1, column 3: expected a hexadecimal digit, found the end");
    row("uint64le", "1.5", "error: line 1, column 2: expected the end of the number, found \".\"");
    row("go-time", "2019-05-12T14:18:56Z", "01 00 00 00 0e d4 6a 22 50 00 00 00 00 ff ff");
    row("go-time", "2019-05-12 at noon", "error: line 1, column 12: expected an hour, 00 to 23, found \"a\"");
    row("json", "{\"a\": }", "error: line 1, column 7: a: expected a value, found \"}\"");
    row("message:t.Seed", "{\"number\": 7}", "08 07");
    row("message:t.Seed", "{\"numbre\": 7}",
        "error: line 1, column 2: expected a field of t.Seed, found \"numbre\"; did you mean "
        "\"number\"?");
    row("message", "{\"1:varint\": 7}", "08 07");
    row("message:t.Nothing", "{}",
        "error: line 1, column 1: expected a type of the schema, found \"t.Nothing\"");
    for (const std::string& name : everyForm())
      if (name != "utf8") row(name.c_str(), " \n", "");
    row("utf8", " \n", "20 0a");
  }
  void readsText() {
    QFETCH(QString, name);
    QFETCH(QString, text);
    QFETCH(QString, result);
    QCOMPARE(read(text.toStdString(), name.toStdString()), result);
  }

  void textThatIsNoUtf8IsRefused() {
    for (const std::string& name : everyForm())
      QVERIFY2(read("\xff", name).startsWith("error: line 1, column 1: expected UTF-8, found byte 0xff"),
               name.c_str());
  }

  // In every form that can say them, any bytes come back as they were.
  void roundTripsAreExact() {
    std::mt19937 random(7);
    std::map<std::string, int> said;
    const std::string plain = "{}[]\",:01 \n\ta\\\x08\x12\x01\x02";
    for (int i = 0; i < 6'000; ++i) {
      std::string state;
      const std::size_t size = i % 3 == 0 ? std::size_t{1} << random() % 4 : random() % 20;
      for (std::size_t k = 0; k < size; ++k)
        state += i % 2 == 0 ? plain[random() % plain.size()] : static_cast<char>(random());
      if (i % 5 == 0) state = "\1" + std::string(9, '\0') + state + std::string(6, '\2');
      if (i % 5 == 0) state.resize(15);
      for (const std::string& name : everyForm()) {
        const auto text = stateText(state, form(name), *seeds());
        if (!text) continue;
        const StateParse back = stateBytes(*text, form(name), *seeds(), state);
        QVERIFY2(back.ok() && back.bytes == state, qPrintable(QString::fromStdString(name) + ": " +
                                                              QByteArray::fromStdString(state).toHex(' ')));
        ++said[name];
      }
    }
    for (const std::string& name : everyForm()) QVERIFY2(said[name] > 50, name.c_str());
  }

  void jsonKeepsItsLayout() {
    const std::string compact = "{\"a\":1,\"b\":\"x y\"}\n";
    QCOMPARE(read("{\n  \"a\": 2,\n  \"b\": \"x y\"\n}", "json", compact),
             QString(QByteArray("{\"a\":2,\"b\":\"x y\"}\n").toHex(' ')));
    const std::string indented = "{\n  \"a\": 1\n}\n";
    QCOMPARE(read("{ \"a\": 2 }", "json", indented), QString(QByteArray("{ \"a\": 2 }\n").toHex(' ')));
    // As an editor saves it.
    QCOMPARE(read("{ \"a\": 2 }\n", "json", "{ \"a\": 1 }"), QString(QByteArray("{ \"a\": 2 }").toHex(' ')));
    QCOMPARE(read("{ \"a\": 2 }", "json", "no JSON"), QString(QByteArray("{ \"a\": 2 }").toHex(' ')));
    // Numbers and escapes are not rewritten.
    QCOMPARE(read("[1e400, 12345678901234567890, \"\\u0041\"]", "json", "[]"),
             QString(QByteArray("[1e400,12345678901234567890,\"\\u0041\"]").toHex(' ')));
  }

  void aMessageKeepsWhatJsonCannotShow() {
    // Fields out of order, a long varint, an unknown field.
    const std::string odd = bytes("1201 61 0887 00 5005");
    const auto text = stateText(odd, form("message:t.Seed"), *seeds());
    QCOMPARE(said(text), QString("{\n  \"number\": \"7\",\n  \"name\": \"a\"\n}"));
    QCOMPARE(read(*text, "message:t.Seed", odd), QString("12 01 61 08 87 00 50 05"));
    QCOMPARE(read("{\"number\": 8, \"name\": \"a\"}", "message:t.Seed", odd),
             QString("08 08 12 01 61 50 05"));
    // What was no message at all is replaced.
    QCOMPARE(read("{\"number\": 8}", "message:t.Seed", "seed"), QString("08 08"));
  }

  void formsHaveNames() {
    for (const std::string& name : everyForm()) QCOMPARE(formName(form(name)), name);
    for (const char* wrong : {"", "hexx", "message:", "uint24le", "uint8be", "HEX", "go_time"}) {
      const auto found = formOfName(wrong);
      QVERIFY2(!found, wrong);
      QVERIFY(found.error().message.starts_with("expected hex, base64, utf8, json, go-time, message:TYPE, "));
    }
    QVERIFY(formOfName("gotime").error().message.ends_with("found \"gotime\"; did you mean \"go-time\"?"));
    QVERIFY(formOfName("\xff").error().message.ends_with("found \"\""));
  }
};

QTEST_GUILESS_MAIN(tst_StateText)
#include "tst_state_text.moc"
