#include "detail/strings.h"

#include <QLocale>

namespace retake::gui {

QString counted(std::uint64_t count, const char* one, const char* many) {
  return QLocale(QLocale::English).toString(static_cast<qulonglong>(count)) + u' ' +
         QLatin1String(count == 1 ? one : many);
}

}  // namespace retake::gui
