#include <sys/stat.h>

#include <QtTest>

#include "cli.h"
#include "format/format.h"
#include "support/dump.h"
#include "support/replay_file.h"

using namespace retake;
using namespace retake::test;

namespace {

Message name(std::string_view text) { return {"a.Name", field(1, text)}; }
const Status kNotFound{.code = 5, .message = "no", .details = {{"type.googleapis.com/a.Name", ""}}};

// Calls: 1 unary OK, 2 unary error, 3 server stream, 4 client stream, 5 stream without end, 6 unary
// error of a method without another answer.
std::string sample() {
  ReplayFile file("seed");
  file.unary("/a.S/Get", name("q"), name("one"));                                        // 1 2
  file.unary("/a.S/Get", name("q"), kNotFound);                                          // 3 4
  const auto list = file.createStream("/a.S/List");                                      // 5
  file.send(list, name("q")).recv(list, name("x")).recv(list, name("y")).recvEnd(list);  // 6-9
  const auto put = file.createStream("/a.S/Put");                                        // 10
  file.send(put, name("p")).send(put, name("q")).recv(put, name("sum"));                 // 11-13
  const auto open = file.createStream("/a.S/List");                                      // 14
  file.send(open, name("q")).recv(open, name("x")).recv(open, name("z"));                // 15-17
  file.unary("/a.S/Lonely", name("q"), kNotFound);                                       // 18 19
  return file.bytes();
}

// Lines of the second dump that the first has not.
QString difference(const std::string& before, const std::string& after) {
  const QStringList a = QString::fromStdString(dump(*readRecording(before))).split('\n', Qt::SkipEmptyParts);
  const QStringList b = QString::fromStdString(dump(*readRecording(after))).split('\n', Qt::SkipEmptyParts);
  QStringList out;
  for (const QString& line : b)
    if (!a.contains(line)) out << line;
  return out.join("; ");
}

}  // namespace

class tst_CliEdit : public QObject {
  Q_OBJECT
 private slots:
  void init() {
    m_folder = std::make_unique<QTemporaryDir>();
    m_path = m_folder->filePath("calls.replay");
    m_out = m_folder->filePath("out.replay");
    m_schema = m_folder->filePath("a.proto");
    writeFile(m_path.toStdString(), sample());
    writeFile(
        m_schema.toStdString(),
        "syntax = \"proto3\"; package a; message Name { string first = 1; int32 age = 2; } service S { rpc "
        "Get(Name) returns (Name); rpc List(Name) returns (stream Name); rpc Put(stream Name) returns "
        "(Name); rpc "
        "Lonely(Name) returns (Name); }");
  }

