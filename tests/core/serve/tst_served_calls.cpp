#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

#include <QElapsedTimer>
#include <QProcess>
#include <QTest>
#include <atomic>
#include <filesystem>
#include <set>
#include <thread>

#include "edit/edit.h"
#include "format/format.h"
#include "served.h"
#include "support/pinger_service.h"
#include "support/replay_file.h"

using namespace retake;
using namespace std::chrono_literals;
using test::addEndpoints;
using test::channelOf;
using test::field;
using test::kInMemory;
using test::kMethod;
using test::Message;
using test::ReplayFile;
using test::serve;
using test::simple;
using test::unary;

// What clients get over each endpoint.
class tst_ServedCalls : public QObject {
  Q_OBJECT

 private slots:
  void theStandInIsNotToldFromTheService_data() { addEndpoints(); }
  void theStandInIsNotToldFromTheService() {
    const auto server = serve(test::readRecording(test::recordedPingClient()));
    QVERIFY(server);
    WITH_CHANNEL(server, channel);
    QCOMPARE(QString::fromStdString(test::runPingClient(channel)),
             QString::fromStdString(test::livePingTranscript()));
    const ReplayReport report = server->report();
    QCOMPARE(report.served, 12u);
    QCOMPARE(report.missed + report.aborted, 0u);
    QVERIFY(report.neverAskedFor.empty());
    // Once more, and everything has been used up.
    QVERIFY(test::runPingClient(channel) != test::livePingTranscript());
    server->resetUsed();
    QCOMPARE(QString::fromStdString(test::runPingClient(channel)),
             QString::fromStdString(test::livePingTranscript()));
  }

  // What a recorded client did is done again, and all of it is as recorded, at once.
  void anyRecordedCallIsPlayedAgain_data() {
    QTest::addColumn<QString>("endpoint");
    QTest::addColumn<QString>("recorded");
    for (const QString& endpoint : {kInMemory, QString("127.0.0.1:0")})
      for (const char* recorded : {"u a>1",
                                   "u a>!5",
                                   "u a>!0",
                                   "u a>!",
                                   "u a>!4",
                                   "s S:a R:1 E",
                                   "s S:a R:1 R:2 R:3 E:5",
                                   "s S:a S:b R:9",
                                   "s S:a R:1 S:b R:2 E",
                                   "s R:1 S:a R:2 S:b E",
                                   "s R:1 R:2 E",
                                   "s R:1 E:5",
                                   "s S:a R:1 R:2",
                                   "s S:a R:1 E:1",
                                   "s S:a R:1 E:4",
                                   "s S:a X E:5",
                                   "s F:7",
                                   "s E",
                                   "s E:5",
                                   "s S:a E:5",
                                   "s"})
        QTest::addRow("%s, %s", recorded, qPrintable(endpoint)) << endpoint << recorded;
  }
  void anyRecordedCallIsPlayedAgain() {
    QFETCH(QString, recorded);
    const auto recording = test::recordingOf(recorded.toStdString());
    const auto server = serve(recording);
    WITH_CHANNEL(server, channel);
    const auto script = clientScript(*recording, groupCalls(*recording)[0]);
    QVERIFY(script);
    const ClientOutcome outcome = play(channel, *script);
    const auto differences = compare(*Schema::builtin(), *script, outcome);
    QVERIFY2(differences.empty(), differences.empty() ? "" : differences.front().c_str());
    QVERIFY2(outcome.duration < 3s, "a call that is played as recorded waits for nothing");
    QCOMPARE(server->report().missed, 0u);
    // A client that cancels without having waited for anything may be gone before it was seen.
    if (script->endRecorded || !outcome.received.empty()) QVERIFY(server->report().neverAskedFor.empty());
  }

  void aDifferenceIsSaid() {
    const auto recording = test::recordingOf("s S:a R:1 R:2 E:5");
    const auto script = clientScript(*recording, groupCalls(*recording)[0]);
    QVERIFY(script);
    const auto first = [&](ClientOutcome outcome) {
      return compare(*Schema::builtin(), *script, outcome).front();
    };
    const Status end = script->end;
    const std::string one = field(1, "1");
    const std::string two = field(1, "2");
    QVERIFY(compare(*Schema::builtin(), *script, {.received = {one, two}, .end = end}).empty());
    QCOMPARE(first({.received = {one, one}, .end = end}),
             "message 2 differs: expected 3 bytes as recorded, found 3 other bytes");
    QCOMPARE(first({.received = {one}, .end = end}), "expected 2 messages, found 1");
    QCOMPARE(first({.received = {one, two}, .end = {}}), "status: expected NOT_FOUND \"recorded\", found OK");
    Status other = end;
    other.message = "another";
    QCOMPARE(first({.received = {one, two}, .end = other}),
             "status message: expected \"recorded\", found \"another\"");
    other = end;
    other.details = {{"t", "x"}};
    QCOMPARE(first({.received = {one, two}, .end = other}),
             "status details: expected 0 as recorded, found 1");
  }

