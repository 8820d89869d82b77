#include "server/check_pane.h"

#include <QAction>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QProgressBar>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>

#include "detail/text_label.h"
#include "document/document.h"
#include "server/row_delegate.h"
#include "theme/theme.h"

namespace retake::gui {

CheckPane::CheckPane(Document& document, QWidget* parent)
    : QWidget(parent),
      m_document(document),
      m_check(new QAction(this)),
      m_strip(new QWidget),
      m_sentence(new TextLabel(theme::Role::TextMuted)),
      m_progress(new QProgressBar),
      m_table(new QTableView) {
  setObjectName(QStringLiteral("checkPane"));
  m_check->setObjectName(QStringLiteral("checkAll"));
  m_check->setShortcut(QKeySequence(Qt::CTRL | Qt::Key_F5));
  m_sentence->setObjectName(QStringLiteral("checkSentence"));
  m_sentence->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
  m_progress->setObjectName(QStringLiteral("checkProgress"));
  m_progress->setAccessibleName(tr("How much of the check is done"));
  m_progress->setTextVisible(false);
  m_progress->setFixedSize(40 * theme::kGrid, 2 * theme::kGrid);

  auto* button = new QToolButton;
  button->setDefaultAction(m_check);
  button->setObjectName(QStringLiteral("checkAllButton"));
  button->setAccessibleName(tr("Check all"));
  button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
  button->setFocusPolicy(Qt::StrongFocus);

  m_table->setObjectName(QStringLiteral("checkTable"));
  m_table->setAccessibleName(tr("Calls that were not answered as recorded"));
  m_table->setModel(&m_model);
  m_table->setItemDelegate(new RowDelegate(this));
  m_table->setFont(theme::dataFont());
  m_table->setFrameShape(QFrame::NoFrame);
  m_table->setShowGrid(false);
  m_table->setWordWrap(false);
  m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
  m_table->setSelectionMode(QAbstractItemView::SingleSelection);
  m_table->setTabKeyNavigation(false);
  m_table->setAutoScroll(false);
  // Call, method and the beginning of the difference, whose whole is in the tooltip.
  m_table->setMinimumWidth(90 * theme::kGrid);
  m_table->verticalHeader()->hide();
  m_table->horizontalHeader()->setFont(QGuiApplication::font());
  const QFontMetrics metrics(m_table->font());
  m_table->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
  const int row = metrics.height() + 2 * theme::kGrid;
  m_table->verticalHeader()->setDefaultSectionSize(row);
  m_table->setMinimumHeight(3 * row);
  m_table->horizontalHeader()->setStretchLastSection(true);
  m_table->horizontalHeader()->setHighlightSections(false);
  const auto width = [&metrics](QStringView sample) {
    return metrics.horizontalAdvance(sample.toString()) + 4 * theme::kGrid;
  };
  m_table->setColumnWidth(static_cast<int>(CheckColumn::Number), width(u"#9999"));
  m_table->setColumnWidth(static_cast<int>(CheckColumn::Method), width(u"store.v1.Store/ListItems"));

  auto* strip = new QHBoxLayout(m_strip);
  strip->setContentsMargins(0, 0, 0, 0);
  strip->setSpacing(theme::kGroupGap);
  strip->addWidget(m_sentence, 1);
  strip->addWidget(m_progress);
  strip->addWidget(button);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(0);
  layout->addWidget(m_strip);
  layout->addWidget(m_table, 1);

  connect(m_check, &QAction::triggered, this, &CheckPane::start);
  connect(&m_job, &Job::changed, this, &CheckPane::showProgress);
  connect(m_table, &QTableView::clicked, this,
          [this](const QModelIndex& index) { emit callChosen(m_model.call(index.row())); });
  connect(m_table, &QTableView::activated, this,
          [this](const QModelIndex& index) { emit callChosen(m_model.call(index.row())); });
  connect(&document, &Document::changed, this, [this](const SnapshotChange& change) {
    if (change.file) {
      m_job.cancel();
      m_model.setCalls({});
      m_sentence->setText({});
    } else if (m_model.rowCount() > 0 || !m_sentence->text().isEmpty()) {
      m_sentence->setRole(theme::Role::TextMuted);
      if (!m_job.isRunning()) m_sentence->setText(tr("edited since the last check"));
    }
    showState();
  });
  connect(&document, &Document::fileChanged, this, &CheckPane::showState);
  showState();
}

void CheckPane::start() {
  if (m_job.isRunning()) return m_job.cancel();
  if (!m_document.isOpen()) return;
  m_model.setCalls({});
  m_sentence->setText({});
  const Snapshot snapshot = m_document.snapshot();
  using Shared = std::shared_ptr<const Result<CheckReport>>;
  m_job.start(
      tr("Checking all calls"),
      [snapshot, options = tryOptions(snapshot.workspace->policy)](const Task& task) -> Shared {
        return std::make_shared<const Result<CheckReport>>(checkAll(snapshot, options, task));
      },
      [this, recording = snapshot.recording](const Shared& result) {
        if (!*result) {
          m_sentence->setRole(theme::Role::Error);
          m_sentence->setText(QStringLiteral("✗ ") + QString::fromStdString(result->error().message));
        } else if (recording->source() == m_document.snapshot().recording->source()) {
          showReport(**result);
        }
        showState();
      });
  showState();
}

void CheckPane::showReport(const CheckReport& report) {
  m_model.setCalls(report.differing);
  m_sentence->setRole(allAsRecorded(report)                ? theme::Role::Matched
                      : report.asRecorded == report.played ? theme::Role::TextMuted
                                                           : theme::Role::Error);
  m_sentence->setText(checkSentence(report));
}

void CheckPane::showProgress() {
  m_progress->setVisible(m_job.isRunning());
  if (!m_job.isRunning()) return;
  const auto progress = m_job.progress();
  m_progress->setRange(0, progress ? 1000 : 0);
  if (progress) m_progress->setValue(static_cast<int>(*progress * 1000));
}

void CheckPane::showState() {
  const bool running = m_job.isRunning();
  const bool open = m_document.isOpen();
  m_check->setText(running ? tr("Cancel the check") : tr("Check all"));
  m_check->setIcon(theme::icon(running ? QStringLiteral("x") : QStringLiteral("check-check")));
  m_check->setEnabled(open);
  m_check->setToolTip(
      !open     ? tr("Open a recording first")
      : running ? tr("Stop playing calls (Ctrl+F5)")
                : tr("Play every recorded call against a stand-in of its own, in memory (Ctrl+F5)"));
  m_progress->setVisible(running);
  if (running) {
    m_sentence->setRole(theme::Role::TextMuted);
    m_sentence->setText(tr("playing every call against a stand-in in memory…"));
  }
  setVisible(m_model.rowCount() > 0);
  // Qt 6.4's accessible table crashes without a current row.
  if (m_model.rowCount() > 0 && !m_table->currentIndex().isValid()) {
    m_table->selectionModel()->setCurrentIndex(m_model.index(0, 0), QItemSelectionModel::NoUpdate);
  }
}

}  // namespace retake::gui
