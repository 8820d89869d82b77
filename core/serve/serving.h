#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "replay/event.h"
#include "replay/replayer.h"
#include "serve/replay_server.h"

namespace retake {

// A call under way, as whoever stops the server sees it.
class LiveCall {
 public:
  virtual ~LiveCall() = default;
  // Ends with UNAVAILABLE. Does not wait. Does nothing to a call that is over.
  virtual void terminate() = 0;
  // Where the end does not go out because the client does not read: cuts the call off.
  virtual void cutOff() = 0;
  // For as long as somebody other than its transport looks at it.
  virtual void retain() = 0;
  virtual void release() = 0;

 private:
  friend class Serving;
  LiveCall* m_previous = nullptr;
  LiveCall* m_next = nullptr;
};

// What all endpoints of a ReplayServer share: the Replayer, the gate that new calls pass, the calls
// under way, the counters and the log. Outlives the server where a channel does. All functions may be
// called from any thread.
class Serving {
 public:
  Serving(std::unique_ptr<Replayer> replayer, ReplayLog log)
      : m_replayer(std::move(replayer)), m_log(std::move(log)), m_hasLog(static_cast<bool>(m_log)) {}

  Replayer& replayer() { return *m_replayer; }

  std::uint64_t nextSequence() { return m_sequence.fetch_add(1, std::memory_order_relaxed) + 1; }

  // False once close() was called: then the call is to be refused, and leave() is not called.
  bool enter(LiveCall& call);
  void leave(LiveCall& call);
  std::uint32_t callsUnderWay() const;

  void close();
  // False when calls are still under way after `bound`.
  bool waitUntilIdle(std::chrono::milliseconds bound);
  void terminateAll() { forEachCall(&LiveCall::terminate); }
  void cutOffAll() { forEachCall(&LiveCall::cutOff); }

  void count(ReplayEvent::Outcome outcome);
  ReplayReport report() const;

  bool hasLog() const { return m_hasLog.load(std::memory_order_relaxed); }
  void log(const ReplayEvent& event);
  // Nothing is logged any more when this returns.
  void closeLog();

 private:
  void forEachCall(void (LiveCall::*act)());

  const std::unique_ptr<Replayer> m_replayer;
  std::atomic<std::uint64_t> m_sequence{0};
  std::atomic<std::uint64_t> m_served{0};
  std::atomic<std::uint64_t> m_missed{0};
  std::atomic<std::uint64_t> m_forwarded{0};
  std::atomic<std::uint64_t> m_aborted{0};

  mutable std::mutex m_callsMutex;
  std::condition_variable m_idle;
  LiveCall* m_first = nullptr;
  std::uint32_t m_underWay = 0;
  bool m_closed = false;

  std::mutex m_logMutex;
  ReplayLog m_log;
  std::atomic<bool> m_hasLog;
};

}  // namespace retake
