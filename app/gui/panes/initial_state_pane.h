#pragma once

#include <QWidget>
#include <optional>

#include "base/bytes.h"
#include "base/result.h"
#include "initial_state/state_guess.h"
#include "initial_state/state_text.h"

class QStackedWidget;
class QToolButton;

namespace retake::gui {

class CodeEdit;
class Document;
class Drafts;
class EditBar;
class HexView;
class NoteBar;
class StateFormBar;
class TextLabel;

// The opaque bytes that a recording begins with, in any form that they can be said in: shown in the one that
// is guessed, which is marked as a guess, with its reason. What is typed stays a draft (kInitialStateDraft)
// until it is applied.
class InitialStatePane : public QWidget {
  Q_OBJECT
 public:
  InitialStatePane(Document& document, Drafts& drafts, QWidget* parent = nullptr);

  // A draft goes along where it can be said in the other form; else nothing changes, and a note says why. A
  // recorded state that cannot be is not shown: what is typed takes its place.
  void setForm(const StateForm& form);
  const StateForm& form() const { return m_form; }
  bool hasDraft() const { return m_draft.has_value(); }

  // Each an answer in a note where it cannot be done. Loading is one undo step.
  void loadFrom(const QString& path);
  void saveTo(const QString& path);

 public slots:
  void apply();
  void discard();

 private:
  void buildHead();
  void reload(bool keepDraft);
  StateForm formToShow() const;
  void setDraft(const std::optional<QString>& text);
  void takeDraft();
  void fill();
  void edited();
  // What the text stands for.
  StateParse typed() const;
  // The bytes as the editor can show them in that form, and give them back.
  Result<QString> shown(ByteView bytes, const StateForm& form) const;
  void showState();
  void showNotes(ByteView bytes);
  QString meaningOf(ByteView bytes) const;
  void say(const QString& what);
  void chooseFile(bool save);

  Document& m_document;
  Drafts& m_drafts;
  Blob m_bytes;
  StateForm m_form;
  bool m_chosen = false;           // the form, by a person
  std::optional<QString> m_text;   // of m_bytes in m_form; empty where it cannot say them
  std::optional<QString> m_draft;  // in m_form
  QString m_why;                   // m_text is empty
  QString m_failure;               // of the last thing that was asked for
  bool m_filling = false;
  TextLabel* m_size;
  TextLabel* m_mark;
  TextLabel* m_meaning;
  StateFormBar* m_forms;
  QToolButton* m_load;
  QToolButton* m_save;
  NoteBar* m_notes;
  QStackedWidget* m_pages;
  CodeEdit* m_edit;
  HexView* m_view;
  TextLabel* m_empty;
  EditBar* m_bar;
};

}  // namespace retake::gui
