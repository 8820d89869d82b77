#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QtTest>

#include "cli.h"
#include "support/dump.h"
#include "support/replay_file.h"

using namespace retake;
using namespace retake::test;

namespace {

const Message kM{"a.M", "m"};
const Status kNotFound{.code = 5, .message = "no", .details = {}};

std::string sample() {
  ReplayFile file("seed");
  file.unary("/a.S/Get", kM, kM);
  file.unary("/a.S/Get", kM, kNotFound);
  file.unary("/a.S/Get", kM, Status{.code = 42, .message = {}, .details = {}});
  const auto s = file.createStream("/a.S/Watch");
  file.send(s, kM).recv(s, kM).recv(s, kM).recvEnd(s);
  const auto open = file.createStream("/a.S/Watch");
  file.send(open, kM).recv(open, kM).recv(open, kM);
  return file.bytes();
}

}  // namespace

class tst_CliInfo : public QObject {
  Q_OBJECT
 private slots:
  void init() {
    m_folder = std::make_unique<QTemporaryDir>();
    m_path = m_folder->filePath("calls.replay");
  }

  void tellsPeople() {
    writeFile(m_path.toStdString(), sample());
    const CliResult result = runCli({"info", m_path});
    QCOMPARE(result.exitCode, 0);
    QCOMPARE(result.err, QByteArray());
    QCOMPARE(QString(result.out), m_path +
                                      ": binary replay file, 15 entries, 5 calls\n"
                                      "initial state: 4 bytes\n"
                                      "\n"
                                      "method      kind           calls  status\n"
                                      "/a.S/Get    unary              3  1 OK, 1 NOT_FOUND, 1 other\n"
                                      "/a.S/Watch  server stream      2  1 OK, 1 open\n");
  }

  void tellsPrograms() {
    writeFile(m_path.toStdString(), sample() + "tail");
    const CliResult result = runCli({"info", "--json", m_path});
    QCOMPARE(result.exitCode, 0);
    const QJsonObject info = QJsonDocument::fromJson(result.out).object();
    QCOMPARE(info.keys(),
             (QStringList{"calls", "entries", "format", "initial_state_bytes", "methods", "problems"}));
    QCOMPARE(info["format"].toString(), QString("replay"));
    QCOMPARE(info["initial_state_bytes"].toInt(), 4);
    QCOMPARE(info["entries"].toInt(), 15);
    QCOMPARE(info["calls"].toInt(), 5);
    const QJsonObject get = info["methods"][0].toObject();
    QCOMPARE(get["method"].toString(), QString("/a.S/Get"));
    QCOMPARE(get["kind"].toString(), QString("unary"));
    QCOMPARE(get["calls"].toInt(), 3);
    QCOMPARE(get["statuses"]["NOT_FOUND"].toInt(), 1);
    QCOMPARE(info["methods"][1]["statuses"]["open"].toInt(), 1);
    const QJsonObject problem = info["problems"][0].toObject();
    QCOMPARE(problem["offset"].toInteger(), static_cast<qint64>(sample().size()));
    QCOMPARE(problem["repair"].toString(), QString("leave the cut tail out"));
    QVERIFY(!problem.contains("entry"));
    QVERIFY(problem["text"].toString().startsWith("record 16 at byte"));
  }

  void countsCallsThatAFilterAsksFor() {
    writeFile(m_path.toStdString(), sample());
    const CliResult text = runCli({"info", m_path, "--filter", "status:NOT_FOUND"});
    QCOMPARE(text.exitCode, 0);
    QVERIFY2(text.out.contains(" of them, where status is NOT_FOUND\n"), text.out.constData());
    const QJsonObject all = QJsonDocument::fromJson(runCli({"info", "--json", m_path}).out).object();
    const QJsonObject some =
        QJsonDocument::fromJson(runCli({"info", "--json", m_path, "--filter", "kind:unary"}).out).object();
    QCOMPARE(some["calls"], all["calls"]);
    QCOMPARE(some["filter"].toString(), QString("kind is unary"));
    int unary = 0;
    for (const auto& method : all["methods"].toArray())
      if (method.toObject()["kind"].toString() == "unary") unary += method.toObject()["calls"].toInt();
    QVERIFY(unary > 0);
    QCOMPARE(some["matching_calls"].toInt(), unary);
    QVERIFY(!all.contains("filter"));
    QCOMPARE(runCli({"info", m_path, "--filter", "("}).exitCode, 2);
  }

