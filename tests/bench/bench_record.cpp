#include <grpcpp/generic/generic_stub.h>
#include <malloc.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "bench/in_turns.h"
#include "client/lock_checks.h"
#include "record/recorder.h"
#include "replay/record_mode.h"
#include "serve/replay_server.h"
#include "support/replay_file.h"

// Calls through the recording proxy against the same through a generic forwarder that does not record, before
// one empty service, in turns. Then what the proxy holds on to: a stream of a gibibyte, a client that stops
// reading, and a thousand streams at once.
using namespace retake;
using namespace retake::test;

namespace {

constexpr const char* kFloodMethod = "/t.S/Flood";
constexpr std::size_t kFloodMessage = 1u << 20;
constexpr int kFloodMessages = 1024;
constexpr int kStreams = 1000;

std::string request(int number) { return field(1, "item-" + std::to_string(number)); }
Load load(const char* method, bool isUnary, int sends) { return {method, isUnary, sends, request, 1'000}; }

// A file that is gone with the program.
struct Target {
  Target() : folder(std::filesystem::temp_directory_path() / "retake-bench-XXXXXX") {
    std::string name = folder.string();
    if (!::mkdtemp(name.data())) std::abort();
    folder = name;
  }
  ~Target() { std::filesystem::remove_all(folder); }
  std::string file(const char* name) const { return (folder / name).string(); }
  std::filesystem::path folder;
};

// Before a service; with a file it records, else it forwards.
struct Proxy {
  Proxy(const std::string& upstream, const std::string& file) {
    if (!file.empty()) {
      auto created = Recorder::create(file);
      if (!created) std::abort();
      recorder = *std::move(created);
    }
    ReplayPolicy policy = inMode({}, RecordMode::All);
    if (!recorder) policy.extra = ExtraCalls::Forward;
    auto started =
        ReplayServer::start(ReplayFile().recording(), Schema::builtin(),
                            {.policy = policy, .upstream = {.address = upstream}, .recorder = recorder});
    if (!started) std::abort();
    server = *std::move(started);
    channels = channelsOf(server->channel(), *server->listen("127.0.0.1:0"));
  }
  std::shared_ptr<Recorder> recorder;
  std::unique_ptr<ReplayServer> server;
  Channels channels;
};

// Answers one message with as much as anybody takes.
class FloodService final : public grpc::CallbackGenericService {
 public:
  grpc::ServerGenericBidiReactor* CreateReactor(grpc::GenericCallbackServerContext*) override {
    class Reactor final : public grpc::ServerGenericBidiReactor {
     public:
      Reactor() { StartRead(&m_request); }
      void OnReadDone(bool) override { next(); }
      void OnWriteDone(bool ok) override { ok ? next() : Finish({grpc::StatusCode::CANCELLED, ""}); }
      void OnDone() override { delete this; }

     private:
      void next() {
        if (m_left-- == 0) return Finish(grpc::Status::OK);
        const grpc::Slice slice(std::string(kFloodMessage, static_cast<char>(m_left)));
        m_message = grpc::ByteBuffer(&slice, 1);
        StartWrite(&m_message);
      }
      grpc::ByteBuffer m_request;
      grpc::ByteBuffer m_message;
      int m_left = kFloodMessages;
    };
    return new Reactor;
  }
};

struct Flood {
  Flood() {
    grpc::ServerBuilder builder;
    int port = 0;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    builder.RegisterCallbackGenericService(&service);
    server = builder.BuildAndStart();
    address = "127.0.0.1:" + std::to_string(port);
  }
  ~Flood() { server->Shutdown(std::chrono::system_clock::now()); }
  FloodService service;
  std::unique_ptr<grpc::Server> server;
  std::string address;
};

// Resident memory in MiB, after what is free has been given back.
double resident() {
  ::malloc_trim(0);
  std::ifstream status("/proc/self/statm");
  long pages = 0;
  status >> pages >> pages;
  return static_cast<double>(pages) * 4096 / (1 << 20);
}

// Client, service and proxy share this process. The client reads so many messages, then waits for `pause`.
bool floodThrough(const std::shared_ptr<grpc::Channel>& channel, int readAtFirst, double& most) {
  grpc::GenericStub stub(channel);
  grpc::ClientContext context;
  grpc::CompletionQueue queue;
  const auto call = stub.PrepareCall(&context, kFloodMethod, &queue);
  void* tag = nullptr;
  bool ok = false;
  const auto next = [&] { return queue.Next(&tag, &ok) && ok; };
  call->StartCall(nullptr);
  if (!next()) return false;
  const grpc::Slice slice(std::string("x"));
  call->WriteLast(grpc::ByteBuffer(&slice, 1), {}, nullptr);
  if (!next()) return false;
  grpc::ByteBuffer message;
  int read = 0;
  for (;; ++read) {
    if (read == readAtFirst) {
      // Whatever would pile up does so within seconds: the service writes hundreds of MiB in each.
      const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(3);
      while (std::chrono::steady_clock::now() < until) most = std::max(most, resident());
    }
    call->Read(&message, nullptr);
    if (!next()) break;
    if (read % 64 == 0) most = std::max(most, resident());
  }
  grpc::Status status;
  call->Finish(&status, nullptr);
  if (!next()) return false;
  queue.Shutdown();
  while (queue.Next(&tag, &ok)) {
  }
  return status.ok() && read == kFloodMessages;
}

bool memory(const Target& target) {
  Flood flood;
  Proxy proxy(flood.address, target.file("flood.replay"));
  const double before = resident();
  for (const int readAtFirst : {kFloodMessages + 1, 16}) {
    double most = 0;
    if (!floodThrough(proxy.channels["TCP"], readAtFirst, most)) return false;
    std::printf("1 GiB through the proxy%s: %.1f MiB before, %.1f MiB at most\n",
                readAtFirst == 16 ? ", the client stops reading for a while" : "", before, most);
  }
  proxy.channels.clear();
  proxy.server->stop();
  return proxy.recorder->close().has_value() &&
         std::filesystem::file_size(target.file("flood.replay")) > 2ull * kFloodMessages * kFloodMessage;
}

}  // namespace

int main(int argc, char** argv) {
  turnOffLockChecks();  // as the programs do
  benchmark::Initialize(&argc, argv);
  const Target target;
  {
    Ceiling ceiling;
    Proxy forwarder(ceiling.address(), "");
    Proxy again(ceiling.address(), "");
    Proxy recording(ceiling.address(), target.file("calls.replay"));
    // What one call in memory takes, to hold `added` against.
    addRounds("unary/memory/1 in flight/empty by empty", [&](benchmark::State& state) {
      const Load unary = load(kUnaryMethod, true, 1);
      inTurns(state, ceiling.channel("memory"), unary, ceiling.channel("memory"), unary, 1);
      state.counters["call_us"] = 1e6 / state.counters["one"];
    });
    for (const int inFlight : {1, 64}) {
      const std::string where = "/TCP/" + std::to_string(inFlight) + " in flight";
      for (const auto& [name, one] : {std::pair("unary", load(kUnaryMethod, true, 1)),
                                      std::pair("server stream", load(kStreamMethod, false, 1)),
                                      std::pair("chat", load(kChatMethod, false, kStreamMessages))})
        addRounds(name + where + "/recording by forwarding",
                  [&, inFlight, one = one](benchmark::State& state) {
                    inTurns(state, forwarder.channels["TCP"], one, recording.channels["TCP"], one, inFlight);
                  });
      addRounds("unary" + where + "/forwarding by forwarding", [&, inFlight](benchmark::State& state) {
        const Load unary = load(kUnaryMethod, true, 1);
        inTurns(state, forwarder.channels["TCP"], unary, again.channels["TCP"], unary, inFlight);
      });
    }
    addRounds("chat/TCP/" + std::to_string(kStreams) + " in flight/recording by forwarding",
              [&](benchmark::State& state) {
                const Load chat = load(kChatMethod, false, kStreamMessages);
                inTurns(state, forwarder.channels["TCP"], chat, recording.channels["TCP"], chat, kStreams);
              });
    benchmark::RunSpecifiedBenchmarks();
  }
  if (memory(target)) return 0;
  std::printf("FAILED: a stream of a gibibyte did not come through whole\n");
  return 1;
}