  // The waits of serving.md on the wire; how long each is, the tables of tst_choosing and tst_playing say.
  void whatIsNotSentIsNotWaitedForLong_data() { addEndpoints(); }
  void whatIsNotSentIsNotWaitedForLong() {
    const auto server = serve(test::recordingOf("s S:a R:1 E; s R:2 E; s S:z S:y R:3 S:x R:4 E"));
    WITH_CHANNEL(server, channel);
    grpc::GenericStub stub(channel);
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + 30s);
    grpc::CompletionQueue queue;
    const auto next = [&] {
      void* tag = nullptr;
      bool ok = false;
      return queue.Next(&tag, &ok) && ok;
    };
    const auto readsTheNext = [&](grpc::GenericClientAsyncReaderWriter& call) {
      grpc::ByteBuffer message;
      call.Read(&message, nullptr);
      return next();
    };
    QElapsedTimer timer;
    timer.start();
    const auto silent = stub.PrepareCall(&context, kMethod, &queue);
    silent->StartCall(nullptr);
    QVERIFY(next());
    QVERIFY(readsTheNext(*silent));
    QVERIFY2(timer.elapsed() >= 245 && timer.elapsed() < 900, qPrintable(QString::number(timer.elapsed())));
    grpc::Status status;
    silent->Finish(&status, nullptr);
    QVERIFY(next());
    QVERIFY(status.ok());

