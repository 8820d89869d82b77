#include "server/miss_table.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QKeyEvent>
#include <QPainter>
#include <algorithm>

#include "server/miss_rows.h"
#include "server/miss_story.h"
#include "server/row_delegate.h"
#include "theme/theme.h"

namespace retake::gui {

namespace {

// A value with what differs in it marked by a fill and a line below: colour alone is no sign.
class ValueDelegate : public RowDelegate {
 public:
  using RowDelegate::RowDelegate;

  void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
    const QVariant other = index.data(MissRows::OtherRole);
    if (!other.isValid() || index.data(MissRows::MissingRole).toBool())
      return RowDelegate::paint(painter, option, index);
    paintRow(painter, option, index);
    const QRect rect = option.rect.adjusted(theme::kGrid, 0, -theme::kGrid, 0);
    const QFontMetrics metrics(option.font);
    const int character = std::max(1, metrics.averageCharWidth());
    const ValuePart part = differingPart(index.data().toString(), other.toString(), rect.width() / character);
    const QString shown = metrics.elidedText(part.text, Qt::ElideRight, rect.width());
    const qsizetype begin = std::min(part.markBegin, shown.size());
    const qsizetype end = std::min(part.markBegin + part.markLength, shown.size());
    const int x = rect.left() + metrics.horizontalAdvance(shown.left(begin));
    // Where the other side has more, a bar of a hair's width says where.
    const int width = std::max(2, metrics.horizontalAdvance(shown.mid(begin, end - begin)));
    const QRect mark(x, rect.center().y() - metrics.height() / 2, width, metrics.height());
    painter->save();
    painter->setClipRect(option.rect);
    painter->fillRect(mark, theme::color(theme::Role::ErrorFill));
    painter->fillRect(QRect(mark.left(), mark.bottom(), mark.width(), 1), theme::color(theme::Role::Error));
    painter->setFont(option.font);
    painter->setPen(theme::color(theme::Role::Text));
    painter->drawText(rect, static_cast<int>(Qt::AlignLeft | Qt::AlignVCenter) | Qt::TextSingleLine, shown);
    painter->restore();
  }
};

}  // namespace

MissTable::MissTable(MissRows& rows, QWidget* parent) : QTableView(parent), m_rows(rows) {
  setObjectName(QStringLiteral("missFields"));
  setAccessibleName(tr("Fields that differ"));
  setModel(&rows);
  setItemDelegate(new ValueDelegate(this));
  setFrameShape(QFrame::NoFrame);
  setShowGrid(false);
  setWordWrap(false);
  setSelectionBehavior(QAbstractItemView::SelectRows);
  setSelectionMode(QAbstractItemView::SingleSelection);
  setEditTriggers(QAbstractItemView::NoEditTriggers);
  setVerticalScrollMode(QAbstractItemView::ScrollPerItem);
  setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  setTabKeyNavigation(false);
  verticalHeader()->hide();
  verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
  horizontalHeader()->setHighlightSections(false);
  horizontalHeader()->setSectionsClickable(false);
  applyFont();
  connect(this, &QTableView::clicked, this, [this](const QModelIndex& index) {
    if (index.column() == static_cast<int>(MissColumn::Ignore) && m_rows.isIgnorable(index.row()))
      emit ignoreRequested(index.row());
  });
  connect(&rows, &QAbstractItemModel::modelReset, this, [this] {
    fitColumns();
    // Always a current row: Qt 6.4's accessible table crashes without one.
    if (m_rows.rowCount() > 0) setCurrentIndex(m_rows.index(0, 0));
  });
}

void MissTable::applyFont() {
  setFont(theme::dataFont());
  horizontalHeader()->setFont(QGuiApplication::font());
  const int row = QFontMetrics(theme::dataFont()).height() + 2 * theme::kGrid;
  verticalHeader()->setDefaultSectionSize(row);
  // The header and a row: what can be done about the miss stays in view below it.
  setMinimumHeight(2 * row);
  fitColumns();
}

// The path gets what it needs, up to a third; recorded and sent share the rest, so that they can be compared.
void MissTable::fitColumns() {
  const QFontMetrics metrics(theme::dataFont());
  int path = metrics.horizontalAdvance(QStringLiteral("field_name"));
  for (int row = 0; row < std::min(m_rows.rowCount(), 100); ++row)
    path = std::max(path, metrics.horizontalAdvance(m_rows.index(row, 0).data().toString()));
  const int width = viewport()->width();
  path = std::min(path + 4 * theme::kGrid, width / 3);
  const int ignore = metrics.horizontalAdvance(tr("✓ ignored")) + 4 * theme::kGrid;
  const int rest = std::max(0, width - path - ignore);
  setColumnWidth(static_cast<int>(MissColumn::Field), path);
  setColumnWidth(static_cast<int>(MissColumn::Recorded), rest / 2);
  setColumnWidth(static_cast<int>(MissColumn::Sent), rest - rest / 2);
  setColumnWidth(static_cast<int>(MissColumn::Ignore), ignore);
}

void MissTable::resizeEvent(QResizeEvent* event) {
  QTableView::resizeEvent(event);
  fitColumns();
}

void MissTable::changeEvent(QEvent* event) {
  QTableView::changeEvent(event);
  if (event->type() == QEvent::ApplicationFontChange) applyFont();
}

void MissTable::keyPressEvent(QKeyEvent* event) {
  const int row = currentIndex().row();
  if (event->key() == Qt::Key_Space && m_rows.isIgnorable(row)) {
    emit ignoreRequested(row);
    return;
  }
  if (event->matches(QKeySequence::Copy) && row >= 0) {
    QStringList cells;
    for (const MissColumn column : {MissColumn::Field, MissColumn::Recorded, MissColumn::Sent})
      cells += m_rows.index(row, static_cast<int>(column)).data().toString();
    QGuiApplication::clipboard()->setText(cells.join(u'\t'));
    return;
  }
  QTableView::keyPressEvent(event);
}

}  // namespace retake::gui
