#include "detail/message_tree_model.h"

#include <QFont>

#include "detail/strings.h"
#include "theme/theme.h"

namespace retake::gui {
namespace {

// What a cell shows of a value; the tooltip has more, and the clipboard all of it.
constexpr qsizetype kShownOfValue = 300;
constexpr qsizetype kToolTip = 2000;

// Separators of a path: control characters, which no name in a tree holds unescaped.
constexpr QChar kStep(0x1f);
constexpr QChar kNth(0x1e);

QString oneLine(const QString& text) {
  QString line = text.left(kShownOfValue);
  if (text.size() > kShownOfValue) line += u'…';
  return line;
}

}  // namespace

struct MessageTreeModel::Item {
  const MessageNode* node = nullptr;  // null: the root, damage, or what was left out
  Item* parent = nullptr;
  int row = 0;
  QString note;  // of damage and omission
  bool isDamage = false;
  const std::vector<MessageNode>* nodes = nullptr;  // its children in the tree
  std::vector<std::unique_ptr<Item>> children;      // as many; null where not asked for yet
};

MessageTreeModel::MessageTreeModel(QObject* parent)
    : QAbstractItemModel(parent), m_root(std::make_unique<Item>()) {}
MessageTreeModel::~MessageTreeModel() = default;

void MessageTreeModel::setTree(std::shared_ptr<const MessageTree> tree, std::shared_ptr<const Schema> schema,
                               const Blob& message) {
  beginResetModel();
  m_message = message;
  m_tree = std::move(tree);
  m_schema = std::move(schema);
  m_root = std::make_unique<Item>();
  if (m_tree) {
    m_root->nodes = &m_tree->fields;
    m_root->children.resize(m_tree->fields.size());
    const auto note = [&](const QString& text, bool isDamage) {
      auto item = std::make_unique<Item>();
      item->parent = m_root.get();
      item->row = static_cast<int>(m_root->children.size());
      item->note = text;
      item->isDamage = isDamage;
      m_root->children.push_back(std::move(item));
    };
    if (m_tree->omitted > 0) note(tr("%1 more fields are not shown").arg(m_tree->omitted), false);
    if (!m_tree->damage.empty()) note(toQString(m_tree->damage), true);
  }
  endResetModel();
}

MessageTreeModel::Item* MessageTreeModel::item(const QModelIndex& index) const {
  return index.isValid() ? static_cast<Item*>(index.internalPointer()) : m_root.get();
}

MessageTreeModel::Item* MessageTreeModel::child(Item& parent, int row) const {
  auto& slot = parent.children[static_cast<std::size_t>(row)];
  if (!slot) {
    slot = std::make_unique<Item>();
    slot->node = &(*parent.nodes)[static_cast<std::size_t>(row)];
    slot->parent = &parent;
    slot->row = row;
    slot->nodes = &slot->node->children;
    slot->children.resize(slot->nodes->size());
  }
  return slot.get();
}

const MessageNode* MessageTreeModel::node(const QModelIndex& index) const {
  return index.isValid() ? item(index)->node : nullptr;
}

Leaf MessageTreeModel::leaf(const QModelIndex& index) const {
  return {.node = *node(index), .parent = item(index)->parent->node, .message = m_message.view};
}

QString MessageTreeModel::path(const Item& item) const {
  if (!item.node) return {};
  const QString above = item.parent == m_root.get() ? QString() : path(*item.parent) + kStep;
  // A number can occur more than once; a name carries its own index.
  int nth = 0;
  for (int i = 0; i < item.row; ++i)
    if ((*item.parent->nodes)[static_cast<std::size_t>(i)].name == item.node->name) ++nth;
  return above + toQString(item.node->name) + (nth > 0 ? kNth + QString::number(nth) : QString());
}

QString MessageTreeModel::nameOf(const QString& path) {
  QString name = path;
  return name.replace(kStep, u'.').replace(kNth, u'#');
}

std::string MessageTreeModel::fieldPath(const QModelIndex& index) const {
  std::vector<const MessageNode*> nodes;
  for (const Item* at = index.isValid() ? item(index) : nullptr; at && at->node; at = at->parent)
    nodes.push_back(at->node);
  std::string path;
  const MessageNode* above = nullptr;
  for (auto node = nodes.rbegin(); node != nodes.rend(); above = *node++) {
    const bool isAny = above && above->type == "google.protobuf.Any" && (*node)->number == 2;
    if (isAny && (*node)->type != "bytes")  // opened: its type stands in place of its name
      path += "<" + (*node)->type + ">";
    else
      path += (path.empty() ? "" : ".") + (*node)->name;
  }
  return path;
}

ValueMarks::Shown MessageTreeModel::marked(const QModelIndex& index) const {
  const MessageNode* at = node(index);
  if (!at || m_marks.isEmpty()) return {};
  return m_marks.of(fieldPath(index), at->children.empty(), toQString(at->value));
}

QModelIndex MessageTreeModel::find(const QString& wanted) const {
  Item* at = m_root.get();
  if (!at->nodes || wanted.isEmpty()) return {};
  for (const QString& step : wanted.split(kStep)) {
    Item* next = nullptr;
    const qsizetype mark = step.lastIndexOf(kNth);
    const std::string name = toUtf8(mark > 0 ? step.left(mark) : step);
    int nth = mark > 0 ? step.sliced(mark + 1).toInt() : 0;
    for (std::size_t i = 0; i < at->nodes->size() && !next; ++i)
      if ((*at->nodes)[i].name == name && nth-- == 0) next = child(*at, static_cast<int>(i));
    if (!next) return {};
    at = next;
  }
  return createIndex(at->row, 0, at);
}

QModelIndex MessageTreeModel::index(int row, int column, const QModelIndex& parent) const {
  if (!hasIndex(row, column, parent)) return {};
  return createIndex(row, column, child(*item(parent), row));
}

QModelIndex MessageTreeModel::parent(const QModelIndex& index) const {
  if (!index.isValid()) return {};
  Item* above = item(index)->parent;
  return above == m_root.get() || !above ? QModelIndex() : createIndex(above->row, 0, above);
}

int MessageTreeModel::rowCount(const QModelIndex& parent) const {
  if (parent.column() > 0) return 0;
  return static_cast<int>(item(parent)->children.size());
}

int MessageTreeModel::columnCount(const QModelIndex&) const { return kColumns; }

QVariant MessageTreeModel::noteData(const Item& item, int column, int role) const {
  switch (role) {
    case Qt::DisplayRole:
      return column == NameColumn ? (item.isDamage ? QStringLiteral("✗ ") : QString()) + item.note
                                  : QVariant();
    case Qt::ToolTipRole:
      return item.note;
    case Qt::ForegroundRole:
      return theme::color(item.isDamage ? theme::Role::Error : theme::Role::TextMuted);
    case DamageRole:
      return item.isDamage;
    default:
      return {};
  }
}

QVariant MessageTreeModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid()) return {};
  const Item& at = *item(index);
  if (!at.node) return noteData(at, index.column(), role);
  const MessageNode& node = *at.node;
  switch (role) {
    case Qt::DisplayRole:
      if (index.column() == NameColumn) return toQString(node.name);
      if (index.column() == TypeColumn) return toQString(node.type);
      if (!node.children.empty() && node.value.empty())
        return counted(node.children.size(), "field", "fields");
      return oneLine(toQString(node.value) + (node.truncated ? QStringLiteral("…") : QString()));
    case Qt::EditRole:
      return toQString(m_schema ? leafText(*m_schema, leaf(index)) : node.value);
    case Qt::ToolTipRole: {
      QString text = toQString(node.value).left(kToolTip);
      if (index.column() == TypeColumn) text = toQString(node.type);
      if (const auto mark = marked(index); mark.marked && index.column() == ValueColumn)
        return tr("◇ %1\n%2").arg(mark.rules, mark.changes.left(kToolTip));
      if (node.guessed)
        text = tr("A guess: the schema does not name this field, so its type is read from its bytes.") +
               (text.isEmpty() ? QString() : QStringLiteral("\n") + text);
      else if (node.number != 0 && index.column() == NameColumn)
        text = tr("Field %1").arg(node.number);
      return text;
    }
    case Qt::ForegroundRole: {
      const bool isCount = index.column() == ValueColumn && !node.children.empty() && node.value.empty();
      if (node.guessed || isCount || index.column() == TypeColumn)
        return theme::color(theme::Role::TextMuted);
      return index.column() == NameColumn ? theme::color(theme::Role::SyntaxKey) : QVariant();
    }
    case Qt::FontRole: {
      QFont font = theme::dataFont();
      font.setItalic(node.guessed);
      return font;
    }
    case PathRole:
      return path(at);
    case GuessedRole:
      return node.guessed;
    case DamageRole:
      return false;
    case Qt::AccessibleTextRole:
      return tr("%1, %2, %3")
                 .arg(toQString(node.name), toQString(node.type), oneLine(toQString(node.value))) +
             (node.guessed ? tr(", a guess") : QString()) + spokenMark(index);
    default:
      return {};
  }
}

