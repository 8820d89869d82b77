#include "timeline/timeline_text.h"

#include <QCoreApplication>
#include <QLocale>
#include <QStringList>
#include <algorithm>
#include <array>
#include <cmath>

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

QString axisTimeText(double nanos, double step) {
  if (nanos == 0) return QStringLiteral("0");
  const auto text = [](double value, int decimals, const QString& unit) {
    return QLocale().toString(value, 'f', decimals) + QChar(0x2009) + unit;
  };
  constexpr double kSecond = 1e9;
  if (step >= 3600 * kSecond) return text(nanos / (3600 * kSecond), 0, QStringLiteral("h"));
  if (step >= 60 * kSecond) return text(nanos / (60 * kSecond), 0, QStringLiteral("min"));
  struct Unit {
    double nanos;
    const char16_t* name;
  };
  static constexpr std::array<Unit, 4> kUnits = {{{1e9, u"s"}, {1e6, u"ms"}, {1e3, u"µs"}, {1, u"ns"}}};
  for (const Unit& unit : kUnits) {
    if (nanos < unit.nanos && unit.nanos > 1) continue;
    const int decimals = std::max(0, static_cast<int>(std::ceil(std::log10(unit.nanos / step) - 1e-9)));
    return text(nanos / unit.nanos, decimals, QString::fromUtf16(unit.name));
  }
  return {};
}

QString axisToolTip(const EntryTimes* times, bool byTime) {
  if (!times)
    return tr(
        "Entries, numbered in the order in which the client recorded them.\n"
        "The file holds no times: a wider call is not a longer one.");
  if (!byTime)
    return tr(
        "Entries, numbered in the order in which the client recorded them.\n"
        "A wider call is not a longer one: T shows time.");
  QString text = tr("Time since the first entry. T shows recorded order.");
  if (times->untimed() > 0)
    text +=
        u'\n' + (times->untimed() == 1 ? tr("1 entry has no time, and stands where the one before it does.")
                                       : tr("%1 entries have no time, and stand where those before them do.")
                                             .arg(countText(times->untimed())));
  if (times->outOfOrder() > 0)
    text += u'\n' + tr("Entries whose time lies before that of the one before stand where that does: %1.")
                        .arg(countText(times->outOfOrder()));
  return text;
}

QString callToolTip(const Lanes& lanes, const CallHit& hit, const EntryTimes* times) {
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
  if (times) {
    const CallTime time = callTime(recording, lanes.calls(), hit.call);
    if (time.start && time.duration)
      lines << tr("began at %1, took %2").arg(timeText(*time.start), timeText(*time.duration));
    else if (time.start)
      lines << tr("began at %1, its end has no time").arg(timeText(*time.start));
    else
      lines << tr("without a time: it stands where its neighbours do");
  }
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

QString describeLanes(const Lanes& lanes, bool byTime) {
  const LaneCounts total = lanes.total();
  QString text = tr(byTime ? "%1 calls of %2 methods by time" : "%1 calls of %2 methods in recorded order")
                     .arg(total.calls)
                     .arg(lanes.lanes().size());
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
