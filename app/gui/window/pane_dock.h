#pragma once

#include <QAction>
#include <QDockWidget>

namespace retake::gui {

// A pane at the edge of the window: movable and closable, not floatable. It is dragged by a slim bar at
// its left, so that its tab is the only place that says its name. Where it is
// lower than the pane needs, the pane scrolls.
class PaneDock : public QDockWidget {
  Q_OBJECT
 public:
  PaneDock(const QString& name, const QString& title, const QKeySequence& key, QWidget* pane,
           QWidget* parent);

  // Shows, raises and focuses the pane; hides it when it has the focus already.
  QAction* showAction() const { return m_show; }
  QWidget* pane() const { return m_pane; }
  void setCount(quint64 count, const QString& glyph = {});
  void reveal();

 private:
  QString m_title;
  QWidget* m_pane;
  QAction* m_show;
};

}  // namespace retake::gui
