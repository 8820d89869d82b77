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

// "/shop.v1.Cart/Add" in two parts: "shop.v1.Cart" and "Add". A name of another form is all method.
struct MethodParts {
  QString service;
  QString method;
};
MethodParts methodParts(const std::string& path);

}  // namespace retake::gui
