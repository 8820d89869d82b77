#pragma once

#include <QTableView>
#include <array>

#include "calls/call_rows.h"

namespace retake::gui {

class CallDelegate;
class CallTableModel;
class Document;
class Selection;
class UsedCalls;

// The table of calls: filtered and sorted as CallRows is, its current row the selected call.
class CallTable : public QTableView {
  Q_OBJECT
 public:
  CallTable(Document& document, Selection& selection, CallRows& rows, QWidget* parent = nullptr);

  // Marks what `used` has, which outlives this.
  void showUse(const UsedCalls& used);
  // In the menu of a row.
  void setRowActions(const QList<QAction*>& actions) { m_rowActions = actions; }
  // Puts the selected row on the clipboard, as a line of text.
  void copy() const;
  // Ask for the calls that are like the current one, and no others.
  void filterByMethod();
  void filterByStatus();
  void keyboardSearch(const QString&) override {}  // letters are commands here

 signals:
  void filterRequested(const QString& text);

 protected:
  void currentChanged(const QModelIndex& current, const QModelIndex& previous) override;
  void mousePressEvent(QMouseEvent* event) override;
  QModelIndex moveCursor(CursorAction action, Qt::KeyboardModifiers modifiers) override;
  void contextMenuEvent(QContextMenuEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void changeEvent(QEvent* event) override;
  bool viewportEvent(QEvent* event) override;
  void paintEvent(QPaintEvent* event) override;

 private:
  void goToEnd();
  void showSelection();
  QString currentText(CallColumn column) const;
  // What the filter asks for to get calls that are like that one in a column; empty where it cannot.
  std::string termOf(std::uint32_t call, CallColumn column) const;
  void setHoverRow(int row);
  void updateMetrics();
  void updateWidths();
  void fitColumns();
  void headerClicked(int column);

  Document& m_document;
  Selection& m_selection;
  CallRows& m_rows;
  CallTableModel* m_model;
  CallDelegate* m_delegate;
  QList<QAction*> m_rowActions;
  std::array<int, kCallColumns> m_widths{};  // the Method column takes what is left
  bool m_following = false;                  // the selection moves the table, not the other way round
  qsizetype m_digits = 0;                    // of the highest number
  int m_scrolledTo = 0;
  bool m_atEnd = false;
  bool m_pressing = false;  // a mouse button goes down
};

}  // namespace retake::gui
