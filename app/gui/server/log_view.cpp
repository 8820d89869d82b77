#include "server/log_view.h"

#include <QClipboard>
#include <QEvent>
#include <QGuiApplication>
#include <QHeaderView>
#include <QKeyEvent>
#include <QPainter>
#include <QScrollBar>

#include "server/row_delegate.h"
#include "theme/theme.h"

namespace retake::gui {

namespace {

// What is no call has one text, and all the columns behind those that it fills: each cell paints its part.
class LogDelegate : public RowDelegate {
 public:
  explicit LogDelegate(QTableView& view) : RowDelegate(&view), m_view(view) {}

  void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
    const QVariant span = index.data(LogModel::SpanRole);
    if (!span.isValid() || index.column() < span.toInt()) {
      QStyleOptionViewItem cell = option;
      // Of a long method the end tells most.
      if (index.column() == static_cast<int>(LogColumn::Method)) cell.textElideMode = Qt::ElideMiddle;
      return RowDelegate::paint(painter, cell, index);
    }
    paintRow(painter, option, index);
    const int left = m_view.columnViewportPosition(span.toInt()) + theme::kGrid;
    const QRect rect(left, option.rect.top(), m_view.viewport()->width() - left - theme::kGrid,
                     option.rect.height());
    const QString text = index.siblingAtColumn(static_cast<int>(LogColumn::Text)).data().toString();
    painter->save();
    painter->setClipRect(option.rect);
    painter->setFont(option.font);
    painter->setPen(theme::color(theme::Role::TextMuted));
    painter->drawText(rect, static_cast<int>(Qt::AlignLeft | Qt::AlignVCenter) | Qt::TextSingleLine,
                      QFontMetrics(option.font).elidedText(text, Qt::ElideRight, rect.width()));
    painter->restore();
  }

 private:
  QTableView& m_view;
};

}  // namespace

LogView::LogView(LogModel& model, QWidget* parent) : QTableView(parent), m_model(model) {
  setObjectName(QStringLiteral("logTable"));
  setAccessibleName(tr("Calls that clients made"));
  setModel(&model);
  setItemDelegate(new LogDelegate(*this));
  setFrameShape(QFrame::NoFrame);
  setShowGrid(false);
  setWordWrap(false);
  setAlternatingRowColors(false);
  setTextElideMode(Qt::ElideRight);
  setSelectionBehavior(QAbstractItemView::SelectRows);
  setEditTriggers(QAbstractItemView::NoEditTriggers);
  setVerticalScrollMode(QAbstractItemView::ScrollPerItem);
  setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
  setTabKeyNavigation(false);
  verticalHeader()->hide();
  verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
  horizontalHeader()->setHighlightSections(false);
  horizontalHeader()->setStretchLastSection(true);
  horizontalHeader()->setSectionsMovable(true);
  horizontalHeader()->setMinimumSectionSize(8 * theme::kGrid);
  applyFont();

  connect(this, &QTableView::clicked, this, &LogView::choose);
  connect(this, &QTableView::activated, this, &LogView::choose);

  const auto before = [this] {
    m_follow = isAtBottom();
    m_value = verticalScrollBar()->value();
  };
  connect(&model, &QAbstractItemModel::rowsAboutToBeInserted, this, before);
  connect(&model, &QAbstractItemModel::rowsAboutToBeRemoved, this, before);
  connect(&model, &QAbstractItemModel::modelAboutToBeReset, this, before);
  // Always a current row: Qt 6.4's accessible table crashes without one.
  const auto keepCurrent = [this] {
    if (currentIndex().isValid() || m_model.rowCount() == 0) return;
    selectionModel()->setCurrentIndex(m_model.index(m_model.rowCount() - 1, 0),
                                      QItemSelectionModel::NoUpdate);
  };
  connect(&model, &QAbstractItemModel::rowsInserted, this, [this, keepCurrent] {
    keepCurrent();
    if (m_follow) scrollToBottom();
  });
  connect(&model, &QAbstractItemModel::rowsRemoved, this,
          [this, keepCurrent](const QModelIndex&, int, int last) {
            keepCurrent();
            // A batch removes at the top, then inserts at the end: it follows the tail if it did before both.
            if (m_follow) return scrollToBottom();
            verticalScrollBar()->setValue(std::max(0, m_value - last - 1));
          });
  connect(&model, &QAbstractItemModel::modelReset, this, [this, keepCurrent] {
    keepCurrent();
    if (m_follow) scrollToBottom();
  });
}

