#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <QTemporaryDir>
#include <QTest>
#include <atomic>
#include <csignal>
#include <thread>

#include "format/format.h"
#include "record/record_target.h"
#include "record/recorder.h"
#include "recording/problem.h"
#include "support/dump.h"
#include "support/replay_file.h"

using namespace retake;
using test::readFile;
using test::readRecording;
using test::writeFile;

namespace {

void unary(Recorder& recorder, const std::string& request, const std::string& response) {
  const auto call = recorder.begin({.method = "/p.S/M", .kind = CallKind::Unary});
  QVERIFY(call->sent(test::field(1, request), "p.A").has_value());
  QVERIFY(call->received(test::field(1, response), "p.B").has_value());
  call->ended({});
}

QString messageOf(const auto& result) {
  return result ? QString() : QString::fromStdString(result.error().message);
}

QString problemsOf(const Recording& recording) {
  QStringList texts;
  for (const Problem& problem : findProblems(recording)) texts << QString::fromStdString(problem.text);
  return texts.join("; ");
}

}  // namespace

class tst_Recorder : public QObject {
  Q_OBJECT

  QTemporaryDir m_folder;
  std::string path(const char* name) const { return m_folder.filePath(name).toStdString(); }

 private slots:
  void aFileWithoutACallIsWhole() {
    auto recorder = Recorder::create(path("empty.replay"), {.initialState = "seed"});
    QVERIFY(recorder.has_value());
    QCOMPARE(QByteArray::fromStdString(readFile(path("empty.replay"))),
             QByteArray("RPCReplay\x04\0\0\0seed", 17));
    QVERIFY((*recorder)->close().has_value());
    QVERIFY((*recorder)->close().has_value());
  }

  void theInitialStateMayBeSetUntilTheFirstEntry() {
    auto recorder = Recorder::create(path("late.replay"), {.initialState = "a long state, set at the start"});
    QVERIFY((*recorder)->setInitialState("late").has_value());
    unary(**recorder, "a", "b");
    QCOMPARE(messageOf((*recorder)->setInitialState("too late")),
             QString("the initial state cannot be set: expected no entry before it, found 2"));
    QVERIFY((*recorder)->close().has_value());
    const auto opened = openRecording(path("late.replay"));
    QCOMPARE(std::string(opened->recording->initialState()->view), std::string("late"));
    QCOMPARE(opened->recording->size(), 2u);
  }

  // The path, and not the file: whoever reads the old one piece by piece keeps it.
  void anOldFileIsReplacedAndStaysWithWhoHasIt() {
    const std::string name = path("again.replay");
    writeFile(name, "old");
    const int old = ::open(name.c_str(), O_RDONLY);
    auto recorder = Recorder::create(name);
    QVERIFY(recorder.has_value());
    char bytes[8] = {};
    QCOMPARE(::read(old, bytes, sizeof bytes), 3);
    ::close(old);
    QVERIFY(readFile(name).starts_with("RPCReplay"));
  }

  void aSymbolicLinkStays() {
    writeFile(path("target.replay"), "old");
    QCOMPARE(::symlink("target.replay", path("link.replay").c_str()), 0);
    QVERIFY(Recorder::create(path("link.replay")).has_value());
    QVERIFY(readFile(path("target.replay")).starts_with("RPCReplay"));
  }

  void aNewFileIsForTheSameEyes() {
    const std::string name = path("private.replay");
    writeFile(name, "old");
    QCOMPARE(::chmod(name.c_str(), 0600), 0);
    QVERIFY(Recorder::create(name).has_value());
    struct stat info {};
    QCOMPARE(::stat(name.c_str(), &info), 0);
    QCOMPARE(info.st_mode & 0777u, 0600u);
  }

  // What is appended while the file is looked at is not missing from it.
  void syncingBesideAppendingIsNoLoss() {
    auto target = createRecordFile(path("beside.replay"));
    QVERIFY((*target)->begin("RPCReplay").has_value());
    std::atomic<bool> ends = false;
    std::thread writer([&] {
      while (!ends) (void)(*target)->append("a record");
    });
    QString lost;
    for (int k = 0; k < 300 && lost.isEmpty(); ++k) lost = messageOf((*target)->sync());
    ends = true;
    writer.join();
    QCOMPARE(lost, QString());
  }

