#include <google/protobuf/descriptor.pb.h>
#include <grpcpp/grpcpp.h>

#include <QTemporaryDir>
#include <QTest>

#include "core/client/upstreams.h"
#include "format/format.h"
#include "pinger.pb.h"
#include "record/recorder.h"
#include "recording/problem.h"
#include "replay/record_mode.h"
#include "replay/recorded_metadata.h"
#include "served.h"
#include "support/client_recorder.h"
#include "support/dump.h"
#include "support/replay_file.h"
#include "support/shared_sink.h"

using namespace retake;
using namespace std::chrono_literals;
using test::addEndpoints;
using test::addTransports;
using test::field;
using test::LiveUpstream;
using test::Message;
using test::pingRequest;
using test::ReplayFile;
using test::SteppedCall;
using test::textOf;
using test::unary;
using test::valueOf;

namespace {

constexpr const char* kPing = "/pinger.Pinger/Ping";
constexpr const char* kStream = "/pinger.Pinger/PingStream";
constexpr const char* kChat = "/pinger.Pinger/PingChat";

std::shared_ptr<const Schema> pingerSchema() {
  google::protobuf::FileDescriptorSet files;
  pinger::PingRequest::descriptor()->file()->CopyTo(files.add_file());
  return *Schema::fromDescriptors(files);
}

std::shared_ptr<const Recording> nothing() { return ReplayFile().recording(); }

// A proxy before the live service, and what it has recorded.
struct Proxy {
  explicit Proxy(RecorderOptions options = {.schema = pingerSchema()}, const QString& transport = "TCP",
                 RecordMode mode = RecordMode::All, std::shared_ptr<const Recording> recording = nothing())
      : live(std::make_unique<LiveUpstream>(transport)) {
    recorder = Recorder::create(std::make_unique<test::SharedSink>(bytes), std::move(options));
    server = test::serve(std::move(recording),
                         {.policy = inMode({}, mode), .upstream = live->upstream, .recorder = recorder});
    channel = server->channel();
  }
  // Ends it, the service too.
  std::shared_ptr<const Recording> recorded() {
    channel.reset();
    server->stop();
    live.reset();
    closed = recorder->close();
    return test::readRecording(*bytes);
  }

  std::unique_ptr<LiveUpstream> live;
  std::shared_ptr<std::string> bytes = std::make_shared<std::string>();
  std::shared_ptr<Recorder> recorder;
  std::unique_ptr<ReplayServer> server;
  std::shared_ptr<grpc::Channel> channel;
  Result<void> closed;
};

QString problemsOf(const Recording& recording) {
  QStringList texts;
  for (const Problem& problem : findProblems(recording)) texts << QString::fromStdString(problem.text);
  return texts.join("; ");
}

}  // namespace

class tst_RecordingProxy : public QObject {
  Q_OBJECT

 private slots:
  // The client cannot tell the proxy from the service, nor the replay from either.
  void aClientSeesTheServiceAndThenItsReplay_data() { addEndpoints(); }
  void aClientSeesTheServiceAndThenItsReplay() {
    Proxy proxy;
    const QString live = QString::fromStdString(test::livePingTranscript());
    {
      WITH_CHANNEL(proxy.server, channel);
      QCOMPARE(QString::fromStdString(test::runPingClient(channel)), live);
    }
    const auto recording = proxy.recorded();
    QVERIFY(proxy.closed.has_value());
    QCOMPARE(problemsOf(*recording), QString());
    const auto replay = test::serve(recording);
    WITH_CHANNEL(replay, channel);
    QCOMPARE(QString::fromStdString(test::runPingClient(channel)), live);
    QVERIFY(replay->report().neverAskedFor.empty());
    QCOMPARE(replay->report().missed, 0u);
  }

  void theServiceMayBeAnywhere_data() { addTransports(); }
  void theServiceMayBeAnywhere() {
    QFETCH(QString, transport);
    Proxy proxy({.schema = pingerSchema()}, transport);
    QCOMPARE(QString::fromStdString(test::runPingClient(proxy.channel)),
             QString::fromStdString(test::livePingTranscript()));
    QCOMPARE(problemsOf(*proxy.recorded()), QString());
  }

