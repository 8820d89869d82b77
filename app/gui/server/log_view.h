#pragma once

#include <QTableView>

#include "server/log_model.h"

namespace retake::gui {

// The log as a table; in a narrow one the last columns are left out. Follows the tail while it stands at the
// bottom; else what is being read stays where it is, also when old rows leave at the top.
class LogView : public QTableView {
  Q_OBJECT
 public:
  explicit LogView(LogModel& model, QWidget* parent = nullptr);

  bool isAtBottom() const;
  // Selected rows as text, columns separated by tabs.
  QString selectedText() const;

 signals:
  // The user clicked or pressed Enter on a row that matched a recorded call.
  void callChosen(retake::EntryId call);

 protected:
  void keyPressEvent(QKeyEvent* event) override;
  void changeEvent(QEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;

 private:
  void choose(const QModelIndex& index);
  void applyFont();
  void fitColumns();

  LogModel& m_model;
  bool m_follow = true;
  int m_value = 0;  // of the scroll bar, before rows are inserted or removed
};

}  // namespace retake::gui
