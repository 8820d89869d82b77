#pragma once

#include <QWidget>
#include <functional>

#include "scrub/secrets_model.h"

class QPushButton;
class QStackedWidget;

namespace retake::gui {

class Document;
class NoteBar;
class ScrubController;
class ScrubTable;
class ScrubTasks;
class Selection;
class TextLabel;
struct FindGroup;

// Secrets, each one click from the rule that takes it out: what was found, or what is left.
class SecretsView : public QWidget {
  Q_OBJECT
 public:
  enum class Shows { Finds, Left };
  SecretsView(Shows shows, ScrubController& controller, ScrubTasks& tasks, Document& document,
              Selection& selection, QWidget* parent = nullptr);

  // Beside what it says at the top.
  void addButton(QWidget* button);
  // How many there are that no rule takes out.
  int open() const { return m_open; }
  bool hasResult() const;
  void focusTable();

 signals:
  void openChanged();
  // A rule was made: its index.
  void ruleMade(int rule);

 private:
  void refresh();
  void refreshFinds();
  void refreshLeft();
  std::vector<SecretRow> findRows(const std::vector<FindGroup>& groups, bool isLeft) const;
  const std::vector<FindGroup>* groups() const;
  void step(int row);
  void makeRule(int group);
  void makeAllRules();

  Shows m_shows;
  ScrubController& m_controller;
  ScrubTasks& m_tasks;
  Document& m_document;
  int m_open = 0;
  SecretsModel m_model;
  TextLabel* m_sentence;
  QWidget* m_head;
  QPushButton* m_all;
  NoteBar* m_notes;
  QStackedWidget* m_pages;
  TextLabel* m_empty;
  ScrubTable* m_table;
};

}  // namespace retake::gui
