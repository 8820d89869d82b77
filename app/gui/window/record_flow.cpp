#include "window/record_flow.h"

#include <QAction>
#include <QFileInfo>
#include <QMessageBox>
#include <QPushButton>

#include "document/document.h"
#include "server/record_dialog.h"
#include "server/words.h"
#include "theme/theme.h"
#include "window/close_guard.h"
#include "window/follow_flow.h"
#include "window/message_bar.h"

namespace retake::gui {

RecordFlow::RecordFlow(Document& document, ServerController& server, FollowFlow& following, CloseGuard& guard,
                       MessageBar& bar, QAction& action, QWidget* window)
    : QObject(window),
      m_document(document),
      m_server(server),
      m_following(following),
      m_guard(guard),
      m_bar(bar),
      m_action(action),
      m_window(window) {
  connect(&action, &QAction::triggered, this, &RecordFlow::toggle);
  connect(&server, &ServerController::stateChanged, this, &RecordFlow::showState);
  connect(&server, &ServerController::recordingStarted, this, &RecordFlow::begin);
  connect(&server, &ServerController::recordingEnded, this, &RecordFlow::end);
  connect(&server, &ServerController::recordingBroke, this, [this](const QString& why) {
    m_bar.show(MessageBar::Kind::Error, tr("Nothing is recorded any more, while calls go on: %1").arg(why),
               {{tr("Stop"), [this] { m_server.stop(); }}});
  });
  // Where the file does not open there is nobody who sees what is recorded.
  connect(&document, &Document::failed, this, [this] {
    if (m_server.isRecording() && !m_server.isRecordingShown() && m_toOpen.isEmpty() && !m_document.isBusy())
      m_server.stop();
  });
  connect(&document, &Document::busyChanged, this, &RecordFlow::openWhenFree, Qt::QueuedConnection);
  connect(&following, &FollowFlow::changed, this, &RecordFlow::goOnWhenRead);
  guard.setBefore([this](std::function<void()> goOn) { askToStop(std::move(goOn)); });
  showState();
}

void RecordFlow::showState() {
  const bool recording = m_server.isRecording();
  m_action.setText(recording ? tr("Stop &recording") : tr("&Record…"));
  m_action.setIconText(recording ? tr("Stop recording") : tr("Record"));
  m_action.setIcon(theme::icon(recording ? QStringLiteral("circle-stop") : QStringLiteral("record")));
  m_action.setToolTip(recording ? tr("End the recording; its clients lose their proxy (Ctrl+R)")
                                : tr("Stand between a service and its clients, and record (Ctrl+R)"));
  m_action.setEnabled(!m_server.isBusy());
}

void RecordFlow::toggle() {
  if (m_server.isRecording())
    m_server.stop();
  else
    m_guard.ask([this] { choose(); });
}

void RecordFlow::choose() { (new RecordDialog(m_server, m_document, m_window))->open(); }

void RecordFlow::begin(const QString& path) {
  showState();
  m_document.setRecordedInto(path);
  m_toOpen = path;
  openWhenFree();
}

void RecordFlow::openWhenFree() {
  if (!m_toOpen.isEmpty() && !m_document.isBusy()) m_following.followNew(std::exchange(m_toOpen, QString()));
}

void RecordFlow::end(const EndedRecording& ended) {
  showState();
  m_document.setRecordedInto({});
  m_toOpen.clear();
  const QString name = QFileInfo(ended.path).fileName();
  const bool isOpen = m_document.path() == ended.path;
  if (isOpen) m_following.finish();
  QList<MessageBar::Action> actions;
  if (!isOpen)
    actions << MessageBar::Action{tr("Open it"), [this, path = ended.path] { emit openWanted(path); }};
  else if (ended.counts.calls > 0 && !m_goOn)
    actions << MessageBar::Action{tr("Serve it"), [this] { m_server.start(); }};
  if (!ended.lost.isEmpty())
    m_bar.show(MessageBar::Kind::Error, tr("Not all of it was recorded: %1").arg(ended.lost), actions);
  else
    m_bar.show(MessageBar::Kind::Information,
               tr("Recorded %1 into %2.").arg(recordedWords(ended.counts), name), actions);
  goOnWhenRead();
}

// Going on sooner would leave the last calls out of what is saved.
void RecordFlow::goOnWhenRead() {
  if (!m_goOn || m_server.isRecording() || m_following.isFollowing()) return;
  // Whoever tells of it is still at it.
  QMetaObject::invokeMethod(this, std::exchange(m_goOn, nullptr), Qt::QueuedConnection);
}

void RecordFlow::askToStop(std::function<void()> goOn) {
  if (!m_server.isRecordingShown()) return goOn();
  auto* box = new QMessageBox(m_window);
  box->setObjectName(QStringLiteral("recordQuestion"));
  box->setAttribute(Qt::WA_DeleteOnClose);
  box->setIcon(QMessageBox::Question);
  box->setWindowTitle(tr("Recording"));
  box->setText(tr("A recording is under way. Stop it?"));
  box->setInformativeText(
      tr("Its clients lose their proxy. %1 keeps what was recorded: %2.")
          .arg(QFileInfo(m_server.recordPath()).fileName(), recordedWords(m_server.recorded())));
  QPushButton* stop = box->addButton(tr("&Stop recording"), QMessageBox::AcceptRole);
  QPushButton* cancel = box->addButton(QMessageBox::Cancel);
  stop->setObjectName(QStringLiteral("stopRecording"));
  box->setDefaultButton(stop);
  box->setEscapeButton(cancel);
  connect(box, &QMessageBox::finished, this, [this, box, stop, goOn] {
    if (box->clickedButton() != stop) return m_guard.abandon();
    m_goOn = goOn;
    m_server.stop();
    goOnWhenRead();  // it may have ended meanwhile
  });
  box->open();
}

}  // namespace retake::gui
