#include <unistd.h>

#include <QTest>
#include <atomic>
#include <fstream>
#include <thread>

#include "interop_cases/calls.h"
#include "served.h"
#include "support/replay_file.h"

using namespace retake;
using namespace grpc::testing;
using test::addEndpoints;
using test::channelOf;
using test::LiveTestService;
using test::serve;

namespace {

constexpr int kMessageBytes = 64 << 10;
constexpr int kMessages = 3200;  // 200 MB
// What may be on its way: the windows of both connections, which gRPC makes larger by itself.
constexpr int kUnderWay = kMessages / 8;
constexpr double kMostMegabytes = 100;

// What the process has in memory, in MB; 0 where a sanitizer keeps what is let go of.
double megabytes() {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  return 0;
#else
  std::ifstream statm("/proc/self/statm");
  double total = 0, resident = 0;
  statm >> total >> resident;
  return resident * static_cast<double>(sysconf(_SC_PAGESIZE)) / (1 << 20);
#endif
}

struct Forwarding {
  const LiveTestService live;
  const std::unique_ptr<ReplayServer> server =
      serve(test::ReplayFile().recording(),
            {.policy = {.extra = ExtraCalls::Forward}, .upstream = {.address = live.address()}});
};

// Time for whatever would go on by itself to do so.
void makeOtherCalls(TestService::Stub& stub) {
  for (int i = 0; i < 100; ++i) {
    test::CaseContext context;
    Empty response;
    QVERIFY(stub.EmptyCall(&context, {}, &response).ok());
  }
}

}  // namespace

// A forwarded stream one of whose sides does not read: the other one is held up, and nothing is kept in
// between. Service, server and client are all in this process.
class tst_SlowSides : public QObject {
  Q_OBJECT

 private slots:
  void aClientThatDoesNotReadHoldsTheServiceUp_data() { addEndpoints(); }
  void aClientThatDoesNotReadHoldsTheServiceUp() {
    const Forwarding forwarding;
    WITH_CHANNEL(forwarding.server, channel);
    const auto stub = TestService::NewStub(channel);
    makeOtherCalls(*stub);
    const double before = megabytes();
    StreamingOutputCallRequest request;
    for (int i = 0; i < kMessages; ++i) request.add_response_parameters()->set_size(kMessageBytes);
    test::CaseContext context;
    const auto reader = stub->StreamingOutputCall(&context, request);
    StreamingOutputCallResponse response;
    QVERIFY(reader->Read(&response));
    makeOtherCalls(*stub);
    const int written = forwarding.live.messagesWritten();
    QVERIFY2(written < kUnderWay, qPrintable(QString("%1 messages written").arg(written)));
    int count = 1;
    double most = megabytes();
    for (; reader->Read(&response); ++count)
      if (count % 64 == 0) most = std::max(most, megabytes());
    QCOMPARE(count, kMessages);
    QVERIFY(reader->Finish().ok());
    QVERIFY2(most - before < kMostMegabytes, qPrintable(QString("%1 MB more").arg(most - before)));
  }

  void aServiceThatDoesNotReadHoldsTheClientUp_data() { addEndpoints(); }
  void aServiceThatDoesNotReadHoldsTheClientUp() {
    const Forwarding forwarding;
    WITH_CHANNEL(forwarding.server, channel);
    const auto stub = TestService::NewStub(channel);
    makeOtherCalls(*stub);
    const double before = megabytes();
    test::CaseContext context;
    context.AddMetadata(test::kName, "held");
    context.AddMetadata(test::kHold, "1");
    StreamingInputCallResponse response;
    const auto writer = stub->StreamingInputCall(&context, &response);
    StreamingInputCallRequest request;
    request.mutable_payload()->set_body(test::zeros(kMessageBytes));
    std::atomic<int> written = 0;
    double most = before;
    std::thread client([&] {
      while (written < kMessages && writer->Write(request))
        if (++written % 64 == 0) most = std::max(most, megabytes());
      writer->WritesDone();
    });
    makeOtherCalls(*stub);
    const int held = written;
    test::CaseContext other;
    other.AddMetadata(test::kLetGo, "held");
    Empty empty;
    const bool letGo = stub->EmptyCall(&other, {}, &empty).ok();
    client.join();
    QVERIFY(letGo);
    QVERIFY(writer->Finish().ok());
    QVERIFY2(held < kUnderWay, qPrintable(QString("%1 messages written").arg(held)));
    QCOMPARE(response.aggregated_payload_size(), kMessages * kMessageBytes);
    QVERIFY2(most - before < kMostMegabytes, qPrintable(QString("%1 MB more").arg(most - before)));
  }
};

QTEST_GUILESS_MAIN(tst_SlowSides)
#include "tst_slow_sides.moc"
