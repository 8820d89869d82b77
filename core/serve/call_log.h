#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "replay/event.h"

namespace retake {

class ReplayService;
class Serving;

// What is counted and logged of one call of a client.
class CallLog {
 public:
  // All outlive it.
  CallLog(Serving& serving, const ReplayService& service, const std::string& method, std::uint64_t sequence);

  // The recorded call, once it is chosen.
  void setCall(EntryId call, std::uint32_t number) { m_call = call, m_callNumber = number; }
  void setExplanation(std::shared_ptr<const Explanation> explanation) {
    m_explanation = std::move(explanation);
  }
  // ReplayEvent::forwarded.
  void setForwarded(std::string text) { m_forwarded = std::move(text); }

  void note(std::string text) const;
  // Once, and before the end goes out: a client which has seen that finds it counted.
  void conclude(ReplayEvent::Outcome outcome, std::int32_t code, const std::string& text) const;

 private:
  ReplayEvent event(ReplayEvent::Kind kind) const;

  Serving& m_serving;
  const ReplayService& m_service;
  const std::string& m_method;
  const std::uint64_t m_sequence;
  std::chrono::system_clock::time_point m_began;
  std::chrono::steady_clock::time_point m_beganSteady;
  EntryId m_call;
  std::uint32_t m_callNumber = 0;
  std::shared_ptr<const Explanation> m_explanation;
  std::string m_forwarded;
};

}  // namespace retake
