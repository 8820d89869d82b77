#include <arpa/inet.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <QElapsedTimer>
#include <QProcess>
#include <QTest>
#include <condition_variable>
#include <filesystem>
#include <set>
#include <thread>

#include "edit/edit.h"
#include "format/format.h"
#include "replay/recorded_client.h"
#include "replay/replay_server.h"
#include "script.h"
#include "support/pinger_service.h"
#include "support/replay_file.h"

using namespace retake;
using namespace std::chrono_literals;
using test::field;
using test::Message;
using test::ReplayFile;

namespace {

constexpr const char* kMethod = "/t.S/M";
const QString kInMemory = "in memory";

std::shared_ptr<grpc::Channel> channelOf(ReplayServer& server, const QString& endpoint) {
  if (endpoint == kInMemory) return server.channel();
  const auto address = server.listen(endpoint.toStdString());
  if (!address) return nullptr;
  std::string target = *address;
  // Debian's c-ares loses ten bytes with each name that a client resolves, which LeakSanitizer sees.
  if (target.starts_with("localhost:")) target.replace(0, 9, "127.0.0.1");
  // A subchannel of its own: gRPC shares connections to one address, also with those of a test before.
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetMaxReceiveMessageSize(-1);
  return grpc::CreateCustomChannel(target, grpc::InsecureChannelCredentials(), arguments);
}

ClientScript unary(const std::string& request, const std::string& method = kMethod) {
  return {
      .method = method, .isStream = false, .steps = {{.message = request}}, .end = {}, .endRecorded = true};
}

std::unique_ptr<ReplayServer> serve(std::shared_ptr<const Recording> recording, ReplayOptions options = {}) {
  auto server = ReplayServer::start(std::move(recording), Schema::builtin(), std::move(options));
  return server ? *std::move(server) : nullptr;
}

std::shared_ptr<const Recording> simple() {
  ReplayFile file;
  file.unary(kMethod, {"t.M", field(1, "a")}, Message{"t.M", field(1, "answer")});
  return file.recording();
}

// A stream that the server holds: one answer, then nothing is recorded.
std::shared_ptr<const Recording> held(int streams) {
  ReplayFile file;
  for (int i = 0; i < streams; ++i) {
    const auto ref = file.createStream(kMethod);
    file.send(ref, {"t.M", field(1, "a")}).recv(ref, Message{"t.M", "1"}).recv(ref, Message{"t.M", "2"});
  }
  return file.recording();
}

// A client that has opened a stream of held() and got its two messages.
struct HeldCall {
  explicit HeldCall(const std::shared_ptr<grpc::Channel>& channel) : stub(channel) {
    context.set_deadline(std::chrono::system_clock::now() + 30s);
    call = stub.PrepareCall(&context, kMethod, &queue);
    call->StartCall(nullptr);
    next();
    const std::string bytes = field(1, "a");
    const grpc::Slice slice(bytes);
    call->Write(grpc::ByteBuffer(&slice, 1), nullptr);
    next();
    for (int i = 0; i < 2; ++i) {
      call->Read(&message, nullptr);
      next();
    }
  }
  ~HeldCall() {
    queue.Shutdown();
    while (next()) {
    }
  }
  bool next() {
    void* tag = nullptr;
    bool ok = false;
    return queue.Next(&tag, &ok);
  }
  grpc::Status finish() {
    grpc::Status status;
    call->Finish(&status, nullptr);
    next();
    return status;
  }

