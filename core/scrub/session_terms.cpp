#include "scrub/session_terms.h"

#include <google/protobuf/descriptor.h>

#include <charconv>
#include <unordered_map>
#include <utility>

#include "scrub/encodings.h"
#include "scrub/value_walk.h"

namespace retake {
namespace {

using Action = ScrubAction::Kind;

std::optional<std::string> fromHex(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  std::string bytes;
  bytes.reserve(text.size() / 2);
  for (std::size_t i = 0; i < text.size(); i += 2) {
    unsigned value = 0;
    const char* const end = text.data() + i + 2;
    if (std::from_chars(text.data() + i, end, value, 16).ptr != end) return std::nullopt;
    bytes += static_cast<char>(value);
  }
  return bytes;
}

// Where a rule covers a value: what stands there.
using Covered = std::unordered_map<std::string, std::string>;

class Restorer final : public ValueVisitor {
 public:
  Restorer(const SeenValues& seen, Covered covered) : m_seen(seen), m_covered(std::move(covered)) {}

  ValueChange text(const ValuePlace& place, std::string_view value) override {
    auto edits = m_seen.putBack(value);
    if (!edits.empty()) return {.kind = ValueChange::Kind::Edits, .edits = std::move(edits)};
    return changed(atCoveredPlace(place, value));
  }

  ValueChange number(const ValuePlace& place, std::string_view text) override {
    return changed(SeenValues::isDistinctive(text) ? m_seen.valueOf(text) : atCoveredPlace(place, text));
  }

  // Few bytes may read as the digits of a number that is a token.
  ValueChange bytes(const ValuePlace& place, ByteView value) override {
    const std::string hex = encodeHex(value, false);
    const auto restored = SeenValues::isDistinctive(hex) ? m_seen.valueOf(hex) : atCoveredPlace(place, hex);
    return changed(restored ? fromHex(*restored) : std::nullopt);
  }

 private:
  static ValueChange changed(std::optional<std::string> restored) {
    if (!restored) return {};
    return {.kind = ValueChange::Kind::Set, .value = *std::move(restored)};
  }
  // Paths are dear: only where some rule covers a value at all.
  std::optional<std::string> atCoveredPlace(const ValuePlace& place, std::string_view value) const {
    if (m_covered.empty()) return std::nullopt;
    const auto at = m_covered.find(place.path());
    if (at == m_covered.end() || at->second != value) return std::nullopt;
    return m_seen.valueOf(value);
  }

