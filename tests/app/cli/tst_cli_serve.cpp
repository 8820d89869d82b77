#include <unistd.h>

#include <csignal>

#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QtTest>

#include "cli.h"
#include "client/recorded_client.h"
#include "support/dump.h"
#include "support/replay_file.h"

using namespace retake;
using namespace retake::test;

namespace {

constexpr int kTimeoutMs = 60'000;

// `serve`, from the lines that say that it is ready to its end.
class Serving {
 public:
  Serving(const QString& path, const QStringList& options, int endpoints = 1) {
    m_process.start(QStringLiteral(RETAKE_CLI), QStringList{"serve", path} + options);
    while (m_addresses.size() < endpoints &&
           (m_process.canReadLine() || m_process.waitForReadyRead(kTimeoutMs)))
      if (const QByteArray line = m_process.readLine(); line.startsWith("listening on "))
        m_addresses << line.mid(13).trimmed();
  }

  const QByteArrayList& addresses() const { return m_addresses; }
  void send(int signal) { ::kill(static_cast<pid_t>(m_process.processId()), signal); }
  CliResult end() {
    if (!m_process.waitForFinished(kTimeoutMs) || m_process.exitStatus() != QProcess::NormalExit) return {};
    return {m_process.exitCode(), m_process.readAllStandardOutput(), m_process.readAllStandardError()};
  }

 private:
  QProcess m_process;
  QByteArrayList m_addresses;
};

std::int32_t askFor(const QByteArray& address, const std::string& method) {
  ClientScript script;
  script.method = method;
  script.steps = {{.isSend = true}};
  return play(channelTo(address.toStdString()), script).end.code;
}

}  // namespace

class tst_CliServe : public QObject {
  Q_OBJECT
 private slots:
  void init() {
    m_folder = std::make_unique<QTemporaryDir>();
    m_path = m_folder->filePath("calls.replay");
    writeFile(m_path.toStdString(), ReplayFile("").bytes());
  }

  // Both were sent before it could look at either: that is one wish to end, not two.
  void reportsWhenBothSignalsWait() {
    Serving serving(m_path, {});
    QCOMPARE(serving.addresses().size(), 1);
    for (const int signal : {SIGSTOP, SIGINT, SIGTERM, SIGCONT}) serving.send(signal);
    const CliResult result = serving.end();
    QCOMPARE(result.exitCode, 0);
    QCOMPARE(QString(result.err),
             QString("served 0, missed 0, forwarded 0, aborted 0\nevery recorded call was asked for\n"));
  }