  // What is written then goes nowhere: that is told, at the latest at the end.
  void aFileThatIsTakenAwayIsALoss_data() {
    QTest::addColumn<QString>("how");
    QTest::addColumn<QString>("expected");
    QTest::newRow("removed") << "remove"
                             << "found none";
    QTest::newRow("replaced") << "replace"
                              << "found another one in its place";
    QTest::newRow("cut") << "cut"
                         << "somebody else has cut the file";
  }
  void aFileThatIsTakenAwayIsALoss() {
    QFETCH(QString, how);
    QFETCH(QString, expected);
    const std::string name = path("lost.replay");
    auto recorder = Recorder::create(name);
    unary(**recorder, "a", "b");
    if (how == "cut") QCOMPARE(::truncate(name.c_str(), 3), 0);
    if (how == "remove") QCOMPARE(::unlink(name.c_str()), 0);
    if (how == "replace") {
      writeFile(path("other"), "other");
      QCOMPARE(::rename(path("other").c_str(), name.c_str()), 0);
    }
    const QString lost = messageOf((*recorder)->close());
    QVERIFY2(lost.contains(expected), qPrintable(lost));
  }

  // Requests that were under way when the disk was full have their answers once there is room.
  void requestsOfAFullDiskAreAnsweredAtTheEnd() {
    struct Limited final : ByteSink {
      Limited(std::shared_ptr<std::string> into, std::shared_ptr<bool> isFull)
          : bytes(std::move(into)), full(std::move(isFull)) {}
      Result<void> write(ByteView more) override {
        if (*full) return Error{"disk: cannot be written: it is full"};
        bytes->append(more);
        return {};
      }
      std::shared_ptr<std::string> bytes;
      std::shared_ptr<bool> full;
    };
    auto bytes = std::make_shared<std::string>();
    auto full = std::make_shared<bool>(false);
    auto recorder = Recorder::create(std::make_unique<Limited>(bytes, full));
    const auto open = recorder->begin({.method = "/p.S/M", .kind = CallKind::Unary});
    QVERIFY(open->sent(test::field(1, "a"), "p.A").has_value());
    *full = true;
    open->ended({});
    *full = false;
    QVERIFY(!recorder->close());
    QCOMPARE(problemsOf(*readRecording(*bytes)), QString());
  }

  // A file that may hold nothing stands for a full disk.
  void whatCannotBeWrittenLeavesWhatWasThere() {
    const std::string name = path("kept.replay");
    unary(**Recorder::create(name), "a", "b");
    const auto before = openRecording(name);
    const pid_t child = ::fork();
    if (child == 0) {
      const rlimit nothing{};
      std::signal(SIGXFSZ, SIG_IGN);
      if (::setrlimit(RLIMIT_FSIZE, &nothing) != 0) ::_exit(2);
      const bool replaced = Recorder::create(name).has_value();
      const bool made = Recorder::create(path("none.replay")).has_value();
      ::_exit(replaced || made ? 1 : 0);
    }
    int status = 0;
    QCOMPARE(::waitpid(child, &status, 0), child);
    QCOMPARE(status, 0);
    const auto after = openRecording(name);
    QVERIFY(after.has_value());
    QCOMPARE(after->recording->size(), before->recording->size());
    QCOMPARE(
        QDir(m_folder.path()).entryList(QDir::Files | QDir::Hidden).filter(QRegularExpression("kept|none")),
        QStringList{"kept.replay"});
  }

  void closesOnceForTwoThreads() {
    for (int round = 0; round < 20; ++round) {
      auto recorder = Recorder::create(path("twice.replay"));
      std::jthread other([&] { QVERIFY((*recorder)->close().has_value()); });
      QVERIFY((*recorder)->close().has_value());
    }
  }

