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
#include "serve/builtin_calls.h"
#include "serve/explaining_thread.h"
#include "serve/live_call.h"
#include "serve/replay_server.h"

namespace retake {

class Recorder;
struct OpenUpstream;

// What all endpoints of a ReplayServer share: the Replayer, the gate that new calls pass, the calls
// under way, the counters and the log. Outlives the server where a channel does. All functions may be
// called from any thread.
class Serving {
 public:
  Serving(std::unique_ptr<Replayer> replayer, ReplayLog log)
      : m_replayer(std::move(replayer)),
        m_log(std::move(log)),
        m_hasLog(static_cast<bool>(m_log)),
        m_explaining(*m_replayer) {}

  Replayer& replayer() { return *m_replayer; }

  // Where extra calls go from the next one on; null: nowhere.
  void setUpstream(std::shared_ptr<const OpenUpstream> upstream);
  std::shared_ptr<const OpenUpstream> upstream() const;
  // What extra calls are recorded into, likewise.
  void setRecorder(std::shared_ptr<Recorder> recorder);
  std::shared_ptr<Recorder> recorder() const;

  // See ExplainingThread.
  bool explain(std::shared_ptr<const ServedRecording> served, MissedCall missed,
               ExplainingThread::Done done) {
    return m_explaining.explain(std::move(served), std::move(missed), std::move(done));
  }
  void stopExplaining() { m_explaining.stop(); }

  std::uint64_t nextSequence() { return m_sequence.fetch_add(1, std::memory_order_relaxed) + 1; }

  // False once close() was called: then the call is to be refused, and leave() is not called.
  bool enter(LiveCall& call);
  void leave(LiveCall& call);
  std::uint32_t callsUnderWay() const;

  // Of health and reflection; not among those under way.
  BuiltinCalls& builtinCalls() { return m_builtinCalls; }

  // New calls are to be refused from here on.
  void close();
  // Calls were under way at close().
  bool closedOverCalls() const;
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

  mutable std::mutex m_upstreamMutex;
  std::shared_ptr<const OpenUpstream> m_upstream;
  std::shared_ptr<Recorder> m_recorder;

  mutable std::mutex m_callsMutex;
  std::condition_variable m_idle;
  LiveCall* m_first = nullptr;
  std::uint32_t m_underWay = 0;
  bool m_closed = false;
  bool m_closedOverCalls = false;
  BuiltinCalls m_builtinCalls;

  std::mutex m_logMutex;
  ReplayLog m_log;
  std::atomic<bool> m_hasLog;

  ExplainingThread m_explaining;  // last: it uses what stands above
};

}  // namespace retake
