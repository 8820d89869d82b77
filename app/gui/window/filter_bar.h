#pragma once

#include <QWidget>

class QLabel;
class QToolButton;

namespace retake::gui {

class CallRows;
class FilterEdit;
class FilterReading;

// The filter of the calls, with how many it leaves. Esc empties it; Down and Return go on to the table. How
// it is read, or what is wrong with it, stands in reading(), a line of the window's own.
class FilterBar : public QWidget {
  Q_OBJECT
 public:
  explicit FilterBar(CallRows& rows, QWidget* parent = nullptr);

  void setText(const QString& text);
  void focusFilter();
  void showHelp();
  FilterReading& reading() const { return *m_reading; }  // goes wherever it is put

 signals:
  void left();  // to the calls

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;
  void changeEvent(QEvent* event) override;

 private:
  void showCount();
  void showReading();

  CallRows& m_rows;
  FilterEdit* m_edit;
  QLabel* m_count;
  QToolButton* m_stop;  // of a search
  FilterReading* m_reading;
};

}  // namespace retake::gui
