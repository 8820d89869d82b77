#include "panes/initial_state_pane.h"

#include <QFile>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QSettings>
#include <QShortcut>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>
#include <array>

#include "base/atomic_file.h"
#include "base/utf8.h"
#include "detail/code_edit.h"
#include "detail/drafts.h"
#include "detail/edit_bar.h"
#include "detail/hex_view.h"
#include "detail/note_bar.h"
#include "detail/strings.h"
#include "document/document.h"
#include "initial_state/go_time.h"
#include "panes/state_form_bar.h"

namespace retake::gui {
namespace {

using Kind = StateForm::Kind;

constexpr std::array kKinds{Kind::Hex,    Kind::Base64,  Kind::Utf8,   Kind::Json,
                            Kind::GoTime, Kind::Integer, Kind::Message};
// More than anybody types; larger ones are shown, not edited.
constexpr std::size_t kMostEdited = 64'000;
// A larger record is damage to the Go readers.
constexpr qint64 kMostLoaded = 64 << 20;
const auto kFolderKey = QStringLiteral("lastInitialStateFolder");

// A text editor knows one line end, and no NUL or other control characters.
bool isEditableText(ByteView bytes) {
  if (!isValidUtf8(bytes)) return false;
  for (const char c : bytes)
    if ((static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t') || c == 0x7f) return false;
  // U+2028, U+2029: QTextDocument makes line ends of them. U+FDD0, U+FDD1: its own marks. U+00A0: a blank.
  for (const char* lost : {"\xe2\x80\xa8", "\xe2\x80\xa9", "\xef\xb7\x90", "\xef\xb7\x91", "\xc2\xa0"})
    if (bytes.find(lost) != ByteView::npos) return false;
  return true;
}

}  // namespace

InitialStatePane::InitialStatePane(Document& document, Drafts& drafts, QWidget* parent)
    : QWidget(parent),
      m_document(document),
      m_drafts(drafts),
      m_size(new TextLabel(theme::Role::Text, this)),
      m_mark(new TextLabel(theme::Role::Edited, this)),
      m_meaning(new TextLabel(theme::Role::TextMuted, this)),
      m_forms(new StateFormBar(this)),
      m_load(new QToolButton(this)),
      m_save(new QToolButton(this)),
      m_notes(new NoteBar(this)),
      m_pages(new QStackedWidget(this)),
      m_edit(new CodeEdit(this)),
      m_view(new HexView(this)),
      m_empty(new TextLabel(theme::Role::TextMuted, this)),
      m_bar(new EditBar(this)) {
  setObjectName(QStringLiteral("initialStatePane"));
  setAccessibleName(tr("Initial state"));
  buildHead();
  connect(m_forms, &StateFormBar::chosen, this, &InitialStatePane::setForm);
  connect(m_load, &QToolButton::clicked, this, [this] { chooseFile(false); });
  connect(m_save, &QToolButton::clicked, this, [this] { chooseFile(true); });
  connect(m_edit, &CodeEdit::textChanged, this, &InitialStatePane::edited);
  connect(m_bar, &EditBar::apply, this, &InitialStatePane::apply);
  connect(m_bar, &EditBar::discard, this, &InitialStatePane::discard);
  connect(m_bar, &EditBar::placeClicked, this, &InitialStatePane::apply);  // which goes to what is wrong
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
  connect(&drafts, &Drafts::changed, this, &InitialStatePane::takeDraft);
  reload(false);
}

void InitialStatePane::buildHead() {
  m_size->setObjectName(QStringLiteral("initialStateSize"));
  m_mark->setText(tr("✎ edited"));
  m_meaning->setObjectName(QStringLiteral("initialStateMeaning"));
  m_edit->setObjectName(QStringLiteral("initialStateText"));
  m_edit->setAccessibleName(tr("Initial state"));
  m_edit->setLineWrapMode(QPlainTextEdit::WidgetWidth);
  m_view->setObjectName(QStringLiteral("initialStateHex"));
  m_load->setObjectName(QStringLiteral("initialStateLoad"));
  m_load->setText(tr("Load…"));
  m_save->setObjectName(QStringLiteral("initialStateSave"));
  m_save->setText(tr("Save…"));
  m_save->setToolTip(tr("Write its bytes to a file"));
  for (QToolButton* button : {m_load, m_save}) {
    button->setAutoRaise(true);
    button->setFocusPolicy(Qt::TabFocus);
  }
  m_empty->setObjectName(QStringLiteral("initialStateEmpty"));
  m_empty->setText(
      tr("The initial state of the recording stands here: bytes that a test keeps with it, such as a seed or "
         "the time it ran at. Open a recording to see its own."));
  m_empty->setWrap(true);
  m_empty->setAlignment(Qt::AlignCenter);
  auto* head = new QHBoxLayout;
  head->setContentsMargins(theme::kPaneMargin, theme::kGrid, theme::kPaneMargin, theme::kGrid);
  head->setSpacing(theme::kGroupGap);
  head->addWidget(m_size);
  head->addWidget(m_mark);
  head->addStretch(1);
  head->addWidget(m_forms);
  head->addWidget(m_load);
  head->addWidget(m_save);
  auto* below = new QHBoxLayout;
  below->setContentsMargins(theme::kPaneMargin, 0, theme::kPaneMargin, theme::kGrid);
  below->addWidget(m_meaning);
  m_pages->addWidget(m_edit);
  m_pages->addWidget(m_view);
  m_pages->addWidget(m_empty);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(0);
  layout->addLayout(head);
  layout->addLayout(below);
  layout->addWidget(m_notes);
  layout->addWidget(m_pages, 1);
  layout->addWidget(m_bar);
}

void InitialStatePane::reload(bool keepDraft) {
  const bool open = m_document.isOpen();
  const auto state = m_document.snapshot().recording->initialState();
  m_bytes = state ? *state : Blob{};
  m_failure = state ? QString() : toQString(state.error().message);
  if (!keepDraft) {
    setDraft(std::nullopt);
    m_chosen = false;
  }
  const bool editable = m_bytes.view.size() <= kMostEdited;
  m_forms->setVisible(open && editable);
  m_bar->setVisible(open && editable);
  m_load->setVisible(open);
  m_save->setVisible(open);
  // Whoever comes here wants to type, not to choose a form.
  setFocusProxy(!open ? nullptr : editable ? static_cast<QWidget*>(m_edit) : m_view);
  if (!open) {
    m_size->setText({});
    m_meaning->hide();
    m_mark->hide();
    m_notes->setNotes({});
    m_pages->setCurrentWidget(m_empty);
    return;
  }
  const auto opened = m_document.opened().recording->initialState();
  m_mark->setVisible(state && opened && state->view != opened->view);
  m_pages->setCurrentWidget(editable ? static_cast<QWidget*>(m_edit) : m_view);
  if (!editable) {
    setDraft(std::nullopt);
    m_view->setBytes(m_bytes);
    showState();
    return;
  }
  m_forms->setTypes(m_document.snapshot().schema, m_bytes.view);
  // A form that a person chose is kept as long as it can say the bytes.
  if (!m_draft && (!m_chosen || !shown(m_bytes.view, m_form))) {
    m_chosen = false;
    m_form = formToShow();
  }
  fill();
}

StateForm InitialStatePane::formToShow() const {
  const auto guess = guessState(m_bytes.view, *m_document.snapshot().schema);
  return guess && shown(m_bytes.view, guess->form) ? guess->form : StateForm{};
}

Result<QString> InitialStatePane::shown(ByteView bytes, const StateForm& form) const {
  const auto text = stateText(bytes, form, *m_document.snapshot().schema);
  if (!text) return text.error();
  if (!isEditableText(*text)) return Error{"they hold characters that an editor of text would lose"};
  return toQString(*text);
}

void InitialStatePane::fill() {
  const auto text = shown(m_bytes.view, m_form);
  m_text = text ? std::optional(*text) : std::nullopt;
  m_why = text ? QString() : toQString(text.error().message);
  m_filling = true;
  const QString now = m_draft ? *m_draft : m_text.value_or(QString());
  if (m_edit->toPlainText() != now) m_edit->fill(now);
  m_filling = false;
  const QString empty = m_bytes.view.empty() ? tr("Empty: the recording has no initial state. ") : QString();
  m_edit->setPlaceholderText(empty + (m_form.kind == Kind::Hex      ? tr("Type bytes, as in 48 65 6c 6c 6f.")
                                      : m_form.kind == Kind::Base64 ? tr("Type base64, as in SGVsbG8=.")
                                      : m_form.kind == Kind::GoTime
                                          ? tr("Type a time, as in 2006-01-02T15:04:05.999+02:00; Z is UTC.")
                                      : m_form.kind == Kind::Integer
                                          ? tr("Type a whole number, as in 42, -7 or 0xff.")
                                      : m_form.kind == Kind::Utf8 ? tr("Type text.")
                                                                  : tr("Type JSON, as in {\"seed\": 7}.")));
  if (!m_draft) m_edit->document()->clearUndoRedoStacks();
  showState();
}

void InitialStatePane::setDraft(const std::optional<QString>& text) {
  m_draft = text;
  if (text)
    m_drafts.set(kInitialStateDraft, {Draft::Kind::InitialState, *text, toQString(formName(m_form))});
  else
    m_drafts.remove(kInitialStateDraft);
}

// One that was not typed here, as after a crash.
void InitialStatePane::takeDraft() {
  const auto draft = m_drafts.draft(kInitialStateDraft);
  if (!draft || m_draft == draft->text || m_bytes.view.size() > kMostEdited) return;
  const auto form = formOfName(toUtf8(draft->form));
  if (!form) return;
  m_draft = draft->text;
  m_form = *form;
  m_chosen = true;
  fill();
}

void InitialStatePane::setForm(const StateForm& form) {
  m_failure.clear();
  const StateParse parse = typed();
  const QString text = m_edit->toPlainText();
  const bool otherWidth = form.kind == Kind::Integer && form.integer.size != m_form.integer.size;
  const bool otherType = form.kind == Kind::Message && m_draft && !parse.ok();
  if (form.kind == m_form.kind && (otherWidth || otherType) && !isBlank(toUtf8(text))) {
    // The number stays, in another width; JSON stays that only the other type may have the fields for.
    m_form = form;
    setDraft(text);
  } else if (m_draft) {
    const auto other = parse.ok() ? shown(parse.bytes, form) : Error{describe(*parse.problem)};
    if (!other) {
      say(tr("The draft cannot be said so: %1").arg(toQString(other.error().message)));
      return m_forms->setForm(m_form);
    }
    m_form = form;
    setDraft(*other);
  }
  m_form = form;
  m_chosen = true;
  fill();
  edited();  // the draft may say what is recorded
}

StateParse InitialStatePane::typed() const {
  if (!m_draft) return {.bytes = std::string(m_bytes.view), .problem = {}};
  return stateBytes(toUtf8(*m_draft), m_form, *m_document.snapshot().schema, m_bytes.view);
}

void InitialStatePane::edited() {
  if (m_filling || m_edit->isFilling()) return;
  const QString now = m_edit->toPlainText();
  const bool same = m_text ? now == *m_text : now.trimmed().isEmpty();
  setDraft(same ? std::nullopt : std::optional(now));
  showState();
}

void InitialStatePane::showState() {
  const StateParse parse = typed();
  const ByteView bytes = parse.ok() ? ByteView(parse.bytes) : m_bytes.view;
  m_edit->markError(parse.ok() ? std::nullopt
                               : std::optional(CodeEdit::Place{static_cast<int>(parse.problem->line),
                                                               static_cast<int>(parse.problem->column)}));
  m_forms->setForm(m_form);
  for (const Kind kind : kKinds)
    m_forms->setUsable(kind, !m_draft || parse.ok() || kind == m_form.kind,
                       tr("What is typed stands for no bytes yet: correct or discard it first"));
  if (!m_draft)
    m_bar->show(EditBar::State::Unchanged);
  else if (parse.ok())
    m_bar->show(EditBar::State::Draft);
  else
    m_bar->show(EditBar::State::Invalid, toQString(describe(*parse.problem)));
  const QString size = m_bytes.view.empty() ? tr("Empty") : sizeText(m_bytes.view.size());
  const bool grows = m_draft && parse.ok() && bytes.size() != m_bytes.view.size();
  m_size->setText(grows ? tr("%1 → %2").arg(size, sizeText(bytes.size())) : size);
  m_load->setEnabled(!m_draft);
  m_load->setToolTip(m_draft ? tr("Apply or discard the draft first") : tr("Take the bytes of a file"));
  m_save->setEnabled(!m_bytes.view.empty());
  // Of a draft that stands for no bytes there is nothing to say.
  const QString meaning = parse.ok() ? meaningOf(bytes) : QString();
  m_meaning->setText(meaning);
  m_meaning->setVisible(!meaning.isEmpty());
  showNotes(parse.ok() ? bytes : ByteView());
}

QString InitialStatePane::meaningOf(ByteView bytes) const {
  QStringList parts;
  if (const auto guess = guessState(bytes, *m_document.snapshot().schema)) {
    const QString what = toQString(describe(guess->form));
    const QString why = toQString(guess->reason);
    if (guess->form == m_form && bytes.size() <= kMostEdited) {
      if (!m_chosen && !m_draft) parts << tr("Guess: %1 (%2)").arg(what, why);
    } else {
      parts << tr("Guess: perhaps %1: %2 (%3)").arg(what, toQString(guess->text), why);
    }
  }
  if (m_form.kind == Kind::GoTime)
    if (const auto time = readGoTime(bytes); time && time->offsetSeconds)
      parts << tr("in UTC: %1").arg(toQString(goTimeText(inUtc(*time))));
  return parts.join(QStringLiteral(" · "));
}

void InitialStatePane::showNotes(ByteView bytes) {
  std::vector<NoteBar::Note> notes;
  const auto note = [&notes](const QString& text, theme::Role role) {
    notes.push_back({text, role, {}, {}});
  };
  if (!m_failure.isEmpty()) note(QStringLiteral("✗ ") + m_failure, theme::Role::Error);
  if (m_bytes.view.size() > kMostEdited)
    note(tr("Larger than %1: to change it, save it to a file, edit that, and load it again.")
             .arg(sizeText(kMostEdited)),
         theme::Role::TextMuted);
  else if (!m_text)
    note(tr("⚠ The recorded bytes cannot be shown so: %1. What is typed here takes their place.").arg(m_why),
         theme::Role::Warning);
  if (m_form.kind == Kind::GoTime)
    if (const auto time = readGoTime(bytes); time && time->offsetSeconds.value_or(0) % 60 < 0) {
      // Go takes the byte for one without a sign.
      GoTime read = *time;
      *read.offsetSeconds += 256;
      note(tr("Go reads the seconds of a zone west of UTC wrong: to it this is %1, the same moment.")
               .arg(toQString(goTimeText(read))),
           theme::Role::TextMuted);
    }
  m_notes->setNotes(notes);
}

void InitialStatePane::say(const QString& what) {
  m_failure = what;
  showState();
}

void InitialStatePane::apply() {
  if (!m_draft) return;
  m_failure.clear();
  const StateParse parse = typed();
  if (!parse.ok()) {
    m_edit->moveTo({static_cast<int>(parse.problem->line), static_cast<int>(parse.problem->column)});
    m_edit->setFocus();
    return;
  }
  const auto draft = m_draft;
  const bool chosen = m_chosen;
  m_chosen = true;  // what was typed is no guess
  setDraft(std::nullopt);
  if (parse.bytes == m_bytes.view) return fill();
  if (const auto why = m_document.push(ReplaceInitialState{parse.bytes})) {
    m_chosen = chosen;
    setDraft(draft);
    say(*why);
  }
}

void InitialStatePane::discard() {
  if (!m_draft) return;
  m_failure.clear();
  setDraft(std::nullopt);
  fill();
}

void InitialStatePane::chooseFile(bool save) {
  auto* dialog = new QFileDialog(this, save ? tr("Save the initial state as") : tr("Load an initial state"),
                                 QSettings().value(kFolderKey).toString(), tr("All files (*)"));
  dialog->setObjectName(QStringLiteral("initialStateDialog"));
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setAcceptMode(save ? QFileDialog::AcceptSave : QFileDialog::AcceptOpen);
  dialog->setFileMode(save ? QFileDialog::AnyFile : QFileDialog::ExistingFile);
  connect(dialog, &QFileDialog::fileSelected, this, [this, save](const QString& path) {
    QSettings().setValue(kFolderKey, QFileInfo(path).absolutePath());
    save ? saveTo(path) : loadFrom(path);
  });
  dialog->open();
}

void InitialStatePane::loadFrom(const QString& path) {
  QFile file(path);
  // Reading from a pipe would wait for whoever writes.
  if (!QFileInfo(path).isFile()) return say(tr("%1: expected a regular file").arg(path));
  if (!file.open(QIODevice::ReadOnly)) return say(tr("%1: %2").arg(path, file.errorString()));
  if (file.size() > kMostLoaded)
    return say(tr("%1: expected at most %2, found %3")
                   .arg(path, sizeText(kMostLoaded), sizeText(static_cast<std::uint64_t>(file.size()))));
  const QByteArray bytes = file.readAll();
  if (file.error() != QFile::NoError) return say(tr("%1: %2").arg(path, file.errorString()));
  setDraft(std::nullopt);
  m_chosen = false;
  m_failure.clear();
  if (const auto why = m_document.push(ReplaceInitialState{bytes.toStdString()})) return say(*why);
  reload(true);
}

void InitialStatePane::saveTo(const QString& path) {
  m_failure.clear();
  AtomicFile file(toUtf8(path));
  auto done = file.open();
  if (done) done = file.write(m_bytes.view);
  if (done) done = file.commit();
  say(done ? QString() : toQString(done.error().message));
}

}  // namespace retake::gui
