#include "detail/message_tree_view.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLineEdit>
#include <QMenu>
#include <QScrollBar>
#include <QSet>

#include "detail/leaf_delegate.h"
#include "detail/leaf_edit.h"
#include "detail/message_tree_model.h"
#include "detail/padded_cells.h"
#include "detail/strings.h"
#include "theme/theme.h"

namespace retake::gui {
namespace {

// Branches that are open from the start: as long as they fit a screen or so.
constexpr int kOpenRows = 60;

void collectExpanded(const QTreeView& view, const QModelIndex& parent, QSet<QString>& paths) {
  const QAbstractItemModel& model = *view.model();
  for (int row = 0; row < model.rowCount(parent); ++row) {
    const QModelIndex index = model.index(row, 0, parent);
    if (!view.isExpanded(index)) continue;
    paths.insert(index.data(MessageTreeModel::PathRole).toString());
    collectExpanded(view, index, paths);
  }
}

}  // namespace

MessageTreeView::MessageTreeView(QWidget* parent) : QTreeView(parent), m_model(new MessageTreeModel(this)) {
  setHeader(new PaddedHeader(this));
  setModel(m_model);
  setItemDelegate(new LeafDelegate(*this));
  setFrameShape(QFrame::NoFrame);
  setFont(theme::dataFont());
  setUniformRowHeights(true);
  setAllColumnsShowFocus(true);
  setAlternatingRowColors(false);
  setEditTriggers(QAbstractItemView::DoubleClicked | QAbstractItemView::EditKeyPressed);
  setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
  setAccessibleName(tr("Message as a tree"));
  setIndentation(4 * theme::kGrid);
  header()->setStretchLastSection(true);
  header()->setSectionResizeMode(QHeaderView::Interactive);
  connect(header(), &QHeaderView::sectionResized, this, [this](int section) {
    if (!m_fitting && section != MessageTreeModel::ValueColumn) m_columnsChosen = true;
  });
  connect(itemDelegate(), &QAbstractItemDelegate::closeEditor, this,
          [this](const QWidget* closed, QAbstractItemDelegate::EndEditHint hint) {
            if (hint == QAbstractItemDelegate::RevertModelCache)
              emit leafTyped(closed->property(kLeafPath).toString(), std::nullopt);
          });
  connect(m_model, &MessageTreeModel::leafEdited, this,
          [this](const QModelIndex& index, const QString& text) {
            auto edited = withLeaf(*m_model->schema(), m_model->leaf(index), toUtf8(text));
            if (edited)
              emit messageEdited(*edited, index.data(MessageTreeModel::PathRole).toString());
            else
              emit editFailed(toQString(edited.error().message));
          });
}

void MessageTreeView::setTree(std::shared_ptr<const MessageTree> tree, std::shared_ptr<const Schema> schema,
                              const Blob& message, bool sameMessage) {
  QSet<QString> expanded;
  QString current;
  const int scroll = verticalScrollBar()->value();
  if (sameMessage) {
    collectExpanded(*this, {}, expanded);
    current = currentIndex().data(MessageTreeModel::PathRole).toString();
  }
  m_model->setTree(std::move(tree), std::move(schema), message);
  for (const QString& path : expanded) {
    const QModelIndex index = m_model->find(path);
    if (index.isValid()) setExpanded(index, true);
  }
  if (!sameMessage) expandSome();
  // What is wrong with the bytes is a sentence: it takes the whole row.
  const int rows = m_model->rowCount();
  for (int row = std::max(0, rows - 2); row < rows; ++row)
    if (!m_model->node(m_model->index(row, 0))) setFirstColumnSpanned(row, {}, true);
  // Always a current row, so that keys work at once.
  QModelIndex place = m_model->find(current);
  if (!place.isValid()) place = m_model->index(0, 0);
  if (place.isValid()) setCurrentIndex(place);
  if (sameMessage) verticalScrollBar()->setValue(scroll);
}

void MessageTreeView::fitColumns() {
  if (m_columnsChosen) return;
  m_fitting = true;
  // The value gets a third of a narrow pane, and most of a wide one.
  const int em = fontMetrics().horizontalAdvance(u'M');
  header()->resizeSection(MessageTreeModel::NameColumn, std::min(28 * em, viewport()->width() * 2 / 5));
  header()->resizeSection(MessageTreeModel::TypeColumn, std::min(20 * em, viewport()->width() / 4));
  m_fitting = false;
}

void MessageTreeView::resizeEvent(QResizeEvent* event) {
  QTreeView::resizeEvent(event);
  fitColumns();
}

void MessageTreeView::setEditable(bool editable) { m_model->setEditable(editable); }

void MessageTreeView::setMarks(ValueMarks marks) {
  m_model->setMarks(std::move(marks));
  viewport()->update();
}

void MessageTreeView::expandSome() {
  int rows = m_model->rowCount();
  std::vector<QModelIndex> level;
  for (int row = 0; row < std::min(rows, kOpenRows); ++row) level.push_back(m_model->index(row, 0));
  while (!level.empty() && rows < kOpenRows) {
    std::vector<QModelIndex> next;
    for (const QModelIndex& index : level) {
      const int count = m_model->rowCount(index);
      if (count == 0 || rows + count > kOpenRows) continue;
      rows += count;
      setExpanded(index, true);
      for (int row = 0; row < count; ++row) next.push_back(m_model->index(row, 0, index));
    }
    level = std::move(next);
  }
}

const MessageNode* MessageTreeView::currentNode() const { return m_model->node(currentIndex()); }

QString MessageTreeView::whyNot(const QModelIndex& index, const QString& text) const {
  const MessageNode* node = m_model->node(index);
  if (!node) return {};
  const auto fits = checkLeaf(*m_model->schema(), *node, toUtf8(text));
  return fits ? QString() : toQString(fits.error().message);
}

void MessageTreeView::currentChanged(const QModelIndex& current, const QModelIndex& previous) {
  QTreeView::currentChanged(current, previous);
  emit currentNodeChanged();
}

void MessageTreeView::keyPressEvent(QKeyEvent* event) {
  if (event->matches(QKeySequence::Copy)) {
    copy();
    return;
  }
  if (event->key() == Qt::Key_F2 && currentIndex().isValid() && state() != EditingState) {
    // F2 edits the value, whichever column is current.
    const QModelIndex value = currentIndex().siblingAtColumn(MessageTreeModel::ValueColumn);
    if (m_model->flags(value) & Qt::ItemIsEditable) {
      setCurrentIndex(value);
      edit(value);
      return;
    }
  }
  QTreeView::keyPressEvent(event);
}

QLineEdit* MessageTreeView::editor() const {
  if (state() != EditingState) return nullptr;
  // One that was closed lives on, hidden, until the event loop deletes it.
  for (auto* editor : findChildren<QLineEdit*>(QStringLiteral("leafEditor")))
    if (!editor->isHidden()) return editor;
  return nullptr;
}

QString MessageTreeView::editedPath() const {
  const QLineEdit* open = editor();
  return open ? open->property(kLeafPath).toString() : QString();
}

void MessageTreeView::finishEditing() {
  QLineEdit* open = editor();
  if (!open || !whyNot(m_model->find(editedPath()), open->text()).isEmpty()) return;
  commitData(open);
  closeEditor(open, QAbstractItemDelegate::NoHint);
}

void MessageTreeView::leaveEditing() {
  if (QLineEdit* open = editor()) closeEditor(open, QAbstractItemDelegate::NoHint);
}

std::optional<QString> MessageTreeView::keptText(const QString& path) const {
  const auto found = m_kept.find(path);
  return found == m_kept.end() ? std::nullopt : std::optional(found->second);
}

bool MessageTreeView::canEdit(const QString& path) const {
  const QModelIndex index = m_model->find(path).siblingAtColumn(MessageTreeModel::ValueColumn);
  return m_model->flags(index) & Qt::ItemIsEditable;
}

void MessageTreeView::editLeaf(const QString& path) {
  if (!canEdit(path)) return;
  const QModelIndex value = m_model->find(path).siblingAtColumn(MessageTreeModel::ValueColumn);
  setCurrentIndex(value);
  scrollTo(value);
  edit(value);
}

QSize MessageTreeView::minimumSizeHint() const {
  const int row = std::max(sizeHintForRow(0), fontMetrics().height() + theme::kGrid);
  return {QTreeView::minimumSizeHint().width(), header()->sizeHint().height() + 2 * row + 2 * frameWidth()};
}

void MessageTreeView::copy() {
  const MessageNode* node = currentNode();
  if (!node) return;
  QGuiApplication::clipboard()->setText(toQString(node->value.empty() ? node->name : node->value));
}

void MessageTreeView::contextMenuEvent(QContextMenuEvent* event) {
  const QModelIndex value = currentIndex().siblingAtColumn(MessageTreeModel::ValueColumn);
  auto* menu = new QMenu(this);
  menu->setAttribute(Qt::WA_DeleteOnClose);
  auto* edit = menu->addAction(tr("Edit value"), QKeySequence(Qt::Key_F2), this, [this, value] {
    setCurrentIndex(value);
    QTreeView::edit(value);
  });
  edit->setEnabled(value.isValid() && m_model->flags(value) & Qt::ItemIsEditable);
  menu->addAction(tr("Copy value"), QKeySequence::Copy, this, &MessageTreeView::copy);
  menu->addSeparator();
  menu->addAction(tr("Expand all below"), this,
                  [this] { expandRecursively(currentIndex().siblingAtColumn(0), 8); });
  menu->addAction(tr("Collapse all"), this, &QTreeView::collapseAll);
  emit contextMenuBegins(menu, value);
  menu->popup(event->reason() == QContextMenuEvent::Keyboard
                  ? viewport()->mapToGlobal(visualRect(currentIndex()).center())
                  : event->globalPos());
}

}  // namespace retake::gui
