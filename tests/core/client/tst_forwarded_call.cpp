#include <grpcpp/grpcpp.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <QTest>
#include <chrono>

#include "upstreams.h"

using namespace retake;
using namespace std::chrono_literals;
using test::addTransports;
using test::LiveUpstream;
using test::pingRequest;
using test::SteppedCall;
using test::textOf;
using test::valueOf;

namespace {

constexpr int kCancelled = 1;
constexpr int kInvalidArgument = 3;
constexpr int kDeadlineExceeded = 4;
constexpr int kAborted = 10;
constexpr int kUnavailable = 14;

ForwardedCall::Begin ping(Metadata metadata = {}) { return {"/pinger.Pinger/Ping", std::move(metadata)}; }
ForwardedCall::Begin stream(Metadata metadata = {}) {
  return {"/pinger.Pinger/PingStream", std::move(metadata)};
}
ForwardedCall::Begin collect(Metadata metadata = {}) {
  return {"/pinger.Pinger/PingCollect", std::move(metadata)};
}
ForwardedCall::Begin chat(Metadata metadata = {}) { return {"/pinger.Pinger/PingChat", std::move(metadata)}; }

// The live service over TCP, and a channel to it.
struct Live {
  LiveUpstream live{"TCP"};
  std::shared_ptr<grpc::Channel> channel = *openChannel(live.upstream);
  const test::LivePinger& pinger = *live.pinger;
};

}  // namespace

// What a call looks like from the far side, and what comes back.
class tst_ForwardedCall : public QObject {
  Q_OBJECT

 private slots:
  void eachKindOfCallGoesThrough_data() { addTransports(); }
  void eachKindOfCallGoesThrough() {
    QFETCH(QString, transport);
    const LiveUpstream live(transport);
    const auto channel = openChannel(live.upstream);
    QVERIFY2(channel, channel ? "" : channel.error().message.c_str());

    SteppedCall unary(*channel, ping());
    QVERIFY(unary.write(pingRequest("one")));
    unary.halfClose();
    QCOMPARE(textOf(*unary.read()), "one");
    QVERIFY(unary.headers());
    QCOMPARE(unary.end().code, 0);

    SteppedCall many(*channel, stream());
    QVERIFY(many.write(pingRequest("many", 3)));
    many.halfClose();
    for (int i = 0; i < 3; ++i) QCOMPARE(textOf(*many.read()), "many");
    QVERIFY(!many.read());
    QCOMPARE(many.end().code, 0);

    SteppedCall all(*channel, collect());
    for (const char* text : {"a", "b", "c"}) QVERIFY(all.write(pingRequest(text)));
    all.halfClose();
    QCOMPARE(textOf(*all.read()), "abc");
    QCOMPARE(all.end().code, 0);

    SteppedCall talk(*channel, chat());
    for (const char* text : {"x", "y"}) {
      QVERIFY(talk.write(pingRequest(text, 1)));
      QCOMPARE(textOf(*talk.read()), text);
    }
    talk.halfClose();
    const ForwardedCall::End end = talk.end();
    QCOMPARE(end.code, 0);
    QVERIFY(end.reached);
  }

  void metadataGoesBothWays() {
    Live live;
    const std::string bytes("\0\xff\n=", 4);
    SteppedCall call(live.channel, ping({{"token", "a"},
                                         {"token", "b"},
                                         {"trace-bin", bytes},
                                         {"echo-header", "first=1"},
                                         {"echo-header", "first=2"},
                                         {"echo-header", "raw-bin=bytes"},
                                         {"echo-trailer", "last=3"}}));
    QVERIFY(call.write(pingRequest("one")));
    call.halfClose();
    const ForwardedCall::End end = call.end();
    QCOMPARE(end.trailers, (Metadata{{"last", "3"}}));
    QCOMPARE(*call.headers(), (Metadata{{"first", "1"}, {"first", "2"}, {"raw-bin", "bytes"}}));
    const auto seen = live.pinger.lastCall().metadata;
    QCOMPARE(seen.count("token"), 2u);
    QCOMPARE(seen.find("token")->second, "a");
    QCOMPARE(seen.find("trace-bin")->second, bytes);
  }

  // A hop has its own, and what gRPC refuses to send would take the program down.
  void whatIsNotToBeSentIsLeftOut() {
    Live live;
    SteppedCall call(live.channel, ping({{"te", "x"},
                                         {"grpc-encoding", "gzip"},
                                         {"grpc-timeout", "1n"},
                                         {"content-type", "text/plain"},
                                         {":path", "/other"},
                                         {"user-agent", "someone"},
                                         {"UPPER", "case"},
                                         {"", "empty"},
                                         {"line", "a\nb"},
                                         {"kept", "yes"}}));
    QVERIFY(call.write(pingRequest("one")));
    call.halfClose();
    QCOMPARE(call.end().code, 0);
    const auto seen = live.pinger.lastCall().metadata;
    QCOMPARE(seen.count("kept"), 1u);
    for (const char* key : {"grpc-encoding", "grpc-timeout", ":path", "UPPER", "upper", "line", ""})
      QVERIFY2(seen.count(key) == 0, key);
    for (const auto& [key, value] : seen) QVERIFY2(value != "someone" && value != "text/plain", key.c_str());
  }