  // But for extra fields the file is what the Go packages' recorder makes of that client.
  void withoutExtrasItIsWhatTheClientWouldHaveRecorded() {
    Proxy proxy({.extras = false, .schema = pingerSchema()});
    test::ClientRecorder client("");
    test::runPingClient(client.channel(*proxy.server->listen("127.0.0.1:0")));
    const auto recording = proxy.recorded();
    QCOMPARE(QString::fromStdString(test::dump(*recording)),
             QString::fromStdString(test::dump(*test::readRecording(client.bytes()))));
    QVERIFY(!recording->hasExtras());
  }

  // Types and kinds are not known: what is recorded serves the same client all the same.
  void withoutASchemaItRecordsAllTheSame() {
    Proxy proxy(RecorderOptions{});
    const QString live = QString::fromStdString(test::livePingTranscript());
    QCOMPARE(QString::fromStdString(test::runPingClient(proxy.channel)), live);
    const auto recording = proxy.recorded();
    QVERIFY(extrasOf(*recording, 0).inferred);
    const auto replay = test::serve(recording);
    QCOMPARE(QString::fromStdString(test::runPingClient(replay->channel())), live);
  }

  void keepsMetadataDeadlineHeadersAndTrailers() {
    Proxy proxy;
    const std::string bytes("\0\xff", 2);
    const auto deadline = std::chrono::system_clock::now() + 30s;
    {
      SteppedCall call(proxy.channel, {.method = kPing,
                                       .metadata = {{"token", "a"},
                                                    {"token", "b"},
                                                    {"trace-bin", bytes},
                                                    {"echo-header", "first=1"},
                                                    {"echo-trailer", "last-bin=bytes"}},
                                       .deadline = deadline});
      QVERIFY(call.write(pingRequest("one")));
      call.halfClose();
      QCOMPARE(valueOf(call.end().trailers, "last-bin"), "bytes");
    }
    const auto seen = proxy.live->pinger->lastCall();
    QCOMPARE(seen.metadata.count("token"), 2u);
    QVERIFY(seen.deadline < deadline + 1s);
    const auto recording = proxy.recorded();
    QCOMPARE(recording->size(), 2u);
    const EntryExtras request = extrasOf(*recording, 0);
    QCOMPARE(valueOf(*request.requestMetadata, "trace-bin"), bytes);
    QCOMPARE(valueOf(*request.requestMetadata, "retake-via"), std::string());
    QCOMPARE(request.requestMetadata->size(), 5u);
    QVERIFY(*request.timeoutNanos > 25'000'000'000 && *request.timeoutNanos < 31'000'000'000);
    const EntryExtras response = extrasOf(*recording, 1);
    QCOMPARE(valueOf(*response.headers, "first"), "1");
    QCOMPARE(valueOf(*response.trailers, "last-bin"), "bytes");
    QVERIFY(*request.timeNanos <= *response.timeNanos);
  }

  void tellsWhoEndedACall_data() {
    QTest::addColumn<bool>("byDeadline");
    QTest::addColumn<int>("canceller");
    QTest::addColumn<int>("code");
    QTest::addRow("the client") << false << static_cast<int>(EntryExtras::Canceller::Client) << 1;
    QTest::addRow("its deadline") << true << static_cast<int>(EntryExtras::Canceller::Deadline) << 4;
  }
  void tellsWhoEndedACall() {
    QFETCH(bool, byDeadline);
    QFETCH(int, canceller);
    QFETCH(int, code);
    Proxy proxy;
    {
      SteppedCall call(
          proxy.channel,
          {.method = kChat,
           .deadline = byDeadline ? std::optional(std::chrono::system_clock::now() + 1s) : std::nullopt});
      QVERIFY(call.write(pingRequest("one", 1)));
      QCOMPARE(textOf(*call.read()), "one");
      if (!byDeadline) call.call().cancel();
      QCOMPARE(call.end().code, code);
    }
    QTRY_COMPARE(proxy.recorder->counts().open, 0u);
    QTRY_COMPARE(proxy.live->pinger->callsCancelled(), 1);
    const auto recording = proxy.recorded();
    QCOMPARE(recording->size(), 4u);
    QCOMPARE(static_cast<int>(extrasOf(*recording, 3).canceller), canceller);
    QCOMPARE(recording->info(3).statusCode, code);
  }

