#include <grpcpp/grpcpp.h>

#include <QTest>
#include <mutex>

#include "core/client/upstreams.h"
#include "served.h"
#include "support/replay_file.h"

using namespace retake;
using namespace std::chrono_literals;
using test::addEndpoints;
using test::addTransports;
using test::channelOf;
using test::field;
using test::kMethod;
using test::LiveUpstream;
using test::Message;
using test::pingRequest;
using test::ReplayFile;
using test::serve;
using test::simple;
using test::SteppedCall;
using test::textOf;
using test::unary;
using test::valueOf;

namespace {

constexpr const char* kPing = "/pinger.Pinger/Ping";
constexpr const char* kChat = "/pinger.Pinger/PingChat";

// A stand-in before the live service, and what it logged.
struct Forwarding {
  explicit Forwarding(std::shared_ptr<const Recording> recording = simple(), const QString& transport = "TCP",
                      ReplayPolicy policy = {})
      : live(transport) {
    policy.extra = ExtraCalls::Forward;
    server = serve(std::move(recording),
                   {.policy = policy, .upstream = live.upstream, .log = [this](const ReplayEvent& event) {
                      const std::lock_guard lock(mutex);
                      events.push_back(event);
                    }});
    channel = server->channel();
  }
  // The last call's event, which is logged before its end goes out.
  ReplayEvent last() {
    const std::lock_guard lock(mutex);
    return events.empty() ? ReplayEvent() : events.back();
  }

