#include <QtTest>

#include "edit/edit.h"
#include "format/replay_binary.h"
#include "recording/calls.h"
#include "recording/problem.h"
#include "support/dump.h"
#include "support/replay_file.h"

using namespace retake;
using namespace retake::test;

namespace {

const Message kM{"a.M", "m"};
const Message kStatusLike{"google.rpc.Status", "\x08\x05"};
const std::string kUrl = "type.googleapis.com/a.M";
const EntryMessage kEntryMessage{kUrl, "m"};

std::string text(const std::vector<Problem>& problems) {
  std::string out;
  for (const Problem& problem : problems) out += problem.text + " [" + describe(problem.repair) + "]\n";
  return out;
}

std::string written(const Recording& recording) {
  StringSink sink;
  return replayBinaryFormat().write(recording, sink, {}) ? sink.take() : "could not be written";
}

// Applies repairs until none is left to apply.
std::string repaired(Recording recording) {
  for (int round = 0; round < 20; ++round) {
    bool done = true;
    for (const Problem& problem : findProblems(recording)) {
      if (problem.repair.kind == Repair::Kind::None) continue;
      if (problem.repair.entry && !recording.position(problem.repair.entry)) continue;
      const auto after = apply(recording, problem.repair);
      if (!after) return "cannot be applied: " + after.error().message;
      recording = *after;
      done = false;
      break;
    }
    if (done) return written(recording);
  }
  return "repairs go on for ever";
}

std::string entry(EntryKind kind, std::string_view method, std::optional<EntryMessage> message, bool isError,
                  std::uint32_t ref) {
  return serializeEntry(kind, method, message, isError, ref);
}

// A whole call before the damage and one after it: neither may change.
struct Frame {
  ReplayFile file{"seed"};
  Frame() { file.unary("/before", kM, kM); }
  Frame& after() {
    file.unary("/after", kM, kM);
    return *this;
  }
};

// What is left when only the two good calls are.
std::string goodCalls() { return Frame().after().file.bytes(); }

// "{3}" becomes the byte at which entry 3 begins, "{tail}" that behind the last whole record.
std::string withOffsets(std::string expected, std::string_view file) {
  std::size_t offset = 9;
  const auto fill = [&](const std::string& name, std::size_t value) {
    for (std::size_t at; (at = expected.find("{" + name + "}")) != std::string::npos;)
      expected.replace(at, name.size() + 2, std::to_string(value));
  };
  const auto records = recordsOf(file);
  for (std::size_t i = 0; i < records.size(); ++i) {
    fill(std::to_string(i), offset + 4);
    if (offset + 4 + records[i].size() <= file.size()) offset += 4 + records[i].size();
  }
  fill("tail", offset);
  return expected;
}

}  // namespace

