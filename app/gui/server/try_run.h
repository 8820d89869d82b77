#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/task.h"
#include "client/recorded_client.h"
#include "document/snapshot.h"
#include "recording/ids.h"
#include "replay/policy.h"

// Recorded calls, played against a stand-in of their own: each run starts a fresh one in memory, so
// that nothing is used up for the clients of the running server. These functions block; a Task that
// is stopped ends them within a moment.
namespace retake::gui {

// Goes by the workspace's matching. Neither by its pace nor by its upstream: what is asked is what the
// recording answers.
struct TryOptions {
  MatchPolicy match = {};
  bool strictStreams = false;
  // Equal requests are answered in recorded order. With this, those before it are played first, so
  // that the call meets its own answer.
  bool playEqualCallsBefore = true;
  std::chrono::milliseconds timeout = std::chrono::seconds(30);
};

TryOptions tryOptions(const ReplayPolicy& policy);

struct TryOutcome {
  ClientOutcome outcome;
  bool missed = false;
  std::uint32_t answeredBy = 0;          // number of the recorded call, from 1; 0 when missed
  std::uint32_t equalBefore = 0;         // equal calls that were played first
  std::vector<std::string> differences;  // from what is recorded; empty: answered as recorded
  std::vector<std::string> notes;        // what the stand-in logged on the way
};

// Plays `script`, which is that of `call` or one changed by hand, against `snapshot`.
Result<TryOutcome> tryCall(const Snapshot& snapshot, const Call& call, const ClientScript& script,
                           const TryOptions& options, const Task& task = {});

struct CheckedCall {
  EntryId call;
  std::uint32_t number = 0;
  std::string method;
  ClientScript script;
  TryOutcome outcome;
};

struct CheckReport {
  std::uint32_t calls = 0;  // in the recording
  std::uint32_t played = 0;
  std::uint32_t asRecorded = 0;
  std::uint32_t unanswered = 0;  // not played: the recording has no answer for them
  bool cancelled = false;
  // At most kKeptDifferences of those that differ, in the order of their numbers.
  std::vector<CheckedCall> differing;
};
inline constexpr std::size_t kKeptDifferences = 1000;

// Plays every call, one after the other, in the order in which they were answered.
Result<CheckReport> checkAll(const Snapshot& snapshot, const TryOptions& options, const Task& task = {});

}  // namespace retake::gui
