#pragma once

#include <QWidget>
#include <optional>

#include "base/bytes.h"
#include "base/result.h"

class QStackedWidget;

namespace retake::gui {

class CodeEdit;
class Document;
class Drafts;
class EditBar;
class HexView;
class NoteBar;
class SegmentedSwitch;
class TextLabel;

// The opaque bytes that a recording begins with: as hexadecimal, as text, and as what they may well
// mean. Edited as hexadecimal or text; what is typed stays a draft (kInitialStateDraft) until it is
// applied.
class InitialStatePane : public QWidget {
  Q_OBJECT
 public:
  InitialStatePane(Document& document, Drafts& drafts, QWidget* parent = nullptr);

  enum class Form { Hex, Text };
  void setForm(Form form);
  Form form() const { return m_form; }
  bool hasDraft() const { return m_draft.has_value(); }

 public slots:
  void apply();
  void discard();

 private:
  void reload(bool keepDraft);
  void setDraft(const std::optional<QString>& text);
  void fill();
  void edited();
  // The bytes that the text stands for.
  Result<std::string> typed(int* line = nullptr, int* column = nullptr) const;
  void showState();
  void showMeaning(ByteView bytes);
  QString textOf(ByteView bytes, Form form) const;

  Document& m_document;
  Drafts& m_drafts;
  Blob m_bytes;
  Form m_form = Form::Hex;
  std::optional<QString> m_draft;  // in m_form
  bool m_filling = false;
  TextLabel* m_size;
  TextLabel* m_mark;
  TextLabel* m_meaning;
  SegmentedSwitch* m_switch;
  NoteBar* m_notes;
  QStackedWidget* m_pages;
  CodeEdit* m_edit;
  HexView* m_view;
  QWidget* m_empty;
  EditBar* m_bar;
};

}  // namespace retake::gui
