#include "server/server_panel.h"

#include <QSplitter>
#include <QStackedWidget>
#include <QVBoxLayout>

#include "detail/hairline.h"
#include "detail/note_bar.h"
#include "detail/scrolled_pane.h"
#include "detail/strings.h"
#include "document/document.h"
#include "document/selection.h"
#include "server/call_index.h"
#include "server/come_forward.h"
#include "server/connect_hint.h"
#include "server/log_pane.h"
#include "server/log_view.h"
#include "server/miss_view.h"
#include "server/options_pane.h"
#include "server/options_section.h"
#include "server/request_type.h"
#include "server/server_actions.h"
#include "server/server_bar.h"
#include "server/server_controller.h"
#include "theme/theme.h"

namespace retake::gui {

namespace {

// Narrower than that, what stands beside the log stands below it.
constexpr int kBeside = 200 * theme::kGrid;

}  // namespace

ServerPanel::ServerPanel(ServerController& controller, Document& document, Selection& selection,
                         QWidget* parent)
    : QWidget(parent),
      m_controller(controller),
      m_document(document),
      m_selection(selection),
      m_actions(new ServerActions(controller, document, this)),
      m_note(new NoteBar),
      m_body(new QSplitter(Qt::Horizontal)),
      m_pages(new QStackedWidget),
      m_side(new QStackedWidget),
      m_hint(new ConnectHint),
      m_log(new LogPane(controller.log())),
      m_bar(new ServerBar(controller, document, *m_actions, m_log->bar())),
      m_miss(new MissView(document, selection)),
      m_optionsPane(new OptionsPane(document)) {
  setObjectName(QStringLiteral("serverPanel"));
  setAccessibleName(tr("Server"));
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(0);
  layout->addWidget(m_bar);
  layout->addWidget(m_note);
  layout->addWidget(buildBody(), 1);

  connectActions();
  connect(m_bar, &ServerBar::togglePressed, this, &ServerPanel::toggle);
  connect(&controller, &ServerController::stateChanged, this, &ServerPanel::showState);
  connect(&controller, &ServerController::hit, m_miss, &MissView::addUsed);
  connect(&controller, &ServerController::usedForgotten, m_miss, &MissView::forgetUsed);
  connect(&controller.log(), &LogModel::countsChanged, this, &ServerPanel::showHint);
  connect(&document, &Document::changed, this, [this](const SnapshotChange& change) {
    if (change.file || change.workspace) showState();
    // What is looked at is of another recording: the next miss is what one looks for.
    if (change.file) m_log->view().clearSelection();
  });
  connect(m_log, &LogPane::callChosen, this, [this](EntryId entry) {
    if (const auto call = callIndex(m_document.snapshot(), entry)) m_selection.selectCall(*call);
  });
  connect(m_log, &LogPane::missChanged, this, &ServerPanel::showMiss);
  connect(m_miss, &MissView::editWanted, this, &ServerPanel::editWanted);
  connect(m_miss, &MissView::resetUsedWanted, m_actions->reset(), &QAction::trigger);
  connect(m_optionsPane, &OptionsPane::closeRequested, this, [this] {
    m_actions->options()->setChecked(false);
    m_log->view().setFocus();
  });
  showState();
  showSide();
}

void ServerPanel::connectActions() {
  connect(m_actions->toggle(), &QAction::triggered, this, &ServerPanel::toggle);
  connect(m_actions->nextMiss(), &QAction::triggered, this, &ServerPanel::goToNextMiss);
  m_log->view().addAction(m_actions->nextMiss());
  connect(m_actions->options(), &QAction::toggled, this, &ServerPanel::showSide);
  connect(m_actions->options(), &QAction::triggered, this, [this] {
    if (comeForward(*this)) m_actions->options()->setChecked(true);
  });
  addActions(m_actions->all());
  addActions({m_log->pauseAction(), m_log->clearAction()});
}

QWidget* ServerPanel::buildBody() {
  m_note->setObjectName(QStringLiteral("serverNote"));
  m_pages->addWidget(new ScrolledPane(m_hint));
  m_pages->addWidget(m_log);
  m_side->setObjectName(QStringLiteral("serverSide"));
  m_side->addWidget(m_miss);
  m_side->addWidget(m_optionsPane);
  m_body->setObjectName(QStringLiteral("serverBody"));
  m_body->setChildrenCollapsible(false);
  m_body->addWidget(m_pages);
  m_body->addWidget(m_side);
  m_body->setStretchFactor(0, 1);
  m_body->setStretchFactor(1, 1);
  m_body->setSizes({1000, 1000});
  auto* body = new QWidget;
  auto* layout = new QVBoxLayout(body);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(0);
  layout->addWidget(new Hairline);
  layout->addWidget(m_body, 1);
  return body;
}

void ServerPanel::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  m_body->setOrientation(width() >= kBeside ? Qt::Horizontal : Qt::Vertical);
}

