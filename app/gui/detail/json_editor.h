#pragma once

#include <QTimer>
#include <QWidget>
#include <optional>

#include "base/bytes.h"
#include "detail/latest.h"
#include "schema/json.h"

namespace retake::gui {

class CodeEdit;
class EditBar;

// What a JSON text stands for.
struct JsonSource {
  std::shared_ptr<const Schema> schema;
  std::string typeName;
  Blob original;  // the message as it is: fields that JSON cannot show are kept from it
};

// Edits a message as JSON. The text is checked as one types; it becomes a message only by commit().
// Knows no document: whoever owns it keeps drafts and applies what is committed.
class JsonEditor : public QWidget {
  Q_OBJECT
 public:
  explicit JsonEditor(QWidget* parent = nullptr);

  // `recorded` is the text of the message as it is. With a draft, that is shown in its place.
  void open(const JsonSource& source, const QString& recorded, const std::optional<QString>& draft,
            bool editable);
  void close();

  QString text() const;
  bool hasDraft() const { return m_hasDraft; }
  CodeEdit& edit() const { return *m_edit; }
  EditBar& bar() const { return *m_bar; }
  // The first thing that is wrong with the text; empty while it is checked, and when all is well.
  std::optional<JsonProblem> problem() const { return m_problem; }

 public slots:
  // Emits committed() when the text is valid; waits for a check that is under way.
  void commit();
  void discard();

 signals:
  void draftChanged(const std::optional<QString>& text);  // empty: the text is as recorded again
  void committed(const std::string& message);             // `message` differs from the recorded one

 private:
  struct Checked {
    JsonParse parse;
    bool same = false;  // as message the recorded text and this one are equal
  };
  void textEdited();
  void check();
  void checked(const Checked& result);
  void showState();

  CodeEdit* m_edit;
  EditBar* m_bar;
  QTimer m_delay;
  Latest<std::shared_ptr<const Checked>> m_check;
  JsonSource m_source;
  QString m_recorded;
  std::optional<JsonProblem> m_problem;
  bool m_hasDraft = false;
  bool m_isChecked = true;
  bool m_commitWhenChecked = false;
  bool m_opening = false;
};

}  // namespace retake::gui
