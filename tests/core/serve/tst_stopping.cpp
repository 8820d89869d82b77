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

#include "held_call.h"
#include "served.h"
#include "support/replay_file.h"

using namespace retake;
using namespace std::chrono_literals;
using test::addEndpoints;
using test::channelOf;
using test::field;
using test::held;
using test::HeldCall;
using test::kInMemory;
using test::kMethod;
using test::Message;
using test::ReplayFile;
using test::serve;
using test::simple;
using test::unary;

namespace {

int countIn(const char* folder) {
  const auto entries = std::filesystem::directory_iterator(folder);
  return static_cast<int>(std::distance(begin(entries), end(entries)));
}

}  // namespace

// Stopping lets calls end, refuses others, and leaves nothing behind.
class tst_Stopping : public QObject {
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
    QTRY_COMPARE(server->callsUnderWay(), 1u);  // one that got its end may be leaving still
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

  // Over a connection that is there, as new calls come in: none of them is told that it cancelled itself.
  void callsThatBeginMeanwhileAreNeverCancelled_data() { addEndpoints(); }
  void callsThatBeginMeanwhileAreNeverCancelled() {
    QFETCH(QString, endpoint);
    for (int round = 0; round < 10; ++round) {
      const auto server = serve(simple(), {.policy = {.match = {.reuse = Reuse::Last}}});
      const auto channel = channelOf(*server, endpoint);
      if (!channel && endpoint.startsWith('[')) QSKIP("no IPv6 on this machine: row skipped");
      QVERIFY(channel);
      QCOMPARE(play(channel, unary(field(1, "a"))).end.code, 0);
      std::atomic<int> served{0};
      std::atomic<int> other{0};
      std::vector<std::thread> clients;
      for (int i = 0; i < 4; ++i)
        clients.emplace_back([&] {
          int code = 0;
          while (code == 0) {
            code = play(channel, unary(field(1, "a"))).end.code;
            if (code == 0) ++served;
          }
          if (code != 14) other = code;
        });
      while (served < 20) std::this_thread::yield();
      server->stop();
      for (std::thread& client : clients) client.join();
      QCOMPARE(other.load(), 0);
    }
  }

  void stoppingDoesNotWaitWhenNoCallIsUnderWay_data() { addEndpoints(); }
  void stoppingDoesNotWaitWhenNoCallIsUnderWay() {
    const auto server = serve(simple());
    WITH_CHANNEL(server, channel);
    QCOMPARE(play(channel, unary(field(1, "a"))).end.code, 0);
    QElapsedTimer timer;
    timer.start();
    server->stop(20s);
    QVERIFY2(timer.elapsed() < 2000, qPrintable(QString::number(timer.elapsed())));
  }

  void stoppingEndsAPause() {
    const auto server = serve(simple());
    const auto channel = server->channel();
    server->gate().setPaused(true);
    int code = -1;
    std::thread client([&] { code = play(channel, unary(field(1, "a"))).end.code; });
    QTRY_COMPARE(server->gate().held(), std::size_t{1});
    server->stop(20s);
    client.join();
    QCOMPARE(code, 0);
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

  // When gRPC itself ends, whoever lets go of it waits for a thread that may poll for ten seconds.
  void stoppingTheLastServerDoesNotEndGrpc_data() { addEndpoints(); }
  void stoppingTheLastServerDoesNotEndGrpc() {
    {
      const auto server = serve(simple());
      WITH_CHANNEL(server, channel);
    }
    QCOMPARE(grpc_is_initialized(), 1);
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

  void aStoppedServerDoesNotListen() {
    const auto server = serve(simple());
    server->stop();
    server->stop();
    QVERIFY(!server->listen("127.0.0.1:0"));
  }
};

QTEST_GUILESS_MAIN(tst_Stopping)
#include "tst_stopping.moc"
