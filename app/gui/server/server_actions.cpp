#include "server/server_actions.h"

#include <QClipboard>
#include <QGuiApplication>

#include "document/document.h"
#include "server/server_controller.h"
#include "theme/theme.h"

namespace retake::gui {

ServerActions::ServerActions(ServerController& controller, Document& document, QObject* parent)
    : QObject(parent),
      m_controller(controller),
      m_document(document),
      m_toggle(new QAction(this)),
      m_copy(new QAction(tr("Copy address"), this)),
      m_reset(new QAction(tr("Reset used"), this)),
      m_hold(new QAction(tr("Hold answers"), this)),
      m_step(new QAction(tr("Release one answer"), this)),
      m_nextMiss(new QAction(tr("Next missed call"), this)),
      m_options(new QAction(tr("Server options"), this)) {
  build();
  connect(&controller, &ServerController::stateChanged, this, &ServerActions::showState);
  connect(&controller, &ServerController::countsChanged, this,
          [this] { m_nextMiss->setEnabled(m_controller.missed() > 0); });
  connect(&controller, &ServerController::holdingChanged, this, &ServerActions::showHolding);
  connect(&document, &Document::changed, this, [this](const SnapshotChange& change) {
    if (change.file || change.workspace) showState();
  });
  showState();
}

void ServerActions::build() {
  m_toggle->setObjectName(QStringLiteral("serverToggle"));
  m_toggle->setShortcut(Qt::Key_F5);
  m_copy->setObjectName(QStringLiteral("serverCopyAddress"));
  m_copy->setShortcut(QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_A));
  m_copy->setIcon(theme::icon(QStringLiteral("copy")));
  connect(m_copy, &QAction::triggered, this, [this] {
    const QStringList addresses = m_controller.addresses();
    if (!addresses.isEmpty()) QGuiApplication::clipboard()->setText(addresses.front());
  });
  m_reset->setObjectName(QStringLiteral("serverResetUsed"));
  m_reset->setShortcut(QKeySequence(Qt::SHIFT | Qt::Key_F5));
  m_reset->setIcon(theme::icon(QStringLiteral("rotate-ccw")));
  connect(m_reset, &QAction::triggered, &m_controller, &ServerController::resetUsed);
  m_hold->setObjectName(QStringLiteral("serverHold"));
  m_hold->setShortcut(Qt::Key_F8);
  m_hold->setCheckable(true);
  m_hold->setIcon(theme::icon(QStringLiteral("pause")));
  m_hold->setIconText(tr("Hold"));
  m_hold->setToolTip(tr("Hold every answer back until it is released (F8)"));
  connect(m_hold, &QAction::toggled, &m_controller, &ServerController::setHolding);
  m_step->setObjectName(QStringLiteral("serverStep"));
  m_step->setShortcut(QKeySequence(Qt::SHIFT | Qt::Key_F8));
  m_step->setIcon(theme::icon(QStringLiteral("skip-forward")));
  m_step->setIconText(tr("Step"));
  connect(m_step, &QAction::triggered, &m_controller, &ServerController::step);
  m_nextMiss->setObjectName(QStringLiteral("serverNextMiss"));
  m_nextMiss->setShortcut(Qt::Key_U);
  // A letter: it acts in the log and, where the window adds it, in the table.
  m_nextMiss->setShortcutContext(Qt::WidgetShortcut);
  m_nextMiss->setToolTip(tr("Select the next missed call in the log (U)"));
  m_options->setObjectName(QStringLiteral("serverOptions"));
  m_options->setShortcut(QKeySequence(Qt::CTRL | Qt::ALT | Qt::Key_O));
  m_options->setCheckable(true);
  m_options->setIcon(theme::icon(QStringLiteral("settings")));
  m_options->setIconText(tr("Options"));
  m_options->setToolTip(tr("Matching, ignore rules, pace, extra calls, endpoints (Ctrl+Alt+O)"));
}

bool ServerActions::canToggle() const {
  const auto state = m_controller.state();
  return state != ServerController::State::Stopping &&
         (m_document.isOpen() || state != ServerController::State::Stopped);
}

void ServerActions::showState() {
  using State = ServerController::State;
  const State state = m_controller.state();
  const bool stopped = state == State::Stopped;
  const bool running = state == State::Running;
  const bool open = m_document.isOpen();

  m_toggle->setText(stopped                    ? tr("Start serving")
                    : state == State::Stopping ? tr("Stopping…")
                                               : tr("Stop serving"));
  m_toggle->setIcon(theme::icon(stopped ? QStringLiteral("play") : QStringLiteral("square")));
  m_toggle->setEnabled(canToggle());
  m_toggle->setToolTip(stopped && !open ? tr("Open a recording first")
                       : stopped ? tr("Answer clients from this recording, in place of the service (F5)")
                                 : tr("Stop serving: clients get no more answers (F5)"));
  // A recording has one command that ends it, which is not this one.
  m_toggle->setVisible(!m_controller.isRecording());

  m_copy->setEnabled(running);
  m_copy->setToolTip(running ? tr("Copy the address") : tr("Copy the address: there is one when serving"));
  m_reset->setEnabled(running);
  m_reset->setToolTip(running ? tr("Every recorded call may be used again (Shift+F5)")
                              : tr("Calls are used while serving; each start begins with all unused"));
  m_nextMiss->setEnabled(m_controller.missed() > 0);
  showHolding();
}

void ServerActions::showHolding() {
  const bool holding = m_controller.isHolding();
  m_hold->setChecked(holding);
  m_step->setEnabled(holding && m_controller.held() > 0);
  m_step->setToolTip(holding ? tr("Release the answer that has waited longest (Shift+F8)")
                             : tr("Release one answer: none is held back"));
}

}  // namespace retake::gui
