#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <thread>
#include <vector>

#include "record/recorder.h"
#include "replay/record_mode.h"
#include "serve/replay_server.h"
#include "support/replay_file.h"
#include "support/shared_sink.h"

// A stream whose messages come at uneven gaps goes through the recording proxy and is replayed at its
// recorded pace: each gap that a client sees then, by the one that a client saw while it was recorded.
using namespace retake;
using namespace retake::test;
using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

namespace {

constexpr const char* kMethod = "/t.S/Ticks";
constexpr int kGaps[] = {20, 50, 100, 200, 400, 30, 300, 150};  // ms before each message
constexpr int kRounds = 5;

// Answers one message with one behind each gap.
void answer(grpc::ServerCompletionQueue& queue, grpc::AsyncGenericService& service) {
  grpc::GenericServerContext context;
  grpc::GenericServerAsyncReaderWriter stream(&context);
  void* tag = nullptr;
  bool ok = false;
  const auto next = [&] { return queue.Next(&tag, &ok) && ok; };
  service.RequestCall(&context, &stream, &queue, &queue, nullptr);
  if (!next()) return;
  grpc::ByteBuffer message;
  stream.Read(&message, nullptr);
  if (!next()) return;
  for (const int gap : kGaps) {
    std::this_thread::sleep_for(milliseconds(gap));
    const std::string bytes = field(1, "after " + std::to_string(gap));
    const grpc::Slice slice(bytes);
    stream.Write(grpc::ByteBuffer(&slice, 1), nullptr);
    if (!next()) return;
  }
  stream.Finish(grpc::Status::OK, nullptr);
  next();
}

// When each message came, behind the request, in milliseconds.
std::vector<double> gapsOf(const std::shared_ptr<grpc::Channel>& channel) {
  grpc::GenericStub stub(channel);
  grpc::ClientContext context;
  grpc::CompletionQueue queue;
  const auto call = stub.PrepareCall(&context, kMethod, &queue);
  void* tag = nullptr;
  bool ok = false;
  const auto next = [&] { return queue.Next(&tag, &ok) && ok; };
  call->StartCall(nullptr);
  if (!next()) return {};
  const std::string bytes = field(1, "begin");
  const grpc::Slice slice(bytes);
  call->WriteLast(grpc::ByteBuffer(&slice, 1), {}, nullptr);
  if (!next()) return {};
  std::vector<double> gaps;
  auto since = Clock::now();
  grpc::ByteBuffer message;
  for (;;) {
    call->Read(&message, nullptr);
    if (!next()) break;
    const auto now = Clock::now();
    gaps.push_back(std::chrono::duration<double, std::milli>(now - since).count());
    since = now;
  }
  grpc::Status status;
  call->Finish(&status, nullptr);
  next();
  return gaps;
}

std::vector<double> recordThrough(const std::string& upstream, std::string& bytes) {
  const auto written = std::make_shared<std::string>();
  const std::shared_ptr<Recorder> recorder = Recorder::create(std::make_unique<SharedSink>(written));
  auto proxy = ReplayServer::start(
      ReplayFile().recording(), Schema::builtin(),
      {.policy = inMode({}, RecordMode::All), .upstream = {.address = upstream}, .recorder = recorder});
  if (!proxy) std::abort();
  const std::vector<double> gaps = gapsOf((*proxy)->channel());
  (*proxy)->stop();
  if (!recorder->close()) std::abort();
  bytes = *written;
  return gaps;
}

std::vector<double> replayed(const std::string& bytes) {
  auto server = ReplayServer::start(readRecording(bytes), Schema::builtin(),
                                    {.policy = {.pace = {.pace = Pace::Recorded}}});
  if (!server) std::abort();
  return gapsOf((*server)->channel());
}

}  // namespace

int main() {
  grpc::AsyncGenericService service;
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  builder.RegisterAsyncGenericService(&service);
  const auto queue = builder.AddCompletionQueue();
  const auto server = builder.BuildAndStart();

  double farthest = 0;
  for (int round = 0; round < kRounds; ++round) {
    std::string bytes;
    std::thread thread([&] { answer(*queue, service); });
    const std::vector<double> recorded = recordThrough("127.0.0.1:" + std::to_string(port), bytes);
    thread.join();
    const std::vector<double> played = replayed(bytes);
    if (recorded.size() != std::size(kGaps) || played.size() != recorded.size()) {
      std::printf("FAILED: %zu messages while recorded, %zu replayed\n", recorded.size(), played.size());
      return 1;
    }
    std::printf("replayed by recorded gap:");
    for (std::size_t i = 0; i < played.size(); ++i) {
      std::printf("  %d ms: %.3f", kGaps[i], played[i] / recorded[i]);
      farthest = std::max(farthest, std::abs(played[i] / recorded[i] - 1));
    }
    std::printf("\n");
  }
  std::printf("farthest from the recorded gap: %.1f %%\n", farthest * 100);

  server->Shutdown();
  queue->Shutdown();
  void* tag = nullptr;
  bool ok = false;
  while (queue->Next(&tag, &ok)) {
  }
}
