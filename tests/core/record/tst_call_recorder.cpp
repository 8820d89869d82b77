#include <QTest>
#include <sstream>
#include <vector>

#include "record/recorder.h"
#include "support/replay_file.h"
#include "support/schema_of.h"
#include "support/shared_sink.h"

using namespace retake;
using test::readRecording;

namespace {

std::string textOf(const Metadata& metadata) {
  std::string text;
  for (const MetadataEntry& entry : metadata)
    text += (text.empty() ? "" : ",") + entry.key + "=" + entry.value;
  return "[" + text + "]";
}

// "REQUEST /p.S/M a; RESPONSE 1 b": kind, method or ref index, message or status, extra fields but for times.
std::string entriesOf(const Recording& recording) {
  std::string out;
  for (std::uint32_t i = 0; i < recording.size(); ++i) {
    const Entry entry = *recording.entry(i);
    const EntryFields& fields = entry.fields;
    out += (out.empty() ? "" : "; ") + std::string(entryKindName(fields.kind));
    if (!fields.method.empty()) out += " " + std::string(fields.method);
    if (fields.refIndex != 0) out += " " + std::to_string(fields.refIndex);
    if (fields.isError && fields.hasMessage) {
      const Status status = *parseStatus(fields.message);
      out += " " + statusCodeName(status.code) + ":" + status.message;
    } else if (fields.isError) {
      out += fields.kind == EntryKind::Send ? " failed" : " end";
    } else if (fields.hasMessage) {
      out += " " + std::string(fields.message);
    }
    const EntryExtras extras = *parseExtras(entry.bytes.view);
    if (extras.requestMetadata) out += " metadata" + textOf(*extras.requestMetadata);
    if (extras.timeoutNanos) out += " timeout " + std::to_string(*extras.timeoutNanos);
    if (extras.headers) out += " headers" + textOf(*extras.headers);
    if (extras.trailers && !extras.trailers->empty()) out += " trailers" + textOf(*extras.trailers);
    if (extras.halfClosedBefore) out += " half-closed";
    if (extras.canceller != EntryExtras::Canceller::Nobody)
      out += " canceller " + std::to_string(static_cast<int>(extras.canceller));
    if (extras.inferred) out += " inferred";
  }
  return out;
}

// Plays "sent a, half-closed, received b, OK, CANCELLED" into a call.
void play(CallRecorder& call, const std::string& script) {
  std::istringstream steps(script);
  for (std::string step; std::getline(steps >> std::ws, step, ',');) {
    std::istringstream words(step);
    std::string verb;
    std::string what;
    words >> verb >> what;
    if (verb == "sent")
      QVERIFY(call.sent(what).has_value());
    else if (verb == "received")
      QVERIFY(call.received(what).has_value());
    else if (verb == "send-failed")
      call.sendFailed();
    else if (verb == "half-closed")
      call.halfClosed();
    else if (verb == "headers")
      call.headers({{"h", what}, {"content-type", "x"}});
    else if (verb == "second-over")
      call.decide(std::chrono::steady_clock::now());
    else if (verb == "recording-over")
      call.recordingEnded();
    else
      call.ended({*statusCodeFromName(verb), what, {}});
  }
}

std::optional<CallKind> kindOf(const QString& name) {
  if (name == "unary") return CallKind::Unary;
  if (name == "server") return CallKind::ServerStream;
  if (name == "client") return CallKind::ClientStream;
  if (name == "bidi") return CallKind::BidiStream;
  return std::nullopt;
}

}  // namespace

class tst_CallRecorder : public QObject {
  Q_OBJECT

