#include "window/main_window.h"

#include <QApplication>
#include <QCloseEvent>
#include <QDir>
#include <QLabel>
#include <QMenuBar>
#include <QMessageBox>
#include <QScreen>
#include <QSettings>
#include <QSplitter>
#include <QStackedWidget>
#include <QToolBar>
#include <QVBoxLayout>

#include "calls/call_table.h"
#include "calls/call_text.h"
#include "detail/detail_pane.h"
#include "detail/messages_pane.h"
#include "detail/scrolled_pane.h"
#include "panes/initial_state_pane.h"
#include "panes/problems_pane.h"
#include "scrub/scrub_overlay.h"
#include "scrub/scrub_panel.h"
#include "server/server_panel.h"
#include "server/try_panel.h"
#include "theme/theme.h"
#include "timeline/timeline_model.h"
#include "timeline/timeline_pane.h"
#include "timeline/timeline_view.h"
#include "window/awaited_calls.h"
#include "window/call_flow.h"
#include "window/close_guard.h"
#include "window/command_palette.h"
#include "window/copy_flow.h"
#include "window/drop_target.h"
#include "window/file_flow.h"
#include "window/filter_bar.h"
#include "window/filter_flow.h"
#include "window/first_arrangement.h"
#include "window/focus.h"
#include "window/follow_flow.h"
#include "window/help_dialog.h"
#include "window/layout_store.h"
#include "window/message_bar.h"
#include "window/navigator.h"
#include "window/pane_dock.h"
#include "window/record_flow.h"
#include "window/recovery_flow.h"
#include "window/schema_flow.h"
#include "window/scrub_flow.h"
#include "window/start_page.h"
#include "window/status_line.h"

