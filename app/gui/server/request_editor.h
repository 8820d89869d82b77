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
    QString text;       // JSON, as recorded
    bool whole = true;  // else `text` is its beginning, and cannot be changed
  };
  // Longer messages cannot be changed, and of a longer stream the first so many can.
  static constexpr qsizetype kMaxText = 1024 * 1024;
  static constexpr std::size_t kMaxSends = 1000;
  explicit RequestEditor(QWidget* parent = nullptr);

  // `total` messages are sent, of which these are the first.
  void setSends(std::vector<Send> sends, std::size_t total);
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

 protected:
  void changeEvent(QEvent* event) override;

 private:
  void showMessage(int index);
  void textEdited();
  void showList();
  void showNote();

  std::vector<Send> m_sends;
  std::size_t m_total = 0;
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
