#pragma once

#include <QString>

#include "recording/calls.h"

// How calls are written: in the table, its tooltips and the clipboard.
namespace retake::gui {

// "U", "S", "C", "B"; and in words for people who do not know the letters.
QString kindLetter(CallKind kind);
QString kindTitle(CallKind kind);

// "✓ OK", "✗ NOT_FOUND", "… open".
QString statusText(const CallEnd& end);

// "0 B", "118 B", "1.2 kB", "48 MB": at most three digits, a thin space before the unit.
QString sizeText(std::uint64_t bytes);
// "1,204": groups of three, as the user's language has them.
QString countText(std::uint64_t count);

// "/shop.v1.Cart/Add" in two parts: "shop.v1.Cart" and "Add". A name of another form is all method.
struct MethodParts {
  QString service;
  QString method;
};
MethodParts methodParts(const std::string& path);

}  // namespace retake::gui
