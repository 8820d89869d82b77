#include "server/record_dialog.h"

#include <QCheckBox>
#include <QDir>
#include <QFile>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QRadioButton>
#include <QScreen>
#include <QScrollArea>
#include <QSettings>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>

#include "detail/strings.h"
#include "detail/text_label.h"
#include "document/document.h"
#include "server/endpoints_fields.h"
#include "server/options_section.h"
#include "server/policy_words.h"
#include "server/server_controller.h"
#include "server/upstream_fields.h"
#include "theme/theme.h"

namespace retake::gui {
namespace {

const auto kFolderKey = QStringLiteral("lastFolder");
constexpr int kWidth = 160 * theme::kGrid;

std::string encoded(const QString& path) { return QFile::encodeName(path).toStdString(); }

// "recording.replay" in `folder`, or the first of "recording-2.replay", ... that is not there.
QString newFileIn(const QDir& folder) {
  QString path = folder.absoluteFilePath(QStringLiteral("recording.replay"));
  for (int i = 2; QFileInfo::exists(path); ++i)
    path = folder.absoluteFilePath(QStringLiteral("recording-%1.replay").arg(i));
  return path;
}

// Where a person has recorded before, he records again; another recording is left alone.
QString offeredPath(const Document& document) {
  if (document.path().isEmpty())
    return newFileIn(QDir(QSettings().value(kFolderKey, QDir::homePath()).toString()));
  if (document.snapshot().workspace->record.mode) return document.path();
  return newFileIn(QFileInfo(document.path()).absoluteDir());
}

int ruleCount(const ScrubSettings& scrub) {
  if (!scrub.on) return 0;
  return static_cast<int>(
      std::count_if(scrub.rules.begin(), scrub.rules.end(), [](const ScrubRule& rule) { return rule.on; }) +
      static_cast<std::ptrdiff_t>(scrub.ruleFiles.size()));
}

// As tall as what it holds, where there is room.
class FieldsArea final : public QScrollArea {
 public:
  explicit FieldsArea(QWidget* fields) {
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setFocusPolicy(Qt::NoFocus);
    setWidgetResizable(true);
    setWidget(fields);
    fields->setAutoFillBackground(false);
    viewport()->setAutoFillBackground(false);
  }
  QSize sizeHint() const override { return widget()->sizeHint(); }
  QSize minimumSizeHint() const override { return {widget()->minimumSizeHint().width(), 0}; }

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override {
    if (watched == widget() && event->type() == QEvent::LayoutRequest) updateGeometry();
    return QScrollArea::eventFilter(watched, event);
  }
};

}  // namespace

RecordDialog::RecordDialog(ServerController& controller, Document& document, QWidget* parent)
    : QDialog(parent),
      m_controller(controller),
      m_document(document),
      m_path(new QLineEdit(QDir::toNativeSeparators(offeredPath(document)))),
      m_file(new TextLabel(theme::Role::TextMuted)),
      m_ask(new QCheckBox(tr("as&k the service for its types (reflection)"))),
      m_plain(new QCheckBox(tr("as the &Go packages write it: no times, metadata, deadlines, half-closes"))),
      m_rules(new TextLabel(theme::Role::Scrubbed)),
      m_sentence(new TextLabel(theme::Role::TextMuted)),
      m_progress(new QProgressBar),
      m_record(new QPushButton(tr("&Record"))) {
  setObjectName(QStringLiteral("recordDialog"));
  setAttribute(Qt::WA_DeleteOnClose);
  setWindowTitle(tr("Record a service"));
  m_sentence->setObjectName(QStringLiteral("recordSentence"));
  m_sentence->setWrap(true);
  m_progress->setTextVisible(false);
  m_progress->setFixedHeight(2 * theme::kGrid);
  m_progress->setRange(0, 0);
  m_record->setObjectName(QStringLiteral("recordButton"));
  m_record->setDefault(true);
  auto* cancel = new QPushButton(tr("Cancel"));
  cancel->setObjectName(QStringLiteral("recordCancel"));

  auto* buttons = new QHBoxLayout;
  buttons->setSpacing(theme::kGroupGap);
  buttons->addStretch(1);
  buttons->addWidget(cancel);
  buttons->addWidget(m_record);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(theme::kPaneMargin, theme::kPaneMargin, theme::kPaneMargin, theme::kPaneMargin);
  layout->setSpacing(theme::kPaneMargin);
  layout->addWidget(new FieldsArea(buildFields()), 1);
  layout->addWidget(m_sentence);
  layout->addWidget(m_progress);
  layout->addLayout(buttons);
  setMinimumWidth(kWidth);

  connect(m_record, &QPushButton::clicked, this, &RecordDialog::begin);
  connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
  connect(this, &QDialog::rejected, &controller, [&controller] {
    if (controller.state() == ServerController::State::Starting) controller.stop();
  });
  connect(&controller, &ServerController::stateChanged, this, &RecordDialog::showState);
  connect(
      &controller, &ServerController::stateChanged, this,
      [this] {
        if (m_next && m_controller.state() == ServerController::State::Stopped)
          m_controller.record(*std::exchange(m_next, {}));
      },
      Qt::QueuedConnection);
  connect(&controller, &ServerController::recordFailed, this,
          [this](const QString& sentence) { say(sentence, true); });
  connect(&controller, &ServerController::recordingStarted, this, &QDialog::accept);

  m_plain->setChecked(settingsOf(path()).record.plain);
  say(tr("A proxy stands between the service and its clients. Point a client at its address: each call goes "
         "to "
         "the service, and stands in the file and on the timeline as it happens."),
      false);
  showFile();
  showState();
  m_upstream->address()->setFocus();
}

QWidget* RecordDialog::buildFields() {
  m_path->setObjectName(QStringLiteral("recordPath"));
  m_path->setAccessibleName(tr("File that is recorded into"));
  m_path->setFont(theme::dataFont());
  m_file->setObjectName(QStringLiteral("recordFile"));
  m_file->setWrap(true);
  m_ask->setObjectName(QStringLiteral("recordAsk"));
  m_ask->setChecked(true);
  m_ask->setToolTip(
      tr("What it says is kept beside the recording. A service without reflection is recorded all "
         "the same; its fields have numbers until a schema is loaded."));
  m_plain->setObjectName(QStringLiteral("recordPlain"));
  m_plain->setToolTip(tr("The Go packages read it either way; what is left out cannot be replayed"));
  m_rules->setObjectName(QStringLiteral("recordRules"));
  auto* choose = new QToolButton;
  choose->setObjectName(QStringLiteral("recordChoose"));
  choose->setIcon(theme::icon(QStringLiteral("folder-open")));
  choose->setToolTip(tr("Choose the file"));
  choose->setAccessibleName(choose->toolTip());
  choose->setAutoRaise(true);
  auto* file = new QWidget;
  auto* fileRow = new QHBoxLayout(file);
  fileRow->setContentsMargins(0, 0, 0, 0);
  fileRow->setSpacing(theme::kGrid);
  fileRow->addWidget(m_path, 1);
  fileRow->addWidget(choose);
  file->setFocusProxy(m_path);
  file->setFocusPolicy(Qt::StrongFocus);  // else the label's key does not lead there

  auto* service = new OptionsSection(tr("The service"));
  m_upstream = new UpstreamFields(*service, QStringLiteral("recordUpstream"), tr("&Service"));
  service->addRow(m_ask);
  auto* proxy = new OptionsSection(tr("Its clients call"));
  m_endpoints = new EndpointsFields(*proxy, QStringLiteral("record"), tr("&Addresses"));
  auto* recording = new OptionsSection(tr("The recording"));
  recording->addRow(tr("&File"), file);
  recording->addRow(QString(), m_file);
  const std::array<std::pair<RecordMode, QString>, 4> modes = {
      {{RecordMode::All, tr("a&ll")},
       {RecordMode::NewEpisodes, tr("new_episo&des")},
       {RecordMode::Once, tr("&once")},
       {RecordMode::None, tr("non&e")}}};
  for (std::size_t i = 0; i < modes.size(); ++i) {
    const auto& [mode, title] = modes[i];
    auto* button = new QRadioButton(title + QStringLiteral(" — ") + recordModeSentence(mode));
    button->setObjectName(QStringLiteral("recordMode_") + recordModeTitle(mode));
    m_modes[i] = {mode, button};
    recording->addRow(button);
    connect(button, &QRadioButton::clicked, this, [this] {
      m_modeChosen = true;
      showFile();
    });
  }
  recording->addRow(m_plain);
  recording->addRow(m_rules);
  OptionsSection::align({service, proxy, recording});
  connect(choose, &QToolButton::clicked, this, &RecordDialog::choose);
  connect(m_path, &QLineEdit::textChanged, this, &RecordDialog::showFile);

  auto* fields = new QWidget;
  auto* layout = new QVBoxLayout(fields);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(theme::kPaneMargin);
  for (QWidget* section : {service, proxy, recording}) layout->addWidget(section);
  layout->addStretch(1);
  return fields;
}

bool RecordDialog::event(QEvent* event) {
  const bool done = QDialog::event(event);
  if (event->type() == QEvent::LayoutRequest) fit();
  return done;
}

// Grows with its fields as far as the screen goes; beyond that they scroll.
void RecordDialog::fit() {
  const QRect room = screen()->availableGeometry();
  const int frame = frameGeometry().height() - height();
  resize(width(), std::min(std::max(height(), sizeHint().height()), room.height() - frame));
  const int below = frameGeometry().bottom() - room.bottom();
  if (below > 0) move(x(), std::max(room.top(), y() - below));
}

QString RecordDialog::path() const {
  const QString typed = QDir::fromNativeSeparators(m_path->text().trimmed());
  return typed.isEmpty() ? typed : QFileInfo(typed).absoluteFilePath();
}

RecordMode RecordDialog::mode() const {
  for (const Mode& mode : m_modes)
    if (mode.button->isChecked()) return mode.mode;
  return RecordMode::All;
}

Workspace RecordDialog::settingsOf(const QString& path) const {
  const Workspace& open = *m_document.snapshot().workspace;
  if (!path.isEmpty() && path == m_document.path()) return open;
  if (!path.isEmpty()) {
    const std::string beside = workspacePathOf(encoded(path));
    // One that cannot be read is told of when it comes to writing it.
    if (QFileInfo::exists(QFile::decodeName(beside.c_str())))
      if (auto kept = readWorkspace(beside, false)) return *std::move(kept);
  }
  if (m_document.path().isEmpty()) return {};
  // The rules and the schema of what is open, so that nothing is recorded in the clear by accident.
  Workspace workspace = open;
  workspace.notes.clear();
  workspace.comment.clear();
  workspace.record.mode.reset();
  workspace.schema.clear();
  for (const QString& place : m_document.schemaPlaces()) workspace.schema.push_back(encoded(place));
  return workspace;
}

// What a person has changed here stays when he names another file.
void RecordDialog::fill(const Workspace& workspace) {
  if (m_upstream->upstream() == m_filled.upstream) m_upstream->setUpstream(workspace.upstream);
  if (m_endpoints->endpoints() == endpointsOf(m_filled)) m_endpoints->setEndpoints(workspace.listen);
  m_filled = workspace;
}

// What would become of the file.
void RecordDialog::showFile() {
  const QString path = this->path();
  const bool exists = !path.isEmpty() && QFileInfo(path).isFile();
  const Workspace workspace = settingsOf(path);
  fill(workspace);
  if (!m_modeChosen) {
    const RecordMode offered =
        workspace.record.mode.value_or(exists ? RecordMode::NewEpisodes : RecordMode::All);
    for (const Mode& mode : m_modes) mode.button->setChecked(mode.mode == offered);
  }
  const QString name = QFileInfo(path).fileName();
  const RecordMode mode = resolved(this->mode(), exists);
  const bool replaces = exists && mode == RecordMode::All;
  m_file->setRole(replaces ? theme::Role::Warning : theme::Role::TextMuted);
  m_file->setText(!exists && mode == RecordMode::None ? tr("There is no such file to be replayed.")
                  : !exists                           ? tr("A new file.")
                  : replaces ? tr("⚠ %1 is there: what it holds is lost when the recording begins.").arg(name)
                  : mode == RecordMode::None
                      ? tr("%1 is there: it is replayed, and nothing is added.").arg(name)
                      : tr("%1 is there: what it holds stays, and new calls are added behind it.").arg(name));
  m_record->setText(replaces                   ? tr("&Replace and record")
                    : mode == RecordMode::None ? tr("&Replay")
                                               : tr("&Record"));
  const int rules = ruleCount(workspace.scrub);
  m_rules->setText(rules == 1 ? tr("◇ 1 scrub rule is applied before anything is written")
                              : tr("◇ %1 scrub rules are applied before anything is written").arg(rules));
  m_rules->setVisible(rules > 0);
  m_ask->setVisible(isToBeAsked(workspace));
}

void RecordDialog::choose() {
  auto* dialog = new QFileDialog(this, tr("Record into"), QFileInfo(path()).absolutePath(),
                                 tr("Recordings (*.replay);;All files (*)"));
  dialog->setObjectName(QStringLiteral("recordFileDialog"));
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setAcceptMode(QFileDialog::AcceptSave);
  dialog->setOption(QFileDialog::DontConfirmOverwrite);  // the mode says what becomes of it
  dialog->setDefaultSuffix(QStringLiteral("replay"));
  dialog->selectFile(path());
  connect(dialog, &QFileDialog::fileSelected, m_path,
          [this](const QString& chosen) { m_path->setText(QDir::toNativeSeparators(chosen)); });
  dialog->open();
}

void RecordDialog::begin() {
  const QString path = this->path();
  if (path.isEmpty()) return say(tr("Name a file for the recording."), true);
  if (!m_endpoints->finish()) return;
  RecordSettings settings{.path = encoded(path), .workspace = settingsOf(path)};
  Workspace& workspace = settings.workspace;
  workspace.upstream = m_upstream->upstream();
  setEndpointsOf(workspace, m_endpoints->endpoints());
  workspace.record = {.mode = mode(), .plain = m_plain->isChecked()};
  settings.asksService = m_ask->isChecked();
  if (workspace.upstream.address.empty() && isRecording(resolved(mode(), QFileInfo::exists(path)))) {
    m_upstream->address()->setFocus();
    return say(tr("Give the address of the service that is to be recorded."), true);
  }
  QSettings().setValue(kFolderKey, QFileInfo(path).absolutePath());
  if (!m_controller.isRunning()) return m_controller.record(settings);
  // Serving and recording are one server.
  m_next = settings;
  m_controller.stop();
}

void RecordDialog::showState() {
  const bool starting = m_controller.state() == ServerController::State::Starting;
  m_record->setEnabled(!m_controller.isBusy());
  m_progress->setVisible(starting);
  if (starting)
    say(m_ask->isChecked() && m_ask->isVisible() ? tr("Asking the service for its types…") : tr("Starting…"),
        false);
}

void RecordDialog::say(const QString& sentence, bool isError) {
  m_sentence->setRole(isError ? theme::Role::Error : theme::Role::TextMuted);
  m_sentence->setText(isError ? QStringLiteral("✗ ") + sentence : sentence);
}

}  // namespace retake::gui
