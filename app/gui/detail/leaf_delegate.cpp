#include "detail/leaf_delegate.h"

#include <QCompleter>
#include <QKeyEvent>
#include <QLineEdit>
#include <QPainter>
#include <QToolTip>
#include <utility>

#include "detail/leaf_edit.h"
#include "detail/message_tree_model.h"
#include "detail/message_tree_view.h"
#include "detail/strings.h"
#include "theme/theme.h"

namespace retake::gui {
namespace {

constexpr const char* kProblem = "leafProblem";
constexpr const char* kBegun = "leafBegun";

}  // namespace

LeafDelegate::LeafDelegate(MessageTreeView& view) : QStyledItemDelegate(&view), m_view(view) {}

QWidget* LeafDelegate::createEditor(QWidget* parent, const QStyleOptionViewItem&,
                                    const QModelIndex& index) const {
  auto* edit = new QLineEdit(parent);
  edit->setObjectName(QStringLiteral("leafEditor"));
  edit->setAccessibleName(tr("Value of the field"));
  edit->setFont(theme::dataFont());
  edit->setFrame(false);
  edit->setAutoFillBackground(true);
  if (const MessageNode* node = m_view.treeModel().node(index)) {
    QStringList choices;
    for (const std::string& choice : leafChoices(*m_view.treeModel().schema(), *node))
      choices.push_back(toQString(choice));
    if (!choices.isEmpty()) {
      auto* completer = new QCompleter(choices, edit);
      completer->setCaseSensitivity(Qt::CaseInsensitive);
      completer->setFilterMode(Qt::MatchContains);
      edit->setCompleter(completer);
    }
  }
  const QPersistentModelIndex place(index);
  edit->setProperty(kLeafPath, index.data(MessageTreeModel::PathRole));
  const QString recorded = index.data(Qt::EditRole).toString();
  connect(edit, &QLineEdit::textChanged, this, [this, edit, place, recorded](const QString& text) {
    const QString problem = m_view.whyNot(place, text);
    edit->setProperty(kProblem, problem);
    QPalette palette = m_view.palette();
    if (!problem.isEmpty()) palette.setColor(QPalette::Text, theme::color(theme::Role::Error));
    edit->setPalette(palette);
    edit->setToolTip(problem);
    if (problem.isEmpty())
      emit m_view.editingBegins();
    else
      emit m_view.editFailed(problem);
    emit m_view.leafTyped(edit->property(kLeafPath).toString(),
                          text == recorded ? std::nullopt : std::optional(text));
  });
  emit m_view.editingBegins();
  return edit;
}

void LeafDelegate::setEditorData(QWidget* editor, const QModelIndex& index) const {
  if (editor->property(kBegun).toBool()) return;
  editor->setProperty(kBegun, true);
  {
    const QSignalBlocker nobodyTyped(editor);
    QStyledItemDelegate::setEditorData(editor, index);
  }
  if (const auto kept = m_view.keptText(editor->property(kLeafPath).toString()))
    static_cast<QLineEdit*>(editor)->setText(*kept);
}

bool LeafDelegate::eventFilter(QObject* editor, QEvent* event) {
  const QString problem = editor->property(kProblem).toString();
  if (!problem.isEmpty()) {
    if (event->type() == QEvent::FocusOut) return false;  // stays open; nothing is lost
    if (event->type() == QEvent::KeyPress) {
      const int key = static_cast<QKeyEvent*>(event)->key();
      if (key == Qt::Key_Return || key == Qt::Key_Enter || key == Qt::Key_Tab || key == Qt::Key_Backtab) {
        emit m_view.editFailed(problem);
        return true;
      }
      if (key == Qt::Key_Escape) emit m_view.editingBegins();
    }
  }
  return QStyledItemDelegate::eventFilter(editor, event);
}

void LeafDelegate::initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const {
  QStyledItemDelegate::initStyleOption(option, index);
  // A long value is told by its ends, as is a name with an index behind it; a type by its last name.
  option->textElideMode = index.column() == MessageTreeModel::TypeColumn ? Qt::ElideLeft : Qt::ElideMiddle;
}

// A value that a layer changes: as recorded, struck out; what it would be; whose doing that is.
void LeafDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                         const QModelIndex& index) const {
  const auto mark = index.column() == MessageTreeModel::ValueColumn ? m_view.treeModel().marked(index)
                                                                    : ValueMarks::Shown();
  if (!mark.marked) return QStyledItemDelegate::paint(painter, option, index);
  QStyleOptionViewItem cell = option;
  initStyleOption(&cell, index);
  const QString before = std::exchange(cell.text, QString());
  const QStyle& style = *m_view.style();
  style.drawControl(QStyle::CE_ItemViewItem, &cell, painter, &m_view);

  const int margin = style.pixelMetric(QStyle::PM_FocusFrameHMargin, &cell, &m_view) + 1;
  QRect rest = cell.rect.adjusted(margin, 0, -margin, 0);
  painter->save();
  const QFontMetrics metrics(cell.font);
  const auto draw = [&](const QString& text, theme::Role role, bool struck, int width) {
    QFont font = cell.font;
    font.setStrikeOut(struck);
    painter->setFont(font);
    painter->setPen(theme::color(role));
    const QString shown = metrics.elidedText(text, Qt::ElideMiddle, std::min(width, rest.width()));
    painter->drawText(rest, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine, shown);
    rest.setLeft(rest.left() + metrics.horizontalAdvance(shown) + theme::kGroupGap);
  };
  // The rule keeps its room, up to a third; the two values share what is left, and neither takes what the
  // other does not need.
  const QString after = mark.removed ? tr("removed") : mark.after.simplified();
  const QString rule = QStringLiteral("◇ ") + mark.rules;
  const auto widthOf = [&](const QString& text) { return metrics.horizontalAdvance(text) + 2; };
  const int ruleWidth = std::min(widthOf(rule), rest.width() / 3);
  const int values = rest.width() - ruleWidth - 2 * theme::kGroupGap;
  const int afterWidth = std::min(widthOf(after), std::max(values / 2, values - widthOf(before)));
  draw(before, theme::Role::TextMuted, true, values - afterWidth);
  draw(after, theme::Role::Scrubbed, false, afterWidth);
  draw(rule, theme::Role::TextMuted, false, ruleWidth);
  painter->restore();
}

QSize LeafDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const {
  QSize size = QStyledItemDelegate::sizeHint(option, index);
  size.setHeight(option.fontMetrics.height() + 2 * theme::kGrid);
  return size;
}

}  // namespace retake::gui