void ServerPanel::showState() {
  std::vector<NoteBar::Note> notes;
  if (m_controller.needsRestart()) {
    notes.push_back({tr("⚠ The endpoints have changed: they count from the next start on"),
                     theme::Role::Warning, m_controller.isRecording() ? QString() : tr("Restart"),
                     [this] { m_controller.restart(); }});
  }
  for (const QString& warning : m_controller.warnings())
    notes.push_back({QStringLiteral("⚠ ") + warning, theme::Role::Warning, {}, {}});
  m_note->setNotes(notes);
  showHint();
}

void ServerPanel::finishEditing() {
  m_bar->changeAddress();
  QWidget* field = focusWidget();
  if (!field || !field->hasFocus()) return;
  field->clearFocus();
  field->setFocus();
}

void ServerPanel::toggle() {
  finishEditing();
  m_controller.toggle();
}

void ServerPanel::showMiss() {
  m_miss->showMiss(m_log->miss(), m_log->missText());
  showSide();
}

void ServerPanel::showSide() {
  const bool options = m_actions->options()->isChecked();
  m_side->setCurrentIndex(options ? 1 : 0);
  m_side->setVisible(options || m_log->hasMiss());
  if (options && isVisible()) m_optionsPane->setFocus();
}

void ServerPanel::goToNextMiss() {
  comeForward(*this);
  m_actions->options()->setChecked(false);
  m_log->goToNextMiss();
}

void ServerPanel::showHint() {
  LogModel& log = m_controller.log();
  // The first line of a session says that it serves; until there is more, how to connect helps more.
  const std::size_t lines = log.held() + log.newWhilePaused();
  const bool waiting = m_controller.isRunning() && lines <= 1;
  m_pages->setCurrentIndex(lines == 0 || waiting ? 0 : 1);
  m_log->bar()->setVisible(m_pages->currentIndex() == 1);
  if (m_pages->currentIndex() != 0) return;

  const QString address = m_controller.isRunning()
                              ? m_controller.addresses().value(0)
                              : toQString(endpointsOf(*m_document.snapshot().workspace).front().address);
  m_hint->setSnippetShown(m_document.isOpen());
  m_hint->setTarget(address, firstService(m_document.snapshot()));
  if (!m_document.isOpen()) {
    m_hint->setSentence(tr("The calls that clients make are listed here. Open a recording to serve it."));
  } else if (waiting && m_controller.isRecording()) {
    m_hint->setSentence(tr("No call yet. Point a client at %1 in place of %2: its calls go there, and are "
                           "recorded.")
                            .arg(address, toQString(m_document.snapshot().workspace->upstream.address)));
  } else if (waiting) {
    m_hint->setSentence(tr("No call yet. Point a client at %1; its calls are listed here.").arg(address));
  } else {
    m_hint->setSentence(
        tr("The calls that clients make are listed here, each with the recorded call it matched. "
           "Start (F5), then point a client at the address:"));
  }
}

}  // namespace retake::gui
