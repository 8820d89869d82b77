#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

#include "edit/edit.h"
#include "format/format.h"
#include "recording/calls.h"
#include "recording/problem.h"
#include "support/dump.h"
#include "support/replay_file.h"

using namespace retake;
using namespace retake::test;

namespace {

using NewEntry = InsertCall::NewEntry;

const Message kM{"a.M", "m"};
const Status kNotFound{.code = 5, .message = "no", .details = {}};

EntryMessage message(const char* value) { return {"type.googleapis.com/a.M", value}; }
EntryMessage status() { return {"type.googleapis.com/google.rpc.Status", serializeStatus(kNotFound)}; }

InsertCall unary() {
  return {.method = "/n",
          .entries = {{.kind = EntryKind::Request, .message = message("q")},
                      {.kind = EntryKind::Response, .message = message("r")}}};
}

// Call 1 opens, then call 2, a stream 3 in the middle of both, call 2 ends, call 1 ends, the stream ends.
std::shared_ptr<const Recording> overlapping() {
  ReplayFile file("seed");
  const auto a = file.request("/a", kM);   // 1
  const auto b = file.request("/b", kM);   // 2
  const auto s = file.createStream("/s");  // 3
  file.send(s, kM);                        // 4
  file.response(b, kM).recv(s, kM);        // 5 6
  file.response(a, {"a.Answer", "one"});   // 7
  file.recvEnd(s);                         // 8
  file.unary("/c", kM, kNotFound);         // 9 10
  return file.recording();
}

// Saves and opens, as the next program to see it would.
std::shared_ptr<const Recording> reopened(const Recording& recording, const QString& path) {
  const auto saved = saveRecording(recording, *formats().front(), path.toStdString());
  if (!saved) qFatal("%s", saved.error().message.c_str());
  const auto opened = openRecording(path.toStdString());
  if (!opened) qFatal("%s", opened.error().message.c_str());
  return opened->recording;
}

// Ids in file order.
std::vector<std::uint32_t> ids(const Recording& recording) {
  std::vector<std::uint32_t> all;
  for (std::uint32_t position = 0; position < recording.size(); ++position)
    all.push_back(recording.info(position).id.value);
  return all;
}

// The Go package's word on a file: empty when it takes it.
QString refusalOf(const QString& oracle, const QString& path) {
  QProcess process;
  process.start(oracle, {"load", path});
  if (!process.waitForFinished()) return "the oracle did not end";
  return process.exitCode() == 0 ? QString() : QString::fromUtf8(process.readAllStandardError());
}

}  // namespace

Q_DECLARE_METATYPE(std::shared_ptr<Edit>)

class tst_InsertCall : public QObject {
  Q_OBJECT
 private slots:
  // A recorder that saw no call leaves the magic alone: the first entry is not the initial state.
  void aCallInAFileWithoutAHeaderIsReadBack() {
    const auto empty = readRecording("RPCReplay");
    QVERIFY(!empty->hasHeader());
    const auto made = retake::apply(*empty, unary());
    QVERIFY(made.has_value());
    QTemporaryDir folder;
    const auto read = reopened(*made, folder.filePath("first.replay"));
    QVERIFY(read->hasHeader());
    QCOMPARE(dump(*read), dump(made->withInitialState("")));
  }

