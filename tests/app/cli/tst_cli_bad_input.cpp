#include <sys/stat.h>

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QtTest>

#include "cli.h"
#include "support/dump.h"
#include "support/replay_file.h"
#include "support/unprivileged.h"

using namespace retake;
using namespace retake::test;

namespace {

const Message kM{"a.M", "m"};

std::string good() {
  ReplayFile file("seed");
  file.unary("/a", kM, kM);
  return file.bytes();
}

}  // namespace

class tst_CliBadInput : public QObject {
  Q_OBJECT
 private slots:
  void init() {
    m_folder = std::make_unique<QTemporaryDir>();
    m_path = m_folder->filePath("calls.replay");
  }

  // A sentence and exit 2, whichever command is asked.
  void refuses_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("found");
    QTest::newRow("empty file") << QByteArray() << "an empty file";
    QTest::newRow("httpreplay") << QByteArray("{\"Initial\": null}")
                                << "an httpreplay HTTP recording, not a gRPC one";
    QTest::newRow("text replay") << QByteArray("RPCReTxt1\n\"\"\n")
                                 << "a text replay file of grpcreplay, which this version does not read";
    QTest::newRow("garbage") << QByteArray("garbage")
                             << "a file that begins with neither \"RPCReplay\" nor any other format's mark";
  }
  void refuses() {
    QFETCH(QByteArray, bytes);
    QFETCH(QString, found);
    writeFile(m_path.toStdString(), bytes.toStdString());
    const QString out = m_folder->filePath("out");
    for (const QStringList& command :
         {QStringList{"info", m_path}, QStringList{"info", "--json", m_path}, QStringList{"print", m_path},
          QStringList{"edit", m_path, "-o", out}}) {
      const CliResult result = runCli(command);
      QCOMPARE(result.exitCode, 2);
      QCOMPARE(result.out, QByteArray());
      QCOMPARE(QString(result.err),
               "retake-cli: " + m_path + ": expected a recording, found " + found + "\n");
      QVERIFY(!QFile::exists(out));
    }
  }

  void refusesAFolderAndWhatIsNotThere() {
    QCOMPARE(QString(runCli({"info", m_folder->path()}).err),
             "retake-cli: " + m_folder->path() + ": expected a file, found a directory\n");
    const CliResult result = runCli({"info", m_path});
    QCOMPARE(result.exitCode, 2);
    QCOMPARE(QString(result.err),
             "retake-cli: " + m_path + ": cannot be opened: No such file or directory\n");
  }

  void refusesWithoutPermission() {
    writeFile(m_path.toStdString(), good());
    QCOMPARE(::chmod(m_path.toUtf8().constData(), 0000), 0);
    const Unprivileged user(m_folder->path().toStdString());
    if (!user) QSKIP("SKIPPED: this test has to run as a user whom permissions bind");
    const CliResult result = runCli({"info", m_path});
    QCOMPARE(QString(result.err), "retake-cli: " + m_path + ": cannot be opened: Permission denied\n");
    QCOMPARE(result.exitCode, 2);
  }

  void keepsATargetThatCannotBeWritten() {
    writeFile(m_path.toStdString(), good());
    QCOMPARE(::chmod(m_path.toUtf8().constData(), 0444), 0);
    {
      const Unprivileged user(m_folder->path().toStdString());
      if (!user) QSKIP("SKIPPED: this test has to run as a user whom permissions bind");
      const CliResult result = runCli({"edit", "-i", m_path, "--initial-state", "new"});
      QCOMPARE(QString(result.err), "retake-cli: " + m_path + ": cannot be written: Permission denied\n");
      QCOMPARE(result.exitCode, 2);
    }
    QVERIFY(readFile(m_path.toStdString()) == good());
  }

  void saysWhenTheDiskIsFull() {
    writeFile(m_path.toStdString(), good());
    const CliResult result = runCli({"edit", m_path, "-o", "/dev/full"});
    QCOMPARE(result.exitCode, 2);
    QCOMPARE(QString(result.err),
             QString("retake-cli: /dev/full: cannot be written: No space left on device\n"));
  }

  void refusesASchemaThatDoesNotCompile() {
    writeFile(m_path.toStdString(), good());
    const QString proto = m_folder->filePath("bad.proto");
    writeFile(proto.toStdString(), "syntax = \"proto3\";\nmessage A {\n  Missing m = 1;\n}\n");
    const CliResult result = runCli({"info", m_path, "--schema", proto});
    QCOMPARE(result.exitCode, 2);
    QVERIFY2(result.err.contains("bad.proto:3:"), result.err.constData());
    QVERIFY(result.err.startsWith("retake-cli: "));
    QCOMPARE(runCli({"info", m_path, "--schema", m_folder->filePath("none")}).exitCode, 2);
  }

  // Opens all the same: exit 0, the problem named with its repair, and the repair mends it.
  void opensDamage_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<int>("entries");
    QTest::addColumn<QString>("problem");
    const auto row = [](const char* name, const std::string& bytes, int entries, const char* problem) {
      QTest::newRow(name) << QByteArray::fromStdString(bytes) << entries << problem;
    };
    row("magic alone", "RPCReplay", 0, "found the end of the file");
    row("length beyond the end", good() + std::string("\x09\0\0\0ab", 6), 2,
        "length 9 runs past the end, 2 bytes are left");
    row("length of 4 GiB", good() + "\xff\xff\xff\xff", 2, "length 4294967295 runs past the end");
    ReplayFile unknown;
    unknown.record(field(1, 9u));
    row("unknown kind", unknown.bytes(), 1, "expected a kind from 1 to 5, found 9");
    ReplayFile dangling;
    dangling.response(7, kM);
    row("dangling reference", dangling.bytes(), 1, "it refers to entry 7");
    ReplayFile open;
    open.request("/a", kM);
    row("REQUEST without RESPONSE", open.bytes(), 1, "no RESPONSE is recorded");
  }
  void opensDamage() {
    QFETCH(QByteArray, bytes);
    QFETCH(int, entries);
    QFETCH(QString, problem);
    writeFile(m_path.toStdString(), bytes.toStdString());
    const CliResult result = runCli({"info", "--json", m_path});
    QCOMPARE(result.exitCode, 0);
    const QJsonObject info = QJsonDocument::fromJson(result.out).object();
    QCOMPARE(info["entries"].toInt(), entries);
    QCOMPARE(info["problems"].toArray().size(), 1);
    QVERIFY(info["problems"][0]["text"].toString().contains(problem));
    QVERIFY(!info["problems"][0]["repair"].toString().isEmpty());
    QVERIFY(result.err.contains(problem.toUtf8()));
    QCOMPARE(result.err.count('\n'), 1);
    QCOMPARE(runCli({"print", m_path}).exitCode, 0);
    QCOMPARE(runCli({"edit", "-i", m_path, "--repair"}).exitCode, 0);
    const CliResult after = runCli({"info", m_path});
    QCOMPARE(after.exitCode, 0);
    QCOMPARE(after.err, QByteArray());
  }

  void mendsWhatTheOracleRefuses() {
    const QString real = QString::fromStdString(recordingsFolder() + "/intstore.replay");
    if (!haveOracle() || !QFile::exists(real)) QSKIP(kNoRealRecordings);
    ReplayFile bad;
    bad.response(77, kM);
    const std::string whole = readFile(real.toStdString());
    for (const std::string& bytes : {std::string("RPCReplay"), cut(whole, 5), whole + bad.bytes().substr(13),
                                     whole.substr(0, whole.size() / 2)}) {
      writeFile(m_path.toStdString(), bytes);
      int exitCode = -1;
      runOracle({"load", m_path}, &exitCode);
      QCOMPARE(exitCode, 1);
      QCOMPARE(runCli({"edit", "-i", m_path, "--repair"}).exitCode, 0);
      const QByteArray said = runOracle({"load", m_path}, &exitCode);
      QVERIFY2(exitCode == 0, said.constData());
    }
  }

  void namesATypeThatTheSchemaDoesNotHave() {
    writeFile(m_path.toStdString(), good());
    const QString proto = m_folder->filePath("b.proto");
    writeFile(proto.toStdString(), "syntax = \"proto3\"; package b; message M {}");
    const CliResult result = runCli({"info", "--json", m_path, "--schema", proto});
    QCOMPARE(result.exitCode, 0);
    QVERIFY(QJsonDocument::fromJson(result.out)["problems"][0]["text"].toString().contains("a.M"));
  }

  // A cut at every 13th byte, as the program sees it; tst_replay_binary cuts at every one.
  void countsWholeEntriesOfACutRecording() {
    std::string whole = good();
    for (const std::string& path : realRecordings())
      if (path.ends_with("/intstore.replay")) whole = readFile(path);
    std::vector<std::size_t> ends = {9};
    for (const std::string& record : recordsOf(whole)) ends.push_back(ends.back() + 4 + record.size());
    for (std::size_t size = 9; size < whole.size(); size += 13) {
      const CliResult result =
          runCli({"info", "--json", "-"}, QByteArray(whole.data(), static_cast<qsizetype>(size)));
      QCOMPARE(result.exitCode, 0);
      const auto records = std::upper_bound(ends.begin(), ends.end(), size) - ends.begin() - 1;
      QCOMPARE(QJsonDocument::fromJson(result.out)["entries"].toInt(),
               static_cast<int>(std::max<std::ptrdiff_t>(records - 1, 0)));
    }
  }

  void namesWhatItDoesNotKnow_data() {
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QString>("message");
    const QString commands = "expected a command (info, print, edit, scrub, serve, record, try or copy), found ";
    QTest::newRow("command") << QStringList{"bogus", "x", "--y"} << commands + "\"bogus\"";
    QTest::newRow("option for a command") << QStringList{"--bogus"} << commands + "\"--bogus\"";
    QTest::newRow("no command") << QStringList{} << commands + "none";
    QTest::newRow("bytes") << QStringList{"\x1b[1m\n"} << commands + "\"\\x1b[1m\\n\"";
    QTest::newRow("extra argument") << QStringList{"info", "x", "\x1b"}
                                    << "The following argument was not expected: \\x1b";
    QTest::newRow("reuse") << QStringList{"serve", "x", "--reuse", "foo"}
                           << "--reuse: expected once, last or cycle, found \"foo\"";
    QTest::newRow("reuse by number") << QStringList{"serve", "x", "--reuse", "0"}
                                     << "--reuse: expected once, last or cycle, found \"0\"";
    QTest::newRow("log") << QStringList{"serve", "x", "--log", "text"}
                         << "--log: expected json, found \"text\"";
  }
  void namesWhatItDoesNotKnow() {
    QFETCH(QStringList, arguments);
    QFETCH(QString, message);
    const CliResult result = runCli(arguments);
    QCOMPARE(QString(result.err), "retake-cli: " + message + "; --help tells what can be said\n");
    QCOMPARE(result.exitCode, 2);
  }

  void triesNoCallThatIsNoNumber() {
    writeFile(m_path.toStdString(), good());
    for (const char* number : {"abc", "-1", "010", "0x1", "4294967296"}) {
      const CliResult result = runCli({"try", m_path, "--call", number});
      QCOMPARE(QString(result.err),
               QString("retake-cli: --call: expected a number from 1 to 4294967295, without leading zeros, "
                       "found \"%1\"\n")
                   .arg(number));
      QCOMPARE(result.exitCode, 2);
    }
  }

  void triesNoCallThatIsNotThere() {
    writeFile(m_path.toStdString(), good());
    for (const char* number : {"0", "2"}) {
      const CliResult result = runCli({"try", m_path, "--call", number});
      QCOMPARE(QString(result.err),
               "retake-cli: " + m_path + ": expected a call from 1 to 1, found " + number + "\n");
      QCOMPARE(result.exitCode, 2);
    }
  }

  void takesSchemasAsTheyAreTyped() {
    ReplayFile file;
    file.unary("/a", {"a.M", ""}, {"a.M", ""});
    writeFile(m_path.toStdString(), file.bytes());
    const QString first = m_folder->filePath("a.proto");
    writeFile(first.toStdString(), "syntax = \"proto3\"; package a; message M {}");
    const CliResult both = runCli({"info", m_path, "--schema", first, "--schema", "[/not,there]"});
    QVERIFY2(both.err.startsWith("retake-cli: [/not,there]: "), both.err.constData());
    QCOMPARE(both.exitCode, 2);
    const QString second = m_folder->filePath("b.proto");
    writeFile(second.toStdString(), "syntax = \"proto3\"; package b; message M {}");
    QCOMPARE(runCli({"info", m_path, "--schema", second, "--schema", first}).err, QByteArray());
    QCOMPARE(runCli({"info", m_path, "--schema", second, first}).exitCode, 2);
  }

  void saysHowItIsUsed_data() {
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<int>("exitCode");
    QTest::newRow("help") << QStringList{"--help"} << 0;
    QTest::newRow("help of a command") << QStringList{"edit", "--help"} << 0;
    QTest::newRow("version") << QStringList{"--version"} << 0;
    QTest::newRow("nothing") << QStringList{} << 2;
    QTest::newRow("no such command") << QStringList{"frobnicate"} << 2;
    QTest::newRow("no such option") << QStringList{"info", "--frobnicate", "x"} << 2;
    QTest::newRow("no file") << QStringList{"info"} << 2;
    QTest::newRow("no number") << QStringList{"edit", "x", "-o", "y", "--call", "one", "--status", "7"} << 2;
    QTest::newRow("half a message") << QStringList{"edit", "x", "-o", "y", "--call", "1", "--message", "1"}
                                    << 2;
  }
  void saysHowItIsUsed() {
    QFETCH(QStringList, arguments);
    QFETCH(int, exitCode);
    const CliResult result = runCli(arguments);
    QCOMPARE(result.exitCode, exitCode);
    QCOMPARE(result.err.isEmpty(), exitCode == 0);
    QCOMPARE(result.out.isEmpty(), exitCode != 0);
    if (exitCode != 0) {
      QCOMPARE(result.err.count('\n'), 1);
      QVERIFY2(result.err.startsWith("retake-cli: "), result.err.constData());
    }
  }

 private:
  std::unique_ptr<QTemporaryDir> m_folder;
  QString m_path;
};

QTEST_GUILESS_MAIN(tst_CliBadInput)
#include "tst_cli_bad_input.moc"
