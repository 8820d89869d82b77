#include "record/recorder_state.h"

#include <limits>
#include <utility>

#include "format/replay_binary.h"
#include "recording/status.h"
#include "recording/status_code.h"

namespace retake {
namespace {

// How often the file is synced, and calls are looked at that have not shown what they are: twice in the
// second after which an entry has to be on disk.
constexpr std::chrono::milliseconds kKeepUp(500);

// How long what is said before the end of a call may wait for more to be written with, and how many bytes are
// enough: a write(2) for each takes as long as all else that recording one message does.
constexpr std::chrono::milliseconds kWriteBehind(10);
constexpr std::size_t kManyBytes = 64u << 10;

// How often a call looks again whether another one has written: each takes about a microsecond.
constexpr int kYields = 20;

// What grpcreplay's reader takes at most.
constexpr std::size_t kMaxGoRecord = 64u << 20;

std::int64_t systemNanos() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

}  // namespace

RecorderState::RecorderState(std::unique_ptr<RecordTarget> target, RecorderOptions options,
                             std::uint32_t entries)
    : m_rules(std::move(options.rules)),
      m_options(std::move(options)),
      m_systemBegin(systemNanos()),
      m_steadyBegin(std::chrono::steady_clock::now()),
      m_target(std::move(target)),
      m_initialState(m_options.initialState),
      m_before(entries),
      m_entries(entries),
      m_entriesSeen(entries) {}

RecorderState::~RecorderState() = default;

Result<void> RecorderState::start() {
  if (auto done = m_target->begin(head()); !done) return done;
  m_keeper = std::jthread([this](const std::stop_token& stop) { keepUp(stop); });
  return {};
}

std::shared_ptr<const Scrubber> RecorderState::rules() const {
  const std::lock_guard lock(m_rulesMutex);
  return m_rules;
}

void RecorderState::setRules(std::shared_ptr<const Scrubber> rules) {
  const std::lock_guard lock(m_rulesMutex);
  m_rules = std::move(rules);
}

std::string RecorderState::head() const {
  const auto rules = this->rules();
  const auto scrubbed = rules ? rules->initialState(m_initialState) : std::nullopt;
  return replayFileHead(scrubbed ? *scrubbed : m_initialState);
}

Result<void> RecorderState::setInitialState(std::string bytes) {
  const std::lock_guard lock(m_mutex);
  if (m_closed) return Error{"the initial state cannot be set: the recording has been closed"};
  if (m_entries > 0)
    return Error{"the initial state cannot be set: expected no entry before it, found " +
                 std::to_string(m_entries)};
  m_initialState = std::move(bytes);
  auto done = m_target->begin(head());
  if (!done) m_failure = done.error();  // what was there has gone
  return done;
}

void RecorderState::enter(const std::shared_ptr<CallRecorder>& call) {
  {
    const std::lock_guard lock(m_callsMutex);
    if (!m_ended) {
      m_open.emplace(call.get(), call);
      return;
    }
  }
  call->recordingEnded();
}

void RecorderState::leave(const CallRecorder* call) {
  const std::lock_guard lock(m_callsMutex);
  m_open.erase(call);
}

std::vector<std::shared_ptr<CallRecorder>> RecorderState::openCalls() const {
  std::vector<std::shared_ptr<CallRecorder>> calls;
  const std::lock_guard lock(m_callsMutex);
  for (const auto& [raw, weak] : m_open)
    if (auto call = weak.lock()) calls.push_back(std::move(call));
  return calls;
}

// Who has it writes, for a few microseconds as a rule, which is less than it takes to sleep and be woken.
std::unique_lock<std::mutex> RecorderState::lockAtWrite() {
  std::unique_lock lock(m_mutex, std::try_to_lock);
  for (int i = 0; i < kYields && !lock; ++i) {
    std::this_thread::yield();
    (void)lock.try_lock();
  }
  if (!lock) lock.lock();
  return lock;
}

std::uint32_t RecorderState::append(ByteView entry, EntryKind kind, std::uint32_t first, bool mayWait) {
  std::uint32_t place = 0;
  bool written = false;
  bool tooLong = false;
  std::optional<Error> failure;
  {
    const std::unique_lock lock = lockAtWrite();
    if (m_closed || m_failure) return 0;
    const std::uint64_t before = m_bytes;
    if (m_entries == std::numeric_limits<std::int32_t>::max())
      failure = Error{"the recording is full: it has " + std::to_string(m_entries) + " entries"};
    else if (auto done = write(entry, {kind, m_entries + 1, first}, mayWait); !done)
      failure = done.error();
    else
      place = m_entries;
    tooLong = place != 0 && entry.size() > kMaxGoRecord && !std::exchange(m_tooLongTold, true);
    written = m_bytes != before;
    if (failure) m_failure = failure;
    if (!m_pending.empty() && std::exchange(m_keeperWaits, false)) m_wake.notify_all();
  }
  if (failure && m_options.onFailure) m_options.onFailure(*failure);
  if (tooLong && m_options.onNote)
    m_options.onNote("entry " + std::to_string(place) + " has " + std::to_string(entry.size()) +
                     " bytes: grpcreplay refuses a file with more than " + std::to_string(kMaxGoRecord) +
                     " in one, rpcreplay takes it");
  if (written && m_options.onWritten) m_options.onWritten();
  return place;
}

Result<void> RecorderState::write(ByteView entry, const Told& told, bool mayWait) {
  if (entry.size() < kManyBytes) {
    const auto now = std::chrono::steady_clock::now();
    if (m_pending.empty()) m_pendingSince = now;
    m_pending.add(entry, told);
    m_entries = told.place;
    const bool isLate = m_isSyncing || now - m_pendingSince >= kWriteBehind;
    return mayWait && !isLate && m_pending.records().size() < kManyBytes ? Result<void>() : flush();
  }
  if (auto done = flush(); !done) return done;
  const auto length = replayRecordLength(entry.size());
  if (auto done = m_target->append({length.data(), length.size()}, entry); !done) return done;
  m_entries = told.place;
  m_bytes += entry.size() + length.size();
  settle(told);
  return {};
}

// Of those that could not be written nothing is in the file.
Result<void> RecorderState::flush() {
  if (m_pending.empty()) return {};
  auto done = m_target->append(m_pending.records());
  if (done) {
    m_bytes += m_pending.records().size();
    for (const Told& told : m_pending.entries()) settle(told);
    m_pending.clear();
  } else {
    discard();
  }
  return done;
}

void RecorderState::discard() {
  if (!m_pending.empty()) m_entries = m_pending.entries().front().place - 1;
  m_pending.clear();
}

void RecorderState::settle(const Told& told) {
  m_dirty = true;
  if (told.first == 0) ++m_calls;
  if (told.kind == EntryKind::Request) m_unanswered.insert(told.place);
  if (told.kind == EntryKind::Response) m_unanswered.erase(told.first);
}

void RecorderState::fail(const Error& error) {
  {
    const std::lock_guard lock(m_mutex);
    if (m_failure) return;
    m_failure = error;
    discard();
  }
  if (m_options.onFailure) m_options.onFailure(error);
}

void RecorderState::keepUp(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    const auto next = std::chrono::steady_clock::now() + kKeepUp;
    while (!stop.stop_requested() && std::chrono::steady_clock::now() < next) waitAndFlush(stop, next);
    for (const auto& call : openCalls()) call->decide(std::chrono::steady_clock::now() - kKeepUp);
    sync();
  }
}