  void refusesWhatNoRecorderWrites_data() {
    QTest::addColumn<std::shared_ptr<Edit>>("edit");
    QTest::addColumn<QString>("why");
    const auto row = [](const char* title, std::vector<NewEntry> entries, const char* why) {
      QTest::newRow(title) << std::make_shared<Edit>(
                                  InsertCall{.method = "/n", .entries = std::move(entries)})
                           << why;
    };
    const NewEntry request{.kind = EntryKind::Request, .message = message("q")};
    const NewEntry answer{.kind = EntryKind::Response, .message = message("r")};
    const NewEntry create{.kind = EntryKind::CreateStream};
    const NewEntry recv{.kind = EntryKind::Recv, .message = message("r")};
    const NewEntry end{.kind = EntryKind::Recv, .isError = true};
    QTest::newRow("no method") << std::make_shared<Edit>(InsertCall{.method = "n", .entries = {request}})
                               << "new call: expected a method as in /pkg.Service/Method, found \"n\"";
    row("nothing", {}, "new call of /n: expected a REQUEST or CREATE_STREAM first, found nothing");
    row("answer first", {answer},
        "new call of /n: expected a REQUEST or CREATE_STREAM first, found a RESPONSE");
    row("no answer", {request}, "new call of /n: expected a RESPONSE behind the REQUEST, found nothing");
    row("two answers", {request, answer, answer},
        "new call of /n: expected one RESPONSE behind the REQUEST, found a RESPONSE as entry 3 of it");
    row("message in a unary call", {request, recv},
        "new call of /n: expected one RESPONSE behind the REQUEST, found a RECV as entry 2 of it");
    row("answer in a stream", {create, answer},
        "new call of /n: expected SENDs and RECVs behind the CREATE_STREAM, found a RESPONSE as entry 2 of "
        "it");
    row("second call", {create, create},
        "new call of /n: expected SENDs and RECVs behind the CREATE_STREAM, found a CREATE_STREAM as entry 2 "
        "of it");
    row("message behind the end", {create, end, recv},
        "new call of /n: expected nothing received behind the end of the stream, found a RECV as entry 3 of "
        "it");
    row("request without a message", {{.kind = EntryKind::Request}, answer},
        "new call of /n: expected a message that is no error in a REQUEST, found otherwise in entry 1 of it");
    row("message of no type", {{.kind = EntryKind::Request, .message = EntryMessage{"", "q"}}, answer},
        "new call of /n: expected a message with its type in a REQUEST, found otherwise in entry 1 of it");
    row("error without a status",
        {request, {.kind = EntryKind::Response, .message = message("r"), .isError = true}},
        "new call of /n: expected a message, or an error with its status in a RESPONSE, found otherwise in "
        "entry 2 of it");
    row("empty message received", {create, {.kind = EntryKind::Recv}},
        "new call of /n: expected a message, a status, or the end of the stream in a RECV, found otherwise "
        "in "
        "entry 2 of it");
    row("bytes that are none", {{.bytes = "\xff"}},
        "new call of /n: entry 1 of it: expected an Entry message, found bytes that are none: a number is "
        "cut off");
    QTest::newRow("behind no call")
        << std::make_shared<Edit>(InsertCall{.method = "/n", .entries = {request, answer}, .behind = {99}})
        << "new call of /n: the call that it should stand behind is no longer there";
    QTest::newRow("behind an answer")
        << std::make_shared<Edit>(InsertCall{.method = "/n", .entries = {request, answer}, .behind = {5}})
        << "new call of /n: expected a REQUEST or CREATE_STREAM of the call to stand behind, found a "
           "RESPONSE";
    QTest::newRow("removing an answer")
        << std::make_shared<Edit>(RemoveCall{{5}})
        << "entry 5: expected a REQUEST or CREATE_STREAM, found a RESPONSE; a call is removed as a whole";
    QTest::newRow("removing what is gone")
        << std::make_shared<Edit>(RemoveCall{{99}})
        << "entry with id 99 is not in the recording, which has 10 entries";
  }
  void refusesWhatNoRecorderWrites() {
    QFETCH(std::shared_ptr<Edit>, edit);
    QFETCH(QString, why);
    const auto before = overlapping();
    const auto after = retake::apply(*before, *edit);
    QVERIFY(!after);
    QCOMPARE(QString::fromStdString(after.error().message), why);
  }

