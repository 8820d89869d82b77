#include "cli.h"

#include <unistd.h>

#include <QProcess>
#include <QtTest>

#include "support/dump.h"

namespace retake::test {
namespace {

constexpr int kTimeoutMs = 60'000;

}  // namespace

CliResult runCli(const QStringList& arguments, const QByteArray& input) {
  QProcess process;
  // Whoever the test acts as (support/unprivileged.h), the program is for good: a process that only acts
  // as somebody else cannot be looked into by a leak checker.
  process.setChildProcessModifier([user = ::geteuid()] { (void)!::setresuid(user, user, user); });
  process.start(QStringLiteral(RETAKE_CLI), arguments);
  if (!process.waitForStarted(kTimeoutMs)) return {};
  process.write(input);
  process.closeWriteChannel();
  if (!process.waitForFinished(kTimeoutMs) || process.exitStatus() != QProcess::NormalExit) return {};
  return {process.exitCode(), process.readAllStandardOutput(), process.readAllStandardError()};
}

bool haveOracle() { return !qEnvironmentVariableIsEmpty("RETAKE_ORACLE"); }

void addRealRecordings(bool withOracle) {
  QTest::addColumn<QString>("path");
  const auto paths = withOracle && !haveOracle() ? std::vector<std::string>() : realRecordings();
  for (const std::string& path : paths)
    QTest::newRow(path.substr(path.rfind('/') + 1).c_str()) << QString::fromStdString(path);
  if (paths.empty()) QTest::newRow("none") << QString();
}

QByteArray runOracle(const QStringList& arguments, int* exitCode) {
  QProcess process;
  process.setProcessChannelMode(QProcess::MergedChannels);
  process.start(qEnvironmentVariable("RETAKE_ORACLE"), arguments);
  process.waitForFinished(kTimeoutMs);
  if (exitCode) *exitCode = process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1;
  return process.readAll();
}

}  // namespace retake::test
