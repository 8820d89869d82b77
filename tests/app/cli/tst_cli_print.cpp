#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QtTest>
#include <csignal>
#include <fstream>

#include "cli.h"
#include "recording/entry_extras.h"
#include "support/dump.h"
#include "support/replay_file.h"

using namespace retake;
using namespace retake::test;

namespace {

const Message kName{"a.Name", field(1, "Ada")};
const Status kNotFound{
    .code = 5, .message = "no \"Ada\"\n", .details = {{"type.googleapis.com/a.Name", field(1, "x")}}};

std::string sample() {
  ReplayFile file(
      std::string("se\x01"
                  "ed",
                  5));
  const auto a = file.request("/a.S/Get", kName);
  const auto s = file.createStream("/a.S/Chat");
  file.send(s, {"a.Name", ""}).response(a, kNotFound).sendFailed(s).recv(s, kName).recvEnd(s);
  file.createStream("/a.S/Chat", Status{.code = 14, .message = "gone", .details = {}});
  file.record("\xff");
  return file.bytes();
}

}  // namespace

class tst_CliPrint : public QObject {
  Q_OBJECT
 private slots:
  void initTestCase() {
    m_path = m_folder.filePath("calls.replay");
    m_schema = m_folder.filePath("a.proto");
    writeFile(m_path.toStdString(), sample());
    writeFile(
        m_schema.toStdString(),
        "syntax = \"proto3\"; package a; message Name { string first_name = 1; } service S { rpc Get(Name) "
        "returns (Name); rpc Chat(stream Name) returns (stream Name); }");
  }

  void printsEveryEntryForPeople() {
    const CliResult result = runCli({"print", m_path, "--schema", m_schema});
    QCOMPARE(result.exitCode, 0);
    QCOMPARE(QString(result.out), QString("initial state: \"se\\x01ed\"\n"
                                          "#1 REQUEST /a.S/Get: a.Name {\n"
                                          "    \"firstName\": \"Ada\"\n"
                                          "  }\n"
                                          "#2 CREATE_STREAM /a.S/Chat\n"
                                          "#3 SEND /a.S/Chat of #2: a.Name {}\n"
                                          "#4 RESPONSE /a.S/Get of #1: NOT_FOUND \"no \\\"Ada\\\"\\n\"\n"
                                          "  detail a.Name {\n"
                                          "    \"firstName\": \"x\"\n"
                                          "  }\n"
                                          "#5 SEND /a.S/Chat of #2: failed\n"
                                          "#6 RECV /a.S/Chat of #2: a.Name {\n"
                                          "    \"firstName\": \"Ada\"\n"
                                          "  }\n"
                                          "#7 RECV /a.S/Chat of #2: end of stream\n"
                                          "#8 CREATE_STREAM /a.S/Chat: UNAVAILABLE \"gone\"\n"
                                          "#9 unreadable: \"\\xff\"\n"));
    QVERIFY(result.err.contains("entry 9 at byte"));
  }

  void printsFieldsByNumberWithoutASchema() {
    const CliResult result = runCli({"print", m_path});
    QVERIFY2(result.out.contains("#1 REQUEST /a.S/Get: a.Name {\n    \"1:string\": \"Ada\"\n  }\n"),
             result.out.constData());
  }

  void printsCallsThatAFilterAsksFor() {
    const auto entries = [&](const QString& filter) {
      const CliResult result = runCli({"print", "--json", m_path, "--schema", m_schema, "--filter", filter});
      if (result.exitCode != 0) return QString(result.err);
      QStringList all;
      for (const QByteArray& line : result.out.split('\n'))
        if (!line.isEmpty()) all << QString::number(QJsonDocument::fromJson(line).object()["entry"].toInt());
      return all.join(u' ');
    };
    QCOMPARE(entries("status:NOT_FOUND"), QString("1 4"));
    QCOMPARE(entries("req.first_name=ada"), QString("1 4"));
    QCOMPARE(entries("msg.first_name:A -kind:unary"), QString("2 3 5 6 7"));
    QCOMPARE(entries("kind:bidi"), QString("2 3 5 6 7 8"));
    QCOMPARE(entries("text:nobody"), QString());
    QCOMPARE(runCli({"print", m_path, "--filter", "stream text:ada"}).out.left(24),
             QByteArray("#2 CREATE_STREAM /a.S/Ch"));
    QVERIFY(
        entries("status:NOT_FOUN")
            .endsWith(
                "--filter: column 8: expected a status, found \"NOT_FOUN\"; did you mean \"NOT_FOUND\"?\n"));
    QCOMPARE(runCli({"print", m_path, "--filter", "a:b:c"}).exitCode, 2);
    QCOMPARE(runCli({"print", m_path, "--initial-state", "--filter", "a"}).exitCode, 2);
  }