  void readsStandardInput() {
    const CliResult result = runCli({"info", "-"}, QByteArray::fromStdString(sample()));
    QCOMPARE(result.exitCode, 0);
    QVERIFY(result.out.startsWith("standard input: binary replay file, 15 entries, 5 calls\n"));
  }

  void saysEachProblemOnStandardError() {
    ReplayFile file;
    file.request("/open", kM);
    file.record("\xff");
    writeFile(m_path.toStdString(), file.bytes());
    const CliResult result = runCli({"info", m_path});
    QCOMPARE(result.exitCode, 0);
    QCOMPARE(result.err.count('\n'), 2);
    QVERIFY(result.err.startsWith(m_path.toUtf8() +
                                  ": entry 1 at byte 17 (REQUEST /open): no RESPONSE is recorded"));
    QVERIFY(result.err.contains("(repair: answer it with UNAVAILABLE \"recording ended\")\n"));
    QVERIFY(result.out.contains("2 problems, named on standard error\n"));
  }

  // A terminal obeys what it is sent, and a method may hold anything.
  void sendsNoControlCharacters() {
    ReplayFile file;
    file.unary("/\x1b[2J\xff\n", kM, kM);
    for (const QStringList& arguments : {QStringList{"info", "-"}, QStringList{"info", "--json", "-"},
                                         QStringList{"print", "-"}, QStringList{"print", "--json", "-"}}) {
      const CliResult result = runCli(arguments, QByteArray::fromStdString(file.bytes()));
      QCOMPARE(result.exitCode, 0);
      QVERIFY(!result.out.contains('\x1b') && !result.err.contains('\x1b'));
      QVERIFY(QString::fromUtf8(result.out + result.err).toUtf8() == result.out + result.err);
      if (arguments.contains("--json")) {
        for (const QByteArray& line :
             arguments[0] == "info" ? QByteArrayList{result.out} : result.out.trimmed().split('\n'))
          QVERIFY(QJsonDocument::fromJson(line).isObject());
      }
    }
  }

  void checksTypesAgainstASchema() {
    const QString proto = m_folder->filePath("a.proto");
    writeFile(
        proto.toStdString(),
        "syntax = \"proto3\"; package a; message Other { string s = 1; } service S { rpc Get(Other) returns "
        "(Other); rpc Watch(Other) returns (stream Other); }");
    writeFile(m_path.toStdString(), sample());
    const CliResult result = runCli({"info", m_path, "--schema", proto});
    QCOMPARE(result.exitCode, 0);
    QVERIFY2(result.err.contains("found \"a.M\""), result.err.constData());
  }

  void findsNothingWrongWithRealRecordings_data() { addRealRecordings(false); }
  void findsNothingWrongWithRealRecordings() {
    QFETCH(QString, path);
    if (path.isEmpty()) QSKIP(kNoRealRecordings);
    const CliResult result = runCli({"info", "--json", path});
    QCOMPARE(result.exitCode, 0);
    QCOMPARE(result.err, QByteArray());
    const QJsonObject info = QJsonDocument::fromJson(result.out).object();
    QVERIFY(info["problems"].isArray());
    QCOMPARE(info["problems"].toArray().size(), 0);
    QVERIFY(info["entries"].toInt() > 0);
  }

  void countsWhatTheOracleCounts_data() { addRealRecordings(true); }
  void countsWhatTheOracleCounts() {
    QFETCH(QString, path);
    if (path.isEmpty()) QSKIP(kNoRealRecordings);
    const QJsonObject info = QJsonDocument::fromJson(runCli({"info", "--json", path}).out).object();
    const QByteArray printed = runOracle({"print", path});
    QCOMPARE(info["entries"].toInt(), static_cast<int>(("\n" + printed).count("\n#")));
    QCOMPARE(info["calls"].toInt(),
             static_cast<int>(printed.count("kind: REQUEST,") + printed.count("kind: CREATE_STREAM,")));
  }

 private:
  std::unique_ptr<QTemporaryDir> m_folder;
  QString m_path;
};

QTEST_GUILESS_MAIN(tst_CliInfo)
#include "tst_cli_info.moc"
