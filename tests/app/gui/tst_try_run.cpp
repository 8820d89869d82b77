#include <QDir>
#include <QTest>
#include <future>

#include "format/format.h"
#include "server/check_model.h"
#include "server/line_diff.h"
#include "server/try_run.h"
#include "support/replay_file.h"
#include "try_recordings.h"

using namespace retake;
using namespace retake::gui;
using test::ambiguous;
using test::ReplayFile;
using test::store;
using test::text;

namespace {

Snapshot snapshotOf(const std::shared_ptr<const Recording>& recording) {
  return {recording, std::make_shared<const Calls>(groupCalls(*recording)), Schema::builtin()};
}

}  // namespace

// What the try panel does, without the panel.
class tst_TryRun : public QObject {
  Q_OBJECT
 private slots:
  void alignsLines_data();
  void alignsLines();
  void everyCallIsAnsweredAsRecorded();
  void checkListsWhatDiffers();
  void checkCanBeCancelled();
  void aTryThatHangsCanBeCancelled();
  void checksRealRecordings_data();
  void checksRealRecordings();
};

void tst_TryRun::alignsLines_data() {
  QTest::addColumn<QString>("left");
  QTest::addColumn<QString>("right");
  QTest::addColumn<QString>("pairs");
  QTest::newRow("equal") << "abc"
                         << "abc"
                         << "a=a b=b c=c";
  QTest::newRow("changed") << "abc"
                           << "axc"
                           << "a=a b!x c=c";
  QTest::newRow("added") << "ac"
                         << "abc"
                         << "a=a -!b c=c";
  QTest::newRow("gone") << "abc"
                        << "ac"
                        << "a=a b!- c=c";
  QTest::newRow("nothing in common") << "ab"
                                     << "xyz"
                                     << "a!x b!y -!z";
  QTest::newRow("one side empty") << ""
                                  << "ab"
                                  << "-!a -!b";
  QTest::newRow("both empty") << ""
                              << ""
                              << "";
  QTest::newRow("moved") << "abcd"
                         << "bcda"
                         << "a!- b=b c=c d=d -!a";
  QTest::newRow("two places") << "axbyc"
                              << "aXbYc"
                              << "a=a x!X b=b y!Y c=c";
}

void tst_TryRun::alignsLines() {
  QFETCH(QString, left);
  QFETCH(QString, right);
  QFETCH(QString, pairs);
  const auto lines = [](const QString& letters) {
    QStringList list;
    for (const QChar letter : letters) list += QString(letter);
    return list;
  };
  QStringList found;
  for (const LinePair& pair : alignLines(lines(left), lines(right))) {
    found += (pair.left < 0 ? QString("-") : QString(left[pair.left])) + (pair.same ? "=" : "!") +
             (pair.right < 0 ? QString("-") : QString(right[pair.right]));
  }
  QCOMPARE(found.join(' '), pairs);
}

void tst_TryRun::everyCallIsAnsweredAsRecorded() {
  const auto report = checkAll(snapshotOf(store().recording()), {});
  QVERIFY(report);
  QStringList differences;
  for (const CheckedCall& call : report->differing) {
    for (const std::string& one : call.outcome.differences) differences += QString::fromStdString(one);
  }
  QCOMPARE(differences, QStringList());
  QCOMPARE(report->calls, 8u);
  QCOMPARE(report->played, 7u);
  QCOMPARE(report->asRecorded, 7u);
  QCOMPARE(report->unanswered, 1u);
  QCOMPARE(checkSentence(*report), "✓ 7 of 8 calls answered as recorded · 1 without a recorded answer");
}

void tst_TryRun::checkListsWhatDiffers() {
  const auto report = checkAll(snapshotOf(ambiguous().recording()), {});
  QVERIFY(report);
  QCOMPARE(report->played, 3u);
  QVERIFY(report->asRecorded < 3u);
  QVERIFY(!report->differing.empty());
  QVERIFY(!report->differing.front().outcome.differences.empty());
  QVERIFY(checkSentence(*report).startsWith("≠ "));
}

void tst_TryRun::checkCanBeCancelled() {
  ReplayFile file;
  for (int i = 0; i < 1000; ++i) file.unary("/store.Store/Get", text(std::to_string(i)), text("x"));
  std::stop_source stop;
  Task task;
  task.stop = stop.get_token();
  task.progress = [&stop](std::uint64_t done, std::uint64_t) {
    if (done > 10) stop.request_stop();
  };
  const auto report = checkAll(snapshotOf(file.recording()), {}, task);
  QVERIFY(report);
  QVERIFY(report->cancelled);
  QVERIFY(report->played >= 10 && report->played < 20);
  QCOMPARE(report->asRecorded, report->played);
  const QString sentence = checkSentence(*report);
  QVERIFY2(sentence.contains("cancelled: 98"), qPrintable(sentence));
  QVERIFY2(!sentence.startsWith("✓"), qPrintable(sentence));
}

void tst_TryRun::aTryThatHangsCanBeCancelled() {
  ReplayFile file;
  const auto stream = file.createStream("/store.Store/Hold");
  file.send(stream, text("a")).recv(stream, Status{1, "gone", {}});
  const Snapshot snapshot = snapshotOf(file.recording());
  const Call call = (*snapshot.calls)[0];
  auto script = clientScript(*snapshot.recording, call);
  QVERIFY(script);
  // Unlike the recorded client this one does not cancel, and the stand-in waits for it to.
  script->end = {};
  script->endRecorded = false;
  std::stop_source stop;
  const Task task{.stop = stop.get_token(), .progress = {}};
  auto tried = std::async(std::launch::async, [&] { return tryCall(snapshot, call, *script, {}, task); });
  stop.request_stop();
  QVERIFY(tried.wait_for(std::chrono::seconds(5)) == std::future_status::ready);
}

void tst_TryRun::checksRealRecordings_data() {
  QTest::addColumn<QString>("path");
  const QString folder = QString::fromStdString(test::recordingsFolder());
  if (folder.isEmpty()) {
    QTest::newRow("none") << QString();
    return;
  }
  QDir recordings(folder + "/go-cloud");
  for (const QString& name : recordings.entryList({"*.replay"}, QDir::Files)) {
    QTest::newRow(qPrintable(name)) << recordings.filePath(name);
  }
  if (QFile::exists(folder + "/intstore.replay"))
    QTest::newRow("intstore.replay") << folder + "/intstore.replay";
}

void tst_TryRun::checksRealRecordings() {
  QFETCH(QString, path);
  if (path.isEmpty()) QSKIP("no real recordings: set RETAKE_RECORDINGS");
  const auto opened = openRecording(path.toStdString());
  QVERIFY(opened);
  const auto report = checkAll(snapshotOf(opened->recording), {});
  QVERIFY(report);
  QStringList differences;
  for (const CheckedCall& call : report->differing) {
    differences +=
        QString("#%1 %2").arg(call.number).arg(QString::fromStdString(call.outcome.differences.front()));
  }
  QCOMPARE(differences, QStringList());
  QCOMPARE(report->asRecorded, report->calls);
}

QTEST_GUILESS_MAIN(tst_TryRun)
#include "tst_try_run.moc"
