#include "server/server_panel.h"

#include <QClipboard>
#include <QComboBox>
#include <QFileInfo>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QSplitter>
#include <QStackedWidget>
#include <QVBoxLayout>
#include <array>

#include "detail/hairline.h"
#include "detail/note_bar.h"
#include "detail/scrolled_pane.h"
#include "detail/strings.h"
#include "detail/text_label.h"
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
#include "server/policy_words.h"
#include "server/request_type.h"
#include "server/server_controller.h"
#include "server/tool_button.h"
#include "server/words.h"
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
      m_toggle(new QAction(this)),
      m_copy(new QAction(tr("Copy address"), this)),
      m_reset(new QAction(tr("Reset used"), this)),
      m_hold(new QAction(tr("Hold answers"), this)),
      m_step(new QAction(tr("Release one answer"), this)),
      m_nextMiss(new QAction(tr("Next missed call"), this)),
      m_options(new QAction(tr("Server options"), this)),
      m_address(new QLineEdit),
      m_more(new TextLabel(theme::Role::Accent)),
      m_start(new QPushButton),
      m_status(new TextLabel(theme::Role::TextMuted)),
      m_served(new TextLabel(theme::Role::Matched)),
      m_missed(new TextLabel(theme::Role::Error)),
      m_forwarded(new TextLabel(theme::Role::Accent)),
      m_unused(new TextLabel(theme::Role::Unused)),
      m_held(new TextLabel(theme::Role::Warning)),
      m_mode(new QComboBox),
      m_policy(new TextLabel(theme::Role::TextMuted)),
      m_note(new NoteBar),
      m_body(new QSplitter(Qt::Horizontal)),
      m_pages(new QStackedWidget),
      m_side(new QStackedWidget),
      m_hint(new ConnectHint),
      m_log(new LogPane(controller.log())),
      m_miss(new MissView(document, selection)),
      m_optionsPane(new OptionsPane(document)) {
  setObjectName(QStringLiteral("serverPanel"));
  setAccessibleName(tr("Server"));
  buildActions();
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(0);
  layout->addWidget(buildBar());
  layout->addWidget(m_note);
  layout->addWidget(buildBody(), 1);

  connect(&controller, &ServerController::stateChanged, this, &ServerPanel::showState);
  connect(&controller, &ServerController::countsChanged, this, &ServerPanel::showCounts);
  connect(&controller, &ServerController::recordedChanged, this, &ServerPanel::showRecording);
  connect(&controller, &ServerController::stateChanged, this, &ServerPanel::showPolicy);
  connect(&controller, &ServerController::holdingChanged, this, &ServerPanel::showHolding);
  connect(&controller, &ServerController::failed, this, &ServerPanel::showFailure);
  connect(&controller, &ServerController::hit, m_miss, &MissView::addUsed);
  connect(&controller, &ServerController::usedForgotten, m_miss, &MissView::forgetUsed);
  connect(&controller.log(), &LogModel::countsChanged, this, &ServerPanel::showHint);
  connect(&document, &Document::changed, this, [this](const SnapshotChange& change) {
    if (change.file || change.workspace) {
      showState();
      showPolicy();
    }
    if (change.calls) showCounts();
    // What is looked at is of another recording: the next miss is what one looks for.
    if (change.file) m_log->view().clearSelection();
  });
  connect(m_log, &LogPane::callChosen, this, [this](EntryId entry) {
    if (const auto call = callIndex(m_document.snapshot(), entry)) m_selection.selectCall(*call);
  });
  connect(m_log, &LogPane::missChanged, this, &ServerPanel::showMiss);
  connect(m_miss, &MissView::editWanted, this, &ServerPanel::editWanted);
  connect(m_miss, &MissView::resetUsedWanted, m_reset, &QAction::trigger);
  connect(m_optionsPane, &OptionsPane::closeRequested, this, [this] {
    m_options->setChecked(false);
    m_log->view().setFocus();
  });
  showState();
  showPolicy();
  showSide();
}

// The field loses the focus when the panel goes, which is no reason to take over what stands in it.
ServerPanel::~ServerPanel() { m_address->disconnect(this); }

