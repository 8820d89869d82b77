#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

#include <QTest>
#include <barrier>
#include <mutex>
#include <thread>

#include "served.h"
#include "support/replay_file.h"

using namespace retake;
using namespace std::chrono_literals;
using test::addEndpoints;
using test::channelOf;
using test::field;
using test::Message;
using test::ReplayFile;
using test::serve;

namespace {

constexpr const char* kPublish = "/t.S/Publish";
constexpr const char* kSubscribe = "/t.S/Subscribe";
constexpr const char* kPing = "/t.S/Ping";

Message named(const std::string& name) { return {"t.Message", field(1, name)}; }

// A subscriber, who first hears that it is subscribed, then what a publisher publishes.
std::shared_ptr<const Recording> publishAndSubscribe() {
  ReplayFile file;
  const auto subscriber = file.createStream(kSubscribe);
  file.send(subscriber, named("topic")).recv(subscriber, named("subscribed"));
  file.unary(kPing, named("ping"), named("pong"));
  const auto publisher = file.request(kPublish, named("news"));  // entry 6
  file.recv(subscriber, named("heard"));
  file.response(publisher, named("published"));
  file.recvEnd(subscriber);
  return file.recording();
}

grpc::ByteBuffer bufferOf(const std::string& name) {
  const grpc::Slice slice(field(1, name));
  return grpc::ByteBuffer(&slice, 1);
}

// A stream as one thread uses it. Each step is waited for, but a read may be looked at without.
class Stream {
 public:
  Stream(const std::shared_ptr<grpc::Channel>& channel, const std::string& method) : m_stub(channel) {
    m_context.set_deadline(std::chrono::system_clock::now() + 60s);
    m_call = m_stub.PrepareCall(&m_context, method, &m_queue);
    m_call->StartCall(this);
    next();
  }
  ~Stream() {
    m_context.TryCancel();
    m_queue.Shutdown();
    while (next()) {
    }
  }
  bool next() {
    void* tag = nullptr;
    bool ok = false;
    return m_queue.Next(&tag, &ok) && ok;
  }
  bool write(const std::string& name) {
    m_call->Write(bufferOf(name), this);
    return next();
  }
  void startRead() { m_call->Read(&m_message, this); }
  // Whether what was begun has come by now.
  bool hasCome() {
    void* tag = nullptr;
    bool ok = false;
    return m_queue.AsyncNext(&tag, &ok, std::chrono::system_clock::now()) == grpc::CompletionQueue::GOT_EVENT;
  }
  // What startRead() began; empty where nothing comes any more.
  std::string read() {
    if (!next()) return {};
    grpc::Slice slice;
    if (!m_message.DumpToSingleSlice(&slice).ok()) return {};
    return std::string(reinterpret_cast<const char*>(slice.begin()), slice.size()).substr(2);
  }
  grpc::Status finish() {
    grpc::Status status;
    m_call->Finish(&status, this);
    next();
    return status;
  }
  grpc::ClientContext& context() { return m_context; }

 private:
  grpc::GenericStub m_stub;
  grpc::ClientContext m_context;
  grpc::CompletionQueue m_queue;
  grpc::ByteBuffer m_message;
  std::unique_ptr<grpc::GenericClientAsyncReaderWriter> m_call;
};

std::string answerOf(const std::shared_ptr<grpc::Channel>& channel, const std::string& method,
                     const std::string& request) {
  const ClientOutcome outcome = play(channel, test::unary(field(1, request), method), 60s);
  return outcome.received.size() == 1 ? outcome.received[0].substr(2) : outcome.end.message;
}

// What a server logs.
struct Log {
  ReplayLog log() {
    return [this](const ReplayEvent& event) {
      const std::lock_guard lock(m_mutex);
      if (event.kind == ReplayEvent::Kind::Note) m_notes += event.text + "\n";
    };
  }
  std::string notes() {
    const std::lock_guard lock(m_mutex);
    return m_notes;
  }

 private:
  std::mutex m_mutex;
  std::string m_notes;
};

ReplayOptions paced(PacePolicy pace) {
  ReplayOptions options;
  options.policy.pace = pace;
  return options;
}

}  // namespace

// The paces, pause and recorded metadata, to a client on the wire.
class tst_ServedPace : public QObject {
  Q_OBJECT