  void editsACall_data() {
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QString>("changed");
    const auto row = [](const char* title, const QStringList& arguments, const char* changed) {
      QTest::newRow(title) << arguments << changed;
    };
    row("nothing", {}, "");
    row("response", {"--call", "1", "--response", "{\"first\": \"new\"}"},
        "2 RESPONSE /a.S/Get ref 1 a.Name 0a036e6577");
    row("response in place of an error", {"--call", "2", "--response", "{\"age\": 3}"},
        "4 RESPONSE /a.S/Get ref 3 a.Name 1003");
    row("response of a type that the schema tells", {"--call", "6", "--response", "{}"},
        "19 RESPONSE /a.S/Lonely ref 18 a.Name -");
    row("reply of a client stream", {"--call", "4", "--response", "{\"age\": 3}"},
        "13 RECV /a.S/Put ref 10 a.Name 1003");
    row("status of a unary call", {"--call", "1", "--status", "PERMISSION_DENIED:not: yours"},
        "2 RESPONSE /a.S/Get ref 1 error google.rpc.Status 0807120a6e6f743a20796f757273");
    row("status by number", {"--call", "2", "--status", "7"},
        "4 RESPONSE /a.S/Get ref 3 error google.rpc.Status 0807");
    row("status of a stream", {"--call", "3", "--status", "aborted"},
        "9 RECV /a.S/List ref 5 error google.rpc.Status 080a");
    row("stream that is OK already", {"--call", "3", "--status", "OK"}, "");
    row("status in place of a reply", {"--call", "4", "--status", "ABORTED"},
        "13 RECV /a.S/Put ref 10 error google.rpc.Status 080a");
    row("end of an open stream", {"--call", "5", "--status", "OK"},
        "18 RECV /a.S/List ref 14 error; 19 REQUEST /a.S/Lonely a.Name 0a0171; 20 RESPONSE /a.S/Lonely ref "
        "19 error "
        "google.rpc.Status 080512026e6f1a1c0a1a747970652e676f6f676c65617069732e636f6d2f612e4e616d65");
    row("message that was sent", {"--call", "3", "--message", "1", "{\"age\": 1}"},
        "6 SEND /a.S/List ref 5 a.Name 1001");
    row("messages that were received",
        {"--call", "3", "--message", "2", "{}", "--message", "3", "{\"age\": 1}"},
        "7 RECV /a.S/List ref 5 a.Name -; 8 RECV /a.S/List ref 5 a.Name 1001");
    row("request of a unary call", {"--call", "1", "--message", "1", "{}"}, "1 REQUEST /a.S/Get a.Name -");
    row("message and status", {"--call", "3", "--message", "2", "{}", "--status", "7"},
        "7 RECV /a.S/List ref 5 a.Name -; 9 RECV /a.S/List ref 5 error google.rpc.Status 0807");
    row("initial state", {"--initial-state", "new"}, "initial 6e6577");
    row("initial state in brackets", {"--initial-state", "[a,b]"}, "initial 5b612c625d");
    row("no initial state", {"--initial-state", ""}, "initial -");
  }
  void editsACall() {
    QFETCH(QStringList, arguments);
    QFETCH(QString, changed);
    const CliResult result =
        runCli(QStringList{"edit", m_path, "-o", m_out, "--schema", m_schema} + arguments);
    QCOMPARE(QString(result.err), QString());
    QCOMPARE(result.exitCode, 0);
    QCOMPARE(result.out, QByteArray());
    QCOMPARE(difference(sample(), readFile(m_out.toStdString())), changed);
    QVERIFY(readFile(m_path.toStdString()) == sample());
    if (changed.isEmpty()) QVERIFY(readFile(m_out.toStdString()) == sample());
  }

  void copiesAndRemovesCalls_data() {
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QString>("first");  // what the calls begin with, a message each
    const auto row = [](const char* title, const QStringList& arguments, const char* first) {
      QTest::newRow(title) << arguments << first;
    };
    row("as they are", {}, "Get Get List Put List Lonely");
    row("a copy", {"--call", "4", "--duplicate"}, "Get Get List Put Put List Lonely");
    row("a copy of the last", {"--call", "6", "--duplicate"}, "Get Get List Put List Lonely Lonely");
    row("removal", {"--call", "3", "--remove"}, "Get Get Put List Lonely");
  }
  void copiesAndRemovesCalls() {
    QFETCH(QStringList, arguments);
    QFETCH(QString, first);
    const CliResult result =
        runCli(QStringList{"edit", m_path, "-o", m_out, "--schema", m_schema} + arguments);
    QCOMPARE(QString(result.err), QString());
    QCOMPARE(result.exitCode, 0);
    const auto recording = readRecording(readFile(m_out.toStdString()));
    const Calls calls = groupCalls(*recording);
    QStringList methods;
    for (std::uint32_t index = 0; index < calls.size(); ++index)
      methods << QString::fromStdString(recording->methodName(recording->info(calls[index].first).method))
                     .section('/', -1);
    QCOMPARE(methods.join(' '), first);
  }

