#include "timeline/timeline_text.h"

#include <QCoreApplication>
#include <QStringList>
#include <algorithm>

#include "calls/call_text.h"

namespace retake::gui {
namespace {

QString tr(const char* text) { return QCoreApplication::translate("Timeline", text); }

QString places(const Call& call) {
  if (call.first == call.last()) return tr("entry %1").arg(countText(call.first + 1));
  return tr("entries %1 – %2").arg(countText(call.first + 1), countText(call.last() + 1));
}

struct Messages {
  std::uint32_t sent = 0;
  std::uint32_t received = 0;
};

// Of a stream; streams of any length are counted, which takes a millisecond for each 200,000 messages.
Messages countMessages(const Recording& recording, const Call& call) {
  Messages m;
  for (const std::uint32_t position : call.rest) {
    const EntryInfo info = recording.info(position);
    if (!info.hasMessage || info.isError) continue;
    (info.kind == EntryKind::Send ? m.sent : m.received) += 1;
  }
  return m;
}

}  // namespace

QString callToolTip(const Lanes& lanes, const CallHit& hit) {
  const Recording& recording = lanes.recording();
  const Call call = lanes.calls()[hit.call];
  const std::uint8_t mark = lanes.markOf(hit.call);
  QStringList lines;
  lines << QStringLiteral("#%1  %2").arg(
      countText(call.number),
      QString::fromStdString(recording.methodName(recording.info(call.first).method)));
  QStringList facts{kindTitle(call.kind), statusText(callEnd(recording, call)), places(call)};
  if (mark & call_mark::kEdited) facts << tr("✎ edited");
  lines << facts.join(QStringLiteral("  ·  "));
  if (call.isStream()) {
    const Messages m = countMessages(recording, call);
    lines << tr("%1 sent, %2 received").arg(countText(m.sent), countText(m.received));
  }
  if (hit.entry) {
    const EntryInfo info = recording.info(*hit.entry);
    const bool sent = info.kind == EntryKind::Send;
    lines << tr(sent ? "Message sent at entry %1" : "Message received at entry %1")
                 .arg(countText(*hit.entry + 1));
  }
  if (mark & call_mark::kHidden) lines << tr("Left out by the filter");
  return lines.join(QLatin1Char('\n'));
}

QString describeLanes(const Lanes& lanes) {
  const LaneCounts total = lanes.total();
  QString text = tr("%1 calls of %2 methods in recorded order").arg(total.calls).arg(lanes.lanes().size());
  if (total.hidden > 0) text += tr(", %1 shown").arg(total.calls - total.hidden);
  text += tr(", %1 failed, %2 edited.").arg(total.errors).arg(total.edited);
  return text;
}

QString describeCall(const Lanes& lanes, std::uint32_t index) {
  const auto place = lanes.find(index);
  if (!place) return {};
  const Call call = lanes.calls()[index];
  return tr("Call %1, %2, %3, %4.")
      .arg(QString::number(call.number), QString::fromStdString(lanes.lanes()[place->lane].name),
           statusText(callEnd(lanes.recording(), call)), places(call));
}

}  // namespace retake::gui
