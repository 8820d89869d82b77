#pragma once

#include <QElapsedTimer>
#include <QStatusBar>
#include <QTimer>

class QProgressBar;
class QToolButton;

namespace retake::gui {

class CallRows;
class Document;
class Drafts;
class TextLabel;
class ServerController;

// "37 of 1,204 shown · serving 127.0.0.1:50551 · 4 missed", and what is under way at the right. Where
// the window is narrow, words are cut and not the window.
class StatusLine : public QStatusBar {
  Q_OBJECT
 public:
  StatusLine(Document& document, CallRows& rows, Drafts& drafts, ServerController& server,
             QWidget* parent = nullptr);

  // For a few seconds, beside what stands there anyway.
  void say(const QString& text);
  // Whether the file is followed, and how many calls have come since.
  void showFollowing(bool following, std::uint32_t newCalls);

 signals:
  void followingClicked();
  void recordingClicked();
  void draftRequested();  // the person wants to see what is not applied

 private:
  void showText();
  void showRecording();
  void showDrafts();
  void showJob();

  Document& m_document;
  CallRows& m_rows;
  Drafts& m_drafts;
  ServerController& m_server;
  TextLabel* m_text;
  TextLabel* m_recording;
  TextLabel* m_following;
  bool m_isFollowing = false;
  TextLabel* m_draft;
  TextLabel* m_said;
  QTimer m_saidTime;
  QWidget* m_jobPart;
  TextLabel* m_jobText;
  QProgressBar* m_progress;
  QToolButton* m_cancel;
  QElapsedTimer m_jobTime;
};

}  // namespace retake::gui