  void printsOneObjectALine() {
    const CliResult result = runCli({"print", "--json", m_path, "--schema", m_schema});
    QCOMPARE(result.exitCode, 0);
    const QByteArrayList lines = result.out.split('\n');
    QCOMPARE(lines.size(), 10);
    QVERIFY(lines.last().isEmpty());
    const auto at = [&](int entry) -> const QJsonObject {
      return QJsonDocument::fromJson(lines[entry - 1]).object();
    };
    QCOMPARE(at(1).keys(), (QStringList{"call", "entry", "kind", "message", "method", "type"}));
    QCOMPARE(at(1)["message"]["firstName"].toString(), QString("Ada"));
    QCOMPARE(at(4)["call"].toInt(), 1);
    QCOMPARE(at(4)["ref"].toInt(), 1);
    QCOMPARE(at(4)["status"]["code"].toInt(), 5);
    QCOMPARE(at(4)["status"]["name"].toString(), QString("NOT_FOUND"));
    QCOMPARE(at(4)["status"]["details"][0]["message"]["firstName"].toString(), QString("x"));
    QVERIFY(at(5)["failed"].toBool());
    QCOMPARE(at(6)["call"].toInt(), 2);
    QVERIFY(at(7)["end_of_stream"].toBool());
    QCOMPARE(at(9)["base64"].toString(), QString("/w=="));
    QVERIFY(!at(9).contains("call"));
  }

  void marksJsonThatIsAGuess() {
    const QByteArray first = runCli({"print", "--json", m_path}).out.split('\n').first();
    const QJsonObject object = QJsonDocument::fromJson(first).object();
    QVERIFY(object["wire"].toBool());
    QCOMPARE(object["message"]["1:string"].toString(), QString("Ada"));
  }

  // What does not fit its type is still shown.
  void printsMessagesThatDoNotFitTheirType() {
    ReplayFile file;
    file.unary("/a.S/Get", {"a.Name", "\xff\xff"}, {"a.Name", "\x0a"});
    for (const bool json : {false, true}) {
      QStringList arguments{"print", "-", "--schema", m_schema};
      if (json) arguments << "--json";
      const CliResult result = runCli(arguments, QByteArray::fromStdString(file.bytes()));
      QCOMPARE(result.exitCode, 0);
      QVERIFY(result.out.contains(json ? "\"base64\": \"//8=\"" : "a.Name \"\\xff\\xff\""));
    }
  }

  void takesTheWorkspacesSchemaUnlessOneIsNamed() {
    const QString workspace = m_folder.filePath("calls.retake");
    writeFile(workspace.toStdString(), "schema: 'a.proto'");
    const CliResult named = runCli({"print", m_path, "--schema", m_schema});
    const CliResult result = runCli({"print", m_path, "--workspace", workspace});
    QCOMPARE(result.exitCode, 0);
    QCOMPARE(QString(result.out), QString(named.out));
    writeFile(workspace.toStdString(), "schema: '/nowhere.proto'");
    QCOMPARE(runCli({"print", m_path, "--workspace", workspace}).exitCode, 2);
    QCOMPARE(runCli({"print", m_path, "--workspace", workspace, "--schema", m_schema}).out, named.out);
  }