  void anErrorComesWithItsTextDetailsAndTrailers() {
    Live live;
    SteppedCall call(live.channel, ping({{"echo-trailer", "why=empty"}}));
    QVERIFY(call.write(pingRequest("")));
    call.halfClose();
    const ForwardedCall::End end = call.end();
    QCOMPARE(end.code, kInvalidArgument);
    QCOMPARE(end.message, "a ping needs a text, \xc3\xa4\xe2\x82\xac 100%");
    QVERIFY(end.details.find("pinger.PingRequest") != std::string::npos);
    QCOMPARE(end.trailers, (Metadata{{"why", "empty"}}));
    QVERIFY(end.reached);
  }

  // Headers before an error would switch off a client's retries: who forwards it has to know.
  void anErrorAloneHasNoHeaders_data() {
    QTest::addColumn<bool>("withHeaders");
    QTest::addRow("trailers only") << false;
    QTest::addRow("with headers") << true;
  }
  void anErrorAloneHasNoHeaders() {
    QFETCH(bool, withHeaders);
    Live live;
    SteppedCall call(live.channel, withHeaders ? ping({{"echo-header", "a=b"}}) : ping());
    QVERIFY(call.write(pingRequest("")));
    call.halfClose();
    QCOMPARE(call.end().code, kInvalidArgument);
    QCOMPARE(call.headers().has_value(), withHeaders);
  }

  // A subscriber may wait for them before anything is said.
  void headersComeBeforeAnyMessage() {
    Live live;
    SteppedCall call(live.channel, chat({{"headers-first", "yes"}, {"echo-header", "a=b"}}));
    QTRY_VERIFY(call.headers());
    QCOMPARE(valueOf(*call.headers(), "a"), "b");
  }

  void theDeadlineGoesOn() {
    Live live;
    ForwardedCall::Begin begin = chat();
    begin.deadline = std::chrono::system_clock::now() + 200ms;
    SteppedCall call(live.channel, begin);
    QVERIFY(call.write(pingRequest("x", 1)));
    QCOMPARE(textOf(*call.read()), "x");
    const auto difference = live.pinger.lastCall().deadline - *begin.deadline;
    QVERIFY2(difference < 100ms && difference > -100ms, "the deadline as the service saw it");
    QCOMPARE(call.end().code, kDeadlineExceeded);
    QTRY_COMPARE(live.pinger.callsCancelled(), 1);
  }

  void aCancelledCallEndsThereToo_data() {
    QTest::addColumn<bool>("begun");
    QTest::addRow("at once") << false;
    QTest::addRow("in the middle") << true;
  }
  void aCancelledCallEndsThereToo() {
    QFETCH(bool, begun);
    Live live;
    SteppedCall call(live.channel, chat());
    if (begun) {
      QVERIFY(call.write(pingRequest("x", 1)));
      QCOMPARE(textOf(*call.read()), "x");
    }
    call.cancel();
    call.cancel();
    call.call().read();
    call.call().write({});
    call.halfClose();
    QCOMPARE(call.end().code, kCancelled);
    if (begun) QTRY_COMPARE(live.pinger.callsCancelled(), 1);
  }

  void theFarSideMayEndFirst() {
    Live live;
    SteppedCall call(live.channel, chat());
    QVERIFY(call.write(pingRequest("enough")));
    const ForwardedCall::End end = call.end();
    QCOMPARE(end.code, kAborted);
    QCOMPARE(end.message, "enough");
    QVERIFY(!call.write(pingRequest("more")));
  }

  void largeMessagesGoThrough() {
    Live live;
    SteppedCall call(live.channel, ping());
    const std::string large(20 << 20, 'x');
    QVERIFY(call.write(pingRequest(large)));
    call.halfClose();
    QVERIFY(textOf(*call.read()) == large);
    QCOMPARE(call.end().code, 0);
  }