  // "Add as a call", without the window.
  void otherEditsAreOfTheCopy() {
    const CliResult result =
        runCli({"edit", m_path, "-o", m_out, "--schema", m_schema, "--call", "1", "--duplicate", "--message",
                "1", "{\"age\": 9}", "--response", "{\"age\": 10}"});
    QCOMPARE(QString(result.err), QString());
    const QStringList lines =
        QString::fromStdString(dump(*readRecording(readFile(m_out.toStdString())))).split('\n');
    QVERIFY2(lines.contains("3 REQUEST /a.S/Get a.Name 1009"), qPrintable(lines.join('\n')));
    QVERIFY2(lines.contains("4 RESPONSE /a.S/Get ref 3 a.Name 100a"), qPrintable(lines.join('\n')));
  }

  // CLI11 has its own idea of brackets.
  void takesListsForWhatTheyAre() {
    ReplayFile file;
    file.unary("/a.S/Get", name("q"), {"google.protobuf.ListValue", {}});
    writeFile(m_path.toStdString(), file.bytes());
    const QString two = "2 RESPONSE /a.S/Get ref 1 google.protobuf.ListValue 0a031a01610a031a0162";
    for (const QStringList& edit :
         {QStringList{"--message", "2", "[\"a\",\"b\"]"}, QStringList{"--response", "[\"a\",\"b\"]"},
          QStringList{"--message", "2", "[]", "--message", "2", "[\"a\",\"b\"]"}}) {
      const CliResult result = runCli(QStringList{"edit", m_path, "-o", m_out, "--call", "1"} + edit);
      QCOMPARE(QString(result.err), QString());
      QCOMPARE(difference(file.bytes(), readFile(m_out.toStdString())), two);
    }
  }

  // After links: nothing but a file has a place to be put back to.
  void editsNothingButFilesInPlace() {
    const QString pipe = m_folder->filePath("pipe");
    const QString link = m_folder->filePath("link");
    QCOMPARE(::mkfifo(pipe.toUtf8().constData(), 0600), 0);
    QVERIFY(QFile::link(pipe, link));
    for (const auto& [path, found] :
         {std::pair{pipe, "a pipe"}, std::pair{link, "a pipe"}, std::pair{QString("/dev/null"), "a device"},
          std::pair{m_folder->path(), "a directory"}}) {
      const CliResult result = runCli({"edit", "-i", path, "--initial-state", "x"});
      QCOMPARE(QString(result.err),
               "retake-cli: -i: " + path + ": expected a regular file, found " + found + "\n");
      QCOMPARE(result.exitCode, 2);
    }
    QVERIFY(QFile::link(m_path, m_out));
    QCOMPARE(runCli({"edit", "-i", m_out, "--initial-state", "new"}).exitCode, 0);
    QCOMPARE(difference(sample(), readFile(m_path.toStdString())), QString("initial 6e6577"));
  }

  void editsWireJsonWithoutASchema() {
    const CliResult result = runCli({"edit", m_path, "-o", m_out, "--call", "1", "--response",
                                     "{\"1:string\": \"new\", \"2:varint\": 5}"});
    QCOMPARE(QString(result.err), QString());
    QCOMPARE(difference(sample(), readFile(m_out.toStdString())),
             QString("2 RESPONSE /a.S/Get ref 1 a.Name 0a036e65771005"));
  }

  void keepsFieldsThatTheSchemaDoesNotHave() {
    ReplayFile file;
    file.unary("/a.S/Get", name("q"), {"a.Name", field(1, "one") + field(99, "unknown")});
    const CliResult result = runCli(
        {"edit", "-", "-o", "-", "--schema", m_schema, "--call", "1", "--response", "{\"first\": \"two\"}"},
        QByteArray::fromStdString(file.bytes()));
    QCOMPARE(result.exitCode, 0);
    QVERIFY(result.out.contains("two") && result.out.contains("unknown"));
  }

