#include <arpa/inet.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <QElapsedTimer>
#include <QTest>
#include <condition_variable>
#include <filesystem>
#include <thread>

#include "served.h"
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

namespace {

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

// Endpoints begin and end as serving.md says.
class tst_Endpoints : public QObject {
  Q_OBJECT

 private slots:
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
          "::1:0", "[::1]", "[127.0.0.1:0", "http://127.0.0.1:0", "unix-abstract:x", "127.0.0.1:0 "})
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
};

QTEST_GUILESS_MAIN(tst_Endpoints)
#include "tst_endpoints.moc"
