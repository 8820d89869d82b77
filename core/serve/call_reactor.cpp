#include "serve/call_reactor.h"

#include "replay/served_status.h"

namespace retake {
namespace {

constexpr std::int32_t kUnknown = 2;
constexpr std::int32_t kUnavailable = 14;

// Below this, copying bytes is cheaper than keeping their owner alive across threads.
constexpr std::size_t kCopyBelow = 4096;

grpc::ByteBuffer toByteBuffer(const Blob& blob) {
  if (blob.view.size() < kCopyBelow || !blob.owner) {
    const grpc::Slice slice(blob.view.data(), blob.view.size());
    return grpc::ByteBuffer(&slice, 1);
  }
  auto* owner = new std::shared_ptr<const void>(blob.owner);
  const auto release = [](void* held) { delete static_cast<std::shared_ptr<const void>*>(held); };
  // gRPC does not write to a slice that it does not own.
  const grpc::Slice slice(const_cast<char*>(blob.view.data()), blob.view.size(), release, owner);
  return grpc::ByteBuffer(&slice, 1);
}

grpc::Status toGrpc(const ServedStatus& status) {
  return grpc::Status(static_cast<grpc::StatusCode>(status.code), status.message, status.details);
}

// Tools ask for these by themselves, and a recording seldom has them: that is no miss.
bool isInfrastructure(const std::string& method) {
  return method.starts_with("/grpc.health.") || method.starts_with("/grpc.reflection.");
}

ByteView viewOf(const grpc::Slice& slice) {
  return {reinterpret_cast<const char*>(slice.begin()), slice.size()};
}

}  // namespace

CallReactor::CallReactor(const ReplayService& service, grpc::GenericCallbackServerContext& context)
    : m_serving(service.serving()),
      m_service(service),
      m_context(context),
      m_sequence(m_serving->nextSequence()),
      m_session(m_serving->replayer().open(context.method(), m_sequence)) {
  if (!m_serving->hasLog()) return;
  m_began = std::chrono::system_clock::now();
  m_beganSteady = Clock::now();
}

void CallReactor::start() {
  const std::lock_guard lock(m_mutex);
  m_entered = m_serving->enter(*this);
  if (!m_entered) {
    m_finished = true;
    const ServedStatus refusal{kUnavailable, "retake: the stand-in has been stopped", {}};
    conclude(ReplayEvent::Outcome::Refused, refusal.code, refusal.message);
    return Finish(toGrpc(refusal));
  }
  Reaction reaction;
  m_session.opened(reaction);
  react(reaction);
  if (!m_finished) StartRead(&m_read);
}

void CallReactor::OnReadDone(bool ok) {
  const std::lock_guard lock(m_mutex);
  if (m_finished) return;
  Reaction reaction;
  if (!ok) {
    // The end of what the client sends is either its half-close or its going away, which OnCancel tells.
    if (m_context.IsCancelled()) return;
    m_session.halfClosed(reaction);
    return react(reaction);
  }
  grpc::Slice slice;
  if (!m_read.TrySingleSlice(&slice).ok() && !m_read.DumpToSingleSlice(&slice).ok())
    return abandon(ReplayEvent::Outcome::Aborted,
                   grpc::Status(grpc::StatusCode::INTERNAL, "retake: a message could not be read"));
  m_session.message(viewOf(slice), reaction);
  m_read.Clear();
  react(reaction);
  if (!m_finished) StartRead(&m_read);
}

void CallReactor::OnWriteDone(bool ok) {
  const std::lock_guard lock(m_mutex);
  m_writing = false;
  if (m_finished) return;
  if (!ok)
    return abandon(m_session.cancelled(), grpc::Status(grpc::StatusCode::CANCELLED, "the client is gone"));
  pump();
}

void CallReactor::OnCancel() {
  const std::lock_guard lock(m_mutex);
  if (!m_finished) abandon(m_session.cancelled(), grpc::Status(grpc::StatusCode::CANCELLED, "cancelled"));
}

void CallReactor::OnDone() {
  {
    const std::lock_guard lock(m_mutex);
    m_done = true;
    ++m_alarmGeneration;
    m_alarm.reset();  // its callback still comes, at once, and gives back its reference
  }
  if (m_entered) m_serving->leave(*this);
  release();
}

void CallReactor::terminate() {
  const std::lock_guard lock(m_mutex);
  if (m_finished) return;
  abandon(ReplayEvent::Outcome::Aborted,
          grpc::Status(grpc::StatusCode::UNAVAILABLE, "retake: the stand-in has been stopped"));
}

void CallReactor::cutOff() {
  const std::lock_guard lock(m_mutex);
  if (!m_done) m_context.TryCancel();
}

void CallReactor::react(Reaction& reaction) {
  for (std::string& text : reaction.notes) note(std::move(text));
  if (m_queueAt == m_queue.size()) {
    m_queue.swap(reaction.messages);
    m_queueAt = 0;
  } else {
    m_queue.insert(m_queue.end(), reaction.messages.begin(), reaction.messages.end());
  }
  if (reaction.miss && !m_end) {
    const Explanation explanation = m_serving->replayer().explain(*m_session.served(), *reaction.miss);
    reaction.end = endOfMiss(explanation);
    m_explanation = std::make_shared<const Explanation>(explanation);
  }
  if (reaction.end && !m_end) m_end = std::move(reaction.end);
  setTimer(reaction);
  // A write that goes out now brings the headers along, and an end that comes alone needs none.
  const bool alone = m_queueAt == m_queue.size() && !m_end;
  if (reaction.headers && alone && !m_headersSent && !m_writing) {
    m_headersSent = true;
    StartSendInitialMetadata();
  }
  pump();
}

void CallReactor::pump() {
  if (m_finished || m_writing) return;
  if (m_queueAt == m_queue.size()) {
    if (m_end) finish(*m_end, nullptr);
    return;
  }
  auto payload = m_session.payload(m_queue[m_queueAt++]);
  if (!payload) {
    const ServedStatus lost{kUnknown, "retake: " + payload.error().message, {}};
    return finish({lost, ReplayEvent::Outcome::Aborted}, nullptr);
  }
  m_write = toByteBuffer(*payload);
  m_headersSent = true;
  if (m_queueAt == m_queue.size() && m_end) return finish(*m_end, &m_write);
  m_writing = true;
  StartWrite(&m_write);
}

void CallReactor::finish(const ReplayEnd& end, const grpc::ByteBuffer* last) {
  m_finished = true;
  m_due.reset();
  ServedStatus status = end.status;
  if (m_service.trailersLimited())
    if (auto cut = fitIntoTrailers(status)) note(std::move(*cut));
  conclude(end.outcome, status.code, status.message);
  if (last)
    StartWriteAndFinish(last, grpc::WriteOptions(), toGrpc(status));
  else
    Finish(toGrpc(status));
}

// An end that is not the session's. What waits to be written is not written any more.
void CallReactor::abandon(ReplayEvent::Outcome outcome, grpc::Status status) {
  m_finished = true;
  m_due.reset();
  m_queue.clear();
  m_queueAt = 0;
  conclude(outcome, status.error_code(), status.error_message());
  Finish(std::move(status));
}

void CallReactor::setTimer(const Reaction& reaction) {
  if (reaction.timer == Reaction::Timer::Keep) return;
  m_due.reset();
  if (reaction.timer == Reaction::Timer::Stop) return;
  m_due = Clock::now() + reaction.after;
  // A chat sets a timer with every message: one that fires too early is cheaper than a new one each time.
  if (!m_alarm || *m_due < m_alarmAt) armAlarm();
}

void CallReactor::armAlarm() {
  m_alarm = std::make_unique<grpc::Alarm>();
  m_alarmAt = *m_due;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(m_alarmAt - Clock::now());
  const gpr_timespec deadline =
      gpr_time_add(gpr_now(GPR_CLOCK_MONOTONIC),
                   gpr_time_from_millis(std::max<std::int64_t>(left.count(), 0), GPR_TIMESPAN));
  retain();
  m_alarm->Set(deadline, [this, generation = ++m_alarmGeneration](bool) {
    alarmFired(generation);
    release();
  });
}

void CallReactor::alarmFired(std::uint64_t generation) {
  const std::lock_guard lock(m_mutex);
  if (generation != m_alarmGeneration) return;
  m_alarm.reset();
  if (m_finished || !m_due) return;
  if (*m_due > Clock::now()) return armAlarm();
  m_due.reset();
  Reaction reaction;
  m_session.timerFired(reaction);
  react(reaction);
}

ReplayEvent CallReactor::event(ReplayEvent::Kind kind) const {
  ReplayEvent event;
  event.kind = kind;
  event.sequence = m_sequence;
  event.time = m_began;
  event.duration = Clock::now() - m_beganSteady;
  event.endpoint = m_service.endpoint();
  event.method = m_context.method();
  event.call = m_session.call();
  event.callNumber = m_session.callNumber();
  return event;
}

void CallReactor::note(std::string text) {
  if (!m_serving->hasLog()) return;
  ReplayEvent said = event(ReplayEvent::Kind::Note);
  said.text = std::move(text);
  m_serving->log(said);
}

// Before the end goes out, so that a client which has seen it finds it counted.
void CallReactor::conclude(ReplayEvent::Outcome outcome, std::int32_t code, const std::string& text) {
  const bool counted = outcome != ReplayEvent::Outcome::Missed || !isInfrastructure(m_context.method());
  if (counted) m_serving->count(outcome);
  if (!m_serving->hasLog()) return;
  ReplayEvent over = event(ReplayEvent::Kind::Call);
  over.outcome = outcome;
  over.counted = counted;
  over.statusCode = code;
  over.text = text;
  over.explanation = m_explanation;
  m_serving->log(over);
}

}  // namespace retake
