#include "window/theme_menu.h"

#include <QActionGroup>
#include <QApplication>
#include <QMenu>
#include <QSettings>
#include <array>

namespace retake::gui {
namespace {

const auto kThemeKey = QStringLiteral("theme");

struct Named {
  theme::Mode mode;
  const char* name;
  const char* text;
};
constexpr std::array<Named, 3> kModes = {{
    {theme::Mode::System, "system", QT_TRANSLATE_NOOP("ThemeMenu", "&System")},
    {theme::Mode::Light, "light", QT_TRANSLATE_NOOP("ThemeMenu", "&Light")},
    {theme::Mode::Dark, "dark", QT_TRANSLATE_NOOP("ThemeMenu", "&Dark")},
}};

}  // namespace

std::optional<theme::Mode> themeModeFromName(const QString& name) {
  for (const Named& named : kModes)
    if (name == QLatin1String(named.name)) return named.mode;
  return std::nullopt;
}

theme::Mode rememberedTheme() {
  return themeModeFromName(QSettings().value(kThemeKey).toString()).value_or(theme::Mode::System);
}

void fillThemeMenu(QMenu& menu) {
  auto* group = new QActionGroup(&menu);
  int number = 7;
  for (const Named& named : kModes) {
    QAction* action = menu.addAction(QCoreApplication::translate("ThemeMenu", named.text));
    action->setObjectName(QStringLiteral("theme-") + QLatin1String(named.name));
    action->setShortcut(QKeySequence(QStringLiteral("Ctrl+Alt+%1").arg(number++)));
    action->setCheckable(true);
    action->setChecked(theme::mode() == named.mode);
    group->addAction(action);
    QObject::connect(action, &QAction::triggered, &menu, [named] {
      theme::apply(*static_cast<QApplication*>(QApplication::instance()), named.mode);
      QSettings().setValue(kThemeKey, QLatin1String(named.name));
    });
  }
}

}  // namespace retake::gui