class tst_Problems : public QObject {
  Q_OBJECT
 private slots:
  void namesEachDamageAndItsRepair_data() {
    QTest::addColumn<QByteArray>("damaged");
    QTest::addColumn<QString>("problems");
    QTest::addColumn<QByteArray>("repaired");
    const auto row = [](const char* name, const std::string& damaged, const char* problems,
                        const std::string& mended) {
      QTest::newRow(name) << QByteArray::fromStdString(damaged) << QString(problems)
                          << QByteArray::fromStdString(mended);
    };
    const auto between = [](auto damage) {
      Frame frame;
      damage(frame.file);
      return frame.after().file.bytes();
    };
    row("nothing", goodCalls(), "", goodCalls());
    row("magic alone", "RPCReplay",
        "initial state at byte 9: expected 4 bytes of length, found the end of the file; a recorder that saw "
        "no "
        "call leaves this [write an empty initial state]\n",
        ReplayFile().bytes());
    row("header cut in its length", std::string("RPCReplay\x04\0", 11),
        "initial state at byte 9: expected 4 bytes of length, 2 bytes are left [write an empty initial "
        "state]\n",
        ReplayFile().bytes());
    row("header cut behind its length", std::string("RPCReplay\x04\0\0\0", 13),
        "initial state at byte 9: length 4 runs past the end, 0 bytes are left [write an empty initial "
        "state]\n",
        ReplayFile().bytes());
    row("header cut in the state", std::string("RPCReplay\x04\0\0\0see", 16),
        "initial state at byte 9: length 4 runs past the end, 3 bytes are left [write an empty initial "
        "state]\n",
        ReplayFile().bytes());
    row("one byte of length", goodCalls() + "x",
        "record 5 at byte {tail}: expected 4 bytes of length, 1 byte is left [leave the cut tail out]\n",
        goodCalls());
    row("length beyond the end", goodCalls() + std::string("\x09\0\0\0abcd", 8),
        "record 5 at byte {tail}: length 9 runs past the end, 4 bytes are left [leave the cut tail out]\n",
        goodCalls());
    row("length of 4 GiB", goodCalls() + "\xff\xff\xff\xff",
        "record 5 at byte {tail}: length 4294967295 runs past the end, 0 bytes are left; the Go packages "
        "take "
        "this "
        "for a clean end [leave the cut tail out]\n",
        goodCalls());
    row("cut behind a length", goodCalls() + std::string("\x09\0\0\0", 4),
        "record 5 at byte {tail}: length 9 runs past the end, 0 bytes are left; the Go packages take this "
        "for a "
        "clean end [leave the cut tail out]\n",
        goodCalls());
    row("unknown kind",
        between([](ReplayFile& f) { f.record(entry(static_cast<EntryKind>(9), "/x", {}, false, 1)); }),
        "entry 3 at byte {3} (unknown kind /x): expected a kind from 1 to 5, found 9 [remove the entry]\n",
        goodCalls());
    row("no kind", between([](ReplayFile& f) { f.record(field(2, "/x")); }),
        "entry 3 at byte {3} (no kind /x): expected a kind from 1 to 5, found 0 [remove the entry]\n",
        goodCalls());
    row("empty record", between([](ReplayFile& f) { f.record(""); }),
        "entry 3 at byte {3} (no kind): expected a kind from 1 to 5, found 0 [remove the entry]\n",
        goodCalls());
    row("no Entry message", between([](ReplayFile& f) { f.record("\x08"); }),
        "entry 3 at byte {3} (unreadable): expected an Entry message, found 1 byte that is none: a number "
        "is cut "
        "off [remove the entry]\n",
        goodCalls());
    row("no Any in it", between([](ReplayFile& f) { f.record(field(1, 1u) + field(3, "\xff")); }),
        "entry 3 at byte {3} (unreadable): expected an Entry message, found 5 bytes that are none: its "
        "message is no "
        "google.protobuf.Any: a number is cut off [remove the entry]\n",
        goodCalls());
    row("reference to nothing", between([](ReplayFile& f) { f.response(99, kM); }),
        "entry 3 at byte {3} (RESPONSE): it refers to entry 99, expected a REQUEST before it, found no such "
        "entry "
        "[remove the entry]\n",
        goodCalls());
    row("no reference", between([](ReplayFile& f) { f.send(0, kM); }),
        "entry 3 at byte {3} (SEND): it refers to entry 0, expected a CREATE_STREAM before it, found no such "
        "entry "
        "[remove the entry]\n",
        goodCalls());
    row("reference below zero",
        between([](ReplayFile& f) { f.record(field(1, 5u) + field(4, 1u) + field(5, ~std::uint64_t{0})); }),
        "entry 3 at byte {3} (RECV): it refers to entry -1, expected a CREATE_STREAM before it, found no "
        "such "
        "entry "
        "[remove the entry]\n",
        goodCalls());
    row("reference to itself", between([](ReplayFile& f) { f.response(3, kM); }),
        "entry 3 at byte {3} (RESPONSE): it refers to entry 3, expected a REQUEST before it, found the entry "
        "itself "
        "[remove the entry]\n",
        goodCalls());
    row("reference to a later entry", between([](ReplayFile& f) { f.response(4, kM); }),
        "entry 3 at byte {3} (RESPONSE): it refers to entry 4, expected a REQUEST before it, found a later "
        "entry "
        "[remove the entry]\n",
        goodCalls());
    row("RECV of a REQUEST", between([](ReplayFile& f) { f.recv(1, kM); }),
        "entry 3 at byte {3} (RECV): it refers to entry 1, expected a CREATE_STREAM before it, found REQUEST "
        "[remove the entry]\n",
        goodCalls());
    row("RESPONSE to a RESPONSE", between([](ReplayFile& f) { f.response(2, kM); }),
        "entry 3 at byte {3} (RESPONSE): it refers to entry 2, expected a REQUEST before it, found RESPONSE "
        "[remove "
        "the entry]\n",
        goodCalls());
    row("second RESPONSE", between([](ReplayFile& f) { f.response(1, kM); }),
        "entry 3 at byte {3} (RESPONSE /before): its REQUEST has a RESPONSE already; the Go packages refuse "
        "the whole "
        "file [remove the entry]\n",
        goodCalls());
    {
      const std::string damaged = between([](ReplayFile& f) { f.request("/open", kM); });
      const std::string answer =
          entry(EntryKind::Response, {},
                EntryMessage{"type.googleapis.com/google.rpc.Status",
                             serializeStatus({.code = 14, .message = "recording ended", .details = {}})},
                true, 3);
      ReplayFile mended;
      mended.record(answer);
      row("REQUEST without RESPONSE", damaged,
          "entry 3 at byte {3} (REQUEST /open): no RESPONSE is recorded; the Go packages refuse the whole "
          "file [answer "
          "it with UNAVAILABLE \"recording ended\"]\n",
          damaged + mended.bytes().substr(13));
    }
    row("message missing", between([](ReplayFile& f) {
          f.unary("/before", kM, kM);
          const auto r = f.request("/before", kM);
          f.record(entry(EntryKind::Response, {}, {}, false, r));
        }),
        "entry 6 at byte {6} (RESPONSE /before): expected a message, found none; the Go packages refuse the "
        "whole file "
        "[write an empty message]\n",
        between([](ReplayFile& f) {
          f.unary("/before", kM, kM);
          const auto r = f.request("/before", kM);
          f.record(entry(EntryKind::Response, {}, EntryMessage{kUrl, ""}, false, r));
        }));
    row("message missing, of no known type", between([](ReplayFile& f) {
          f.record(entry(EntryKind::Request, "/only", {}, false, 0));
          f.response(3, kM);
        }),
        "entry 3 at byte {3} (REQUEST /only): expected a message, found none; the Go packages refuse the "
        "whole file "
        "[remove the call]\n",
        goodCalls());
    row("REQUEST that is an error", between([](ReplayFile& f) {
          f.record(entry(EntryKind::Request, "/x", {}, true, 0));
          f.response(3, kM);
        }),
        "entry 3 at byte {3} (REQUEST /x): expected a message, found an error, which no call can match "
        "[remove the "
        "call]\n",
        goodCalls());
    row("stream without a method", between([](ReplayFile& f) {
          const auto s = f.createStream("");
          f.send(s, kM).recv(s, kM).recvEnd(s);
        }),
        "entry 3 at byte {3} (CREATE_STREAM): expected a method, found none [remove the call]\n",
        goodCalls());
    row("error that is no status", between([](ReplayFile& f) {
          const auto s = f.createStream("/before");
          f.record(entry(EntryKind::Recv, {}, EntryMessage{kUrl, "m"}, true, s));
        }),
        "entry 4 at byte {4} (RECV /before): expected a google.rpc.Status as its error, found a.M; the Go "
        "packages "
        "crash on it [remove the entry]\n",
        between([](ReplayFile& f) { f.createStream("/before"); }));
    row("status that is OK", between([](ReplayFile& f) { f.createStream("/before", Status{}); }),
        "entry 3 at byte {3} (CREATE_STREAM /before): expected the status of an error, found OK [remove the "
        "call]\n",
        goodCalls());
    row("status that cannot be read", between([](ReplayFile& f) {
          f.record(entry(EntryKind::CreateStream, "/s",
                         EntryMessage{"type.googleapis.com/google.rpc.Status", "\x08"}, true, 0));
        }),
        "entry 3 at byte {3} (CREATE_STREAM /s): the google.rpc.Status cannot be read: a number is cut off; "
        "the Go "
        "packages refuse the whole file [remove the call]\n",
        goodCalls());
    row("type missing", between([](ReplayFile& f) {
          const auto s = f.createStream("/s");
          f.record(entry(EntryKind::Send, {}, EntryMessage{"", "m"}, false, s));
        }),
        "entry 4 at byte {4} (SEND /s): expected the type of its message, found none; the Go packages refuse "
        "the whole "
        "file [remove the entry]\n",
        between([](ReplayFile& f) { f.createStream("/s"); }));
    const std::string unreadable = between([](ReplayFile& f) {
      f.record(entry(EntryKind::Request, "/before", kEntryMessage, false, 0) + field(1001, 1u));
      f.response(3, kM);
    });
    row("extras that cannot be read", unreadable,
        "entry 3 at byte {3} (REQUEST /before): request metadata at byte 41 of the entry: expected a "
        "message, "
        "found a varint [nothing to apply]\n",
        unreadable);
    const std::string unsendable = between([](ReplayFile& f) {
      f.unary("/before", kM, kM);
      f.headers({{"ok", "v"}, {"Upper", "v"}, {"grpc-Status", "0"}}).trailers({{"line", "a\nb"}});
    });
    row("metadata that cannot be sent", unsendable,
        "entry 4 at byte {4} (RESPONSE /before): metadata key \"Upper\": expected lower-case letters, "
        "digits, "
        "'-', '_' and '.', found 'U', and 1 more; it is left out when the call is served [nothing to "
        "apply]\n",
        unsendable);
    row("method that is no text", between([](ReplayFile& f) {
          const auto s = f.createStream("/\xff");
          f.send(s, kM);
        }),
        "entry 3 at byte {3} (CREATE_STREAM): expected UTF-8 in the method, found other bytes; the Go "
        "packages refuse "
        "the whole file [remove the call]\n",
        goodCalls());
  }
  void namesEachDamageAndItsRepair() {
    QFETCH(QByteArray, damaged);
    QFETCH(QString, problems);
    QFETCH(QByteArray, repaired);
    const auto recording = readRecording(damaged.toStdString());
    QCOMPARE(text(findProblems(*recording)), withOffsets(problems.toStdString(), damaged.toStdString()));
    QCOMPARE(written(*recording), damaged.toStdString());
    QCOMPARE(dump(*readRecording(::repaired(*recording))), dump(*readRecording(repaired.toStdString())));
    QCOMPARE(::repaired(*recording), repaired.toStdString());
  }

