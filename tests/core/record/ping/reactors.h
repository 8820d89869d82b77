#pragma once

#include <grpcpp/support/client_callback.h>
#include <pinger.pb.h>

#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <utility>

#include "base/tsan.h"

namespace retake::test {

// What a reactor tells a thread that waits, by event, in order.
class Events {
 public:
  void tell(char event, bool ok) {
    const std::lock_guard lock(m_mutex);
    m_told[event].push_back(ok);
    m_changed.notify_all();
  }
  bool wait(char event) {
    std::unique_lock lock(m_mutex);
    auto& told = m_told[event];
    m_changed.wait(lock, [&] { return !told.empty(); });
    const bool ok = told.front();
    told.pop_front();
    return ok;
  }

 private:
  std::mutex m_mutex;
  std::condition_variable m_changed;
  std::map<char, std::deque<bool>> m_told;
};

// A reactor that always reads: gRPC's in-process transport loses the message that nobody has asked for when
// the status comes, and stops the server for good.
template <typename Reactor, typename Reply>
class Reading : public Reactor {
 public:
  Events events;
  grpc::Status status;

  void readOn() { this->StartRead(&m_reply); }
  bool read(Reply* reply) {
    if (m_over || !events.wait('r')) {
      m_over = true;
      return false;
    }
    const std::lock_guard lock(m_mutex);
    *reply = std::move(m_read.front());
    m_read.pop_front();
    return true;
  }
  void OnReadDone(bool ok) override {
    const TsanScope tsan(this);
    if (ok) {
      const std::lock_guard lock(m_mutex);
      m_read.push_back(std::move(m_reply));
    }
    events.tell('r', ok);
    if (ok) readOn();
  }
  void OnDone(const grpc::Status& end) override {
    {
      const TsanScope tsan(this);
      status = end;
    }
    events.tell('d', true);  // and this may be gone
  }

 private:
  Reply m_reply;
  bool m_over = false;  // as read() has told
  std::mutex m_mutex;
  std::deque<Reply> m_read;
};

using Reader = Reading<grpc::ClientReadReactor<pinger::PingReply>, pinger::PingReply>;

class Writer final : public grpc::ClientWriteReactor<pinger::PingRequest> {
 public:
  Events events;
  grpc::Status status;
  void OnWriteDone(bool ok) override {
    const TsanScope tsan(this);
    events.tell('w', ok);
  }
  void OnDone(const grpc::Status& end) override {
    {
      const TsanScope tsan(this);
      status = end;
    }
    events.tell('d', true);  // and this may be gone
  }
};

template <typename Request, typename Reply>
class Chatter final : public Reading<grpc::ClientBidiReactor<Request, Reply>, Reply> {
 public:
  void OnWriteDone(bool ok) override {
    const TsanScope tsan(this);
    this->events.tell('w', ok);
  }
  void OnWritesDoneDone(bool ok) override {
    const TsanScope tsan(this);
    this->events.tell('h', ok);
  }
};

// From the client's thread, by a hold.
template <typename Reactor>
class Held {
 public:
  explicit Held(Reactor& reactor) : m_reactor(reactor) {
    { const TsanScope made(&m_reactor); }
    m_reactor.AddHold();
    if constexpr (requires { m_reactor.readOn(); }) m_reactor.readOn();
    m_reactor.StartCall();
  }
  grpc::Status finish() {
    m_reactor.RemoveHold();
    m_reactor.events.wait('d');
    const TsanScope done(&m_reactor);
    return m_reactor.status;
  }

 private:
  Reactor& m_reactor;
};

}  // namespace retake::test