  grpc::GenericStub stub;
  grpc::ClientContext context;
  grpc::CompletionQueue queue;
  grpc::ByteBuffer message;
  std::unique_ptr<grpc::GenericClientAsyncReaderWriter> call;
};

int countIn(const char* folder) {
  const auto entries = std::filesystem::directory_iterator(folder);
  return static_cast<int>(std::distance(begin(entries), end(entries)));
}

void addEndpoints() {
  QTest::addColumn<QString>("endpoint");
  QTest::addRow("in memory") << kInMemory;
  QTest::addRow("TCP") << "127.0.0.1:0";
  QTest::addRow("TCP by name") << "localhost:0";
  QTest::addRow("TCP, IPv6") << "[::1]:0";
}

// A port on which something listens that is not ours.
struct Listener {
  Listener() {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ::bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address);
    ::listen(fd, 1);
    socklen_t size = sizeof address;
    ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
    port = ntohs(address.sin_port);
  }
  ~Listener() { ::close(fd); }
  int fd = ::socket(AF_INET, SOCK_STREAM, 0);
  int port = 0;
};

}  // namespace

#define WITH_CHANNEL(server, channel)                                                      \
  QFETCH(QString, endpoint);                                                               \
  const auto channel = channelOf(*server, endpoint);                                       \
  if (!channel && endpoint.startsWith('[')) QSKIP("no IPv6 on this machine: row skipped"); \
  QVERIFY(channel)

class tst_Endpoints : public QObject {
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

  void aStubUsedAfterStopGetsUnavailable_data() { addEndpoints(); }
  void aStubUsedAfterStopGetsUnavailable() {
    auto server = serve(simple());
    WITH_CHANNEL(server, channel);
    QCOMPARE(play(channel, unary(field(1, "a"))).end.code, 0);
    server->stop();
    QCOMPARE(play(channel, unary(field(1, "a"))).end.code, 14);
    server.reset();
    QCOMPARE(play(channel, unary(field(1, "a"))).end.code, 14);
    QVERIFY(endpoint == kInMemory || channel);
  }

  void stoppingEndsWhatIsUnderWay_data() { addEndpoints(); }
  void stoppingEndsWhatIsUnderWay() {
    const auto server = serve(held(1));
    WITH_CHANNEL(server, channel);
    HeldCall call(channel);
    QCOMPARE(server->callsUnderWay(), 1u);
    server->stop(50ms);
    const grpc::Status status = call.finish();
    QCOMPARE(status.error_code(), grpc::StatusCode::UNAVAILABLE);
    QCOMPARE(status.error_message(), "retake: the stand-in has been stopped");
    QCOMPARE(server->callsUnderWay(), 0u);
    QCOMPARE(server->report().aborted, 1u);
  }

  void stoppingLetsCallsEnd_data() { addEndpoints(); }
  void stoppingLetsCallsEnd() {
    const auto server = serve(held(1));
    WITH_CHANNEL(server, channel);
    HeldCall call(channel);
    std::thread stopping([&] { server->stop(20s); });
    // New calls are refused while the old one goes on.
    QTRY_COMPARE(play(channel, unary(field(1, "a"))).end.code, 14);
    QCOMPARE(server->callsUnderWay(), 1u);
    call.context.TryCancel();
    QCOMPARE(call.finish().error_code(), grpc::StatusCode::CANCELLED);
    stopping.join();
    QCOMPARE(server->report().served, 1u);  // the client ended where its recording does
  }

  // Flow control holds the server's write: the call can end all the same.
  void stoppingEndsACallWhoseClientDoesNotRead_data() { addEndpoints(); }
  void stoppingEndsACallWhoseClientDoesNotRead() {
    ReplayFile file;
    const auto ref = file.createStream(kMethod);
    file.send(ref, {"t.M", field(1, "a")});
    for (int i = 0; i < 64; ++i) file.recv(ref, Message{"t.M", std::string(1 << 20, 'x')});
    file.recvEnd(ref);
    const auto server = serve(file.recording());
    WITH_CHANNEL(server, channel);
    HeldCall call(channel);
    QElapsedTimer timer;
    timer.start();
    server->stop(0ms);
    QVERIFY2(timer.elapsed() < 1500, qPrintable(QString::number(timer.elapsed())));
    QCOMPARE(server->callsUnderWay(), 0u);
  }