  void namesSeveralInFileOrder() {
    ReplayFile file;
    file.request("/open", kM);
    file.record("\xff");
    file.response(9, kM);
    const auto recording = readRecording(file.bytes() + "tail");
    std::vector<std::uint32_t> places;
    for (const Problem& problem : findProblems(*recording)) places.push_back(problem.position.value_or(99));
    QCOMPARE(places, (std::vector<std::uint32_t>{0, 1, 2, 99}));
  }

  // Removing an entry moves the others; what dangled must not come to refer to one of them.
  void keepsDanglingReferencesDangling() {
    ReplayFile file;
    file.record("\xff");
    file.request("/open", kM);
    file.unary("/a", kM, kM);
    file.response(1, kM);  // entry 2 moves to place 1
    const auto recording = file.recording();
    const auto removed = apply(*recording, Repair{Repair::Kind::RemoveEntry, {1}});
    const auto again = readRecording(written(*removed));
    QCOMPARE(dump(*again, groupCalls(*again)), std::string("1 unary /open: 1\n2 unary /a: 2 3\n"));
  }

  void sortsOutWhatReferredToARemovedEntry() {
    ReplayFile file;
    file.unary("", kM, kM);
    file.unary("/a", kM, kM);
    const auto removed = apply(*file.recording(), Repair{Repair::Kind::RemoveEntry, {1}});
    QCOMPARE(
        text(findProblems(*removed)),
        withOffsets("entry 1 at byte {2} (RESPONSE): expected a REQUEST before it, found that it was removed "
                    "[remove the entry]\n",
                    file.bytes()));
    const auto again = readRecording(written(*removed));
    QCOMPARE(dump(*again, groupCalls(*again)), std::string("1 unary /a: 2 3\n"));
  }

