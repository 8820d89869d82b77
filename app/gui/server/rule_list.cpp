#include "server/rule_list.h"

#include <QApplication>
#include <QCompleter>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListWidget>
#include <QStringListModel>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>

#include "detail/padded_cells.h"
#include "detail/text_label.h"
#include "theme/theme.h"

namespace retake::gui {

namespace {

// More than that scroll.
constexpr int kShownRules = 5;

}  // namespace

RuleList::RuleList(const char* name, const QString& accessibleName, const QString& placeholder,
                   std::function<QString(const QString&)> check, QWidget* parent)
    : QWidget(parent),
      m_check(std::move(check)),
      m_list(new QListWidget),
      m_field(new QLineEdit),
      m_add(new QToolButton),
      m_remove(new QToolButton),
      m_note(new TextLabel(theme::Role::Error)) {
  const QString prefix = QLatin1String(name);
  setObjectName(prefix);
  m_list->setObjectName(prefix + QStringLiteral("List"));
  m_list->setAccessibleName(accessibleName);
  m_list->setFont(theme::dataFont());
  m_list->setFrameShape(QFrame::NoFrame);
  m_list->setTextElideMode(Qt::ElideMiddle);
  m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  m_list->setEditTriggers(QAbstractItemView::DoubleClicked | QAbstractItemView::SelectedClicked |
                          QAbstractItemView::EditKeyPressed);
  m_list->setItemDelegate(new PaddedDelegate(m_list));
  m_list->setUniformItemSizes(true);
  m_list->installEventFilter(this);
  m_field->setObjectName(prefix + QStringLiteral("Field"));
  m_field->setAccessibleName(tr("New: %1").arg(accessibleName));
  m_field->setPlaceholderText(placeholder);
  m_field->setFont(theme::dataFont());
  setFocusProxy(m_field);
  setFocusPolicy(Qt::StrongFocus);  // else a label's key does not lead there
  m_note->setObjectName(prefix + QStringLiteral("Note"));
  m_note->setWrap(true);
  const auto button = [&prefix](QToolButton* made, const char* suffix, const char* icon, const QString& tip) {
    made->setObjectName(prefix + QLatin1String(suffix));
    made->setIcon(theme::icon(QLatin1String(icon)));
    made->setToolTip(tip);
    made->setAccessibleName(tip);
    made->setFocusPolicy(Qt::StrongFocus);
    made->setAutoRaise(true);
  };
  button(m_add, "Add", "plus", tr("Add (Enter)"));
  button(m_remove, "Remove", "trash-2", tr("Remove the selected one (Delete); F2 edits it"));

  auto* row = new QHBoxLayout;
  row->setSpacing(theme::kGrid);
  row->addWidget(m_field, 1);
  row->addWidget(m_add);
  row->addWidget(m_remove);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(theme::kGrid);
  layout->addWidget(m_list);
  layout->addLayout(row);
  layout->addWidget(m_note);

  connect(m_field, &QLineEdit::returnPressed, this, &RuleList::add);
  connect(m_field, &QLineEdit::textEdited, this, [this] { showNote(); });
  connect(m_add, &QToolButton::clicked, this, &RuleList::add);
  connect(m_remove, &QToolButton::clicked, this, &RuleList::removeCurrent);
  connect(m_list, &QListWidget::currentRowChanged, this, [this] {
    if (m_filling) return;
    showNote();
    emit currentChanged();
  });
  connect(m_list, &QListWidget::itemChanged, this, [this](QListWidgetItem* item) {
    if (m_filling) return;
    const int at = m_list->row(item);
    const QString text = item->text().trimmed();
    const QString error = m_check(text);
    Rule& rule = m_rules[static_cast<std::size_t>(at)];
    const bool changes = error.isEmpty() && text != rule.text;
    if (changes) rule.text = text;
    m_filling = true;
    showRule(*item, rule);  // trimmed, or as it was
    m_filling = false;
    showNote(error);
    if (changes) emit edited(at, text);
  });
  fill();
}

void RuleList::setRules(const std::vector<Rule>& rules) {
  if (rules == m_rules) return;
  m_rules = rules;
  fill();
}

int RuleList::current() const { return m_list->currentRow(); }

void RuleList::setCompletions(const QStringList& completions) {
  const auto* model =
      m_field->completer() ? qobject_cast<QStringListModel*>(m_field->completer()->model()) : nullptr;
  if (model && model->stringList() == completions) return;
  auto* completer = new QCompleter(completions, m_field);
  completer->setCaseSensitivity(Qt::CaseInsensitive);
  completer->setFilterMode(Qt::MatchContains);
  m_field->setCompleter(completer);
}

void RuleList::fill() {
  const int current = m_list->currentRow();
  m_filling = true;
  m_list->clear();
  for (const Rule& rule : m_rules) {
    auto* item = new QListWidgetItem(m_list);
    item->setFlags(item->flags() | Qt::ItemIsEditable);
    item->setSizeHint({0, rowHeight()});
    showRule(*item, rule);
  }
  m_list->setCurrentRow(std::min(std::max(current, 0), static_cast<int>(m_rules.size()) - 1));
  m_filling = false;
  m_list->setVisible(!m_rules.empty());
  m_remove->setEnabled(!m_rules.empty());
  m_list->setFixedHeight(rowHeight() * std::clamp(static_cast<int>(m_rules.size()), 1, kShownRules));
  showNote();
}

int RuleList::rowHeight() const { return QFontMetrics(m_list->font()).height() + 2 * theme::kGrid; }

void RuleList::showRule(QListWidgetItem& item, const Rule& rule) {
  item.setText(rule.text);
  item.setToolTip(rule.warning.isEmpty() ? tr("%1\nA click or F2 edits it").arg(rule.text)
                                         : tr("⚠ No effect: %1").arg(rule.warning));
  if (rule.warning.isEmpty()) return;
  item.setForeground(theme::color(theme::Role::Warning));
  item.setIcon(
      theme::pixmap(QStringLiteral("triangle-alert"), theme::Role::Warning, 12, devicePixelRatioF()));
  item.setData(Qt::AccessibleTextRole, rule.text + QStringLiteral(" — ") + item.toolTip());
}

// An error, else why the current rule has no effect.
void RuleList::showNote(const QString& error) {
  m_hasError = !error.isEmpty();
  QString note = error.isEmpty() ? QString() : QStringLiteral("✗ ") + error;
  m_note->setRole(theme::Role::Error);
  const int row = m_list->currentRow();
  if (note.isEmpty() && row >= 0 && row < static_cast<int>(m_rules.size())) {
    const QString& warning = m_rules[static_cast<std::size_t>(row)].warning;
    if (!warning.isEmpty()) note = tr("⚠ No effect: %1").arg(warning);
    m_note->setRole(theme::Role::Warning);
  }
  m_note->setText(note);
  m_note->setVisible(!note.isEmpty());
}

bool RuleList::add() {
  const QString text = m_field->text().trimmed();
  const QString error = text.isEmpty() ? QString() : m_check(text);
  if (text.isEmpty() || !error.isEmpty()) {
    m_field->setFocus();
    showNote(error);
    return false;
  }
  m_field->clear();
  emit added(text);
  m_list->setCurrentRow(m_list->count() - 1);
  return true;
}

bool RuleList::finish() {
  showNote();
  // Ends the edit of a row.
  if (m_list->viewport()->isAncestorOf(QApplication::focusWidget())) m_list->setFocus();
  return !m_hasError && (m_field->text().trimmed().isEmpty() || add());
}

void RuleList::removeCurrent() {
  const int row = m_list->currentRow();
  if (row >= 0) emit removed(row);
}

bool RuleList::eventFilter(QObject* watched, QEvent* event) {
  if (watched == m_list && event->type() == QEvent::KeyPress &&
      static_cast<QKeyEvent*>(event)->key() == Qt::Key_Delete) {
    removeCurrent();
    return true;
  }
  return QWidget::eventFilter(watched, event);
}

// Enter adds here: the default button of a dialog has nothing to do with it.
void RuleList::keyPressEvent(QKeyEvent* event) {
  if (event->key() != Qt::Key_Return && event->key() != Qt::Key_Enter) QWidget::keyPressEvent(event);
}

void RuleList::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (event->type() == QEvent::PaletteChange) fill();
}

}  // namespace retake::gui