 private slots:
  // A hundred times: the publisher is held until the subscriber was seen waiting. What the server sends on
  // a connection comes in order: had it sent what the subscriber waits for, it would be there before "pong".
  void aSubscriberHearsWhatWasPublished_data() { addEndpoints(); }
  void aSubscriberHearsWhatWasPublished() {
    const auto server = serve(publishAndSubscribe(), paced({.pace = Pace::Causal, .causalBound = 60s}));
    WITH_CHANNEL(server, channel);
    // A connection of its own; a path can be listened on once.
    const auto second = channelOf(*server, endpoint);
    const auto publishersChannel = second ? second : server->channel();
    std::barrier seenWaiting(2);
    std::atomic<bool> published{false};
    constexpr int kRuns = 100;
    std::string publisherGot;
    std::thread publisher([&] {
      for (int run = 0; run < kRuns; ++run) {
        seenWaiting.arrive_and_wait();
        published = true;
        publisherGot += answerOf(publishersChannel, kPublish, "news") == "published" ? 'p' : '?';
        seenWaiting.arrive_and_wait();
      }
    });
    int early = 0;
    std::string got;
    for (int run = 0; run < kRuns; ++run) {
      server->resetUsed();
      published = false;
      Stream subscriber(channel, kSubscribe);
      subscriber.write("topic");
      subscriber.startRead();
      if (subscriber.read() != "subscribed") got += '!';
      subscriber.startRead();
      if (answerOf(channel, kPing, "ping") != "pong") got += '?';
      if (subscriber.hasCome() || published) ++early;
      seenWaiting.arrive_and_wait();
      got += subscriber.read() == "heard" && published ? 'h' : '-';
      seenWaiting.arrive_and_wait();
    }
    publisher.join();
    QCOMPARE(early, 0);
    QCOMPARE(got, std::string(kRuns, 'h'));
    QCOMPARE(publisherGot, std::string(kRuns, 'p'));
  }

  void withoutCausalPaceItHearsAtOnce() {
    const auto server = serve(publishAndSubscribe());
    Stream subscriber(server->channel(), kSubscribe);
    QVERIFY(subscriber.write("topic"));
    for (const char* expected : {"subscribed", "heard", ""}) {
      subscriber.startRead();
      QCOMPARE(subscriber.read(), std::string(expected));
    }
    QVERIFY(subscriber.finish().ok());
  }

  void aWaitThatIsInVainEndsInItsBoundAndSaysSo() {
    Log log;
    ReplayOptions options = paced({.pace = Pace::Causal, .causalBound = 300ms});
    options.log = log.log();
    const auto server = serve(publishAndSubscribe(), options);
    Stream subscriber(server->channel(), kSubscribe);
    const auto begin = std::chrono::steady_clock::now();
    QVERIFY(subscriber.write("topic"));
    subscriber.startRead();
    QCOMPARE(subscriber.read(), std::string("subscribed"));
    QCOMPARE(answerOf(server->channel(), kPing, "ping"), std::string("pong"));
    for (const char* expected : {"heard", ""}) {
      subscriber.startRead();
      QCOMPARE(subscriber.read(), std::string(expected));
    }
    QVERIFY(std::chrono::steady_clock::now() - begin >= 300ms);
    QVERIFY(subscriber.finish().ok());
    server->stop();
    QVERIFY2(log.notes().find(
                 "no entry 6 (REQUEST of call 3, /t.S/Publish) for 300 ms: entry 7 (RECV of call 1") !=
                 std::string::npos,
             log.notes().c_str());
  }

  void recordedTimesAreKept_data() { addEndpoints(); }
  void recordedTimesAreKept() {
    ReplayFile file;
    const auto ref = file.request(kPing, named("ping"));
    file.at(0ms).response(ref, named("pong")).at(600ms);
    const auto server = serve(file.recording(), paced({.pace = Pace::Recorded, .speed = 3}));
    WITH_CHANNEL(server, channel);
    const ClientOutcome outcome = play(channel, test::unary(field(1, "ping"), kPing));
    QCOMPARE(outcome.received.size(), std::size_t{1});
    QVERIFY(outcome.duration >= 200ms);
  }

  void aPausedServerAnswersStepByStep_data() { addEndpoints(); }
  void aPausedServerAnswersStepByStep() {
    const auto server = serve(publishAndSubscribe());
    WITH_CHANNEL(server, channel);
    AnswerGate& gate = server->gate();
    gate.setPaused(true);
    Stream subscriber(channel, kSubscribe);
    QVERIFY(subscriber.write("topic"));
    subscriber.startRead();
    QTRY_COMPARE(gate.held(), std::size_t{1});
    QVERIFY(!subscriber.hasCome());
    QVERIFY(gate.step());
    QCOMPARE(subscriber.read(), std::string("subscribed"));
    QTRY_COMPARE(gate.held(), std::size_t{1});
    subscriber.startRead();
    gate.setPaused(false);
    QCOMPARE(subscriber.read(), std::string("heard"));
    QVERIFY(subscriber.finish().ok());
  }

