#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

#include "cli.h"
#include "support/dump.h"
#include "support/replay_file.h"

using namespace retake::test;

namespace {

const std::string kMethod = "/pkg.Service/Get";
const char* const kEmails = "rule { name: \"e-mail\" pattern: \"[a-z]+@acme\\\\.io\" redact {} }\n";

}  // namespace

class tst_CliScrub : public QObject {
  Q_OBJECT

  QTemporaryDir m_folder;

  QString path(const char* name) const { return m_folder.filePath(name); }
  QString write(const char* name, const std::string& bytes) const {
    writeFile(path(name).toStdString(), bytes);
    return path(name);
  }
  // Two calls, with a secret in the second.
  QString recording(const char* name, const std::string& answer = "ask ann@acme.io") const {
    ReplayFile file;
    file.unary(kMethod, {"pkg.Request", field(1, "good day")}, {"pkg.Response", field(1, "good day")});
    file.unary(kMethod, {"pkg.Request", field(1, "who")}, {"pkg.Response", field(1, answer)});
    return write(name, file.bytes());
  }

 private slots:
  void checkSaysWhatIsThere() {
    const CliResult dirty = runCli({"scrub", recording("dirty.replay"), "--check"});
    QCOMPARE(dirty.exitCode, 1);
    QCOMPARE(dirty.out, "call 2, entry 4, message 1: e-mail address: \"a\"... (11 bytes)\nemail: 1\n");
    const CliResult clean = runCli({"scrub", recording("clean.replay", "nobody"), "--check"});
    QCOMPARE(clean.exitCode, 0);
    QCOMPARE(clean.out, "");
  }

  void checkTakesDetectors() {
    const QString file = recording("dirty.replay");
    QCOMPARE(runCli({"scrub", file, "--check", "--detectors", "secrets,phone"}).exitCode, 0);
    QCOMPARE(runCli({"scrub", file, "--check", "--detectors", "email"}).exitCode, 1);
    const CliResult wrong = runCli({"scrub", file, "--check", "--detectors", "e-mail"});
    QCOMPARE(wrong.exitCode, 2);
    QVERIFY2(wrong.err.contains("near: email"), wrong.err.constData());
  }

  void valuesAreShownWholeOnlyWhenAsked() {
    const QString file = recording("dirty.replay");
    QVERIFY(!runCli({"scrub", file, "--check"}).out.contains("ann@acme.io"));
    QVERIFY(!runCli({"scrub", file, "--check", "--json"}).out.contains("ann@acme.io"));
    QVERIFY(runCli({"scrub", file, "--check", "--show"}).out.contains("ann@acme.io"));
  }

  void writesWithoutTheSecret() {
    const QString file = recording("dirty.replay");
    const QString rules = write("rules.txtpb", kEmails);
    const CliResult done = runCli({"scrub", file, "-o", path("out.replay"), "--rules", rules});
    QCOMPARE(done.exitCode, 0);
    QCOMPARE(done.out, "");
    QCOMPARE(done.err, "rule \"e-mail\": 1 value in 1 entry\n");
    const std::string out = readFile(path("out.replay").toStdString());
    QVERIFY(out.find("ann@acme.io") == std::string::npos);
    QVERIFY(out.find("ask [scrubbed]") != std::string::npos);
    QCOMPARE(runCli({"scrub", path("out.replay"), "--check"}).exitCode, 0);
    // Only the entry that has it differs, and says so; --plain leaves that out.
    const auto before = recordsOf(readFile(file.toStdString()));
    const auto after = recordsOf(out);
    QCOMPARE(after.size(), before.size());
    for (std::size_t i = 0; i + 1 < before.size(); ++i) QVERIFY(before[i] == after[i]);
    QVERIFY(readRecording(out)->info(3).hasExtras);
    QCOMPARE(runCli({"scrub", file, "-o", path("plain.replay"), "--rules", rules, "--plain"}).exitCode, 0);
    QVERIFY(!readRecording(readFile(path("plain.replay").toStdString()))->info(3).hasExtras);
  }

  void refusesWhileAnythingIsLeft_data() {
    QTest::addColumn<QString>("answer");
    QTest::addColumn<QByteArray>("says");
    QTest::newRow("a find") << "ann@acme.io, card 4111111111111111" << QByteArray("card number");
    QTest::newRow("a value in another case") << "ann@acme.io ANN@ACME.IO" << QByteArray("in another case");
  }
  void refusesWhileAnythingIsLeft() {
    QFETCH(QString, answer);
    QFETCH(QByteArray, says);
    const QString file = recording("left.replay", answer.toStdString());
    const QString out = path("refused.replay");
    QFile::remove(out);
    const QStringList words = {"scrub", file, "-o", out, "--rules", write("rules.txtpb", kEmails)};
    const CliResult refused = runCli(words);
    QCOMPARE(refused.exitCode, 1);
    QVERIFY2(refused.err.contains(says), refused.err.constData());
    QVERIFY(refused.err.contains("nothing is written while anything is left"));
    QVERIFY(!QFile::exists(out));
    QCOMPARE(runCli(words + QStringList{"--force"}).exitCode, 0);
    QVERIFY(QFile::exists(out));
  }