  void aSilentPeerDoesNotDelayStopping() {
    const auto server = serve(simple());
    const auto address = server->listen("127.0.0.1:0");
    QVERIFY(address);
    sockaddr_in peer{};
    peer.sin_family = AF_INET;
    peer.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    peer.sin_port = htons(static_cast<std::uint16_t>(std::stoi(address->substr(address->rfind(':') + 1))));
    const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
    QCOMPARE(::connect(fd, reinterpret_cast<sockaddr*>(&peer), sizeof peer), 0);
    QElapsedTimer timer;
    timer.start();
    server->stop();
    QVERIFY2(timer.elapsed() < 1000, qPrintable(QString::number(timer.elapsed())));
    ::close(fd);
  }

  void aHundredStartsAndStopsLeaveNothingBehind_data() { addEndpoints(); }
  void aHundredStartsAndStopsLeaveNothingBehind() {
    const auto recording = simple();
    QFETCH(QString, endpoint);
    const auto once = [&] {
      const auto server = serve(recording);
      const auto channel = channelOf(*server, endpoint);
      if (!channel) return -1;
      const int code = play(channel, unary(field(1, "a"))).end.code;
      server->stop();
      return code;
    };
    if (once() == -1) QSKIP("no IPv6 on this machine: row skipped");
    for (int i = 0; i < 3; ++i) QCOMPARE(once(), 0);
    const int threads = countIn("/proc/self/task");
    const int descriptors = countIn("/proc/self/fd");
    for (int i = 0; i < 100; ++i) QCOMPARE(once(), 0);
    QTRY_VERIFY2(countIn("/proc/self/task") <= threads,
                 qPrintable(QString("%1 threads, then %2").arg(threads).arg(countIn("/proc/self/task"))));
    QTRY_VERIFY2(
        countIn("/proc/self/fd") <= descriptors,
        qPrintable(QString("%1 descriptors, then %2").arg(descriptors).arg(countIn("/proc/self/fd"))));
  }

  void aPortIsFreeAgainAtOnce() {
    std::string address = "127.0.0.1:0";
    for (int i = 0; i < 20; ++i) {
      const auto server = serve(simple());
      const auto listening = server->listen(address);
      QVERIFY2(listening, listening ? "" : listening.error().message.c_str());
      address = *listening;
      QCOMPARE(play(channelTo(address), unary(field(1, "a"))).end.code, 0);
    }
  }

  void theChannelMayOutliveTheServer() {
    std::shared_ptr<grpc::Channel> channel;
    {
      const auto server = serve(simple());
      channel = server->channel();
    }
    QCOMPARE(play(channel, unary(field(1, "a"))).end.code, 14);
    QCOMPARE(play(channel, unary(field(1, "a"))).end.message, "retake: the stand-in has been stopped");
  }

  // Whoever lets go last may be one of gRPC's own threads, which must not wait for itself.
  void theLastChannelMayGoOnAThreadOfGrpc() {
    for (int i = 0; i < 20; ++i) {
      std::mutex mutex;
      std::condition_variable done;
      bool gone = false;
      struct Client {
        std::shared_ptr<grpc::Channel> channel;
        std::unique_ptr<grpc::GenericStub> stub;
        grpc::ClientContext context;
        grpc::ByteBuffer request;
        grpc::ByteBuffer reply;
      };
      auto* client = new Client;
      {
        const auto server = serve(simple());
        client->channel = server->channel();
      }
      client->stub = std::make_unique<grpc::GenericStub>(client->channel);
      const grpc::Slice slice(field(1, "a"));
      client->request = grpc::ByteBuffer(&slice, 1);
      client->stub->UnaryCall(&client->context, kMethod, {}, &client->request, &client->reply,
                              [&, client](const grpc::Status&) {
                                delete client;
                                const std::lock_guard lock(mutex);
                                gone = true;
                                done.notify_all();
                              });
      std::unique_lock lock(mutex);
      QVERIFY(done.wait_for(lock, 20s, [&] { return gone; }));
    }
  }