QString MessageTreeModel::spokenMark(const QModelIndex& index) const {
  const auto mark = marked(index);
  if (!mark.marked) return {};
  return mark.removed ? tr(", removed by %1").arg(mark.rules)
                      : tr(", scrubbed to %1 by %2").arg(oneLine(mark.after), mark.rules);
}

QVariant MessageTreeModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
  switch (section) {
    case NameColumn:
      return tr("Field");
    case TypeColumn:
      return tr("Type");
    case ValueColumn:
      return tr("Value");
    default:
      return {};
  }
}

Qt::ItemFlags MessageTreeModel::flags(const QModelIndex& index) const {
  if (!index.isValid()) return Qt::NoItemFlags;
  Qt::ItemFlags flags = Qt::ItemIsSelectable | Qt::ItemIsEnabled;
  const MessageNode* at = node(index);
  if (m_editable && at && m_schema && index.column() == ValueColumn && canEditLeaf(*m_schema, leaf(index)))
    flags |= Qt::ItemIsEditable;
  if (at && at->children.empty()) flags |= Qt::ItemNeverHasChildren;
  return flags;
}

bool MessageTreeModel::setData(const QModelIndex& index, const QVariant& value, int role) {
  const MessageNode* at = node(index);
  if (role != Qt::EditRole || !at || !(flags(index) & Qt::ItemIsEditable)) return false;
  const QString text = value.toString();
  if (text == data(index, Qt::EditRole).toString()) return true;
  emit leafEdited(index, text);
  return true;
}

}  // namespace retake::gui
