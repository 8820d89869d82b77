#include <QDir>
#include <QMenu>
#include <QMenuBar>
#include <QToolBar>
#include <QToolButton>
#include <QVBoxLayout>

#include "calls/call_table.h"
#include "detail/detail_pane.h"
#include "filter/filter_reading.h"
#include "scrub/scrub_panel.h"
#include "server/server_panel.h"
#include "theme/theme.h"
#include "timeline/timeline_pane.h"
#include "window/address_label.h"
#include "window/copy_flow.h"
#include "window/file_flow.h"
#include "window/filter_bar.h"
#include "window/main_window.h"
#include "window/pane_dock.h"
#include "window/schema_flow.h"
#include "window/theme_menu.h"

// Menus and tool bar: which commands stand where.
namespace retake::gui {
namespace {

// The commands of a pane, behind a line of their own.
void addPaneActions(QMenu& menu, const QWidget* pane) {
  if (!pane || pane->actions().isEmpty()) return;
  menu.addSeparator();
  menu.addActions(pane->actions());
}

void addWithText(QToolBar& tools, QAction* action) {
  tools.addAction(action);
  qobject_cast<QToolButton*>(tools.widgetForAction(action))->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
}

// The command of that name, with its words beside its icon.
void addWithText(QToolBar& tools, const QWidget* pane, const char* name) {
  for (QAction* action : pane->actions())
    if (action->objectName() == QLatin1String(name)) addWithText(tools, action);
}

}  // namespace

void MainWindow::buildToolBar() {
  m_tools = addToolBar(tr("Tools"));
  m_tools->setObjectName(QStringLiteral("toolBar"));
  m_tools->setMovable(false);
  m_tools->setContextMenuPolicy(Qt::PreventContextMenu);
  m_tools->addActions({m_actions.open, m_actions.save});
  m_tools->addSeparator();
  m_tools->addActions({m_actions.undo, m_actions.redo});
  m_tools->addSeparator();
  m_tools->addActions({m_actions.back, m_actions.forward});
  m_tools->addSeparator();
  addWithText(*m_tools, m_scrubPanel, "scrubOn");
  m_tools->addSeparator();
  addWithText(*m_tools, m_serverPanel, "serverToggle");
  addWithText(*m_tools, m_actions.record);
  m_tools->addWidget(new AddressLabel(m_server));
  m_filter = new FilterBar(m_rows, m_tools);
  m_tools->addWidget(m_filter);
  qobject_cast<QVBoxLayout*>(centralWidget()->layout())->insertWidget(0, &m_filter->reading());
}

void MainWindow::buildMenus() {
  QMenu* file = menuBar()->addMenu(tr("&File"));
  file->addActions({m_actions.open, m_actions.openSample});
  QMenu* recent = file->addMenu(theme::icon(QStringLiteral("history")), tr("Open &recent"));
  connect(recent, &QMenu::aboutToShow, this, [this, recent] {
    recent->clear();
    for (const QString& path : m_recent.paths())
      recent->addAction(QDir::toNativeSeparators(path).replace(u'&', QStringLiteral("&&")), m_files,
                        [this, path] { m_files->open(path); });
    recent->addSeparator();
    recent->addAction(tr("Forget these"), &m_recent, &RecentFiles::clear)
        ->setEnabled(!m_recent.paths().isEmpty());
  });
  file->addSeparator();
  file->addActions({m_actions.save, m_actions.saveAs});
  file->addSeparator();
  file->addAction(m_actions.follow);
  file->addSeparator();
  QMenu* schema = file->addMenu(theme::icon(QStringLiteral("schema")), tr("S&chema"));
  m_schemas->fillMenu(*schema);
  connect(schema, &QMenu::aboutToShow, this, [this, schema] { m_schemas->fillMenu(*schema); });
  file->addSeparator();
  file->addActions({m_actions.closeFile, m_actions.quit});

  QMenu* edit = menuBar()->addMenu(tr("&Edit"));
  edit->addActions({m_actions.undo, m_actions.redo});
  edit->addSeparator();
  edit->addActions({m_actions.duplicateCall, m_actions.removeCall});
  edit->addSeparator();
  edit->addActions(m_detail->editActions());

  QMenu* view = menuBar()->addMenu(tr("&View"));
  view->addActions(
      {m_actions.focusTimeline, m_actions.focusTable, m_actions.focusDetail, m_actions.focusBottom});
  view->addSeparator();
  for (const PaneDock* dock : std::as_const(m_docks)) view->addAction(dock->showAction());
  view->addSeparator();
  view->addActions({m_actions.nextPane, m_actions.previousPane});
  view->addSeparator();
  view->addActions(m_detail->viewActions());
  QMenu* timeline = view->addMenu(theme::icon(QStringLiteral("timeline")), tr("T&imeline"));
  timeline->addActions(m_timeline->actions());
  view->addSeparator();
  fillThemeMenu(*view->addMenu(theme::icon(QStringLiteral("theme")), tr("The&me")));

  QMenu* go = menuBar()->addMenu(tr("&Go"));
  go->addActions({m_actions.back, m_actions.forward, m_actions.goToCall});
  go->addSeparator();
  go->addActions({m_actions.nextCall, m_actions.previousCall});
  go->addActions(m_detail->goActions());
  go->addSeparator();
  go->addActions(m_actions.singleLetters());

  QMenu* calls = menuBar()->addMenu(tr("&Calls"));
  calls->addActions({m_actions.filter, m_actions.onlyMethod, m_actions.onlyStatus, m_actions.clearFilter});
  calls->addSeparator();
  calls->addAction(m_actions.copyRow);
  calls->addMenu(&m_copyFlow->menu());
  QMenu* scrub = menuBar()->addMenu(tr("Sc&rub"));
  scrub->addActions(m_scrubPanel->actions());
  QMenu* server = menuBar()->addMenu(tr("&Server"));
  server->addAction(m_actions.record);
  addPaneActions(*server, m_serverPanel);
  for (const PaneDock* dock : std::as_const(m_docks))
    if (dock->pane() != m_serverPanel && dock->pane() != m_scrubPanel)
      addPaneActions(dock->objectName() == QLatin1String("Try") ? *server : *calls, dock->pane());

  QMenu* help = menuBar()->addMenu(tr("&Help"));
  help->addActions({m_actions.commands, m_actions.help});
  help->addSeparator();
  help->addAction(m_actions.about);
}

}  // namespace retake::gui
