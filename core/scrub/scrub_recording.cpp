#include "scrub/scrub_recording.h"

#include <algorithm>
#include <unordered_map>

#include "base/wire.h"
#include "scrub/scrub_run.h"

namespace retake {
namespace {

// Longer values are told from each other by this much of them, their length and a hash of the whole.
constexpr std::size_t kMaxShown = 4096;

std::string shortened(std::string_view value) {
  if (value.size() <= kMaxShown) return std::string(value);
  std::size_t end = kMaxShown;
  while (end > kMaxShown - 4 && (static_cast<unsigned char>(value[end]) & 0xc0u) == 0x80u) --end;
  return std::string(value.substr(0, end)) + "…";
}

class Counter {
 public:
  Counter(const FilterInput& input, std::size_t rules) : m_input(input), m_rules(rules), m_lastCall(rules) {
    m_report.rules.resize(rules);
    m_isInEntry.resize(rules);
  }

  void beginEntry(std::uint32_t position, EntryId id) {
    m_id = id;
    m_position = position;
    m_hitsInEntry = 0;
    m_afters.clear();
  }
  void add(ScrubHit&& hit) {
    ScrubReport::Rule& rule = m_report.rules[hit.rule];
    ++rule.hits;
    ++m_hitsInEntry;
    if (hit.compared) ++rule.compared;
    if (hit.in == ScrubHit::In::InitialState) rule.initialState = true;
    m_isInEntry[hit.rule] = true;
    noteOverlap(hit);
    sample(rule, hit);
  }
  void endEntry(bool changed) {
    if (m_hitsInEntry == 0) return;
    const auto found = m_id ? m_input.calls->indexOf(*m_input.recording, m_position) : std::nullopt;
    // GCC under the thread sanitizer takes the value of the optional for uninitialized otherwise.
    const std::uint32_t call = found.value_or(0);
    for (std::uint32_t i = 0; i < m_report.rules.size(); ++i) {
      if (!m_isInEntry[i]) continue;
      m_isInEntry[i] = false;
      if (!m_id) continue;
      ++m_report.rules[i].entries;
      if (found && m_lastCall[i].insert(call)) ++m_report.rules[i].calls;
    }
    if (found) {
      m_report.hitsOfCall.resize(m_input.calls->size());
      m_report.hitsOfCall[call] += m_hitsInEntry;
    }
    if (m_id && changed) m_report.entries.push_back(m_id);
  }
  void leftAlone(const std::vector<std::uint32_t>& rules) {
    for (const std::uint32_t rule : rules) ++m_report.rules[rule].leftAlone;
  }
  ScrubReport finish(bool stopped) && {
    m_report.stopped = stopped;
    return std::move(m_report);
  }

 private:
  // Calls that were counted; those of a recording come nearly in order.
  class CallSet {
   public:
    bool insert(std::uint32_t call) {
      if (call >= m_has.size()) m_has.resize(std::max<std::size_t>(call + 1, m_has.size() * 2));
      if (m_has[call]) return false;
      m_has[call] = true;
      return true;
    }

   private:
    std::vector<bool> m_has;
  };

  // Hits of one value follow each other: what a rule has made of it is what the next one finds.
  void noteOverlap(const ScrubHit& hit) {
    if (hit.path != m_path || hit.in != m_in) {
      m_afters.clear();
      m_path = hit.path;
      m_in = hit.in;
    }
    std::vector<std::uint32_t>& overlaps = m_report.rules[hit.rule].overlaps;
    for (const auto& [rule, after] : m_afters)
      if (rule != hit.rule &&
          (after == hit.before || (!after.empty() && hit.before.find(after) != hit.before.npos)) &&
          std::find(overlaps.begin(), overlaps.end(), rule) == overlaps.end())
        overlaps.push_back(rule);
    // A value of very many matches: the first of them tell.
    if (m_afters.size() < 64) m_afters.emplace_back(hit.rule, hit.after);
  }

