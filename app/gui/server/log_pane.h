#pragma once

#include <QWidget>
#include <memory>

#include "explain/explanation.h"
#include "recording/ids.h"

class QAction;
class QLabel;
class QPlainTextEdit;

namespace retake::gui {

class FilterEdit;
class FilterReading;
class LogModel;
class LogView;

// The log with its bar: filter, pause (F7), clear, and how much of it is shown. Below the table stands
// the whole text of the current row when it is more than a line; of a miss somebody else tells. The first
// miss is selected by itself while no row is: the reason is what one looks for.
class LogPane : public QWidget {
  Q_OBJECT
 public:
  explicit LogPane(LogModel& model, QWidget* parent = nullptr);

  LogView& view() { return *m_view; }
  // Stands above the table until it is put elsewhere.
  QWidget* bar() { return m_bar; }
  QAction* pauseAction() { return m_pause; }
  QAction* clearAction() { return m_clear; }

  // The selected row is a missed call: why, where that is still kept, and what the client was told.
  bool hasMiss() const { return m_hasMiss; }
  const std::shared_ptr<const Explanation>& miss() const { return m_miss; }
  const QString& missText() const { return m_missText; }
  // Selects the next missed call behind the current row, and around.
  void goToNextMiss();

 signals:
  void missChanged();
  void callChosen(retake::EntryId call);

 private:
  void showCounts();
  void showText();
  void selectFirstMiss(int first, int last);

  LogModel& m_model;
  QWidget* m_bar;
  LogView* m_view;
  FilterEdit* m_filter;
  FilterReading* m_reading;
  QLabel* m_counts;
  QPlainTextEdit* m_text;
  QAction* m_pause;
  QAction* m_clear;
  bool m_hasMiss = false;
  std::shared_ptr<const Explanation> m_miss;
  QString m_missText;
};

}  // namespace retake::gui