  void editsInPlace() {
    QCOMPARE(runCli({"edit", "-i", m_path, "--initial-state", "new"}).exitCode, 0);
    QCOMPARE(difference(sample(), readFile(m_path.toStdString())), QString("initial 6e6577"));
  }

  void takesValuesFromFilesAndStandardInput() {
    const QString value = m_folder->filePath("value");
    writeFile(value.toStdString(), std::string("\0binary\xff", 8));
    QCOMPARE(runCli({"edit", m_path, "-o", m_out, "--initial-state", "@" + value}).exitCode, 0);
    QCOMPARE(difference(sample(), readFile(m_out.toStdString())), QString("initial 0062696e617279ff"));
    const CliResult result = runCli({"edit", m_path, "-o", "-", "--initial-state", "@-"}, "from a pipe");
    QCOMPARE(result.exitCode, 0);
    QVERIFY(result.out.contains("from a pipe"));
    QCOMPARE(runCli({"edit", m_path, "-o", m_out, "--schema", m_schema, "--call", "1", "--response", "@-"},
                    "{\"age\": 4}")
                 .exitCode,
             0);
    QCOMPARE(difference(sample(), readFile(m_out.toStdString())),
             QString("2 RESPONSE /a.S/Get ref 1 a.Name 1004"));
  }

  void answersACallThatWasNeverAnswered() {
    ReplayFile file;
    file.unary("/a.S/Get", name("q"), name("one"));
    file.request("/a.S/Get", name("q"));
    for (const QStringList& edit : {QStringList{"--response", "{}"}, QStringList{"--status", "ABORTED"}}) {
      writeFile(m_path.toStdString(), file.bytes());
      QCOMPARE(runCli(QStringList{"edit", "-i", m_path, "--call", "2"} + edit).exitCode, 0);
      QCOMPARE(runCli({"info", m_path}).err, QByteArray());
    }
  }

  void repairsWhatCanBeRepaired() {
    ReplayFile file;
    file.unary("/a.S/Get", name("q"), name("one"));
    const std::string good = file.bytes();
    file.record("\xff");
    file.response(77, name("x"));
    writeFile(m_path.toStdString(), file.bytes() + "tail");
    const CliResult result = runCli({"edit", m_path, "-o", m_out, "--repair"});
    QCOMPARE(result.exitCode, 0);
    QVERIFY(readFile(m_out.toStdString()) == good);
    QCOMPARE(result.err.count("repaired: "), 3);
    QCOMPARE(runCli({"info", m_out}).err, QByteArray());
    QCOMPARE(runCli({"edit", m_out, "-o", m_path, "--repair"}).err, QByteArray());
  }

  void writesDamageBackUnlessItIsToldToRepair() {
    writeFile(m_path.toStdString(), sample() + "tail");
    QCOMPARE(runCli({"edit", m_path, "-o", m_out}).exitCode, 0);
    QVERIFY(readFile(m_out.toStdString()) == sample() + "tail");
  }

