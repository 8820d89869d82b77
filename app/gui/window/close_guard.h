#pragma once

#include <QObject>
#include <functional>

class QWidget;

namespace retake::gui {

class Document;
class Drafts;

// Asks before edits or drafts would be lost: on closing, and on opening another file.
class CloseGuard : public QObject {
  Q_OBJECT
 public:
  CloseGuard(Document& document, Drafts& drafts, QWidget* window);

  // Calls `proceed` at once where nothing would be lost, else when the person has decided so; after
  // Save, when saving has succeeded and nothing was typed meanwhile. Not at all after Cancel. One question at
  // a time: a second request while one is open is forgotten.
  void ask(std::function<void()> proceed);
  // Called before anything is asked: calls `goOn` when what it has to see to is done, now or later; never
  // after abandon().
  void setBefore(std::function<void(std::function<void()> goOn)> before) { m_before = std::move(before); }
  // The person wants to stay.
  void abandon() { m_proceed = nullptr; }
  // When what was asked about has taken its time: asks once more if anything was typed since.
  void askAgain(std::function<void()> proceed);
  // The person asked for it to be saved and then did not say where.
  void saveAbandoned();

 signals:
  void saveRequested();
  void aboutToAsk();      // what stands in an open line edit can still become an edit
  void draftRequested();  // the person wants to see the drafts that are not valid

 private:
  void askAboutDrafts();
  void askAboutEdits();
  void proceed();

  Document& m_document;
  Drafts& m_drafts;
  QWidget* m_window;
  std::function<void()> m_proceed;
  std::function<void(std::function<void()>)> m_before;
  bool m_waitsForSave = false;
  bool m_touched = false;  // edits or drafts changed since the last answer
};

}  // namespace retake::gui
