#pragma once

#include <QAction>
#include <QObject>

class QMenu;

namespace retake::gui {

// The commands of the scrub pane, in the order of the menu.
class ScrubActions : public QObject {
  Q_OBJECT
 public:
  explicit ScrubActions(QObject* parent = nullptr);
  ~ScrubActions() override;

  QAction* on;
  QAction* find;
  QAction* check;
  QAction* apply;
  QAction* exportCopy;
  QAction* newRule;
  QMenu* library;  // filled by who shows it
  QAction* duplicate;
  QAction* remove;
  QAction* up;
  QAction* down;
  QAction* importRules;
  QAction* linkRules;
  QAction* saveRules;

  QList<QAction*> inMenu() const;

 private:
  QAction* make(const char* name, const QString& text, const QKeySequence& key, const char* icon,
                const QString& toolTip);
};

}  // namespace retake::gui
