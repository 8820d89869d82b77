#pragma once

#include <QString>
#include <cstdint>
#include <string>
#include <string_view>

#include "document/text.h"

// Where the core's UTF-8 and the window's QString meet.
namespace retake::gui {

inline QString toQString(std::string_view text) {
  return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}
inline std::string toUtf8(const QString& text) { return text.toStdString(); }

// "1 field", "3 fields", "1,204 fields".
QString counted(std::uint64_t count, const char* one, const char* many);

}  // namespace retake::gui
