#include "bench/load.h"

#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>

namespace retake::test {
namespace {

using Clock = std::chrono::steady_clock;

class Round {
 public:
  Round(const std::shared_ptr<grpc::Channel>& channel, const Load& load, int calls, int first)
      : m_stub(channel), m_load(load), m_next(first), m_left(calls), m_pending(calls) {
    m_latencies.resize(static_cast<std::size_t>(calls));
  }

  // Begins the next call, if there is one left.
  void start();
  LoadResult wait() {
    std::unique_lock lock(m_mutex);
    m_done.wait(lock, [this] { return m_pending == 0; });
    return {.latencies = std::move(m_latencies), .failed = m_failed};
  }

 private:
  class StreamCall;

  grpc::ByteBuffer message() {
    const grpc::Slice slice(m_load.request(m_next.fetch_add(1) % m_load.requests));
    return {&slice, 1};
  }
  void startUnary();
  void over(Clock::time_point began, const grpc::Status& status) {
    const double took = std::chrono::duration<double, std::micro>(Clock::now() - began).count();
    if (!status.ok()) ++m_failed;
    start();
    const std::lock_guard lock(m_mutex);
    m_latencies[static_cast<std::size_t>(--m_pending)] = took;
    if (m_pending == 0) m_done.notify_all();
  }

  grpc::GenericStub m_stub;
  const Load& m_load;
  std::atomic<int> m_next;
  std::atomic<int> m_left;
  std::atomic<int> m_failed = 0;
  std::mutex m_mutex;
  std::condition_variable m_done;
  int m_pending;
  std::vector<double> m_latencies;
};

class Round::StreamCall final : public grpc::ClientBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer> {
 public:
  explicit StreamCall(Round& round)
      : m_round(round), m_message(round.message()), m_sendsLeft(round.m_load.sends) {
    round.m_stub.PrepareBidiStreamingCall(&m_context, round.m_load.method, {}, this);
    send();
    StartRead(&m_reply);
    StartCall();
  }

  void OnReadDone(bool ok) override {
    if (!ok) return;
    turn();
    StartRead(&m_reply);
  }
  void OnWriteDone(bool) override { turn(); }
  void OnDone(const grpc::Status& status) override {
    m_round.over(m_began, status);
    delete this;
  }

 private:
  // The next message goes out when the one before it has, and was answered: whichever is told last.
  void turn() {
    if (m_turn.fetch_add(1) % 2 == 1 && m_sendsLeft > 0) send();
  }
  void send() {
    if (--m_sendsLeft == 0)
      StartWriteLast(&m_message, {});
    else
      StartWrite(&m_message);
  }

  Round& m_round;
  const Clock::time_point m_began = Clock::now();
  grpc::ClientContext m_context;
  grpc::ByteBuffer m_message;
  grpc::ByteBuffer m_reply;
  int m_sendsLeft;
  std::atomic<int> m_turn = 0;
};

void Round::startUnary() {
  struct UnaryCall {
    Clock::time_point began = Clock::now();
    grpc::ClientContext context;
    grpc::ByteBuffer request;
    grpc::ByteBuffer reply;
  };
  auto* call = new UnaryCall;
  call->request = message();
  m_stub.UnaryCall(&call->context, m_load.method, {}, &call->request, &call->reply,
                   [this, call](const grpc::Status& status) {
                     const auto began = call->began;
                     delete call;
                     over(began, status);
                   });
}

void Round::start() {
  if (m_left.fetch_sub(1) <= 0) return;
  if (m_load.isUnary)
    startUnary();
  else
    new StreamCall(*this);
}

}  // namespace

LoadResult runLoad(const std::shared_ptr<grpc::Channel>& channel, const Load& load, int calls, int inFlight,
                   int first) {
  Round round(channel, load, calls, first);
  const auto began = Clock::now();
  for (int i = 0; i < inFlight; ++i) round.start();
  LoadResult result = round.wait();
  result.callsASecond = calls / std::chrono::duration<double>(Clock::now() - began).count();
  return result;
}

double quantile(std::vector<double>& values, double quantile) {
  if (values.empty()) return 0;
  const auto at =
      values.begin() + static_cast<std::ptrdiff_t>(quantile * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

}  // namespace retake::test