void ServerPanel::buildActions() {
  m_toggle->setObjectName(QStringLiteral("serverToggle"));
  m_toggle->setShortcut(Qt::Key_F5);
  connect(m_toggle, &QAction::triggered, this, &ServerPanel::toggle);
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
  connect(m_nextMiss, &QAction::triggered, this, &ServerPanel::goToNextMiss);
  m_log->view().addAction(m_nextMiss);
  m_options->setObjectName(QStringLiteral("serverOptions"));
  m_options->setShortcut(QKeySequence(Qt::CTRL | Qt::ALT | Qt::Key_O));
  m_options->setCheckable(true);
  m_options->setIcon(theme::icon(QStringLiteral("settings")));
  m_options->setIconText(tr("Options"));
  m_options->setToolTip(tr("Matching, ignore rules, pace, extra calls, endpoints (Ctrl+Alt+O)"));
  connect(m_options, &QAction::toggled, this, &ServerPanel::showSide);
  connect(m_options, &QAction::triggered, this, [this] {
    if (comeForward(*this)) m_options->setChecked(true);
  });
  addActions({m_toggle, m_copy, m_reset, m_hold, m_step, m_nextMiss, m_options, m_log->pauseAction(),
              m_log->clearAction()});
}

QWidget* ServerPanel::buildBar() {
  m_address->setObjectName(QStringLiteral("serverAddress"));
  m_address->setAccessibleName(tr("Address to listen on"));
  m_address->setFont(theme::dataFont());
  m_address->setFixedWidth(
      QFontMetrics(m_address->font()).horizontalAdvance(QStringLiteral("127.0.0.1:50551")) * 3 / 2);
  connect(m_address, &QLineEdit::editingFinished, this, &ServerPanel::changeAddress);
  connect(m_address, &QLineEdit::returnPressed, this, [this] {
    if (!m_address->isReadOnly()) m_toggle->trigger();
  });
  m_more->setObjectName(QStringLiteral("serverMoreAddresses"));
  m_more->setClickable(true);
  m_more->setElide(Qt::ElideNone);
  connect(m_more, &TextLabel::clicked, this, [this] { m_options->setChecked(true); });

  m_start->setObjectName(QStringLiteral("serverStart"));
  m_start->setDefault(true);
  // Wide enough for both words, so that nothing moves when it changes.
  m_start->setMinimumWidth(24 * theme::kGrid);
  connect(m_start, &QPushButton::clicked, this, &ServerPanel::toggle);

  const std::array<std::pair<TextLabel*, const char*>, 6> labels = {{{m_status, "serverStatus"},
                                                                     {m_served, "serverServed"},
                                                                     {m_missed, "serverMissed"},
                                                                     {m_forwarded, "serverForwarded"},
                                                                     {m_unused, "serverUnused"},
                                                                     {m_held, "serverHeld"}}};
  for (const auto& [label, name] : labels) label->setObjectName(QLatin1String(name));
  m_missed->setClickable(true);
  m_missed->setToolTip(m_nextMiss->toolTip());
  connect(m_missed, &TextLabel::clicked, this, &ServerPanel::goToNextMiss);
  m_policy->setObjectName(QStringLiteral("serverPolicy"));
  m_policy->setElide(Qt::ElideRight);
  m_held->setElide(Qt::ElideNone);
  m_mode->setObjectName(QStringLiteral("serverRecordMode"));
  m_mode->setAccessibleName(tr("Mode of the recording"));
  for (const RecordMode mode : {RecordMode::All, RecordMode::NewEpisodes, RecordMode::None}) {
    m_mode->addItem(recordModeTitle(mode), static_cast<int>(mode));
    m_mode->setItemData(m_mode->count() - 1, recordModeSentence(mode), Qt::ToolTipRole);
  }
  connect(m_mode, &QComboBox::activated, this, [this] {
    const auto mode = static_cast<RecordMode>(m_mode->currentData().toInt());
    changeWorkspace(m_document, tr("mode %1").arg(recordModeTitle(mode)),
                    [mode](Workspace& w) { w.record.mode = mode; });
  });

  const auto withText = [](QAction* action) {
    QToolButton* button = toolButton(action);
    button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    return button;
  };
  auto* where = new QHBoxLayout;
  where->setSpacing(theme::kGrid);
  where->addWidget(m_address);
  where->addWidget(m_more);
  where->addWidget(toolButton(m_copy));
  where->addWidget(m_start);
  where->addSpacing(theme::kGroupGap);
  where->addWidget(m_status, 1);
  for (TextLabel* count : {m_served, m_missed, m_forwarded, m_unused}) {
    where->addSpacing(theme::kGrid);
    where->addWidget(count);
  }
  auto* how = new QHBoxLayout;
  how->setSpacing(theme::kGrid);
  how->addWidget(m_mode);
  how->addWidget(withText(m_options));
  how->addWidget(withText(m_hold));
  how->addWidget(withText(m_step));
  how->addWidget(m_held);
  how->addWidget(withText(m_reset));
  how->addSpacing(theme::kGrid);
  how->addWidget(m_policy, 1);
  how->addWidget(m_log->bar());

  auto* bar = new QWidget;
  auto* layout = new QVBoxLayout(bar);
  layout->setContentsMargins(theme::kPaneMargin, theme::kGroupGap, theme::kPaneMargin, theme::kGrid);
  layout->setSpacing(theme::kGrid);
  layout->addLayout(where);
  layout->addLayout(how);
  return bar;
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
  using State = ServerController::State;
  const State state = m_controller.state();
  const bool stopped = state == State::Stopped;
  const bool running = state == State::Running;
  const bool open = m_document.isOpen();
  const bool recording = m_controller.isRecording();

  m_toggle->setText(stopped                    ? tr("Start serving")
                    : state == State::Stopping ? tr("Stopping…")
                                               : tr("Stop serving"));
  m_toggle->setIcon(theme::icon(stopped ? QStringLiteral("play") : QStringLiteral("square")));
  const bool enabled = open ? state != State::Stopping : !stopped && state != State::Stopping;
  m_toggle->setEnabled(enabled);
  m_toggle->setToolTip(stopped && !open ? tr("Open a recording first")
                       : stopped ? tr("Answer clients from this recording, in place of the service (F5)")
                                 : tr("Stop serving: clients get no more answers (F5)"));
  // A recording has one command that ends it, which is not this one.
  m_toggle->setVisible(!recording);
  m_start->setText(stopped                    ? tr("Start")
                   : state == State::Stopping ? tr("Stopping…")
                   : recording                ? tr("Stop recording")
                                              : tr("Stop"));
  // Icons are drawn in the text's colour, which on the accent is not the palette's.
  m_start->setDefault(stopped);
  m_start->setEnabled(enabled);
  m_start->setToolTip(recording ? tr("End the recording; its clients lose their proxy (Ctrl+R)")
                                : m_toggle->toolTip());

  m_copy->setEnabled(running);
  m_copy->setToolTip(running ? tr("Copy the address") : tr("Copy the address: there is one when serving"));
  m_reset->setEnabled(running);
  m_reset->setToolTip(running ? tr("Every recorded call may be used again (Shift+F5)")
                              : tr("Calls are used while serving; each start begins with all unused"));

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
      showRecording();
      break;
    case State::Stopping:
      m_status->setText(tr("… stopping: calls under way may end, five seconds at most"));
      break;
  }
  showAddress();
  showHolding();
  showCounts();
  showHint();
}

