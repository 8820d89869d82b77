#include <benchmark/benchmark.h>
#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>

#include "serve/replay_server.h"
#include "support/replay_file.h"

// Unary calls over a replay server against the same over a generic callback service that reads a message
// and answers with a constant: the ceiling for serving. Both in one run, in turns, by the same
// client, which lives in this process.
using namespace retake;
using test::field;

namespace {

constexpr const char* kMethod = "/t.S/M";
constexpr int kRecorded = 10'000;
constexpr int kCallsARound = 2'000;

std::string request(int number) { return field(1, "item-" + std::to_string(number)); }
std::string answer() { return field(1, std::string(40, 'x')); }

class EmptyService final : public grpc::CallbackGenericService {
 public:
  grpc::ServerGenericBidiReactor* CreateReactor(grpc::GenericCallbackServerContext*) override {
    class Reactor final : public grpc::ServerGenericBidiReactor {
     public:
      explicit Reactor(const grpc::ByteBuffer& reply) : m_reply(reply) { StartRead(&m_request); }
      void OnReadDone(bool) override { StartWriteAndFinish(&m_reply, {}, grpc::Status::OK); }
      void OnDone() override { delete this; }

     private:
      grpc::ByteBuffer m_request;
      grpc::ByteBuffer m_reply;
    };
    return new Reactor(m_reply);
  }

 private:
  grpc::Slice m_slice{answer()};
  grpc::ByteBuffer m_reply{&m_slice, 1};
};

struct Servers {
  Servers() {
    grpc::ServerBuilder builder;
    int port = 0;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    builder.RegisterCallbackGenericService(&service);
    empty = builder.BuildAndStart();
    channels["empty"]["memory"] = empty->InProcessChannel({});
    channels["empty"]["TCP"] = connect("127.0.0.1:" + std::to_string(port));

    test::ReplayFile file;
    for (int i = 0; i < kRecorded; ++i)
      file.unary(kMethod, {"t.Request", request(i)}, test::Message{"t.Answer", answer()});
    auto started =
        ReplayServer::start(file.recording(), Schema::builtin(), {.policy = {.match = {.reuse = Reuse::Cycle}}});
    if (!started) std::abort();
    replay = *std::move(started);
    channels["replay"]["memory"] = replay->channel();
    channels["replay"]["TCP"] = connect(*replay->listen("127.0.0.1:0"));
  }

  static std::shared_ptr<grpc::Channel> connect(const std::string& address) {
    return grpc::CreateChannel(address, grpc::InsecureChannelCredentials());
  }

  EmptyService service;
  std::unique_ptr<grpc::Server> empty;
  std::unique_ptr<ReplayServer> replay;
  std::map<std::string, std::map<std::string, std::shared_ptr<grpc::Channel>>> channels;
};

// Keeps `width` calls under way until `total` are done.
class Round {
 public:
  Round(grpc::GenericStub& stub, int width, int total, int first)
      : m_stub(stub), m_left(total), m_pending(total), m_next(first) {
    for (int i = 0; i < width; ++i) start();
  }
  bool wait() {
    std::unique_lock lock(m_mutex);
    m_done.wait(lock, [this] { return m_pending == 0; });
    return m_failed == 0;
  }

 private:
  struct OneCall {
    grpc::ClientContext context;
    grpc::ByteBuffer request;
    grpc::ByteBuffer reply;
  };

  void start() {
    if (m_left.fetch_sub(1) <= 0) return;
    auto* call = new OneCall;
    const grpc::Slice slice(request(m_next.fetch_add(1) % kRecorded));
    call->request = grpc::ByteBuffer(&slice, 1);
    m_stub.UnaryCall(&call->context, kMethod, {}, &call->request, &call->reply,
                     [this, call](const grpc::Status& status) {
                       if (!status.ok()) ++m_failed;
                       delete call;
                       start();
                       const std::lock_guard lock(m_mutex);
                       if (--m_pending == 0) m_done.notify_all();
                     });
  }

  grpc::GenericStub& m_stub;
  std::atomic<int> m_left;
  std::atomic<int> m_failed = 0;
  std::mutex m_mutex;
  std::condition_variable m_done;
  int m_pending;
  std::atomic<int> m_next;
};

double callsASecond(const std::shared_ptr<grpc::Channel>& channel, int width, int first, bool& failed) {
  grpc::GenericStub stub(channel);
  const auto begin = std::chrono::steady_clock::now();
  Round round(stub, width, kCallsARound, first);
  if (!round.wait()) failed = true;
  return kCallsARound / std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

// A round of each, in turns: whatever else the machine does slows both. `ratio` is the median of the pairs'
// ratios, the others are calls a second.
void serveUnary(benchmark::State& state, Servers& servers, const std::string& transport, int width) {
  std::vector<double> empty;
  std::vector<double> replay;
  std::vector<double> ratios;
  int first = 0;
  bool failed = false;
  for (auto _ : state) {
    empty.push_back(callsASecond(servers.channels["empty"][transport], width, first, failed));
    replay.push_back(callsASecond(servers.channels["replay"][transport], width, first, failed));
    ratios.push_back(replay.back() / empty.back());
    first = (first + kCallsARound) % kRecorded;
  }
  if (failed) state.SkipWithError("a call failed");
  state.counters["empty"] = median(empty);
  state.counters["replay"] = median(replay);
  state.counters["ratio"] = median(ratios);
}

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  Servers servers;
  for (const char* transport : {"memory", "TCP"})
    for (const int width : {1, 64}) {
      const std::string name = std::string(transport) + "/" + std::to_string(width) + " in flight";
      benchmark::RegisterBenchmark(name.c_str(),
                                   [&servers, transport, width](benchmark::State& state) {
                                     serveUnary(state, servers, transport, width);
                                   })
          ->UseRealTime()
          ->MinTime(4)
          ->Unit(benchmark::kMillisecond);
    }
  benchmark::RunSpecifiedBenchmarks();
  servers.channels.clear();
  servers.empty->Shutdown(std::chrono::system_clock::now());
  return 0;
}