  const SeenValues& m_seen;
  const Covered m_covered;
};

// Shifts back what the rules among `rules` shift, where a live call tells their scope.
std::shared_ptr<const Scrubber> unshiftOf(const Scrubber& scrubber, const std::vector<bool>& isLive) {
  ScrubRules back;
  for (std::size_t i = 0; i < scrubber.rules().size(); ++i) {
    ScrubRule rule = scrubber.rules()[i];
    if (!rule.on || rule.action.kind != Action::ShiftTime || !isLive[i]) continue;
    rule.action.shift = -rule.action.shift;
    back.push_back(std::move(rule));
  }
  if (back.empty()) return nullptr;
  auto made = Scrubber::create(back, scrubber.schema());
  return made ? *std::move(made) : nullptr;
}

}  // namespace

SessionTerms::SessionTerms(std::shared_ptr<const Scrubber> scrubber, const SessionTerms* before)
    : m_scrubber(std::move(scrubber)), m_seen(before ? before->m_seen : std::make_shared<SeenValues>()) {
  const ScrubRules& rules = m_scrubber->rules();
  m_isLive.assign(rules.size(), true);
  for (const std::uint32_t rule : m_scrubber->rulesWithoutLiveScope()) m_isLive[rule] = false;
  for (const ScrubRule& rule : rules) {
    m_isReversible.push_back(rule.on &&
                             (rule.action.kind == Action::Hash || rule.action.kind == Action::Fake));
    m_learns = m_learns || m_isReversible.back();
  }
  m_unshift = unshiftOf(*m_scrubber, m_isLive);
}

bool SessionTerms::isReversible(const ScrubHit& hit) const {
  return !hit.removed && m_isReversible[hit.rule];
}

// Of one message.
struct SessionTerms::Lessons {
  struct Made {
    std::uint32_t rule = 0;
    std::string value;  // as the client sent it
  };
  std::vector<std::pair<std::string, std::string>> learned;  // token, value
  std::unordered_map<std::string, Made> made;                // by place and by what the rule has made
};

// Where rules change one value in turn, the last one's token stands for what the first one found.
ScrubHits SessionTerms::learning(Lessons& lessons) const {
  if (!m_learns) return {};
  return [this, &lessons](ScrubHit&& hit) {
    if (hit.removed) return;
    std::string value = std::move(hit.before);
    if (m_isReversible.size() > 1) {
      const std::string place = hit.path + '\0';
      const auto earlier = lessons.made.find(place + value);
      if (earlier != lessons.made.end() && earlier->second.rule < hit.rule) value = earlier->second.value;
      lessons.made.insert_or_assign(place + hit.after, Lessons::Made{hit.rule, value});
    }
    if (m_isReversible[hit.rule]) lessons.learned.emplace_back(std::move(hit.after), std::move(value));
  };
}

void SessionTerms::remember(const Lessons& lessons) {
  for (const auto& [token, value] : lessons.learned) m_seen->remember(token, value);
}

std::optional<std::string> SessionTerms::scrub(const Scrubber::Live& live, ByteView message) {
  Lessons lessons;
  auto scrubbed = m_scrubber->message(live, message, learning(lessons));
  remember(lessons);
  return scrubbed;
}

std::optional<Metadata> SessionTerms::scrub(const Scrubber::Live& live, const Metadata& metadata) {
  Lessons lessons;
  auto scrubbed = m_scrubber->metadata(live, metadata, false, learning(lessons));
  remember(lessons);
  return scrubbed;
}

std::optional<std::string> SessionTerms::restore(const Scrubber::Live& live, ByteView message,
                                                 bool isScrubbed) const {
  std::optional<std::string> out;
  if (isScrubbed && m_unshift) out = m_unshift->message(live, message);
  if (m_seen->empty()) return out;
  const ByteView now = out ? ByteView(*out) : message;
  Covered covered;
  if (isScrubbed && m_learns)
    m_scrubber->message(live, now, [&](ScrubHit&& hit) {
      if (isReversible(hit) && m_isLive[hit.rule])
        covered.try_emplace(std::move(hit.path), std::move(hit.before));
    });
  const Schema& schema = *m_scrubber->schema();
  Restorer restorer(*m_seen, std::move(covered));
  if (auto restored = walkValues(schema, live.type(schema), now, restorer)) out = std::move(restored);
  return out;
}

std::optional<Metadata> SessionTerms::restore(const Scrubber::Live& live, const Metadata& metadata,
                                              bool trailers, bool isScrubbed) const {
  std::optional<Metadata> out;
  if (isScrubbed && m_unshift) out = m_unshift->metadata(live, metadata, trailers);
  if (m_seen->empty()) return out;
  Restorer restorer(*m_seen, {});
  const Schema& schema = *m_scrubber->schema();
  Metadata now = out ? *out : metadata;
  bool isChanged = out.has_value();
  for (MetadataEntry& entry : now) {
    auto restored =
        isBinaryKey(entry.key) ? walkBytes(schema, entry.value, restorer) : walkText(entry.value, restorer);
    if (!restored) continue;
    entry.value = *std::move(restored);
    isChanged = true;
  }
  return isChanged ? std::optional(std::move(now)) : std::nullopt;
}

std::optional<std::string> SessionTerms::notice() {
  if (!m_seen->hasForgotten() || m_noticed.exchange(true)) return std::nullopt;
  return "clients have sent more values to scrub than " + std::to_string(SeenValues::kMaxBytes >> 20) +
         " MiB: those sent longest ago are no longer put back into answers";
}

}  // namespace retake
