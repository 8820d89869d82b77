#include "document/text.h"

#include <QLocale>
#include <array>

namespace retake::gui {

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

}  // namespace retake::gui
