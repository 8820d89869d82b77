#include "calls/call_text.h"

#include <QCoreApplication>
#include <QLocale>
#include <array>
#include <cmath>

#include "recording/status.h"

namespace retake::gui {

QString kindLetter(CallKind kind) {
  static constexpr std::array<char, 4> kLetters = {'U', 'S', 'C', 'B'};
  return QString(QLatin1Char(kLetters[static_cast<std::size_t>(kind)]));
}

QString kindTitle(CallKind kind) {
  const auto name = callKindName(kind);
  return QString::fromUtf8(name.data(), static_cast<qsizetype>(name.size()));
}

QString statusText(const CallEnd& end) {
  switch (end.kind) {
    case CallEnd::Kind::Ok:
      return QStringLiteral("✓ OK");
    case CallEnd::Kind::Error:
      return QStringLiteral("✗ ") + (end.code == kOtherStatusCode
                                         ? QStringLiteral("other code")
                                         : QString::fromStdString(statusCodeName(end.code)));
    case CallEnd::Kind::Open:
      break;
  }
  return QStringLiteral("… open");
}

QString timeText(std::int64_t nanos) {
  const double whole = std::abs(static_cast<double>(nanos));
  const QString sign = nanos < 0 ? QStringLiteral("−") : QString();
  const auto seconds = static_cast<std::int64_t>(std::llround(whole / 1e9));
  if (whole >= 59.95e9) {
    if (seconds < 3600)
      return sign + QStringLiteral("%1\u2009min %2\u2009s")
                        .arg(seconds / 60)
                        .arg(seconds % 60, 2, 10, QLatin1Char('0'));
    return sign + QStringLiteral("%1\u2009h %2\u2009min")
                      .arg(QLocale().toString(static_cast<qlonglong>(seconds / 3600)))
                      .arg(seconds % 3600 / 60, 2, 10, QLatin1Char('0'));
  }
  struct Unit {
    double nanos;
    const char16_t* name;
  };
  static constexpr std::array<Unit, 4> kUnits = {{{1e9, u"s"}, {1e6, u"ms"}, {1e3, u"µs"}, {1, u"ns"}}};
  std::size_t unit = 0;
  // 999.5 would round to a fourth digit.
  while (unit + 1 < kUnits.size() && whole < 0.9995 * kUnits[unit].nanos) ++unit;
  const double value = whole / kUnits[unit].nanos;
  const int decimals = unit + 1 == kUnits.size() ? 0 : value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
  return sign + QLocale().toString(value, 'f', decimals) + QChar(0x2009) +
         QString::fromUtf16(kUnits[unit].name);
}

MethodParts methodParts(const std::string& path) {
  const auto slash = path.rfind('/');
  if (path.size() < 2 || path.front() != '/' || slash == 0 || slash + 1 == path.size())
    return {{}, QString::fromStdString(path)};
  return {QString::fromUtf8(path.data() + 1, static_cast<qsizetype>(slash - 1)),
          QString::fromUtf8(path.data() + slash + 1, static_cast<qsizetype>(path.size() - slash - 1))};
}

}  // namespace retake::gui
