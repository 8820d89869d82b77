#include <QtTest>

#include "recording/calls.h"
#include "support/dump.h"
#include "support/replay_file.h"

using namespace retake;
using namespace retake::test;

namespace {

const Message kM{"a.M", "m"};
const Status kNotFound{.code = 5, .message = "no", .details = {}};

std::string describe(const CallEnd& end) {
  static constexpr const char* kKinds[] = {"open", "ok", "error"};
  std::string out = kKinds[static_cast<std::size_t>(end.kind)];
  if (end.kind == CallEnd::Kind::Error) out += " " + std::to_string(end.code);
  if (end.entry) out += " at " + std::to_string(*end.entry + 1);
  return out;
}

}  // namespace

class tst_Calls : public QObject {
  Q_OBJECT
 private slots:
  void groupsCallsThatOverlap() {
    ReplayFile file;
    const auto a = file.request("/a", kM);
    const auto b = file.request("/b", kM);
    const auto s = file.createStream("/s");
    file.send(s, kM).response(b, kM);
    const auto t = file.createStream("/t");
    file.send(t, kM).recv(s, kM).response(a, kNotFound).recv(t, kM).recvEnd(s).send(t, kM).recvEnd(t);
    const auto recording = file.recording();
    QCOMPARE(dump(*recording, groupCalls(*recording)),
             std::string("1 unary /a: 1 9\n"
                         "2 unary /b: 2 5\n"
                         "3 server stream /s: 3 4 8 11\n"
                         "4 bidirectional stream /t: 6 7 10 12 13\n"));
  }

  void infersTheKindOfAStream_data() {
    QTest::addColumn<QString>("entries");  // S, R, E: end of stream, X: an error, F: a SEND that failed
    QTest::addColumn<QString>("kind");
    QTest::addColumn<QString>("end");
    const auto row = [](const char* entries, const char* kind, const char* end) {
      QTest::newRow(*entries ? entries : "nothing") << entries << kind << end;
    };
    row("SRRE", "server stream", "ok at 5");
    row("SE", "server stream", "ok at 3");
    row("SX", "server stream", "error 5 at 3");
    row("SRR", "server stream", "open");
    row("SSR", "client stream", "ok at 4");
    row("SR", "client stream", "ok at 3");
    row("R", "client stream", "ok at 2");
    row("SSX", "bidirectional stream", "error 5 at 4");
    row("SRSRE", "bidirectional stream", "ok at 6");
    row("RSE", "bidirectional stream", "ok at 4");
    row("SSRE", "bidirectional stream", "ok at 5");
    row("RRE", "bidirectional stream", "ok at 4");
    row("S", "server stream", "open");
    row("SSF", "bidirectional stream", "open");
    row("", "bidirectional stream", "open");
  }
  void infersTheKindOfAStream() {
    QFETCH(QString, entries);
    QFETCH(QString, kind);
    QFETCH(QString, end);
    ReplayFile file;
    const auto stream = file.createStream("/s");
    for (const QChar c : entries) {
      if (c == 'S') file.send(stream, kM);
      if (c == 'F') file.sendFailed(stream);
      if (c == 'R') file.recv(stream, kM);
      if (c == 'E') file.recvEnd(stream);
      if (c == 'X') file.recv(stream, kNotFound);
    }
    const auto recording = file.recording();
    const Calls calls = groupCalls(*recording);
    QCOMPARE(QString::fromUtf8(callKindName(calls[0].kind).data()), kind);
    QCOMPARE(QString::fromStdString(describe(callEnd(*recording, calls[0]))), end);
  }

  void tellsHowACallEnded() {
    ReplayFile file;
    file.unary("/ok", kM, kM);
    file.unary("/error", kM, kNotFound);
    file.request("/open", kM);
    file.createStream("/failed", kNotFound);
    const auto eof = file.request("/eof", kM);
    file.record(serializeEntry(EntryKind::Response, {}, std::nullopt, true, eof));
    file.unary("/odd code", kM, Status{.code = 99, .message = {}, .details = {}});
    const auto recording = file.recording();
    const Calls calls = groupCalls(*recording);
    std::string ends;
    for (std::uint32_t i = 0; i < calls.size(); ++i) ends += describe(callEnd(*recording, calls[i])) + "\n";
    QCOMPARE(ends, std::string("ok at 2\nerror 5 at 4\nopen\nerror 5 at 6\nerror 2 at 8\nerror 31 at 10\n"));
  }

  void leavesOutWhatBelongsToNoCall() {
    ReplayFile file;
    const auto a = file.request("/a", kM);
    file.response(a, kM).response(a, kM);     // a second answer
    file.recv(a, kM);                         // to a REQUEST
    file.response(99, kM).response(0, kM);    // to nothing
    file.record("\xff\xff\xff");              // no Entry
    file.record(field(1, 9u) + field(5, a));  // unknown kind
    const auto recording = file.recording();
    const Calls calls = groupCalls(*recording);
    QCOMPARE(dump(*recording, calls), std::string("1 unary /a: 1 2\n"));
    QCOMPARE(calls.indexOf(*recording, 1).value_or(9), 0u);
    for (std::uint32_t position = 3; position < recording->size(); ++position)
      QVERIFY(!calls.indexOf(*recording, position));
  }

  void findsTheCallOfAnEntry() {
    ReplayFile file;
    const auto a = file.request("/a", kM);
    const auto s = file.createStream("/s");
    file.send(s, kM).response(a, kM).recvEnd(s);
    const auto recording = file.recording();
    const Calls calls = groupCalls(*recording);
    std::vector<std::uint32_t> found;
    for (std::uint32_t position = 0; position < recording->size(); ++position)
      found.push_back(calls.indexOf(*recording, position).value_or(9));
    QCOMPARE(found, (std::vector<std::uint32_t>{0, 1, 1, 0, 1}));
  }

  void groupsAfterEntriesMoved() {
    ReplayFile file;
    const auto junk = file.record("\xff");
    file.unary("/a", kM, kM);
    const auto s = file.createStream("/s");
    file.send(s, kM);
    const Recording moved = file.recording()->withoutEntry(junk - 1);
    const Recording ended =
        moved.withInserted(moved.size(), serializeEntry(EntryKind::Recv, {}, {}, true, 0), {s});
    QCOMPARE(dump(ended, groupCalls(ended)), std::string("1 unary /a: 1 2\n2 server stream /s: 3 4 5\n"));
    const Recording orphaned = ended.withoutEntry(0);
    QCOMPARE(dump(orphaned, groupCalls(orphaned)), std::string("1 server stream /s: 2 3 4\n"));
  }

  void groupsNothing() {
    const auto recording = ReplayFile().recording();
    QCOMPARE(groupCalls(*recording).size(), 0u);
  }
};

QTEST_APPLESS_MAIN(tst_Calls)
#include "tst_calls.moc"