void RecorderState::waitAndFlush(const std::stop_token& stop, std::chrono::steady_clock::time_point until) {
  std::unique_lock lock(m_mutex);
  // While entries come it looks by itself: waking it takes a call longer than writing does. Woken for what
  // another call has written since, it waits on, and wants to be woken again.
  if (std::exchange(m_entriesSeen, m_entries) == m_entries) {
    m_wake.wait_until(lock, stop, until, [this] {
      m_keeperWaits = m_pending.empty();
      return !m_keeperWaits;
    });
    m_keeperWaits = false;
    if (m_pending.empty()) return;
  }
  m_wake.wait_for(lock, stop, kWriteBehind, [] { return false; });
  flushAndTell(std::move(lock));
}

void RecorderState::flushAndTell(std::unique_lock<std::mutex> lock) {
  if (m_pending.empty()) return;
  const auto done = flush();
  const bool isFirst = !done && !m_failure;
  if (isFirst) m_failure = done.error();
  lock.unlock();
  if (isFirst && m_options.onFailure) m_options.onFailure(done.error());
  if (done && m_options.onWritten) m_options.onWritten();
}

// It takes long, and a call that waited for the file meanwhile would be held up by the disk: the file is not
// locked for it. It is closed by close() alone, behind this thread.
void RecorderState::sync() {
  {
    std::unique_lock lock(m_mutex);
    m_isSyncing = true;
    flushAndTell(std::move(lock));
  }
  bool dirty = false;
  {
    const std::lock_guard lock(m_mutex);
    dirty = std::exchange(m_dirty, false);
  }
  const auto done = dirty ? m_target->sync() : Result<void>();
  {
    const std::lock_guard lock(m_mutex);
    m_isSyncing = false;
  }
  if (!done) fail(done.error());
}