  void scrubsInPlaceAndThroughPipes() {
    const QString file = recording("place.replay");
    const QString rules = write("rules.txtpb", kEmails);
    QFile input(file);
    QVERIFY(input.open(QIODevice::ReadOnly));
    const CliResult piped = runCli({"scrub", "-", "-o", "-", "--rules", rules, "--json"}, input.readAll());
    QCOMPARE(piped.exitCode, 0);
    QVERIFY(QJsonDocument::fromJson(piped.err)["clean"].toBool());
    QCOMPARE(runCli({"scrub", file, "-i", "--rules", rules}).exitCode, 0);
    QCOMPARE(QByteArray::fromStdString(readFile(file.toStdString())), piped.out);
  }

  void tellsAsJson() {
    const QString file = recording("dirty.replay", "ann@acme.io and 4111111111111111");
    const CliResult told =
        runCli({"scrub", file, "--check", "--json", "--show", "--rules", write("rules.txtpb", kEmails)});
    QCOMPARE(told.exitCode, 1);
    const QJsonObject json = QJsonDocument::fromJson(told.out).object();
    QVERIFY(!json["clean"].toBool(true));
    QCOMPARE(json["rules"].toArray()[0].toObject()["values"].toInt(), 1);
    const QJsonObject find = json["finds"].toArray()[0].toObject();
    QCOMPARE(find["detector"].toString(), "card-number");
    QCOMPARE(find["call"].toInt(), 2);
    QCOMPARE(find["entry"].toInt(), 4);
    QCOMPARE(find["value"].toString(), "4111111111111111");
    QCOMPARE(json["counts"].toObject()["card-number"].toInt(), 1);
    QVERIFY(json["left"].toArray().isEmpty());
  }

  void refusesWhatMakesNoSense_data() {
    QTest::addColumn<QStringList>("options");
    QTest::addColumn<QByteArray>("says");
    QTest::newRow("no target") << QStringList{} << QByteArray("found none");
    QTest::newRow("two targets") << QStringList{"-i", "--check"} << QByteArray("found more than one");
    QTest::newRow("no rules") << QStringList{"-i"} << QByteArray("expected --rules");
    QTest::newRow("check and force") << QStringList{"--check", "--force"}
                                     << QByteArray("--check writes nothing");
    QTest::newRow("no such rules") << QStringList{"-i", "--rules", "/nowhere/rules"}
                                   << QByteArray("/nowhere/rules");
  }
  void refusesWhatMakesNoSense() {
    QFETCH(QStringList, options);
    QFETCH(QByteArray, says);
    const CliResult refused = runCli(QStringList{"scrub", recording("dirty.replay")} + options);
    QCOMPARE(refused.exitCode, 2);
    QVERIFY2(refused.err.contains(says), refused.err.constData());
  }

  void needsAKeyForHashes() {
    const QString rules =
        write("hash.txtpb", "rule { name: \"e-mail\" pattern: \"[a-z]+@acme\\\\.io\" hash {} }\n");
    const QStringList words = {"scrub", recording("dirty.replay"), "-o", path("hashed.replay"), "--rules",
                               rules};
    const CliResult keyless = runCli(words);
    QCOMPARE(keyless.exitCode, 2);
    QVERIFY2(keyless.err.contains("key"), keyless.err.constData());
    const CliResult hashed = runCli(words + QStringList{"--key-file", write("key", "0123456789abcdef")});
    QVERIFY2(hashed.exitCode == 0, hashed.err.constData());
    QVERIFY(readFile(path("hashed.replay").toStdString()).find("ask scrubbed-") != std::string::npos);
  }

  // What the Go package makes of it: the same calls as before.
  void theOracleLoadsWhatWasScrubbed_data() { addRealRecordings(true); }
  void theOracleLoadsWhatWasScrubbed() {
    QFETCH(QString, path);
    if (path.isEmpty()) QSKIP(kNoRealRecordings);
    const QString out = m_folder.filePath("real.replay");
    const QString rules = write("all.txtpb", "rule { name: \"text\" pattern: \"[a-zA-Z]{9,}\" hash {} }\n");
    const CliResult done = runCli({"scrub", path, "-o", out, "--rules", rules, "--force", "--key-file",
                                   write("key", "0123456789abcdef")});
    QVERIFY2(done.exitCode == 0, done.err.constData());
    int before = -1;
    int after = -1;
    const QByteArray was = runOracle({"load", path}, &before);
    const QByteArray is = runOracle({"load", out}, &after);
    QCOMPARE(before, 0);
    QVERIFY2(after == 0, is.constData());
    QCOMPARE(is.count('\n'), was.count('\n'));
  }
};

QTEST_GUILESS_MAIN(tst_CliScrub)
#include "tst_cli_scrub.moc"
