#include "window/command_palette.h"

#include <QAction>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListWidget>
#include <QMenu>
#include <QMenuBar>
#include <QPainter>
#include <QPointer>
#include <QStyledItemDelegate>
#include <QTimer>
#include <QVBoxLayout>
#include <algorithm>

#include "theme/theme.h"
#include "window/plain_title.h"

namespace retake::gui {
namespace {

enum Role { CommandRole = Qt::UserRole, KeysRole };

// The command at the left, its keys at the right.
class CommandDelegate : public QStyledItemDelegate {
 public:
  using QStyledItemDelegate::QStyledItemDelegate;

  QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex&) const override {
    return {0, option.fontMetrics.height() + 12};
  }

  void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
    if (option.state & QStyle::State_Selected)
      painter->fillRect(option.rect, theme::color(theme::Role::SelectionFill));
    const QRect rect = option.rect.adjusted(theme::kPaneMargin, 0, -theme::kPaneMargin, 0);
    const bool enabled = index.flags() & Qt::ItemIsEnabled;
    painter->setFont(option.font);
    const QString keys = index.data(KeysRole).toString();
    painter->setPen(theme::color(theme::Role::TextMuted));
    painter->drawText(rect, Qt::AlignRight | Qt::AlignVCenter, keys);
    const QFontMetrics& metrics = option.fontMetrics;
    const int room =
        rect.width() - (keys.isEmpty() ? 0 : metrics.horizontalAdvance(keys) + theme::kPaneMargin);
    painter->setPen(theme::color(enabled ? theme::Role::Text : theme::Role::TextDisabled));
    painter->drawText(rect, Qt::AlignLeft | Qt::AlignVCenter,
                      metrics.elidedText(index.data(Qt::DisplayRole).toString(), Qt::ElideMiddle, room));
  }
};

}  // namespace

CommandPalette::CommandPalette(const QMenuBar& menus, QWidget* parent) : QDialog(parent) {
  setObjectName(QStringLiteral("commandPalette"));
  setWindowTitle(tr("All commands"));
  setAttribute(Qt::WA_DeleteOnClose);
  collect(menus.actions(), {});
  m_edit = new QLineEdit(this);
  m_edit->setObjectName(QStringLiteral("commandEdit"));
  m_edit->setAccessibleName(tr("Find a command"));
  m_edit->setPlaceholderText(tr("What do you want to do?"));
  m_edit->installEventFilter(this);
  m_list = new QListWidget(this);
  m_list->setObjectName(QStringLiteral("commandList"));
  m_list->setAccessibleName(tr("Commands"));
  m_list->setItemDelegate(new CommandDelegate(m_list));
  m_list->setUniformItemSizes(true);
  m_list->setFocusPolicy(Qt::NoFocus);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(theme::kPaneMargin, theme::kPaneMargin, theme::kPaneMargin, theme::kPaneMargin);
  layout->setSpacing(theme::kGroupGap);
  layout->addWidget(m_edit);
  layout->addWidget(m_list);
  resize(560, 420);
  connect(m_edit, &QLineEdit::textChanged, this, &CommandPalette::showMatches);
  connect(m_list, &QListWidget::itemClicked, this, &CommandPalette::run);
  showMatches({});
}

void CommandPalette::collect(const QList<QAction*>& actions, const QString& path) {
  for (QAction* action : actions) {
    if (action->isSeparator() || action->text().isEmpty()) continue;
    const QString text = plainTitle(action->text());
    if (action->menu()) {
      // Menus that are filled when they open are filled now.
      emit action->menu()->aboutToShow();
      collect(action->menu()->actions(), path.isEmpty() ? text : path + QStringLiteral(" › ") + text);
    } else {
      m_commands.append({path + QStringLiteral(": ") + text, action});
    }
  }
}

void CommandPalette::showMatches(const QString& words) {
  m_list->clear();
  const QStringList wanted = words.split(u' ', Qt::SkipEmptyParts);
  for (qsizetype i = 0; i < m_commands.size(); ++i) {
    const Command& command = m_commands[i];
    if (!std::all_of(wanted.begin(), wanted.end(),
                     [&](const QString& word) { return command.text.contains(word, Qt::CaseInsensitive); }))
      continue;
    auto* item = new QListWidgetItem(command.text, m_list);
    item->setToolTip(command.text);
    item->setData(CommandRole, i);
    item->setData(KeysRole, command.action->shortcut().toString(QKeySequence::NativeText));
    if (!command.action->isEnabled()) item->setFlags(item->flags() & ~Qt::ItemIsEnabled);
  }
  if (m_list->count() == 0) {
    m_list->addItem(tr("No command has these words."));
    m_list->item(0)->setFlags({});
  }
  // The first that can be run.
  for (int row = 0; row < m_list->count(); ++row) {
    if (!(m_list->item(row)->flags() & Qt::ItemIsEnabled)) continue;
    m_list->setCurrentRow(row);
    break;
  }
}

void CommandPalette::run() {
  const QListWidgetItem* item = m_list->currentItem();
  if (!item || !(item->flags() & Qt::ItemIsEnabled)) return;
  const QPointer<QAction> action = m_commands[item->data(CommandRole).toLongLong()].action;
  accept();
  // After this dialog has given the focus back: commands may move it.
  QTimer::singleShot(0, parent(), [action] {
    if (action) action->trigger();
  });
}

bool CommandPalette::eventFilter(QObject* watched, QEvent* event) {
  if (event->type() == QEvent::KeyPress) {
    auto* key = static_cast<QKeyEvent*>(event);
    switch (key->key()) {
      case Qt::Key_Up:
      case Qt::Key_Down: {
        const int step = key->key() == Qt::Key_Down ? 1 : -1;
        for (int row = m_list->currentRow() + step; row >= 0 && row < m_list->count(); row += step) {
          if (!(m_list->item(row)->flags() & Qt::ItemIsEnabled)) continue;
          m_list->setCurrentRow(row);
          break;
        }
        return true;
      }
      case Qt::Key_Return:
      case Qt::Key_Enter:
        run();
        return true;
      default:
        break;
    }
  }
  return QDialog::eventFilter(watched, event);
}

}  // namespace retake::gui
