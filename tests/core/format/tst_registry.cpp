#include <sys/stat.h>

#include <QtTest>
#include <filesystem>

#include "edit/edit.h"
#include "format/format.h"
#include "format/replay_binary.h"
#include "support/dump.h"
#include "support/replay_file.h"
#include "support/unprivileged.h"

using namespace retake;
using namespace retake::test;
namespace fs = std::filesystem;

class tst_Registry : public QObject {
  Q_OBJECT
 private slots:
  void init() {
    m_folder = std::make_unique<QTemporaryDir>();
    m_path = m_folder->filePath("calls.replay").toStdString();
  }

  void saysWhatAFileIsThatItRefuses_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("found");
    QTest::newRow("empty") << QByteArray() << "an empty file";
    QTest::newRow("httpreplay") << QByteArray("{\n  \"Initial\": \"\",")
                                << "an httpreplay HTTP recording, not a gRPC one";
    QTest::newRow("text replay") << QByteArray("RPCReTxt1\n\"\"\n")
                                 << "a text replay file of grpcreplay, which this version does not read";
    QTest::newRow("gzip") << QByteArray("\x1f\x8b\x08") << "a gzip file; unpack it first";
    QTest::newRow("zip") << QByteArray("PK\x03\x04") << "a zip file";
    const char* other = "a file that begins with neither \"RPCReplay\" nor any other format's mark";
    QTest::newRow("garbage") << QByteArray("\0\1\2\3", 4) << other;
    QTest::newRow("text") << QByteArray("hello") << other;
    QTest::newRow("eight bytes of magic") << QByteArray("RPCRepla") << other;
    QTest::newRow("magic later on") << QByteArray(" RPCReplay") << other;
  }
  void saysWhatAFileIsThatItRefuses() {
    QFETCH(QByteArray, bytes);
    QFETCH(QString, found);
    writeFile(m_path, bytes.toStdString());
    for (const std::uint64_t wholeUpTo : {std::uint64_t{0}, std::uint64_t{1} << 30}) {
      const auto opened = openRecording(m_path, {}, {.wholeUpTo = wholeUpTo});
      QVERIFY(!opened);
      QCOMPARE(QString::fromStdString(opened.error().message),
               QString::fromStdString(m_path) + ": expected a recording, found " + found);
    }
  }

  void goesByContentNotByName() {
    const std::string path = m_folder->filePath("calls.json").toStdString();
    writeFile(path, ReplayFile().bytes());
    const auto opened = openRecording(path);
    QVERIFY(opened);
    QCOMPARE(opened->format, &replayBinaryFormat());
    QVERIFY(opened->stamp == *fileStamp(path));
  }

  void refusesAFolderAndAFileThatIsNotThere() {
    const std::string folder = m_folder->path().toStdString();
    QCOMPARE(openRecording(folder).error().message, folder + ": expected a file, found a directory");
    QCOMPARE(openRecording(m_path).error().message, m_path + ": cannot be opened: No such file or directory");
  }

  void refusesWithoutPermission() {
    writeFile(m_path, ReplayFile().bytes());
    QCOMPARE(::chmod(m_path.c_str(), 0000), 0);
    const Unprivileged user(m_folder->path().toStdString());
    if (!user) QSKIP("SKIPPED: this test has to run as a user whom permissions bind");
    QCOMPARE(openRecording(m_path).error().message, m_path + ": cannot be opened: Permission denied");
  }

  void losesNothingWhenTheTargetCannotBeWritten() {
    ReplayFile file;
    file.unary("/a", {"a.M", "m"}, {"a.M", "m"});
    writeFile(m_path, file.bytes());
    const auto opened = openRecording(m_path);
    const auto edited = apply(*opened->recording, ReplaceMessage{{2}, "edited", {}});
    QVERIFY(edited);
    QCOMPARE(::chmod(m_path.c_str(), 0444), 0);
    {
      const Unprivileged user(m_folder->path().toStdString());
      if (!user) QSKIP("SKIPPED: this test has to run as a user whom permissions bind");
      const auto saved = saveRecording(*edited, *opened->format, m_path);
      QCOMPARE(saved ? "saved" : saved.error().message, m_path + ": cannot be written: Permission denied");
    }
    QVERIFY(readFile(m_path) == file.bytes());
    const std::string other = m_path + ".other";
    QVERIFY(saveRecording(*edited, *opened->format, other));
    QCOMPARE(dump(*readRecording(readFile(other))), dump(*edited));
  }

  void losesNothingWhenTheDiskIsFull() {
    const auto saved = saveRecording(*ReplayFile().recording(), replayBinaryFormat(), "/dev/full");
    QCOMPARE(saved ? "saved" : saved.error().message,
             std::string("/dev/full: cannot be written: No space left on device"));
  }

 private:
  std::unique_ptr<QTemporaryDir> m_folder;
  std::string m_path;
};

QTEST_APPLESS_MAIN(tst_Registry)
#include "tst_registry.moc"
