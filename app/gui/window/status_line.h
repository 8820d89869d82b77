#pragma once

#include <QElapsedTimer>
#include <QStatusBar>
#include <QTimer>

class QLabel;
class QProgressBar;
class QToolButton;

namespace retake::gui {

class CallRows;
class Document;
class ServerController;

// "37 of 1,204 shown · serving 127.0.0.1:50551 · 4 missed", and what is under way at the right.
class StatusLine : public QStatusBar {
  Q_OBJECT
 public:
  StatusLine(Document& document, CallRows& rows, ServerController& server, QWidget* parent = nullptr);

  // For a few seconds, beside what stands there anyway.
  void say(const QString& text);

 private:
  void showText();
  void showJob();

  Document& m_document;
  CallRows& m_rows;
  ServerController& m_server;
  QLabel* m_text;
  QLabel* m_said;
  QTimer m_saidTime;
  QWidget* m_jobPart;
  QLabel* m_jobText;
  QProgressBar* m_progress;
  QToolButton* m_cancel;
  QElapsedTimer m_jobTime;
};

}  // namespace retake::gui
