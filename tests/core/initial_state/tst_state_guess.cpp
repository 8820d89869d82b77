#include <QtTest>
#include <random>

#include "initial_state/state_guess.h"
#include "initial_state/state_text.h"
#include "support/replay_file.h"
#include "support/schema_of.h"

using namespace retake;
using retake::test::field;

namespace {

std::string bytes(const char* hex) { return QByteArray::fromHex(hex).toStdString(); }

const std::shared_ptr<const Schema>& schema() {
  static const auto schema = retake::test::schemaOf(
      "message Seed { string name = 4; fixed64 number = 7; Kind kind = 9; repeated int32 list = 10; }\n"
      "message Twin { string title = 2; }\n"
      "message Twins { string title = 2; Seed seed = 12; }\n"
      "enum Kind { NONE = 0; BIG = 5; }\n");
  return schema;
}

QString guessed(ByteView state, const Schema& known) {
  const auto guess = guessState(state, known);
  if (!guess) return {};
  return QString::fromStdString(formName(guess->form) + " | " + guess->text + " | " + guess->reason);
}

}  // namespace

class tst_StateGuess : public QObject {
  Q_OBJECT
 private slots:
  void guesses_data() {
    QTest::addColumn<std::string>("state");
    QTest::addColumn<QString>("guess");
    const auto row = [](const char* name, const std::string& state, const char* guess) {
      QTest::newRow(name) << state << QString(guess);
    };
    row("nothing", "", "");
    row("a Go time", bytes("01 0000000ed46a2250 1dcd6500 0078"),
        "go-time | 2019-05-12T16:18:56.5+02:00 | 15 bytes as Go's time.MarshalBinary writes them, of the "
        "year "
        "2019");
    row("a Go time, version 2", bytes("02 0000000ed46a2250 00000000 0013 20"),
        "go-time | 2019-05-12T14:38:28+00:19:32 | 16 bytes as Go's time.MarshalBinary writes them, of the "
        "year "
        "2019");
    row("a Go time of no clock", bytes("01 7fffffffffffffff 00000000 ffff"), "");
    row("a Go time of no zone", bytes("01 0000000ed46a2250 00000000 7fff"), "");
    row("text", "seed\nä", "utf8 | seed ä | printable text in UTF-8");
    row("a number as text", "1557670736", "utf8 | 1557670736 | printable text in UTF-8");
    row("JSON", "{\"at\":\n\n 7}\n", "json | {\"at\": 7} | text that is a JSON object");
    row("a JSON list", "[1,2]", "json | [ 1, 2 ] | text that is a JSON list");
    row("text in braces", "{seed}", "utf8 | {seed} | printable text in UTF-8");
    row("one byte", bytes("07"), "");
    row("random bytes", bytes("f39a7cd1b86ee02f"), "");
    row("all zero", bytes("0000000000000000"), "");
    row("little-endian", bytes("2a00000000000000"),
        "uint64le | 42 | little-endian, it is a small number for its 8 bytes");
    row("big-endian", bytes("000003e9"),
        "uint32be | 1001 | big-endian, it is a small number for its 4 bytes");
    row("negative", bytes("feffffffffffffff"),
        "int64le | -2 | little-endian, it is a small number for its 8 bytes");
    row("seconds", bytes("5cd82bd0"),
        "int32be | 1557670864 | big-endian, it is 2019-05-12T14:21:04Z in seconds since 1970");
    row("nanoseconds", bytes("00f5a11748f59d15"),
        "int64le | 1557670736123000064 | little-endian, it is 2019-05-12T14:18:56.123000064Z in nanoseconds "
        "since 1970");
    row("milliseconds", bytes("0000016aac693280"),
        "int64be | 1557670736512 | big-endian, it is 2019-05-12T14:18:56.512Z in milliseconds since 1970");
    row("an Any", field(1, "type.googleapis.com/t.Seed") + field(2, field(4, "x")),
        "message:google.protobuf.Any | {\"@type\": \"type.googleapis.com/t.Seed\", \"name\": \"x\"} | its "
        "field 1 "
        "names a type, t.Seed");
    row("a Timestamp", bytes("08 d0d6e0e605 10 40"),
        "message:google.protobuf.Timestamp | \"2019-05-12T14:18:56.000000064Z\" | two numbers: a moment from "
        "2012 to 2031, and nanoseconds");
    row("the only type", field(4, "x") + field(9, std::uint64_t{5}),
        "message:t.Seed | {\"name\": \"x\", \"kind\": \"BIG\"} | of all messages of the schema this one "
        "alone "
        "has such fields");
    row("no such enum", field(4, "x") + field(9, std::uint64_t{6}),
        "message | {\"4:string\": \"x\", \"9:varint\": 6} | they can be read as fields of a message");
    row("two types", field(2, "x"),
        "message | {\"2:string\": \"x\"} | 2 messages of the schema have such fields: t.Twin, t.Twins");
    row("a packed list", bytes("2a 00"),
        "message | {\"5:string\": \"\"} | they can be read as fields of a message");
    row("another packed list", bytes("52 02 96 01"),
        "message:t.Seed | {\"list\": [150]} | of all messages of the schema this one alone has such fields");
  }
  void guesses() {
    QFETCH(std::string, state);
    QFETCH(QString, guess);
    QCOMPARE(guessed(state, *schema()), guess);
  }

  // The form that is guessed can say the bytes, and a guess needs more than chance: of random bytes few are
  // taken for something.
  void randomBytesAreSeldomGuessed_data() {
    QTest::addColumn<int>("size");
    QTest::addColumn<int>("most");  // of a thousand
    QTest::newRow("4 bytes") << 4 << 320;
    QTest::newRow("8 bytes") << 8 << 110;
    QTest::newRow("15 bytes") << 15 << 12;
    QTest::newRow("16 bytes") << 16 << 8;
    QTest::newRow("32 bytes") << 32 << 2;
  }
  void randomBytesAreSeldomGuessed() {
    QFETCH(int, size);
    QFETCH(int, most);
    std::mt19937 random(11);
    int guesses = 0;
    for (int i = 0; i < 10'000; ++i) {
      std::string state;
      for (int k = 0; k < size; ++k) state += static_cast<char>(random());
      const auto guess = guessState(state, *schema());
      if (!guess) continue;
      ++guesses;
      QVERIFY(stateText(state, guess->form, *schema()));
      QVERIFY(!guess->reason.empty() && !guess->text.empty() && guess->text.size() <= 130);
    }
    QVERIFY2(guesses <= most * 10, std::to_string(guesses).c_str());
  }

  void aLargeStateIsCut() {
    const auto guess = guessState("{\"a\":\"" + std::string(500'000, 'x') + "\"}", *schema());
    QVERIFY(guess && guess->form == StateForm{.kind = StateForm::Kind::Json});
    QVERIFY(guess->text.size() < 130 && guess->text.ends_with("…"));
  }

  void theStateOfTheRealRecordingIsATime() {
    const QString folder = QString::fromStdString(retake::test::recordingsFolder());
    QFile file(folder + "/intstore.replay");
    if (folder.isEmpty() || !file.open(QIODevice::ReadOnly))
      QSKIP("SKIPPED: there are no real recordings (set RETAKE_RECORDINGS)");
    const std::string start = file.read(13 + 15).toStdString();
    QCOMPARE(guessed(ByteView(start).substr(13), *Schema::builtin()).section(" | ", 0, 0),
             QString("go-time"));
  }
};

QTEST_GUILESS_MAIN(tst_StateGuess)
#include "tst_state_guess.moc"
