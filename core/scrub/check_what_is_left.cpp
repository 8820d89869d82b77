#include <functional>
#include <map>
#include <unordered_map>
#include <unordered_set>

#include "scrub/detect/collect_finds.h"
#include "scrub/detect/left_place.h"
#include "scrub/detect/recording_finder.h"
#include "scrub/detect/value_search.h"
#include "scrub/find_secrets.h"
#include "scrub/marks.h"

namespace retake {
namespace {

// So many bytes of values are looked for in one pass; more take more passes. A pass needs some ten times
// that.
constexpr std::size_t kBatchBytes = 16u << 20;
// Shorter values are anywhere; of these as many are listed.
constexpr std::size_t kMaxShort = 1000;

// What the rules do to one entry: what was there, and what they have written.
struct EntryHits {
  std::vector<ScrubHit> hits;

  // Whether as many as `count` of the values that the rules have written have the text in them.
  bool writes(std::string_view text, std::size_t count) {
    if (m_written.empty())
      for (const ScrubHit& hit : hits) {
        if (hit.removed) continue;
        std::string after = hit.after;
        foldCase(after);
        ++m_counts[after];
        // No text that is looked for has a byte in it that is no part of UTF-8.
        m_written += after + '\xff';
      }
    std::string folded(text);
    foldCase(folded);
    if (const auto same = m_counts.find(folded); same != m_counts.end() && same->second >= count) return true;
    std::size_t found = 0;
    for (std::size_t at = 0; found < count && (at = m_written.find(folded, at)) != std::string::npos; ++found)
      at = m_written.find('\xff', at);
    return found >= count;
  }

 private:
  // Folded: an entry may have a hundred thousand hits, and as many finds.
  std::string m_written;
  std::unordered_map<std::string, std::size_t> m_counts;
};

class Check {
 public:
  Check(const FilterInput& original, const FilterInput& scrubbed, const Scrubber& scrubber,
        const FindOptions& options, const Task& task)
      : m_original(original), m_scrubbed(scrubbed), m_scrubber(scrubber), m_options(options), m_task(task) {}

  Result<LeftSecrets> run() {
    if (auto done = lookForValues(); !done) return done.error();
    if (auto done = lookForSecrets(); !done) return done.error();
    return std::move(m_left);
  }

 private:
  struct Origin {
    std::string value;
    std::uint32_t rule = 0;
  };

  Result<EntryHits> hitsOf(std::uint32_t position) const {
    EntryHits found;
    auto scrubbed =
        m_scrubber.entry(m_original, position, [&](ScrubHit&& hit) { found.hits.push_back(std::move(hit)); });
    if (!scrubbed) return scrubbed.error();
    return found;
  }

  Result<EntryHits> hitsOfState() const {
    EntryHits found;
    auto scrubbed = m_scrubber.initialState(*m_original.recording,
                                            [&](ScrubHit&& hit) { found.hits.push_back(std::move(hit)); });
    if (!scrubbed) return scrubbed.error();
    return found;
  }

  // Of an entry of the scrubbed recording; none: the initial state.
  Result<EntryHits> hitsOfEntry(EntryId id) const {
    if (!id) return hitsOfState();
    const auto position = m_original.recording->position(id);
    return position ? hitsOf(*position) : EntryHits();
  }

  // Keeps what was there and is none of what a rule before has written.
  void collect(const EntryHits& found) {
    std::unordered_set<std::string_view> written;
    for (const ScrubHit& hit : found.hits) {
      const bool isWritten = written.contains(hit.before);
      written.insert(hit.after);
      if (hit.before.empty() || hit.before == hit.after || isScrubMark(hit.before)) continue;
      if (isWritten || !m_seen.insert(std::hash<std::string>()(hit.before)).second) continue;
      if (hit.before.size() < kMinLeftBytes) {
        if (m_short.size() < kMaxShort) m_short.emplace(hit.before, hit.rule);
        continue;
      }
      m_batchBytes += hit.before.size();
      m_batch.push_back({hit.before, hit.rule});
    }
  }

  Result<void> lookForValues() {
    const auto ofState = hitsOfState();
    if (!ofState) return ofState.error();
    collect(*ofState);
    const std::uint32_t size = m_original.recording->size();
    for (std::uint32_t position = 0; position < size; ++position) {
      if (position % 256 == 0 && m_task.stopped()) break;
      const auto hits = hitsOf(position);
      if (!hits) continue;  // bytes that cannot be read hold nothing that a rule took out
      collect(*hits);
      if (m_batchBytes >= kBatchBytes)
        if (auto done = searchBatch(); !done) return done;
    }
    if (auto done = searchBatch(); !done) return done;
    for (const auto& [value, rule] : m_short)
      m_left.shortValues.push_back({.value = value,
                                    .rule = rule,
                                    .form = "too short to look for",
                                    .entry = {},
                                    .in = ScrubHit::In::Message,
                                    .path = {}});
    return {};
  }

