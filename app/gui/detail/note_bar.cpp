#include "detail/note_bar.h"

#include <QHBoxLayout>
#include <QPushButton>
#include <QVBoxLayout>

#include "detail/text_label.h"

namespace retake::gui {

NoteBar::NoteBar(QWidget* parent) : QWidget(parent) {
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(theme::kPaneMargin, 0, theme::kPaneMargin, theme::kGrid);
  layout->setSpacing(theme::kGrid);
  setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
  hide();
}

void NoteBar::setNotes(const std::vector<Note>& notes) {
  QString all;
  for (const Note& note : notes) all += note.text + u'\n' + note.button + u'\n';
  if (all == m_text) return;
  m_text = all;
  while (QLayoutItem* item = layout()->takeAt(0)) {
    if (QWidget* row = item->widget()) {
      row->hide();
      row->deleteLater();  // the click that leads here may be its own
    }
    delete item;
  }
  for (const Note& note : notes) {
    auto* row = new QWidget(this);
    auto* line = new QHBoxLayout(row);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(theme::kGroupGap);
    auto* label = new TextLabel(note.role, row);
    label->setWrap(true);
    label->setText(note.text);
    line->addWidget(label, 1);
    if (!note.button.isEmpty()) {
      auto* button = new QPushButton(note.button, row);
      button->setObjectName(QStringLiteral("noteAction"));
      if (note.action) connect(button, &QPushButton::clicked, this, [action = note.action] { action(); });
      line->addWidget(button, 0, Qt::AlignTop);
    }
    layout()->addWidget(row);
  }
  setVisible(!notes.empty());
}

QString NoteBar::text() const { return m_text; }

}  // namespace retake::gui
