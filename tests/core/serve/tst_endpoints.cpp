#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <QTest>
#include <atomic>
#include <barrier>
#include <thread>

#include "serve/endpoint_server.h"
#include "served.h"
#include "support/certificates.h"
#include "support/replay_file.h"

using namespace retake;
using test::addEndpoints;
using test::channelOf;
using test::dial;
using test::field;
using test::kMethod;
using test::Message;
using test::ReplayFile;
using test::serve;
using test::simple;
using test::unary;

namespace {

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

std::shared_ptr<grpc::Channel> insecure(const std::string& address) {
  return dial(address, grpc::InsecureChannelCredentials());
}

// A unary call whose request has so many bytes.
std::shared_ptr<const Recording> withRequestOf(std::size_t bytes) {
  ReplayFile file;
  file.unary(kMethod, {"t.M", field(1, std::string(bytes, 'x'))}, Message{"t.M", {}});
  return file.recording();
}

constexpr std::size_t kMiB = 1 << 20;

}  // namespace

// Endpoints begin and end as serving.md says.
class tst_Endpoints : public QObject {
  Q_OBJECT

 private slots:
  void severalAreServedAtOnce() {
    ReplayFile file;
    for (int i = 0; i < 5; ++i)
      file.unary(kMethod, {"t.M", field(1, "a")}, Message{"t.M", field(1, "answer")});
    std::vector<std::string> endpoints;
    const auto server = serve(
        file.recording(), {.log = [&](const ReplayEvent& event) { endpoints.push_back(event.endpoint); }});
    std::vector<std::string> addresses;
    const std::string path = "unix:" + test::socketPath("several.sock");
    for (const std::string& address : {std::string("127.0.0.1:0"), path, std::string("127.0.0.1:0")}) {
      const auto listening = server->listen(address);
      QVERIFY(listening);
      addresses.push_back(*listening);
    }
    const test::Certificates& made = test::Certificates::get();
    const auto tls = server->listen("127.0.0.1:0", {.certFile = made.server, .keyFile = made.serverKey});
    QVERIFY(tls);
    QCOMPARE(play(server->channel(), unary(field(1, "a"))).end.code, 0);
    for (const std::string& address : addresses)
      QCOMPARE(play(insecure(address), unary(field(1, "a"))).end.code, 0);
    QCOMPARE(play(dial(*tls, test::clientCredentials(false)), unary(field(1, "a"))).end.code, 0);
    addresses.push_back(*tls);
    QCOMPARE(server->addresses(), addresses);
    server->stop();
    QVERIFY(server->addresses().empty());
    addresses.insert(addresses.begin(), "in memory");
    QCOMPARE(endpoints, addresses);
  }

  void whatOtherMachinesReachIsWarnedOf_data() {
    QTest::addColumn<QString>("address");
    QTest::addColumn<bool>("tls");
    QTest::addColumn<bool>("warned");
    for (const char* address : {"127.0.0.1:0", "127.0.0.2:0", "localhost:0", "[::1]:0"})
      QTest::addRow("%s", address) << address << false << false;
    for (const char* address : {"0.0.0.0:0", "[::]:0"}) {
      QTest::addRow("%s", address) << address << false << true;
      QTest::addRow("%s, TLS", address) << address << true << false;
    }
    QTest::addRow("Unix") << QString::fromStdString("unix:" + test::socketPath("warned.sock")) << false
                          << false;
  }
  void whatOtherMachinesReachIsWarnedOf() {
    QFETCH(QString, address);
    QFETCH(bool, tls);
    QFETCH(bool, warned);
    ServerTls files;
    if (tls)
      files = {.certFile = test::Certificates::get().server, .keyFile = test::Certificates::get().serverKey};
    const auto server = serve(simple());
    const auto listening = server->listen(address.toStdString(), files);
    if (!listening && address.startsWith('[')) QSKIP("no IPv6 on this machine: row skipped");
    QVERIFY2(listening, listening ? "" : listening.error().message.c_str());
    const auto warnings = server->warnings();
    if (!warned) QCOMPARE(warnings, std::vector<std::string>{});
    if (warned) {
      QCOMPARE(warnings.size(), 1u);
      QVERIFY2(warnings[0].starts_with(*listening + ": other machines can reach it"), warnings[0].c_str());
    }
  }

