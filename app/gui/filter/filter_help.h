#pragma once

#include <QDialog>

namespace retake::gui {

// The filter language on one page; its examples can be clicked. Deletes itself when it is closed.
class FilterHelp : public QDialog {
  Q_OBJECT
 public:
  explicit FilterHelp(QWidget* parent = nullptr);

 signals:
  void exampleChosen(const QString& query);
};

}  // namespace retake::gui
