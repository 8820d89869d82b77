#pragma once

#include <QTimer>
#include <QWidget>
#include <optional>

#include "scrub/rule.h"

class QComboBox;
class QLineEdit;
class QSpinBox;
class QFormLayout;
class QBoxLayout;

namespace retake::gui {

class Document;
class KeyEditor;
class ScrubController;
class TextLabel;

// The fields of one rule. What is typed is shown over the recording and counted at once, as a draft, and is
// one undo step when a field is left or Enter is pressed. What is no rule yet stays a draft; Escape drops it.
class RuleEditor : public QWidget {
  Q_OBJECT
 public:
  RuleEditor(ScrubController& controller, Document& document, QWidget* parent = nullptr);

  // An index into the controller's rules; none: there is nothing to edit.
  void showRule(std::optional<std::size_t> rule);
  // A new rule, as a draft until it can be one.
  void beginNew(const ScrubRule& begun = {});
  void focusFirst();
  // What was typed counts, if it can.
  void finish();

 signals:
  // A draft became a rule of the workspace, or is gone: the rule to be shown now.
  void ruleWanted(int rule);

 protected:
  void resizeEvent(QResizeEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  QWidget* buildWhat();
  QWidget* buildAction();
  ScrubRule typed() const;
  void fill(const ScrubRule& rule);
  void showFields();
  void typing();
  void preview();
  void commit();
  void dropDraft();
  void showNote();
  void refresh();
  bool isNewDraft() const;
  // Of what is typed, empty where it can be a rule of this workspace.
  QString whyNoRuleHere(const ScrubRule& rule) const;

  ScrubController& m_controller;
  Document& m_document;
  std::optional<std::size_t> m_rule;
  ScrubRule m_shown;
  bool m_filling = false;
  QTimer m_pause;
  QBoxLayout* m_columns;
  QFormLayout* m_what = nullptr;
  QFormLayout* m_how = nullptr;
  QLineEdit* m_name;
  QLineEdit* m_scope;
  QComboBox* m_place;
  QLineEdit* m_path;
  QLineEdit* m_pattern;
  QComboBox* m_action;
  QLineEdit* m_with;
  QSpinBox* m_count;
  QComboBox* m_fake;
  QLineEdit* m_shift;
  KeyEditor* m_key;
  TextLabel* m_hint;
  TextLabel* m_note;
};

}  // namespace retake::gui
