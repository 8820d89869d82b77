#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>
#include <malloc.h>

#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <fstream>
#include <mutex>
#include <string>
#include <vector>

#include "bench/empty_service.h"
#include "bench/load.h"
#include "serve/replay_server.h"
#include "support/replay_file.h"

// What the stand-in holds on to: memory over a million calls, and with ten thousand streams open at once.
// Client and server share this process, so the figures are those of both ends.
using namespace retake;
using namespace retake::test;

namespace {

constexpr int kRounds = 10;
constexpr int kCallsARound = 100'000;
constexpr int kStreams = 10'000;

std::string request(int number) { return field(1, "item-" + std::to_string(number)); }

// Resident memory in MiB, after what is free has been given back.
double resident() {
  ::malloc_trim(0);
  std::ifstream status("/proc/self/statm");
  long pages = 0;
  status >> pages >> pages;
  return static_cast<double>(pages) * 4096 / (1 << 20);
}

std::unique_ptr<ReplayServer> standIn() {
  ReplayFile file;
  for (int i = 0; i < 1'000; ++i)
    file.unary(kUnaryMethod, {"t.Request", request(i)}, Message{"t.Answer", benchAnswer()});
  for (int i = 0; i < kStreams; ++i) {
    const std::uint32_t chat = file.createStream(kChatMethod);
    file.send(chat, {"t.Request", request(i)}).recv(chat, {"t.Answer", benchAnswer()});
    file.send(chat, {"t.Request", request(i)}).recvEnd(chat);
  }
  auto server = ReplayServer::start(file.recording(), Schema::builtin(),
                                    {.policy = {.match = {.reuse = Reuse::Cycle}}});
  if (!server) std::abort();
  return *std::move(server);
}

bool millionCalls(const std::shared_ptr<grpc::Channel>& channel) {
  const Load load{kUnaryMethod, true, 1, request, 1'000};
  double after = 0;
  double first = 0;
  for (int round = 1; round <= kRounds; ++round) {
    const LoadResult result = runLoad(channel, load, kCallsARound, 64, 0);
    if (result.failed > 0) return false;
    after = resident();
    if (round == 1) first = after;
    std::printf("  after %8d calls: %6.1f MiB, %7.0f calls/s\n", round * kCallsARound, after,
                result.callsASecond);
  }
  std::printf("  the last nine tenths by the first: %.3f\n", after / first);
  return true;
}

// Streams that have sent a message and got one, and wait.
class OpenStreams {
 public:
  explicit OpenStreams(const std::shared_ptr<grpc::Channel>& channel) : m_stub(channel) {
    for (int i = 0; i < kStreams; ++i) new Stream(*this, i);
  }
  void waitUntilOpen() {
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, [this] { return m_open + m_over == kStreams; });
  }
  // Lets all of them go on to their end; how many ended well.
  int end() {
    std::vector<Stream*> streams;
    {
      const std::lock_guard lock(m_mutex);
      streams.swap(m_streams);
    }
    for (Stream* stream : streams) stream->goOn();
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, [this] { return m_over == kStreams; });
    return m_well;
  }

 private:
  class Stream final : public grpc::ClientBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer> {
   public:
    Stream(OpenStreams& all, int number) : m_all(all) {
      const grpc::Slice slice(request(number));
      m_message = grpc::ByteBuffer(&slice, 1);
      all.m_stub.PrepareBidiStreamingCall(&m_context, kChatMethod, {}, this);
      AddHold();
      StartWrite(&m_message);
      StartRead(&m_reply);
      StartCall();
    }
    void goOn() {
      StartWriteLast(&m_message, {});
      RemoveHold();
    }
    void OnReadDone(bool ok) override {
      if (!ok) return;
      StartRead(&m_reply);
      const std::lock_guard lock(m_all.m_mutex);
      m_all.m_streams.push_back(this);
      if (++m_all.m_open + m_all.m_over == kStreams) m_all.m_changed.notify_all();
    }
    void OnDone(const grpc::Status& status) override {
      {
        const std::lock_guard lock(m_all.m_mutex);
        ++m_all.m_over;
        if (status.ok()) ++m_all.m_well;
        m_all.m_changed.notify_all();
      }
      delete this;
    }

   private:
    OpenStreams& m_all;
    grpc::ClientContext m_context;
    grpc::ByteBuffer m_message;
    grpc::ByteBuffer m_reply;
  };

  grpc::GenericStub m_stub;
  std::mutex m_mutex;
  std::condition_variable m_changed;
  std::vector<Stream*> m_streams;
  int m_open = 0;
  int m_over = 0;
  int m_well = 0;
};

bool tenThousandStreams(ReplayServer& server, const std::shared_ptr<grpc::Channel>& channel) {
  const double before = resident();
  const auto began = std::chrono::steady_clock::now();
  OpenStreams streams(channel);
  streams.waitUntilOpen();
  const std::uint32_t open = server.callsUnderWay();
  const double during = resident();
  const int well = streams.end();
  const double took = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  std::printf(
      "  %u open at once, %.1f MiB for both ends, %d ended well, %.2f s in all; %.1f MiB more afterwards\n",
      open, during - before, well, took, resident() - before);
  return open == kStreams && well == kStreams;
}

}  // namespace

int main() {
  const auto server = standIn();
  const auto tcp = grpc::CreateChannel(*server->listen("127.0.0.1:0"), grpc::InsecureChannelCredentials());
  bool well = true;
  for (const auto& [name, channel] : {std::pair("in memory", server->channel()), std::pair("TCP", tcp)}) {
    std::printf("%s\n", name);
    well = millionCalls(channel) && well;
    well = tenThousandStreams(*server, channel) && well;
  }
  if (!well) std::printf("FAILED: a call did not end as it should\n");
  return well ? 0 : 1;
}
