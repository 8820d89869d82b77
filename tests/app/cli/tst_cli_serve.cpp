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
             QString("served 0, missed 0, aborted 0; every recorded call was asked for\n"));
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
    const char* const methods[] = {"/grpc.health.v1.Health/Check",
                                   "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo"};
    for (const char* method : methods) QCOMPARE(askFor(serving.addresses()[0], method), 12);
    serving.send(SIGTERM);
    const CliResult result = serving.end();
    QCOMPARE(QString(result.err),
             QString("served 0, missed 0, aborted 0; every recorded call was asked for\n"));
    QCOMPARE(result.exitCode, 0);
    QByteArrayList lines = result.out.trimmed().split('\n');
    QCOMPARE(lines.size(), 2);
    for (const QByteArray& line : lines)
      QCOMPARE(QJsonDocument::fromJson(line)["outcome"].toString(), QString("unrecorded"));
  }

  void saysWhatWasMissed() {
    Serving serving(m_path, {"--log", "json", "--verify"});
    QCOMPARE(serving.addresses().size(), 1);
    QCOMPARE(askFor(serving.addresses()[0], "/grpc.healthy.Other/Get"), 12);
    serving.send(SIGTERM);
    const CliResult result = serving.end();
    QVERIFY2(result.err.startsWith("retake-cli: call 1 missed: "), result.err.constData());
    QVERIFY2(result.err.endsWith("served 0, missed 1, aborted 0; every recorded call was asked for\n"),
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
