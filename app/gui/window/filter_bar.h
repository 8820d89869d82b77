#pragma once

#include <QWidget>

class QLabel;
class QLineEdit;

namespace retake::gui {

class CallRows;

// The filter of the calls, with how many it leaves. Esc empties it; Down and Return go on to the table.
class FilterBar : public QWidget {
  Q_OBJECT
 public:
  explicit FilterBar(CallRows& rows, QWidget* parent = nullptr);

  void setText(const QString& text);
  void focusFilter();

 signals:
  void left();  // to the calls

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void showCount();

  CallRows& m_rows;
  QLineEdit* m_edit;
  QLabel* m_count;
};

}  // namespace retake::gui
