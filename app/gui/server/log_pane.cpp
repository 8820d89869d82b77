#include "server/log_pane.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPlainTextEdit>
#include <QSplitter>
#include <QVBoxLayout>

#include "filter/filter_edit.h"
#include "filter/filter_reading.h"
#include "server/log_model.h"
#include "server/log_view.h"
#include "server/tool_button.h"
#include "server/words.h"
#include "theme/theme.h"

namespace retake::gui {

LogPane::LogPane(LogModel& model, QWidget* parent)
    : QWidget(parent),
      m_model(model),
      m_bar(new QWidget),
      m_view(new LogView(model)),
      m_filter(new FilterEdit),
      m_reading(new FilterReading(*m_filter)),
      m_counts(new QLabel),
      m_text(new QPlainTextEdit),
      m_pause(new QAction(tr("Pause"), this)),
      m_clear(new QAction(tr("Clear"), this)) {
  setObjectName(QStringLiteral("logPane"));

  m_pause->setObjectName(QStringLiteral("logPause"));
  m_pause->setCheckable(true);
  m_pause->setShortcut(Qt::Key_F7);
  m_pause->setIconText(tr("Pause log"));
  m_pause->setToolTip(tr("Hold the log still; calls that come meanwhile are kept (F7)"));
  m_clear->setObjectName(QStringLiteral("logClear"));
  m_clear->setShortcut(QKeySequence(Qt::SHIFT | Qt::Key_F7));
  m_clear->setToolTip(tr("Empty the log; counts and what is used stay"));
  addAction(m_pause);
  addAction(m_clear);

  m_filter->setObjectName(QStringLiteral("logFilter"));
  m_filter->setAccessibleName(tr("Filter the log"));
  m_filter->setPlaceholderText(tr("Filter the log"));
  m_filter->setToolTip(
      tr("Words, and fields as in the filter of the calls: missed method:Cart status:NOT_FOUND dur>5ms"));
  m_filter->setFixedWidth(60 * theme::kGrid);
  m_reading->setObjectName(QStringLiteral("logReading"));
  m_counts->setObjectName(QStringLiteral("logCounts"));
  m_counts->setForegroundRole(QPalette::PlaceholderText);

  auto* bar = new QHBoxLayout(m_bar);
  bar->setContentsMargins(0, 0, 0, 0);
  bar->setSpacing(theme::kGrid);
  bar->addWidget(m_counts);
  bar->addSpacing(theme::kGrid);
  bar->addWidget(m_filter);
  bar->addWidget(toolButton(m_pause));
  bar->addWidget(toolButton(m_clear));

  m_text->setObjectName(QStringLiteral("logText"));
  m_text->setAccessibleName(tr("Text of the current row"));
  m_text->setReadOnly(true);
  m_text->setFrameShape(QFrame::NoFrame);
  m_text->setFont(theme::dataFont());
  m_text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
  m_text->setMinimumHeight(QFontMetrics(m_text->font()).lineSpacing() * 2 + 2 * theme::kGrid);
  m_text->hide();

  auto* splitter = new QSplitter(Qt::Vertical);
  splitter->setChildrenCollapsible(false);
  splitter->addWidget(m_view);
  splitter->addWidget(m_text);
  splitter->setStretchFactor(0, 3);
  splitter->setStretchFactor(1, 1);

  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(0);
  layout->addWidget(m_bar);
  layout->addWidget(m_reading);
  layout->addWidget(splitter, 1);

  connect(m_filter, &QLineEdit::textChanged, this, [this](const QString& text) {
    m_model.setFilter(text.trimmed());
    if (const auto& error = m_model.filterError())
      m_reading->showError(*error);
    else
      m_reading->showWords(QString::fromStdString(m_model.query().inWords()));
    showCounts();
  });
  connect(m_pause, &QAction::toggled, &model, &LogModel::setPaused);
  connect(m_clear, &QAction::triggered, &model, &LogModel::clear);
  connect(&model, &LogModel::pausedChanged, m_pause, &QAction::setChecked);
  connect(&model, &LogModel::countsChanged, this, &LogPane::showCounts);
  connect(m_view, &LogView::callChosen, this, &LogPane::callChosen);
  connect(m_view->selectionModel(), &QItemSelectionModel::selectionChanged, this, &LogPane::showText);
  connect(&model, &QAbstractItemModel::modelReset, this, &LogPane::showText);
  connect(&model, &QAbstractItemModel::rowsInserted, this,
          [this](const QModelIndex&, int first, int last) { selectFirstMiss(first, last); });
  showCounts();
}

void LogPane::showCounts() {
  QStringList parts;
  if (m_model.isPaused()) {
    parts += tr("paused · %1 new").arg(countText(m_model.newWhilePaused()));
  }
  const auto shown = static_cast<std::uint64_t>(m_model.rowCount());
  if (!m_model.filter().isEmpty()) {
    parts += tr("%1 of %2 shown").arg(countText(shown), countText(m_model.held()));
  }
  if (m_model.dropped() > 0) parts += tr("%1 older left out").arg(countText(m_model.dropped()));
  m_counts->setText(parts.join(QStringLiteral(" · ")));
}

void LogPane::showText() {
  const QModelIndexList rows = m_view->selectionModel()->selectedRows();
  QString text;
  const bool hadMiss = m_hasMiss;
  const auto miss = std::exchange(m_miss, nullptr);
  const QString missText = std::exchange(m_missText, QString());
  m_hasMiss = false;
  if (rows.size() == 1) {
    const int row = rows.front().row();
    const ReplayEvent& event = m_model.event(row);
    text = QString::fromStdString(logText(event));
    m_hasMiss = isMiss(event);
    if (m_hasMiss) {
      m_miss = m_model.explanation(row);
      m_missText = text;
    }
    if (m_hasMiss || !text.contains(u'\n')) text.clear();
  }
  if (text != m_text->toPlainText()) m_text->setPlainText(text);
  m_text->setVisible(!text.isEmpty());
  if (hadMiss != m_hasMiss || miss != m_miss || missText != m_missText) emit missChanged();
}

void LogPane::selectFirstMiss(int first, int last) {
  if (m_view->selectionModel()->hasSelection()) return;
  for (int row = first; row <= last; ++row) {
    if (!isMiss(m_model.event(row))) continue;
    // Whoever watches the tail goes on doing so.
    m_view->setAutoScroll(false);
    m_view->selectRow(row);
    m_view->setAutoScroll(true);
    return;
  }
}

void LogPane::goToNextMiss() {
  const QModelIndexList rows = m_view->selectionModel()->selectedRows();
  const int row = m_model.nextMiss(rows.isEmpty() ? -1 : rows.front().row());
  if (row < 0) return;
  m_view->selectRow(row);
  m_view->scrollTo(m_model.index(row, 0));
}

}  // namespace retake::gui
