#pragma once

#include <QAction>
#include <QToolButton>

namespace retake::gui {

inline QToolButton* toolButton(QAction* action) {
  auto* button = new QToolButton;
  button->setDefaultAction(action);
  button->setObjectName(action->objectName() + QStringLiteral("Button"));
  button->setAccessibleName(action->text());
  button->setFocusPolicy(Qt::StrongFocus);
  return button;
}

}  // namespace retake::gui