 private slots:
  void writesWhatTheGoRecorderWrites_data() {
    QTest::addColumn<QString>("kind");
    QTest::addColumn<QString>("script");
    QTest::addColumn<QString>("entries");
    const auto row = [](const char* name, const char* kind, const char* script, const char* entries) {
      QTest::newRow(name) << kind << script << entries;
    };
    row("unary", "unary", "sent a, half-closed, received b, OK", "REQUEST /p.S/M a; RESPONSE 1 b");
    row("unary, failing", "unary", "sent a, half-closed, NOT_FOUND gone",
        "REQUEST /p.S/M a; RESPONSE 1 NOT_FOUND:gone");
    row("unary, half-closed late", "unary", "sent a, received b, half-closed, OK",
        "REQUEST /p.S/M a; RESPONSE 1 b");
    row("unary, an answer and then an error", "unary", "sent a, received b, INTERNAL x",
        "REQUEST /p.S/M a; RESPONSE 1 INTERNAL:x");
    row("unary, OK without an answer", "unary", "sent a, OK",
        "REQUEST /p.S/M a; RESPONSE 1 INTERNAL:the service ended the call without an answer");
    row("unary, ended before it was sent", "unary", "UNIMPLEMENTED no",
        "CREATE_STREAM /p.S/M; RECV 1 UNIMPLEMENTED:no");
    row("unary, under way when the recording ends", "unary", "sent a, recording-over",
        "REQUEST /p.S/M a; RESPONSE 1 UNAVAILABLE:recording ended canceller 4");
    row("server stream", "server", "sent a, half-closed, received b, received c, OK",
        "CREATE_STREAM /p.S/M; SEND 1 a; RECV 1 b half-closed; RECV 1 c; RECV 1 end");
    row("server stream, failing", "server", "sent a, half-closed, received b, ABORTED x",
        "CREATE_STREAM /p.S/M; SEND 1 a; RECV 1 b half-closed; RECV 1 ABORTED:x");
    row("client stream has no end", "client", "sent a, sent b, half-closed, received c, OK",
        "CREATE_STREAM /p.S/M; SEND 1 a; SEND 1 b; RECV 1 c half-closed");
    row("client stream, failing", "client", "sent a, INTERNAL x",
        "CREATE_STREAM /p.S/M; SEND 1 a; RECV 1 INTERNAL:x");
    row("client stream whose reply is followed by an error", "client", "sent a, received c, INTERNAL x",
        "CREATE_STREAM /p.S/M; SEND 1 a; RECV 1 c; RECV 1 INTERNAL:x");
    row("bidirectional", "bidi", "sent a, received b, sent c, received d, half-closed, OK",
        "CREATE_STREAM /p.S/M; SEND 1 a; RECV 1 b; SEND 1 c; RECV 1 d; RECV 1 end half-closed");
    row("a send that failed", "bidi", "sent a, send-failed, UNAVAILABLE x",
        "CREATE_STREAM /p.S/M; SEND 1 a; SEND 1 failed; RECV 1 UNAVAILABLE:x");
    row("a stream under way when the recording ends", "bidi",
        "sent a, received b, recording-over, received c", "CREATE_STREAM /p.S/M; SEND 1 a; RECV 1 b");
    row("nothing behind the end", "unary", "sent a, received b, OK, received c, OK",
        "REQUEST /p.S/M a; RESPONSE 1 b");
  }
  void writesWhatTheGoRecorderWrites() {
    QFETCH(QString, kind);
    QFETCH(QString, script);
    QFETCH(QString, entries);
    auto bytes = std::make_shared<std::string>();
    auto recorder = Recorder::create(std::make_unique<test::SharedSink>(bytes));
    const auto call = recorder->begin({.method = "/p.S/M", .kind = kindOf(kind)});
    play(*call, script.toStdString());
    QVERIFY(recorder->close().has_value());
    QCOMPARE(QString::fromStdString(entriesOf(*readRecording(*bytes))), entries);
  }