  // A deadline runs out for the client, the proxy and the service at once, and any of them may tell first.
  void aServiceThatTellsOfTheDeadlineFirstIsNotTheCanceller() {
    Proxy proxy;
    {
      SteppedCall call(proxy.channel, {.method = kChat, .deadline = std::chrono::system_clock::now() + 1s});
      QVERIFY(call.write(pingRequest("overdue", 1)));
      QCOMPARE(call.end().code, 4);
    }
    QTRY_COMPARE(proxy.recorder->counts().open, 0u);
    const auto recording = proxy.recorded();
    QCOMPARE(recording->size(), 3u);
    QCOMPARE(static_cast<int>(extrasOf(*recording, 2).canceller),
             static_cast<int>(EntryExtras::Canceller::Deadline));
  }

  void stoppingEndsOpenCallsInTheFileToo() {
    Proxy proxy;
    SteppedCall call(proxy.channel, {.method = kChat});
    QVERIFY(call.write(pingRequest("one", 1)));
    QCOMPARE(textOf(*call.read()), "one");
    proxy.server->stop(0ms);
    QCOMPARE(call.end().code, 14);
    const auto recording = proxy.recorded();
    QCOMPARE(recording->size(), 3u);
    QCOMPARE(problemsOf(*recording), QString());
  }

  void newEpisodesAreAdded() {
    ReplayFile file;
    file.unary(kPing, {"pinger.PingRequest", pingRequest("known")},
               Message{"pinger.PingReply", field(1, "old")});
    Proxy proxy({.schema = pingerSchema()}, "TCP", RecordMode::NewEpisodes, file.recording());
    const auto asked = [&](const char* text) {
      const ClientOutcome outcome = play(proxy.channel, unary(pingRequest(text), kPing));
      return outcome.received.empty() ? outcome.end.message : textOf(outcome.received[0]);
    };
    QCOMPARE(asked("known"), "old");
    QCOMPARE(asked("new"), "new");
    QTRY_COMPARE(proxy.recorder->counts().calls, 1u);
    // Modes change while it serves.
    QVERIFY(proxy.server->setPolicy(inMode({}, RecordMode::All)).has_value());
    proxy.server->resetUsed();
    QCOMPARE(asked("known"), "known");
    QTRY_COMPARE(proxy.recorder->counts().calls, 2u);
    QVERIFY(proxy.server->setPolicy(inMode({}, RecordMode::None)).has_value());
    QCOMPARE(asked("known"), "old");
    QVERIFY(asked("other").starts_with("retake: "));
    QTRY_COMPARE(proxy.recorder->counts().calls, 2u);
    QCOMPARE(proxy.recorded()->size(), 4u);
  }

  void modesHaveNames_data() {
    QTest::addColumn<QString>("name");
    QTest::addColumn<bool>("exists");
    QTest::addColumn<QString>("resolvedName");
    for (const char* name : {"all", "none", "new_episodes"})
      for (const bool exists : {false, true})
        QTest::addRow("%s, %d", name, exists) << QString(name) << exists << QString(name);
    QTest::addRow("once, nothing there") << "once" << false << "all";
    QTest::addRow("once, again") << "once" << true << "none";
  }
  void modesHaveNames() {
    QFETCH(QString, name);
    QFETCH(bool, exists);
    QFETCH(QString, resolvedName);
    const auto mode = recordModeFromName(name.toStdString());
    QVERIFY(mode.has_value());
    QCOMPARE(std::string(recordModeName(*mode)), name.toStdString());
    const RecordMode meant = resolved(*mode, exists);
    QCOMPARE(std::string(recordModeName(meant)), resolvedName.toStdString());
    QVERIFY(modeOf(inMode({}, meant)) == meant);
  }

  void aServiceThatIsNotThereIsToldAndRecorded() {
    Proxy proxy;
    proxy.live->pinger.reset();
    QVERIFY(proxy.server->setUpstream({.address = "127.0.0.1:1"}).has_value());
    const ClientOutcome outcome = play(proxy.channel, unary(pingRequest("a"), kPing));
    QCOMPARE(outcome.end.code, 14);
    QVERIFY2(outcome.end.message.starts_with("retake: the upstream 127.0.0.1:1 cannot be reached"),
             outcome.end.message.c_str());
    QCOMPARE(proxy.server->report().missed, 1u);
    const auto recording = proxy.recorded();
    QCOMPARE(problemsOf(*recording), QString());
    QVERIFY(extrasOf(*recording, 1).canceller == EntryExtras::Canceller::Recorder);
  }

