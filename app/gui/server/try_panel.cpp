#include "server/try_panel.h"

#include <QAction>
#include <QHBoxLayout>
#include <QPushButton>
#include <QSplitter>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>
#include <utility>

#include "detail/drafts.h"
#include "detail/text_label.h"
#include "document/document.h"
#include "document/selection.h"
#include "server/answer_compare.h"
#include "server/answer_text.h"
#include "server/call_index.h"
#include "server/check_pane.h"
#include "server/come_forward.h"
#include "server/padded.h"
#include "server/request_editor.h"
#include "server/try_case.h"
#include "server/words.h"
#include "theme/theme.h"

namespace retake::gui {

TryPanel::TryPanel(Document& document, Selection& selection, Drafts& drafts, QWidget* parent)
    : QWidget(parent),
      m_document(document),
      m_selection(selection),
      m_drafts(drafts),
      m_send(new QAction(tr("Send"), this)),
      m_reset(new QAction(tr("Request as recorded"), this)),
      m_title(new TextLabel),
      m_result(new TextLabel(theme::Role::TextMuted)),
      m_notes(new TextLabel(theme::Role::TextMuted)),
      m_sendButton(new QPushButton),
      m_request(new RequestEditor),
      m_compare(new AnswerCompare),
      m_check(new CheckPane(document)),
      m_pages(new QStackedWidget),
      m_hint(new TextLabel(theme::Role::TextMuted)) {
  setObjectName(QStringLiteral("tryPanel"));
  setAccessibleName(tr("Try"));
  m_title->setObjectName(QStringLiteral("tryTitle"));
  m_result->setObjectName(QStringLiteral("tryResult"));
  m_notes->setObjectName(QStringLiteral("tryNotes"));
  m_notes->setWrap(true);
  m_hint->setObjectName(QStringLiteral("tryHint"));
  m_hint->setWrap(true);
  m_hint->setAlignment(Qt::AlignLeft | Qt::AlignTop);
  buildActions();

  m_sendButton->setObjectName(QStringLiteral("trySendButton"));
  m_sendButton->setDefault(true);
  connect(m_sendButton, &QPushButton::clicked, m_send, &QAction::trigger);
  auto* reset = new QToolButton;
  reset->setDefaultAction(m_reset);
  reset->setObjectName(QStringLiteral("tryResetButton"));
  reset->setAccessibleName(m_reset->text());
  reset->setFocusPolicy(Qt::StrongFocus);

  auto* bar = new QHBoxLayout;
  bar->setContentsMargins(theme::kPaneMargin, theme::kGroupGap, theme::kPaneMargin, theme::kGroupGap);
  bar->setSpacing(theme::kGrid);
  bar->addWidget(m_title);
  bar->addSpacing(theme::kGroupGap);
  bar->addWidget(m_sendButton);
  bar->addWidget(reset);
  bar->addSpacing(theme::kGroupGap);
  bar->addWidget(m_result, 1);
  bar->addSpacing(theme::kGroupGap);
  bar->addWidget(m_check->strip());

  auto* columns = new QSplitter(Qt::Horizontal);
  columns->setChildrenCollapsible(false);
  columns->addWidget(m_request);
  columns->addWidget(m_compare);
  columns->setSizes({1000, 2000});
  columns->setStretchFactor(0, 1);
  columns->setStretchFactor(1, 2);
  m_notesRow = padded(m_notes, theme::kPaneMargin, theme::kGrid);
  auto* call = new QWidget;
  auto* callLayout = new QVBoxLayout(call);
  callLayout->setContentsMargins(0, 0, 0, 0);
  callLayout->setSpacing(0);
  callLayout->addWidget(m_notesRow);
  callLayout->addWidget(columns, 1);
  m_pages->addWidget(padded(m_hint, theme::kPaneMargin, theme::kGrid));
  m_pages->addWidget(call);

  // What a check found stands before what is looked at; both are low panes in a low dock.
  auto* parts = new QSplitter(Qt::Horizontal);
  parts->setChildrenCollapsible(false);
  parts->addWidget(m_check);
  parts->addWidget(m_pages);
  parts->setStretchFactor(0, 1);
  parts->setStretchFactor(1, 3);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(0);
  layout->addLayout(bar);
  layout->addWidget(parts, 1);

  const auto stale = [this] {
    m_stale = true;
    if (isVisible()) {
      prepare();
    } else {
      showState();
    }
  };
  connect(&selection, &Selection::callChanged, this, stale);
  connect(&document, &Document::changed, this, [this, stale](const SnapshotChange& change) {
    if (change.file) m_request->forgetAll();
    if (change.touches(m_selection.call())) stale();
  });
  connect(&drafts, &Drafts::changed, this, &TryPanel::showState);
  connect(m_request, &RequestEditor::editedChanged, this, &TryPanel::showState);
  connect(&m_try, &Job::changed, this, &TryPanel::showState);
  connect(m_check->checkAction(), &QAction::triggered, this, [this] { comeForward(*this); });
  connect(m_check, &CheckPane::callChosen, this, &TryPanel::showChecked);
  showState();
}

void TryPanel::buildActions() {
  m_send->setObjectName(QStringLiteral("trySend"));
  m_send->setShortcuts({QKeySequence(Qt::CTRL | Qt::Key_Return), QKeySequence(Qt::CTRL | Qt::Key_Enter)});
  // Elsewhere the same keys commit an edit of the recording.
  m_send->setShortcutContext(Qt::WidgetWithChildrenShortcut);
  connect(m_send, &QAction::triggered, this, &TryPanel::send);
  m_reset->setObjectName(QStringLiteral("tryReset"));
  m_reset->setShortcut(QKeySequence(Qt::CTRL | Qt::ALT | Qt::Key_R));
  m_reset->setIcon(theme::icon(QStringLiteral("undo-2")));
  connect(m_reset, &QAction::triggered, m_request, &RequestEditor::reset);
  addActions({m_send, m_reset, m_check->checkAction()});
}

void TryPanel::showEvent(QShowEvent* event) {
  QWidget::showEvent(event);
  if (m_stale) prepare();
}

void TryPanel::prepare() {
  m_stale = false;
  m_sendWhenReady = false;
  m_try.cancel();
  const auto index = m_selection.call();
  if (!m_document.isOpen() || !index) {
    m_preparing.cancel();
    m_prepared = nullptr;
    m_request->setSends({}, 0);
    showState();
    return;
  }
  m_preparing.run(
      this, [snapshot = m_document.snapshot(), index = *index] { return prepareCase(snapshot, index); },
      [this](const std::shared_ptr<const TryCase>& prepared) { showPrepared(prepared); });
  showState();
}

void TryPanel::showPrepared(const std::shared_ptr<const TryCase>& prepared) {
  m_prepared = prepared;
  m_title->setText(prepared->title);
  m_request->setSends(prepared->sends, prepared->sendCount);
  m_notes->setText({});
  m_result->setRole(theme::Role::TextMuted);
  m_result->setText({});
  if (!prepared->error.isEmpty()) {
    m_result->setRole(theme::Role::Error);
    m_result->setText(QStringLiteral("✗ ") + prepared->error);
  }
  m_compare->showRecorded(prepared->recorded, tr("Send to see what a client gets (Ctrl+Enter)"));
  if (m_checked && m_checked->call == prepared->id) {
    TryAnswer answer;
    answer.outcome = m_checked->outcome;
    answer.lines = answeredLines(*prepared->snapshot.schema, m_checked->script, m_checked->outcome.outcome);
    showAnswer(answer);
  }
  m_checked = nullptr;
  showState();
  if (std::exchange(m_sendWhenReady, false)) send();
}

void TryPanel::send() {
  if (isTrying()) return m_try.cancel();
  comeForward(*this);
  if (m_stale) prepare();
  if (m_preparing.isRunning() || m_try.isRunning()) {
    m_sendWhenReady = true;
    return;
  }
  if (!m_prepared || !m_prepared->error.isEmpty()) return;
  using Shared = std::shared_ptr<const TryAnswer>;
  m_trying = m_prepared;
  m_try.start(
      tr("Trying the call"),
      [prepared = m_prepared, edits = m_request->edited()](const Task& task) -> Shared {
        return std::make_shared<const TryAnswer>(askCase(*prepared, edits, task));
      },
      [this, prepared = m_prepared](const Shared& answer) {
        m_trying = nullptr;
        // Else another call was chosen meanwhile: this answer is not to what is shown.
        if (prepared == m_prepared) showAnswer(*answer);
        if (m_prepared && !m_preparing.isRunning() && std::exchange(m_sendWhenReady, false)) send();
      });
}

bool TryPanel::isTrying() const { return m_trying && m_trying == m_prepared; }

void TryPanel::showAnswer(const TryAnswer& answer) {
  if (answer.problem) {
    m_request->showProblem(answer.problem->first, answer.problem->second);
    m_result->setRole(theme::Role::Error);
    m_result->setText(tr("✗ not sent: the request is not valid"));
    return;
  }
  if (!answer.error.isEmpty()) {
    m_result->setRole(theme::Role::Error);
    m_result->setText(QStringLiteral("✗ ") + answer.error);
    return;
  }
  const bool equal = answer.outcome.differences.empty();
  using Verdict = AnswerCompare::Verdict;
  m_compare->showBoth(m_prepared->recorded, answer.lines,
                      answer.outcome.missed ? Verdict::Missed
                      : equal               ? Verdict::Equal
                                            : Verdict::Differs);
  m_result->setRole(equal ? theme::Role::Matched : theme::Role::Error);
  m_result->setText(resultWords(answer.outcome, answer.edited));
  QStringList notes;
  for (const std::string& note : answer.outcome.notes)
    notes += QStringLiteral("› ") + QString::fromStdString(note);
  if (const std::size_t drafts = draftsOfCall(); drafts > 0) {
    notes += tr("✎ the stand-in answers without the %1 of this call that %2 not applied")
                 .arg(countWords(drafts, tr("draft"), tr("drafts")), drafts == 1 ? tr("is") : tr("are"));
  }
  m_notes->setText(notes.join(u'\n'));
  showState();
}

QString TryPanel::resultWords(const TryOutcome& outcome, bool edited) const {
  QStringList parts;
  if (outcome.missed) {
    parts += tr("✗ missed: nothing recorded matches");
  } else if (outcome.differences.empty()) {
    parts += tr("✓ answered as recorded");
  } else {
    parts += QStringLiteral("≠ ") + QString::fromStdString(outcome.differences.front()).section(u'\n', 0, 0);
  }
  parts += statusWords(outcome.outcome.end.code);
  parts += durationWords(outcome.outcome.duration);
  if (outcome.answeredBy != 0 && outcome.answeredBy != m_prepared->call.number) {
    parts += tr("by %1").arg(callWords(outcome.answeredBy));
  }
  if (outcome.equalBefore > 0) {
    parts +=
        tr("after %1 before it").arg(countWords(outcome.equalBefore, tr("equal call"), tr("equal calls")));
  }
  if (edited) parts += tr("✎ changed request");
  return parts.join(QStringLiteral(" · "));
}

std::size_t TryPanel::draftsOfCall() const {
  if (!m_prepared) return 0;
  const Recording& recording = *m_prepared->snapshot.recording;
  std::size_t count = m_drafts.draft(m_prepared->id) ? 1 : 0;
  for (const std::uint32_t position : m_prepared->call.rest) {
    if (m_drafts.draft(recording.info(position).id)) ++count;
  }
  return count;
}

// The answer that the check got is shown without asking again: a call on its own may fare otherwise.
void TryPanel::showChecked(const CheckedCall& checked) {
  m_checked = std::make_shared<const CheckedCall>(checked);
  const auto index = callIndex(m_document.snapshot(), checked.call);
  if (!index) return;
  if (m_prepared && m_prepared->id == checked.call && !m_stale && m_selection.call() == index) {
    showPrepared(m_prepared);
  } else {
    m_selection.selectCall(*index);
  }
}

void TryPanel::showState() {
  const bool open = m_document.isOpen();
  m_pages->setCurrentIndex(open && m_prepared ? 1 : 0);
  m_title->setVisible(m_prepared != nullptr);
  m_result->setVisible(m_prepared != nullptr);
  m_hint->setText(
      !open ? tr("Recorded calls are tried here. Open a recording first.")
            : tr("Select a call to try it: its request goes to a stand-in of its own, in memory, and the "
                 "answer is shown beside the recorded one. No server has to be started, and nothing is "
                 "used up for the clients of one that is."));
  const bool running = isTrying();
  m_send->setText(running ? tr("Cancel") : tr("Send"));
  const bool readable = m_stale || !m_prepared || m_prepared->error.isEmpty();
  m_send->setEnabled(open && m_selection.call() && readable);
  m_send->setToolTip(running ? tr("Stop waiting for the answer")
                             : tr("Play this call against a stand-in of its own, in memory (Ctrl+Enter)"));
  m_sendButton->setText(m_send->text());
  m_sendButton->setEnabled(m_send->isEnabled());
  m_sendButton->setToolTip(m_send->toolTip());
  m_reset->setEnabled(m_request->isEdited());
  m_reset->setToolTip(m_request->isEdited() ? tr("Back to the recorded request")
                                            : tr("The request is as recorded"));
  if (running) {
    m_result->setRole(theme::Role::TextMuted);
    m_result->setText(tr("… waiting for the answer"));
  }
  m_notesRow->setVisible(!m_notes->text().isEmpty());
}

}  // namespace retake::gui
