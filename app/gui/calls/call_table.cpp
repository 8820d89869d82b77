#include "calls/call_table.h"

#include <QClipboard>
#include <QContextMenuEvent>
#include <QGuiApplication>
#include <QHeaderView>
#include <QMenu>
#include <QMouseEvent>
#include <QPainter>
#include <QScopedValueRollback>
#include <QScrollBar>

#include "calls/call_delegate.h"
#include "calls/call_rows.h"
#include "calls/call_table_model.h"
#include "calls/call_text.h"
#include "calls/used_calls.h"
#include "document/document.h"
#include "document/selection.h"
#include "filter/call_filter.h"
#include "filter/compose_query.h"
#include "filter/filter_menu.h"
#include "theme/theme.h"

namespace retake::gui {

CallTable::CallTable(Document& document, Selection& selection, CallRows& rows, QWidget* parent)
    : QTableView(parent),
      m_document(document),
      m_selection(selection),
      m_rows(rows),
      m_model(new CallTableModel(document, rows, this)),
      m_delegate(new CallDelegate(this)) {
  setObjectName(QStringLiteral("callTable"));
  setAccessibleName(tr("Calls"));
  setModel(m_model);
  setItemDelegate(m_delegate);
  setSelectionBehavior(SelectRows);
  setSelectionMode(SingleSelection);
  setShowGrid(false);
  setWordWrap(false);
  setTabKeyNavigation(false);
  setCornerButtonEnabled(false);
  setMouseTracking(true);
  setHorizontalScrollMode(ScrollPerPixel);
  setEditTriggers(NoEditTriggers);
  verticalHeader()->hide();
  // One height for all rows: any size that depends on contents is asked of each of a million.
  verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
  QHeaderView* header = horizontalHeader();
  header->setSectionResizeMode(QHeaderView::Interactive);
  header->setSectionResizeMode(static_cast<int>(CallColumn::Method), QHeaderView::Stretch);
  header->setHighlightSections(false);
  header->setSectionsClickable(true);
  header->setSortIndicatorShown(true);
  header->setSortIndicator(0, Qt::AscendingOrder);
  header->setMinimumSectionSize(32);
  connect(header, &QHeaderView::sectionClicked, this, &CallTable::headerClicked);
  updateMetrics();

  connect(&selection, &Selection::callChanged, this, &CallTable::showSelection);
  connect(m_model, &QAbstractItemModel::modelAboutToBeReset, this,
          [this] { m_scrolledTo = verticalScrollBar()->value(); });
  connect(m_model, &QAbstractItemModel::modelReset, this, [this] {
    setHoverRow(-1);
    updateWidths();
    showSelection();
    if (!m_rows.isGrowing()) {
      m_atEnd = false;
      return;
    }
    updateGeometries();
    verticalScrollBar()->setValue(m_scrolledTo);
  });
  // Also when the table gets smaller or larger.
  connect(verticalScrollBar(), &QScrollBar::valueChanged, this,
          [this](int value) { m_atEnd = value == verticalScrollBar()->maximum(); });
  connect(verticalScrollBar(), &QScrollBar::rangeChanged, this, [this](int, int most) {
    if (m_atEnd) verticalScrollBar()->setValue(most);
  });
  // Who looks at the end goes on seeing the end; who does not is left where they are.
  connect(m_model, &QAbstractItemModel::rowsAboutToBeInserted, this,
          [this] { m_atEnd = m_atEnd || verticalScrollBar()->value() == verticalScrollBar()->maximum(); });
  connect(m_model, &QAbstractItemModel::rowsInserted, this, [this] {
    if (currentIndex().isValid() && QString::number(m_rows.total()).size() == m_digits) {
      if (m_atEnd) goToEnd();
      return;
    }
    updateWidths();
    showSelection();
    if (m_atEnd) goToEnd();
  });
  connect(&rows, &CallRows::scrubHitsChanged, this, &CallTable::fitColumns);
  showSelection();
}

void CallTable::goToEnd() {
  updateGeometries();  // else the scroll bar ends where the rows did before
  scrollToBottom();
}

void CallTable::showUse(const UsedCalls& used) {
  m_model->setUsed(&used);
  // Of thousands a second only what can be seen is painted.
  const auto repaint = [this] {
    const int column = static_cast<int>(CallColumn::Number);
    viewport()->update(columnViewportPosition(column), 0, columnWidth(column), viewport()->height());
  };
  connect(&used, &UsedCalls::added, this, repaint);
  connect(&used, &UsedCalls::cleared, this, repaint);
}

void CallTable::headerClicked(int column) {
  const auto clicked = static_cast<CallColumn>(column);
  const bool again = clicked == m_rows.sortColumn() && m_rows.sortOrder() == Qt::AscendingOrder;
  // What is large, edited or went wrong is what one looks for: those columns begin with it.
  const bool largestFirst =
      clicked != CallColumn::Number && clicked != CallColumn::Kind && clicked != CallColumn::Method;
  Qt::SortOrder order = again ? Qt::DescendingOrder : Qt::AscendingOrder;
  if (clicked != m_rows.sortColumn() && largestFirst) order = Qt::DescendingOrder;
  m_rows.sort(clicked, order);
  horizontalHeader()->setSortIndicator(column, order);
}

void CallTable::updateMetrics() {
  setFont(theme::dataFont());
  const QFontMetrics cells(theme::dataFont());
  verticalHeader()->setMinimumSectionSize(cells.height() + 8);
  verticalHeader()->setDefaultSectionSize(cells.height() + 8);
  horizontalHeader()->setFont(QGuiApplication::font());
  updateWidths();
}

void CallTable::updateWidths() {
  const QFontMetrics cells(font());
  const QFontMetrics head(QGuiApplication::font());
  const int pad = 2 * theme::kGroupGap;
  const auto fit = [&](CallColumn column, const QString& widest) {
    const QString title =
        m_model->headerData(static_cast<int>(column), Qt::Horizontal, Qt::DisplayRole).toString();
    // A header also has the sort indicator beside its title.
    const int width = std::max(cells.horizontalAdvance(widest), head.horizontalAdvance(title) + 12) + pad;
    m_widths[static_cast<std::size_t>(column)] = width;
    setColumnWidth(static_cast<int>(column), width);
  };
  m_digits = QString::number(m_rows.total()).size();
  const auto digits = std::max(4, static_cast<int>(m_digits));
  fit(CallColumn::Number, QString(digits + 1, u'9'));  // beside the mark of what was used
  fit(CallColumn::Kind, QStringLiteral("U"));
  fit(CallColumn::Status, QStringLiteral("✗ FAILED_PRECONDITION"));
  fit(CallColumn::Start, QStringLiteral("99\u2009min 99\u2009s"));
  fit(CallColumn::Duration, QStringLiteral("9.99\u2009ms"));
  fit(CallColumn::RequestSize, QStringLiteral("999 kB"));
  fit(CallColumn::ResponseSize, QStringLiteral("999 kB"));
  fit(CallColumn::Messages, QStringLiteral("9,999"));
  fit(CallColumn::Edits, QStringLiteral("✎ 9"));
  fit(CallColumn::Scrubs, QStringLiteral("◇ 999"));
  fitColumns();
}

// Where the table is narrow the method comes first: what tells least is left out.
void CallTable::fitColumns() {
  constexpr int kLeastMethod = 20;  // characters
  int left = viewport()->width() - QFontMetrics(font()).averageCharWidth() * kLeastMethod;
  for (const CallColumn column :
       {CallColumn::Number, CallColumn::Status, CallColumn::Edits, CallColumn::Scrubs, CallColumn::Kind,
        CallColumn::Duration, CallColumn::ResponseSize, CallColumn::RequestSize, CallColumn::Messages,
        CallColumn::Start}) {
    const auto section = static_cast<std::size_t>(column);
    const bool isTime = column == CallColumn::Start || column == CallColumn::Duration;
    if ((column == CallColumn::Scrubs && !m_rows.hasScrubHits()) ||
        (isTime && !m_document.snapshot().recording->hasExtras())) {
      setColumnHidden(static_cast<int>(column), true);
      continue;
    }
    left -= m_widths[section];
    setColumnHidden(static_cast<int>(column), left < 0);
  }
}

void CallTable::resizeEvent(QResizeEvent* event) {
  fitColumns();
  QTableView::resizeEvent(event);
}

void CallTable::changeEvent(QEvent* event) {
  QTableView::changeEvent(event);
  if (event->type() == QEvent::ApplicationFontChange) updateMetrics();
}

// There is always a current row: Qt 6.4's accessible table reads row -1 without one. It is not the
// selected one while the selected call is filtered out.
void CallTable::showSelection() {
  if (m_model->rowCount() == 0) return;
  const QScopedValueRollback following(m_following, true);
  const auto call = m_selection.call();
  const auto row = call ? m_rows.rowOf(*call) : std::nullopt;
  if (!row) {
    selectionModel()->setCurrentIndex(m_model->index(0, 0), QItemSelectionModel::Clear);
    return;
  }
  const QModelIndex index = m_model->index(*row, 0);
  selectionModel()->setCurrentIndex(index, QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
  if (m_pressing) return;
  const int x = horizontalScrollBar()->value();
  scrollTo(index, visualRect(index).isEmpty() ? PositionAtCenter : EnsureVisible);
  horizontalScrollBar()->setValue(x);
}

void CallTable::currentChanged(const QModelIndex& current, const QModelIndex& previous) {
  QTableView::currentChanged(current, previous);
  if (!m_following && current.isValid()) m_selection.selectCall(m_model->callAt(current.row()));
}

// A press selects the row that is under it after the current one has changed: nothing may scroll between.
void CallTable::mousePressEvent(QMouseEvent* event) {
  const QScopedValueRollback pressing(m_pressing, true);
  QTableView::mousePressEvent(event);
}

// Home and End are of the calls, not of the cells of a row.
QModelIndex CallTable::moveCursor(CursorAction action, Qt::KeyboardModifiers modifiers) {
  const int rows = m_model->rowCount();
  if (rows > 0 && (action == MoveHome || action == MoveEnd))
    return m_model->index(action == MoveHome ? 0 : rows - 1, std::max(0, currentIndex().column()));
  return QTableView::moveCursor(action, modifiers);
}

void CallTable::copy() const {
  if (selectionModel()->hasSelection())
    QGuiApplication::clipboard()->setText(m_model->rowText(currentIndex().row()));
}

QString CallTable::currentText(CallColumn column) const {
  return currentIndex().siblingAtColumn(static_cast<int>(column)).data().toString();
}

std::string CallTable::termOf(std::uint32_t call, CallColumn column) const {
  const Snapshot& s = m_document.snapshot();
  const FilterInput input{s.recording, s.calls, s.schema, {}};
  const CallSubject subject(input, call);
  const auto word = [&](FilterField field) { return queryValue(subject.word(field).value_or("")); };
  switch (column) {
    case CallColumn::Number:
      return "id:" + std::to_string(call + 1);
    case CallColumn::Kind: {
      const std::string_view kind = subject.word(FilterField::Kind).value_or("");
      return "kind:" + std::string(kind.substr(0, kind.find(' ')));
    }
    case CallColumn::Method: {
      const std::string_view method = subject.word(FilterField::Method).value_or("");
      return "method=" + queryValue(method.starts_with('/') ? method.substr(1) : method);
    }
    case CallColumn::Status:
      return "status:" + word(FilterField::Status);
    case CallColumn::Start:
    case CallColumn::Duration: {
      const CallTime time = callTime(*s.recording, *s.calls, call);
      const bool isStart = column == CallColumn::Start;
      const auto nanos = isStart ? time.start : time.duration;
      return nanos ? (isStart ? "start=" : "dur=") + std::to_string(*nanos) + "ns" : std::string();
    }
    case CallColumn::RequestSize:
      return "req.size=" + std::to_string(callSizes(*s.recording, (*s.calls)[call]).request);
    case CallColumn::ResponseSize:
      return "resp.size=" + std::to_string(callSizes(*s.recording, (*s.calls)[call]).response);
    case CallColumn::Messages:
      return "msgs:" + std::to_string(callSizes(*s.recording, (*s.calls)[call]).messages);
    case CallColumn::Edits:
      return m_rows.editsOf(call) > 0 ? "edited" : std::string();
    case CallColumn::Scrubs:
      break;
  }
  return {};
}

void CallTable::filterByMethod() {
  if (currentIndex().isValid())
    emit filterRequested(
        QString::fromStdString(termOf(m_model->callAt(currentIndex().row()), CallColumn::Method)));
}

void CallTable::filterByStatus() {
  if (currentIndex().isValid())
    emit filterRequested(
        QString::fromStdString(termOf(m_model->callAt(currentIndex().row()), CallColumn::Status)));
}

void CallTable::contextMenuEvent(QContextMenuEvent* event) {
  const QModelIndex index =
      event->reason() == QContextMenuEvent::Keyboard ? currentIndex() : indexAt(event->pos());
  if (!index.isValid()) return;
  auto* menu = new QMenu(this);
  menu->setAttribute(Qt::WA_DeleteOnClose);
  // A right click has made the row under it the current one.
  menu->addAction(theme::icon(QStringLiteral("copy")), tr("Copy row"), this, &CallTable::copy);
  menu->addAction(tr("Copy method"), this,
                  [this] { QGuiApplication::clipboard()->setText(u'/' + currentText(CallColumn::Method)); });
  menu->addSeparator();
  if (!m_rowActions.isEmpty()) {
    menu->addActions(m_rowActions);
    menu->addSeparator();
  }
  // Of the cell under the mouse, of the method where a key asks.
  const auto column = event->reason() == QContextMenuEvent::Keyboard
                          ? CallColumn::Method
                          : static_cast<CallColumn>(index.column());
  const auto set = [this](const QString& text) { emit filterRequested(text); };
  if (const std::string term = termOf(m_model->callAt(index.row()), column); !term.empty())
    addFilterMenu(*menu, term, m_rows.filter(), set);
  menu->addAction(tr("Only calls of this method"), this, &CallTable::filterByMethod);
  menu->addAction(tr("Only calls that ended so"), this, &CallTable::filterByStatus);
  const QPoint at = event->reason() == QContextMenuEvent::Keyboard
                        ? viewport()->mapToGlobal(visualRect(index).bottomLeft())
                        : event->globalPos();
  menu->popup(at);
}

void CallTable::setHoverRow(int row) {
  const int before = m_delegate->hoverRow();
  if (row == before) return;
  m_delegate->setHoverRow(row);
  for (const int changed : {before, row})
    if (changed >= 0 && changed < m_model->rowCount())
      viewport()->update(0, rowViewportPosition(changed), viewport()->width(), rowHeight(changed));
}

bool CallTable::viewportEvent(QEvent* event) {
  if (event->type() == QEvent::MouseMove)
    setHoverRow(rowAt(static_cast<int>(static_cast<QMouseEvent*>(event)->position().y())));
  else if (event->type() == QEvent::Leave)
    setHoverRow(-1);
  return QTableView::viewportEvent(event);
}

void CallTable::paintEvent(QPaintEvent* event) {
  QTableView::paintEvent(event);
  if (m_model->rowCount() > 0) return;
  QPainter painter(viewport());
  painter.setPen(theme::color(theme::Role::TextMuted));
  painter.setFont(QGuiApplication::font());
  const QString said = m_rows.isFiltered()
                           ? tr("No call matches “%1”.\nPress Esc in the filter to show all %2.")
                                 .arg(m_rows.filter(), countText(m_rows.total()))
                           : tr("No calls in this file yet.");
  painter.drawText(viewport()->rect().adjusted(theme::kPaneMargin, 0, -theme::kPaneMargin, 0),
                   Qt::AlignCenter | Qt::TextWordWrap, said);
}

}  // namespace retake::gui