  // What the service did not say is asked for in the next episode.
  void aServiceThatIsBackIsAskedAgain() {
    std::shared_ptr<const Recording> first;
    {
      Proxy proxy;
      QVERIFY(proxy.server->setUpstream({.address = "127.0.0.1:1"}).has_value());
      play(proxy.channel, unary(pingRequest("a"), kPing));
      first = proxy.recorded();
    }
    Proxy proxy({.schema = pingerSchema()}, "TCP", RecordMode::NewEpisodes, first);
    const ClientOutcome outcome = play(proxy.channel, unary(pingRequest("a"), kPing));
    QCOMPARE(outcome.end.code, 0);
    QCOMPARE(textOf(outcome.received.at(0)), "a");
    QTRY_COMPARE(proxy.recorder->counts().calls, 1u);
  }

  void aHookThatRefusesFailsTheCallAtTheClient_data() {
    QTest::addColumn<QString>("method");
    QTest::addColumn<bool>("ofRequest");
    for (const char* method : {kPing, kStream, kChat})
      for (const bool ofRequest : {true, false})
        QTest::addRow("%s, %s", method, ofRequest ? "request" : "answer") << QString(method) << ofRequest;
  }
  void aHookThatRefusesFailsTheCallAtTheClient() {
    QFETCH(QString, method);
    QFETCH(bool, ofRequest);
    Proxy proxy({.schema = pingerSchema(),
                 .beforeWrite = [ofRequest](const MessageToWrite& message) -> Result<std::string> {
                   if (message.isRequest == ofRequest) return Error{"not this one"};
                   return std::string(message.bytes);
                 }});
    SteppedCall call(proxy.channel, {.method = method.toStdString()});
    (void)call.write(pingRequest("a", 1));
    call.halfClose();
    const ForwardedCall::End end = call.end();
    QCOMPARE(end.code, 2);
    QCOMPARE(QString::fromStdString(end.message), QString("retake: not this one"));
    QTRY_COMPARE(proxy.server->callsUnderWay(), 0u);
    QCOMPARE(problemsOf(*proxy.recorded()), QString());
  }

  void secretsNeverTouchTheFile() {
    ScrubRules rules;
    ScrubRule rule;
    rule.name = "keys";
    rule.where.pattern = "sk_live_\\w+";
    rules.push_back(rule);
    const auto scrubber = Scrubber::create(rules, pingerSchema());
    QVERIFY(scrubber.has_value());
    Proxy proxy({.initialState = "state sk_live_0", .schema = pingerSchema(), .rules = *scrubber});
    {
      SteppedCall call(proxy.channel, {.method = kPing,
                                       .metadata = {{"key", "sk_live_1"},
                                                    {"echo-header", "h=sk_live_2"},
                                                    {"echo-trailer", "t=sk_live_3"}}});
      QVERIFY(call.write(pingRequest("sk_live_4")));
      call.halfClose();
      QCOMPARE(textOf(*call.read()), "sk_live_4");  // the client gets what the service says
      QCOMPARE(valueOf(call.end().trailers, "t"), "sk_live_3");
    }
    const auto recording = proxy.recorded();
    QVERIFY(proxy.bytes->find("sk_live_") == std::string::npos);
    QVERIFY(extrasOf(*recording, 0).scrubbed && extrasOf(*recording, 1).scrubbed);
  }

  void rulesCountFromTheNextMessageOn() {
    ScrubRule rule;
    rule.name = "keys";
    rule.where.pattern = "sk_live_\\w+";
    const auto scrubber = Scrubber::create({rule}, pingerSchema());
    QVERIFY(scrubber.has_value());
    Proxy proxy;
    const auto chat = [&](SteppedCall& call, const char* text) {
      return call.write(pingRequest(text, 1)) && textOf(*call.read()) == text;
    };
    {
      SteppedCall call(proxy.channel, {.method = kChat});
      QVERIFY(chat(call, "sk_live_before"));
      proxy.recorder->setRules(*scrubber);
      QVERIFY(chat(call, "sk_live_within"));
      proxy.recorder->setRules(nullptr);
      QVERIFY(chat(call, "sk_live_behind"));
      call.halfClose();
      QCOMPARE(call.end().code, 0);
    }
    QCOMPARE(problemsOf(*proxy.recorded()), QString());
    QVERIFY(proxy.bytes->find("sk_live_before") != std::string::npos);
    QVERIFY(proxy.bytes->find("sk_live_within") == std::string::npos);
    QVERIFY(proxy.bytes->find("sk_live_behind") != std::string::npos);
  }
};

QTEST_GUILESS_MAIN(tst_RecordingProxy)
#include "tst_recording_proxy.moc"
