#pragma once

#include <QStringList>
#include <QWidget>
#include <functional>

class QLineEdit;
class QListWidget;
class QListWidgetItem;
class QToolButton;

namespace retake::gui {

class TextLabel;

// A short list of rules that are typed, one a line: a field to add one, F2 edits, Delete removes. What is no
// rule is said below the field, and stays there to be mended.
class RuleList : public QWidget {
  Q_OBJECT
 public:
  // `check` gives the sentence that says why a text is no rule; empty when it is one.
  RuleList(const char* name, const QString& accessibleName, const QString& placeholder,
           std::function<QString(const QString&)> check, QWidget* parent = nullptr);

  struct Rule {
    QString text;
    QString warning;  // why it has no effect; empty when it has
    bool operator==(const Rule&) const = default;
  };
  void setRules(const std::vector<Rule>& rules);
  int current() const;  // -1: none
  // What the field offers while one types.
  void setCompletions(const QStringList& completions);
  // What is still being typed becomes a rule. False: it is none, which is said as ever.
  bool finish();

 signals:
  void added(const QString& text);
  void edited(int index, const QString& text);
  void removed(int index);
  void currentChanged();

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void changeEvent(QEvent* event) override;

 private:
  bool add();  // false: there is nothing, or it is no rule
  void removeCurrent();
  void fill();
  int rowHeight() const;
  void showRule(QListWidgetItem& item, const Rule& rule);
  void showNote(const QString& error = {});

  std::function<QString(const QString&)> m_check;
  std::vector<Rule> m_rules;
  bool m_filling = false;
  bool m_hasError = false;  // the note is of one
  QListWidget* m_list;
  QLineEdit* m_field;
  QToolButton* m_add;
  QToolButton* m_remove;
  TextLabel* m_note;
};

}  // namespace retake::gui
