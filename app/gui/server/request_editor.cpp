#include "server/request_editor.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QListWidget>
#include <QScopedValueRollback>
#include <QVBoxLayout>
#include <algorithm>

#include "detail/code_edit.h"
#include "detail/text_label.h"
#include "server/padded.h"
#include "server/words.h"
#include "theme/theme.h"

namespace retake::gui {

RequestEditor::RequestEditor(QWidget* parent)
    : QWidget(parent),
      m_title(new TextLabel(theme::Role::TextMuted)),
      m_note(new TextLabel(theme::Role::Error)),
      m_list(new QListWidget),
      m_edit(new CodeEdit) {
  m_title->setObjectName(QStringLiteral("tryRequestTitle"));
  m_note->setObjectName(QStringLiteral("tryProblem"));
  m_note->setWrap(true);
  m_list->setObjectName(QStringLiteral("trySends"));
  m_list->setAccessibleName(tr("Messages to send"));
  m_list->setFont(theme::dataFont());
  m_list->setFrameShape(QFrame::NoFrame);
  m_list->setFixedWidth(QFontMetrics(m_list->font()).horizontalAdvance(QStringLiteral("✎ message 999")) +
                        6 * theme::kGrid);
  m_edit->setObjectName(QStringLiteral("tryRequest"));
  m_edit->setAccessibleName(tr("Message to send, as JSON"));

  auto* row = new QHBoxLayout;
  row->setSpacing(0);
  row->addWidget(m_list);
  row->addWidget(m_edit, 1);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(0);
  layout->addWidget(padded(m_title, theme::kGroupGap, theme::kGrid));
  layout->addLayout(row, 1);
  m_noteRow = padded(m_note, theme::kGroupGap, theme::kGrid);
  m_noteRow->hide();
  layout->addWidget(m_noteRow);
  connect(m_edit, &QPlainTextEdit::textChanged, this, &RequestEditor::textEdited);
  connect(m_list, &QListWidget::currentRowChanged, this, [this](int row_) {
    if (!m_filling) showMessage(row_);
  });
  setSends({}, 0);
}

void RequestEditor::setSends(std::vector<Send> sends, std::size_t total) {
  m_total = total;
  const auto sameCall = [&] {
    return std::equal(sends.begin(), sends.end(), m_sends.begin(), m_sends.end(),
                      [](const Send& a, const Send& b) { return a.entry == b.entry; });
  };
  const int keep = !m_sends.empty() && sameCall() ? std::max(m_shown, 0) : 0;
  m_sends = std::move(sends);
  showList();
  showMessage(m_sends.empty() ? -1 : keep);
}

std::vector<std::optional<QString>> RequestEditor::edited() const {
  std::vector<std::optional<QString>> texts;
  for (const Send& send : m_sends) {
    const auto found = m_edits.find(send.entry);
    texts.push_back(found == m_edits.end() ? std::nullopt : std::optional(found->second));
  }
  return texts;
}

bool RequestEditor::isEdited() const {
  return std::any_of(m_sends.begin(), m_sends.end(),
                     [this](const Send& send) { return m_edits.count(send.entry) > 0; });
}

void RequestEditor::reset() {
  for (const Send& send : m_sends) m_edits.erase(send.entry);
  showList();
  showMessage(m_shown);
  emit editedChanged();
}

void RequestEditor::forgetAll() {
  m_edits.clear();
  showMessage(m_shown);
}

void RequestEditor::showProblem(std::size_t message, const JsonProblem& problem) {
  if (message >= m_sends.size()) return;
  if (static_cast<int>(message) != m_shown) showMessage(static_cast<int>(message));
  m_edit->markError(CodeEdit::Place{static_cast<int>(problem.line), static_cast<int>(problem.column)});
  m_edit->moveTo({static_cast<int>(problem.line), static_cast<int>(problem.column)});
  m_note->setText(QStringLiteral("✗ ") + QString::fromStdString(describe(problem)));
  m_noteRow->show();
}

void RequestEditor::showMessage(int index) {
  const QScopedValueRollback guard(m_filling, true);
  m_shown = index;
  m_noteRow->hide();
  if (index < 0 || index >= static_cast<int>(m_sends.size())) {
    m_edit->setEditable(false);
    m_edit->fill({});
    m_edit->setPlaceholderText(tr("The client sends no message in this call"));
    m_title->setRole(theme::Role::TextMuted);
    m_title->setText(tr("to send"));
    return;
  }
  const Send& send = m_sends[static_cast<std::size_t>(index)];
  const auto found = m_edits.find(send.entry);
  m_edit->setPlaceholderText({});
  m_edit->setEditable(send.whole);
  m_edit->fill(found == m_edits.end() ? send.text : found->second);
  m_list->setCurrentRow(index);
  showNote();
}

void RequestEditor::textEdited() {
  if (m_filling || m_edit->isFilling() || m_shown < 0) return;
  const Send& send = m_sends[static_cast<std::size_t>(m_shown)];
  const bool was = m_edits.count(send.entry) > 0;
  const QString text = m_edit->toPlainText();
  if (text == send.text) {
    m_edits.erase(send.entry);
  } else {
    m_edits[send.entry] = text;
  }
  m_edit->markError(std::nullopt);
  m_noteRow->hide();
  if (was != (m_edits.count(send.entry) > 0)) {
    showList();
    showNote();
    emit editedChanged();
  }
}

void RequestEditor::showNote() {
  const Send& send = m_sends[static_cast<std::size_t>(m_shown)];
  const bool changed = m_edits.count(send.entry) > 0;
  QStringList words(tr("to send"));
  if (changed) {
    words = {tr("to send ✎ changed for this try only")};
  } else if (!send.whole) {
    words += tr("too long to be changed here");
  } else if (!send.typeName.empty()) {
    words += QString::fromStdString(send.typeName);
  }
  if (m_total > m_sends.size()) {
    words += tr("the first %1 of %2 messages").arg(countText(m_sends.size()), countText(m_total));
  }
  m_title->setRole(changed ? theme::Role::Edited : theme::Role::TextMuted);
  m_title->setText(words.join(QStringLiteral(" · ")));
}

void RequestEditor::showList() {
  const QScopedValueRollback guard(m_filling, true);
  m_list->setVisible(m_sends.size() > 1);
  while (m_list->count() > static_cast<int>(m_sends.size())) delete m_list->takeItem(m_list->count() - 1);
  while (m_list->count() < static_cast<int>(m_sends.size())) m_list->addItem(QString());
  for (std::size_t i = 0; i < m_sends.size(); ++i) {
    const bool changed = m_edits.count(m_sends[i].entry) > 0;
    QListWidgetItem* item = m_list->item(static_cast<int>(i));
    item->setSizeHint(QSize(0, QFontMetrics(m_list->font()).height() + theme::kGrid));
    item->setText((changed ? QStringLiteral("✎ ") : QString()) + tr("message %1").arg(i + 1));
    item->setData(Qt::ForegroundRole, changed ? QVariant(theme::color(theme::Role::Edited)) : QVariant());
  }
}

void RequestEditor::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (event->type() == QEvent::PaletteChange) showList();
}

}  // namespace retake::gui