  void anAddressInUseIsAnError() {
    const Listener other;
    const auto server = serve(simple());
    const std::string taken = "127.0.0.1:" + std::to_string(other.port);
    const auto refused = server->listen(taken);
    QVERIFY(!refused);
    QCOMPARE(refused.error().message, "cannot listen on " + taken + ": the address is in use");
    const auto first = server->listen("127.0.0.1:0");
    QVERIFY(first);
    QVERIFY(!server->listen(*first));
    QVERIFY(!serve(simple())->listen(*first));
    const std::string port = first->substr(first->rfind(':'));
    QVERIFY(!serve(simple())->listen("0.0.0.0" + port));
    QVERIFY(!serve(simple())->listen("localhost" + port));
    QCOMPARE(server->addresses(), std::vector<std::string>{*first});
    QCOMPARE(play(channelTo(*first), unary(field(1, "a"))).end.code, 0);
  }

  void aMalformedAddressIsAnError_data() {
    QTest::addColumn<QString>("address");
    for (const char* address :
         {"", "127.0.0.1", "127.0.0.1:", ":50051", "127.0.0.1:65536", "127.0.0.1:-1", "127.0.0.1:http",
          "::1:0", "[::1]", "[127.0.0.1:0", "http://127.0.0.1:0", "unix:/tmp/x", "127.0.0.1:0 "})
      QTest::addRow("\"%s\"", address) << address;
  }
  void aMalformedAddressIsAnError() {
    QFETCH(QString, address);
    const auto refused = serve(simple())->listen(address.toStdString());
    QVERIFY(!refused);
    QVERIFY2(refused.error().message.find("expected HOST:PORT") != std::string::npos,
             refused.error().message.c_str());
  }

  void aHostThatIsNotHereIsAnError() {
    const auto refused = serve(simple())->listen("192.0.2.1:0");  // TEST-NET-1
    QVERIFY(!refused);
    QVERIFY(refused.error().message.starts_with("cannot listen on 192.0.2.1:0: "));
  }

  void aStoppedServerDoesNotListen() {
    const auto server = serve(simple());
    server->stop();
    server->stop();
    QVERIFY(!server->listen("127.0.0.1:0"));
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

  void manyStreamsAtOnce_data() { addEndpoints(); }
  void manyStreamsAtOnce() {
    const auto server = serve(held(200));
    WITH_CHANNEL(server, channel);
    std::vector<std::unique_ptr<HeldCall>> calls;
    for (int i = 0; i < 200; ++i) calls.push_back(std::make_unique<HeldCall>(channel));
    QCOMPARE(server->callsUnderWay(), 200u);
    server->stop(0ms);
    for (const auto& call : calls) QCOMPARE(call->finish().error_code(), grpc::StatusCode::UNAVAILABLE);
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
    std::vector<std::string> notes;
    const auto server = serve(file.recording(), {.log = [&](const ReplayEvent& event) {
                                if (event.kind == ReplayEvent::Kind::Note) notes.push_back(event.text);
                              }});
    QCOMPARE(play(server->channel(), unary({})).end, status);
    QVERIFY(notes.empty());
    const Status cut = play(channelTo(*server->listen("127.0.0.1:0")), unary({})).end;
    QCOMPARE(cut.code, 5);
    QVERIFY(cut.message.starts_with(std::string(7000, 'x')) &&
            cut.message.ends_with("(100000 bytes are recorded)"));
    QVERIFY(cut.details.empty());
    QCOMPARE(notes.size(), 1u);
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
    QVERIFY(server->report().neverAskedFor.empty());
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

  void healthAndReflectionAreNotCounted() {
    const auto server = serve(simple());
    const auto channel = server->channel();
    QCOMPARE(play(channel, unary({}, "/grpc.health.v1.Health/Check")).end.code, 12);
    QCOMPARE(play(channel, unary({}, "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo")).end.code,
             12);
    QCOMPARE(server->report().missed, 0u);
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

QTEST_GUILESS_MAIN(tst_Endpoints)
#include "tst_endpoints.moc"
