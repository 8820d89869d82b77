#pragma once

#include <QWidget>

#include "document/job.h"
#include "server/check_model.h"

class QAction;
class QProgressBar;
class QTableView;

namespace retake::gui {

class Document;
class TextLabel;

// "Check all": plays every call of the recording against a stand-in of its own, tells how many were
// answered as recorded, and lists those that were not.
class CheckPane : public QWidget {
  Q_OBJECT
 public:
  explicit CheckPane(Document& document, QWidget* parent = nullptr);

  QAction* checkAction() { return m_check; }
  // Button, progress and sentence; stand above the table until they are put elsewhere.
  QWidget* strip() { return m_strip; }

 signals:
  void callChosen(const retake::gui::CheckedCall& call);

 private:
  void start();
  void showReport(const CheckReport& report);
  void showProgress();
  void showState();

  Document& m_document;
  Job m_job;
  CheckModel m_model;
  QAction* m_check;
  QWidget* m_strip;
  TextLabel* m_sentence;
  QProgressBar* m_progress;
  QTableView* m_table;
};

}  // namespace retake::gui
