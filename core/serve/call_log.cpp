#include "serve/call_log.h"

#include "serve/replay_service.h"
#include "serve/serving.h"

namespace retake {
namespace {

// Tools ask for these by themselves, and a recording seldom has them: that is no miss.
bool isInfrastructure(const std::string& method) {
  return method.starts_with("/grpc.health.") || method.starts_with("/grpc.reflection.");
}

}  // namespace

CallLog::CallLog(Serving& serving, const ReplayService& service, const std::string& method,
                 std::uint64_t sequence)
    : m_serving(serving), m_service(service), m_method(method), m_sequence(sequence) {
  if (!m_serving.hasLog()) return;
  m_began = std::chrono::system_clock::now();
  m_beganSteady = std::chrono::steady_clock::now();
}

ReplayEvent CallLog::event(ReplayEvent::Kind kind) const {
  ReplayEvent event;
  event.kind = kind;
  event.sequence = m_sequence;
  event.time = m_began;
  event.duration = std::chrono::steady_clock::now() - m_beganSteady;
  event.endpoint = m_service.endpoint();
  event.method = m_method;
  event.call = m_call;
  event.callNumber = m_callNumber;
  return event;
}

void CallLog::note(std::string text) const {
  if (!m_serving.hasLog()) return;
  ReplayEvent said = event(ReplayEvent::Kind::Note);
  said.text = std::move(text);
  m_serving.log(said);
}

void CallLog::conclude(ReplayEvent::Outcome outcome, std::int32_t code, const std::string& text) const {
  const bool counted = outcome != ReplayEvent::Outcome::Missed || !isInfrastructure(m_method);
  if (counted) m_serving.count(outcome);
  if (!m_serving.hasLog()) return;
  ReplayEvent over = event(ReplayEvent::Kind::Call);
  over.outcome = outcome;
  over.counted = counted;
  over.statusCode = code;
  over.text = text;
  over.forwarded = m_forwarded;
  over.explanation = m_explanation;
  m_serving.log(over);
}

}  // namespace retake
