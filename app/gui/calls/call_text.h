#pragma once

#include <QString>

#include "document/text.h"
#include "recording/calls.h"

// How calls are written: in the table, its tooltips and the clipboard.
namespace retake::gui {

// "U", "S", "C", "B"; and in words for people who do not know the letters.
QString kindLetter(CallKind kind);
QString kindTitle(CallKind kind);

// "✓ OK", "✗ NOT_FOUND", "… open".
QString statusText(const CallEnd& end);

// "850 ns", "12.3 ms", "3.20 s", "4 min 05 s": three digits, a thin space before the unit; less than nothing
// with a minus, where a clock went back.
QString timeText(std::int64_t nanos);

// "/shop.v1.Cart/Add" in two parts: "shop.v1.Cart" and "Add". A name of another form is all method.
struct MethodParts {
  QString service;
  QString method;
};
MethodParts methodParts(const std::string& path);

}  // namespace retake::gui
