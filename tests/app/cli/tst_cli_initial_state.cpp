#include <QJsonDocument>
#include <QJsonObject>
#include <QtTest>

#include "cli.h"
#include "support/dump.h"
#include "support/replay_file.h"

using namespace retake;
using namespace retake::test;

namespace {

std::string bytes(const char* hex) { return QByteArray::fromHex(hex).toStdString(); }
const std::string kTime = bytes("010000000ed46a2250 1dcd6500 0078");

}  // namespace

class tst_CliInitialState : public QObject {
  Q_OBJECT
 private slots:
  void init() {
    m_folder = std::make_unique<QTemporaryDir>();
    m_path = m_folder->filePath("calls.replay");
    m_schema = m_folder->filePath("a.proto");
    writeFile(m_schema.toStdString(), "syntax = \"proto3\"; package a; message Seed { int32 number = 5; }");
  }

  void printsItsBytesAsTheyAre() {
    for (const std::string& state : {std::string(), kTime, std::string("a\r\n\0b", 5)}) {
      begin(state);
      const CliResult result = print({});
      QCOMPARE(result.exitCode, 0);
      QCOMPARE(result.out, QByteArray::fromStdString(state));
      QCOMPARE(result.err, QByteArray());
    }
  }

  void printsItAsText_data() {
    QTest::addColumn<QString>("form");
    QTest::addColumn<QByteArray>("out");
    QTest::newRow("hex") << "hex" << QByteArray("28 2a\n");
    QTest::newRow("base64") << "base64" << QByteArray("KCo=\n");
    QTest::newRow("utf8") << "utf8" << QByteArray("(*");
    QTest::newRow("integer") << "uint16be" << QByteArray("10282\n");
    QTest::newRow("message") << "message:a.Seed" << QByteArray("{\n  \"number\": 42\n}\n");
    QTest::newRow("message without a type") << "message" << QByteArray("{\n  \"5:varint\": 42\n}\n");
  }
  void printsItAsText() {
    QFETCH(QString, form);
    QFETCH(QByteArray, out);
    begin("(*");
    const CliResult result = print({"--as", form, "--schema", m_schema});
    QCOMPARE(result.err, QByteArray());
    QCOMPARE(result.exitCode, 0);
    QCOMPARE(result.out, out);
  }

  void aGuessIsCalledOne() {
    begin(kTime);
    CliResult result = print({"--as", "guess"});
    QCOMPARE(result.out, QByteArray("2019-05-12T16:18:56.5+02:00\n"));
    QVERIFY2(
        result.err.endsWith("calls.replay: initial state: a guess: a Go time (go-time): 15 bytes as Go's "
                            "time.MarshalBinary writes them, of the year 2019\n"),
        result.err.constData());
    QVERIFY(runCli({"info", m_path})
                .out.contains("initial state: 15 bytes, perhaps a Go time: 2019-05-12T16:18:56.5+02:00\n"));
    QVERIFY(runCli({"print", m_path}).out.contains("\", perhaps a Go time: 2019-05-12T16:18:56.5+02:00\n"));
    begin(bytes("f39a7cd1b8"));
    result = print({"--as", "guess"});
    QCOMPARE(result.out, QByteArray("f3 9a 7c d1 b8\n"));
    QVERIFY(result.err.contains("initial state: no guess: "));
  }

  void tellsItAsJson() {
    begin(kTime);
    const QJsonObject told = QJsonDocument::fromJson(print({"--json"}).out).object();
    QCOMPARE(told.keys(), (QStringList{"base64", "bytes", "guess"}));
    QCOMPARE(told["bytes"].toInt(), 15);
    QCOMPARE(told["guess"]["form"].toString(), QString("go-time"));
    QCOMPARE(told["guess"]["text"].toString(), QString("2019-05-12T16:18:56.5+02:00"));
    const QJsonObject hex = QJsonDocument::fromJson(print({"--json", "--as", "hex"}).out).object();
    QCOMPARE(hex["form"].toString(), QString("hex"));
    QCOMPARE(hex["text"].toString(), QString("01 00 00 00 0e d4 6a 22  50 1d cd 65 00 00 78"));
    begin({});
    QCOMPARE(print({"--json"}).out, QByteArray("{\"bytes\": 0, \"base64\": \"\"}\n"));
  }

