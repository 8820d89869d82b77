#include "detail/entry_view.h"

#include <QHBoxLayout>
#include <QMenu>
#include <QToolButton>
#include <QVBoxLayout>

#include "detail/code_edit.h"
#include "detail/hex_view.h"
#include "detail/json_editor.h"
#include "detail/message_tree_model.h"
#include "detail/message_tree_view.h"
#include "detail/page_stack.h"
#include "detail/segmented_switch.h"
#include "detail/status_editor.h"
#include "detail/strings.h"
#include "detail/text_label.h"
#include "document/document.h"

namespace retake::gui {
namespace {

constexpr int id(MessageViewKind view) { return static_cast<int>(view); }

}  // namespace

EntryView::EntryView(Document& document, Drafts& drafts, QWidget* parent)
    : QWidget(parent),
      m_document(document),
      m_drafts(drafts),
      m_actions(this),
      m_head(new QWidget(this)),
      m_type(new TextLabel(theme::Role::Text, m_head)),
      m_size(new TextLabel(theme::Role::TextMuted, m_head)),
      m_mark(new TextLabel(theme::Role::Edited, m_head)),
      m_scrubMark(new TextLabel(theme::Role::Scrubbed, m_head)),
      m_switch(new SegmentedSwitch(m_head)),
      m_revert(new QToolButton(m_head)),
      m_more(new QToolButton(m_head)),
      m_notes(new NoteBar(this)),
      m_pages(new PageStack(this)),
      m_message(new MessageView(this)),
      m_status(new StatusEditor(this)),
      m_raw(new HexView(this)),
      m_notice(new QWidget(this)),
      m_noticeText(new TextLabel(theme::Role::TextMuted, m_notice)) {
  const auto on = [this](QAction* action, auto&& slot) { connect(action, &QAction::triggered, this, slot); };
  on(m_actions.tree, [this] { setView(MessageViewKind::Tree); });
  on(m_actions.json, [this] { setView(MessageViewKind::Json); });
  on(m_actions.hex, [this] { setView(MessageViewKind::Hex); });
  on(m_actions.revert, [this] { revert(); });
  on(m_actions.replaceByStatus, [this] { beginStatus(m_content.id, Draft::Kind::Status); });
  on(m_actions.replaceByMessage, [this] { beginMessage(); });
  on(m_actions.addEnd, [this] { addEnd(); });
  m_type->setFont(theme::dataFont());
  m_type->setElide(Qt::ElideMiddle);
  m_size->setElide(Qt::ElideNone);
  m_type->setObjectName(QStringLiteral("messageType"));
  m_mark->setObjectName(QStringLiteral("editedMark"));
  m_scrubMark->setObjectName(QStringLiteral("scrubMark"));
  m_switch->setObjectName(QStringLiteral("messageViews"));
  m_switch->add(id(MessageViewKind::Tree), tr("Tree"), tr("Fields, to read and to edit one (Alt+1)"));
  m_switch->add(id(MessageViewKind::Json), tr("JSON"), tr("The whole message as text (Alt+2)"));
  m_switch->add(id(MessageViewKind::Hex), tr("Hex"), tr("Its bytes (Alt+3)"));
  m_revert->setDefaultAction(m_actions.revert);
  m_revert->setObjectName(QStringLiteral("revertButton"));
  m_revert->setToolButtonStyle(Qt::ToolButtonTextOnly);
  m_revert->setFocusPolicy(Qt::TabFocus);
  m_more->setText(tr("More ▾"));
  m_more->setObjectName(QStringLiteral("moreButton"));
  m_more->setAccessibleName(tr("More that can be done with this entry"));
  m_more->setFocusPolicy(Qt::TabFocus);
  auto* menu = new QMenu(m_more);
  menu->addActions({m_actions.replaceByMessage, m_actions.replaceByStatus, m_actions.addEnd});
  // Not setMenu(): the arrow that a style draws for it sits on the text.
  connect(m_more, &QToolButton::clicked, this,
          [this, menu] { menu->popup(m_more->mapToGlobal(QPoint(0, m_more->height()))); });

  auto* head = new QHBoxLayout(m_head);
  head->setContentsMargins(theme::kPaneMargin, theme::kGrid, theme::kPaneMargin, theme::kGrid);
  head->setSpacing(theme::kGroupGap);
  head->addWidget(m_type, 0);
  head->addWidget(m_size, 0);
  head->addWidget(m_mark, 0);
  head->addWidget(m_scrubMark, 0);
  head->addStretch(1);
  head->addWidget(m_revert);
  head->addWidget(m_more);
  head->addWidget(m_switch);
  auto* notice = new QVBoxLayout(m_notice);
  notice->setContentsMargins(theme::kPaneMargin, theme::kPaneMargin, theme::kPaneMargin, theme::kPaneMargin);
  m_noticeText->setWrap(true);
  m_noticeText->setAlignment(Qt::AlignHCenter | Qt::AlignTop);
  m_noticeText->setObjectName(QStringLiteral("entryNotice"));
  notice->addStretch(1);
  notice->addWidget(m_noticeText);
  notice->addStretch(2);
  for (QWidget* page : {static_cast<QWidget*>(m_message), static_cast<QWidget*>(m_status),
                        static_cast<QWidget*>(m_raw), m_notice})
    m_pages->addWidget(page);
  m_status->setObjectName(QStringLiteral("statusEditor"));
  m_raw->setObjectName(QStringLiteral("entryHex"));
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(0);
  layout->addWidget(m_head);
  layout->addWidget(m_notes);
  layout->addWidget(m_pages, 1);

  connect(m_switch, &SegmentedSwitch::chosen, this,
          [this](int view) { setView(static_cast<MessageViewKind>(view)); });
  connect(m_message, &MessageView::viewWanted, this, &EntryView::setView);
  connect(m_message, &MessageView::notesChanged, this, &EntryView::updateNotes);
  connect(m_message, &MessageView::committed, this, &EntryView::commitMessage);
  // Once the line edit of the leaf has closed: the edit sets another tree.
  connect(&m_message->tree(), &MessageTreeView::messageEdited, this,
          [this](const std::string& message, const QString& path) {
            m_leafCommits.push_back({m_message->source().entry, m_message->source().bytes, path, message});
            QMetaObject::invokeMethod(this, &EntryView::applyLeaves, Qt::QueuedConnection);
          });
  connect(&m_message->tree(), &MessageTreeView::leafTyped, this, &EntryView::keepLeaf);
  connect(m_message, &MessageView::draftChanged, this, [this](const std::optional<QString>& text) {
    keepDraft(m_message->source().entry, Draft::Kind::Message, text);
  });
  connect(m_status, &StatusEditor::committed, this, &EntryView::commitStatus);
  connect(m_status, &StatusEditor::draftChanged, this,
          [this](const std::optional<QString>& text) { keepDraft(m_statusEntry, m_draftKind, text); });
  load(false);
}

void EntryView::showEntry(EntryId entry) {
  const bool same = entry == m_content.id;
  if (!same) {
    m_message->tree().finishEditing();
    m_message->tree().leaveEditing();
  }
  m_content.id = entry;
  m_problem.clear();
  load(same);
}

void EntryView::refresh(const SnapshotChange& change) {
  const bool mine =
      std::find(change.entries.begin(), change.entries.end(), m_content.id) != change.entries.end();
  if (mine) m_problem.clear();
  // What is appended to a call leaves its entries as they are.
  const bool calls = change.calls && !change.appended;
  if (change.file || change.schema || mine || calls) load(!change.file);
}

bool EntryView::isEdited() const {
  return differs(*m_document.snapshot().recording, *m_document.opened().recording, m_content.id);
}

EntryView::Mode EntryView::modeFor(const std::optional<Draft>& draft) const {
  if (!m_content.id) return Mode::Empty;
  if (draft && m_content.shape != EntryShape::Gone) {
    if (draft->kind == Draft::Kind::End) return Mode::Status;
    if (draft->kind == Draft::Kind::Status && takesStatus(m_content.kind)) return Mode::Status;
    if (draft->kind == Draft::Kind::Message && takesMessage(m_content.kind)) return Mode::Message;
  }
  switch (m_content.shape) {
    case EntryShape::Message:
      return Mode::Message;
    case EntryShape::Status:
    case EntryShape::StreamEnd:
      return Mode::Status;
    case EntryShape::Raw:
      return Mode::Raw;
    default:
      return Mode::Notice;
  }
}

void EntryView::load(bool sameEntry) {
  const Snapshot& snapshot = m_document.snapshot();
  const auto schemaBefore = m_message->source().schema;
  const std::string typeBefore = m_mode == Mode::Message ? m_content.typeName : std::string();
  const EntryId entry = m_content.id;
  m_content = contentOf(*snapshot.recording, entry);
  m_content.id = entry;
  const auto draft = m_drafts.draft(entry);
  const Mode before = m_mode;
  const bool hadFocus = hasFocusInside();
  const QString edited = sameEntry ? m_message->tree().editedPath() : QString();
  m_message->tree().setKept(m_drafts.leaves(entry));
  m_mode = modeFor(draft);
  switch (m_mode) {
    case Mode::Message: {
      // Another schema names other fields: what was open among the old ones tells nothing.
      const bool sameKind =
          !typeBefore.empty() && typeBefore == m_content.typeName && schemaBefore == snapshot.schema;
      loadMessage(draft, sameKind);
      // A draft is shown again as it was left; but who looks at the tree meanwhile stays there.
      if (!(sameEntry && before == Mode::Message))
        m_message->setView(draft ? MessageViewKind::Json : m_wanted);
      break;
    }
    case Mode::Status:
      loadStatus(draft);
      m_raw->setBytes(m_content.message);
      break;
    case Mode::Raw:
      m_raw->setBytes(m_content.message);
      break;
    case Mode::Notice:
    case Mode::Empty:
      m_noticeText->setText(noticeFor(m_content));
      break;
  }
  showView();
  updateHead();
  updateMarks();
  updateNotes();
  if (hadFocus) focusPage();
  // The line edit that stood on the tree that was.
  if (hadFocus && m_mode == Mode::Message && m_message->view() == MessageViewKind::Tree &&
      m_drafts.leaves(entry).contains(edited)) {
    m_message->tree().editLeaf(edited);
    updateNotes();
  }
}

void EntryView::loadMessage(const std::optional<Draft>& draft, bool sameKind) {
  const Snapshot& snapshot = m_document.snapshot();
  m_draftKind = Draft::Kind::Message;
  MessageSource source;
  source.entry = m_content.id;
  source.schema = snapshot.schema;
  source.isNew = m_content.shape != EntryShape::Message;
  source.bytes = source.isNew ? Blob{} : m_content.message;
  source.typeName =
      source.isNew ? expectedType(*snapshot.recording, *snapshot.schema, m_content.id) : m_content.typeName;
  source.editable = takesMessage(m_content.kind);
  m_message->show(source, draft ? std::optional(draft->text) : std::nullopt, sameKind);
}

void EntryView::loadStatus(const std::optional<Draft>& draft) {
  m_statusEntry = m_content.id;
  StatusEditor::Options options;
  const bool isEnd = draft && draft->kind == Draft::Kind::End;
  const bool recorded = m_content.shape == EntryShape::Status || m_content.shape == EntryShape::StreamEnd;
  m_draftKind = isEnd ? Draft::Kind::End : Draft::Kind::Status;
  options.editable = isEnd || takesStatus(m_content.kind);
  options.okAllowed = isEnd || m_content.kind != EntryKind::Response;
  options.isNew = isEnd || !recorded;
  if (isEnd)
    options.hint = tr("A new end of the stream, not applied yet");
  else if (!recorded)
    options.hint = tr("A status in place of the message, not applied yet");
  else if (m_content.shape == EntryShape::StreamEnd)
    options.hint = tr("The stream ends here with OK");
  Status status = m_content.status;
  if (isEnd) status = {};
  if (!isEnd && !recorded) status = Status{.code = kFirstCode, .message = {}, .details = {}};
  m_status->open(m_document.snapshot().schema, status, draft ? std::optional(draft->text) : std::nullopt,
                 options);
}

void EntryView::setView(MessageViewKind view) {
  if (view != MessageViewKind::Tree) {
    m_message->tree().finishEditing();
    m_message->tree().leaveEditing();
  }
  m_wanted = view;
  const bool hadFocus = hasFocusInside();
  m_message->setView(view);
  showView();
  updateNotes();
  if (hadFocus) focusPage();
}

bool EntryView::hasFocusInside() const {
  const QWidget* focus = window()->focusWidget();
  return focus && m_pages->isAncestorOf(focus);
}

void EntryView::focusPage() {
  QWidget* page = m_pages->currentWidget();
  const QWidget* focus = window()->focusWidget();
  if (page == m_status && focus && focus->isVisible() && m_status->isAncestorOf(focus)) return;
  QWidget* target = page == m_message ? m_message->focusTarget() : page == m_raw ? page : nullptr;
  if (page == m_status) target = m_status->findChild<QWidget*>(QStringLiteral("statusCode"));
  if (target && !target->hasFocus()) target->setFocus();
}

void EntryView::showView() {
  const bool statusAsHex = m_mode == Mode::Status && m_wanted == MessageViewKind::Hex &&
                           !m_status->hasDraft() && !m_content.message.view.empty();
  QWidget* page = m_notice;
  if (m_mode == Mode::Message) page = m_message;
  if (m_mode == Mode::Status) page = statusAsHex ? static_cast<QWidget*>(m_raw) : m_status;
  if (m_mode == Mode::Raw) page = m_raw;
  m_pages->setCurrentWidget(page);
  m_switch->setVisible(m_mode == Mode::Message || m_mode == Mode::Status);
  m_switch->setText(id(MessageViewKind::Tree), m_mode == Mode::Status ? tr("Status") : tr("Tree"));
  m_switch->setShown(id(MessageViewKind::Json), m_mode != Mode::Status);
  if (m_mode == Mode::Message) m_switch->setCurrent(id(m_message->view()));
  if (m_mode == Mode::Status)
    m_switch->setCurrent(id(statusAsHex ? MessageViewKind::Hex : MessageViewKind::Tree));
}

void EntryView::updateHead() {
  const bool some = m_content.id && m_content.shape != EntryShape::Gone;
  m_head->setVisible(some);
  const bool edited = some && isEdited();
  const bool added = edited && !m_document.opened().recording->position(m_content.id);
  const bool isNew = m_mode == Mode::Message && m_message->source().isNew;
  const bool isStatus = m_mode == Mode::Status;
  const std::string type = isNew      ? m_message->source().typeName
                           : isStatus ? std::string(kStatusType)
                                      : m_content.typeName;
  const bool hasBytes = isStatus ? m_content.shape == EntryShape::Status : !isNew && m_mode != Mode::Notice;
  m_type->setText(toQString(type.empty() ? entryKindName(m_content.kind) : std::string_view(type)));
  m_size->setText(hasBytes ? sizeText(m_content.message.view.size()) : QString());
  m_mark->setText(added ? tr("✎ added") : tr("✎ edited"));
  m_mark->setVisible(edited);
  m_actions.revert->setEnabled(edited);
  m_actions.revert->setIconText(added ? (addedCall() ? tr("Delete call") : tr("Remove")) : tr("Revert"));
  m_revert->setVisible(edited);
  const bool isMessage = m_mode == Mode::Message;
  m_actions.replaceByStatus->setEnabled(some && isMessage && takesStatus(m_content.kind));
  m_actions.replaceByMessage->setEnabled(some && !isMessage && m_mode != Mode::Raw &&
                                         takesMessage(m_content.kind) && m_content.kind != EntryKind::Send);
  m_actions.addEnd->setEnabled(some && bool(openCall()));
  m_more->setEnabled(m_actions.replaceByStatus->isEnabled() || m_actions.replaceByMessage->isEnabled() ||
                     m_actions.addEnd->isEnabled());
  for (QAction* view : {m_actions.tree, m_actions.json, m_actions.hex})
    view->setEnabled(m_mode == Mode::Message || m_mode == Mode::Status);
}

void EntryView::updateNotes() {
  std::vector<NoteBar::Note> notes;
  if (!m_problem.isEmpty()) notes.push_back({QStringLiteral("✗ ") + m_problem, theme::Role::Error, {}, {}});
  for (auto& note : leafNotes()) notes.push_back(std::move(note));
  for (auto& note : markNotes()) notes.push_back(std::move(note));
  if (m_mode == Mode::Raw) notes.push_back({toQString(m_content.note), theme::Role::Error, {}, {}});
  if (m_mode == Mode::Message) {
    for (auto& note : m_message->notes()) notes.push_back(std::move(note));
    if (!m_document.snapshot().schema->message(m_content.typeName) && m_content.shape == EntryShape::Message)
      notes.push_back(
          {tr("The schema does not have this type: fields are shown by number, types are guesses."),
           theme::Role::TextMuted, tr("Load a schema…"), [this] { emit schemaWanted(); }});
    const bool sent = m_content.kind == EntryKind::Request || m_content.kind == EntryKind::Send;
    if (sent && (m_message->hasDraft() || isEdited()))
      notes.push_back(
          {tr("An edited request changes which calls get this answer."), theme::Role::Warning, {}, {}});
  }
  m_notes->setNotes(notes);
}

}  // namespace retake::gui
