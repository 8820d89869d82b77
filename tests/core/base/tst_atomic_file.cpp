#include <sys/stat.h>
#include <unistd.h>

#include <QtTest>
#include <filesystem>

#include "base/atomic_file.h"
#include "support/dump.h"
#include "support/unprivileged.h"

using namespace retake;
using namespace retake::test;
namespace fs = std::filesystem;

namespace {

Result<void> replace(const std::string& path, std::string_view bytes) {
  AtomicFile file(path);
  if (auto opened = file.open(); !opened) return opened;
  if (auto written = file.write(bytes); !written) return written;
  return file.commit();
}

std::string messageOf(const Result<void>& result) { return result ? "fine" : result.error().message; }

std::size_t filesIn(const std::string& folder) {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

unsigned modeOf(const std::string& path) {
  struct stat info {};
  return ::stat(path.c_str(), &info) == 0 ? info.st_mode & 07777u : 0;
}

}  // namespace

class tst_AtomicFile : public QObject {
  Q_OBJECT
 private slots:
  void init() {
    m_folder = std::make_unique<QTemporaryDir>();
    QVERIFY(m_folder->isValid());
    m_path = m_folder->filePath("calls.replay").toStdString();
  }

  void makesAFileThatWasNotThere() {
    const auto done = replace(m_path, "new");
    QCOMPARE(messageOf(done), std::string("fine"));
    QCOMPARE(readFile(m_path), std::string("new"));
    const mode_t mask = ::umask(0);
    ::umask(mask);
    QCOMPARE(modeOf(m_path), 0666u & ~static_cast<unsigned>(mask));
  }

  void replacesInOneStep() {
    writeFile(m_path, "old");
    AtomicFile file(m_path);
    QVERIFY(file.open());
    QVERIFY(file.write("new"));
    QCOMPARE(readFile(m_path), std::string("old"));
    QVERIFY(file.commit());
    QCOMPARE(readFile(m_path), std::string("new"));
    QCOMPARE(filesIn(m_folder->path().toStdString()), std::size_t{1});
  }

  void writesMoreThanItBuffers() {
    std::string expected;
    AtomicFile file(m_path);
    QVERIFY(file.open());
    for (int i = 0; i < 300; ++i) {
      const std::string part(static_cast<std::size_t>(i) * 37 * (i % 50 == 0 ? 500 : 1),
                             static_cast<char>(i));
      expected += part;
      QVERIFY(file.write(part));
    }
    QVERIFY(file.commit());
    QVERIFY(readFile(m_path) == expected);
  }

  void leavesNothingBehindWhenItIsAbandoned() {
    writeFile(m_path, "old");
    {
      AtomicFile file(m_path);
      QVERIFY(file.open());
      QVERIFY(file.write(std::string(3u << 20, 'x')));
    }
    QCOMPARE(readFile(m_path), std::string("old"));
    QCOMPARE(filesIn(m_folder->path().toStdString()), std::size_t{1});
  }

  void keepsThePermissions_data() {
    QTest::addColumn<uint>("mode");
    for (const uint mode : {0600u, 0644u, 0664u, 0755u, 0200u}) QTest::addRow("%o", mode) << mode;
  }
  void keepsThePermissions() {
    QFETCH(uint, mode);
    writeFile(m_path, "old");
    QCOMPARE(::chmod(m_path.c_str(), mode), 0);
    QVERIFY(replace(m_path, "new"));
    QCOMPARE(modeOf(m_path), mode);
  }

  void followsALink() {
    const std::string link = m_folder->filePath("link").toStdString();
    writeFile(m_path, "old");
    fs::create_symlink("calls.replay", link);
    QVERIFY(replace(link, "new"));
    QVERIFY(fs::is_symlink(link));
    QCOMPARE(readFile(m_path), std::string("new"));
  }

  void followsALinkToAFileThatIsYetToBeMade() {
    const std::string link = m_folder->filePath("link").toStdString();
    fs::create_symlink("calls.replay", link);
    QVERIFY(replace(link, "new"));
    QVERIFY(fs::is_symlink(link));
    QCOMPARE(readFile(m_path), std::string("new"));
  }

  void refusesALinkThatLeadsToItself() {
    fs::create_symlink("calls.replay", m_path);
    QCOMPARE(messageOf(replace(m_path, "new")),
             m_path + ": cannot be written: Too many levels of symbolic links");
    QVERIFY(fs::is_symlink(m_path));
  }

  void refusesLinksThatLeadToEachOther() {
    const std::string other = m_folder->filePath("other").toStdString();
    fs::create_symlink("other", m_path);
    fs::create_symlink("calls.replay", other);
    QCOMPARE(messageOf(replace(m_path, "new")),
             m_path + ": cannot be written: Too many levels of symbolic links");
    QVERIFY(fs::is_symlink(m_path) && fs::is_symlink(other));
    QCOMPARE(filesIn(m_folder->path().toStdString()), std::size_t{2});
  }

  void takesTheLongestNameThereIs() {
    const std::string path = m_folder->filePath(QString(255, 'n')).toStdString();
    QVERIFY(replace(path, "new"));
    QCOMPARE(readFile(path), std::string("new"));
  }

  void writesToADeviceAsItStands() {
    QVERIFY(replace("/dev/null", "gone"));
    QVERIFY(fs::is_character_file("/dev/null"));
    const auto full = replace("/dev/full", "too much");
    QCOMPARE(messageOf(full), std::string("/dev/full: cannot be written: No space left on device"));
    QVERIFY(fs::is_character_file("/dev/full"));
  }

  void saysWhyItCannot_data() {
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("why");
    QTest::newRow("a folder") << ""
                              << "Is a directory";
    QTest::newRow("no such folder") << "/not/there"
                                    << "No such file or directory";
    QTest::newRow("a file for a folder") << "/file/calls.replay"
                                         << "Not a directory";
  }
  void saysWhyItCannot() {
    QFETCH(QString, path);
    QFETCH(QString, why);
    writeFile(m_folder->filePath("file").toStdString(), "");
    const std::string full = (m_folder->path() + path).toStdString();
    QCOMPARE(messageOf(replace(full, "new")), full + ": cannot be written: " + why.toStdString());
  }

  void leavesAReadOnlyFileAlone() {
    writeFile(m_path, "old");
    QCOMPARE(::chmod(m_path.c_str(), 0444), 0);
    const Unprivileged user(m_folder->path().toStdString());
    if (!user) QSKIP("SKIPPED: this test has to run as a user whom permissions bind");
    QCOMPARE(messageOf(replace(m_path, "new")), m_path + ": cannot be written: Permission denied");
    QCOMPARE(readFile(m_path), std::string("old"));
    QCOMPARE(filesIn(m_folder->path().toStdString()), std::size_t{1});
  }

  void leavesAFileInAReadOnlyFolderAlone() {
    writeFile(m_path, "old");
    QCOMPARE(::chmod(m_path.c_str(), 0666), 0);
    const Unprivileged user(m_folder->path().toStdString());
    if (!user) QSKIP("SKIPPED: this test has to run as a user whom permissions bind");
    QCOMPARE(::chmod(m_folder->path().toUtf8().constData(), 0555), 0);
    const auto done = replace(m_path, "new");
    ::chmod(m_folder->path().toUtf8().constData(), 0755);
    QCOMPARE(messageOf(done), m_path + ": cannot be written: Permission denied");
    QCOMPARE(readFile(m_path), std::string("old"));
  }

 private:
  std::unique_ptr<QTemporaryDir> m_folder;
  std::string m_path;
};

QTEST_APPLESS_MAIN(tst_AtomicFile)
#include "tst_atomic_file.moc"