  void saysWhatIsWrongWithTheCommand_data() {
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QString>("message");
    const auto row = [](const char* title, const QStringList& arguments, const char* message) {
      QTest::newRow(title) << arguments << message;
    };
    row("no output", {"CALLS"}, "expected -o OUT, or -i to edit in place, found neither");
    row("two outputs", {"CALLS", "-i", "-o", "OUT"}, "-i and -o: expected one of them, found both");
    row("in place of standard input", {"-", "-i"}, "-i: standard input cannot be edited in place; use -o");
    row("no call", {"CALLS", "-o", "OUT", "--response", "{}"},
        "expected --call N to say which call is meant, found none");
    row("nothing to do with the call", {"CALLS", "-o", "OUT", "--call", "1"},
        "--call: expected --response, --status, --message, --duplicate or --remove with it, found none");
    row("a copy of no call", {"CALLS", "-o", "OUT", "--duplicate"},
        "expected --call N to say which call is meant, found none");
    row("an edit of what goes", {"CALLS", "-o", "OUT", "--call", "1", "--remove", "--response", "{}"},
        "--remove: expected nothing else with the call that goes, found another edit of it");
    row("removal of call 9", {"CALLS", "-o", "OUT", "--call", "9", "--remove"},
        "--call 9: expected a number from 1 to 6");
    row("response and status", {"CALLS", "-o", "OUT", "--call", "1", "--response", "{}", "--status", "7"},
        "--response and --status: expected one of them, found both");
    row("call 0", {"CALLS", "-o", "OUT", "--call", "0", "--response", "{}"},
        "--call 0: expected a number from 1 to 6");
    row("call 7", {"CALLS", "-o", "OUT", "--call", "7", "--response", "{}"},
        "--call 7: expected a number from 1 to 6");
    const auto noCall = [&row](const char* number) {
      row(number, {"CALLS", "-o", "OUT", "--call", number, "--status", "7"},
          (std::string("--call: expected a number from 1 to 4294967295, without leading zeros, found \"") +
           number + "\"")
              .c_str());
    };
    for (const char* number : {"abc", "-1", "+1", "010", "0x10", "1.0", "1 ", "", "4294967296"})
      noCall(number);
    row("message x", {"CALLS", "-o", "OUT", "--call", "3", "--message", "x", "{}"},
        "--message: expected a number from 1 to 4294967295, without leading zeros, found \"x\"");
    row("message that is no object", {"CALLS", "-o", "OUT", "--call", "3", "--message", "2", "[{\"1\":7}]"},
        "call 3, message 2: JSON of a.Name: line 1, column 1: expected an object of fields by number, found "
        "a list");
    row("no such code", {"CALLS", "-o", "OUT", "--call", "1", "--status", "MISSING:x"},
        "--status: expected a gRPC code such as NOT_FOUND or 5, found \"MISSING\"");
    row("OK on a unary call", {"CALLS", "-o", "OUT", "--call", "2", "--status", "OK"},
        "call 2: a unary call that is OK answers with a message; use --response JSON");
    row("response of a stream", {"CALLS", "-o", "OUT", "--call", "3", "--response", "{}"},
        "call 3: expected a call with one response, found a server stream with 3 messages; use --message K "
        "JSON");
    row("message 9", {"CALLS", "-o", "OUT", "--call", "3", "--message", "9", "{}"},
        "--message 9: call 3 has messages 1 to 3");
    row("message 0", {"CALLS", "-o", "OUT", "--call", "3", "--message", "0", "{}"},
        "--message 0: call 3 has messages 1 to 3");
    row("type that nobody knows", {"CALLS", "-o", "OUT", "--call", "6", "--response", "{}"},
        "call 6: expected to know the type of its message, found it neither here nor in another call of its "
        "method; "
        "name a --schema that has the method");
    row("standard input twice", {"-", "-o", "OUT", "--initial-state", "@-"},
        "standard input: expected it to be asked for once, found it twice");
    row("no such value", {"CALLS", "-o", "OUT", "--initial-state", "@/not/there"},
        "/not/there: cannot be opened: No such file or directory");
  }
  void saysWhatIsWrongWithTheCommand() {
    QFETCH(QStringList, arguments);
    QFETCH(QString, message);
    arguments.replaceInStrings(QRegularExpression("^CALLS$"), m_path)
        .replaceInStrings(QRegularExpression("^OUT$"), m_out);
    const CliResult result = runCli(QStringList{"edit"} + arguments, QByteArray::fromStdString(sample()));
    QCOMPARE(QString(result.err), "retake-cli: " + message + "\n");
    QCOMPARE(result.exitCode, 2);
    QVERIFY(!QFile::exists(m_out));
    QVERIFY(readFile(m_path.toStdString()) == sample());
  }

