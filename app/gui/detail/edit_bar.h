#pragma once

#include <QPushButton>
#include <QWidget>

#include "detail/text_label.h"

namespace retake::gui {

// The line below an editor: how its text stands, and the two things to do about it. It is always
// there, so that nothing jumps when one starts to type.
class EditBar : public QWidget {
  Q_OBJECT
 public:
  explicit EditBar(QWidget* parent = nullptr);

  enum class State { Unchanged, Checking, Draft, Invalid };
  // `text` for Invalid: the sentence that says where and what. Clicking it emits placeClicked().
  void show(State state, const QString& text = {});
  State state() const { return m_state; }
  QString text() const { return m_text->text(); }
  void setHint(const QString& hint);  // what Unchanged says

 signals:
  void apply();
  void discard();
  void placeClicked();

 private:
  State m_state = State::Unchanged;
  QString m_hint;
  TextLabel* m_text;
  QPushButton* m_discard;
  QPushButton* m_apply;
};

}  // namespace retake::gui