void ServerPanel::showRecording() {
  const bool recording = m_controller.isRunning() && m_controller.isRecording();
  m_mode->setVisible(recording);
  if (!recording) return;
  const bool broke = !m_controller.recordFailure().isEmpty();
  const QString name = QFileInfo(m_controller.recordPath()).fileName();
  m_status->setRole(broke ? theme::Role::Error : theme::Role::Accent);
  m_status->setText(broke ? tr("✗ nothing more is recorded: %1").arg(m_controller.recordFailure())
                          : tr("● recording into %1: %2").arg(name, recordedWords(m_controller.recorded())));
  const RecordMode mode = m_controller.recordMode();
  m_mode->setCurrentIndex(m_mode->findData(static_cast<int>(mode)));
  m_mode->setToolTip(recordModeSentence(mode));
}

void ServerPanel::showAddress() {
  const bool running = m_controller.isRunning();
  QStringList addresses = m_controller.addresses();
  const auto endpoints = endpointsOf(*m_document.snapshot().workspace);
  if (!running) {
    addresses.clear();
    for (const Workspace::Listen& endpoint : endpoints) addresses += toQString(endpoint.address);
  }
  m_address->setReadOnly(!m_document.isOpen() || m_controller.state() != ServerController::State::Stopped);
  if (!m_address->hasFocus() || m_address->isReadOnly() || !m_address->isModified())
    m_address->setText(addresses.value(0));
  const QString all = addresses.join(u'\n');
  m_address->setToolTip(m_address->isReadOnly()
                            ? all + tr("\nStop to listen on another address")
                            : all + tr("\nHOST:PORT or unix:PATH to listen on; port 0 takes any free one"));
  m_more->setVisible(addresses.size() > 1);
  m_more->setText(tr("+%1").arg(addresses.size() - 1));
  m_more->setToolTip(all);

  std::vector<NoteBar::Note> notes;
  if (m_controller.needsRestart()) {
    notes.push_back({tr("⚠ The endpoints have changed: they count from the next start on"),
                     theme::Role::Warning, m_controller.isRecording() ? QString() : tr("Restart"),
                     [this] { m_controller.restart(); }});
  }
  for (const QString& warning : m_controller.warnings())
    notes.push_back({QStringLiteral("⚠ ") + warning, theme::Role::Warning, {}, {}});
  m_note->setNotes(notes);
}

