#pragma once

#include <QTableView>

namespace retake::gui {

class MissRows;

// The table of differing fields: recorded and sent in the data font, what differs within them marked. A click
// on Ignore, or Space on its row, asks to ignore the field.
class MissTable : public QTableView {
  Q_OBJECT
 public:
  explicit MissTable(MissRows& rows, QWidget* parent = nullptr);

 signals:
  void ignoreRequested(int row);

 protected:
  void keyPressEvent(QKeyEvent* event) override;
  void changeEvent(QEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;

 private:
  void applyFont();
  void fitColumns();

  MissRows& m_rows;
};

}  // namespace retake::gui