  void findsRecordsThatGrpcreplayRefuses() {
    ReplayFile file(std::string((64u << 20) + 1, 's'));
    file.unary("/a", kM, {"a.M", std::string(64u << 20, 'm')});
    const auto recording = file.recording();
    QCOMPARE(
        text(findProblems(*recording)),
        withOffsets(
            "initial state: expected at most 67108864 bytes, found 67108865; grpcreplay refuses the whole "
            "file, rpcreplay takes it [nothing to apply]\n"
            "entry 2 at byte {2} (RESPONSE /a): expected at most 67108864 bytes, found " +
                std::to_string(recording->info(1).length) +
                "; "
                "grpcreplay refuses the whole file, rpcreplay takes it [nothing to apply]\n",
            file.bytes()));
  }

  // Of a recorder without a schema: one problem, whose repair takes nothing away.
  void missingTypesThatWereNeverKnownAreOneProblem() {
    const Message untyped{"", "m"};
    ReplayFile file;
    file.unary("/typed", kM, kM);
    const auto unary = file.request("/a", untyped);
    file.extras({.inferred = true}).response(unary, untyped);
    const auto stream = file.createStream("/b");
    file.extras({.inferred = true}).send(stream, untyped).recv(stream, untyped).recvEnd(stream);
    QCOMPARE(
        text(findProblems(*file.recording())),
        withOffsets(
            "entry 3 at byte {3} (REQUEST /a): no schema told its recorder the type of its message; so it "
            "is with 3 more; the Go packages refuse the whole file until a schema gives the types "
            "[nothing to apply]\n",
            file.bytes()));
  }

  void stopsWhenItIsTold() {
    std::stop_source stop;
    stop.request_stop();
    ReplayFile file;
    file.request("/open", kM);
    QVERIFY(findProblems(*file.recording(), {.stop = stop.get_token(), .progress = {}}).empty());
  }

  void findsNothingInRealRecordings() {
    const auto paths = realRecordings();
    if (paths.empty()) QSKIP("SKIPPED: there are no real recordings (set RETAKE_RECORDINGS)");
    for (const std::string& path : paths)
      QCOMPARE(path + ": " + text(findProblems(*readRecording(readFile(path)))), path + ": ");
  }
};

QTEST_APPLESS_MAIN(tst_Problems)
#include "tst_problems.moc"
