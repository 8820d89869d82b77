#include "server/policy_words.h"

#include <QLocale>

#include "server/words.h"

namespace retake::gui {

namespace {

QString ignoreWords(const ReplayPolicy& policy) {
  return countWords(policy.match.ignore.size(), trPanel("ignore rule"), trPanel("ignore rules"));
}

QString metadataWords(const ReplayPolicy& policy) {
  return policy.match.compareMetadata.empty()
             ? trPanel("metadata not compared")
             : countWords(policy.match.compareMetadata.size(), trPanel("metadata key compared"),
                          trPanel("metadata keys compared"));
}

QString extraWords(const Workspace& workspace) {
  if (workspace.policy.extra == ExtraCalls::Fail) return trPanel("extra calls fail");
  const std::string& address = workspace.upstream.address;
  return address.empty() ? trPanel("extra calls fail: the real service has no address")
                         : trPanel("extra calls go to %1").arg(QString::fromStdString(address));
}

}  // namespace

std::vector<Workspace::Listen> endpointsOf(const Workspace& workspace) {
  if (!workspace.listen.empty()) return workspace.listen;
  return {Workspace::Listen{kDefaultAddress, {}}};
}

void setEndpointsOf(Workspace& workspace, std::vector<Workspace::Listen> endpoints) {
  if (endpoints == endpointsOf({})) endpoints.clear();
  workspace.listen = std::move(endpoints);
}

QString reuseWords(Reuse reuse) {
  switch (reuse) {
    case Reuse::Once:
      return trPanel("fail the call");
    case Reuse::Last:
      return trPanel("repeat the last");
    case Reuse::Cycle:
      return trPanel("start again");
  }
  return {};
}

QString paceWords(const PacePolicy& pace) {
  switch (pace.pace) {
    case Pace::Immediate:
      return trPanel("at once");
    case Pace::Recorded:
      return pace.speed == 1 ? trPanel("as recorded")
                             : trPanel("as recorded × %1").arg(QLocale().toString(pace.speed, 'g', 4));
    case Pace::Causal:
      return trPanel("causal");
  }
  return {};
}

QString recordModeTitle(RecordMode mode) {
  const std::string_view name = recordModeName(mode);
  return QString::fromUtf8(name.data(), static_cast<qsizetype>(name.size()));
}

QString recordModeSentence(RecordMode mode) {
  switch (mode) {
    case RecordMode::All:
      return trPanel("Every call goes to the service, and is recorded.");
    case RecordMode::NewEpisodes:
      return trPanel("What is recorded is replayed; the rest goes to the service, and is added.");
    case RecordMode::Once:
      return trPanel("Records if there is no file yet; else the file is replayed and nothing is added.");
    case RecordMode::None:
      break;
  }
  return trPanel("The file is replayed, and what is not in it fails. The service is not asked.");
}

QStringList policyWords(const Workspace& workspace) {
  const ReplayPolicy& policy = workspace.policy;
  const ReplayPolicy fresh;
  QStringList words;
  if (policy.match.reuse != fresh.match.reuse)
    words += trPanel("when used up: %1").arg(reuseWords(policy.match.reuse));
  if (policy.strictStreams) words += trPanel("strict streams");
  if (policy.pace.pace != fresh.pace.pace) words += trPanel("pace: %1").arg(paceWords(policy.pace));
  if (policy.extra != fresh.extra) words += extraWords(workspace);
  if (!policy.match.ignore.empty()) words += ignoreWords(policy);
  if (!policy.match.compareMetadata.empty()) words += metadataWords(policy);
  return words;
}

QString changeWords(const Workspace& before, const Workspace& after) {
  const ReplayPolicy& was = before.policy;
  const ReplayPolicy& is = after.policy;
  QStringList words;
  if (was.match.reuse != is.match.reuse) words += trPanel("when used up: %1").arg(reuseWords(is.match.reuse));
  if (was.strictStreams != is.strictStreams)
    words += is.strictStreams ? trPanel("strict streams") : trPanel("streams not strict");
  if (was.pace != is.pace) words += trPanel("pace: %1").arg(paceWords(is.pace));
  if (was.extra != is.extra || (is.extra != ExtraCalls::Fail && before.upstream != after.upstream))
    words += extraWords(after);
  if (before.record.mode != after.record.mode && after.record.mode)
    words += trPanel("mode %1").arg(recordModeTitle(*after.record.mode));
  if (was.match.ignore != is.match.ignore)
    words += is.match.ignore.empty() ? trPanel("no ignore rules") : ignoreWords(is);
  if (was.match.compareMetadata != is.match.compareMetadata) words += metadataWords(is);
  return words.join(QStringLiteral("; "));
}

}  // namespace retake::gui
