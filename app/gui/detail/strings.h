#pragma once

#include <QString>
#include <cstdint>
#include <string>
#include <string_view>

// Where the core's UTF-8 and the window's QString meet.
namespace retake::gui {

inline QString toQString(std::string_view text) {
  return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}
inline std::string toUtf8(const QString& text) { return text.toStdString(); }

// "118 B", "1.2 kB", "3.4 MB"; thousands, as disks and networks count.
QString sizeText(std::uint64_t bytes);

}  // namespace retake::gui
