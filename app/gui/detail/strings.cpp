#include "detail/strings.h"

namespace retake::gui {

QString sizeText(std::uint64_t bytes) {
  if (bytes < 1000) return QStringLiteral("%1 B").arg(bytes);
  static constexpr const char* kUnits[] = {"kB", "MB", "GB"};
  double value = static_cast<double>(bytes) / 1000.0;
  int unit = 0;
  // 999.95 would be written as "1000.0".
  while (value >= 999.95 && unit < 2) {
    value /= 1000.0;
    ++unit;
  }
  return QStringLiteral("%1 %2").arg(value, 0, 'f', 1).arg(QLatin1String(kUnits[unit]));
}

}  // namespace retake::gui
