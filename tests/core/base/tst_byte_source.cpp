#include <sys/stat.h>
#include <unistd.h>

#include <QtTest>
#include <filesystem>
#include <thread>

#include "base/byte_source.h"
#include "support/dump.h"
#include "support/unprivileged.h"

using namespace retake;
using namespace retake::test;
namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t kBuffer = 1u << 20;
constexpr std::uint64_t kPieces = 0;

std::shared_ptr<const ByteSource> open(const std::string& path, std::uint64_t wholeUpTo) {
  auto source = openSource(path, {.wholeUpTo = wholeUpTo});
  return source ? *source : nullptr;
}

// The second state of a file differs from the first in its time at least.
void rewrite(const std::string& path, std::string_view bytes) {
  const auto before = fs::last_write_time(path);
  writeFile(path, bytes);
  fs::last_write_time(path, before + std::chrono::seconds(1));
}

}  // namespace

class tst_ByteSource : public QObject {
  Q_OBJECT
 private slots:
  void init() {
    m_folder = std::make_unique<QTemporaryDir>();
    m_path = m_folder->filePath("calls.replay").toStdString();
    writeFile(m_path, "0123456789");
  }

  void readsAnywhere_data() { modes(); }
  void readsAnywhere() {
    QFETCH(quint64, wholeUpTo);
    const auto source = open(m_path, wholeUpTo);
    QVERIFY(source);
    QCOMPARE(source->name(), m_path);
    QCOMPARE(source->size(), std::uint64_t{10});
    QCOMPARE(source->buffer().size(), wholeUpTo == kBuffer ? std::size_t{10} : std::size_t{0});
    const auto middle = source->read(3, 4);
    QVERIFY(middle);
    QCOMPARE(std::string(middle->view), std::string("3456"));
    QVERIFY(source->read(10, 0));
    QVERIFY(source->checkIntact());
  }

  void keepsBytesAliveThatWereRead_data() { modes(); }
  void keepsBytesAliveThatWereRead() {
    QFETCH(quint64, wholeUpTo);
    auto source = open(m_path, wholeUpTo);
    const auto blob = source->read(0, 10);
    source.reset();
    QCOMPARE(std::string(blob->view), std::string("0123456789"));
  }

  void refusesToReadPastTheEnd_data() { modes(); }
  void refusesToReadPastTheEnd() {
    QFETCH(quint64, wholeUpTo);
    const auto source = open(m_path, wholeUpTo);
    for (const auto& [offset, length] : {std::pair{std::uint64_t{8}, std::uint64_t{3}},
                                         {std::uint64_t{11}, std::uint64_t{0}},
                                         {~std::uint64_t{0}, std::uint64_t{2}},
                                         {std::uint64_t{2}, ~std::uint64_t{0}}})
      QVERIFY(!source->read(offset, length));
    QCOMPARE(source->read(8, 3).error().message, m_path + ": expected 3 bytes at byte 8, found 2");
  }

  void doesNotMindInABufferWhatHappensToTheFile() {
    const auto source = open(m_path, kBuffer);
    fs::resize_file(m_path, 0);
    QVERIFY(source->checkIntact());
    QCOMPARE(std::string(source->read(0, 10)->view), std::string("0123456789"));
  }

  void saysWhenTheFileWasCut() {
    const auto source = open(m_path, kPieces);
    fs::resize_file(m_path, 4);
    QVERIFY(!source->checkIntact());
    const auto read = source->read(2, 6);
    QVERIFY(!read);
    QCOMPARE(read.error().message,
             m_path +
                 ": changed by another program since it was opened: expected 10 bytes as they were then, "
                 "found 4 bytes");
  }

  void saysWhenTheFileWasWrittenAgain() {
    const auto source = open(m_path, kPieces);
    rewrite(m_path, "abcdefghij");
    const auto read = source->read(2, 6);
    QVERIFY(!read);
    QVERIFY2(read.error().message.ends_with("found other ones"), read.error().message.c_str());
  }

  // A save renames a new file over the path; what was opened is still what it was.
  void outlivesTheNameOfItsFile() {
    const auto source = open(m_path, kPieces);
    const std::string other = m_path + ".new";
    writeFile(other, "x");
    fs::rename(other, m_path);
    QVERIFY(source->checkIntact());
    QCOMPARE(std::string(source->read(0, 10)->view), std::string("0123456789"));
  }

  void readsAPipeToItsEnd() {
    const std::string pipe = m_folder->filePath("pipe").toStdString();
    QCOMPARE(::mkfifo(pipe.c_str(), 0600), 0);
    const std::string bytes(300'000, 'p');
    std::jthread writer([&] { writeFile(pipe, bytes); });
    const auto source = open(pipe, kPieces);
    QVERIFY(source);
    QVERIFY(source->buffer() == bytes);
  }

  void readsAnEmptyFile_data() { modes(); }
  void readsAnEmptyFile() {
    QFETCH(quint64, wholeUpTo);
    writeFile(m_path, "");
    const auto source = open(m_path, wholeUpTo);
    QVERIFY(source);
    QCOMPARE(source->size(), std::uint64_t{0});
    QVERIFY(source->read(0, 0));
  }

  void saysWhyAFileCannotBeOpened() {
    const std::string folder = m_folder->path().toStdString();
    QCOMPARE(openSource(folder).error().message, folder + ": expected a file, found a directory");
    QCOMPARE(openSource(folder + "/none").error().message,
             folder + "/none: cannot be opened: No such file or directory");
    QCOMPARE(::chmod(m_path.c_str(), 0000), 0);
    const Unprivileged user(folder);
    if (!user) QSKIP("SKIPPED: this test has to run as a user whom permissions bind");
    QCOMPARE(openSource(m_path).error().message, m_path + ": cannot be opened: Permission denied");
  }

  void stampsTellStatesApart() {
    const auto first = fileStamp(m_path);
    QVERIFY(first);
    QVERIFY(*first == *fileStamp(m_path));
    rewrite(m_path, "abcdefghij");
    QVERIFY(!(*first == *fileStamp(m_path)));
    QVERIFY(!fileStamp(m_path + ".none"));
  }

 private:
  static void modes() {
    QTest::addColumn<quint64>("wholeUpTo");
    QTest::newRow("in one buffer") << quint64{kBuffer};
    QTest::newRow("piece by piece") << quint64{kPieces};
  }

  std::unique_ptr<QTemporaryDir> m_folder;
  std::string m_path;
};

QTEST_APPLESS_MAIN(tst_ByteSource)
#include "tst_byte_source.moc"