Result<void> RecorderState::close() {
  const std::lock_guard once(m_closing);
  {
    const std::lock_guard lock(m_callsMutex);
    m_ended = true;
  }
  for (const auto& call : openCalls()) call->recordingEnded();
  if (m_keeper.joinable()) {
    m_keeper.request_stop();
    m_keeper.join();
  }
  const std::lock_guard lock(m_mutex);
  if (!std::exchange(m_closed, true)) {
    if (auto done = flush(); !done && !m_failure) m_failure = done.error();
    answerRequests();
    if (auto done = m_target->close(); !done && !m_failure) m_failure = done.error();
  }
  if (m_failure) return *m_failure;
  return {};
}

// Where writing had failed there may be room again: with their answers the Go packages load the file.
void RecorderState::answerRequests() {
  const EntryMessage ended{std::string(kTypeUrlPrefix) + std::string(kStatusType),
                           serializeStatus({status_code::kUnavailable, "recording ended", {}})};
  while (!m_unanswered.empty()) {
    const std::uint32_t request = *m_unanswered.begin();
    const Told told{EntryKind::Response, m_entries + 1, request};
    const auto done = write(serializeEntry(told.kind, {}, ended, true, request), told, false);
    if (!done) {
      if (!m_failure) m_failure = done.error();
      m_failure->message += "; " + std::to_string(m_unanswered.size()) +
                            " requests have no answer, and the Go packages refuse the whole file until it is "
                            "repaired (retake-cli edit --repair)";
      return;
    }
  }
}

RecorderCounts RecorderState::counts() const {
  RecorderCounts counts;
  {
    const std::lock_guard lock(m_callsMutex);
    counts.open = static_cast<std::uint32_t>(m_open.size());
  }
  const std::lock_guard lock(m_mutex);
  counts.calls = m_calls;
  counts.entries = m_entries - m_pending.entries().size() - m_before;
  counts.bytes = m_bytes;
  return counts;
}

std::int64_t RecorderState::nowNanos() const {
  return m_systemBegin + std::chrono::nanoseconds(std::chrono::steady_clock::now() - m_steadyBegin).count();
}

void RecorderState::learnStream(const std::string& method) {
  const std::lock_guard lock(m_callsMutex);
  m_streams.insert(method);
}

void RecorderState::learnUnary(const std::string& method) {
  const std::lock_guard lock(m_callsMutex);
  m_unaries.insert(method);
}

bool RecorderState::isKnownStream(const std::string& method) const {
  const std::lock_guard lock(m_callsMutex);
  return m_streams.contains(method);
}

bool RecorderState::isKnownUnary(const std::string& method) const {
  const std::lock_guard lock(m_callsMutex);
  return m_unaries.contains(method);
}

void RecorderState::noteOnce(Note note, const std::string& method, const std::string& text) {
  if (!m_options.onNote) return;
  {
    const std::lock_guard lock(m_callsMutex);
    if (!m_noted.emplace(note, method).second) return;
  }
  m_options.onNote(method + ": " + text);
}

}  // namespace retake