  // A client that goes is held no more, and a pause does not keep a server from stopping.
  void aCallThatIsOverIsForgotten() {
    const auto server = serve(publishAndSubscribe());
    server->gate().setPaused(true);
    const auto channel = server->channel();
    {
      Stream subscriber(channel, kSubscribe);
      QVERIFY(subscriber.write("topic"));
      QTRY_COMPARE(server->gate().held(), std::size_t{1});
    }
    QTRY_COMPARE(server->gate().held(), std::size_t{0});
    Stream other(channel, kSubscribe);  // used up: a miss is not held
    QVERIFY(other.write("topic"));
    QCOMPARE(other.finish().error_code(), grpc::StatusCode::UNKNOWN);
    Stream waits(channel, kPing);
    QVERIFY(waits.write("ping"));
    QTRY_COMPARE(server->gate().held(), std::size_t{1});
    server->stop(100ms);
  }

  void recordedMetadataIsReplayed_data() { addEndpoints(); }
  void recordedMetadataIsReplayed() {
    const std::string binary("\0\xff\n", 3);
    ReplayFile file;
    file.unary(kPing, named("ping"), named("pong"));
    file.headers({{"h", "1"}, {"h", "2"}, {"h-bin", binary}, {"Upper", "x"}, {"grpc-encoding", "gzip"}})
        .trailers({{"t", "w"}, {"t-bin", binary}, {"grpc-status", "5"}, {"line", "a\nb"}});
    const auto stream = file.createStream(kSubscribe);
    file.send(stream, named("topic")).recv(stream, named("heard")).headers({{"h", "3"}});
    file.recv(stream, Status{.code = 5, .message = "gone", .details = {}}).trailers({{"t", "x"}});
    const auto failing = file.createStream(kPublish);
    file.send(failing, named("topic"));
    file.recv(failing, Status{.code = 5, .message = "gone", .details = {}})
        .headers({{"h", "4"}})
        .trailers({{"t", "y"}});
    Log log;
    ReplayOptions options;
    options.log = log.log();
    const auto server = serve(file.recording(), options);
    WITH_CHANNEL(server, channel);
    const auto text = [](const std::multimap<grpc::string_ref, grpc::string_ref>& metadata) {
      std::string all;
      for (const auto& [key, value] : metadata)
        if (isEndToEnd({key.data(), key.size()}))
          all += std::string(key.data(), key.size()) + "=" + std::string(value.data(), value.size()) + ";";
      return all;
    };
    {
      Stream unary(channel, kPing);
      unary.write("ping");
      unary.startRead();
      QCOMPARE(unary.read(), std::string("pong"));
      QVERIFY(unary.finish().ok());
      QCOMPARE(text(unary.context().GetServerInitialMetadata()), "h=1;h=2;h-bin=" + binary + ";");
      QCOMPARE(text(unary.context().GetServerTrailingMetadata()), "t=w;t-bin=" + binary + ";");
    }
    Stream streamed(channel, kSubscribe);
    streamed.write("topic");
    streamed.startRead();
    QCOMPARE(streamed.read(), std::string("heard"));
    streamed.startRead();
    QCOMPARE(streamed.read(), std::string());
    QCOMPARE(streamed.finish().error_message(), std::string("gone"));
    QCOMPARE(text(streamed.context().GetServerInitialMetadata()), std::string("h=3;"));
    QCOMPARE(text(streamed.context().GetServerTrailingMetadata()), std::string("t=x;"));
    Stream error(channel, kPublish);
    error.write("topic");
    error.startRead();
    QCOMPARE(error.read(), std::string());
    QCOMPARE(error.finish().error_message(), std::string("gone"));
    QCOMPARE(text(error.context().GetServerInitialMetadata()), std::string("h=4;"));
    QCOMPARE(text(error.context().GetServerTrailingMetadata()), std::string("t=y;"));
    server->stop();
    QVERIFY2(log.notes().find("metadata key \"Upper\"") != std::string::npos, log.notes().c_str());
    QVERIFY2(log.notes().find("value of metadata key \"line\"") != std::string::npos, log.notes().c_str());
  }
};

QTEST_GUILESS_MAIN(tst_ServedPace)
#include "tst_served_pace.moc"
