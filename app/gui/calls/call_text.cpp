#include "calls/call_text.h"

#include <QCoreApplication>
#include <QLocale>
#include <array>

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
      // 31 stands for every code that gRPC does not name.
      return QStringLiteral("✗ ") + (end.code == 31 ? QStringLiteral("other code")
                                                    : QString::fromStdString(statusCodeName(end.code)));
    case CallEnd::Kind::Open:
      break;
  }
  return QStringLiteral("… open");
}

QString sizeText(std::uint64_t bytes) {
  if (bytes < 1000) return QString::number(bytes) + QStringLiteral("\u2009B");
  static constexpr std::array<const char*, 4> kUnits = {"kB", "MB", "GB", "TB"};
  double value = static_cast<double>(bytes) / 1000;
  std::size_t unit = 0;
  // 999.5 would round to a fourth digit.
  while (value >= 999.5 && unit + 1 < kUnits.size()) {
    value /= 1000;
    ++unit;
  }
  return QLocale().toString(value, 'f', value < 9.95 ? 1 : 0) + QStringLiteral("\u2009") +
         QLatin1String(kUnits[unit]);
}

QString countText(std::uint64_t count) { return QLocale().toString(static_cast<qulonglong>(count)); }

MethodParts methodParts(const std::string& path) {
  const auto slash = path.rfind('/');
  if (path.size() < 2 || path.front() != '/' || slash == 0 || slash + 1 == path.size())
    return {{}, QString::fromStdString(path)};
  return {QString::fromUtf8(path.data() + 1, static_cast<qsizetype>(slash - 1)),
          QString::fromUtf8(path.data() + slash + 1, static_cast<qsizetype>(path.size() - slash - 1))};
}

}  // namespace retake::gui
