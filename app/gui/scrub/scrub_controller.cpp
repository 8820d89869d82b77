#include "scrub/scrub_controller.h"

#include <algorithm>
#include <utility>

#include "detail/strings.h"
#include "document/document.h"
#include "scrub/scrub_edits.h"

namespace retake::gui {
namespace {

// Long enough for the next key or the next undo to come.
constexpr int kPauseMs = 120;

bool sameWork(const ScrubRule& a, const ScrubRule& b) {
  return a.scope == b.scope && a.where == b.where && a.action == b.action;
}

std::shared_ptr<const ScrubCounts> countLayer(const FilterInput& input, const ScrubLayer& layer,
                                              const Task& task) {
  auto counts = std::make_shared<ScrubCounts>();
  if (!layer.scrubber) return counts;
  for (const std::uint32_t rule : layer.ruleOf) counts->rules.push_back(layer.rules[rule]);
  auto report = countScrubHits(input, *layer.scrubber, task);
  if (!report) {
    counts->error = toQString(report.error().message);
    return counts;
  }
  counts->byRule = std::move(report->rules);
  counts->byCall = std::move(report->hitsOfCall);
  for (const ScrubReport::Rule& rule : counts->byRule) counts->hits += rule.hits;
  counts->calls = static_cast<std::uint64_t>(std::count_if(counts->byCall.begin(), counts->byCall.end(),
                                                           [](std::uint32_t hits) { return hits > 0; }));
  return counts;
}

}  // namespace

ScrubController::ScrubController(Document& document, QObject* parent)
    : QObject(parent), m_document(document) {
  m_makers.setMaxThreadCount(1);
  m_due.setSingleShot(true);
  m_due.setInterval(kPauseMs);
  connect(&m_due, &QTimer::timeout, this, &ScrubController::count);
  connect(&document, &Document::changed, this, &ScrubController::documentChanged);
  gatherRules();
  makeLayer();
}

ScrubController::~ScrubController() {
  m_making.cancel();
  m_counting.cancel();
}

bool ScrubController::isOn() const { return m_document.snapshot().workspace->scrub.on; }

std::shared_ptr<const Scrubber> ScrubController::scrubber() const {
  return isOn() ? m_layer.scrubber : nullptr;
}

FilterInput ScrubController::input() const {
  const Snapshot& now = m_document.snapshot();
  FilterInput input;
  input.recording = now.recording;
  input.calls = now.calls;
  input.schema = now.schema;
  return input;
}

std::vector<ScrubHit> ScrubController::hitsOf(EntryId entry) const {
  std::vector<ScrubHit> hits;
  const auto scrubber = this->scrubber();
  const auto position = m_document.snapshot().recording->position(entry);
  if (!scrubber || !position) return hits;
  const auto add = [&](ScrubHit&& hit) {
    hit.rule = m_layer.ruleOf[hit.rule];
    hits.push_back(std::move(hit));
  };
  (void)scrubber->entry(input(), *position, add);
  return hits;
}

std::optional<std::string> ScrubController::scrubbed(EntryId entry) const {
  const auto scrubber = this->scrubber();
  const auto position = m_document.snapshot().recording->position(entry);
  if (!scrubber || !position) return std::nullopt;
  auto made = scrubber->entry(input(), *position);
  return made ? *std::move(made) : std::nullopt;
}

std::optional<std::string> ScrubController::scrubbedInitialState() const {
  const auto scrubber = this->scrubber();
  if (!scrubber) return std::nullopt;
  const auto state = m_document.snapshot().recording->initialState();
  return state ? scrubber->initialState(state->view) : std::nullopt;
}

std::uint32_t ScrubController::hitsOfCall(std::uint32_t call) const {
  return isOn() && m_counts && call < m_counts->byCall.size() ? m_counts->byCall[call] : 0;
}

QString ScrubController::nameOf(std::uint32_t rule) const {
  return rule < m_rules.size() ? toQString(m_rules[rule].name) : QString();
}

const ScrubReport::Rule* ScrubController::countOf(std::size_t rule) const {
  if (!m_counts || rule >= m_rules.size() || !m_rules[rule].on) return nullptr;
  const ScrubRules& counted = m_counts->rules;
  const auto found = std::find_if(counted.begin(), counted.end(), [&](const ScrubRule& other) {
    return sameWork(other, m_rules[rule]) && other.name == m_rules[rule].name;
  });
  const auto at = static_cast<std::size_t>(found - counted.begin());
  return at < m_counts->byRule.size() ? &m_counts->byRule[at] : nullptr;
}

void ScrubController::setDraft(const std::optional<ScrubDraft>& draft) {
  if (draft == m_draft) return;
  m_draft = draft;
  gatherRules();
  makeLayer();
}

// The draft ends first: the change that comes back must not find it beside what it has become.
void ScrubController::commitDraft() {
  const auto draft = std::exchange(m_draft, std::nullopt);
  if (!draft) return;
  if (draft->index)
    replaceScrubRule(m_document, *draft->index, draft->rule);
  else
    addScrubRule(m_document, draft->rule);
}

void ScrubController::reload() {
  gatherRules();
  makeLayer();
}

void ScrubController::documentChanged(const SnapshotChange& change) {
  if (change.file) {
    m_draft.reset();
    m_counting.cancel();
    m_counts.reset();
    m_layer = {};
    emit countsChanged();
  }
  const bool otherRules = change.workspace && m_settings != m_document.snapshot().workspace->scrub;
  if (change.file || otherRules) {
    gatherRules();
    makeLayer();
  } else if (change.schema) {
    makeLayer();
  } else if (change.calls || !change.entries.empty()) {
    countSoon();
  }
}

// Those of files as they were read last, until they are read again.
void ScrubController::gatherRules() {
  m_settings = m_document.snapshot().workspace->scrub;
  if (m_draft && m_draft->index && *m_draft->index >= m_settings.rules.size()) m_draft.reset();
  ScrubRules rules = m_settings.rules;
  if (m_draft && !m_draft->index)
    rules.push_back(m_draft->rule);
  else if (m_draft)
    rules[*m_draft->index] = m_draft->rule;
  m_own = rules.size();
  for (std::size_t i = 0; i < m_layer.rules.size(); ++i)
    if (!m_layer.files[i].isEmpty()) rules.push_back(m_layer.rules[i]);
  m_rules = std::move(rules);
  emit rulesChanged();
}

void ScrubController::makeLayer() {
  m_counting.cancel();
  m_due.stop();
  if (!m_document.isOpen()) {
    m_making.cancel();
    m_layer = {};
    return emit layerChanged();
  }
  using Made = std::shared_ptr<const ScrubLayer>;
  const auto work = [settings = m_settings, draft = m_draft,
                     schema = m_document.snapshot().schema](const Task&) -> Made {
    return std::make_shared<const ScrubLayer>(makeScrubLayer(settings, draft, schema));
  };
  m_making.run(this, &m_makers, work, [this](const Made& made) {
    m_layer = *made;
    const bool otherRules = m_rules != m_layer.rules;
    m_rules = m_layer.rules;
    if (otherRules) emit rulesChanged();
    emit layerChanged();
    countSoon();
  });
}

void ScrubController::countSoon() {
  m_counting.cancel();
  m_due.start();
  emit countsChanged();
}

void ScrubController::count() {
  using Counted = std::shared_ptr<const ScrubCounts>;
  const auto work = [input = input(), layer = m_layer](const Task& task) -> Counted {
    return countLayer(input, layer, task);
  };
  m_counting.run(this, QThreadPool::globalInstance(), work, [this](const Counted& counted) {
    m_counts = counted;
    emit countsChanged();
  });
  emit countsChanged();
}

}  // namespace retake::gui
