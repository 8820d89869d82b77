#include <QProcess>
#include <QTest>

#include "snippet/quoting.h"

using namespace retake;

namespace {

QByteArray run(const QString& program, const QStringList& arguments, const QByteArray& input) {
  QProcess process;
  process.start(program, arguments);
  process.write(input);
  process.closeWriteChannel();
  return process.waitForFinished() && process.exitCode() == 0 ? process.readAllStandardOutput()
                                                              : "failed: " + process.readAllStandardError();
}

std::string everyByteFrom(int first) {
  std::string bytes;
  for (int byte = first; byte < 256; ++byte) bytes += static_cast<char>(byte);
  return bytes + bytes;
}

}  // namespace

// Bytes as literals: what is written by hand here, and what the languages themselves read.
class tst_Quoting : public QObject {
  Q_OBJECT

 private slots:
  void asWritten_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QByteArray>("shell");
    QTest::addColumn<QString>("cpp");
    QTest::addColumn<QString>("go");
    QTest::addColumn<QString>("python");
    const auto row = [](const char* name, const QByteArray& bytes, const char* shell, const char* cpp,
                        const char* go, const char* python) {
      QTest::newRow(name) << bytes << QByteArray(shell) << cpp << go << python;
    };
    row("empty", "", "''", "\"\"", "\"\"", "b\"\"");
    row("a word", "a.b/C-1", "a.b/C-1", "\"a.b/C-1\"", "\"a.b/C-1\"", "b\"a.b/C-1\"");
    row("a space", "a b", "'a b'", "\"a b\"", "\"a b\"", "b\"a b\"");
    row("quotes", "'\"", "''\\''\"'", "\"'\\\"\"", "\"'\\\"\"", "b\"'\\\"\"");
    row("a newline", "a\n", "'a\n'", "\"a\\n\"", "\"a\\n\"", "b\"a\\n\"");
    row("a dollar", "$HOME `id`", "'$HOME `id`'", "\"$HOME `id`\"", "\"$HOME `id`\"", "b\"$HOME `id`\"");
    row("a backslash", "\\x", "'\\x'", "\"\\\\x\"", "\"\\\\x\"", "b\"\\\\x\"");
    row("a digit behind a byte",
        "\x01"
        "7f",
        "'\x01"
        "7f'",
        "\"\\0017f\"", "\"\\x017f\"", "b\"\\x017f\"");
    row("no UTF-8", "\xff", "'\xff'", "\"\\377\"", "\"\\xff\"", "b\"\\xff\"");
    row("a trigraph", "?\?/", "'?\?/'", "\"?\\?/\"", "\"?\?/\"", "b\"?\?/\"");
    row("a tilde", "~", "'~'", "\"~\"", "\"~\"", "b\"~\"");
    row("a hash", "#a", "'#a'", "\"#a\"", "\"#a\"", "b\"#a\"");
  }
  void asWritten() {
    QFETCH(QByteArray, bytes);
    const std::string text = bytes.toStdString();
    QTEST(QByteArray::fromStdString(shellWord(text)), "shell");
    QTEST(QString::fromStdString(cppString(text)), "cpp");
    QTEST(QString::fromStdString(goString(text)), "go");
    QTEST(QString::fromStdString(pythonBytes(text)), "python");
  }

  void aNulKeepsItsPlace() {
    const std::string text("a\0b", 3);
    QCOMPARE(cppString(text), "std::string(\"a\\000b\", 3)");
    QCOMPARE(goString(text), "\"a\\x00b\"");
    QCOMPARE(pythonBytes(text), "b\"a\\x00b\"");
  }

  void aShellReadsEveryByte() {
    const std::string text = everyByteFrom(1);
    const auto script = QByteArray::fromStdString("printf %s " + shellWord(text));
    QCOMPARE(run("sh", {"-s"}, script), QByteArray::fromStdString(text));
  }

  void pythonReadsEveryByte() {
    const std::string text = everyByteFrom(0);
    const auto script =
        QByteArray::fromStdString("import sys\nsys.stdout.buffer.write(" + pythonBytes(text) + ")\n");
    QCOMPARE(run("python3", {"-"}, script), QByteArray::fromStdString(text));
  }

  void pythonTextIsText() {
    QCOMPARE(pythonText("a\n"), "\"a\\n\"");
    QCOMPARE(pythonText("\xc3\xa4"), "b\"\\xc3\\xa4\".decode()");
  }

  // What a comment ends with cannot be what comes from a recording.
  void aCommentStaysOne() { QCOMPARE(inComment("a\nb\r\xff\x7f c"), "a?b??? c"); }
};

QTEST_GUILESS_MAIN(tst_Quoting)
#include "tst_quoting.moc"