  // Each value once in each form, where it stands first.
  Result<void> searchBatch() {
    ValueSearch search;
    for (std::uint32_t i = 0; i < m_batch.size(); ++i) search.add(i, m_batch[i].value);
    search.build();
    m_told.clear();
    const Recording& recording = *m_scrubbed.recording;
    const auto state = recording.initialState();
    if (!state) return state.error();
    if (auto done = searchIn(search, {}, state->view); !done) return done;
    for (std::uint32_t position = 0; !search.empty() && position < recording.size(); ++position) {
      if (position % 256 == 0) {
        if (m_task.stopped()) break;
        m_task.report(position, recording.size());
      }
      const auto bytes = recording.bytes(position);
      if (!bytes) return bytes.error();
      if (auto done = searchIn(search, recording.info(position).id, bytes->view); !done) return done;
    }
    const auto tail = recording.tail();
    if (!tail) return tail.error();
    if (auto done = searchIn(search, {}, tail->view); !done) return done;
    m_batch.clear();
    m_batchBytes = 0;
    return {};
  }

  Result<void> searchIn(const ValueSearch& search, EntryId id, ByteView bytes) {
    std::map<std::pair<std::uint32_t, ValueForm>, std::size_t> found;  // how often
    search.search(bytes, [&](const ValueSearch::Found& each) {
      if (!m_told.contains(key(each.id, each.form))) ++found[{each.id, each.form}];
    });
    if (found.empty()) return {};
    auto hits = hitsOfEntry(id);
    if (!hits) return hits.error();
    for (const auto& [what, count] : found) {
      const Origin& origin = m_batch[what.first];
      // A fake or a shifted time may well be another's original: the rules have written it.
      if (hits->writes(origin.value, count)) continue;
      m_told.insert(key(what.first, what.second));
      if (m_left.values.size() >= m_options.limit) continue;
      LeftSecrets::Value left = {.value = origin.value,
                                 .rule = origin.rule,
                                 .form = std::string(valueFormName(what.second)),
                                 .entry = id,
                                 .in = id ? ScrubHit::In::Message : ScrubHit::In::InitialState,
                                 .path = {}};
      locate(*m_scrubbed.schema, *m_scrubbed.recording, left);
      m_left.values.push_back(std::move(left));
    }
    return {};
  }

  static std::uint64_t key(std::uint32_t id, ValueForm form) {
    return std::uint64_t{id} << 8 | static_cast<std::uint64_t>(form);
  }

  // What the detectors say of what would be written, without what the rules have put there.
  Result<void> lookForSecrets() {
    const auto wanted = detectorSet(m_options.detectors);
    if (!wanted) return wanted.error();
    FindCollector collected(m_options.limit);
    std::vector<SecretFind> ofEntry;
    RecordingFinder finder(*m_scrubbed.schema, *wanted,
                           [&](SecretFind&& find) { ofEntry.push_back(std::move(find)); });
    const auto settle = [&]() -> Result<void> {
      if (ofEntry.empty()) return {};
      auto hits = hitsOfEntry(ofEntry.front().entry);
      if (!hits) return hits.error();
      for (SecretFind& find : ofEntry)
        if (!hits->writes(find.value, 1)) collected.add(std::move(find));
      ofEntry.clear();
      return {};
    };
    const Recording& recording = *m_scrubbed.recording;
    const auto state = recording.initialState();
    if (!state) return state.error();
    finder.initialState(state->view);
    if (auto done = settle(); !done) return done;
    bool stopped = false;
    for (std::uint32_t position = 0; position < recording.size() && !stopped; ++position) {
      if (position % 256 == 0) {
        stopped = m_task.stopped();
        m_task.report(position, recording.size());
      }
      const auto entry = recording.entry(position);
      if (!entry) return entry.error();
      finder.entry(*entry);
      if (auto done = settle(); !done) return done;
    }
    const auto tail = recording.tail();
    if (!tail) return tail.error();
    finder.rest(tail->view);
    for (SecretFind& find : ofEntry) collected.add(std::move(find));
    m_left.finds = std::move(collected).finish(stopped);
    return {};
  }

  const FilterInput& m_original;
  const FilterInput& m_scrubbed;
  const Scrubber& m_scrubber;
  const FindOptions& m_options;
  const Task& m_task;
  std::vector<Origin> m_batch;
  std::size_t m_batchBytes = 0;
  std::unordered_set<std::size_t> m_seen;  // hashes of the values
  std::map<std::string, std::uint32_t> m_short;
  std::unordered_set<std::uint64_t> m_told;
  LeftSecrets m_left;
};

}  // namespace

Result<LeftSecrets> checkWhatIsLeft(const FilterInput& original, const FilterInput& scrubbed,
                                    const Scrubber& scrubber, const FindOptions& options, const Task& task) {
  return Check(original, scrubbed, scrubber, options, task).run();
}

}  // namespace retake