  void sample(ScrubReport::Rule& rule, const ScrubHit& hit) {
    auto& known = m_rules[hit.rule];
    std::string key = hit.before;
    if (key.size() > kMaxShown)
      key = shortened(key) + std::to_string(key.size()) + ' ' + std::to_string(std::hash<std::string>()(key));
    if (rule.distinct >= ScrubReport::kMaxDistinct && !known.contains(key)) return;
    const auto [at, isNew] = known.try_emplace(std::move(key), rule.samples.size());
    if (isNew) {
      ++rule.distinct;
      if (rule.samples.size() < ScrubReport::kSamples)
        rule.samples.push_back({shortened(hit.before), shortened(hit.after), m_id, 1});
      else
        at->second = ScrubReport::kSamples;
    } else if (at->second < rule.samples.size()) {
      ++rule.samples[at->second].count;
    }
  }

  const FilterInput& m_input;
  ScrubReport m_report;
  std::vector<std::unordered_map<std::string, std::size_t>> m_rules;
  std::vector<CallSet> m_lastCall;
  std::vector<bool> m_isInEntry;
  EntryId m_id;
  std::uint32_t m_position = 0;
  std::uint32_t m_hitsInEntry = 0;
  std::vector<std::pair<std::uint32_t, std::string>> m_afters;
  std::string m_path;
  ScrubHit::In m_in = ScrubHit::In::Message;
};

// `changed` takes the new bytes of an entry, or of the initial state (no id).
template <typename Changed>
Result<ScrubReport> run(const FilterInput& input, const Scrubber& scrubber, const Task& task,
                        const Changed& changed) {
  const Recording& recording = *input.recording;
  Counter counter(input, scrubber.rules().size());
  ScrubRun run(scrubber.compiled(), true);
  const ScrubHits hits = [&counter](ScrubHit&& hit) { counter.add(std::move(hit)); };

  counter.beginEntry(0, {});
  auto newState = run.initialState(recording, hits);
  if (!newState) return newState.error();
  counter.endEntry(false);
  if (*newState) changed(EntryId{}, **std::move(newState));

  const std::uint32_t step = std::max<std::uint32_t>(recording.size() / 200, 64);
  for (std::uint32_t position = 0; position < recording.size(); ++position) {
    if (task.stopped()) return std::move(counter).finish(true);
    if (position % step == 0) task.report(position, recording.size());
    const EntryId id = recording.info(position).id;
    counter.beginEntry(position, id);
    auto entry = run.entry(input, position, hits);
    if (!entry) return entry.error();
    counter.endEntry(entry->has_value());
    counter.leftAlone(run.leftAlone());
    if (*entry) changed(id, **std::move(entry));
  }
  task.report(recording.size(), recording.size());
  return std::move(counter).finish(false);
}

}  // namespace

std::string markedAsScrubbed(std::string entry) {
  constexpr std::uint32_t kScrubbed = 1007;
  WireCursor cursor(entry);
  WireField field;
  while (cursor.next(field))
    if (field.number == kScrubbed && field.type == WireType::Varint && field.value != 0) return entry;
  if (!cursor.failed()) appendVarintField(entry, kScrubbed, 1);
  return entry;
}

Result<ScrubReport> countScrubHits(const FilterInput& input, const Scrubber& scrubber, const Task& task) {
  return run(input, scrubber, task, [](EntryId, std::string&&) {});
}

Result<ScrubbedRecording> scrubRecording(const FilterInput& input, const Scrubber& scrubber, bool mark,
                                         const Task& task) {
  ScrubbedRecording out;
  auto report = run(input, scrubber, task, [&](EntryId id, std::string&& bytes) {
    if (!id)
      out.edit.initialState = std::move(bytes);
    else
      out.edit.entries.push_back({id, mark ? markedAsScrubbed(std::move(bytes)) : std::move(bytes)});
  });
  if (!report) return report.error();
  out.report = *std::move(report);
  return out;
}

}  // namespace retake
