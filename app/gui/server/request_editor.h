#pragma once

#include <QWidget>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "recording/ids.h"
#include "schema/json.h"

class QListWidget;

namespace retake::gui {

class CodeEdit;
class TextLabel;

// The messages that a try sends, as JSON: one editor, and a list in front of it where there are
// several. What is typed is for tries only and never reaches the recording; it is kept by entry
// while the file is open.
class RequestEditor : public QWidget {
  Q_OBJECT
 public:
  struct Send {
    EntryId entry;
    std::string typeName;
    QString text;  // JSON, as recorded
  };
  explicit RequestEditor(QWidget* parent = nullptr);

  void setSends(std::vector<Send> sends);
  // Text of each message in order, where it is not the recorded one.
  std::vector<std::optional<QString>> edited() const;
  bool isEdited() const;
  // Back to the recorded messages of this call.
  void reset();
  // Forgets what was typed for any call.
  void forgetAll();
  // Marks the place in the message and says what is wrong there.
  void showProblem(std::size_t message, const JsonProblem& problem);

 signals:
  void editedChanged();

 private:
  void showMessage(int index);
  void textEdited();
  void showList();
  void showNote();

  std::vector<Send> m_sends;
  std::map<EntryId, QString> m_edits;
  int m_shown = -1;
  bool m_filling = false;
  TextLabel* m_title;
  TextLabel* m_note;
  QWidget* m_noteRow;
  QListWidget* m_list;
  CodeEdit* m_edit;
};

}  // namespace retake::gui