  void isEditedInAnyForm_data() {
    QTest::addColumn<QString>("value");
    QTest::addColumn<std::string>("state");
    QTest::newRow("hex") << "hex=00 ff" << bytes("00ff");
    QTest::newRow("base64") << "base64=AP8=" << bytes("00ff");
    QTest::newRow("utf8") << "utf8=a=b" << std::string("a=b");
    QTest::newRow("json") << "json={\"a\": 1}" << std::string("{\"a\": 1}");
    QTest::newRow("go-time") << "go-time=2019-05-12T16:18:56.5+02:00" << kTime;
    QTest::newRow("integer") << "int32le=-2" << bytes("feffffff");
    QTest::newRow("message") << "message:a.Seed={\"number\": 42}" << std::string("(*");
    QTest::newRow("file") << "hex=@-" << bytes("0102");
    QTest::newRow("nothing") << "go-time=" << std::string();
  }
  void isEditedInAnyForm() {
    QFETCH(QString, value);
    QFETCH(std::string, state);
    begin("seed");
    const CliResult result =
        runCli({"edit", "-i", m_path, "--initial-state-as", value, "--schema", m_schema}, "01\n02\n");
    QCOMPARE(result.err, QByteArray());
    QCOMPARE(result.exitCode, 0);
    QCOMPARE(print({}).out, QByteArray::fromStdString(state));
  }

  void saysWhatIsWrong_data() {
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QString>("why");
    const auto row = [](const char* name, const QStringList& arguments, const char* why) {
      QTest::newRow(name) << arguments << QString("retake-cli: %1\n").arg(why);
    };
    row("no form", {"edit", "-i", "CALLS", "--initial-state-as", "seed"},
        "--initial-state-as: expected FORM=TEXT or FORM=@FILE, found \"seed\"");
    row("no such form", {"edit", "-i", "CALLS", "--initial-state-as", "gotime=x"},
        "--initial-state-as: expected hex, base64, utf8, json, go-time, message:TYPE, message (fields by "
        "number) "
        "or an integer such as uint64le or int32be, found \"gotime\"; did you mean \"go-time\"?");
    row("no time", {"edit", "-i", "CALLS", "--initial-state-as", "go-time=2019-05-12T25:00:00Z"},
        "--initial-state-as: go-time: line 1, column 12: expected an hour, 00 to 23, found \"25\"");
    row("no such type", {"edit", "-i", "CALLS", "--initial-state-as", "message:a.Sed={}"},
        "--initial-state-as: message:a.Sed: line 1, column 1: expected a type of the schema, found "
        "\"a.Sed\"; no "
        "schema is loaded");
    row("both", {"edit", "-i", "CALLS", "--initial-state-as", "hex=00", "--initial-state", "x"},
        "--initial-state and --initial-state-as: expected one of them, found both");
    row("standard input twice", {"edit", "-", "-o", "OUT", "--initial-state-as", "hex=@-"},
        "standard input: expected it to be asked for once, found it twice");
    row("as what", {"print", "CALLS", "--as", "hex"}, "--as: expected --initial-state with it, found none");
    row("as nothing known", {"print", "CALLS", "--initial-state", "--as", "hexx"},
        "--as: expected hex, base64, utf8, json, go-time, message:TYPE, message (fields by number) or an "
        "integer "
        "such as uint64le or int32be, found \"hexx\"; did you mean \"hex\"?");
    row("as what it is not", {"print", "CALLS", "--initial-state", "--as", "go-time"},
        "initial state as go-time: byte 0: expected 1 or 2, the version of a Go time, found 115");
  }
  void saysWhatIsWrong() {
    QFETCH(QStringList, arguments);
    QFETCH(QString, why);
    begin("seed");
    arguments.replaceInStrings("CALLS", m_path).replaceInStrings("OUT", m_folder->filePath("out.replay"));
    const CliResult result = runCli(arguments);
    QCOMPARE(QString(result.err), why);
    QCOMPARE(result.exitCode, 2);
    QCOMPARE(result.out, QByteArray());
    QCOMPARE(print({}).out, QByteArray("seed"));
  }

 private:
  void begin(const std::string& state) { writeFile(m_path.toStdString(), ReplayFile(state).bytes()); }
  CliResult print(const QStringList& more) const {
    return runCli(QStringList{"print", m_path, "--initial-state"} + more);
  }

  std::unique_ptr<QTemporaryDir> m_folder;
  QString m_path;
  QString m_schema;
};

QTEST_GUILESS_MAIN(tst_CliInitialState)
#include "tst_cli_initial_state.moc"
