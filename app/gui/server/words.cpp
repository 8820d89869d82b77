#include "server/words.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>
#include <QStringList>
#include <algorithm>
#include <array>
#include <limits>

#include "recording/status.h"

namespace retake::gui {

QString trMiss(const char* text) { return QCoreApplication::translate("MissView", text); }
QString trPanel(const char* text) { return QCoreApplication::translate("ServerPanel", text); }

QString countWords(std::uint64_t count, const QString& singular, const QString& plural) {
  return countText(count) + u' ' + (count == 1 ? singular : plural);
}

QString durationWords(std::chrono::nanoseconds duration) {
  const double micros = static_cast<double>(duration.count()) / 1e3;
  const auto words = [](double value, const QString& unit) {
    return QLocale().toString(value, 'f', value < 9.95 ? 1 : 0) + QStringLiteral("\u2009") + unit;
  };
  // The next unit begins where rounding would say 1,000 of this one.
  if (micros < 999.5) return QString::number(micros, 'f', 0) + QStringLiteral("\u2009µs");
  if (micros < 999.5e3) return words(micros / 1e3, QStringLiteral("ms"));
  return words(micros / 1e6, QStringLiteral("s"));
}

QString timeWords(std::chrono::system_clock::time_point time) {
  const qint64 ms = std::chrono::floor<std::chrono::milliseconds>(time.time_since_epoch()).count();
  // Asking for the zone costs more than all the rest, a log has many times, and clocks are put forward and
  // back at quarters of an hour alone.
  constexpr qint64 kQuarter = 15 * 60 * 1000;
  thread_local qint64 knownQuarter = std::numeric_limits<qint64>::min();
  thread_local qint64 knownOffset = 0;
  if (ms / kQuarter != knownQuarter) {
    knownQuarter = ms / kQuarter;
    knownOffset = QDateTime::fromMSecsSinceEpoch(ms).offsetFromUtc() * qint64{1000};
  }
  constexpr qint64 kDay = qint64{24} * 3600 * 1000;
  const auto ofDay = static_cast<int>(((ms + knownOffset) % kDay + kDay) % kDay);
  std::array<char16_t, 12> text = {};
  const auto put = [&text](std::size_t at, int digits, int value) {
    for (int i = digits; i-- > 0; value /= 10)
      text[at + static_cast<std::size_t>(i)] = static_cast<char16_t>(u'0' + value % 10);
  };
  put(0, 2, ofDay / 3600'000);
  put(3, 2, ofDay / 60'000 % 60);
  put(6, 2, ofDay / 1000 % 60);
  put(9, 3, ofDay % 1000);
  text[2] = text[5] = u':';
  text[8] = u'.';
  return QString::fromUtf16(text.data(), static_cast<qsizetype>(text.size()));
}

QString statusWords(std::int32_t code) {
  const QString name = QString::fromStdString(statusCodeName(code));
  return code == 0 ? name : QStringLiteral("✗ ") + name;
}

QString outcomeWords(const ReplayEvent& event) {
  switch (event.kind) {
    case ReplayEvent::Kind::Note:
      return event.sequence == 0 ? QStringLiteral("▸ server") : QStringLiteral("› note");
    case ReplayEvent::Kind::Edited:
      return QStringLiteral("✎ edited");
    case ReplayEvent::Kind::Call:
      break;
  }
  switch (event.outcome) {
    case ReplayEvent::Outcome::Served:
      return QStringLiteral("✓ served");
    case ReplayEvent::Outcome::Missed:
      return QStringLiteral("✗ missed");
    case ReplayEvent::Outcome::Forwarded:
      return QStringLiteral("→ forwarded");
    case ReplayEvent::Outcome::Refused:
      return QStringLiteral("– refused");
    case ReplayEvent::Outcome::Aborted:
      return QStringLiteral("– aborted");
  }
  return {};
}

std::string logText(const ReplayEvent& event) {
  if (event.forwarded.empty() || event.text.empty()) return event.text + event.forwarded;
  return event.text + " (" + event.forwarded + ")";
}

bool isMiss(const ReplayEvent& event) {
  return event.kind == ReplayEvent::Kind::Call && event.outcome == ReplayEvent::Outcome::Missed;
}

QString methodWords(const std::string& path) {
  const QString whole = QString::fromStdString(path);
  return whole.startsWith(u'/') ? whole.mid(1) : whole;
}

QString callWords(std::uint32_t number) { return number == 0 ? QString() : u'#' + QString::number(number); }

QString recordedWords(const RecorderCounts& counts) {
  return countWords(counts.calls, QStringLiteral("call"), QStringLiteral("calls")) + QStringLiteral(", ") +
         countWords(counts.entries, QStringLiteral("entry"), QStringLiteral("entries")) +
         QStringLiteral(", ") + sizeText(counts.bytes);
}

QString entryWords(const Recording& recording, const std::vector<EntryId>& entries) {
  constexpr int kNamed = 3;
  std::vector<std::uint32_t> places;
  for (const EntryId id : entries) {
    if (const auto position = recording.position(id)) places.push_back(*position + 1);
  }
  std::sort(places.begin(), places.end());
  if (places.empty()) return {};
  if (places.size() == 1) return QStringLiteral("entry %1").arg(places.front());
  QStringList named;
  for (const std::uint32_t place : places) {
    if (named.size() == kNamed) break;
    named += QString::number(place);
  }
  QString words = QStringLiteral("entries ") + named.join(QStringLiteral(", "));
  if (places.size() > kNamed) words += QStringLiteral(" and %1 more").arg(countText(places.size() - kNamed));
  return words;
}

}  // namespace retake::gui
