#include "detail/entry_view.h"
#include "detail/message_overlay.h"
#include "detail/message_tree_view.h"
#include "detail/strings.h"
#include "detail/text_label.h"

// The layer over the entry: what its values would be.
namespace retake::gui {
namespace {

// What a note lists of values that are not in the tree.
constexpr int kListed = 3;
constexpr qsizetype kShownOfLine = 60;

QString shortened(const QString& text) {
  const QString line = text.simplified();
  return line.size() > kShownOfLine ? line.left(kShownOfLine) + QStringLiteral("…") : line;
}

}  // namespace

void EntryView::setOverlay(const MessageOverlay* overlay) {
  m_overlay = overlay;
  if (overlay)
    connect(overlay, &MessageOverlay::changed, this, [this] {
      updateMarks();
      updateNotes();
    });
  updateMarks();
  updateNotes();
}

void EntryView::updateMarks() {
  m_marks = m_overlay && m_content.id ? m_overlay->marksOf(m_content.id) : std::vector<ValueMark>();
  m_message->tree().setMarks(ValueMarks(m_marks));
  m_scrubMark->setText(tr("◇ %1 scrubbed").arg(m_marks.size()));
  m_scrubMark->setToolTip(
      tr("Values that the scrub rules would change; the recording has them as they were"));
  m_scrubMark->setVisible(!m_marks.empty());
}

std::vector<NoteBar::Note> EntryView::markNotes() const {
  std::vector<NoteBar::Note> notes;
  int others = 0;
  for (const ValueMark& mark : m_marks) {
    if (mark.inMessage) continue;
    if (++others > kListed) continue;
    const QString place =
        mark.place + (mark.path.empty() ? QString() : u' ' + QString::fromStdString(mark.path));
    const QString after = mark.removed ? tr("removed") : shortened(mark.after);
    notes.push_back({tr("◇ %1: %2 → %3 (%4)").arg(place, shortened(mark.before), after, mark.rule),
                     theme::Role::Scrubbed,
                     {},
                     {}});
  }
  if (others > kListed)
    notes.push_back(
        {tr("◇ %1 more in status and metadata").arg(others - kListed), theme::Role::Scrubbed, {}, {}});
  const auto inMessage = static_cast<int>(m_marks.size()) - others;
  if (m_mode == Mode::Message && m_message->view() != MessageViewKind::Tree && inMessage > 0)
    notes.push_back({tr("◇ %1 shown as recorded; the tree shows what it would be")
                         .arg(counted(static_cast<std::uint64_t>(inMessage), "value is", "values are")),
                     theme::Role::Scrubbed,
                     {},
                     {}});
  return notes;
}

}  // namespace retake::gui
