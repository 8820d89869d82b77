#include <csignal>

#include <QProcess>
#include <QtTest>

#include "cli.h"
#include "client/recorded_client.h"
#include "support/dump.h"
#include "support/replay_file.h"

using namespace retake;
using namespace retake::test;

namespace {

constexpr const char* kMethod = "/t.S/M";

ClientOutcome ask(const QByteArray& address, const std::string& who) {
  ClientScript script;
  script.method = kMethod;
  script.steps = {{.isSend = true, .message = field(1, who)}};
  return play(channelTo(address.toStdString()), script);
}

}  // namespace

// `serve` with scrub rules.
class tst_CliServeRules : public QObject {
  Q_OBJECT
 private slots:
  void init() {
    m_folder = std::make_unique<QTemporaryDir>();
    write("calls.replay", [] {
      ReplayFile file;
      file.unary(kMethod, {"t.M", field(1, "[scrubbed]")}, Message{"t.M", field(1, "answer")});
      return file.bytes();
    }());
    write("redact.txt", "rule { name: 'all' any: STRING redact {} }");
    write("hash.txt", "rule { name: 'all' any: STRING hash {} }");
    write("bad.txt", "rule { name: 'all' any: STRING\n  hashed {} }");
    write("short", "too short");
    write("key", "a key of this test alone");
    write("rules.retake", "scrub { rule_file: 'redact.txt' }");
  }

  void servesByTheRules_data() {
    QTest::addColumn<QStringList>("options");
    QTest::addColumn<bool>("answered");
    QTest::addRow("without rules") << QStringList{} << false;
    QTest::addRow("a file of rules") << QStringList{"--rules", "redact.txt"} << true;
    QTest::addRow("those of the workspace") << QStringList{"--workspace", "rules.retake"} << true;
    QTest::addRow("with a key from a file")
        << QStringList{"--rules", "redact.txt", "--rules", "hash.txt", "--key-file", "key"} << false;
  }
  void servesByTheRules() {
    QFETCH(QStringList, options);
    QFETCH(bool, answered);
    QProcess process;
    process.setWorkingDirectory(m_folder->path());
    process.start(QStringLiteral(RETAKE_CLI), QStringList{"serve", "calls.replay"} + options);
    if (options.size() > 4) {
      // The name of a rule occurs once, whichever file it stands in.
      QVERIFY(process.waitForFinished());
      QCOMPARE(process.exitCode(), 2);
      QVERIFY2(process.readAllStandardError().contains("\"all\""), "the name that is there twice");
      return;
    }
    QVERIFY(process.waitForReadyRead());
    const QByteArray address = process.readLine().mid(13).trimmed();
    const ClientOutcome outcome = ask(address, "alice");
    QCOMPARE(outcome.end.code, answered ? 0 : 2);
    if (!answered)
      QVERIFY2(outcome.end.message.find("scrub rules are off") != std::string::npos,
               outcome.end.message.c_str());
    ::kill(static_cast<pid_t>(process.processId()), SIGTERM);
    QVERIFY(process.waitForFinished());
    QCOMPARE(process.exitCode(), 0);
  }

  void optionsThatMakeNoSense_data() {
    QTest::addColumn<QStringList>("options");
    QTest::addColumn<QString>("error");
    const auto row = [](const char* name, const QStringList& options, const char* error) {
      QTest::newRow(name) << options << error;
    };
    row("a file that is not there", {"--rules", "none.txt"}, "none.txt");
    row("rules with an error", {"--rules", "bad.txt"}, "bad.txt:2:");
    row("no key", {"--rules", "hash.txt"}, "expected a key");
    row("a key that is too short", {"--rules", "hash.txt", "--key-file", "short"}, "short");
    row("a key that is not there", {"--rules", "hash.txt", "--key-env", "RETAKE_NO_SUCH_KEY"},
        "RETAKE_NO_SUCH_KEY");
    row("two keys", {"--rules", "hash.txt", "--key-file", "key", "--key-env", "A"},
        "expected one of them, found both");
  }
  void optionsThatMakeNoSense() {
    QFETCH(QStringList, options);
    QFETCH(QString, error);
    QProcess process;
    process.setWorkingDirectory(m_folder->path());
    process.start(QStringLiteral(RETAKE_CLI), QStringList{"serve", "calls.replay"} + options);
    QVERIFY(process.waitForFinished());
    QCOMPARE(process.exitCode(), 2);
    const QByteArray said = process.readAllStandardError();
    QVERIFY2(said.contains(error.toUtf8()) && said.count('\n') == 1, said.constData());
    QVERIFY(process.readAllStandardOutput().isEmpty());
  }

 private:
  void write(const char* name, const std::string& content) {
    writeFile(m_folder->filePath(name).toStdString(), content);
  }
  std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_GUILESS_MAIN(tst_CliServeRules)
#include "tst_cli_serve_rules.moc"
