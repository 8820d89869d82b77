#include "detail/edit_bar.h"

#include <QHBoxLayout>

namespace retake::gui {

EditBar::EditBar(QWidget* parent)
    : QWidget(parent),
      m_hint(tr("Ctrl+Enter applies a change, Esc discards it")),
      m_text(new TextLabel(theme::Role::TextMuted, this)),
      m_discard(new QPushButton(tr("Discard"), this)),
      m_apply(new QPushButton(tr("Apply"), this)) {
  auto* layout = new QHBoxLayout(this);
  layout->setContentsMargins(theme::kPaneMargin, theme::kGrid, theme::kPaneMargin, theme::kGrid);
  layout->setSpacing(theme::kGroupGap);
  layout->addWidget(m_text, 1);
  layout->addWidget(m_discard);
  layout->addWidget(m_apply);
  m_text->setObjectName(QStringLiteral("editState"));
  m_discard->setObjectName(QStringLiteral("discard"));
  m_apply->setObjectName(QStringLiteral("apply"));
  m_discard->setToolTip(tr("Back to what is recorded (Esc)"));
  m_apply->setToolTip(tr("Make it part of the recording (Ctrl+Enter)"));
  connect(m_discard, &QPushButton::clicked, this, &EditBar::discard);
  connect(m_apply, &QPushButton::clicked, this, &EditBar::apply);
  connect(m_text, &TextLabel::clicked, this, &EditBar::placeClicked);
  show(State::Unchanged);
}

void EditBar::setHint(const QString& hint) {
  m_hint = hint;
  if (m_state == State::Unchanged) m_text->setText(hint);
}

void EditBar::show(State state, const QString& text) {
  m_state = state;
  const bool changed = state != State::Unchanged;
  m_discard->setEnabled(changed);
  m_apply->setEnabled(changed && state != State::Invalid);
  m_text->setClickable(state == State::Invalid);
  switch (state) {
    case State::Unchanged:
      m_text->setRole(theme::Role::TextMuted);
      m_text->setText(m_hint);
      break;
    case State::Checking:
      m_text->setRole(theme::Role::Edited);
      m_text->setText(tr("✎ Draft, checking…"));
      break;
    case State::Draft:
      m_text->setRole(theme::Role::Edited);
      m_text->setText(text.isEmpty() ? tr("✎ Draft, not applied yet") : text);
      break;
    case State::Invalid:
      m_text->setRole(theme::Role::Error);
      m_text->setText(QStringLiteral("✗ ") + text);
      break;
  }
}

}  // namespace retake::gui