  void refusesWhatItCannotRecordInto_data() {
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("expected");
    QTest::newRow("no folder") << "nowhere/x.replay"
                               << "cannot record into it: No such file or directory";
    QTest::newRow("a folder") << "."
                              << "cannot record into it: Is a directory";
    QTest::newRow("a pipe") << "pipe"
                            << "cannot record into it: expected a file, found a pipe";
    QTest::newRow("another recorder's") << "taken.replay"
                                        << "cannot record into it: another recorder is writing to it";
  }
  void refusesWhatItCannotRecordInto() {
    QFETCH(QString, name);
    QFETCH(QString, expected);
    ::mkfifo(path("pipe").c_str(), 0600);
    const auto taken = Recorder::create(path("taken.replay"));
    QVERIFY(taken.has_value());
    const auto refused = Recorder::create(path(name.toUtf8()));
    QVERIFY2(messageOf(refused).endsWith(expected), qPrintable(messageOf(refused)));
    QVERIFY(readFile(path("taken.replay")).starts_with("RPCReplay"));
  }

  void goesOnBehindWhatIsThere() {
    const std::string name = path("on.replay");
    {
      auto first = Recorder::create(name, {.initialState = "seed"});
      unary(**first, "a", "b");
    }
    const std::string before = readFile(name);
    const auto opened = openRecording(name);
    auto recorder = Recorder::goOn(name, *opened, {.initialState = "not taken"});
    QCOMPARE(messageOf(recorder), QString());
    unary(**recorder, "c", "d");
    QCOMPARE((*recorder)->counts().entries, 2u);
    QVERIFY((*recorder)->close().has_value());
    QVERIFY(readFile(name).starts_with(before));
    const auto whole = openRecording(name);
    QCOMPARE(whole->recording->size(), 4u);
    QCOMPARE(whole->recording->entry(3)->fields.refIndex, 3);
    QCOMPARE(problemsOf(*whole->recording), QString());
  }