  LiveUpstream live;
  std::mutex mutex;
  std::vector<ReplayEvent> events;
  std::unique_ptr<ReplayServer> server;
  std::shared_ptr<grpc::Channel> channel;
};

// What the live service answers to a client that it alone answers.
std::string liveTranscript() {
  const test::LivePinger pinger;
  return test::runPingClient(grpc::CreateChannel(pinger.address(), grpc::InsecureChannelCredentials()));
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

// Calls that nothing recorded answers, with an upstream.
class tst_Forwarding : public QObject {
  Q_OBJECT

 private slots:
  void theUpstreamIsNotToldFromItself_data() { addEndpoints(); }
  void theUpstreamIsNotToldFromItself() {
    Forwarding forwarding;
    const auto& server = forwarding.server;
    WITH_CHANNEL(server, channel);
    QCOMPARE(QString::fromStdString(test::runPingClient(channel)), QString::fromStdString(liveTranscript()));
    const ReplayReport report = server->report();
    QCOMPARE(report.forwarded, 12u);
    QCOMPARE(report.served + report.missed + report.aborted, 0u);
  }

  void eachKindOfUpstreamAnswers_data() { addTransports(); }
  void eachKindOfUpstreamAnswers() {
    QFETCH(QString, transport);
    Forwarding forwarding(simple(), transport);
    QCOMPARE(QString::fromStdString(test::runPingClient(forwarding.channel)),
             QString::fromStdString(liveTranscript()));
    QCOMPARE(forwarding.server->report().forwarded, 12u);
    // The log has both what the upstream said and where it was asked.
    const std::lock_guard lock(forwarding.mutex);
    const auto failed = std::find_if(forwarding.events.begin(), forwarding.events.end(),
                                     [](const ReplayEvent& event) { return event.statusCode == 11; });
    QVERIFY(failed != forwarding.events.end());
    QCOMPARE(failed->text, "a count below zero");
    QVERIFY(failed->forwarded.starts_with("forwarded to "));
  }

  void whatIsRecordedIsAnsweredFromTheRecording() {
    ReplayFile file;
    file.unary(kPing, {"pinger.PingRequest", pingRequest("known")},
               Message{"pinger.PingReply", field(1, "old")});
    Forwarding forwarding(file.recording());
    const auto asked = [&](const char* text) {
      const ClientOutcome outcome = play(forwarding.channel, unary(pingRequest(text), kPing));
      return outcome.received.empty() ? outcome.end.message : textOf(outcome.received[0]);
    };
    QCOMPARE(asked("known"), "old");
    QCOMPARE(forwarding.last().outcome, ReplayEvent::Outcome::Served);
    QCOMPARE(asked("new"), "new");
    const ReplayEvent other = forwarding.last();
    QCOMPARE(other.outcome, ReplayEvent::Outcome::Forwarded);
    QVERIFY2(other.forwarded.starts_with("forwarded to " + forwarding.live.upstream.address + ": "),
             other.forwarded.c_str());
    QCOMPARE(other.text, "");
    QCOMPARE(other.statusCode, 0);
    QCOMPARE(asked("known"), "known");  // used up
    QCOMPARE(forwarding.server->report().served, 1u);
    QCOMPARE(forwarding.server->report().forwarded, 2u);
    QVERIFY(forwarding.live.pinger->callsBegun() == 2);
  }

  // A recorded stream sends its headers before its first message: where it may be forwarded, they wait.
  void aStreamThatNothingEqualsIsForwarded() {
    ReplayFile file;
    for (int i = 0; i < 2; ++i) {
      const auto ref = file.createStream(kChat);
      file.send(ref, {"pinger.PingRequest", pingRequest("known", 1)});
      file.recv(ref, Message{"pinger.PingReply", field(1, "old")}).recvEnd(ref);
    }
    Forwarding forwarding(file.recording());
    SteppedCall known(forwarding.channel, {kChat});
    QVERIFY(known.write(pingRequest("known", 1)));
    QCOMPARE(textOf(*known.read()), "old");
    SteppedCall call(forwarding.channel, {kChat, {{"echo-header", "from=upstream"}}});
    QVERIFY(call.write(pingRequest("new", 2)));
    for (int i = 0; i < 2; ++i) QCOMPARE(textOf(*call.read()), "new");
    QVERIFY(call.write(pingRequest("more", 1)));
    QCOMPARE(textOf(*call.read()), "more");
    call.halfClose();
    QCOMPARE(call.end().code, 0);
    QCOMPARE(valueOf(*call.headers(), "from"), "upstream");
    // A client that waits for headers before it says anything gets them all the same.
    SteppedCall waiting(forwarding.channel, {kChat});
    QTRY_VERIFY(waiting.headers());
    QVERIFY(waiting.write(pingRequest("late", 1)));
    QCOMPARE(textOf(*waiting.read()), "late");
  }

  void metadataGoesBothWays_data() { addEndpoints(); }
  void metadataGoesBothWays() {
    Forwarding forwarding;
    WITH_CHANNEL(forwarding.server, channel);
    const std::string bytes("\0\xff", 2);
    SteppedCall call(channel, {kPing,
                               {{"token", "a"},
                                {"token", "b"},
                                {"trace-bin", bytes},
                                {"echo-header", "first=1"},
                                {"echo-trailer", "last-bin=bytes"}}});
    QVERIFY(call.write(pingRequest("one")));
    call.halfClose();
    const ForwardedCall::End end = call.end();
    QCOMPARE(end.code, 0);
    QCOMPARE(valueOf(end.trailers, "last-bin"), "bytes");
    QCOMPARE(valueOf(*call.headers(), "first"), "1");
    const auto seen = forwarding.live.pinger->lastCall().metadata;
    QCOMPARE(seen.count("token"), 2u);
    QCOMPARE(seen.find("trace-bin")->second, bytes);
  }

  void anErrorComesAsItIs_data() {
    QTest::addColumn<bool>("withHeaders");
    QTest::addRow("trailers only") << false;
    QTest::addRow("with headers") << true;
  }
  void anErrorComesAsItIs() {
    QFETCH(bool, withHeaders);
    Forwarding forwarding;
    const auto address = forwarding.server->listen("127.0.0.1:0");
    const auto channel = openChannel({.address = *address});
    Metadata metadata{{"echo-trailer", "why=empty"}};
    if (withHeaders) metadata.push_back({"echo-header", "a=b"});
    SteppedCall call(*channel, {kPing, metadata});
    QVERIFY(call.write(pingRequest("")));
    call.halfClose();
    const ForwardedCall::End end = call.end();
    QCOMPARE(end.code, 3);
    QCOMPARE(end.message, "a ping needs a text, \xc3\xa4\xe2\x82\xac 100%");
    QVERIFY(contains(end.details, "pinger.PingRequest"));
    QCOMPARE(valueOf(end.trailers, "why"), "empty");
    QCOMPARE(call.headers().has_value(), withHeaders);
    QCOMPARE(forwarding.server->report().forwarded, 1u);
    QCOMPARE(forwarding.last().statusCode, 3);
  }

  void aMethodThatIsNotThereEither() {
    Forwarding forwarding;
    QCOMPARE(play(forwarding.channel, unary({}, "/other.Service/Method")).end.code, 12);
    QCOMPARE(forwarding.last().outcome, ReplayEvent::Outcome::Forwarded);
  }

  void theDeadlineGoesOn() {
    Forwarding forwarding;
    ForwardedCall::Begin begin{kChat};
    begin.deadline = std::chrono::system_clock::now() + 300ms;
    SteppedCall call(forwarding.channel, begin);
    QVERIFY(call.write(pingRequest("x", 1)));
    QCOMPARE(textOf(*call.read()), "x");
    const auto difference = forwarding.live.pinger->lastCall().deadline - *begin.deadline;
    QVERIFY2(difference < 200ms && difference > -200ms, "the deadline as the service saw it");
    QCOMPARE(call.end().code, 4);
    QTRY_COMPARE(forwarding.live.pinger->callsCancelled(), 1);
    QTRY_COMPARE(forwarding.server->callsUnderWay(), 0u);
  }

  void aCancelledCallEndsThereToo_data() { addEndpoints(); }
  void aCancelledCallEndsThereToo() {
    Forwarding forwarding;
    WITH_CHANNEL(forwarding.server, channel);
    SteppedCall call(channel, {kChat});
    QVERIFY(call.write(pingRequest("x", 1)));
    QCOMPARE(textOf(*call.read()), "x");
    call.cancel();
    QCOMPARE(call.end().code, 1);
    QTRY_COMPARE(forwarding.live.pinger->callsCancelled(), 1);
    QTRY_COMPARE(forwarding.server->callsUnderWay(), 0u);
    QCOMPARE(forwarding.server->report().forwarded, 1u);
  }

  void theUpstreamMayEndFirst() {
    Forwarding forwarding;
    SteppedCall call(forwarding.channel, {kChat});
    QVERIFY(call.write(pingRequest("enough")));
    const ForwardedCall::End end = call.end();
    QCOMPARE(end.code, 10);
    QCOMPARE(end.message, "enough");
  }

  void largeMessagesGoThrough_data() { addEndpoints(); }
  void largeMessagesGoThrough() {
    Forwarding forwarding;
    WITH_CHANNEL(forwarding.server, channel);
    const std::string large(10 << 20, 'x');
    const ClientOutcome outcome = play(channel, unary(pingRequest(large), kPing));
    QVERIFY2(outcome.end.code == 0, outcome.end.message.c_str());
    QVERIFY(textOf(outcome.received.at(0)) == large);
  }

  // Nothing is kept in between: a client that does not read holds the upstream up.
  void aSlowClientSlowsTheUpstream() {
    Forwarding forwarding;
    const auto address = forwarding.server->listen("127.0.0.1:0");
    const auto channel = openChannel({.address = *address});
    constexpr int kMessages = 1000;
    SteppedCall slow(*channel, {"/pinger.Pinger/PingStream", {{"size", "65536"}}});
    QVERIFY(slow.write(pingRequest("many", kMessages)));
    slow.halfClose();
    QVERIFY(slow.read());
    for (int i = 0; i < 50; ++i)
      QCOMPARE(play(forwarding.channel, unary(pingRequest("one"), kPing)).end.code, 0);
    QVERIFY2(forwarding.live.pinger->messagesWritten() < kMessages / 2,
             qPrintable(QString::number(forwarding.live.pinger->messagesWritten())));
    int read = 1;
    while (slow.read()) ++read;
    QCOMPARE(read, kMessages);
    QCOMPARE(slow.end().code, 0);
  }

  void anUpstreamThatIsNotThereIsUnavailable_data() {
    QTest::addColumn<QString>("address");
    QTest::addRow("TCP") << "127.0.0.1:1";
    QTest::addRow("Unix") << "unix:/nonexistent/upstream.sock";
  }
  void anUpstreamThatIsNotThereIsUnavailable() {
    QFETCH(QString, address);
    Forwarding forwarding;
    QVERIFY(forwarding.server->setUpstream({.address = address.toStdString()}));
    const Status end = play(forwarding.channel, unary(pingRequest("one"), kPing)).end;
    QCOMPARE(end.code, 14);
    QVERIFY2(contains(end.message, "the upstream " + address.toStdString() + " cannot be reached"),
             end.message.c_str());
    QVERIFY2(contains(end.message, kPing), end.message.c_str());
    QCOMPARE(forwarding.server->report().forwarded, 0u);
    QCOMPARE(forwarding.server->report().missed, 1u);
  }

  // Itself, or another stand-in that forwards to it: without a bound each call would be one more on its way.
  void anUpstreamThatLeadsBackIsAskedOnce_data() {
    QTest::addColumn<bool>("byAnother");
    QTest::addRow("itself") << false;
    QTest::addRow("by another stand-in") << true;
  }
  void anUpstreamThatLeadsBackIsAskedOnce() {
    QFETCH(bool, byAnother);
    Forwarding forwarding;
    std::string back = *forwarding.server->listen("127.0.0.1:0");
    const auto another =
        serve(simple(), {.policy = {.extra = ExtraCalls::Forward}, .upstream = {.address = back}});
    if (byAnother) back = *another->listen("127.0.0.1:0");
    QVERIFY(forwarding.server->setUpstream({.address = back}));
    ForwardedCall::Begin begin{kPing};
    begin.deadline = std::chrono::system_clock::now() + 10s;
    SteppedCall call(forwarding.channel, begin);
    QVERIFY(call.write(pingRequest("one")));
    call.halfClose();
    const ForwardedCall::End end = call.end();
    QCOMPARE(end.code, 12);
    QVERIFY2(contains(end.message, "(not forwarded: the upstream " + back + " leads back to this stand-in)"),
             end.message.c_str());
    QCOMPARE(forwarding.server->report().forwarded, 1u);
    QCOMPARE(forwarding.server->report().missed, 1u);
  }

  void whatHasGoneOutIsNotTakenBack() {
    // Two streams that share a RECV, and differ in the client's message behind it.
    const auto recording = test::recordingOf("s R:1 S:a R:2 E; s R:1 S:b R:3 E");
    Forwarding forwarding(recording);
    SteppedCall call(forwarding.channel, {kMethod});
    QCOMPARE(*call.read(), field(1, "1"));
    QVERIFY(call.write(field(1, "c")));
    const ForwardedCall::End end = call.end();
    QCOMPARE(end.code, 2);
    QVERIFY2(contains(end.message, "(not forwarded: recorded messages had gone out before)"),
             end.message.c_str());
    QCOMPARE(forwarding.server->report().missed, 1u);
    QCOMPARE(forwarding.live.pinger->callsBegun(), 0);
  }

  void aStreamThatDivergesIsNotForwarded() {
    Forwarding forwarding(test::recordingOf("s S:a S:b R:1 E"), "TCP", {.strictStreams = true});
    SteppedCall call(forwarding.channel, {kMethod});
    QVERIFY(call.write(field(1, "a")));
    QVERIFY(call.write(field(1, "c")));
    const ForwardedCall::End end = call.end();
    QCOMPARE(end.code, 2);
    QVERIFY2(contains(end.message, "(not forwarded: it had been matched before it went another way)"),
             end.message.c_str());
    // A client may check that both say the same.
    const auto details = parseStatus(end.details);
    QVERIFY(details);
    QCOMPARE(details->message, end.message);
  }

  void anUpstreamIsChangedWhileItServes() {
    Forwarding forwarding;
    const auto code = [&] { return play(forwarding.channel, unary(pingRequest("one"), kPing)).end; };
    QCOMPARE(code().code, 0);
    QVERIFY(!forwarding.server->setUpstream({.address = "nowhere"}));
    QCOMPARE(code().code, 0);
    SteppedCall open(forwarding.channel, {kChat});
    QVERIFY(open.write(pingRequest("x", 1)));
    QCOMPARE(textOf(*open.read()), "x");
    QVERIFY(forwarding.server->setUpstream({}));
    const Status none = code();
    QCOMPARE(none.code, 12);
    QVERIFY2(contains(none.message, "(not forwarded: there is no upstream)"), none.message.c_str());
    // What is under way stays with the one that it began with.
    QVERIFY(open.write(pingRequest("y", 1)));
    QCOMPARE(textOf(*open.read()), "y");
    const test::LivePinger other;
    QVERIFY(forwarding.server->setUpstream({.address = other.address()}));
    QCOMPARE(code().code, 0);
    QCOMPARE(other.callsBegun(), 1);
    // Without the policy it is asked for nothing.
    QVERIFY(forwarding.server->setPolicy({}));
    QCOMPARE(code().code, 12);
    QCOMPARE(other.callsBegun(), 1);
  }

  void stoppingEndsForwardedCalls_data() { addEndpoints(); }
  void stoppingEndsForwardedCalls() {
    Forwarding forwarding;
    WITH_CHANNEL(forwarding.server, channel);
    SteppedCall call(channel, {kChat});
    QVERIFY(call.write(pingRequest("x", 1)));
    QCOMPARE(textOf(*call.read()), "x");
    QCOMPARE(forwarding.server->callsUnderWay(), 1u);
    forwarding.server->stop(0ms);
    QCOMPARE(forwarding.server->callsUnderWay(), 0u);
    const ForwardedCall::End end = call.end();
    QCOMPARE(end.code, 14);
    QCOMPARE(QString::fromStdString(end.message), QString("retake: the stand-in has been stopped"));
    QTRY_COMPARE(forwarding.live.pinger->callsCancelled(), 1);
    QCOMPARE(forwarding.server->report().aborted, 1u);
  }

  void manyAtOnce() {
    Forwarding forwarding;
    constexpr int kCalls = 300;
    std::vector<std::unique_ptr<SteppedCall>> calls;
    for (int i = 0; i < kCalls; ++i)
      calls.push_back(std::make_unique<SteppedCall>(forwarding.channel, ForwardedCall::Begin{kPing}));
    for (int i = 0; i < kCalls; ++i) {
      QVERIFY(calls[static_cast<std::size_t>(i)]->write(pingRequest(std::to_string(i))));
      calls[static_cast<std::size_t>(i)]->halfClose();
    }
    for (int i = 0; i < kCalls; ++i)
      QCOMPARE(textOf(*calls[static_cast<std::size_t>(i)]->read()), std::to_string(i));
    for (const auto& call : calls) QCOMPARE(call->end().code, 0);
    QCOMPARE(forwarding.server->report().forwarded, std::uint64_t{kCalls});
  }
};

QTEST_GUILESS_MAIN(tst_Forwarding)
#include "tst_forwarding.moc"
