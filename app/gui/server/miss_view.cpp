#include "server/miss_view.h"

#include <QHBoxLayout>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QStackedWidget>
#include <QUndoStack>
#include <QVBoxLayout>

#include "detail/hairline.h"
#include "detail/note_bar.h"
#include "detail/strings.h"
#include "detail/text_label.h"
#include "document/document.h"
#include "document/selection.h"
#include "server/answer_text.h"
#include "server/call_index.h"
#include "server/miss_rows.h"
#include "server/miss_story.h"
#include "server/miss_table.h"
#include "server/remedies.h"
#include "server/request_type.h"
#include "server/words.h"
#include "theme/theme.h"

namespace retake::gui {

namespace {

// Narrower than this the answer stands above the buttons.
constexpr int kWide = 130 * theme::kGrid;

}  // namespace

MissView::MissView(Document& document, Selection& selection, QWidget* parent)
    : QWidget(parent),
      m_document(document),
      m_selection(selection),
      m_rows(new MissRows(this)),
      m_head(nullptr),
      m_sentence(new TextLabel),
      m_note(new NoteBar),
      m_pages(new QStackedWidget),
      m_table(new MissTable(*m_rows)),
      m_text(new QPlainTextEdit),
      m_foot(nullptr),
      m_answerRow(new QWidget),
      m_nearest(new TextLabel(theme::Role::Accent)),
      m_answer(new TextLabel(theme::Role::TextMuted)) {
  setObjectName(QStringLiteral("missView"));
  setAccessibleName(tr("Why the call was missed"));
  m_sentence->setObjectName(QStringLiteral("missSentence"));
  m_sentence->setWrap(true);
  m_note->setObjectName(QStringLiteral("missNote"));
  m_note->layout()->setContentsMargins(theme::kPaneMargin, theme::kGrid, theme::kPaneMargin, theme::kGrid);
  m_text->setObjectName(QStringLiteral("missText"));
  m_text->setAccessibleName(tr("What the client sent"));
  m_text->setReadOnly(true);
  m_text->setFrameShape(QFrame::NoFrame);
  m_text->setFont(theme::dataFont());
  m_text->setTabChangesFocus(true);
  m_text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
  m_text->setMinimumHeight(2 * QFontMetrics(m_text->font()).lineSpacing() + 2 * theme::kGrid);

  auto* glyph = new TextLabel(theme::Role::Error);
  glyph->setElide(Qt::ElideNone);
  glyph->setText(QStringLiteral("✗"));
  m_head = new QWidget;
  auto* head = new QHBoxLayout(m_head);
  head->setContentsMargins(theme::kPaneMargin, theme::kGrid, theme::kPaneMargin, theme::kGrid);
  head->setSpacing(theme::kGroupGap);
  head->addWidget(glyph, 0, Qt::AlignTop);
  head->addWidget(m_sentence, 1);

  m_pages->addWidget(m_table);
  m_pages->addWidget(m_text);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(0);
  // What was done stands where it said why: a low pane has room for one of them.
  layout->addWidget(m_note);
  layout->addWidget(m_head);
  layout->addWidget(m_pages, 1);
  layout->addWidget(new Hairline);
  layout->addWidget(buildFoot());

  connect(m_table, &MissTable::ignoreRequested, this, [this](int row) {
    if (m_miss) apply(ignoreFields(m_document.snapshot(), *m_miss, {static_cast<std::size_t>(row)}));
  });
  connect(m_nearest, &TextLabel::clicked, this, [this] {
    if (!m_miss) return;
    if (const auto call = callToLookAt(m_document.snapshot(), *m_miss))
      m_selection.selectCall(call->number - 1);
  });
  connect(&document, &Document::changed, this, [this](const SnapshotChange& change) {
    if (change.file) return showMiss(nullptr, {});
    refresh();
  });
  connect(&document.undoStack(), &QUndoStack::indexChanged, this, [this](int index) {
    if (m_doneAt >= 0 && index != m_doneAt) forgetDone();
  });
  refresh();
}

QPushButton* MissView::addButton(const char* name, std::function<Remedy()> remedy) {
  auto* button = new QPushButton;
  button->setObjectName(QLatin1String(name));
  button->setAutoDefault(false);
  connect(button, &QPushButton::clicked, this, [this, remedy] {
    if (m_miss) apply(remedy());
  });
  m_offers.push_back({button, std::move(remedy)});
  return button;
}

QWidget* MissView::buildFoot() {
  m_nearest->setObjectName(QStringLiteral("missNearest"));
  m_nearest->setClickable(true);
  m_nearest->setElide(Qt::ElideNone);
  m_answer->setObjectName(QStringLiteral("missAnswer"));
  auto* answer = new QHBoxLayout(m_answerRow);
  answer->setContentsMargins(0, 0, 0, 0);
  answer->setSpacing(theme::kGroupGap);
  answer->addWidget(m_nearest);
  answer->addWidget(m_answer, 1);

  auto* buttons = new QHBoxLayout;
  buttons->setSpacing(theme::kGroupGap);
  buttons->addWidget(addButton(
      "missIgnore", [this] { return ignoreFields(m_document.snapshot(), *m_miss, m_rows->ignorable()); }));
  buttons->addWidget(
      addButton("missAnswerWith", [this] { return answerWithThis(m_document.snapshot(), *m_miss); }));
  buttons->addWidget(
      addButton("missRepeat", [this] { return repeatTheLast(m_document.snapshot(), *m_miss); }));
  buttons->addWidget(addButton("missAdd", [this] { return addAsCall(m_document.snapshot(), *m_miss); }));
  buttons->addStretch(1);

  auto* foot = new QWidget;
  m_foot = new QBoxLayout(QBoxLayout::TopToBottom, foot);
  m_foot->setContentsMargins(theme::kPaneMargin, theme::kGrid, theme::kPaneMargin, theme::kGroupGap);
  m_foot->setSpacing(theme::kGrid);
  m_foot->addWidget(m_answerRow, 1);
  m_foot->addLayout(buttons);
  return foot;
}

void MissView::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  const bool wide = width() >= kWide;
  m_foot->setDirection(wide ? QBoxLayout::RightToLeft : QBoxLayout::TopToBottom);
  m_foot->setSpacing(wide ? 2 * theme::kGroupGap : theme::kGrid);
}

