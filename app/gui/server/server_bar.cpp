#include "server/server_bar.h"

#include <QComboBox>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>
#include <array>

#include "detail/strings.h"
#include "detail/text_label.h"
#include "document/document.h"
#include "server/options_section.h"
#include "server/policy_words.h"
#include "server/server_actions.h"
#include "server/server_controller.h"
#include "server/tool_button.h"
#include "server/words.h"
#include "theme/theme.h"

namespace retake::gui {

ServerBar::ServerBar(ServerController& controller, Document& document, const ServerActions& actions,
                     QWidget* logBar, QWidget* parent)
    : QWidget(parent),
      m_controller(controller),
      m_document(document),
      m_actions(actions),
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
      m_policy(new TextLabel(theme::Role::TextMuted)) {
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(theme::kPaneMargin, theme::kGroupGap, theme::kPaneMargin, theme::kGrid);
  layout->setSpacing(theme::kGrid);
  layout->addLayout(buildWhere());
  layout->addLayout(buildHow(logBar));

  connect(&controller, &ServerController::stateChanged, this, [this] {
    showState();
    showPolicy();
  });
  connect(&controller, &ServerController::countsChanged, this, &ServerBar::showCounts);
  connect(&controller, &ServerController::recordedChanged, this, &ServerBar::showRecording);
  connect(&controller, &ServerController::holdingChanged, this, &ServerBar::showHolding);
  connect(&controller, &ServerController::failed, this, &ServerBar::showFailure);
  connect(&document, &Document::changed, this, [this](const SnapshotChange& change) {
    if (change.file || change.workspace) {
      showState();
      showPolicy();
    }
    if (change.calls) showCounts();
  });
  showState();
  showPolicy();
}

// The field loses the focus when the panel goes, which is no reason to take over what stands in it.
ServerBar::~ServerBar() { m_address->disconnect(this); }

QLayout* ServerBar::buildWhere() {
  m_address->setObjectName(QStringLiteral("serverAddress"));
  m_address->setAccessibleName(tr("Address to listen on"));
  m_address->setFont(theme::dataFont());
  m_address->setFixedWidth(
      QFontMetrics(m_address->font()).horizontalAdvance(QStringLiteral("127.0.0.1:50551")) * 3 / 2);
  connect(m_address, &QLineEdit::editingFinished, this, &ServerBar::changeAddress);
  connect(m_address, &QLineEdit::returnPressed, this, [this] {
    if (!m_address->isReadOnly()) m_actions.toggle()->trigger();
  });
  m_more->setObjectName(QStringLiteral("serverMoreAddresses"));
  m_more->setClickable(true);
  m_more->setElide(Qt::ElideNone);
  connect(m_more, &TextLabel::clicked, this, [this] { m_actions.options()->setChecked(true); });

  m_start->setObjectName(QStringLiteral("serverStart"));
  m_start->setDefault(true);
  // Wide enough for both words, so that nothing moves when it changes.
  m_start->setMinimumWidth(24 * theme::kGrid);
  connect(m_start, &QPushButton::clicked, this, &ServerBar::togglePressed);

  const std::array<std::pair<TextLabel*, const char*>, 6> labels = {{{m_status, "serverStatus"},
                                                                     {m_served, "serverServed"},
                                                                     {m_missed, "serverMissed"},
                                                                     {m_forwarded, "serverForwarded"},
                                                                     {m_unused, "serverUnused"},
                                                                     {m_held, "serverHeld"}}};
  for (const auto& [label, name] : labels) label->setObjectName(QLatin1String(name));
  m_missed->setClickable(true);
  m_missed->setToolTip(m_actions.nextMiss()->toolTip());
  connect(m_missed, &TextLabel::clicked, m_actions.nextMiss(), &QAction::trigger);
  auto* where = new QHBoxLayout;
  where->setSpacing(theme::kGrid);
  where->addWidget(m_address);
  where->addWidget(m_more);
  where->addWidget(toolButton(m_actions.copy()));
  where->addWidget(m_start);
  where->addSpacing(theme::kGroupGap);
  where->addWidget(m_status, 1);
  for (TextLabel* count : {m_served, m_missed, m_forwarded, m_unused}) {
    where->addSpacing(theme::kGrid);
    where->addWidget(count);
  }
  return where;
}

QLayout* ServerBar::buildHow(QWidget* logBar) {
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
  auto* how = new QHBoxLayout;
  how->setSpacing(theme::kGrid);
  how->addWidget(m_mode);
  how->addWidget(withText(m_actions.options()));
  how->addWidget(withText(m_actions.hold()));
  how->addWidget(withText(m_actions.step()));
  how->addWidget(m_held);
  how->addWidget(withText(m_actions.reset()));
  how->addSpacing(theme::kGrid);
  how->addWidget(m_policy, 1);
  how->addWidget(logBar);
  return how;
}

void ServerBar::showState() {
  using State = ServerController::State;
  const State state = m_controller.state();
  const bool stopped = state == State::Stopped;
  const bool running = state == State::Running;
  const bool open = m_document.isOpen();
  const bool recording = m_controller.isRecording();

  m_start->setText(stopped                    ? tr("Start")
                   : state == State::Stopping ? tr("Stopping…")
                   : recording                ? tr("Stop recording")
                                              : tr("Stop"));
  // Icons are drawn in the text's colour, which on the accent is not the palette's.
  m_start->setDefault(stopped);
  m_start->setEnabled(m_actions.canToggle());
  m_start->setToolTip(recording ? tr("End the recording; its clients lose their proxy (Ctrl+R)")
                                : m_actions.toggle()->toolTip());

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
}

void ServerBar::showRecording() {
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

void ServerBar::showAddress() {
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
}

void ServerBar::changeAddress() {
  if (m_address->isReadOnly() || !m_address->isModified()) return;
  m_address->setModified(false);
  const std::string address = toUtf8(m_address->text().trimmed());
  changeWorkspace(m_document, tr("address"), [&address](Workspace& workspace) {
    std::vector<Workspace::Listen> endpoints = endpointsOf(workspace);
    endpoints.front().address = address;
    setEndpointsOf(workspace, std::move(endpoints));
  });
}

void ServerBar::showCounts() {
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
}

void ServerBar::showHolding() {
  m_held->setVisible(m_controller.isHolding());
  m_held->setText(tr("‖ %1 held").arg(countText(m_controller.held())));
}

void ServerBar::showPolicy() {
  showRecording();
  Workspace workspace = *m_document.snapshot().workspace;
  // The mode says what becomes of extra calls then.
  if (m_controller.isRecording()) workspace.policy.extra = ExtraCalls::Fail;
  const QStringList words = policyWords(workspace);
  m_policy->setText(words.join(QStringLiteral(" · ")));
}

void ServerBar::showFailure(const QString& sentence) {
  m_status->setRole(theme::Role::Error);
  m_status->setText(QStringLiteral("✗ ") + sentence);
}

}  // namespace retake::gui
