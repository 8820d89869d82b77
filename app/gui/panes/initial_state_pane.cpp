#include "panes/initial_state_pane.h"

#include <QHBoxLayout>
#include <QShortcut>
#include <QStackedWidget>
#include <QVBoxLayout>

#include "base/utf8.h"
#include "detail/code_edit.h"
#include "detail/drafts.h"
#include "detail/edit_bar.h"
#include "detail/hex_view.h"
#include "detail/note_bar.h"
#include "detail/segmented_switch.h"
#include "detail/strings.h"
#include "document/document.h"
#include "panes/go_time.h"
#include "panes/hex_text.h"

namespace retake::gui {
namespace {

// More than anybody types; larger ones are shown, not edited.
constexpr std::size_t kMostEdited = 64'000;

// A text editor knows one line end, and no NUL or other control characters.
bool isEditableText(ByteView bytes) {
  if (!isValidUtf8(bytes)) return false;
  for (const char c : bytes)
    if ((static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t') || c == 0x7f) return false;
  // U+2028, U+2029: QTextDocument makes line ends of them.
  return bytes.find("\xe2\x80\xa8") == ByteView::npos && bytes.find("\xe2\x80\xa9") == ByteView::npos &&
         bytes.find("\xef\xb7\x90") == ByteView::npos && bytes.find("\xc2\xa0") == ByteView::npos;
}

}  // namespace

InitialStatePane::InitialStatePane(Document& document, Drafts& drafts, QWidget* parent)
    : QWidget(parent),
      m_document(document),
      m_drafts(drafts),
      m_size(new TextLabel(theme::Role::Text, this)),
      m_mark(new TextLabel(theme::Role::Edited, this)),
      m_meaning(new TextLabel(theme::Role::TextMuted, this)),
      m_switch(new SegmentedSwitch(this)),
      m_notes(new NoteBar(this)),
      m_pages(new QStackedWidget(this)),
      m_edit(new CodeEdit(this)),
      m_view(new HexView(this)),
      m_empty(new QWidget(this)),
      m_bar(new EditBar(this)) {
  setObjectName(QStringLiteral("initialStatePane"));
  setAccessibleName(tr("Initial state"));
  m_size->setObjectName(QStringLiteral("initialStateSize"));
  m_meaning->setObjectName(QStringLiteral("initialStateMeaning"));
  m_mark->setText(tr("✎ edited"));
  m_switch->setObjectName(QStringLiteral("initialStateForm"));
  m_switch->add(static_cast<int>(Form::Hex), tr("Hex"), tr("Two digits a byte"));
  m_switch->add(static_cast<int>(Form::Text), tr("Text"), tr("The bytes as UTF-8"));
  m_edit->setObjectName(QStringLiteral("initialStateText"));
  m_edit->setAccessibleName(tr("Initial state"));
  m_edit->setLineWrapMode(QPlainTextEdit::WidgetWidth);
  m_view->setObjectName(QStringLiteral("initialStateHex"));
  auto* head = new QHBoxLayout;
  head->setContentsMargins(theme::kPaneMargin, theme::kGrid, theme::kPaneMargin, theme::kGrid);
  head->setSpacing(theme::kGroupGap);
  head->addWidget(m_size);
  head->addWidget(m_mark);
  head->addWidget(m_meaning, 1);
  head->addWidget(m_switch);
  auto* explain = new TextLabel(theme::Role::TextMuted, m_empty);
  explain->setObjectName(QStringLiteral("initialStateEmpty"));
  explain->setText(
      tr("The initial state of the recording stands here: bytes that a test keeps with it, such as a seed or "
         "the time "
         "it ran at. Open a recording to see its own."));
  explain->setWrap(true);
  explain->setAlignment(Qt::AlignCenter);
  auto* middle = new QVBoxLayout(m_empty);
  middle->setContentsMargins(theme::kPaneMargin, theme::kPaneMargin, theme::kPaneMargin, theme::kPaneMargin);
  middle->addStretch(1);
  middle->addWidget(explain);
  middle->addStretch(1);
  m_pages->addWidget(m_edit);
  m_pages->addWidget(m_view);
  m_pages->addWidget(m_empty);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(0);
  layout->addLayout(head);
  layout->addWidget(m_notes);
  layout->addWidget(m_pages, 1);
  layout->addWidget(m_bar);

  connect(m_switch, &SegmentedSwitch::chosen, this, [this](int form) { setForm(static_cast<Form>(form)); });
  connect(m_edit, &CodeEdit::textChanged, this, &InitialStatePane::edited);
  connect(m_bar, &EditBar::apply, this, &InitialStatePane::apply);
  connect(m_bar, &EditBar::discard, this, &InitialStatePane::discard);
  connect(m_bar, &EditBar::placeClicked, this, [this] {
    int line = 1;
    int column = 1;
    if (!typed(&line, &column)) m_edit->moveTo({line, column});
  });
  for (const auto key : {Qt::Key_Return, Qt::Key_Enter}) {
    auto* shortcut = new QShortcut(QKeySequence(Qt::CTRL | key), this);
    shortcut->setContext(Qt::WidgetWithChildrenShortcut);
    connect(shortcut, &QShortcut::activated, this, &InitialStatePane::apply);
  }
  auto* escape = new QShortcut(QKeySequence(Qt::Key_Escape), this);
  escape->setContext(Qt::WidgetWithChildrenShortcut);
  connect(escape, &QShortcut::activated, this, &InitialStatePane::discard);
  connect(&document, &Document::changed, this,
          [this](const SnapshotChange& change) { reload(!change.file); });
  connect(&document, &Document::fileChanged, this, [this] { reload(true); });
  reload(false);
}

void InitialStatePane::reload(bool keepDraft) {
  const bool open = m_document.isOpen();
  const auto state = m_document.snapshot().recording->initialState();
  const Blob bytes = state ? *state : Blob{};
  const bool same = open && bytes.view == m_bytes.view && keepDraft;
  m_bytes = bytes;
  if (!keepDraft) {
    setDraft(std::nullopt);
    m_form = !m_bytes.view.empty() && isEditableText(m_bytes.view) ? Form::Text : Form::Hex;
  }
  m_switch->setVisible(open);
  m_notes->setNotes({});
  const bool editable = m_bytes.view.size() <= kMostEdited;
  m_bar->setVisible(open && editable);
  if (!open) {
    m_size->setText({});
    m_meaning->setText({});
    m_mark->hide();
    m_pages->setCurrentWidget(m_empty);
    return;
  }
  if (!state)
    m_notes->setNotes(
        {{QStringLiteral("✗ ") + toQString(state.error().message), theme::Role::Error, {}, {}}});
  const auto opened = m_document.opened().recording->initialState();
  m_mark->setVisible(state && opened && state->view != opened->view);
  m_size->setText(m_bytes.view.empty() ? tr("Empty") : sizeText(m_bytes.view.size()));
  if (!editable) {
    m_switch->hide();
    m_view->setBytes(m_bytes);
    m_pages->setCurrentWidget(m_view);
    showMeaning(m_bytes.view);
    return;
  }
  m_pages->setCurrentWidget(m_edit);
  if (!same || !m_draft) fill();
}

QString InitialStatePane::textOf(ByteView bytes, Form form) const {
  return toQString(form == Form::Hex ? hexText(bytes) : std::string(bytes));
}

void InitialStatePane::fill() {
  const bool asText = isEditableText(m_bytes.view);
  if (!asText && !m_draft) m_form = Form::Hex;
  m_filling = true;
  const QString text = m_draft ? *m_draft : textOf(m_bytes.view, m_form);
  if (m_edit->toPlainText() != text) m_edit->fill(text);
  m_edit->setPlaceholderText(
      m_form == Form::Hex ? tr("Empty: the recording has no initial state. Type bytes, as in 48 65 6c 6c 6f.")
                          : tr("Empty: the recording has no initial state. Type text."));
  m_filling = false;
  if (!m_draft) m_edit->document()->clearUndoRedoStacks();
  showState();
}

void InitialStatePane::setDraft(const std::optional<QString>& text) {
  m_draft = text;
  if (text)
    m_drafts.set(kInitialStateDraft, {m_form == Form::Hex ? Draft::Kind::Hex : Draft::Kind::Text, *text});
  else
    m_drafts.remove(kInitialStateDraft);
}

void InitialStatePane::setForm(Form form) {
  if (form == m_form) {
    m_switch->setCurrent(static_cast<int>(m_form));
    return;
  }
  if (m_draft) {
    // The draft goes along, if it can be said in the other form.
    const auto bytes = typed();
    if (!bytes || (form == Form::Text && !isEditableText(*bytes))) {
      m_switch->setCurrent(static_cast<int>(m_form));
      return;
    }
    m_form = form;
    setDraft(textOf(*bytes, form));
  } else if (form == Form::Text && !isEditableText(m_bytes.view)) {
    m_switch->setCurrent(static_cast<int>(m_form));
    return;
  }
  m_form = form;
  fill();
}

Result<std::string> InitialStatePane::typed(int* line, int* column) const {
  const std::string text = toUtf8(m_edit->toPlainText());
  if (m_form == Form::Text) return text;
  HexPlace place;
  auto bytes = parseHexText(text, place);
  if (line) *line = place.line;
  if (column) *column = place.column;
  return bytes;
}

void InitialStatePane::edited() {
  if (m_filling || m_edit->isFilling()) return;
  const QString now = m_edit->toPlainText();
  setDraft(now == textOf(m_bytes.view, m_form) ? std::nullopt : std::optional(now));
  showState();
}

void InitialStatePane::showState() {
  int line = 1;
  int column = 1;
  const auto bytes = typed(&line, &column);
  m_edit->markError(bytes ? std::nullopt : std::optional(CodeEdit::Place{line, column}));
  m_switch->setCurrent(static_cast<int>(m_form));
  const bool textPossible = bytes && isEditableText(*bytes);
  m_switch->setUsable(static_cast<int>(Form::Text), m_form == Form::Text || textPossible,
                      tr("These bytes are no text that can be edited as such"));
  m_switch->setUsable(static_cast<int>(Form::Hex), m_form == Form::Hex || bool(bytes));
  if (!m_draft)
    m_bar->show(EditBar::State::Unchanged);
  else if (bytes)
    m_bar->show(EditBar::State::Draft);
  else
    m_bar->show(EditBar::State::Invalid, toQString(bytes.error().message));
  showMeaning(bytes ? ByteView(*bytes) : m_bytes.view);
}

void InitialStatePane::showMeaning(ByteView bytes) {
  QString text;
  if (const auto time = parseGoTime(bytes))
    text = tr("perhaps a Go time: %1").arg(toQString(goTimeText(*time)));
  else if (m_form == Form::Hex && !bytes.empty() && bytes.size() <= 200 && isEditableText(bytes))
    text = tr("as text: %1").arg(toQString(bytes).simplified());
  m_meaning->setText(text);
}

void InitialStatePane::apply() {
  if (!m_draft) return;
  auto bytes = typed();
  if (!bytes) {
    int line = 1;
    int column = 1;
    (void)typed(&line, &column);
    m_edit->moveTo({line, column});
    return;
  }
  const auto draft = m_draft;
  setDraft(std::nullopt);
  if (*bytes == m_bytes.view) return fill();
  if (const auto why = m_document.push(ReplaceInitialState{*bytes})) {
    setDraft(draft);
    m_notes->setNotes({{QStringLiteral("✗ ") + *why, theme::Role::Error, {}, {}}});
  }
}

void InitialStatePane::discard() {
  if (!m_draft) return;
  setDraft(std::nullopt);
  fill();
}

}  // namespace retake::gui