  void saysWhereJsonDoesNotFit_data() {
    QTest::addColumn<QString>("json");
    QTest::addColumn<QStringList>("parts");
    QTest::newRow("no such field") << "{\n  \"frist\": \"x\"\n}" << QStringList{"line 2, column", "frist"};
    QTest::newRow("wrong type") << "{\"age\": \"x\"}" << QStringList{"line 1, column 9", "age"};
    QTest::newRow("no JSON") << "{\"age\": " << QStringList{"line 1, column"};
  }
  void saysWhereJsonDoesNotFit() {
    QFETCH(QString, json);
    QFETCH(QStringList, parts);
    const CliResult result =
        runCli({"edit", m_path, "-o", m_out, "--schema", m_schema, "--call", "1", "--response", json});
    QCOMPARE(result.exitCode, 2);
    QVERIFY2(result.err.startsWith("retake-cli: call 1: JSON of a.Name: line "), result.err.constData());
    for (const QString& part : parts) QVERIFY2(result.err.contains(part.toUtf8()), result.err.constData());
    QVERIFY(!QFile::exists(m_out));
  }

  void changesOneRecordOfRealRecordings_data() { addRealRecordings(false); }
  void changesOneRecordOfRealRecordings() {
    QFETCH(QString, path);
    if (path.isEmpty()) QSKIP(kNoRealRecordings);
    const std::string before = readFile(path.toStdString());
    QCOMPARE(runCli({"edit", path, "-o", m_out}).exitCode, 0);
    QVERIFY(readFile(m_out.toStdString()) == before);
    QCOMPARE(runCli({"edit", path, "-o", m_out, "--call", "1", "--message", "1", "{}"}).exitCode, 0);
    const auto a = recordsOf(before);
    const auto b = recordsOf(readFile(m_out.toStdString()));
    QCOMPARE(a.size(), b.size());
    int changed = 0;
    for (std::size_t i = 0; i < a.size(); ++i) changed += a[i] != b[i];
    QCOMPARE(changed, 1);
  }

  void writesWhatTheOracleLoads_data() { addRealRecordings(true); }
  void writesWhatTheOracleLoads() {
    QFETCH(QString, path);
    if (path.isEmpty()) QSKIP(kNoRealRecordings);
    QCOMPARE(runCli({"edit", path, "-o", m_out, "--call", "1", "--status", "DATA_LOSS:edited"}).exitCode, 0);
    int exitCode = -1;
    const QByteArray said = runOracle({"load", m_out}, &exitCode);
    QVERIFY2(exitCode == 0, said.constData());
    QVERIFY(runOracle({"print", m_out}).contains("code = DataLoss desc = edited"));
  }

  void leavesTheScriptOfTheOraclePassing() {
    const QString path = QString::fromStdString(recordingsFolder() + "/intstore.replay");
    if (!QFile::exists(path) || !haveOracle())
      QSKIP("SKIPPED: no intstore.replay or no oracle (set RETAKE_RECORDINGS and RETAKE_ORACLE)");
    const QString schema = QString::fromStdString(recordingsFolder() + "/intstore.protoset");
    const QStringList edit{"edit", path, "-o", m_out, "--schema", schema, "--call", "2"};
    QCOMPARE(runCli(edit + QStringList{"--response", "{\"name\": \"a\", \"value\": 77}"}).exitCode, 0);
    int exitCode = -1;
    const QByteArray said = runOracle({"replay", m_out}, &exitCode);
    QVERIFY2(exitCode == 0 && said.contains("Get a: 77"), said.constData());
    QCOMPARE(runCli(edit + QStringList{"--status", "NOT_FOUND:gone"}).exitCode, 0);
    runOracle({"replay", m_out}, &exitCode);
    QCOMPARE(exitCode, 1);
  }

 private:
  std::unique_ptr<QTemporaryDir> m_folder;
  QString m_path;
  QString m_out;
  QString m_schema;
};

QTEST_GUILESS_MAIN(tst_CliEdit)
#include "tst_cli_edit.moc"
