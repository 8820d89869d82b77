#pragma once

#include <QDialog>

class QCheckBox;
class QLineEdit;
class QProgressBar;
class QPushButton;

namespace retake::gui {

class Document;
class ScrubTasks;
class TextLabel;

// Where the scrubbed copy goes and what goes with it. Stays open while something is left in it: then the
// person looks, or insists.
class ExportDialog : public QDialog {
  Q_OBJECT
 public:
  ExportDialog(ScrubTasks& tasks, Document& document, QWidget* parent);

 signals:
  // The person wants to see what is left.
  void leftWanted();

 private:
  void choose();
  void begin(bool insists);
  void showState();
  void say(const QString& sentence, bool isError);

  ScrubTasks& m_tasks;
  Document& m_document;
  QLineEdit* m_path;
  QCheckBox* m_rules;
  QCheckBox* m_marks;
  TextLabel* m_sentence;
  QProgressBar* m_progress;
  QPushButton* m_look;
  QPushButton* m_insist;
  QPushButton* m_export;
};

}  // namespace retake::gui