bool LogView::isAtBottom() const { return verticalScrollBar()->value() == verticalScrollBar()->maximum(); }

void LogView::applyFont() {
  const QFont font = theme::dataFont();
  setFont(font);
  horizontalHeader()->setFont(QGuiApplication::font());
  const QFontMetrics metrics(font);
  const int row = metrics.height() + 2 * theme::kGrid;
  verticalHeader()->setDefaultSectionSize(row);
  // The header and two rows: a dock that is low stays low.
  setMinimumHeight(3 * row);
  const auto width = [&metrics](QStringView sample) {
    return metrics.horizontalAdvance(sample.toString()) + 4 * theme::kGrid;
  };
  const auto resize = [this](LogColumn column, int pixels) {
    setColumnWidth(static_cast<int>(column), pixels);
  };
  resize(LogColumn::Time, width(u"00:00:00.000"));
  resize(LogColumn::Outcome, width(u"– refused "));
  resize(LogColumn::Call, width(u"#999999"));
  resize(LogColumn::Method, width(u"/inventory.v1.Warehouse/ListItems"));
  resize(LogColumn::Status, width(u"✗ FAILED_PRECONDITION"));
  resize(LogColumn::Duration, width(u"duration  "));
  resize(LogColumn::Endpoint, width(u"127.0.0.1:50551"));
  fitColumns();
}

// What tells least goes first, so that a narrow log needs no scrolling: the endpoint, then the text, which is
// shown elsewhere too, the duration, the time.
void LogView::fitColumns() {
  // Not as wide as they are: who is hidden has no width, and the last one that is shown takes the rest.
  const auto width = [this](const char* sample) {
    return fontMetrics().horizontalAdvance(QLatin1String(sample)) + 4 * theme::kGrid;
  };
  int room = viewport()->width() - width("UNIMPLEMENTED");
  for (const LogColumn column : {LogColumn::Outcome, LogColumn::Call, LogColumn::Method})
    room -= columnWidth(static_cast<int>(column));
  const auto place = [&room, this](LogColumn column, int needed, bool wanted = true) {
    const bool shown = wanted && room >= needed;
    setColumnHidden(static_cast<int>(column), !shown);
    if (shown) room -= needed;
    return shown;
  };
  const bool time = place(LogColumn::Time, width("00:00:00.000"));
  const int more = width("FAILED_PRECONDITION") - width("UNIMPLEMENTED");
  const bool duration = place(LogColumn::Duration, more + width("duration  "), time);
  place(LogColumn::Text, 40 * theme::kGrid, duration);
  place(LogColumn::Endpoint, width("127.0.0.1:50551"), duration);
  // The header goes by the room that there was before a vertical scroll bar came up; the last column can
  // spare that, and nobody needs a second bar for it.
  setHorizontalScrollBarPolicy(room >= 0 ? Qt::ScrollBarAlwaysOff : Qt::ScrollBarAsNeeded);
}

// Also when it is shown at last, after rows have come.
void LogView::resizeEvent(QResizeEvent* event) {
  const bool follows = isAtBottom();
  QTableView::resizeEvent(event);
  fitColumns();
  if (follows) scrollToBottom();
}

void LogView::changeEvent(QEvent* event) {
  QTableView::changeEvent(event);
  if (event->type() == QEvent::ApplicationFontChange) applyFont();
}

void LogView::choose(const QModelIndex& index) {
  if (!index.isValid()) return;
  const EntryId call = m_model.event(index.row()).call;
  if (call) emit callChosen(call);
}

QString LogView::selectedText() const {
  QModelIndexList rows = selectionModel()->selectedRows();
  std::sort(rows.begin(), rows.end());
  QStringList lines;
  for (const QModelIndex& row : rows) lines += m_model.rowText(row.row());
  return lines.join(u'\n');
}

void LogView::keyPressEvent(QKeyEvent* event) {
  if (event->matches(QKeySequence::Copy)) {
    const QString text = selectedText();
    if (!text.isEmpty()) QGuiApplication::clipboard()->setText(text);
    return;
  }
  QTableView::keyPressEvent(event);
}

}  // namespace retake::gui
