#pragma once

#include <QWidget>

#include "recording/ids.h"

class QAction;
class QLabel;
class QLineEdit;
class QPlainTextEdit;

namespace retake::gui {

class LogModel;
class LogView;

// The log with its bar: filter, pause (F7), clear, and how much of it is shown. Below the table stands
// the whole text of the current row when it is more than a line.
class LogPane : public QWidget {
  Q_OBJECT
 public:
  explicit LogPane(LogModel& model, QWidget* parent = nullptr);

  LogView& view() { return *m_view; }
  // Stands above the table until it is put elsewhere.
  QWidget* bar() { return m_bar; }
  QAction* pauseAction() { return m_pause; }
  QAction* clearAction() { return m_clear; }

 signals:
  void callChosen(retake::EntryId call);

 private:
  void showCounts();
  void showText();

  LogModel& m_model;
  QWidget* m_bar;
  LogView* m_view;
  QLineEdit* m_filter;
  QLabel* m_counts;
  QPlainTextEdit* m_text;
  QAction* m_pause;
  QAction* m_clear;
};

}  // namespace retake::gui
