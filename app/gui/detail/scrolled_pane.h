#pragma once

#include <QScrollArea>

namespace retake::gui {

// Shows a pane as large as there is room for, and never smaller than its layouts need: where there is less
// room, it scrolls. So a pane may be made as low as one likes, and its rows never lie on each other.
class ScrolledPane : public QScrollArea {
  Q_OBJECT
 public:
  explicit ScrolledPane(QWidget* pane, QWidget* parent = nullptr);

  QSize sizeHint() const override;
  QSize minimumSizeHint() const override;

 protected:
  void resizeEvent(QResizeEvent* event) override;
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void fit();
};

}  // namespace retake::gui
