#pragma once

#include <QWidget>
#include <functional>

#include "theme/theme.h"

namespace retake::gui {

// What a person should know about what is shown, a sentence a line, each with the next step where
// there is one. Takes no room when there is nothing to say.
class NoteBar : public QWidget {
  Q_OBJECT
 public:
  explicit NoteBar(QWidget* parent = nullptr);

  struct Note {
    QString text;
    theme::Role role = theme::Role::TextMuted;
    QString button;  // empty: none
    std::function<void()> action;
  };
  void setNotes(const std::vector<Note>& notes);
  QString text() const;  // all of it

 private:
  QString m_text;
};

}  // namespace retake::gui