  void standsWhereItWasPut_data() {
    QTest::addColumn<int>("behind");
    QTest::addColumn<QString>("calls");
    QTest::newRow("at the end") << 0
                                << "1 unary /a: 1 7\n2 unary /b: 2 5\n3 server stream /s: 3 4 6 8\n"
                                   "4 unary /c: 9 10\n5 unary /n: 11 12\n";
    QTest::newRow("behind a call that others overlap")
        << 1
        << "1 unary /a: 1 7\n2 unary /b: 2 5\n3 server stream /s: 3 4 6 10\n"
           "4 unary /n: 8 9\n5 unary /c: 11 12\n";
    QTest::newRow("behind a call inside another") << 2
                                                  << "1 unary /a: 1 9\n2 unary /b: 2 5\n"
                                                     "3 server stream /s: 3 4 8 10\n4 unary /n: 6 7\n"
                                                     "5 unary /c: 11 12\n";
    QTest::newRow("behind a stream") << 3
                                     << "1 unary /a: 1 7\n2 unary /b: 2 5\n3 server stream /s: 3 4 6 8\n"
                                        "4 unary /n: 9 10\n5 unary /c: 11 12\n";
  }
  void standsWhereItWasPut() {
    QFETCH(int, behind);
    QFETCH(QString, calls);
    const auto before = overlapping();
    InsertCall edit = unary();
    edit.behind = {static_cast<std::uint32_t>(behind)};
    const auto after = retake::apply(*before, edit);
    QVERIFY2(after, after ? "" : after.error().message.c_str());
    QCOMPARE(QString::fromStdString(dump(*after, groupCalls(*after))), calls);

    // The others keep their ids and their order; the new ones have the next two.
    std::vector<std::uint32_t> others = ids(*after);
    std::erase_if(others, [](std::uint32_t id) { return id > 10; });
    QCOMPARE(others, ids(*before));
    QCOMPARE(changedEntries(*before, *after), (std::vector<EntryId>{{11}, {12}}));

    // Whoever opens the file sees the same calls, and no problem that was not there.
    const auto again = reopened(*after, m_folder.filePath("inserted.replay"));
    QCOMPARE(QString::fromStdString(dump(*again)), QString::fromStdString(dump(*after)));
    QCOMPARE(QString::fromStdString(dump(*again, groupCalls(*again))), calls);
    QVERIFY(findProblems(*again).empty());
  }

  void writesAStreamAsARecorderDoes() {
    const auto after =
        retake::apply(*overlapping(),
                      InsertCall{.method = "/s",
                                 .entries = {{.kind = EntryKind::CreateStream},
                                             {.kind = EntryKind::Send, .message = EntryMessage{"a.M", "x"}},
                                             {.kind = EntryKind::Recv, .message = message("y")},
                                             {.kind = EntryKind::Recv, .message = status(), .isError = true},
                                             {.kind = EntryKind::Send, .isError = true}}});
    QVERIFY2(after, after ? "" : after.error().message.c_str());
    const auto again = reopened(*after, m_folder.filePath("stream.replay"));
    QVERIFY(
        QString::fromStdString(dump(*again))
            .endsWith("11 CREATE_STREAM /s\n12 SEND /s ref 11 a.M 78\n13 RECV /s ref 11 a.M 79\n"
                      "14 RECV /s ref 11 error google.rpc.Status 080512026e6f\n15 SEND /s ref 11 error\n"));
    QVERIFY(findProblems(*again).empty());
  }

  void copiesACall_data() {
    QTest::addColumn<int>("call");
    QTest::addColumn<bool>("answersAnother");
    QTest::addColumn<QString>("added");
    QTest::newRow("unary") << 1 << false << "8 REQUEST /a a.M 6d\n9 RESPONSE /a ref 8 a.Answer 6f6e65\n";
    QTest::newRow("unary, of another request")
        << 1 << true << "8 REQUEST /a a.M 6e6577\n9 RESPONSE /a ref 8 a.Answer 6f6e65\n";
    QTest::newRow("unary inside another")
        << 2 << true << "6 REQUEST /b a.M 6e6577\n7 RESPONSE /b ref 6 a.M 6d\n";
    QTest::newRow("stream") << 3 << false
                            << "9 CREATE_STREAM /s\n10 SEND /s ref 9 a.M 6d\n11 RECV /s ref 9 a.M 6d\n"
                               "12 RECV /s ref 9 error\n";
    QTest::newRow("stream, of another first message")
        << 3 << true
        << "9 CREATE_STREAM /s\n10 SEND /s ref 9 a.M 6e6577\n11 RECV /s ref 9 a.M 6d\n"
           "12 RECV /s ref 9 error\n";
    QTest::newRow("failed call, of another request")
        << 4 << true
        << "11 REQUEST /c a.M 6e6577\n12 RESPONSE /c ref 11 error google.rpc.Status 080512026e6f\n";
  }
  void copiesACall() {
    QFETCH(int, call);
    QFETCH(bool, answersAnother);
    QFETCH(QString, added);
    const auto before = overlapping();
    const Calls calls = groupCalls(*before);
    const auto copy = copyOfCall(*before, calls[static_cast<std::uint32_t>(call - 1)],
                                 answersAnother ? std::optional<std::string_view>("new") : std::nullopt);
    QVERIFY2(copy, copy ? "" : copy.error().message.c_str());
    const auto after = retake::apply(*before, *copy);
    QVERIFY2(after, after ? "" : after.error().message.c_str());
    const auto again = reopened(*after, m_folder.filePath("copied.replay"));
    QVERIFY2(QString::fromStdString(dump(*again)).contains(added), dump(*again).c_str());
    QCOMPARE(groupCalls(*again).size(), 5u);

    const auto back =
        retake::apply(*after, RemoveCall{after->info(added.section(' ', 0, 0).toUInt() - 1).id});
    QVERIFY2(back, back ? "" : back.error().message.c_str());
    QCOMPARE(dump(*back), dump(*before));
    QCOMPARE(ids(*back), ids(*before));
  }

