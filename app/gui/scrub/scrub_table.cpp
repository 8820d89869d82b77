#include "scrub/scrub_table.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QKeyEvent>
#include <QPainter>

#include "theme/theme.h"

namespace retake::gui {
namespace {

constexpr qsizetype kMostShown = 400;

class StruckDelegate : public RowDelegate {
 public:
  using RowDelegate::RowDelegate;

  void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
    if (index.data(Qt::CheckStateRole).isValid()) return paintChecked(painter, option, index);
    QStyleOptionViewItem cell = option;
    cell.font.setStrikeOut(index.data(ScrubTable::StruckRole).toBool());
    RowDelegate::paint(painter, cell, index);
  }

 private:
  void paintChecked(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const {
    paintRow(painter, option, index);
    QStyleOptionViewItem cell = option;
    initStyleOption(&cell, index);
    const QStyle& style = *option.widget->style();
    QStyleOptionViewItem box = cell;
    box.rect = style.subElementRect(QStyle::SE_ItemViewItemCheckIndicator, &cell, option.widget);
    box.state &= ~QStyle::State_HasFocus;
    box.state |= cell.checkState == Qt::Checked ? QStyle::State_On : QStyle::State_Off;
    style.drawPrimitive(QStyle::PE_IndicatorItemViewItemCheck, &box, painter, option.widget);
    const QRect rect =
        option.rect.adjusted(box.rect.right() - option.rect.left() + theme::kGroupGap, 0, -theme::kGrid, 0);
    const QVariant foreground = index.data(Qt::ForegroundRole);
    painter->setFont(option.font);
    painter->setPen(foreground.isValid() ? foreground.value<QColor>() : theme::color(theme::Role::Text));
    painter->drawText(rect, static_cast<int>(Qt::AlignLeft | Qt::AlignVCenter),
                      QFontMetrics(option.font).elidedText(cell.text, Qt::ElideRight, rect.width()));
  }
};

}  // namespace

QString oneLine(const QString& text) {
  QString line = text.left(kMostShown);
  for (QChar& c : line)
    if (c == u'\n')
      c = u'⏎';
    else if (c == u'\t')
      c = u'⇥';
    else if (c.category() == QChar::Other_Control)
      c = u'·';
  if (text.size() > kMostShown) line += u'…';
  return line;
}

ScrubTable::ScrubTable(const char* name, const QString& accessibleName, QAbstractItemModel& model,
                       std::vector<Column> columns, QWidget* parent)
    : QTableView(parent), m_columns(std::move(columns)) {
  setObjectName(QLatin1String(name));
  setAccessibleName(accessibleName);
  setModel(&model);
  setItemDelegate(new StruckDelegate(this));
  setFrameShape(QFrame::NoFrame);
  setShowGrid(false);
  setWordWrap(false);
  setTextElideMode(Qt::ElideMiddle);
  setSelectionBehavior(QAbstractItemView::SelectRows);
  setSelectionMode(QAbstractItemView::SingleSelection);
  setEditTriggers(QAbstractItemView::NoEditTriggers);
  setVerticalScrollMode(QAbstractItemView::ScrollPerItem);
  setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  setTabKeyNavigation(false);
  setAutoScroll(false);
  verticalHeader()->hide();
  verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
  horizontalHeader()->setHighlightSections(false);
  horizontalHeader()->setSectionsClickable(false);
  horizontalHeader()->setMinimumSectionSize(4 * theme::kGrid);
  applyFont();

  connect(this, &QTableView::clicked, this,
          [this](const QModelIndex& index) { emit rowChosen(index.row()); });
  // Always a current row: Qt 6.4's accessible table crashes without one.
  const auto keepCurrent = [this] {
    if (this->model()->rowCount() > 0 && !currentIndex().isValid())
      selectionModel()->setCurrentIndex(this->model()->index(0, 0), QItemSelectionModel::NoUpdate);
  };
  connect(&model, &QAbstractItemModel::modelReset, this, keepCurrent);
  connect(&model, &QAbstractItemModel::rowsInserted, this, keepCurrent);
  connect(&model, &QAbstractItemModel::rowsRemoved, this, keepCurrent);
  keepCurrent();
}

void ScrubTable::selectRow(int row) {
  if (row < 0 || row >= model()->rowCount()) return;
  const QModelIndex index = model()->index(row, 0);
  selectionModel()->setCurrentIndex(index, QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
  scrollTo(index);
}

void ScrubTable::applyFont() {
  setFont(theme::dataFont());
  horizontalHeader()->setFont(QGuiApplication::font());
  verticalHeader()->setDefaultSectionSize(QFontMetrics(theme::dataFont()).height() + 2 * theme::kGrid);
  fitColumns();
}

void ScrubTable::fitColumns() {
  const QFontMetrics metrics(theme::dataFont());
  const QFontMetrics head(QGuiApplication::font());
  int rest = viewport()->width();
  int shares = 0;
  std::vector<int> widths(m_columns.size());
  for (std::size_t i = 0; i < m_columns.size(); ++i) {
    shares += m_columns[i].share;
    if (m_columns[i].share > 0) continue;
    const QString title = model()->headerData(static_cast<int>(i), Qt::Horizontal).toString();
    widths[i] = std::max(metrics.horizontalAdvance(m_columns[i].sample), head.horizontalAdvance(title)) +
                4 * theme::kGrid;
    rest -= widths[i];
  }
  for (std::size_t i = 0; i < m_columns.size(); ++i) {
    if (m_columns[i].share > 0)
      widths[i] = std::max(head.averageCharWidth() * 6, rest * m_columns[i].share / std::max(1, shares));
    setColumnWidth(static_cast<int>(i), widths[i]);
  }
}

void ScrubTable::resizeEvent(QResizeEvent* event) {
  QTableView::resizeEvent(event);
  fitColumns();
}

void ScrubTable::changeEvent(QEvent* event) {
  QTableView::changeEvent(event);
  if (event->type() == QEvent::ApplicationFontChange) applyFont();
}

void ScrubTable::keyPressEvent(QKeyEvent* event) {
  const int row = currentRow();
  if (event->matches(QKeySequence::Copy) && row >= 0) {
    QStringList cells;
    for (int column = 0; column < model()->columnCount(); ++column) {
      const QVariant whole = model()->index(row, column).data(Qt::UserRole);
      cells << (whole.isValid() ? whole.toString() : model()->index(row, column).data().toString());
    }
    QGuiApplication::clipboard()->setText(cells.join(u'\t'));
  } else if ((event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) && row >= 0) {
    emit rowChosen(row);
  } else if (event->key() == Qt::Key_Delete && row >= 0) {
    emit deleteRequested(row);
  } else {
    QTableView::keyPressEvent(event);
  }
}

}  // namespace retake::gui