void ServerPanel::finishEditing() {
  changeAddress();
  QWidget* field = focusWidget();
  if (!field || !field->hasFocus()) return;
  field->clearFocus();
  field->setFocus();
}

void ServerPanel::toggle() {
  finishEditing();
  m_controller.toggle();
}

void ServerPanel::changeAddress() {
  if (m_address->isReadOnly() || !m_address->isModified()) return;
  m_address->setModified(false);
  const std::string address = toUtf8(m_address->text().trimmed());
  changeWorkspace(m_document, tr("address"), [&address](Workspace& workspace) {
    std::vector<Workspace::Listen> endpoints = endpointsOf(workspace);
    endpoints.front().address = address;
    setEndpointsOf(workspace, std::move(endpoints));
  });
}

void ServerPanel::showCounts() {
  const quint64 served = m_controller.served();
  m_served->setRole(served > 0 ? theme::Role::Matched : theme::Role::Unused);
  m_served->setText(tr("✓ %1 served").arg(countText(served)));
  const quint64 missed = m_controller.missed();
  m_missed->setRole(missed > 0 ? theme::Role::Error : theme::Role::Unused);
  m_missed->setText(tr("✗ %1 missed").arg(countText(missed)));
  const LogQueue::Counts counts = m_controller.counts();
  m_forwarded->setText(tr("→ %1 forwarded").arg(countText(counts.forwarded)));
  m_unused->setText(tr("– %1 never asked for").arg(countText(m_controller.neverAskedFor())));
  // Before the first start there is nothing to count.
  const bool counted =
      m_controller.isRunning() || served + missed + counts.forwarded + counts.aborted + counts.refused > 0;
  for (TextLabel* label : {m_served, m_missed, m_unused}) label->setVisible(m_document.isOpen() && counted);
  // What a client records it need not ask for.
  if (m_controller.isRecording()) m_unused->hide();
  m_forwarded->setVisible(m_document.isOpen() && counts.forwarded > 0);
  m_nextMiss->setEnabled(missed > 0);
}

void ServerPanel::showHolding() {
  const bool holding = m_controller.isHolding();
  m_hold->setChecked(holding);
  m_step->setEnabled(holding && m_controller.held() > 0);
  m_step->setToolTip(holding ? tr("Release the answer that has waited longest (Shift+F8)")
                             : tr("Release one answer: none is held back"));
  m_held->setVisible(holding);
  m_held->setText(tr("‖ %1 held").arg(countText(m_controller.held())));
}

void ServerPanel::showPolicy() {
  showRecording();
  Workspace workspace = *m_document.snapshot().workspace;
  // The mode says what becomes of extra calls then.
  if (m_controller.isRecording()) workspace.policy.extra = ExtraCalls::Fail;
  const QStringList words = policyWords(workspace);
  m_policy->setText(words.join(QStringLiteral(" · ")));
}

void ServerPanel::showMiss() {
  m_miss->showMiss(m_log->miss(), m_log->missText());
  showSide();
}

void ServerPanel::showSide() {
  const bool options = m_options->isChecked();
  m_side->setCurrentIndex(options ? 1 : 0);
  m_side->setVisible(options || m_log->hasMiss());
  if (options && isVisible()) m_optionsPane->setFocus();
}

void ServerPanel::goToNextMiss() {
  comeForward(*this);
  m_options->setChecked(false);
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

void ServerPanel::showFailure(const QString& sentence) {
  m_status->setRole(theme::Role::Error);
  m_status->setText(QStringLiteral("✗ ") + sentence);
}

}  // namespace retake::gui