  void aCopyKeepsWhatNobodyKnows() {
    ReplayFile file;
    const auto r = file.record(serializeEntry(EntryKind::Request, "/a", message("q"), false, 0) +
                               field(1001, "metadata"));
    file.record(serializeEntry(EntryKind::Response, {}, message("r"), false, r) + field(2047, "later"));
    const auto before = file.recording();
    const auto copy = copyOfCall(*before, groupCalls(*before)[0], "other");
    QVERIFY(copy);
    const auto after = retake::apply(*before, *copy);
    QVERIFY2(after, after ? "" : after.error().message.c_str());
    QVERIFY(after->bytes(2)->view.find(field(1001, "metadata")) != ByteView::npos);
    QVERIFY(after->bytes(2)->view.find("other") != ByteView::npos);
    QVERIFY(after->bytes(3)->view.find(field(2047, "later")) != ByteView::npos);
  }

  void copiesOddCallsAsTheyAre_data() {
    QTest::addColumn<QByteArray>("bytes");
    ReplayFile unanswered;
    unanswered.request("/a", kM);
    QTest::newRow("unanswered") << QByteArray::fromStdString(unanswered.bytes());
    ReplayFile failed;
    failed.createStream("/s", kNotFound);
    QTest::newRow("stream that was not created") << QByteArray::fromStdString(failed.bytes());
    ReplayFile silent;
    const auto s = silent.createStream("/s");
    silent.recv(s, kM).recvEnd(s);
    QTest::newRow("stream without SENDs") << QByteArray::fromStdString(silent.bytes());
    ReplayFile late;
    const auto l = late.createStream("/s");
    late.recvEnd(l).sendFailed(l).recv(l, kM);
    QTest::newRow("message behind the end") << QByteArray::fromStdString(late.bytes());
  }
  void copiesOddCallsAsTheyAre() {
    QFETCH(QByteArray, bytes);
    const auto before = readRecording(bytes.toStdString());
    for (const std::optional<std::string_view> first : {std::optional<std::string_view>(), {"m"}}) {
      const auto copy = copyOfCall(*before, groupCalls(*before)[0], first);
      QVERIFY2(copy, copy ? "" : copy.error().message.c_str());
      const auto after = retake::apply(*before, *copy);
      QVERIFY2(after, after ? "" : after.error().message.c_str());
      QCOMPARE(after->size(), 2 * before->size());
      const Calls calls = groupCalls(*after);
      QCOMPARE(calls.size(), 2u);
      QCOMPARE(calls[1].rest.size(), calls[0].rest.size());
      QVERIFY(calls[1].kind == calls[0].kind);
    }
  }

  void removingTakesOneCallAlone_data() {
    QTest::addColumn<int>("call");
    QTest::addColumn<QString>("calls");
    QTest::newRow("around others") << 1 << "1 unary /b: 1 4\n2 server stream /s: 2 3 5 6\n3 unary /c: 7 8\n";
    QTest::newRow("inside others") << 2 << "1 unary /a: 1 5\n2 server stream /s: 2 3 4 6\n3 unary /c: 7 8\n";
    QTest::newRow("stream") << 3 << "1 unary /a: 1 4\n2 unary /b: 2 3\n3 unary /c: 5 6\n";
    QTest::newRow("last") << 9 << "1 unary /a: 1 7\n2 unary /b: 2 5\n3 server stream /s: 3 4 6 8\n";
  }
  void removingTakesOneCallAlone() {
    QFETCH(int, call);
    QFETCH(QString, calls);
    const auto before = overlapping();
    const auto after = retake::apply(*before, RemoveCall{{static_cast<std::uint32_t>(call)}});
    QVERIFY2(after, after ? "" : after.error().message.c_str());
    const auto again = reopened(*after, m_folder.filePath("removed.replay"));
    QCOMPARE(QString::fromStdString(dump(*again, groupCalls(*again))), calls);
    QVERIFY(findProblems(*again).empty());
  }

