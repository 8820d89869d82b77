#pragma once

#include <QWidget>

#include "scrub/rules_model.h"

namespace retake::gui {

class ScrubActions;
class ScrubTable;

// The rules in their order, and what changes the list.
class RulesPane : public QWidget {
  Q_OBJECT
 public:
  RulesPane(ScrubController& controller, ScrubActions& actions, Document& document,
            QWidget* parent = nullptr);

  int current() const;
  void select(int rule);
  void focusList();

 signals:
  void currentChanged(int rule);
  // Enter, or a double click: it wants to be edited.
  void editWanted();
  void draftDropped();

 private:
  void removeCurrent();
  void move(int step);
  void showState();

  ScrubController& m_controller;
  ScrubActions& m_actions;
  Document& m_document;
  RulesModel m_model;
  ScrubTable* m_table;
};

}  // namespace retake::gui
