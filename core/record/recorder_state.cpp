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

constexpr std::uint64_t kLengthBytes = 4;
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
      m_entries(entries) {}

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

std::uint32_t RecorderState::append(ByteView entry, EntryKind kind, std::uint32_t first) {
  std::uint32_t place = 0;
  std::optional<Error> failure;
  bool tooLong = false;
  {
    const std::lock_guard lock(m_mutex);
    if (m_closed || m_failure) return 0;
    if (m_entries == std::numeric_limits<std::int32_t>::max()) {
      failure = Error{"the recording is full: it has " + std::to_string(m_entries) + " entries"};
    } else if (auto done = m_target->append(entry); !done) {
      failure = done.error();
    } else {
      place = ++m_entries;
      m_bytes += entry.size() + kLengthBytes;
      m_dirty = true;
      if (first == 0) ++m_calls;
      if (kind == EntryKind::Request) m_unanswered.insert(place);
      if (kind == EntryKind::Response) m_unanswered.erase(first);
      tooLong = entry.size() > kMaxGoRecord && !std::exchange(m_tooLongTold, true);
    }
    if (failure) m_failure = failure;
  }
  if (failure && m_options.onFailure) m_options.onFailure(*failure);
  if (tooLong && m_options.onNote)
    m_options.onNote("entry " + std::to_string(place) + " has " + std::to_string(entry.size()) +
                     " bytes: grpcreplay refuses a file with more than " + std::to_string(kMaxGoRecord) +
                     " in one, rpcreplay takes it");
  if (place != 0 && m_options.onWritten) m_options.onWritten();
  return place;
}

void RecorderState::fail(const Error& error) {
  {
    const std::lock_guard lock(m_mutex);
    if (m_failure) return;
    m_failure = error;
  }
  if (m_options.onFailure) m_options.onFailure(error);
}

// Syncing takes long, and a call that waited for the file meanwhile would be held up by the disk: the file
// is not locked for it. It is closed by close() alone, behind this thread.
void RecorderState::keepUp(const std::stop_token& stop) {
  std::mutex waiting;
  std::unique_lock lock(waiting);
  while (!m_wake.wait_for(lock, stop, kKeepUp, [] { return false; }) && !stop.stop_requested()) {
    for (const auto& call : openCalls()) call->decide(std::chrono::steady_clock::now() - kKeepUp);
    bool dirty = false;
    {
      const std::lock_guard held(m_mutex);
      dirty = std::exchange(m_dirty, false);
    }
    if (!dirty) continue;
    if (auto done = m_target->sync(); !done) fail(done.error());
  }
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
    const auto done =
        m_target->append(serializeEntry(EntryKind::Response, {}, ended, true, request));
    if (!done) {
      if (!m_failure) m_failure = done.error();
      m_failure->message += "; " + std::to_string(m_unanswered.size()) +
                            " requests have no answer, and the Go packages refuse the whole file until it is "
                            "repaired (retake-cli edit --repair)";
      return;
    }
    ++m_entries;
    m_unanswered.erase(request);
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
  counts.entries = m_entries - m_before;
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

void RecorderState::noteOnce(const std::string& method, const std::string& text) {
  if (!m_options.onNote) return;
  {
    const std::lock_guard lock(m_callsMutex);
    if (!m_noted.insert(method).second) return;
  }
  m_options.onNote(method + ": " + text);
}

}  // namespace retake
