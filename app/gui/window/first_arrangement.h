#pragma once

#include <QObject>

class QDockWidget;
class QMainWindow;
class QSplitter;

namespace retake::gui {

class TimelinePane;

// How the panes share the window before anybody has moved them: it follows the window's size, so that it is
// the same whether the window gets its size before the recording comes or after it. Ends with the first move.
class FirstArrangement : public QObject {
  Q_OBJECT
 public:
  FirstArrangement(QMainWindow& window, QDockWidget& bottom, QSplitter& rows, QSplitter& columns,
                   TimelinePane& timeline);

  void begin();

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void arrangeSoon();
  void arrange();
  void end() { m_isOn = false; }

  QMainWindow& m_window;
  QDockWidget& m_bottom;
  QSplitter& m_rows;
  QSplitter& m_columns;
  TimelinePane& m_timeline;
  bool m_isOn = false;
  bool m_isDue = false;
};

}  // namespace retake::gui
