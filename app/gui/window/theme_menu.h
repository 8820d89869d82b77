#pragma once

#include <QString>
#include <optional>

#include "theme/theme.h"

class QMenu;

namespace retake::gui {

// "system", "light", "dark".
std::optional<theme::Mode> themeModeFromName(const QString& name);
// As it was chosen last; System at first.
theme::Mode rememberedTheme();
// View > Theme. What is chosen is applied at once, and remembered.
void fillThemeMenu(QMenu& menu);

}  // namespace retake::gui