  void infersWhatACallIsAndSaysSo_data() {
    QTest::addColumn<QString>("script");
    QTest::addColumn<QString>("entries");
    const auto row = [](const char* name, const char* script, const char* entries) {
      QTest::newRow(name) << script << entries;
    };
    row("looks unary", "sent a, half-closed, received b, OK", "REQUEST /p.S/M a inferred; RESPONSE 1 b");
    row("fails like a unary one", "sent a, half-closed, NOT_FOUND x",
        "REQUEST /p.S/M a inferred; RESPONSE 1 NOT_FOUND:x");
    row("two messages", "sent a, sent b, half-closed, received c, OK",
        "CREATE_STREAM /p.S/M inferred; SEND 1 a; SEND 1 b; RECV 1 c half-closed; RECV 1 end");
    row("two answers", "sent a, half-closed, received b, received c, OK",
        "CREATE_STREAM /p.S/M inferred; SEND 1 a; RECV 1 b half-closed; RECV 1 c; RECV 1 end");
    row("an answer before the half-close", "sent a, received b, half-closed, OK",
        "REQUEST /p.S/M a inferred; RESPONSE 1 b");
    row("headers before a message", "headers x, sent a, received b, OK",
        "CREATE_STREAM /p.S/M inferred; SEND 1 a; RECV 1 b headers[h=x]; RECV 1 end");
    row("a chat of one turn, and more", "sent a, received b, sent c, OK",
        "CREATE_STREAM /p.S/M inferred; SEND 1 a; RECV 1 b; SEND 1 c; RECV 1 end");
    row("no message", "half-closed, received b, OK",
        "CREATE_STREAM /p.S/M inferred; RECV 1 b half-closed; RECV 1 end");
    row("an end before a message", "UNIMPLEMENTED no",
        "CREATE_STREAM /p.S/M inferred; RECV 1 UNIMPLEMENTED:no");
    row("OK without an answer", "sent a, half-closed, OK",
        "CREATE_STREAM /p.S/M inferred; SEND 1 a; RECV 1 end half-closed");
    row("an answer and then an error", "sent a, half-closed, received b, ABORTED x",
        "CREATE_STREAM /p.S/M inferred; SEND 1 a; RECV 1 b half-closed; RECV 1 ABORTED:x");
    row("takes long", "sent a, half-closed, second-over, received b, OK",
        "CREATE_STREAM /p.S/M inferred; SEND 1 a; RECV 1 b half-closed; RECV 1 end");
    row("under way when the recording ends", "sent a, half-closed, recording-over",
        "REQUEST /p.S/M a inferred; RESPONSE 1 UNAVAILABLE:recording ended canceller 4");
    row("answered when the recording ends", "sent a, half-closed, received b, recording-over",
        "CREATE_STREAM /p.S/M inferred; SEND 1 a; RECV 1 b half-closed");
    row("nothing said when the recording ends", "recording-over", "");
  }
  void infersWhatACallIsAndSaysSo() {
    QFETCH(QString, script);
    QFETCH(QString, entries);
    auto bytes = std::make_shared<std::string>();
    auto recorder = Recorder::create(std::make_unique<test::SharedSink>(bytes));
    play(*recorder->begin({.method = "/p.S/M"}), script.toStdString());
    QVERIFY(recorder->close().has_value());
    QCOMPARE(QString::fromStdString(entriesOf(*readRecording(*bytes))), entries);
  }

  // Equal requests are answered in the order of a kind: a method has one.
  void allCallsOfAMethodAreOfOneKind_data() {
    QTest::addColumn<QString>("first");
    QTest::addColumn<QString>("second");
    QTest::addColumn<QString>("kinds");
    const char* slow = "sent a, half-closed, second-over, received b, OK";
    const char* fast = "sent a, half-closed, received b, OK";
    QTest::addRow("slow, then fast") << slow << fast << "CREATE_STREAM CREATE_STREAM";
    QTest::addRow("fast, then slow") << fast << slow << "REQUEST REQUEST";
    QTest::addRow("two fast ones") << fast << fast << "REQUEST REQUEST";
  }
  void allCallsOfAMethodAreOfOneKind() {
    QFETCH(QString, first);
    QFETCH(QString, second);
    QFETCH(QString, kinds);
    auto bytes = std::make_shared<std::string>();
    auto recorder = Recorder::create(std::make_unique<test::SharedSink>(bytes));
    for (const QString& script : {first, second})
      play(*recorder->begin({.method = "/p.S/M"}), script.toStdString());
    QVERIFY(recorder->close().has_value());
    const auto recording = readRecording(*bytes);
    QStringList found;
    for (std::uint32_t i = 0; i < recording->size(); ++i)
      if (!recording->info(i).ref) found << QString::fromUtf8(entryKindName(recording->info(i).kind));
    QCOMPARE(found.join(' '), kinds);
  }

  // What is told of a method does not keep another thing from being told.
  void eachKindOfNoteIsToldOnce() {
    auto bytes = std::make_shared<std::string>();
    std::vector<std::string> notes;
    auto recorder = Recorder::create(std::make_unique<test::SharedSink>(bytes),
                                     {.onNote = [&](const std::string& text) { notes.push_back(text); }});
    const auto unary = [&] { return recorder->begin({.method = "/p.S/M", .kind = CallKind::Unary}); };
    for (int i = 0; i < 2; ++i) {
      const auto call = unary();
      play(*call, "sent a, received b");
      call->ended({5, "gone", {}});
    }
    QCOMPARE(notes, (std::vector<std::string>{"/p.S/M: an answer in front of its error is not recorded"}));
    for (int i = 0; i < 2; ++i) play(*unary(), "sent a, received b, received c, OK");
    QCOMPARE(notes.size(), 2u);
    QVERIFY(recorder->close().has_value());
  }

