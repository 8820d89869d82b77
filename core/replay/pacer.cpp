#include "replay/pacer.h"

#include <algorithm>
#include <cmath>

#include "recording/entry_extras.h"
#include "replay/wait_text.h"

namespace retake {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;

// What is told of a wait that a person may take for a hang.
constexpr nanoseconds kLongWait = std::chrono::seconds(10);
// Beyond this a recorded time is damage, and sums of it would overflow.
constexpr double kLongestGap = 1e9 * 3600 * 24 * 365;

// Between two recorded times, as it is replayed.
nanoseconds gap(std::int64_t from, std::int64_t to, double speed) {
  if (to <= from) return nanoseconds(0);
  const auto recorded =
      static_cast<double>(static_cast<std::uint64_t>(to) - static_cast<std::uint64_t>(from));
  const double played = recorded / (speed > 0 ? speed : 1);
  return nanoseconds(std::llround(std::min(played, kLongestGap)));
}

milliseconds roundedUp(nanoseconds time) {
  return std::max(std::chrono::ceil<milliseconds>(time), milliseconds(1));
}

}  // namespace

Pacer::Pacer(const ServedRecording& served, AnswerGate& gate, CausalOrder& order, WakerSource&& waker,
             ReplayClock clock)
    : m_served(served), m_order(order), m_gate(gate), m_waker(std::move(waker)), m_clock(clock) {
  const Pace pace = served.policy.pace.pace;
  if (pace == Pace::Recorded) m_recorded = std::make_unique<Recorded>();
  if (pace == Pace::Causal && served.causal)
    m_causal.reset(new Causal{.place = CausalPlace(order, served.causal)});
}

Pacer::~Pacer() { leave(); }

void Pacer::leave() {
  m_gate.leave();
  if (m_causal) m_causal->place.leave();
  settleRest();
}

// Of a call that is over, or a client that has half-closed, no more SENDs will come.
void Pacer::settleRest() {
  if (!m_causal || !m_causal->call) return;
  std::vector<EntryId> rest;
  for (; m_causal->sentAt < m_causal->call->rest.size(); ++m_causal->sentAt) {
    const EntryInfo info = m_served.recording->info(m_causal->call->rest[m_causal->sentAt]);
    if (info.kind == EntryKind::Send) rest.push_back(info.id);
  }
  if (!rest.empty()) m_order.settle(rest, &m_causal->place);
}

void Pacer::opened() {
  if (m_recorded) m_recorded->since = m_clock();
}

void Pacer::openedStream(std::span<const MatchIndex::Slot> candidates, std::uint32_t queue) {
  if (m_causal) m_order.settleFirst(m_causal->place.snapshot(), candidates, queue, &m_causal->place);
}

void Pacer::supposes(const Call& call) {
  if (m_recorded) m_recorded->sinceEntry = call.first;
}

void Pacer::took(const Call& call) {
  if (m_causal) m_causal->call = call;
  supposes(call);
  // A unary call begins with its request; a stream began when it was opened.
  if (m_recorded && !call.isStream()) m_recorded->since = m_clock();
  if (!m_order.isFollowed()) return;
  std::vector<EntryId> entries = {m_served.recording->info(call.first).id};
  // At another pace nobody tells of each SEND: waiting for one of these would be in vain.
  if (!m_causal)
    for (const std::uint32_t position : call.rest) entries.push_back(m_served.recording->info(position).id);
  m_order.settle(entries, m_causal ? &m_causal->place : nullptr);
}

void Pacer::sent() {
  if (m_recorded) m_recorded->arrivals.push_back(m_clock());
  if (!m_causal || !m_causal->call) return;
  while (m_causal->sentAt < m_causal->call->rest.size()) {
    const EntryInfo info = m_served.recording->info(m_causal->call->rest[m_causal->sentAt++]);
    if (info.kind == EntryKind::Send && !info.isError) return m_order.settle({info.id}, &m_causal->place);
  }
}

void Pacer::halfClosed() { settleRest(); }

void Pacer::passed(std::uint32_t position) {
  if (!m_recorded) return;
  Recorded& recorded = *m_recorded;
  recorded.since =
      recorded.passed < recorded.arrivals.size() ? recorded.arrivals[recorded.passed] : m_clock();
  ++recorded.passed;
  recorded.sinceEntry = position;
}

bool Pacer::isDueByTime(std::uint32_t position, Reaction& out) {
  if (position == m_recorded->sinceEntry) return true;
  const auto from = timeOf(m_recorded->sinceEntry);
  const auto to = timeOf(position);
  if (!from || !to) {
    if (!m_recorded->saidUntimed)
      out.notes.push_back("no time is recorded on entry " +
                          std::to_string((from ? position : m_recorded->sinceEntry) + 1) +
                          ": what it stands for goes out at once");
    m_recorded->saidUntimed = true;
    return true;
  }
  const TimePoint due = m_recorded->since + gap(*from, *to, m_served.policy.pace.speed);
  const nanoseconds left = due - m_clock();
  if (left <= nanoseconds(0)) return true;
  if (left > kLongWait && m_recorded->saidLong != position + 1) {
    out.notes.push_back(nameOf(position) + " goes out in " + inSeconds(roundedUp(left)) +
                        ", as it was recorded");
    m_recorded->saidLong = position + 1;
  }
  out.arm(roundedUp(left));
  return false;
}

bool Pacer::isDueByCause(std::uint32_t position, Reaction& out) {
  if (m_causal->place.lets(position, m_waker)) {
    m_causal->waitsFor.reset();
    return true;
  }
  const TimePoint now = m_clock();
  if (m_causal->waitsFor != position) {
    m_causal->waitsFor = position;
    m_causal->bound = now + m_served.policy.pace.causalBound;
  }
  out.arm(roundedUp(m_causal->bound - now));
  return false;
}

void Pacer::timerFired(Reaction& out) {
  if (!m_causal || !m_causal->waitsFor || m_clock() < m_causal->bound) return;
  const std::uint32_t position = *m_causal->waitsFor;
  m_causal->waitsFor.reset();
  const auto given = m_order.giveUpBefore(m_causal->place.snapshot(), position, &m_causal->place);
  if (!given) return;
  std::string note = "no " + nameOf(given->first);
  if (given->count > 1) note += " and " + std::to_string(given->count - 1) + " more";
  out.notes.push_back(note + " for " + inSeconds(m_served.policy.pace.causalBound) + ": " + nameOf(position) +
                      ", recorded behind it, goes out without it");
}

std::optional<std::int64_t> Pacer::timeOf(std::uint32_t position) const {
  if (!m_served.recording->info(position).hasExtras) return std::nullopt;
  const auto bytes = m_served.recording->bytes(position);
  if (!bytes) return std::nullopt;
  const auto extras = parseExtras(bytes->view);
  return extras ? extras->timeNanos : std::nullopt;
}

// "entry 17 (SEND of call 5, /pkg.Service/Method)"
std::string Pacer::nameOf(std::uint32_t position) const {
  const Recording& recording = *m_served.recording;
  const EntryInfo info = recording.info(position);
  std::string text = "entry " + std::to_string(position + 1) + " (" + std::string(entryKindName(info.kind));
  if (const auto call = m_served.calls->indexOf(recording, position))
    text += " of call " + std::to_string(*call + 1);
  return text + ", " + recording.methodName(info.method) + ")";
}

}  // namespace retake
