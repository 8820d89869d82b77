#include "theme/theme.h"

#include <QApplication>
#include <QFontDatabase>
#include <QPainter>
#include <QPalette>
#include <array>
#include <utility>

#include "theme/icon_engine.h"
#include "theme/style.h"

namespace retake::gui::theme {
namespace {

struct Entry {
  QRgb light;
  QRgb dark;
};

// In the order of Role. The lanes share one lightness a theme, so that none of them shouts.
constexpr std::array<Entry, static_cast<std::size_t>(Role::SyntaxKeyword) + 1> kColors = {{
    {0xffffffff, 0xff1c1e22},  // Surface
    {0xfff5f6f7, 0xff25282d},  // Raised
    {0xffdfe1e5, 0xff383c43},  // Hairline
    {0xff6f757e, 0xff8d949f},  // Control
    {0xff1f2328, 0xffe3e5e8},  // Text
    {0xff5f656e, 0xffa2a8b2},  // TextMuted
    {0xff9ba0a8, 0xff6a707a},  // TextDisabled
    {0xff2a62d6, 0xff7aa7ff},  // Accent
    {0xffffffff, 0xff111418},  // AccentText
    {0xffdbe7fc, 0xff2b3d60},  // SelectionFill
    {0xffeceef0, 0xff2f3238},  // Hover
    {0xffc0262d, 0xffff8583},  // Error
    {0xfffdebeb, 0xff43282b},  // ErrorFill
    {0xff85590a, 0xffdcae54},  // Warning
    {0xff945300, 0xffeab055},  // Edited
    {0xfffdf3df, 0xff3a3222},  // EditedFill
    {0xff7539bd, 0xffc6a2f7},  // Scrubbed
    {0xff1c7340, 0xff71c98e},  // Matched
    {0xff646a73, 0xff9ea4ad},  // Unused
    {0xff8fa0ba, 0xff66758d},  // Density
    {0xff6f8fc2, 0xff6d8cbd},  // Lane1
    {0xff5f9fa3, 0xff5d979b},  // Lane2
    {0xff82a070, 0xff7d996c},  // Lane3
    {0xffb09a62, 0xffa5915f},  // Lane4
    {0xffb5876f, 0xffab806a},  // Lane5
    {0xffb07f96, 0xffa6798e},  // Lane6
    {0xff9685bb, 0xff8f80b1},  // Lane7
    {0xff8a939f, 0xff838b96},  // Lane8
    {0xff2c5590, 0xff8fb8ef},  // SyntaxKey
    {0xff2f6b2a, 0xffa3cf8b},  // SyntaxString
    {0xff0d6a73, 0xff76cbd3},  // SyntaxNumber
    {0xff8b3578, 0xffe09bd2},  // SyntaxKeyword
}};

struct State {
  Mode mode = Mode::System;
  bool dark = false;
  bool applied = false;
  bool systemDark = false;  // as the platform's palette was before ours
};

State& state() {
  static State s;
  return s;
}

// What the platform would have without us. There is no other public way to ask in Qt 6.4.
bool systemIsDark() {
  QApplication::setPalette(QPalette());
  return QApplication::palette().color(QPalette::Window).lightness() < 128;
}

// Tells when the desktop turns dark or light.
class SystemWatcher final : public QObject {
 public:
  using QObject::QObject;

 protected:
  bool eventFilter(QObject*, QEvent* event) override {
    // One comes for each window; asking makes palette events of its own.
    if (event->type() == QEvent::ThemeChange && !m_asked) {
      m_asked = true;
      QMetaObject::invokeMethod(this, &SystemWatcher::ask, Qt::QueuedConnection);
    }
    return false;
  }

 private:
  void ask() {
    m_asked = false;
    state().systemDark = systemIsDark();
    apply(*qApp, state().mode);
  }
  bool m_asked = false;
};

QPalette makePalette() {
  QPalette p;
  const auto set = [&p](QPalette::ColorRole role, Role meaning) {
    p.setColor(QPalette::All, role, color(meaning));
  };
  set(QPalette::Window, Role::Raised);
  set(QPalette::WindowText, Role::Text);
  set(QPalette::Base, Role::Surface);
  set(QPalette::AlternateBase, Role::Raised);
  set(QPalette::Text, Role::Text);
  set(QPalette::PlaceholderText, Role::TextMuted);
  set(QPalette::Button, Role::Raised);
  set(QPalette::ButtonText, Role::Text);
  set(QPalette::BrightText, Role::Error);
  set(QPalette::Highlight, Role::Accent);
  set(QPalette::HighlightedText, Role::AccentText);
  set(QPalette::ToolTipBase, Role::Surface);
  set(QPalette::ToolTipText, Role::Text);
  set(QPalette::Link, Role::Accent);
  set(QPalette::LinkVisited, Role::Accent);
  set(QPalette::Light, Role::Surface);
  set(QPalette::Midlight, Role::Hover);
  set(QPalette::Mid, Role::Hairline);
  set(QPalette::Dark, Role::Hairline);
  p.setColor(QPalette::All, QPalette::Shadow, QColor(0, 0, 0, isDark() ? 160 : 60));
  for (const auto role :
       {QPalette::WindowText, QPalette::Text, QPalette::ButtonText, QPalette::HighlightedText})
    p.setColor(QPalette::Disabled, role, color(Role::TextDisabled));
  p.setColor(QPalette::Disabled, QPalette::Highlight, color(Role::Hairline));
  return p;
}

// Views, editors and menus show what they hold on a selection that leaves its colours readable.
QPalette makeDataPalette(QPalette p) {
  p.setColor(QPalette::Highlight, color(Role::SelectionFill));
  p.setColor(QPalette::HighlightedText, color(Role::Text));
  return p;
}

}  // namespace

void apply(QApplication& application, Mode mode) {
  State& s = state();
  if (!s.applied) {
    s.systemDark = application.palette().color(QPalette::Window).lightness() < 128;
    application.setStyle(new Style);
    application.installEventFilter(new SystemWatcher(&application));
    s.applied = true;
  }
  s.mode = mode;
  s.dark = mode == Mode::Dark || (mode == Mode::System && s.systemDark);
  const QPalette palette = makePalette();
  const QPalette data = makeDataPalette(palette);
  QApplication::setPalette(palette);
  for (const char* view : {"QAbstractItemView", "QPlainTextEdit", "QTextEdit", "QMenu"})
    QApplication::setPalette(data, view);
}

Mode mode() { return state().mode; }

bool isDark() { return state().dark; }

QColor color(Role role) {
  const Entry& entry = kColors[static_cast<std::size_t>(role)];
  return QColor::fromRgba(state().dark ? entry.dark : entry.light);
}

QFont dataFont() {
  QFont font = QFontDatabase::systemFont(QFontDatabase::FixedFont);
  const QFont interface = QApplication::font();
  if (interface.pointSizeF() > 0)
    font.setPointSizeF(interface.pointSizeF() - 1);
  else
    font.setPixelSize(interface.pixelSize() - 1);
  return font;
}

QIcon icon(const QString& name) { return QIcon(new IconEngine(name)); }

QPixmap pixmap(const QString& name, Role role, int size, qreal devicePixelRatio) {
  QPixmap drawn(QSize(size, size) * devicePixelRatio);
  drawn.fill(Qt::transparent);
  QPainter painter(&drawn);
  IconEngine(name).paint(&painter, drawn.rect(), color(role));
  painter.end();
  drawn.setDevicePixelRatio(devicePixelRatio);
  return drawn;
}

}  // namespace retake::gui::theme