  // A schema that says unary is believed until a call shows otherwise.
  void aSchemaThatIsWrongIsToldOnce() {
    auto bytes = std::make_shared<std::string>();
    std::vector<std::string> notes;
    auto recorder = Recorder::create(std::make_unique<test::SharedSink>(bytes),
                                     {.onNote = [&](const std::string& text) { notes.push_back(text); }});
    const auto unary = [&] { return recorder->begin({.method = "/p.S/M", .kind = CallKind::Unary}); };
    play(*unary(), "sent a, received b, received c, received d, OK");
    QCOMPARE(notes.size(), 1u);
    QVERIFY2(
        notes[0].starts_with("/p.S/M: it is said to be unary, and streams: its answer 2 is not recorded"),
        notes[0].c_str());
    play(*unary(), "sent a, received b, received c, OK");
    QVERIFY(recorder->close().has_value());
    QCOMPARE(notes.size(), 1u);
    QCOMPARE(QString::fromStdString(entriesOf(*readRecording(*bytes))).section("; ", 2),
             QString("CREATE_STREAM /p.S/M; SEND 3 a; RECV 3 b; RECV 3 c; RECV 3 end"));
  }

  void aMethodThatTheSchemaLacksIsToldOnce() {
    std::vector<std::string> notes;
    auto recorder =
        Recorder::create(std::make_unique<test::SharedSink>(std::make_shared<std::string>()),
                         {.schema = test::schemaOf("message M {} service S { rpc Known(M) returns (M); }"),
                          .onNote = [&](const std::string& text) { notes.push_back(text); }});
    play(*recorder->begin({.method = "/t.S/Known"}), "sent a, received b, OK");
    QCOMPARE(notes.size(), 0u);
    for (int i = 0; i < 2; ++i) play(*recorder->begin({.method = "/p.S/M"}), "sent a, received b, OK");
    QCOMPARE(notes.size(), 1u);
    QVERIFY2(notes[0].starts_with("/p.S/M: the schema does not have it"), notes[0].c_str());
  }

  // Once a method has shown that it streams, its next call is written as it happens.
  void remembersStreams() {
    auto bytes = std::make_shared<std::string>();
    auto recorder = Recorder::create(std::make_unique<test::SharedSink>(bytes));
    play(*recorder->begin({.method = "/p.S/M"}), "sent a, sent b, OK");
    const auto second = recorder->begin({.method = "/p.S/M"});
    QTRY_COMPARE(recorder->counts().entries, 5u);
    play(*second, "sent c, half-closed, received d, OK");
    QVERIFY(recorder->close().has_value());
    QCOMPARE(QString::fromStdString(entriesOf(*readRecording(*bytes))).section("; ", 4),
             QString("CREATE_STREAM /p.S/M inferred; SEND 5 c; RECV 5 d half-closed; RECV 5 end"));
  }

