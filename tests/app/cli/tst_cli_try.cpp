#include <QtTest>

#include "cli.h"
#include "schema/sources.h"
#include "serve/replay_server.h"
#include "support/dump.h"
#include "support/replay_file.h"

using namespace retake;
using namespace retake::test;

namespace {

Message name(std::string_view text) { return {"a.Name", field(1, text)}; }
const Status kNotFound{.code = 5, .message = "no", .details = {{"type.googleapis.com/a.Name", ""}}};

// Calls: 1 and 2 equal requests whose RESPONSEs come the other way round, 3 an error, 4 a server stream,
// 5 a bidirectional stream cut by an error.
ReplayFile sample(std::string_view first = "one") {
  ReplayFile file;
  const auto one = file.request("/a.S/Get", name("q"));
  const auto two = file.request("/a.S/Get", name("q"));
  file.response(two, name("two")).response(one, name(first));
  file.unary("/a.S/Get", name("p"), kNotFound);
  const auto list = file.createStream("/a.S/List");
  file.send(list, name("q")).recv(list, name("x")).recv(list, name("y")).recvEnd(list);
  const auto chat = file.createStream("/a.S/Chat");
  file.send(chat, name("a")).recv(chat, name("b")).send(chat, name("c")).recv(chat, kNotFound);
  return file;
}

}  // namespace

class tst_CliTry : public QObject {
  Q_OBJECT
 private slots:
  void init() {
    m_folder = std::make_unique<QTemporaryDir>();
    m_path = m_folder->filePath("calls.replay");
    writeFile(m_path.toStdString(), sample().bytes());
  }

  void playsEveryCallAgainstTheRecordingItself() {
    const CliResult result = runCli({"try", m_path});
    QCOMPARE(QString(result.err), QString());
    QCOMPARE(result.exitCode, 0);
    QVERIFY2(result.out.endsWith("5 of 5 calls as recorded\n"), result.out.constData());
    QVERIFY2(!result.out.contains("DIFFERS"), result.out.constData());
  }

  // Equal requests before it are answered first, so that it gets its own answer.
  void playsOneCall() {
    const CliResult result = runCli({"try", m_path, "--call", "1"});
    QCOMPARE(result.exitCode, 0);
    QVERIFY2(result.out.startsWith("call 1 /a.S/Get, "), result.out.constData());
    QVERIFY2(result.out.contains("as recorded") && result.out.contains("one"), result.out.constData());
    QVERIFY2(result.out.endsWith("1 of 1 calls as recorded\n"), result.out.constData());
  }

  void showsWhereAServerDiffers() {
    const auto server = ReplayServer::start(sample("another").recording());
    QVERIFY(server);
    const auto address = (*server)->listen("127.0.0.1:0");
    QVERIFY(address);
    const CliResult result = runCli({"try", m_path, "--address", QString::fromStdString(*address)});
    QCOMPARE(QString(result.err), QString());
    QCOMPARE(result.exitCode, 1);
    QCOMPARE(result.out.count("DIFFERS"), 1);
    QVERIFY2(result.out.contains("call 1 /a.S/Get, "), result.out.constData());
    QVERIFY2(result.out.contains("another"), result.out.constData());
    QVERIFY2(result.out.endsWith("4 of 5 calls as recorded\n"), result.out.constData());
  }

  void showsThatNobodyIsThere() {
    std::string address;
    {
      const auto server = ReplayServer::start(sample().recording());
      QVERIFY(server);
      address = *(*server)->listen("127.0.0.1:0");
    }
    const CliResult result =
        runCli({"try", m_path, "--call", "3", "--address", QString::fromStdString(address)});
    QCOMPARE(result.exitCode, 1);
    QVERIFY2(result.out.contains("UNAVAILABLE"), result.out.constData());
  }

  void takesTheWorkspacesSchema() {
    writeFile(m_folder->filePath("a.proto").toStdString(),
              "syntax = \"proto3\"; package a; message Name { string first = 1; }");
    const QString workspace = m_folder->filePath("calls.retake");
    writeFile(workspace.toStdString(), "schema: 'a.proto'\nmatch { reuse: CYCLE ignore: '*:first' }\n");
    const CliResult result = runCli({"try", m_path, "--call", "4", "--workspace", workspace});
    QCOMPARE(QString(result.err), QString());
    QCOMPARE(result.exitCode, 0);
    QVERIFY2(result.out.contains("first"), result.out.constData());
  }

  void takesTheSchemaOfALiveServer() {
    const std::string proto = m_folder->filePath("a.proto").toStdString();
    writeFile(proto,
              "syntax = \"proto3\"; package a; message Name { string first = 1; }\n"
              "service S { rpc Get(Name) returns (Name); }\n");
    const auto schema = loadSchema({&proto, 1});
    QVERIFY(schema);
    const auto server = ReplayServer::start(sample().recording(), *schema);
    QVERIFY(server);
    const QString place = "reflection:" + QString::fromStdString(*(*server)->listen("127.0.0.1:0"));
    const CliResult typed = runCli({"try", m_path, "--call", "4", "--schema", place});
    QCOMPARE(QString(typed.err), QString());
    QCOMPARE(typed.exitCode, 0);
    QVERIFY2(typed.out.contains("first"), typed.out.constData());
    const QString workspace = m_folder->filePath("calls.retake");
    writeFile(workspace.toStdString(), "schema: '" + place.toStdString() + "'\n");
    QCOMPARE(runCli({"try", m_path, "--call", "4", "--workspace", workspace}).out.count("first"),
             typed.out.count("first"));
    (*server)->stop();
    const CliResult gone = runCli({"try", m_path, "--call", "4", "--schema", place});
    QCOMPARE(gone.exitCode, 2);
    QVERIFY2(gone.err.startsWith("retake-cli: " + place.toUtf8() +
                                 ": expected a server that answers, found none: ") &&
                 gone.err.count('\n') == 1,
             gone.err.constData());
  }

  void saysWhatItCannotDo_data() {
    QTest::addColumn<QStringList>("options");
    QTest::addColumn<QString>("sentence");
    QTest::newRow("call 0") << QStringList{"--call", "0"} << "expected a call from 1 to 5, found 0";
    QTest::newRow("call 6") << QStringList{"--call", "6"} << "expected a call from 1 to 5, found 6";
    QTest::newRow("no number") << QStringList{"--call", "x"} << "--call: expected a number";
    QTest::newRow("no workspace") << QStringList{"--workspace", "/nowhere.retake"} << "/nowhere.retake: ";
  }
  void saysWhatItCannotDo() {
    QFETCH(QStringList, options);
    QFETCH(QString, sentence);
    const CliResult result = runCli(QStringList{"try", m_path} + options);
    QCOMPARE(result.exitCode, 2);
    QCOMPARE(result.out, QByteArray());
    QCOMPARE(result.err.count('\n'), 1);
    QVERIFY2(result.err.contains(sentence.toUtf8()), result.err.constData());
  }

 private:
  std::unique_ptr<QTemporaryDir> m_folder;
  QString m_path;
};

QTEST_GUILESS_MAIN(tst_CliTry)
#include "tst_cli_try.moc"
