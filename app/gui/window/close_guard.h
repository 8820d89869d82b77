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
  // Save, when saving has succeeded. Not at all after Cancel. One question at a time: a second
  // request while one is open is forgotten.
  void ask(std::function<void()> proceed);
  // The person asked for it to be saved and then did not say where.
  void saveAbandoned();

 signals:
  void saveRequested();
  void draftRequested();  // the person wants to see the drafts that are not valid

 private:
  void askAboutDrafts();
  void askAboutEdits();
  void proceed();

  Document& m_document;
  Drafts& m_drafts;
  QWidget* m_window;
  std::function<void()> m_proceed;
  bool m_waitsForSave = false;
};

}  // namespace retake::gui