  // As one that comes from a pipe which nobody ends.
  void isEndedWhileItReadsTheRecording_data() {
    QTest::addColumn<int>("signal");
    QTest::addRow("SIGINT") << SIGINT;
    QTest::addRow("SIGTERM") << SIGTERM;
  }
  void isEndedWhileItReadsTheRecording() {
    QFETCH(int, signal);
    QProcess process;
    process.start(QStringLiteral(RETAKE_CLI), {"serve", "-"});
    process.write(QByteArray(1 << 20, 'x'));  // more than a pipe holds
    while (process.bytesToWrite() > 0) QVERIFY(process.waitForBytesWritten(kTimeoutMs));
    ::kill(static_cast<pid_t>(process.processId()), signal);
    QVERIFY(process.waitForFinished(10'000));
    QCOMPARE(process.exitStatus(), QProcess::CrashExit);
  }

  void whatIsPrintedGoesToNoSocket() {
    const QString socket = m_folder->filePath("s");
    QProcess process;
    process.setChildProcessModifier([] {
      for (const int fd : {1, 2}) ::close(fd);
    });
    process.start(QStringLiteral(RETAKE_CLI),
                  {"serve", m_path, "--log", "json", "--listen", "unix:" + socket});
    QTRY_VERIFY_WITH_TIMEOUT(QFileInfo::exists(socket), kTimeoutMs);
    for (const int fd : {1, 2})
      QCOMPARE(QFile::symLinkTarget(QString("/proc/%1/fd/%2").arg(process.processId()).arg(fd)),
               QString("/dev/null"));
    ::kill(static_cast<pid_t>(process.processId()), SIGTERM);
    QVERIFY(process.waitForFinished(kTimeoutMs));
    QCOMPARE(process.exitStatus(), QProcess::NormalExit);
    QVERIFY(!QFileInfo::exists(socket));
  }

  void listensWhereverItIsTold() {
    Serving serving(m_path, {"--listen", "127.0.0.1:0", "--listen", "127.0.0.1:0"}, 2);
    QCOMPARE(serving.addresses().size(), 2);
    QVERIFY(serving.addresses()[0] != serving.addresses()[1]);
    serving.send(SIGTERM);
    QCOMPARE(serving.end().exitCode, 0);
  }

  void takesAddressesAsTheyAreTyped() {
    const CliResult result = runCli({"serve", m_path, "--listen", "[::1]"});
    QCOMPARE(result.exitCode, 2);
    QVERIFY2(result.err.startsWith("retake-cli: cannot listen on [::1]: expected HOST:PORT"),
             result.err.constData());
  }

  void countsNoHealthCheckAsAMiss() {
    Serving serving(m_path, {"--log", "json", "--verify"});
    QCOMPARE(serving.addresses().size(), 1);
    QCOMPARE(askFor(serving.addresses()[0], "/grpc.health.v1.Health/Check"), 0);
    QCOMPARE(askFor(serving.addresses()[0], "/grpc.health.v1.Health/Other"), 12);
    serving.send(SIGTERM);
    const CliResult result = serving.end();
    QCOMPARE(QString(result.err),
             QString("served 0, missed 0, forwarded 0, aborted 0\nevery recorded call was asked for\n"));
    QCOMPARE(result.exitCode, 0);
    QByteArrayList lines = result.out.trimmed().split('\n');
    QCOMPARE(lines.size(), 2);
    QCOMPARE(QJsonDocument::fromJson(lines[0])["outcome"].toString(), QString("builtin"));
    QCOMPARE(QJsonDocument::fromJson(lines[1])["outcome"].toString(), QString("unrecorded"));
  }

  void refusesWhatMakesNoSense_data() {
    QTest::addColumn<QStringList>("options");
    QTest::addColumn<QString>("sentence");
    const auto row = [](const char* title, const QStringList& options, const char* sentence) {
      QTest::newRow(title) << options << sentence;
    };
    row("reuse", {"--reuse", "twice"}, "--reuse: expected once, last or cycle, found \"twice\"");
    row("pace", {"--pace", "slow"}, "--pace: expected immediate, recorded or causal, found \"slow\"");
    row("speed alone", {"--speed", "2"}, "--speed: expected --pace recorded with it");
    row("speed 0", {"--pace", "recorded", "--speed", "0"}, "--speed: expected a number above 0, found \"0\"");
    row("speed nan", {"--pace", "recorded", "--speed", "nan"},
        "--speed: expected a number above 0, found \"nan\"");
    row("bound alone", {"--causal-bound", "2"}, "--causal-bound: expected --pace causal with it");
    row("bound of nothing", {"--pace", "causal", "--causal-bound", "1s"},
        "--causal-bound: expected a number from 0.001 to 86400, found \"1s\"");
    row("ignore without a path", {"--ignore", "/a.S/Get"}, "--ignore: ");
    row("metadata of a hop", {"--compare-metadata", "*:grpc-timeout"}, "--compare-metadata: ");
    row("forward to nowhere", {"--extra", "forward"},
        "--extra forward and record: expected --upstream ADDR with it, found none");
    row("upstream for nothing", {"--upstream", "a:1"},
        "--upstream: expected --extra forward or record with it, found fail");
    row("TLS to nowhere", {"--upstream-tls"}, "--upstream-tls, -ca, -cert, -key and -name: ");
    row("half a certificate for the upstream",
        {"--extra", "forward", "--upstream", "a:1", "--upstream-cert", "c.pem"},
        "--upstream-cert and --upstream-key: expected both, found one of them");
    row("half a certificate", {"--tls-cert", "c.pem"},
        "--tls-cert and --tls-key: expected both, found one of them");
    row("clients' CA alone", {"--tls-client-ca", "c.pem"}, "--tls-client-ca: ");
    row("certificate that is not there", {"--tls-cert", "/no.pem", "--tls-key", "/no.key"}, "");
    row("workspace that is not there", {"--workspace", "/no.retake"}, "/no.retake: ");
  }
  void refusesWhatMakesNoSense() {
    QFETCH(QStringList, options);
    QFETCH(QString, sentence);
    const CliResult result = runCli(QStringList{"serve", m_path} + options);
    QCOMPARE(result.exitCode, 2);
    QCOMPARE(result.out, QByteArray());
    QCOMPARE(result.err.count('\n'), 1);
    QVERIFY2(result.err.startsWith(("retake-cli: " + sentence).toUtf8()), result.err.constData());
  }

  void warnsOfRulesWithoutEffect() {
    writeFile(m_folder->filePath("a.proto").toStdString(),
              "syntax = \"proto3\"; package a; message Name { string first_name = 1; }");
    ReplayFile file;
    file.unary("/a.S/Get", {"a.Name", field(1, "x")}, Message{"a.Name", ""});
    writeFile(m_path.toStdString(), file.bytes());
    Serving serving(m_path, {"--schema", m_folder->filePath("a.proto"), "--ignore", "/a.S/Got:first_name",
                             "--ignore", "*:frist_name", "--ignore", "a.S/*:first_name", "--ignore", "*:7",
                             "--compare-metadata", "*:x-a"});
    QCOMPARE(serving.addresses().size(), 1);
    serving.send(SIGTERM);
    const QByteArray err = serving.end().err;
    const QByteArrayList lines = err.split('\n');
    QVERIFY2(lines.size() > 3 &&
                 lines[0].startsWith("retake-cli: warning: ignore rule \"/a.S/Got:first_name\": ") &&
                 lines[0].endsWith("did you mean \"/a.S/Get\"?") &&
                 lines[1].startsWith("retake-cli: warning: ignore rule \"*:frist_name\": ") &&
                 lines[1].contains("first_name\"?") &&
                 lines[2].startsWith("retake-cli: warning: metadata rule \"*:x-a\": ") &&
                 lines[3].startsWith("served 0, "),
             err.constData());
  }

  void reportsWhatNobodyAskedFor() {
    ReplayFile file;
    for (const char* method : {"/a.S/B", "/a.S/A", "/a.S/B", "/a.S/B", "/a.S/B"})
      file.unary(method, {"a.Name", field(1, "x")}, Message{"a.Name", ""});
    writeFile(m_path.toStdString(), file.bytes());
    Serving serving(m_path, {"--verify"});
    QCOMPARE(serving.addresses().size(), 1);
    serving.send(SIGTERM);
    const CliResult result = serving.end();
    QCOMPARE(QString(result.err), QString("served 0, missed 0, forwarded 0, aborted 0\n"
                                          "never asked for: 5 of 5 recorded calls\n"
                                          "  /a.S/A: 2\n"
                                          "  /a.S/B: 1, 3 to 5\n"));
    QCOMPARE(result.exitCode, 1);
  }

  void saysWhatWasMissed() {
    Serving serving(m_path, {"--log", "json", "--verify"});
    QCOMPARE(serving.addresses().size(), 1);
    QCOMPARE(askFor(serving.addresses()[0], "/grpc.healthy.Other/Get"), 12);
    serving.send(SIGTERM);
    const CliResult result = serving.end();
    QVERIFY2(result.err.startsWith("retake-cli: call 1 missed: "), result.err.constData());
    QVERIFY2(result.err.endsWith(
                 "served 0, missed 1, forwarded 0, aborted 0\nevery recorded call was asked for\n"),
             result.err.constData());
    QCOMPARE(result.exitCode, 1);
    QCOMPARE(QJsonDocument::fromJson(result.out)["outcome"].toString(), QString("missed"));
  }

 private:
  std::unique_ptr<QTemporaryDir> m_folder;
  QString m_path;
};

QTEST_GUILESS_MAIN(tst_CliServe)
#include "tst_cli_serve.moc"
