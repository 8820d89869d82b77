#include "server/try_run.h"

#include <algorithm>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <numeric>
#include <optional>
#include <stop_token>
#include <thread>
#include <utility>

#include "serve/replay_server.h"

namespace retake::gui {

namespace {

// What the stand-in logs of one call. Filled on gRPC threads.
class Trace {
 public:
  void add(const ReplayEvent& event) {
    {
      const std::lock_guard lock(m_mutex);
      if (event.kind == ReplayEvent::Kind::Note) m_taken.notes.push_back(event.text);
      if (event.kind == ReplayEvent::Kind::Call) m_taken.call = event;
    }
    m_changed.notify_all();
  }

  struct Taken {
    std::optional<ReplayEvent> call;
    std::vector<std::string> notes;
  };
  // The server logs a call when it has let go of it, which may be after the client has its answer.
  Taken take(std::chrono::milliseconds wait) {
    std::unique_lock lock(m_mutex);
    m_changed.wait_for(lock, wait, [this] { return m_taken.call.has_value(); });
    return std::exchange(m_taken, {});
  }

 private:
  std::mutex m_mutex;
  std::condition_variable m_changed;
  Taken m_taken;
};

// Ends what the server's clients wait for when the task is stopped. request_stop() is called where
// nothing may block, so the stopping has a thread of its own.
class StopWithTask {
 public:
  StopWithTask(ReplayServer& server, const std::stop_token& token) {
    m_callback.emplace(token, [this, &server] {
      m_thread = std::thread([&server] { server.stop(std::chrono::milliseconds(0)); });
    });
  }
  ~StopWithTask() {
    m_callback.reset();  // waits for the function, if it is running
    if (m_thread.joinable()) m_thread.join();
  }
  StopWithTask(const StopWithTask&) = delete;
  StopWithTask& operator=(const StopWithTask&) = delete;

 private:
  std::thread m_thread;
  std::optional<std::stop_callback<std::function<void()>>> m_callback;
};

struct StandIn {
  std::shared_ptr<Trace> trace = std::make_shared<Trace>();
  std::unique_ptr<ReplayServer> server;
  std::shared_ptr<grpc::Channel> channel;
};

Result<StandIn> standIn(const Snapshot& snapshot, const TryOptions& options) {
  StandIn made;
  ReplayOptions replay;
  replay.policy.match = options.match;
  replay.policy.strictStreams = options.strictStreams;
  replay.log = [trace = made.trace](const ReplayEvent& event) { trace->add(event); };
  auto server = ReplayServer::start(snapshot.recording, snapshot.schema, std::move(replay));
  if (!server) return server.error();
  made.server = std::move(*server);
  made.channel = made.server->channel();
  return made;
}

TryOutcome playOnce(StandIn& standIn, const Schema& schema, const ClientScript& script,
                    const TryOptions& options, const Task& task) {
  TryOutcome result;
  result.outcome = play(standIn.channel, script, options.timeout);
  result.differences = compare(schema, script, result.outcome);
  Trace::Taken taken = standIn.trace->take(std::chrono::seconds(task.stopped() ? 0 : 1));
  result.notes = std::move(taken.notes);
  if (taken.call) {
    result.answeredBy = taken.call->callNumber;
    result.missed = taken.call->outcome == ReplayEvent::Outcome::Missed;
  }
  return result;
}

CheckedCall check(StandIn& standIn, const Snapshot& snapshot, const Call& call, const TryOptions& options,
                  const Task& task) {
  const Recording& recording = *snapshot.recording;
  const EntryInfo first = recording.info(call.first);
  CheckedCall checked;
  checked.call = first.id;
  checked.number = call.number;
  checked.method = recording.methodName(first.method);
  auto script = clientScript(recording, call);
  if (!script) {
    // One call that cannot be read is one that differs; the others are played.
    checked.outcome.differences.push_back(script.error().message);
    return checked;
  }
  checked.script = std::move(*script);
  checked.outcome = playOnce(standIn, *snapshot.schema, checked.script, options, task);
  return checked;
}

}  // namespace

TryOptions tryOptions(const ReplayPolicy& policy) {
  TryOptions options;
  options.match = policy.match;
  options.strictStreams = policy.strictStreams;
  return options;
}

Result<TryOutcome> tryCall(const Snapshot& snapshot, const Call& call, const ClientScript& script,
                           const TryOptions& options, const Task& task) {
  auto made = standIn(snapshot, options);
  if (!made) return made.error();
  const StopWithTask stopper(*made->server, task.stop);

  TryOutcome result = playOnce(*made, *snapshot.schema, script, options, task);
  if (!options.playEqualCallsBefore) return result;
  // Ends at its own answer, or when none is left; where calls answer again, when each had its turn.
  std::uint32_t before = 0;
  while (!task.stopped() && result.answeredBy != 0 && result.answeredBy != call.number &&
         before < snapshot.calls->size()) {
    TryOutcome next = playOnce(*made, *snapshot.schema, script, options, task);
    if (next.answeredBy == 0) break;
    next.equalBefore = ++before;
    result = std::move(next);
  }
  return result;
}

Result<CheckReport> checkAll(const Snapshot& snapshot, const TryOptions& options, const Task& task) {
  const Calls& calls = *snapshot.calls;
  auto made = standIn(snapshot, options);
  if (!made) return made.error();
  const StopWithTask stopper(*made->server, task.stop);

  CheckReport report;
  report.calls = calls.size();
  // Identical unary requests are answered in the order of their RESPONSEs, streams in that of their
  // CREATE_STREAMs.
  std::vector<std::uint32_t> order(calls.size());
  std::iota(order.begin(), order.end(), 0u);
  const auto place = [&calls](std::uint32_t index) {
    const Call call = calls[index];
    return call.isStream() ? call.first : call.last();
  };
  std::sort(order.begin(), order.end(),
            [&place](std::uint32_t a, std::uint32_t b) { return place(a) < place(b); });

  const std::size_t step = std::max<std::size_t>(order.size() / 200, 1);
  for (std::size_t i = 0; i < order.size(); ++i) {
    if (task.stopped()) break;
    const Call call = calls[order[i]];
    if (!call.isStream() && call.rest.empty()) {
      ++report.unanswered;
    } else {
      CheckedCall checked = check(*made, snapshot, call, options, task);
      if (task.stopped()) break;  // what ended it was the stop
      ++report.played;
      if (checked.outcome.differences.empty()) {
        ++report.asRecorded;
      } else if (report.differing.size() < kKeptDifferences) {
        report.differing.push_back(std::move(checked));
      }
    }
    if (i % step == 0 || i + 1 == order.size()) task.report(i + 1, order.size());
  }
  report.cancelled = task.stopped() && report.played + report.unanswered < report.calls;
  std::sort(report.differing.begin(), report.differing.end(),
            [](const CheckedCall& a, const CheckedCall& b) { return a.number < b.number; });
  return report;
}

}  // namespace retake::gui
