#pragma once

#include <QTableView>
#include <vector>

#include "server/row_delegate.h"

namespace retake::gui {

// The tables of the scrub pane: rows as in the call table, columns that share the width.
class ScrubTable : public QTableView {
  Q_OBJECT
 public:
  enum Role { StruckRole = Qt::UserRole + 100 };  // bool: the text is struck out

  // What a column gets: its share of what the others leave, or as wide as a sample of its text.
  struct Column {
    int share = 0;
    QString sample = {};
  };
  ScrubTable(const char* name, const QString& accessibleName, QAbstractItemModel& model,
             std::vector<Column> columns, QWidget* parent = nullptr);

  int currentRow() const { return currentIndex().row(); }
  void selectRow(int row);

 signals:
  void rowChosen(int row);  // clicked, or Enter
  void deleteRequested(int row);

 protected:
  void resizeEvent(QResizeEvent* event) override;
  void changeEvent(QEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;

 private:
  void applyFont();
  void fitColumns();

  std::vector<Column> m_columns;
};

// A text on one line: line ends and other control characters as their signs, at most a few hundred
// characters.
QString oneLine(const QString& text);

}  // namespace retake::gui