  void printsWhatTheGoPackagesDoNotRecord() {
    ReplayFile file;
    const EntryExtras begin{.timeNanos = 1'772'429'400'000'000'001,
                            .requestMetadata = Metadata{{"x-tenant", "a\"b"}, {"x-raw-bin", "\x01\xff"}},
                            .timeoutNanos = 1'500'000'000};
    const EntryExtras end{.timeNanos = -1,
                          .headers = Metadata{},
                          .trailers = Metadata{{"x-cost", "7"}},
                          .halfClosedBefore = true,
                          .canceller = EntryExtras::Canceller::Deadline};
    file.record(serializeEntry(EntryKind::CreateStream, "/a.S/Chat", std::nullopt, false, 0) +
                serializeExtras(begin));
    file.record(serializeEntry(EntryKind::Recv, "", std::nullopt, true, 1) + serializeExtras(end));
    // No message of that kind: length 5, nothing behind it.
    file.record(serializeEntry(EntryKind::Send, "", std::nullopt, true, 1) + "\xca\x3e\x05hello");
    const QByteArray bytes = QByteArray::fromStdString(file.bytes());
    const CliResult text = runCli({"print", "-"}, bytes);
    QVERIFY2(text.out.contains("#1 CREATE_STREAM /a.S/Chat\n"
                               "  time 2026-03-02T05:30:00.000000001Z\n"
                               "  timeout 1.500s\n"
                               "  metadata x-tenant: \"a\\\"b\"\n"
                               "  metadata x-raw-bin: Af8=\n"
                               "#2 RECV /a.S/Chat of #1: end of stream\n"
                               "  time 1969-12-31T23:59:59.999999999Z\n"
                               "  no header\n"
                               "  trailer x-cost: \"7\"\n"
                               "  the client half-closed before\n"
                               "  cancelled by the deadline\n"
                               "#3 SEND /a.S/Chat of #1: failed\n"
                               "  extras: "),
             text.out.constData());
    QByteArrayList lines = runCli({"print", "--json", "-"}, bytes).out.trimmed().split('\n');
    QCOMPARE(lines.size(), 3);
    QVERIFY2(lines[0].endsWith("\"time\": \"2026-03-02T05:30:00.000000001Z\", \"timeout\": \"1.500s\", "
                               "\"metadata\": [{\"key\": \"x-tenant\", \"value\": \"a\\\"b\"}, "
                               "{\"key\": \"x-raw-bin\", \"value\": \"Af8=\"}]}"),
             lines[0].constData());
    QVERIFY2(lines[1].endsWith("\"headers\": [], \"trailers\": [{\"key\": \"x-cost\", \"value\": \"7\"}], "
                               "\"half_closed_before\": true, \"canceller\": \"deadline\"}"),
             lines[1].constData());
    QVERIFY2(!QJsonDocument::fromJson(lines[2])["extras_error"].toString().isEmpty(), lines[2].constData());
  }

  void printsRealRecordings() {
    if (realRecordings().empty()) QSKIP("SKIPPED: there are no real recordings (set RETAKE_RECORDINGS)");
    const QString schema = QString::fromStdString(recordingsFolder() + "/go-cloud/googleapis.protoset");
    for (const std::string& path : realRecordings()) {
      if (path.find("/go-cloud/") == std::string::npos) continue;
      const CliResult result = runCli({"print", "--json", "--schema", schema, QString::fromStdString(path)});
      QCOMPARE(result.exitCode, 0);
      QCOMPARE(result.err, QByteArray());
      for (const QByteArray& line : result.out.trimmed().split('\n')) {
        const QJsonObject object = QJsonDocument::fromJson(line).object();
        QVERIFY2(!object.isEmpty() && !object.contains("wire") && !object.contains("base64"),
                 line.constData());
      }
    }
  }

  void followsWhatIsAppended_data() {
    QTest::addColumn<int>("signal");
    QTest::newRow("SIGINT") << SIGINT;
    QTest::newRow("SIGTERM") << SIGTERM;
  }
  void followsWhatIsAppended() {
    QFETCH(int, signal);
    ReplayFile file("seed");
    const auto call = file.request("/a.S/Get", kName);
    const std::string path = m_folder.filePath("live.replay").toStdString();
    writeFile(path, file.bytes());
    const std::size_t begin = file.bytes().size();
    QProcess process;
    process.start(RETAKE_CLI, {"print", QString::fromStdString(path), "--follow", "--json"});
    QVERIFY(process.waitForStarted());
    const auto lines = [&] { return process.peek(1 << 20).count('\n'); };
    QTRY_COMPARE(lines(), 1);
    file.response(call, kName);
    const auto append = [&](std::size_t from, std::size_t to) {
      std::ofstream out(path, std::ios::binary | std::ios::app);
      out << file.bytes().substr(from, to - from);
    };
    append(begin, begin + 7);  // half of it
    append(begin + 7, file.bytes().size());
    QTRY_COMPARE(lines(), 2);
    ::kill(static_cast<pid_t>(process.processId()), signal);
    QVERIFY(process.waitForFinished());
    QCOMPARE(process.exitStatus(), QProcess::NormalExit);
    QCOMPARE(process.exitCode(), 0);
    QVERIFY(process.readAllStandardError().isEmpty());
    const QByteArray out = process.readAllStandardOutput();
    QCOMPARE(out, runCli({"print", QString::fromStdString(path), "--json"}).out);
  }

  void saysWhyItNoLongerFollows() {
    const std::string path = m_folder.filePath("cut.replay").toStdString();
    writeFile(path, sample());
    QProcess process;
    process.start(RETAKE_CLI, {"print", QString::fromStdString(path), "--follow"});
    QVERIFY(process.waitForStarted());
    QTRY_VERIFY(process.bytesAvailable() > 0);
    writeFile(path, "RPCReplay");
    QVERIFY(process.waitForFinished());
    QCOMPARE(process.exitCode(), 2);
    QVERIFY(process.readAllStandardError().contains("got shorter"));
  }

 private:
  QTemporaryDir m_folder;
  QString m_path;
  QString m_schema;
};

QTEST_GUILESS_MAIN(tst_CliPrint)
#include "tst_cli_print.moc"