  void keepsWhatTheFormatLacks_data() {
    QTest::addColumn<QString>("kind");
    QTest::addColumn<QString>("script");
    QTest::addColumn<bool>("extras");
    QTest::addColumn<QString>("entries");
    const auto row = [](const char* name, const char* kind, const char* script, const char* entries,
                        bool extras = true) { QTest::newRow(name) << kind << script << extras << entries; };
    row("unary", "unary", "sent a, headers x, received b, CANCELLED",
        "REQUEST /p.S/M a metadata[k=v] timeout 5; RESPONSE 1 CANCELLED: headers[h=x] trailers[t=u] "
        "canceller 1");
    row("stream", "bidi", "sent a, headers x, received b, received c, CANCELLED",
        "CREATE_STREAM /p.S/M metadata[k=v] timeout 5; SEND 1 a; RECV 1 b headers[h=x]; RECV 1 c; "
        "RECV 1 CANCELLED: trailers[t=u] canceller 1");
    row("client stream", "client", "sent a, headers x, received b, OK",
        "CREATE_STREAM /p.S/M metadata[k=v] timeout 5; SEND 1 a; RECV 1 b headers[h=x] trailers[t=u]");
    row("headers, and no message", "bidi", "headers x, OK",
        "CREATE_STREAM /p.S/M metadata[k=v] timeout 5; RECV 1 end headers[h=x] trailers[t=u]");
    row("switched off", "unary", "sent a, headers x, received b, OK", "REQUEST /p.S/M a; RESPONSE 1 b",
        false);
  }
  void keepsWhatTheFormatLacks() {
    QFETCH(QString, kind);
    QFETCH(QString, script);
    QFETCH(bool, extras);
    QFETCH(QString, entries);
    auto bytes = std::make_shared<std::string>();
    auto recorder = Recorder::create(std::make_unique<test::SharedSink>(bytes), {.extras = extras});
    const auto call = recorder->begin({.method = "/p.S/M",
                                       .kind = kindOf(kind),
                                       .metadata = Metadata{{"k", "v"}, {"te", "trailers"}, {"grpc-x", "y"}},
                                       .timeout = std::chrono::nanoseconds(5)});
    const auto comma = script.lastIndexOf(',');
    play(*call, script.left(comma).toStdString());
    const bool isOk = script.mid(comma + 2) == "OK";
    call->ended({isOk ? 0 : 1, "", {}}, {{"t", "u"}, {"grpc-status", "0"}},
                isOk ? EntryExtras::Canceller::Nobody : EntryExtras::Canceller::Client);
    QVERIFY(recorder->close().has_value());
    const auto recording = readRecording(*bytes);
    QCOMPARE(QString::fromStdString(entriesOf(*recording)), entries);
    std::int64_t last = 0;
    for (std::uint32_t i = 0; i < recording->size(); ++i) {
      const auto time = parseExtras(recording->entry(i)->bytes.view)->timeNanos;
      QCOMPARE(time.has_value(), extras);
      QVERIFY(time.value_or(0) >= last);
      last = time.value_or(0);
    }
  }

  void aHookChangesWhatIsWrittenAndNothingElse() {
    auto bytes = std::make_shared<std::string>();
    std::string asked;
    auto recorder =
        Recorder::create(std::make_unique<test::SharedSink>(bytes),
                         {.beforeWrite = [&](const MessageToWrite& message) -> Result<std::string> {
                           asked += std::string(message.isRequest ? ">" : "<") +
                                    std::to_string(message.number) + std::string(message.bytes);
                           if (message.bytes == "bad") return Error{"no such thing"};
                           return "<" + std::string(message.bytes) + ">";
                         }});
    const auto call = recorder->begin({.method = "/p.S/M", .kind = CallKind::BidiStream});
    play(*call, "sent a, received b, sent c");
    const auto refused = call->received("bad");
    QVERIFY(!refused);
    QCOMPARE(QString::fromStdString(refused.error().message), QString("no such thing"));
    play(*call, "UNKNOWN x");
    // Whose first message the hook refuses is not in the recording at all.
    QVERIFY(!recorder->begin({.method = "/p.S/M", .kind = CallKind::Unary})->sent("bad"));
    // One that has sent something before keeps that.
    const auto undecided = recorder->begin({.method = "/p.S/N"});
    QVERIFY(undecided->sent("d").has_value());
    QVERIFY(!undecided->sent("bad"));
    play(*undecided, "UNKNOWN y");
    QVERIFY(recorder->close().has_value());
    QCOMPARE(QString::fromStdString(asked), QString(">1a<1b>2c<2bad>1bad>1d>2bad"));
    QCOMPARE(QString::fromStdString(entriesOf(*readRecording(*bytes))),
             QString("CREATE_STREAM /p.S/M; SEND 1 <a>; RECV 1 <b>; SEND 1 <c>; RECV 1 UNKNOWN:x; "
                     "REQUEST /p.S/N <d> inferred; RESPONSE 6 UNKNOWN:y"));
  }

  void aCallThatIsLetGoOfWasCancelledByTheClient() {
    auto bytes = std::make_shared<std::string>();
    auto recorder = Recorder::create(std::make_unique<test::SharedSink>(bytes));
    play(*recorder->begin({.method = "/p.S/M", .kind = CallKind::Unary}), "sent a");
    QCOMPARE(recorder->counts().open, 0u);
    QVERIFY(recorder->close().has_value());
    QCOMPARE(QString::fromStdString(entriesOf(*readRecording(*bytes))),
             QString("REQUEST /p.S/M a; RESPONSE 1 CANCELLED:the client let go of the call canceller 1"));
  }
};

QTEST_GUILESS_MAIN(tst_CallRecorder)
#include "tst_call_recorder.moc"
