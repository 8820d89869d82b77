#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "record/pending_entries.h"
#include "record/record_target.h"
#include "record/recorder.h"

namespace retake {

// What the calls of a recorder share: the file, the numbers of its entries, and which of them are under way.
// Lives as long as the last of them. All functions may be called from any thread.
class RecorderState {
 public:
  // `entries` are in the target already.
  RecorderState(std::unique_ptr<RecordTarget> target, RecorderOptions options, std::uint32_t entries);
  ~RecorderState();

  // Without the rules, which may be set meanwhile: null here.
  const RecorderOptions& options() const { return m_options; }
  std::shared_ptr<const Scrubber> rules() const;  // null: none
  void setRules(std::shared_ptr<const Scrubber> rules);

  // Before all else.
  Result<void> start();
  Result<void> setInitialState(std::string bytes);
  Result<void> close();
  RecorderCounts counts() const;

  void enter(const std::shared_ptr<CallRecorder>& call);
  void leave(const CallRecorder* call);

  // Writes an Entry message, with all that waits, or, where it may wait, some milliseconds later. Gives its
  // place, from 1, or 0 where nothing is written any more. `kind` and `first`, the place of its REQUEST or
  // CREATE_STREAM, are what it has in it.
  std::uint32_t append(ByteView entry, EntryKind kind, std::uint32_t first, bool mayWait);
  // What waits, now.
  void writePending() { flushAndTell(std::unique_lock(m_mutex)); }
  // Nanoseconds since 1970-01-01 UTC, by a clock that is not set meanwhile.
  std::int64_t nowNanos() const;
  // What calls of a method have shown that no schema told.
  void learnStream(const std::string& method);
  void learnUnary(const std::string& method);
  bool isKnownStream(const std::string& method) const;
  bool isKnownUnary(const std::string& method) const;
  // The first of its kind of a method is told.
  enum class Note : std::uint8_t { NotInSchema, NotUnary, AnswerBeforeError, NoStatus };
  void noteOnce(Note note, const std::string& method, const std::string& text);

 private:
  using Told = PendingEntries::Told;

  std::string head() const;
  std::unique_lock<std::mutex> lockAtWrite();
  void keepUp(const std::stop_token& stop);
  void waitAndFlush(const std::stop_token& stop, std::chrono::steady_clock::time_point until);
  void flushAndTell(std::unique_lock<std::mutex> lock);
  void sync();
  void fail(const Error& error);
  // With m_mutex held. An Error is the recording's: m_failure before anybody else is let in.
  Result<void> write(ByteView entry, const Told& told, bool mayWait);
  Result<void> flush();
  void discard();
  void settle(const Told& told);
  std::vector<std::shared_ptr<CallRecorder>> openCalls() const;
  void answerRequests();

  mutable std::mutex m_rulesMutex;
  std::shared_ptr<const Scrubber> m_rules;
  const RecorderOptions m_options;  // without them
  const std::int64_t m_systemBegin;
  const std::chrono::steady_clock::time_point m_steadyBegin;

  mutable std::mutex m_mutex;
  std::unique_ptr<RecordTarget> m_target;
  std::string m_initialState;
  const std::uint32_t m_before;
  std::uint32_t m_entries;  // with those that are pending
  PendingEntries m_pending;
  std::chrono::steady_clock::time_point m_pendingSince;  // the first of them
  bool m_keeperWaits = false;                            // until there are pending ones
  std::uint32_t m_entriesSeen;                           // by the keeper
  bool m_isSyncing = false;                              // the keeper, which sees to no pending ones then
  std::uint64_t m_bytes = 0;
  bool m_dirty = false;  // since it was synced
  bool m_closed = false;
  std::optional<Error> m_failure;
  std::unordered_set<std::uint32_t> m_unanswered;  // places of REQUESTs
  std::uint64_t m_calls = 0;                       // that have an entry
  bool m_tooLongTold = false;

  mutable std::mutex m_callsMutex;
  bool m_ended = false;  // no call comes in
  std::unordered_map<const CallRecorder*, std::weak_ptr<CallRecorder>> m_open;
  std::unordered_set<std::string> m_streams;
  std::unordered_set<std::string> m_unaries;
  std::set<std::pair<Note, std::string>> m_noted;

  std::mutex m_closing;  // one close() waits for another
  std::condition_variable_any m_wake;
  std::jthread m_keeper;  // last: it uses what stands above
};

}  // namespace retake