  void goesOnOnlyBehindAWholeFile_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QByteArray>("now");  // what it holds when recording begins
    QTest::addColumn<QString>("expected");
    test::ReplayFile file("seed");
    file.unary("/p.S/M", {"p.A", "a"}, {"p.B", "b"});
    const QByteArray whole = QByteArray::fromStdString(file.bytes());
    QTest::newRow("magic alone") << QByteArray("RPCReplay") << QByteArray("RPCReplay") << "";
    QTest::newRow("no calls") << QByteArray("RPCReplay\0\0\0\0", 13) << QByteArray("RPCReplay\0\0\0\0", 13)
                              << "";
    QTest::newRow("cut") << whole.chopped(3) << whole.chopped(3) << "it ends in half a record";
    QTest::newRow("grown") << whole << whole + "more"
                           << "bytes that were read, found";
    QTest::newRow("whole") << whole << whole << "";
  }
  void goesOnOnlyBehindAWholeFile() {
    QFETCH(QByteArray, bytes);
    QFETCH(QByteArray, now);
    QFETCH(QString, expected);
    const std::string name = path("whole.replay");
    writeFile(name, bytes.toStdString());
    const auto opened = openRecording(name);
    QVERIFY(opened.has_value());
    writeFile(name, now.toStdString());
    const auto recorder = Recorder::goOn(name, *opened);
    QVERIFY2(messageOf(recorder).contains(expected) && messageOf(recorder).isEmpty() == expected.isEmpty(),
             qPrintable(messageOf(recorder)));
    if (!recorder) QCOMPARE(readFile(name), now.toStdString());
  }

  void aFullDiskEndsTheRecordingLoudlyAndOnce() {
    std::vector<std::string> failures;
    auto recorder = Recorder::create(
        "/dev/full", {.onFailure = [&](const Error& error) { failures.push_back(error.message); }});
    QVERIFY2(messageOf(recorder).contains("No space left on device"), qPrintable(messageOf(recorder)));

    // With room for the head, and for no more.
    struct Limited final : ByteSink {
      int writes = 0;
      Result<void> write(ByteView) override {
        if (++writes > 3) return Error{"disk: cannot be written: it is full"};
        return {};
      }
    };
    auto limited =
        Recorder::create(std::make_unique<Limited>(),
                         {.onFailure = [&](const Error& error) { failures.push_back(error.message); }});
    unary(*limited, "a", "b");
    QVERIFY(failures.empty());
    unary(*limited, "c", "d");
    unary(*limited, "e", "f");
    QCOMPARE(failures.size(), 1u);
    QCOMPARE(limited->counts().entries, 2u);
    QCOMPARE(messageOf(limited->close()), QString("disk: cannot be written: it is full"));
    QCOMPARE(messageOf(limited->close()), QString("disk: cannot be written: it is full"));
  }

  void killedItLeavesWhatWasRecorded() {
    const std::string name = path("killed.replay");
    int ready[2];
    QCOMPARE(::pipe(ready), 0);
    const pid_t child = ::fork();
    if (child == 0) {
      auto recorder = Recorder::create(name, {.initialState = "seed"});
      unary(**recorder, "a", "b");
      const auto open = (*recorder)->begin({.method = "/p.S/M", .kind = CallKind::Unary});
      (void)open->sent(test::field(1, "c"), "p.A");
      (void)!::write(ready[1], "x", 1);
      for (;;) ::pause();
    }
    char byte = 0;
    QCOMPARE(::read(ready[0], &byte, 1), 1);
    ::kill(child, SIGKILL);
    int status = 0;
    QCOMPARE(::waitpid(child, &status, 0), child);
    ::close(ready[0]);
    ::close(ready[1]);
    const auto opened = openRecording(name);
    QVERIFY(opened.has_value());
    QCOMPARE(opened->recording->size(), 3u);
    QCOMPARE(opened->recording->tailSize(), 0u);
    QCOMPARE(problemsOf(*opened->recording), QString("entry 3 at byte 130 (REQUEST /p.S/M): no RESPONSE is "
                                                     "recorded; the Go packages refuse the whole file"));
    QVERIFY(findProblems(*opened->recording)[0].repair.kind == Repair::Kind::AnswerRequest);
  }

  void manyThreadsWriteOneWholeFile() {
    const std::string name = path("threads.replay");
    constexpr int kThreads = 8;
    constexpr int kCalls = 200;
    {
      auto recorder = Recorder::create(name);
      std::vector<std::jthread> threads;
      for (int t = 0; t < kThreads; ++t)
        threads.emplace_back([&, t] {
          for (int i = 0; i < kCalls; ++i) {
            const std::string text = test::field(1, std::to_string(t) + "-" + std::to_string(i));
            // Half of them have to be inferred.
            const auto call = (*recorder)->begin(
                {.method = "/p.S/M", .kind = i % 2 ? std::optional(CallKind::Unary) : std::nullopt});
            (void)call->sent(text, "p.A");
            call->halfClosed();
            (void)call->received(text, "p.B");
            call->ended({});
          }
        });
    }
    const auto opened = openRecording(name);
    QCOMPARE(problemsOf(*opened->recording), QString());
    const Calls calls = groupCalls(*opened->recording);
    QCOMPARE(calls.size(), static_cast<std::uint32_t>(kThreads * kCalls));
    for (std::uint32_t i = 0; i < calls.size(); ++i) {
      const Call call = calls[i];
      QCOMPARE(call.rest.size(), 1u);
      QCOMPARE(std::string(opened->recording->entry(call.first)->fields.message),
               std::string(opened->recording->entry(call.rest[0])->fields.message));
    }
  }

  // A call that goes on while the recorder is closed: each REQUEST has its answer, whoever is first.
  void closingBesideCallsLeavesAFileThatGoLoads() {
    for (int round = 0; round < 50; ++round) {
      const std::string name = path("closing.replay");
      auto recorder = Recorder::create(name);
      std::jthread caller([&](const std::stop_token& stop) {
        while (!stop.stop_requested()) unary(**recorder, "a", "b");
      });
      while ((*recorder)->counts().entries < 4) std::this_thread::yield();
      QVERIFY((*recorder)->close().has_value());
      caller.request_stop();
      caller.join();
      QCOMPARE(problemsOf(*openRecording(name)->recording), QString());
    }
  }
};

QTEST_GUILESS_MAIN(tst_Recorder)
#include "tst_recorder.moc"