    grpc::ClientContext second;
    second.set_deadline(std::chrono::system_clock::now() + 30s);
    const auto slow = stub.PrepareCall(&second, kMethod, &queue);
    slow->StartCall(nullptr);
    QVERIFY(next());
    for (const char* name : {"z", "y"}) {
      const grpc::Slice slice(field(1, std::string(name)));
      timer.start();
      slow->Write(grpc::ByteBuffer(&slice, 1), nullptr);
      QVERIFY(next());
    }
    QVERIFY(readsTheNext(*slow));
    QVERIFY2(timer.elapsed() < 900, "the first RECV was due");
    QVERIFY(readsTheNext(*slow));
    QVERIFY2(timer.elapsed() >= 990 && timer.elapsed() < 3000, qPrintable(QString::number(timer.elapsed())));
    second.TryCancel();
    slow->Finish(&status, nullptr);
    QVERIFY(!next() || !status.ok());
    queue.Shutdown();
    while (next()) {
    }
  }

  void manyClientsAtOnceGetTheirOwnAnswers_data() { addEndpoints(); }
  void manyClientsAtOnceGetTheirOwnAnswers() {
    constexpr int kThreads = 8;
    constexpr int kCalls = 100;
    ReplayFile file;
    for (int i = 0; i < kThreads * kCalls; ++i)
      file.unary(kMethod, {"t.M", field(1, std::to_string(i))}, Message{"t.M", field(2, std::to_string(i))});
    for (int i = 0; i < kThreads * kCalls; ++i)
      file.unary("/t.S/Same", {"t.M", {}}, Message{"t.M", field(2, std::to_string(i))});
    const auto server = serve(file.recording());
    WITH_CHANNEL(server, channel);
    std::atomic<int> wrong = 0;
    std::mutex mutex;
    std::set<std::string> same;
    std::vector<std::thread> threads;
    for (int t = 0; t < kThreads; ++t)
      threads.emplace_back([&, t] {
        for (int i = 0; i < kCalls; ++i) {
          const std::string name = std::to_string(t * kCalls + i);
          const auto own = play(channel, unary(field(1, name)));
          if (own.received != std::vector{field(2, name)}) ++wrong;
          const auto any = play(channel, unary({}, "/t.S/Same"));
          const std::lock_guard lock(mutex);
          if (any.received.size() == 1) same.insert(any.received[0]);
        }
      });
    for (auto& thread : threads) thread.join();
    QCOMPARE(wrong.load(), 0);
    QCOMPARE(same.size(), std::size_t{kThreads * kCalls});  // each handed out once
    QCOMPARE(server->report().served, std::uint64_t{kThreads * kCalls * 2});
    QVERIFY(server->report().neverAskedFor.empty());
  }

  void anEditCountsFromTheNextCallOn_data() { addEndpoints(); }
  void anEditCountsFromTheNextCallOn() {
    ReplayFile file;
    file.unary(kMethod, {"t.M", field(1, "a")}, Message{"t.M", field(1, "old")});
    const auto stream = file.createStream("/t.S/Stream");
    file.send(stream, {"t.M", {}}).recv(stream, Message{"t.M", field(1, "old")}).recvEnd(stream);
    const auto recording = file.recording();
    std::mutex mutex;
    std::vector<std::string> edits;
    const auto server = serve(recording, {.log = [&](const ReplayEvent& event) {
                                const std::lock_guard lock(mutex);
                                if (event.kind == ReplayEvent::Kind::Edited) edits.push_back(event.text);
                              }});
    WITH_CHANNEL(server, channel);
    auto edited = apply(*recording, ReplaceMessage{{2}, field(1, "new"), {}});
    QVERIFY(edited);
    const auto first = std::make_shared<const Recording>(*edited);
    QVERIFY(server->replace(first, Schema::builtin()));
    QCOMPARE(play(channel, unary(field(1, "a"))).received, std::vector{field(1, "new")});
    // Used stays used; a request that was edited is asked for as edited.
    QCOMPARE(play(channel, unary(field(1, "a"))).end.code, 2);
    edited = apply(*first, ReplaceStatus{{6}, {.code = 9, .message = "edited", .details = {}}});
    QVERIFY(edited);
    QVERIFY(server->replace(std::make_shared<const Recording>(*edited), Schema::builtin()));
    const ClientScript script{.method = "/t.S/Stream",
                              .isStream = true,
                              .steps = {{.message = {}}},
                              .end = {},
                              .endRecorded = true};
    const ClientOutcome outcome = play(channel, script);
    QCOMPARE(outcome.end, (Status{.code = 9, .message = "edited", .details = {}}));
    QCOMPARE(outcome.received.size(), 1u);
    QCOMPARE(edits,
             (std::vector<std::string>{"recording edited: entry 2 changed; counts from the next call on",
                                       "recording edited: entry 6 changed; counts from the next call on"}));
  }

  void theInitialStateIsThatOfTheRecordingThatIsServed() {
    const std::string state("\1\0seed", 6);
    const auto recording = ReplayFile(state).recording();
    const auto server = serve(recording);
    auto given = server->initialState();
    QVERIFY(given && *given == state);
    const auto edited = apply(*recording, ReplaceInitialState{"other"});
    QVERIFY(edited);
    QVERIFY(server->replace(std::make_shared<const Recording>(*edited), Schema::builtin()));
    given = server->initialState();
    QVERIFY(given && *given == "other");
    server->stop();
    QVERIFY(server->initialState());
  }

  void messagesOfAnySizeGoThrough_data() { addEndpoints(); }
  void messagesOfAnySizeGoThrough() {
    const std::string large = field(1, std::string(10 << 20, 'x'));
    ReplayFile file;
    file.unary(kMethod, {"t.M", large}, Message{"t.M", large});
    file.unary(kMethod, {"t.M", {}}, Message{"t.M", {}});
    const auto server = serve(file.recording());
    WITH_CHANNEL(server, channel);
    QVERIFY(play(channel, unary(large)).received == std::vector{large});
    QCOMPARE(play(channel, unary({})).received, std::vector{std::string()});
  }

  void anyStatusReachesTheClient_data() {
    QTest::addColumn<QString>("endpoint");
    QTest::addColumn<int>("code");
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<int>("details");
    for (const QString& endpoint : {kInMemory, QString("127.0.0.1:0")}) {
      const auto row = [&](const char* name, int code, const QByteArray& text, int details) {
        QTest::addRow("%s, %s", name, qPrintable(endpoint)) << endpoint << code << text << details;
      };
      for (const int code : {2, 5, 16, 17, 31}) row(qPrintable(QString::number(code)), code, "why", 0);
      row("empty text", 5, "", 0);
      row("text in two scripts", 5, "\xc3\xa4 \xe4\xb8\xad 100% \n\t", 0);
      row("text that is no UTF-8", 5, QByteArray("a\xff\xfe\0z", 5), 0);
      row("details", 5, "why", 200);
      row("a long text", 5, QByteArray(7000, 'x'), 0);
      row("long details", 5, "why", 4000);
    }
  }
  void anyStatusReachesTheClient() {
    QFETCH(int, code);
    QFETCH(QByteArray, text);
    QFETCH(int, details);
    Status status{.code = code, .message = text.toStdString(), .details = {}};
    if (details > 0)
      status.details = {
          {"type.googleapis.com/t.Detail", std::string(static_cast<std::size_t>(details), 'd')}};
    ReplayFile file;
    file.unary(kMethod, {"t.M", {}}, status);
    const auto stream = file.createStream(kMethod);
    file.recv(stream, Message{"t.M", "1"}).recv(stream, status);
    const auto server = serve(file.recording());
    WITH_CHANNEL(server, channel);
    QCOMPARE(play(channel, unary({})).end, status);
    const ClientScript script{
        .method = kMethod, .isStream = true, .steps = {}, .end = {}, .endRecorded = true};
    const ClientOutcome outcome = play(channel, script);
    QCOMPARE(outcome.received.size(), 1u);
    QCOMPARE(outcome.end, status);
  }

  // Its client would see RESOURCE_EXHAUSTED in its place.
  void aStatusThatIsTooLongIsCutOverTcp() {
    const Status status{
        .code = 5, .message = std::string(100'000, 'x'), .details = {{"t", std::string(50'000, 'd')}}};
    ReplayFile file;
    for (int i = 0; i < 2; ++i) file.unary(kMethod, {"t.M", {}}, status);
    std::atomic<int> notes = 0;
    const auto server = serve(file.recording(), {.log = [&](const ReplayEvent& event) {
                                if (event.kind == ReplayEvent::Kind::Note) ++notes;
                              }});
    QCOMPARE(play(server->channel(), unary({})).end, status);
    QCOMPARE(notes.load(), 0);
    const Status cut = play(channelTo(*server->listen("127.0.0.1:0")), unary({})).end;
    QCOMPARE(cut.code, 5);
    QVERIFY(cut.message.starts_with(std::string(7000, 'x')) &&
            cut.message.ends_with("(100000 bytes are recorded)"));
    QVERIFY(cut.details.empty());
    QCOMPARE(notes.load(), 1);
  }

  void theLogTellsOfEachCall() {
    ReplayFile file;
    file.unary(kMethod, {"t.M", field(1, "a")}, Message{"t.M", {}});
    file.unary(kMethod, {"t.M", field(1, "b")}, Status{.code = 5, .message = "none", .details = {}});
    std::vector<ReplayEvent> events;
    const auto server =
        serve(file.recording(), {.log = [&](const ReplayEvent& event) { events.push_back(event); }});
    const auto channel = server->channel();
    for (const char* request : {"b", "a", "c"}) play(channel, unary(field(1, std::string(request))));
    play(channel, unary({}, "/t.S/Other"));
    server->stop();
    const std::size_t logged = events.size();
    play(channel, unary({}));
    QCOMPARE(events.size(), logged);  // nothing is logged behind stop()
    QCOMPARE(events.size(), 4u);
    using Outcome = ReplayEvent::Outcome;
    const auto check = [&](std::size_t i, Outcome outcome, unsigned call, int code) {
      return events[i].kind == ReplayEvent::Kind::Call && events[i].sequence == i + 1 &&
             events[i].outcome == outcome && events[i].callNumber == call && events[i].statusCode == code &&
             events[i].endpoint == "in memory" && events[i].duration.count() > 0;
    };
    QVERIFY(check(0, Outcome::Served, 2, 5));
    QCOMPARE(events[0].call, EntryId{3});
    QCOMPARE(events[0].text, "none");
    QVERIFY(check(1, Outcome::Served, 1, 0));
    QVERIFY(check(2, Outcome::Missed, 0, 2));
    QVERIFY(check(3, Outcome::Missed, 0, 12));
    QCOMPARE(events[3].method, "/t.S/Other");
    QCOMPARE(server->report().neverAskedFor, std::vector<std::uint32_t>{});
  }

  void theIntStoreScriptPasses_data() {
    QTest::addColumn<bool>("again");
    QTest::addRow("first") << false;
    QTest::addRow("after a restart") << true;
  }
  void theIntStoreScriptPasses() {
    const QString oracle = qEnvironmentVariable("RETAKE_ORACLE");
    const std::string file = test::recordingsFolder() + "/intstore.replay";
    if (oracle.isEmpty() || !std::filesystem::exists(file))
      QSKIP("THE GO CLIENT IS SKIPPED: set RETAKE_ORACLE and RETAKE_RECORDINGS");
    const auto opened = openRecording(file);
    QVERIFY(opened);
    const auto server = serve(opened->recording);
    const auto address = server->listen("127.0.0.1:0");
    QVERIFY(address);
    QProcess process;
    process.start(oracle, {"client", QString::fromStdString(*address)});
    QVERIFY(process.waitForFinished());
    QVERIFY2(process.exitCode() == 0, process.readAllStandardError().constData());
    QVERIFY(server->report().neverAskedFor.empty());
  }
};

QTEST_GUILESS_MAIN(tst_ServedCalls)
#include "tst_served_calls.moc"