  // Twice the largest message of a client that is recorded, and 64 MiB at least.
  void aMessageThatIsTooLargeIsRefused_data() { addEndpoints(); }
  void aMessageThatIsTooLargeIsRefused() {
    const std::string recorded = field(1, std::string(34 * kMiB, 'x'));
    ReplayFile file;
    for (int i = 0; i < 2; ++i) file.unary(kMethod, {"t.M", recorded}, Message{"t.M", {}});
    const auto server = serve(file.recording());
    WITH_CHANNEL(server, channel);
    QCOMPARE(play(channel, unary(recorded)).end.code, 0);
    QCOMPARE(play(channel, unary(field(1, std::string(69 * kMiB, 'x')))).end.code, 8);
    QCOMPARE(play(channel, unary(recorded)).end.code, 0);
    QTRY_COMPARE(server->callsUnderWay(), 0u);
  }

  void theLimitFitsTheRecording() {
    const auto limitOf = [](const std::shared_ptr<const Recording>& recording, ReplayPolicy policy = {}) {
      return receiveLimit(*(*Replayer::create(recording, Schema::builtin(), policy))->served());
    };
    QCOMPARE(limitOf(simple()), static_cast<int>(64 * kMiB));
    QCOMPARE(limitOf(withRequestOf(32 * kMiB - 100)), static_cast<int>(64 * kMiB));
    QVERIFY(limitOf(withRequestOf(40 * kMiB)) >= static_cast<int>(80 * kMiB));
    QCOMPARE(limitOf(simple(), {.extra = ExtraCalls::Forward}), -1);
    // What clients get does not count.
    ReplayFile file;
    file.unary(kMethod, {"t.M", {}}, Message{"t.M", std::string(40 * kMiB, 'x')});
    QCOMPARE(limitOf(file.recording()), static_cast<int>(64 * kMiB));
  }

  void aLargeAnswerAndMuchMetadataGoThrough_data() { addEndpoints(); }
  void aLargeAnswerAndMuchMetadataGoThrough() {
    ReplayFile file;
    file.unary(kMethod, {"t.M", field(1, "a")}, Message{"t.M", std::string(70 * kMiB, 'x')});
    const auto server = serve(file.recording());
    WITH_CHANNEL(server, channel);
    grpc::GenericStub stub(channel);
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(30));
    for (int i = 0; i < 9; ++i) context.AddMetadata("key-" + std::to_string(i), std::string(100'000, 'v'));
    grpc::CompletionQueue queue;
    const std::string bytes = field(1, "a");
    const grpc::Slice slice(bytes);
    const auto call = stub.PrepareUnaryCall(&context, kMethod, grpc::ByteBuffer(&slice, 1), &queue);
    call->StartCall();
    grpc::ByteBuffer answer;
    grpc::Status status;
    call->Finish(&answer, &status, nullptr);
    void* tag = nullptr;
    bool ok = false;
    QVERIFY(queue.Next(&tag, &ok));
    QVERIFY2(status.ok(), status.error_message().c_str());
    QCOMPARE(answer.Length(), 70 * kMiB);
  }

  void aPortIsFreeAgainAtOnce() {
    std::string address = "127.0.0.1:0";
    for (int i = 0; i < 20; ++i) {
      const auto server = serve(simple());
      const auto listening = server->listen(address);
      QVERIFY2(listening, listening ? "" : listening.error().message.c_str());
      address = *listening;
      QCOMPARE(play(insecure(address), unary(field(1, "a"))).end.code, 0);
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
    QCOMPARE(play(insecure(*first), unary(field(1, "a"))).end.code, 0);
  }

  void ofManyStartersOneListens() {
    constexpr int kStarters = 8;
    const std::string address = *serve(simple())->listen("127.0.0.1:0");  // free again
    for (int round = 0; round < 5; ++round) {
      std::vector<std::unique_ptr<ReplayServer>> servers;
      for (int i = 0; i < kStarters; ++i) servers.push_back(serve(simple()));
      std::atomic<int> listening{0};
      std::barrier begin(kStarters);
      std::vector<std::thread> starters;
      for (const auto& server : servers)
        starters.emplace_back([&] {
          begin.arrive_and_wait();
          if (server->listen(address)) ++listening;
        });
      for (std::thread& starter : starters) starter.join();
      QCOMPARE(listening.load(), 1);
      QCOMPARE(play(insecure(address), unary(field(1, "a"))).end.code, 0);
    }
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
};

QTEST_GUILESS_MAIN(tst_Endpoints)
#include "tst_endpoints.moc"
