#include "server/policy_words.h"

#include <QCoreApplication>
#include <QLocale>

#include "server/words.h"

namespace retake::gui {

namespace {

QString tr(const char* text) { return QCoreApplication::translate("ServerPanel", text); }

QString ignoreWords(const ReplayPolicy& policy) {
  return countWords(policy.match.ignore.size(), tr("ignore rule"), tr("ignore rules"));
}

QString metadataWords(const ReplayPolicy& policy) {
  return policy.match.compareMetadata.empty()
             ? tr("metadata not compared")
             : countWords(policy.match.compareMetadata.size(), tr("metadata key compared"),
                          tr("metadata keys compared"));
}

QString extraWords(const Workspace& workspace) {
  if (workspace.policy.extra == ExtraCalls::Fail) return tr("extra calls fail");
  const std::string& address = workspace.upstream.address;
  return address.empty() ? tr("extra calls fail: the real service has no address")
                         : tr("extra calls go to %1").arg(QString::fromStdString(address));
}

}  // namespace

std::vector<Workspace::Listen> endpointsOf(const Workspace& workspace) {
  if (!workspace.listen.empty()) return workspace.listen;
  return {Workspace::Listen{kDefaultAddress, {}}};
}

QString reuseWords(Reuse reuse) {
  switch (reuse) {
    case Reuse::Once:
      return tr("fail the call");
    case Reuse::Last:
      return tr("repeat the last");
    case Reuse::Cycle:
      return tr("start again");
  }
  return {};
}

QString paceWords(const PacePolicy& pace) {
  switch (pace.pace) {
    case Pace::Immediate:
      return tr("at once");
    case Pace::Recorded:
      return pace.speed == 1 ? tr("as recorded")
                             : tr("as recorded × %1").arg(QLocale().toString(pace.speed, 'g', 4));
    case Pace::Causal:
      return tr("causal");
  }
  return {};
}

QStringList policyWords(const Workspace& workspace) {
  const ReplayPolicy& policy = workspace.policy;
  const ReplayPolicy fresh;
  QStringList words;
  if (policy.match.reuse != fresh.match.reuse)
    words += tr("when used up: %1").arg(reuseWords(policy.match.reuse));
  if (policy.strictStreams) words += tr("strict streams");
  if (policy.pace.pace != fresh.pace.pace) words += tr("pace: %1").arg(paceWords(policy.pace));
  if (policy.extra != fresh.extra) words += extraWords(workspace);
  if (!policy.match.ignore.empty()) words += ignoreWords(policy);
  if (!policy.match.compareMetadata.empty()) words += metadataWords(policy);
  return words;
}

QString changeWords(const Workspace& before, const Workspace& after) {
  const ReplayPolicy& was = before.policy;
  const ReplayPolicy& is = after.policy;
  QStringList words;
  if (was.match.reuse != is.match.reuse) words += tr("when used up: %1").arg(reuseWords(is.match.reuse));
  if (was.strictStreams != is.strictStreams)
    words += is.strictStreams ? tr("strict streams") : tr("streams not strict");
  if (was.pace != is.pace) words += tr("pace: %1").arg(paceWords(is.pace));
  if (was.extra != is.extra || (is.extra == ExtraCalls::Forward && before.upstream != after.upstream))
    words += extraWords(after);
  if (was.match.ignore != is.match.ignore)
    words += is.match.ignore.empty() ? tr("no ignore rules") : ignoreWords(is);
  if (was.match.compareMetadata != is.match.compareMetadata) words += metadataWords(is);
  return words.join(QStringLiteral("; "));
}

}  // namespace retake::gui
