#include "server/server_panel.h"

#include <QAction>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSettings>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>

#include "detail/text_label.h"
#include "document/document.h"
#include "document/selection.h"
#include "server/call_index.h"
#include "server/connect_hint.h"
#include "server/log_pane.h"
#include "server/server_controller.h"
#include "server/words.h"
#include "theme/theme.h"

namespace retake::gui {

namespace {

const QString kAddressKey = QStringLiteral("server/address");

QToolButton* toolButton(QAction* action) {
  auto* button = new QToolButton;
  button->setDefaultAction(action);
  button->setObjectName(action->objectName() + QStringLiteral("Button"));
  button->setAccessibleName(action->text());
  button->setFocusPolicy(Qt::StrongFocus);
  return button;
}

}  // namespace

ServerPanel::ServerPanel(ServerController& controller, Document& document, Selection& selection,
                         QWidget* parent)
    : QWidget(parent),
      m_controller(controller),
      m_document(document),
      m_selection(selection),
      m_toggle(new QAction(this)),
      m_copy(new QAction(tr("Copy address"), this)),
      m_reset(new QAction(tr("Reset used"), this)),
      m_address(new QLineEdit),
      m_start(new QPushButton),
      m_reuse(new QComboBox),
      m_strict(new QCheckBox(tr("Strict streams"))),
      m_status(new TextLabel(theme::Role::TextMuted)),
      m_served(new TextLabel(theme::Role::Matched)),
      m_missed(new TextLabel(theme::Role::Error)),
      m_unused(new TextLabel(theme::Role::Unused)),
      m_pages(new QStackedWidget),
      m_hint(new ConnectHint),
      m_log(new LogPane(controller.log())) {
  setObjectName(QStringLiteral("serverPanel"));
  setAccessibleName(tr("Server"));
  const QString remembered = QSettings().value(kAddressKey).toString();
  if (!remembered.isEmpty()) m_controller.setAddress(remembered);

  buildActions();
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(0);
  layout->addWidget(buildBar());
  layout->addWidget(m_pages, 1);
  m_pages->addWidget(m_hint);
  m_pages->addWidget(m_log);

  connect(&controller, &ServerController::stateChanged, this, &ServerPanel::showState);
  connect(&controller, &ServerController::addressChanged, this, &ServerPanel::showState);
  connect(&controller, &ServerController::optionsChanged, this, &ServerPanel::showState);
  connect(&controller, &ServerController::countsChanged, this, &ServerPanel::showCounts);
  connect(&controller, &ServerController::failed, this, &ServerPanel::showFailure);
  connect(&controller.log(), &LogModel::countsChanged, this, &ServerPanel::showHint);
  connect(&document, &Document::changed, this, [this](const SnapshotChange& change) {
    if (change.file) showState();
    if (change.calls) showCounts();
  });
  connect(m_log, &LogPane::callChosen, this, [this](EntryId entry) {
    if (const auto call = callIndex(m_document.snapshot(), entry)) m_selection.selectCall(*call);
  });
  showState();
}

void ServerPanel::buildActions() {
  m_toggle->setObjectName(QStringLiteral("serverToggle"));
  m_toggle->setShortcut(Qt::Key_F5);
  connect(m_toggle, &QAction::triggered, &m_controller, &ServerController::toggle);
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
  addActions({m_toggle, m_copy, m_reset, m_log->pauseAction(), m_log->clearAction()});
}

QWidget* ServerPanel::buildBar() {
  m_address->setObjectName(QStringLiteral("serverAddress"));
  m_address->setAccessibleName(tr("Address to listen on"));
  m_address->setFont(theme::dataFont());
  m_address->setFixedWidth(
      QFontMetrics(m_address->font()).horizontalAdvance(QStringLiteral("127.0.0.1:50551")) * 3 / 2);
  connect(m_address, &QLineEdit::returnPressed, this, [this] {
    if (!m_address->isReadOnly()) m_toggle->trigger();
  });
  connect(m_address, &QLineEdit::textEdited, this, [this](const QString& text) {
    m_controller.setAddress(text);
    QSettings().setValue(kAddressKey, m_controller.address());
  });

  m_start->setObjectName(QStringLiteral("serverStart"));
  m_start->setDefault(true);
  // Wide enough for both words, so that nothing moves when it changes.
  m_start->setMinimumWidth(24 * theme::kGrid);
  connect(m_start, &QPushButton::clicked, m_toggle, &QAction::trigger);

  m_reuse->setObjectName(QStringLiteral("serverReuse"));
  m_reuse->setAccessibleName(tr("When equal calls are used up"));
  m_reuse->addItem(tr("fail the call"), static_cast<int>(Reuse::Once));
  m_reuse->addItem(tr("repeat the last"), static_cast<int>(Reuse::Last));
  m_reuse->addItem(tr("start again"), static_cast<int>(Reuse::Cycle));
  m_strict->setObjectName(QStringLiteral("serverStrictStreams"));
  const auto options = [this] {
    m_controller.setOptions({static_cast<Reuse>(m_reuse->currentData().toInt()), m_strict->isChecked()});
  };
  connect(m_reuse, &QComboBox::activated, this, options);
  connect(m_strict, &QCheckBox::clicked, this, options);

  m_status->setObjectName(QStringLiteral("serverStatus"));
  m_served->setObjectName(QStringLiteral("serverServed"));
  m_missed->setObjectName(QStringLiteral("serverMissed"));
  m_unused->setObjectName(QStringLiteral("serverUnused"));

  auto* reuseLabel = new QLabel(tr("When &used up"));
  reuseLabel->setBuddy(m_reuse);
  auto* where = new QHBoxLayout;
  where->setSpacing(theme::kGrid);
  where->addWidget(m_address);
  where->addWidget(toolButton(m_copy));
  where->addWidget(m_start);
  where->addSpacing(theme::kGroupGap);
  where->addWidget(m_status, 1);
  where->addSpacing(theme::kGroupGap);
  where->addWidget(m_served);
  where->addSpacing(theme::kGrid);
  where->addWidget(m_missed);
  where->addSpacing(theme::kGrid);
  where->addWidget(m_unused);
  auto* how = new QHBoxLayout;
  how->setSpacing(theme::kGrid);
  how->addWidget(reuseLabel);
  how->addWidget(m_reuse);
  how->addSpacing(theme::kGroupGap);
  how->addWidget(m_strict);
  how->addSpacing(theme::kGroupGap);
  auto* reset = toolButton(m_reset);
  reset->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
  how->addWidget(reset);
  how->addStretch(1);
  how->addWidget(m_log->bar());

  auto* bar = new QWidget;
  auto* layout = new QVBoxLayout(bar);
  layout->setContentsMargins(theme::kPaneMargin, theme::kGroupGap, theme::kPaneMargin, theme::kGroupGap);
  layout->setSpacing(theme::kGrid);
  layout->addLayout(where);
  layout->addLayout(how);
  return bar;
}

void ServerPanel::showState() {
  using State = ServerController::State;
  const State state = m_controller.state();
  const bool stopped = state == State::Stopped;
  const bool running = state == State::Running;
  const bool open = m_document.isOpen();

  const QString what = stopped ? tr("Start") : state == State::Stopping ? tr("Stopping…") : tr("Stop");
  m_toggle->setText(stopped                    ? tr("Start serving")
                    : state == State::Stopping ? tr("Stopping…")
                                               : tr("Stop serving"));
  m_toggle->setIcon(theme::icon(stopped ? QStringLiteral("play") : QStringLiteral("square")));
  m_toggle->setEnabled(open ? state != State::Stopping : !stopped && state != State::Stopping);
  m_toggle->setToolTip(stopped && !open ? tr("Open a recording first") : what + tr(" (F5)"));
  m_start->setText(what);
  // Icons are drawn in the text's colour, which on the accent is not the palette's.
  m_start->setDefault(stopped);
  m_start->setEnabled(m_toggle->isEnabled());
  m_start->setToolTip(m_toggle->toolTip());

  m_address->setReadOnly(!stopped);
  const QString address = running ? m_controller.addresses().value(0) : m_controller.address();
  if (m_address->text() != address) m_address->setText(address);
  m_address->setToolTip(stopped ? tr("HOST:PORT to listen on; port 0 takes any free one")
                                : tr("Stop to listen on another address"));
  m_copy->setEnabled(running);
  m_copy->setToolTip(running ? tr("Copy the address") : tr("Copy the address: there is one when serving"));
  m_reset->setEnabled(running);
  m_reset->setToolTip(running ? tr("Every recorded call may be used again (Shift+F5)")
                              : tr("Calls are used while serving; each start begins with all unused"));

  const QString whyNot = tr(": stop to change it");
  m_reuse->setCurrentIndex(m_reuse->findData(static_cast<int>(m_controller.options().reuse)));
  m_reuse->setEnabled(stopped);
  m_reuse->setToolTip(tr("What a request gets when all recorded calls equal to it were used") +
                      (stopped ? QString() : whyNot));
  m_strict->setChecked(m_controller.options().strictStreams);
  m_strict->setEnabled(stopped);
  m_strict->setToolTip(tr("A later message that differs from the recorded one fails the stream") +
                       (stopped ? QString() : whyNot));

  m_status->setRole(running ? theme::Role::Matched : theme::Role::TextMuted);
  switch (state) {
    case State::Stopped:
      m_status->setText(open ? tr("○ stopped") : tr("○ no recording is open"));
      break;
    case State::Starting:
      m_status->setText(tr("… starting"));
      break;
    case State::Running:
      m_status->setText(tr("● serving %1").arg(m_document.displayName()));
      break;
    case State::Stopping:
      m_status->setText(tr("… stopping: calls under way may end, five seconds at most"));
      break;
  }
  showCounts();
  showHint();
}

void ServerPanel::showCounts() {
  const quint64 served = m_controller.served();
  m_served->setRole(served > 0 ? theme::Role::Matched : theme::Role::Unused);
  m_served->setText(tr("✓ %1 served").arg(countText(served)));
  const quint64 missed = m_controller.missed();
  m_missed->setRole(missed > 0 ? theme::Role::Error : theme::Role::Unused);
  m_missed->setText(tr("✗ %1 missed").arg(countText(missed)));
  m_unused->setText(tr("– %1 never asked for").arg(countText(m_controller.neverAskedFor())));
  // Before the first start there is nothing to count.
  const LogQueue::Counts counts = m_controller.counts();
  const bool counted = m_controller.isRunning() || served + missed + counts.aborted + counts.refused > 0;
  for (TextLabel* label : {m_served, m_missed, m_unused}) label->setVisible(m_document.isOpen() && counted);
}

void ServerPanel::showHint() {
  LogModel& log = m_controller.log();
  // The first line of a session says that it serves; until there is more, how to connect helps more.
  const std::size_t lines = log.held() + log.newWhilePaused();
  const bool waiting = m_controller.isRunning() && lines <= 1;
  m_pages->setCurrentIndex(lines == 0 || waiting ? 0 : 1);
  m_log->bar()->setVisible(m_pages->currentIndex() == 1);
  if (m_pages->currentIndex() != 0) return;

  const QString address =
      m_controller.isRunning() ? m_controller.addresses().value(0) : m_controller.address();
  m_hint->setSnippetShown(m_document.isOpen());
  m_hint->setTarget(address, service());
  if (!m_document.isOpen()) {
    m_hint->setSentence(tr("The calls that clients make are listed here. Open a recording to serve it."));
  } else if (waiting) {
    m_hint->setSentence(tr("No call yet. Point a client at %1; its calls are listed here.").arg(address));
  } else {
    m_hint->setSentence(
        tr("The calls that clients make are listed here, each with the recorded call it matched. "
           "Start (F5), then point a client at the address:"));
  }
}

void ServerPanel::showFailure(const QString& sentence) {
  m_status->setRole(theme::Role::Error);
  m_status->setText(QStringLiteral("✗ ") + sentence);
}

// Of the first call, for the snippet: "pkg.Service".
QString ServerPanel::service() const {
  const Snapshot& snapshot = m_document.snapshot();
  if (!snapshot.calls || snapshot.calls->size() == 0) return {};
  const EntryInfo first = snapshot.recording->info((*snapshot.calls)[0].first);
  return QString::fromStdString(snapshot.recording->methodName(first.method)).section(u'/', 1, 1);
}

}  // namespace retake::gui