  void muchMetadataGoesThrough() {
    Live live;
    const std::string large(100'000, 'v');
    SteppedCall call(live.channel, ping({{"echo-header", "a=" + large}, {"echo-trailer", "b=" + large}}));
    QVERIFY(call.write(pingRequest("one")));
    call.halfClose();
    const ForwardedCall::End end = call.end();
    QCOMPARE(end.code, 0);
    QVERIFY(valueOf(end.trailers, "b") == large && valueOf(*call.headers(), "a") == large);
  }

  // Nothing is taken in that nobody has asked for.
  void theFarSideIsHeldUpWhereNobodyReads() {
    Live live;
    constexpr int kMessages = 1000;
    SteppedCall slow(live.channel, stream({{"size", "65536"}}));
    QVERIFY(slow.write(pingRequest("many", kMessages)));
    slow.halfClose();
    QCOMPARE(slow.read()->size() > 65536, true);
    // Time enough for the service to write on, if it could.
    for (int i = 0; i < 20; ++i) {
      SteppedCall other(live.channel, ping());
      QVERIFY(other.write(pingRequest("one")));
      other.halfClose();
      QCOMPARE(other.end().code, 0);
    }
    QVERIFY2(live.pinger.messagesWritten() < kMessages / 4,
             qPrintable(QString::number(live.pinger.messagesWritten())));
    int read = 1;
    while (slow.read()) ++read;
    QCOMPARE(read, kMessages);
    QCOMPARE(slow.end().code, 0);
  }

  void whatIsNotReachedIsTold_data() {
    QTest::addColumn<QString>("address");
    QTest::addColumn<bool>("tls");
    QTest::addRow("nobody listens") << "127.0.0.1:1" << false;
    QTest::addRow("no such socket") << "unix:/nonexistent/upstream.sock" << false;
    QTest::addRow("no such host") << "nobody.invalid:1" << false;
    QTest::addRow("no TLS there") << "" << true;
  }
  void whatIsNotReachedIsTold() {
    QFETCH(QString, address);
    QFETCH(bool, tls);
    Live live;
    Upstream upstream = live.live.upstream;
    if (!address.isEmpty()) upstream.address = address.toStdString();
    upstream.tls.enabled = tls;
    const auto channel = openChannel(upstream);
    QVERIFY(channel);
    SteppedCall call(*channel, ping());
    call.write(pingRequest("one"));
    const ForwardedCall::End end = call.end();
    QCOMPARE(end.code, kUnavailable);
    QVERIFY2(!end.reached, end.message.c_str());
    QVERIFY(!call.headers());
  }

  // One that was away for a minute is not to be away for another one.
  void aServiceThatIsAwayIsLookedForOften() {
    // It takes a connection, and drops it.
    const int listening = ::socket(AF_INET, SOCK_STREAM, 0);
    const timeval bound{5, 0};
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    QVERIFY(::setsockopt(listening, SOL_SOCKET, SO_RCVTIMEO, &bound, sizeof bound) == 0 &&
            ::bind(listening, reinterpret_cast<const sockaddr*>(&address), length) == 0 &&
            ::listen(listening, 8) == 0 &&
            ::getsockname(listening, reinterpret_cast<sockaddr*>(&address), &length) == 0);
    const auto channel = openChannel({.address = "127.0.0.1:" + std::to_string(ntohs(address.sin_port))});
    const auto began = std::chrono::steady_clock::now();
    (*channel)->GetState(true);
    for (int i = 0; i < 6; ++i) {
      const int connection = ::accept(listening, nullptr, nullptr);
      QVERIFY2(connection >= 0, qPrintable(QString::number(i)));
      ::close(connection);
    }
    ::close(listening);
    QVERIFY(std::chrono::steady_clock::now() - began < 8s);  // gRPC's own waits are more than twelve
  }

  void aServiceThatVanishesIsUnavailable() {
    auto live = std::make_unique<LiveUpstream>("Unix");
    const auto channel = openChannel(live->upstream);
    SteppedCall call(*channel, chat());
    QVERIFY(call.write(pingRequest("x", 1)));
    QCOMPARE(textOf(*call.read()), "x");
    live.reset();
    const ForwardedCall::End end = call.end();
    QVERIFY(end.code == kUnavailable || end.code == kCancelled);  // as its shutdown or its socket was first
    QVERIFY(end.reached);
  }

  // Nobody has to hold a call for it to end.
  void aCallThatIsLetGoEndsByItself() {
    Live live;
    std::mutex mutex;
    std::optional<ForwardedCall::End> end;
    ForwardedCall::start(live.channel, ping(),
                         {.onHeaders = [](const Metadata&) {},
                          .onRead = [](grpc::ByteBuffer*) {},
                          .onWritten = [](bool) {},
                          .onEnd =
                              [&](ForwardedCall::End told) {
                                const std::lock_guard lock(mutex);
                                end = std::move(told);
                              }})
        ->cancel();
    const auto over = [&] {
      const std::lock_guard lock(mutex);
      return end.has_value();
    };
    QTRY_VERIFY(over());
    QCOMPARE(end->code, kCancelled);
  }
};

QTEST_GUILESS_MAIN(tst_ForwardedCall)
#include "tst_forwarded_call.moc"
