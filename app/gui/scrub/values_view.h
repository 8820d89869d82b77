#pragma once

#include <QWidget>

#include "scrub/values_model.h"

namespace retake::gui {

class NoteBar;
class ScrubController;
class ScrubTable;
class Selection;
class TextLabel;

// What one rule does: its values before and after, and what is odd about it.
class ValuesView : public QWidget {
  Q_OBJECT
 public:
  ValuesView(ScrubController& controller, Document& document, Selection& selection,
             QWidget* parent = nullptr);

  void showRule(std::optional<std::size_t> rule);

 private:
  void refresh();

  ScrubController& m_controller;
  Document& m_document;
  std::optional<std::size_t> m_rule;
  ValuesModel m_model;
  TextLabel* m_sentence;
  NoteBar* m_notes;
  ScrubTable* m_table;
};

}  // namespace retake::gui
