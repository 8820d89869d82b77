#include "window/status_line.h"

#include <QHBoxLayout>
#include <QProgressBar>
#include <QToolButton>

#include "calls/call_rows.h"
#include "calls/call_text.h"
#include "detail/drafts.h"
#include "detail/text_label.h"
#include "document/document.h"
#include "server/server_controller.h"
#include "server/words.h"
#include "theme/theme.h"

namespace retake::gui {

StatusLine::StatusLine(Document& document, CallRows& rows, Drafts& drafts, ServerController& server,
                       QWidget* parent)
    : QStatusBar(parent), m_document(document), m_rows(rows), m_drafts(drafts), m_server(server) {
  setObjectName(QStringLiteral("statusLine"));
  setSizeGripEnabled(false);
  setContentsMargins(theme::kGroupGap, 0, theme::kGroupGap, 0);
  m_text = new TextLabel(theme::Role::Text, this);
  m_text->setObjectName(QStringLiteral("statusText"));
  addWidget(m_text);

  m_recording = new TextLabel(theme::Role::Accent, this);
  m_recording->setObjectName(QStringLiteral("statusRecording"));
  m_recording->setClickable(true);
  m_recording->setElide(Qt::ElideNone);
  m_recording->setToolTip(
      tr("Calls go to the service and are recorded. Click to see them in the server's log."));
  connect(m_recording, &TextLabel::clicked, this, &StatusLine::recordingClicked);
  addPermanentWidget(m_recording);
  m_following = new TextLabel(theme::Role::Accent, this);
  m_following->setObjectName(QStringLiteral("statusFollowing"));
  m_following->setClickable(true);
  m_following->setElide(Qt::ElideNone);
  m_following->setToolTip(
      tr("What another program appends to the file is shown as it comes. Click to stop."));
  connect(m_following, &TextLabel::clicked, this, &StatusLine::followingClicked);
  addPermanentWidget(m_following);
  m_following->hide();
  m_draft = new TextLabel(theme::Role::Edited, this);
  m_draft->setObjectName(QStringLiteral("statusDraft"));
  m_draft->setClickable(true);
  m_draft->setElide(Qt::ElideNone);
  m_draft->setToolTip(tr("What was typed and is not in the recording yet. Click to go to it."));
  connect(m_draft, &TextLabel::clicked, this, &StatusLine::draftRequested);
  addPermanentWidget(m_draft);
  m_said = new TextLabel(theme::Role::TextMuted, this);
  m_said->setObjectName(QStringLiteral("statusSaid"));
  m_said->setElide(Qt::ElideMiddle);
  addPermanentWidget(m_said);
  m_saidTime.setSingleShot(true);
  m_saidTime.setInterval(5000);
  connect(&m_saidTime, &QTimer::timeout, m_said, [this] { m_said->setText({}); });

  m_jobPart = new QWidget(this);
  m_jobPart->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Preferred);
  m_jobText = new TextLabel(theme::Role::Text, m_jobPart);
  m_progress = new QProgressBar(m_jobPart);
  m_progress->setObjectName(QStringLiteral("jobProgress"));
  m_progress->setFixedSize(120, 8);
  m_progress->setTextVisible(false);
  m_cancel = new QToolButton(m_jobPart);
  m_cancel->setObjectName(QStringLiteral("jobCancel"));
  m_cancel->setIcon(theme::icon(QStringLiteral("close")));
  m_cancel->setToolTip(tr("Cancel"));
  m_cancel->setAccessibleName(tr("Cancel"));
  m_cancel->setAutoRaise(true);
  m_cancel->setFocusPolicy(Qt::StrongFocus);
  connect(m_cancel, &QToolButton::clicked, &document.job(), &Job::cancel);
  auto* layout = new QHBoxLayout(m_jobPart);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(theme::kGroupGap);
  layout->addWidget(m_jobText);
  layout->addWidget(m_progress);
  layout->addWidget(m_cancel);
  addPermanentWidget(m_jobPart);
  m_jobPart->hide();

  connect(&rows, &CallRows::changed, this, &StatusLine::showText);
  connect(&document, &Document::fileChanged, this, &StatusLine::showText);
  connect(&document, &Document::schemaLoaded, this, &StatusLine::showText);
  connect(&server, &ServerController::stateChanged, this, &StatusLine::showText);
  connect(&server, &ServerController::countsChanged, this, &StatusLine::showText);
  connect(&document.job(), &Job::changed, this, &StatusLine::showJob);
  connect(&drafts, &Drafts::changed, this, &StatusLine::showDrafts);
  connect(&server, &ServerController::recordedChanged, this, &StatusLine::showRecording);
  connect(&server, &ServerController::recordedChanged, this, &StatusLine::showText);
  showText();
  showDrafts();
  showRecording();
}

// Following goes without saying then.
void StatusLine::showRecording() {
  const bool recording = m_server.isRecording();
  const bool broke = !m_server.recordFailure().isEmpty();
  m_recording->setVisible(recording);
  m_following->setVisible(m_isFollowing && !recording);
  m_recording->setRole(broke ? theme::Role::Error : theme::Role::Accent);
  m_recording->setText((broke ? tr("✗ recorded no further: %1") : tr("● recording: %1"))
                           .arg(recordedWords(m_server.recorded())));
}

void StatusLine::showFollowing(bool following, std::uint32_t newCalls) {
  m_isFollowing = following;
  m_following->setVisible(following && !m_server.isRecording());
  m_following->setText(newCalls == 0 ? tr("● following: nothing new yet")
                                     : tr("● following: %1 new").arg(countText(newCalls)));
}

void StatusLine::showDrafts() {
  const int count = m_drafts.count();
  m_draft->setVisible(count > 0);
  m_draft->setText(count == 1 ? tr("✎ 1 draft not applied") : tr("✎ %1 drafts not applied").arg(count));
}

void StatusLine::showText() {
  QStringList parts;
  if (m_document.isOpen()) {
    const QString total = countText(m_rows.total());
    if (m_rows.isFiltered())
      parts << tr("%1 of %2 shown").arg(countText(m_rows.rows().size()), total);
    else
      parts << (m_rows.total() == 1 ? tr("1 call") : tr("%1 calls").arg(total));
    parts << QString::fromUtf8(m_document.format()->title().data(),
                               static_cast<qsizetype>(m_document.format()->title().size()));
    if (m_document.schemaPlaces().isEmpty()) parts << tr("no schema: fields by number");
  }
  if (m_server.isRunning())
    parts << (m_server.isRecording() ? tr("clients call %1") : tr("serving %1"))
                 .arg(m_server.addresses().join(QStringLiteral(", ")));
  if (m_server.missed() > 0) parts << tr("%1 missed").arg(countText(m_server.missed()));
  m_text->setText(parts.join(QStringLiteral("  ·  ")));
}

void StatusLine::say(const QString& text) {
  m_said->setText(text);
  m_saidTime.start();
}

void StatusLine::showJob() {
  const Job& job = m_document.job();
  if (!job.isRunning()) {
    m_jobTime.invalidate();
    m_jobPart->hide();
    return;
  }
  if (!m_jobTime.isValid()) m_jobTime.start();
  // What is over in a blink needs no bar.
  if (m_jobTime.elapsed() < 90) return;
  m_jobText->setText(job.isCancelled() ? tr("Cancelling…") : job.what() + QStringLiteral("…"));
  const auto progress = job.progress();
  m_progress->setRange(0, progress ? 1000 : 0);
  if (progress) m_progress->setValue(static_cast<int>(*progress * 1000));
  m_cancel->setEnabled(!job.isCancelled());
  m_jobPart->show();
}

}  // namespace retake::gui