void MissView::showMiss(std::shared_ptr<const Explanation> explanation, const QString& text) {
  if (explanation != m_miss || !explanation) forgetDone();
  m_miss = std::move(explanation);
  m_statusText = text;
  m_rows->setMiss(m_miss, m_document.snapshot().workspace);
  refresh();
}

void MissView::refresh() {
  m_rows->setWorkspace(m_document.snapshot().workspace);
  showStory();
  for (const Offer& offer : m_offers) {
    const Remedy remedy = m_miss ? offer.remedy() : Remedy{};
    // A remedy that says nothing has nothing to do with this kind of miss.
    const bool offered = m_miss && !remedy.toolTip.isEmpty();
    offer.button->setVisible(offered);
    if (!offered) continue;
    offer.button->setText(remedy.label);
    // Else the focus would go to the next remedy, and a second press would apply that.
    if (!remedy.possible() && offer.button->hasFocus()) m_pages->currentWidget()->setFocus();
    offer.button->setEnabled(remedy.possible());
    offer.button->setToolTip(remedy.toolTip);
    offer.button->setAccessibleDescription(remedy.toolTip);
  }
}

void MissView::showStory() {
  m_pages->setCurrentIndex(m_rows->rowCount() > 0 ? 0 : 1);
  m_answerRow->setVisible(false);
  if (!m_miss) {
    m_sentence->setText(m_statusText.isEmpty()
                            ? QString()
                            : tr("The explanation is not kept any more; this is what the client was told:"));
    m_text->setPlainText(m_statusText);
    return;
  }
  const Snapshot& snapshot = m_document.snapshot();
  m_sentence->setText(missSentence(*m_miss));
  QString sent;
  if (m_rows->rowCount() == 0 && m_miss->sent) {
    sent = messageText(*snapshot.schema, requestTypeOf(snapshot, m_miss->method), *m_miss->sent);
    if (sent.size() > static_cast<qsizetype>(kMaxAnswerText))
      sent = sent.left(static_cast<qsizetype>(kMaxAnswerText)) + QStringLiteral("…");
  }
  m_text->setPlainText(sent);
  const auto call = callToLookAt(snapshot, *m_miss);
  if (!call) return;
  m_answerRow->setVisible(true);
  m_nearest->setText(tr("%1 answers").arg(callWords(call->number)));
  m_nearest->setToolTip(tr("Select %1 in the table").arg(callWords(call->number)));
  m_answer->setText(answerPreview(snapshot, *call));
}

void MissView::apply(const Remedy& remedy) {
  if (!remedy.possible()) return;
  const EntryId limit{m_document.snapshot().recording->idLimit()};
  const QStringList refused = m_document.pushAll(remedy.edits, remedy.name, remedy.workspace);
  if (!refused.isEmpty()) {
    forgetDone();
    m_note->setNotes({{QStringLiteral("✗ ") + refused.join(u'\n'), theme::Role::Error, {}, {}}});
    return;
  }
  showDone(remedy);
  if (!remedy.addsCall) return;
  // New entries have ids that none had before; the first of them is its REQUEST or CREATE_STREAM.
  if (const auto added = callIndex(m_document.snapshot(), limit)) {
    m_selection.selectCall(*added);
    emit editWanted();
  }
}

void MissView::showDone(const Remedy& remedy) {
  m_doneAt = m_document.undoStack().index();
  const bool used = remedy.answersOnce && isUsed(m_miss->nearest->id);
  std::vector<NoteBar::Note> notes;
  notes.push_back(
      {QStringLiteral("✓ ") + remedy.said + (used ? QString() : tr(" — counts from the next call on")),
       theme::Role::Matched, tr("Undo"), [this] { m_document.undoStack().undo(); }});
  if (used) {
    const auto call = callToLookAt(m_document.snapshot(), *m_miss);
    const QString which = call ? callWords(call->number) : tr("That call");
    notes.push_back({tr("⚠ %1 has been used; it answers again when that is reset").arg(which),
                     theme::Role::Warning, tr("Reset used"), [this] { emit resetUsedWanted(); }});
  }
  m_note->setNotes(notes);
  m_head->hide();
}

void MissView::addUsed(const std::vector<EntryId>& calls) {
  for (const EntryId call : calls) {
    if (call.value >= m_used.size()) m_used.resize(call.value + 1);
    m_used[call.value] = true;
  }
}

bool MissView::isUsed(EntryId call) const { return call.value < m_used.size() && m_used[call.value]; }

void MissView::forgetDone() {
  m_doneAt = -1;
  m_note->setNotes({});
  m_head->show();
}

}  // namespace retake::gui
