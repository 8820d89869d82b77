#include "stage.h"

#include <algorithm>
#include <cstdlib>

#include "base/wire.h"
#include "recording/status.h"
#include "support/replay_file.h"

namespace retake::test {
namespace {

std::chrono::steady_clock::time_point theTime;

std::string nameIn(ByteView message) {
  WireCursor cursor(message);
  const auto field = cursor.next();
  return field ? std::string(field->bytes) : "(empty)";
}

}  // namespace

Caller::Caller(Stage& stage, std::string_view method)
    : m_stage(stage),
      m_session(stage.replayer().open(method, stage.m_callers.size() + 1, [this] { return m_bell; })) {
  Reaction reaction;
  m_session.opened(reaction);
  react(reaction);
}

Caller& Caller::send(const std::string& name) {
  if (!m_over) {
    Reaction reaction;
    m_session.message(field(1, name), reaction);
    react(reaction);
  }
  m_stage.settle();
  return *this;
}

Caller& Caller::halfClose() {
  if (!m_over) {
    Reaction reaction;
    m_session.halfClosed(reaction);
    react(reaction);
  }
  m_stage.settle();
  return *this;
}

Caller& Caller::close() {
  m_over = true;
  m_due.reset();
  m_session.closed();
  m_stage.settle();
  return *this;
}

void Caller::react(const Reaction& reaction) {
  const auto add = [&](const std::string& what) { got += (got.empty() ? "" : " ") + what; };
  for (const std::string& note : reaction.notes) notes += note + "\n";
  for (const std::uint32_t position : reaction.messages) add(nameIn(m_session.payload(position)->view));
  if (reaction.timer != Reaction::Timer::Keep) m_due.reset();
  if (reaction.timer == Reaction::Timer::Arm) m_due = theTime + reaction.after;
  if (reaction.miss) add("missed");
  if (reaction.end) add(statusCodeName(reaction.end->status.code));
  m_over = m_over || reaction.miss || reaction.end;
  if (m_over) m_due.reset();
}

Stage::Stage(std::shared_ptr<const Recording> recording, const PacePolicy& pace) {
  ReplayPolicy policy;
  policy.pace = pace;
  auto replayer = Replayer::create(std::move(recording), Schema::builtin(), policy);
  if (!replayer) std::abort();
  m_replayer = *std::move(replayer);
  theTime = std::chrono::steady_clock::time_point(std::chrono::hours(1000));
  m_replayer->useClock([] { return theTime; });
}

Stage::~Stage() = default;

Caller& Stage::call(std::string_view method, const std::string& first) {
  m_callers.push_back(std::make_unique<Caller>(*this, method));
  Caller& caller = *m_callers.back();
  settle();
  if (!first.empty()) caller.send(first);
  return caller;
}

void Stage::leave(Caller& caller) {
  std::erase_if(m_callers, [&](const auto& known) { return known.get() == &caller; });
  settle();
}

void Stage::settle() {
  for (bool again = true; again;) {
    again = false;
    for (const auto& caller : m_callers) {
      if (!caller->m_bell->rung) continue;
      caller->m_bell->rung = false;
      again = true;
      if (caller->m_over) continue;
      Reaction reaction;
      caller->m_session.woken(reaction);
      caller->react(reaction);
    }
  }
}

void Stage::pass(std::chrono::milliseconds time, std::chrono::milliseconds late) {
  const auto end = theTime + time;
  for (;;) {
    Caller* next = nullptr;
    for (const auto& caller : m_callers)
      if (caller->m_due && (!next || *caller->m_due < *next->m_due)) next = caller.get();
    if (!next || *next->m_due + late > end) break;
    theTime = std::max(theTime, *next->m_due + late);
    next->m_due.reset();
    Reaction reaction;
    next->m_session.timerFired(reaction);
    next->react(reaction);
    settle();
  }
  theTime = end;
}

}  // namespace retake::test