namespace retake::gui {
namespace {

// What a window manager is likely to draw around the window.
constexpr QSize kFrame(4, 36);

}  // namespace

MainWindow::MainWindow(Layout layout) : m_layout(layout) {
  setObjectName(QStringLiteral("mainWindow"));
  setWindowIcon(theme::icon(QStringLiteral("retake")));
  setDockOptions(AnimatedDocks | AllowTabbedDocks | AllowNestedDocks);
  setDocumentMode(true);
  for (const auto area :
       {Qt::BottomDockWidgetArea, Qt::TopDockWidgetArea, Qt::LeftDockWidgetArea, Qt::RightDockWidgetArea})
    setTabPosition(area, QTabWidget::North);

  buildCentre();
  m_guard = new CloseGuard(m_document, m_drafts, this);
  m_files = new FileFlow(m_document, *m_guard, *m_bar, m_recent, this);
  m_follow = new FollowFlow(m_document, *m_files, *m_bar, *m_actions.follow, this);
  m_record = new RecordFlow(m_document, m_server, *m_follow, *m_guard, *m_bar, *m_actions.record, this);
  m_recovery = new RecoveryFlow(m_document, m_selection, m_drafts, *m_guard, *m_bar, this);
  m_schemas = new SchemaFlow(m_document, m_actions, this);
  m_navigator = new Navigator(m_document, m_selection, m_rows, m_actions, this);
  m_callFlow = new CallFlow(m_document, m_selection, m_rows, m_actions, this);
  m_copyFlow = new CopyFlow(m_document, m_selection, this);
  buildDocks();
  buildToolBar();
  buildMenus();
  m_status = new StatusLine(m_document, m_rows, m_drafts, m_server, this);
  setStatusBar(m_status);
  connectActions();

  resize(QSize(1280, 800).boundedTo(screen()->availableSize() - kFrame));
  if (m_layout == Layout::Remembered) layoutStore().restoreGeometry();
  updateOpenState();
  updateTitle();
}

MainWindow::~MainWindow() {
  // The panes go before what they show.
  qDeleteAll(findChildren<QDockWidget*>(Qt::FindDirectChildrenOnly));
  delete takeCentralWidget();
}

void MainWindow::buildCentre() {
  m_outer = new QSplitter(Qt::Vertical);
  m_outer->setObjectName(QStringLiteral("outerSplitter"));
  m_columns = new QSplitter(Qt::Horizontal);
  m_columns->setObjectName(QStringLiteral("columnSplitter"));
  m_table = new CallTable(m_document, m_selection, m_rows);
  m_timeline = new TimelinePane(m_document, m_selection, m_rows);
  auto* awaited = new AwaitedCalls(m_document, m_server);
  auto* calls = new QStackedWidget;
  calls->addWidget(m_timeline);
  calls->addWidget(awaited);
  connect(awaited, &AwaitedCalls::awaitingChanged, calls, &QStackedWidget::setCurrentIndex);
  m_outer->addWidget(calls);
  m_columns->addWidget(m_table);
  m_detail = new DetailPane(m_document, m_selection, m_drafts, nullptr);
  m_columns->addWidget(new ScrolledPane(m_detail));
  m_columns->setStretchFactor(0, 5);
  m_columns->setStretchFactor(1, 6);
  m_columns->setChildrenCollapsible(false);
  m_outer->addWidget(m_columns);
  m_outer->setStretchFactor(0, 0);
  m_outer->setStretchFactor(m_outer->count() - 1, 1);
  m_outer->setChildrenCollapsible(false);

  m_start = new StartPage(m_recent);
  m_pages = new QStackedWidget;
  m_pages->addWidget(new ScrolledPane(m_start));
  m_pages->addWidget(m_outer);
  m_bar = new MessageBar;
  auto* centre = new QWidget;
  auto* layout = new QVBoxLayout(centre);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(0);
  layout->addWidget(m_bar);
  layout->addWidget(m_pages, 1);
  setCentralWidget(centre);
}

void MainWindow::buildDocks() {
  const auto add = [this](const char* name, const QString& title, int number, QWidget* pane) {
    auto* dock = new PaneDock(QLatin1String(name), title,
                              QKeySequence(Qt::CTRL | static_cast<Qt::Key>(Qt::Key_0 + number)), pane, this);
    addDockWidget(Qt::BottomDockWidgetArea, dock);
    if (!m_docks.isEmpty()) tabifyDockWidget(m_docks.last(), dock);
    m_docks << dock;
    return dock;
  };
  add("Messages", tr("Messages"), 5, new MessagesPane(m_document, m_selection, nullptr));
  m_scrubPanel = new ScrubPanel(m_scrub, m_document, m_selection);
  m_scrubDock = add("Scrub", tr("Scrub"), 0, m_scrubPanel);
  auto* server = new ServerPanel(m_server, m_document, m_selection);
  connect(server, &ServerPanel::editWanted, this, [this] { focusInside(*m_detail); });
  m_serverPanel = server;
  m_serverDock = add("Server", tr("Server"), 6, m_serverPanel);
  add("Try", tr("Try"), 7, new TryPanel(m_document, m_selection, m_drafts));
  m_initialStateDock =
      add("InitialState", tr("Initial state"), 8, new InitialStatePane(m_document, m_drafts, nullptr));
  auto* problems = new ProblemsPane(m_document, m_selection, nullptr);
  connect(problems, &ProblemsPane::typesWanted, m_actions.giveTypes, &QAction::trigger);
  m_problemsDock = add("Problems", tr("Problems"), 9, problems);
  m_docks.first()->raise();
  m_arrangement = new FirstArrangement(*this, *m_docks.first(), *m_outer, *m_columns, *m_timeline);
}

void MainWindow::connectActions() {
  connect(m_actions.open, &QAction::triggered, m_files, &FileFlow::chooseAndOpen);
  connect(m_actions.openSample, &QAction::triggered, m_files, &FileFlow::openSample);
  for (const QAction* save : {m_actions.save, m_actions.saveAs}) {
    connect(save, &QAction::triggered, m_detail, &DetailPane::finishEditing);
    connect(save, &QAction::triggered, m_serverPanel, &ServerPanel::finishEditing);
    connect(save, &QAction::triggered, m_scrubPanel, &ScrubPanel::finishEditing);
  }
  connect(&m_drafts, &Drafts::changed, this, &MainWindow::updateTitle);
  connect(m_guard, &CloseGuard::aboutToAsk, m_detail, &DetailPane::finishEditing);
  connect(m_guard, &CloseGuard::aboutToAsk, m_serverPanel, &ServerPanel::finishEditing);
  connect(m_guard, &CloseGuard::aboutToAsk, m_scrubPanel, &ScrubPanel::finishEditing);
  connect(m_actions.save, &QAction::triggered, m_files, &FileFlow::save);
  connect(m_actions.saveAs, &QAction::triggered, m_files, &FileFlow::saveAs);
  connect(m_actions.closeFile, &QAction::triggered, m_files, &FileFlow::closeFile);
  connect(m_actions.quit, &QAction::triggered, this, &QWidget::close);
  connect(m_actions.copyRow, &QAction::triggered, m_table, &CallTable::copy);
  connect(m_actions.filter, &QAction::triggered, m_filter, &FilterBar::focusFilter);
  connect(m_actions.onlyMethod, &QAction::triggered, m_table, &CallTable::filterByMethod);
  connect(m_actions.onlyStatus, &QAction::triggered, m_table, &CallTable::filterByStatus);
  connect(m_actions.clearFilter, &QAction::triggered, this, [this] { m_filter->setText({}); });
  connect(m_actions.nextPane, &QAction::triggered, this, [this] { cyclePanes(1); });
  connect(m_actions.previousPane, &QAction::triggered, this, [this] { cyclePanes(-1); });
  connect(m_actions.focusTable, &QAction::triggered, m_table,
          [this] { m_table->setFocus(Qt::ShortcutFocusReason); });
  connect(m_actions.focusTimeline, &QAction::triggered, m_timeline, [this] { focusInside(*m_timeline); });
  connect(m_actions.focusDetail, &QAction::triggered, m_detail, [this] { focusInside(*m_detail); });
  connect(m_actions.focusBottom, &QAction::triggered, this, [this] {
    for (PaneDock* dock : std::as_const(m_docks))
      if (dock->isVisible() && !dock->visibleRegion().isEmpty()) return dock->reveal();
    m_docks.first()->reveal();
  });
  connect(m_actions.commands, &QAction::triggered, this,
          [this] { (new CommandPalette(*menuBar(), this))->open(); });
  connect(m_actions.help, &QAction::triggered, this, [this] { (new HelpDialog(*menuBar(), this))->show(); });
  connect(m_actions.about, &QAction::triggered, this, &MainWindow::showAbout);
  // In the timeline the same letters go by what it shows.
  m_table->addActions(m_actions.singleLetters() << m_actions.copyRow << m_actions.removeCall);
  for (QAction* action : m_serverPanel->actions())
    if (action->objectName() == QLatin1String("serverNextMiss")) m_table->addAction(action);
  m_table->setRowActions({m_copyFlow->menu().menuAction(), m_actions.duplicateCall, m_actions.removeCall});
  m_timeline->addAction(m_actions.removeCall);
  connect(m_follow, &FollowFlow::changed, m_status,
          [this] { m_status->showFollowing(m_follow->isFollowing(), m_follow->newCalls()); });
  connect(m_record, &RecordFlow::openWanted, m_files, &FileFlow::open);
  connect(m_start, &StartPage::recordRequested, m_actions.record, &QAction::trigger);
  connect(m_status, &StatusLine::recordingClicked, m_serverDock, &PaneDock::reveal);
  connect(m_status, &StatusLine::followingClicked, m_actions.follow, &QAction::trigger);
  connect(m_callFlow, &CallFlow::said, this, [this](const QString& text) { m_status->say(text); });
  connect(m_schemas, &SchemaFlow::said, this, [this](const QString& text) { m_status->say(text); });
  connect(m_schemas, &SchemaFlow::failed, m_bar,
          [this](const QString& sentence) { m_bar->show(MessageBar::Kind::Error, sentence); });
  connect(m_recovery, &RecoveryFlow::said, this, [this](const QString& text) { m_status->say(text); });
  connect(m_copyFlow, &CopyFlow::said, this, [this](const QString& text) { m_status->say(text); });
  connect(m_copyFlow, &CopyFlow::failed, m_bar,
          [this](const QString& sentence) { m_bar->show(MessageBar::Kind::Error, sentence); });
  connect(m_callFlow, &CallFlow::failed, m_bar,
          [this](const QString& sentence) { m_bar->show(MessageBar::Kind::Error, sentence); });

  connect(m_start, &StartPage::openRequested, m_files, &FileFlow::chooseAndOpen);
  connect(m_start, &StartPage::sampleRequested, m_files, &FileFlow::openSample);
  connect(m_start, &StartPage::fileRequested, m_files, &FileFlow::open);
  connect(m_files, &FileFlow::schemaFound, m_schemas, &SchemaFlow::replace);
  connect(m_detail, &DetailPane::schemaWanted, m_actions.loadSchema, &QAction::trigger);
  connect(m_guard, &CloseGuard::draftRequested, this, &MainWindow::showDraft);
  connect(m_status, &StatusLine::draftRequested, this, &MainWindow::showDraft);
  connect(m_filter, &FilterBar::left, m_table, [this] { m_table->setFocus(Qt::ShortcutFocusReason); });
  connect(m_table, &CallTable::filterRequested, m_filter, &FilterBar::setText);
  connect(m_navigator, &Navigator::filterInTheWay, this, [this] { m_filter->setText({}); });
  connect(m_navigator, &Navigator::said, this, [this](const QString& text) { m_status->say(text); });
  auto* drop = new DropTarget(this);
  connect(drop, &DropTarget::hovered, m_start, &StartPage::setDropHighlighted);
  connect(drop, &DropTarget::dropped, this, [this](const QStringList& paths) { open(paths); });

  connect(&m_document, &Document::fileChanged, this, &MainWindow::updateOpenState);
  connect(&m_document, &Document::fileChanged, this, &MainWindow::updateTitle);
  connect(&m_document, &Document::changed, this, &MainWindow::updateTitle);
  connect(&m_scrub, &ScrubController::rulesChanged, this, &MainWindow::updateTitle);
  connect(&m_document, &Document::modifiedChanged, this, &MainWindow::updateTitle);
  connect(&m_document, &Document::fileOpened, this, [this] {
    m_filter->setText({});
    m_selection.selectCall(0);
    m_table->setFocus();
  });
  connect(&m_document, &Document::saved, this,
          [this](const QString& path) { m_status->say(tr("Saved %1").arg(QDir::toNativeSeparators(path))); });
  connect(&m_document, &Document::schemaLoaded, m_bar, [this] {
    if (!m_document.schemaPlaces().isEmpty()) m_status->say(tr("The schema is loaded"));
    const QString& unread = m_document.workspaceError();
    if (m_bar->showsError() && (unread.isEmpty() || !m_bar->message().contains(unread))) m_bar->dismiss();
  });
  connect(&m_document, &Document::problemsChanged, this, &MainWindow::updateCounts);
  connect(&m_server, &ServerController::countsChanged, this, &MainWindow::updateCounts);
  connect(&m_scrub, &ScrubController::countsChanged, this, &MainWindow::updateScrubHits);
  connect(&m_scrub, &ScrubController::rulesChanged, this, &MainWindow::updateScrubHits);
  connect(m_scrubPanel, &ScrubPanel::said, this, [this](const QString& text) { m_status->say(text); });
  m_detail->entryView().setOverlay(new ScrubOverlay(m_scrub, this));
  new ScrubFlow(m_document, m_selection, *m_detail, *m_scrubPanel, this);
  m_rows.showUse(m_used);
  new FilterFlow(m_document, m_selection, m_rows, *m_filter, *m_detail, this);
  m_table->showUse(m_used);
  m_timeline->model().showUse(m_used);
  connect(&m_server, &ServerController::hit, &m_used, &UsedCalls::add);
  connect(&m_server, &ServerController::usedForgotten, &m_used, &UsedCalls::clear);
  connect(&m_server, &ServerController::failed, m_bar,
          [this](const QString& sentence) { m_bar->show(MessageBar::Kind::Error, sentence); });
}

void MainWindow::open(const QStringList& paths, const QStringList& schemas) {
  if (schemas.isEmpty())
    m_files->openAll(paths);
  else
    m_files->openWith(paths, schemas);
  m_recovery->offerAny();
}

void MainWindow::updateTitle() {
  if (!m_document.isOpen()) {
    setWindowTitle(QStringLiteral("Retake"));
    setWindowModified(false);
    return;
  }
  QString title = QStringLiteral("%1[*] — ").arg(m_document.displayName()) +
                  (m_rows.total() == 1 ? tr("1 call") : tr("%1 calls").arg(countText(m_rows.total())));
  const auto edits =
      m_document.editedEntries().size() + (m_document.snapshot().recording->initialStateEdited() ? 1 : 0);
  if (edits > 0)
    title += QStringLiteral(" · ") + (edits == 1 ? tr("1 edit") : tr("%1 edits").arg(countText(edits)));
  if (const auto rules = m_scrub.isOn() ? m_scrub.rules().size() : 0; rules > 0)
    title += QStringLiteral(" · ") + (rules == 1 ? tr("1 rule") : tr("%1 rules").arg(countText(rules)));
  setWindowTitle(title);
  setWindowModified(m_document.isModified());
  m_actions.save->setEnabled(m_document.isModified() || m_document.path().isEmpty() || m_drafts.hasLeaves());
}

// Without a recording there is the start page and nothing around it.
void MainWindow::updateOpenState() {
  const bool open = m_document.isOpen();
  const bool wasOpen = m_pages->currentWidget() == m_outer;
  for (QAction* action : m_actions.needRecording()) action->setEnabled(open);
  for (PaneDock* dock : std::as_const(m_docks)) dock->showAction()->setEnabled(open);
  m_tools->setVisible(open);
  if (!open) {
    if (wasOpen) m_paneState = saveState();
    for (PaneDock* dock : std::as_const(m_docks)) dock->hide();
    m_pages->setCurrentIndex(0);
    m_start->setFocus();
    return;
  }
  if (wasOpen) return;
  m_pages->setCurrentWidget(m_outer);
  if (!m_paneState.isEmpty()) {
    restoreState(m_paneState);
  } else if (m_layout == Layout::Safe || !layoutStore().restore()) {
    for (PaneDock* dock : std::as_const(m_docks)) dock->show();
    m_docks.first()->raise();
    m_arrangement->begin();
  }
  m_tools->show();
}

LayoutStore MainWindow::layoutStore() { return {*this, *m_outer, *m_columns, m_timeline->view()}; }

void MainWindow::updateCounts() {
  if (m_problemsDock) m_problemsDock->setCount(m_document.problems().size());
  m_serverDock->setCount(m_server.missed(), QStringLiteral("▲"));
}

void MainWindow::updateScrubHits() {
  const auto& counts = m_scrub.counts();
  const bool shown = m_scrub.isOn() && counts && counts->hits > 0;
  m_rows.setScrubHits(shown ? std::shared_ptr<const std::vector<std::uint32_t>>(counts, &counts->byCall)
                            : nullptr);
  m_scrubDock->setCount(shown ? counts->hits : 0);
}

void MainWindow::cyclePanes(int step) {
  QList<QWidget*> panes;
  for (QWidget* pane : std::initializer_list<QWidget*>{m_timeline, m_table, m_detail}) panes << pane;
  for (PaneDock* dock : std::as_const(m_docks))
    if (dock->isVisible() && !dock->visibleRegion().isEmpty()) panes << dock->pane();
  const QWidget* focus = QApplication::focusWidget();
  qsizetype at = step > 0 ? -1 : 0;
  for (qsizetype i = 0; i < panes.size(); ++i)
    if (focus && (panes[i] == focus || panes[i]->isAncestorOf(focus))) at = i;
  focusInside(*panes[(at + step + panes.size()) % panes.size()]);
}

void MainWindow::showDraft() {
  if (const auto entry = m_drafts.first()) {
    m_selection.selectEntry(*entry);
    focusInside(*m_detail);
  } else if (m_drafts.draft(kInitialStateDraft)) {
    m_initialStateDock->reveal();
  } else if (m_drafts.count() > 0) {
    m_status->say(tr("The call that the draft belongs to is deleted; undo brings it back"));
  }
}

void MainWindow::showAbout() {
  auto* box = new QMessageBox(this);
  box->setObjectName(QStringLiteral("aboutBox"));
  box->setAttribute(Qt::WA_DeleteOnClose);
  box->setWindowTitle(tr("About Retake"));
  box->setIconPixmap(windowIcon().pixmap(64));
  box->setText(tr("<h3>Retake %1</h3>").arg(QApplication::applicationVersion()));
  box->setInformativeText(
      tr("Opens, edits and serves recordings of gRPC calls.\n\nLicensed under the Apache License 2.0. "
         "Icons by Lucide, under the ISC licence. Uses Qt %1, gRPC and Protocol Buffers.")
          .arg(QLatin1String(qVersion())));
  box->open();
}

void MainWindow::closeEvent(QCloseEvent* event) {
  if (!m_closing) {
    // Where there is nothing to ask, closing goes on in this very event; otherwise in one of its own.
    const auto inEvent = std::make_shared<bool>(true);
    m_guard->ask([this, inEvent] {
      m_closing = true;
      if (!*inEvent) close();
    });
    *inEvent = false;
    if (!m_closing) {
      event->ignore();
      return;
    }
  }
  if (m_document.isOpen()) layoutStore().save();
  event->accept();
}

}  // namespace retake::gui
