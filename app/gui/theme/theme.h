#pragma once

#include <QColor>
#include <QFont>
#include <QIcon>
#include <QPixmap>
#include <QString>

class QApplication;

namespace retake::gui::theme {

// What a colour means. The table in theme.cpp gives each a light and a dark value; no other file
// holds a colour. Text colours have a contrast of 4.5 to 1 or more on Surface and Raised.
enum class Role {
  Surface,   // where data lies
  Raised,    // bars, headers, docks
  Hairline,  // lines between panes
  Control,   // outline of what is checked, pressed or typed into: 3 to 1 or more on whatever lies behind it
  Text,
  TextMuted,
  TextDisabled,
  Accent,         // selection, focus, the primary button
  AccentText,     // on Accent
  SelectionFill,  // behind selected rows, Text stays readable on it
  Hover,
  Error,      // ✗
  ErrorFill,  // behind a bar that says what went wrong
  Warning,
  Edited,  // ✎
  EditedFill,
  Scrubbed,  // ◇
  Matched,   // ✓
  Unused,    // –
  Density,   // bar height in the zoomed-out timeline
  Lane1,
  Lane2,
  Lane3,
  Lane4,
  Lane5,
  Lane6,
  Lane7,
  Lane8,
  SyntaxKey,
  SyntaxString,
  SyntaxNumber,
  SyntaxKeyword
};

enum class Mode { System, Light, Dark };

// Fusion with the palette of the mode; every widget gets a PaletteChange event. Remembered by the
// caller. System follows the platform's palette, also when that changes later.
void apply(QApplication& application, Mode mode);
Mode mode();
bool isDark();
QColor color(Role role);

// The fixed font for data, one step smaller than the interface font.
QFont dataFont();
// From resources/icons, recoloured for the palette: "open", "save", "undo". Follows theme changes
// when asked for again.
QIcon icon(const QString& name);

// The same in one colour, for labels: `size` in device-independent pixels. It does not follow the theme.
QPixmap pixmap(const QString& name, Role role, int size, qreal devicePixelRatio);

// All lengths are multiples of it, in device-independent pixels.
inline constexpr int kGrid = 4;
inline constexpr int kGroupGap = 8;
inline constexpr int kPaneMargin = 12;

}  // namespace retake::gui::theme
