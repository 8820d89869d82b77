#include "scrub/scrub_work.h"

#include <QCoreApplication>
#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "detail/strings.h"

namespace retake::gui {
namespace {

constexpr std::size_t kExamples = 12;

QString trWork(const char* text) { return QCoreApplication::translate("ScrubWork", text); }

// The same but for its name: a rule that takes out the same things.
std::string workOf(const ScrubRule& rule) {
  ScrubRule nameless = rule;
  nameless.name.clear();
  return printScrubRules({nameless});
}

const SecretDetector* detectorOf(std::string_view id) {
  for (const SecretDetector& detector : secretDetectors())
    if (detector.id == id) return &detector;
  return nullptr;
}

// Whether the rules touch what was found.
bool touches(const std::vector<ScrubHit>& hits, const SecretFind& find, std::uint32_t& rule) {
  for (const ScrubHit& hit : hits) {
    const bool same = hit.in == find.in && hit.path == find.path;
    if (hit.before.find(find.value) == std::string::npos && !(same && !find.inside.empty())) continue;
    rule = hit.rule;
    return true;
  }
  return false;
}

// Of more values than these a rule's text need not be searched.
constexpr std::size_t kLeastSecret = kMinLeftBytes;

QString ruleThatTells(const Workspace& workspace, const ScrubReport& report) {
  for (const ScrubRule& rule : workspace.scrub.rules) {
    const std::string text = rule.scope + '\n' + rule.where.pattern + '\n' + rule.action.with;
    for (const ScrubReport::Rule& counted : report.rules)
      for (const auto& sample : counted.samples)
        if (sample.before.size() >= kLeastSecret && text.find(sample.before) != std::string::npos)
          return toQString(rule.name);
  }
  return {};
}

}  // namespace

std::vector<FindGroup> groupFinds(const SecretFinds& finds, const Task& task) {
  std::vector<FindGroup> groups;
  std::map<std::string, std::size_t> byWork;
  // Finds of one kind in one place have one rule: asking once for each is enough.
  std::map<std::tuple<std::string_view, ScrubHit::In, std::string, bool, std::string>, std::size_t> byPlace;
  std::vector<std::set<std::string>> values;
  for (const SecretFind& find : finds.finds) {
    if (task.stopped()) break;
    const auto place = std::make_tuple(find.detector, find.in, find.path, find.whole, find.inside);
    auto known = byPlace.find(place);
    if (known == byPlace.end()) {
      ScrubRule rule = ruleFor(find, {});
      const auto [work, isNew] = byWork.emplace(workOf(rule), groups.size());
      if (isNew) {
        const SecretDetector* detector = detectorOf(find.detector);
        FindGroup group{.first = find, .kind = {}, .isSecret = true, .rule = std::move(rule), .examples = {}};
        group.kind = detector ? toQString(detector->name) : toQString(find.detector);
        group.isSecret = !detector || detector->isSecret;
        groups.push_back(std::move(group));
        values.emplace_back();
      }
      known = byPlace.emplace(place, work->second).first;
    }
    FindGroup& group = groups[known->second];
    ++group.count;
    if (!values[known->second].insert(find.value).second) continue;
    ++group.distinct;
    if (group.examples.size() < kExamples) group.examples.push_back(find);
  }
  std::stable_sort(groups.begin(), groups.end(), [](const FindGroup& a, const FindGroup& b) {
    return a.isSecret != b.isSecret ? a.isSecret : a.count > b.count;
  });
  return groups;
}

FoundSecrets lookForSecrets(const FilterInput& input, const Task& task) {
  FoundSecrets found;
  const auto finds = findSecrets(input, {}, task);
  if (!finds) {
    found.error = toQString(finds.error().message);
    return found;
  }
  found.groups = groupFinds(*finds, task);
  for (const auto& [detector, count] : finds->counts) found.count += count;
  found.stopped = finds->stopped || task.stopped();
  return found;
}

std::vector<int> coveringRules(const FilterInput& input, const ScrubLayer& layer,
                               const std::vector<FindGroup>& groups, const Task& task) {
  std::vector<int> covering(groups.size(), -1);
  if (!layer.scrubber) return covering;
  std::map<EntryId, std::vector<ScrubHit>> byEntry;
  const auto hitsOf = [&](EntryId entry) -> const std::vector<ScrubHit>& {
    const auto [at, isNew] = byEntry.try_emplace(entry);
    if (!isNew) return at->second;
    const auto add = [&at](ScrubHit&& hit) { at->second.push_back(std::move(hit)); };
    if (!entry) {
      if (const auto state = input.recording->initialState())
        (void)layer.scrubber->initialState(state->view, add);
    } else if (const auto position = input.recording->position(entry)) {
      (void)layer.scrubber->entry(input, *position, add);
    }
    return at->second;
  };
  for (std::size_t i = 0; i < groups.size() && !task.stopped(); ++i) {
    std::uint32_t rule = 0;
    bool all = true;
    for (const SecretFind& find : groups[i].examples) all = all && touches(hitsOf(find.entry), find, rule);
    if (all && !groups[i].examples.empty()) covering[i] = static_cast<int>(layer.ruleOf[rule]);
  }
  return covering;
}

std::size_t LeftReport::count() const {
  return values.size() + finds.groups.size() + (inRules.isEmpty() ? 0 : 1);
}

ScrubbedCopy scrubAll(const FilterInput& input, const ScrubLayer& layer, bool mark, const Task& task) {
  ScrubbedCopy copy;
  if (!layer.scrubber) {
    copy.recording = input.recording;
    return copy;
  }
  auto scrubbed = scrubRecording(input, *layer.scrubber, mark, task);
  if (!scrubbed) {
    copy.error = toQString(scrubbed.error().message);
    return copy;
  }
  copy.stopped = scrubbed->report.stopped || task.stopped();
  if (copy.stopped) return copy;
  for (const ScrubReport::Rule& rule : scrubbed->report.rules) copy.hits += rule.hits;
  copy.report = std::move(scrubbed->report);
  auto applied = retake::apply(*input.recording, Edit(std::move(scrubbed->edit)));
  if (!applied) {
    copy.error = toQString(applied.error().message);
    return copy;
  }
  copy.recording = std::make_shared<const Recording>(*std::move(applied));
  return copy;
}

LeftReport lookForWhatIsLeft(const FilterInput& input, const FilterInput& opened, const ScrubLayer& layer,
                             const ScrubbedCopy& copy, const Workspace* workspace, const Task& task) {
  LeftReport left;
  auto scrubber = layer.scrubber;
  if (!scrubber) {
    const auto none = Scrubber::create({}, input.schema);
    if (none) scrubber = *none;
  }
  FilterInput after = input;
  after.recording = copy.recording;
  const auto look = [&](const FilterInput& before) -> Result<LeftSecrets> {
    return checkWhatIsLeft(before, after, *scrubber, {}, task);
  };
  auto checked = look(input);
  if (!checked) {
    left.error = toQString(checked.error().message);
    return left;
  }
  left.values = std::move(checked->values);
  left.shortValues = std::move(checked->shortValues);
  left.finds.groups = groupFinds(checked->finds, task);
  for (const auto& [detector, count] : checked->finds.counts) left.finds.count += count;
  left.stopped = checked->finds.stopped || task.stopped();
  if (opened.recording != input.recording && !left.stopped) {
    if (auto earlier = look(opened)) {
      left.values.insert(left.values.end(), earlier->values.begin(), earlier->values.end());
      left.stopped = task.stopped();
    }
  }
  for (auto* values : {&left.values, &left.shortValues})
    for (LeftSecrets::Value& value : *values)
      if (value.rule < layer.ruleOf.size()) value.rule = layer.ruleOf[value.rule];
  if (workspace) left.inRules = ruleThatTells(*workspace, copy.report);
  return left;
}

QString writeCopy(const Recording& recording, const Format& format, const std::string& path,
                  const Workspace* workspace, const Task& task) {
  if (const auto saved = saveRecording(recording, format, path, task); !saved)
    return toQString(saved.error().message);
  if (!workspace) return {};
  const auto written = writeWorkspace(workspacePathOf(path), *workspace);
  return written ? QString() : toQString(written.error().message);
}

QString placeOf(const Snapshot& snapshot, EntryId entry, ScrubHit::In in, const std::string& path) {
  const QString where = toQString(path);
  if (in == ScrubHit::In::InitialState || !entry)
    return where.isEmpty() ? trWork("initial state") : trWork("initial state, %1").arg(where);
  const auto position = snapshot.recording->position(entry);
  if (!position) return where;
  const EntryInfo info = snapshot.recording->info(*position);
  const auto head = info.ref ? snapshot.recording->position(info.ref) : position;
  QString method =
      head ? toQString(snapshot.recording->methodName(snapshot.recording->info(*head).method)) : QString();
  if (method.startsWith(u'/')) method.remove(0, 1);
  switch (in) {
    case ScrubHit::In::Headers:
      return trWork("metadata %1, %2").arg(where, method);
    case ScrubHit::In::Trailers:
      return trWork("trailer %1, %2").arg(where, method);
    case ScrubHit::In::Status:
      return where.isEmpty() ? trWork("status message, %1").arg(method)
                             : trWork("status details %1, %2").arg(where, method);
    case ScrubHit::In::Message:
    case ScrubHit::In::InitialState:
      break;
  }
  const bool sent = info.kind == EntryKind::Request || info.kind == EntryKind::Send;
  return QStringLiteral("%1, %2 %3").arg(where, sent ? trWork("request of") : trWork("response of"), method);
}

}  // namespace retake::gui