  void theLastCallCanGo() {
    ReplayFile file("seed");
    file.unary("/a", kM, kM);
    const auto after = retake::apply(*file.recording(), RemoveCall{{1}});
    QVERIFY(after);
    const auto again = reopened(*after, m_folder.filePath("empty.replay"));
    QCOMPARE(QString::fromStdString(dump(*again)),
             QString::fromStdString(dump(*ReplayFile("seed").recording())));
    const auto back = retake::apply(*again, unary());
    QVERIFY(back);
    QCOMPARE(back->size(), 2u);
  }

  // Across chunks and their splits, and the ids that lead to it.
  void aCallOfManyMessagesIsCopiedAndRemoved() {
    ReplayFile file;
    file.unary("/a", kM, kM);
    const auto stream = file.createStream("/s");
    file.send(stream, kM);
    for (int i = 0; i < 5000; ++i) file.recv(stream, kM);
    file.recvEnd(stream);
    file.unary("/c", kM, kM);
    const auto before = file.recording();
    const auto copy = copyOfCall(*before, groupCalls(*before)[1], "other");
    QVERIFY(copy);
    const auto after = retake::apply(*before, *copy);
    QVERIFY(after);
    QCOMPARE(after->size(), before->size() + 5003);
    const Calls calls = groupCalls(*after);
    QCOMPARE(calls.size(), 4u);
    QCOMPARE(calls[2].rest.size(), std::size_t{5002});
    for (std::uint32_t position = 0; position < after->size(); ++position)
      QCOMPARE(after->position(after->info(position).id), std::optional(position));
    const auto back = retake::apply(*after, RemoveCall{after->info(calls[2].first).id});
    QVERIFY(back);
    QCOMPARE(dump(*back), dump(*before));
  }

  void theGoPackageTakesWhatComesOut_data() {
    QTest::addColumn<QString>("file");
    for (const std::string& path : realRecordings())
      QTest::newRow(path.substr(path.rfind('/') + 1).c_str()) << QString::fromStdString(path);
  }
  void theGoPackageTakesWhatComesOut() {
    if (realRecordings().empty()) QSKIP("SKIPPED: no real recordings (set RETAKE_RECORDINGS)");
    const QString oracle = qEnvironmentVariable("RETAKE_ORACLE");
    if (oracle.isEmpty()) QSKIP("SKIPPED: no Go oracle (set RETAKE_ORACLE)");
    QFETCH(QString, file);
    if (!refusalOf(oracle, file).isEmpty()) QSKIP("SKIPPED: the Go package refuses the file as it is");
    const auto opened = openRecording(file.toStdString());
    QVERIFY(opened);
    const Calls calls = groupCalls(*opened->recording);
    if (calls.size() == 0) QSKIP("no call to copy");
    const QString out = m_folder.filePath("real.replay");
    for (const std::uint32_t index : {0u, calls.size() / 2, calls.size() - 1}) {
      const auto copy = copyOfCall(*opened->recording, calls[index]);
      QVERIFY2(copy, copy ? "" : copy.error().message.c_str());
      const auto copied = retake::apply(*opened->recording, *copy);
      QVERIFY2(copied, copied ? "" : copied.error().message.c_str());
      (void)reopened(*copied, out);
      QCOMPARE(refusalOf(oracle, out), QString());
      const auto removed = retake::apply(*copied, RemoveCall{copied->info(calls[index].first).id});
      QVERIFY(removed);
      (void)reopened(*removed, out);
      QCOMPARE(refusalOf(oracle, out), QString());
      QCOMPARE(groupCalls(*removed).size(), calls.size());
    }
  }

 private:
  QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(tst_InsertCall)
#include "tst_insert_call.moc"
