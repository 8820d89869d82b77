#include "detail/message_view.h"

#include <QVBoxLayout>

#include "detail/code_edit.h"
#include "detail/edit_bar.h"
#include "detail/hex_view.h"
#include "detail/json_editor.h"
#include "detail/message_tree_view.h"
#include "detail/page_stack.h"
#include "detail/strings.h"
#include "detail/text_label.h"

namespace retake::gui {
namespace {

// What decodes in well under 100 ms on a slow machine.
constexpr std::size_t kDecodeHere = 256'000;

}  // namespace

MessageView::MessageView(QWidget* parent)
    : QWidget(parent),
      m_pages(new PageStack(this)),
      m_tree(new MessageTreeView(this)),
      m_json(new JsonEditor(this)),
      m_hexPage(new QWidget(this)),
      m_hex(new HexView(m_hexPage)),
      m_hexPlace(new TextLabel(theme::Role::TextMuted, m_hexPage)),
      m_hint(new TextLabel(theme::Role::TextMuted, this)) {
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->addWidget(m_pages);
  m_tree->setObjectName(QStringLiteral("messageTree"));
  m_json->setObjectName(QStringLiteral("messageJson"));
  m_hex->setObjectName(QStringLiteral("messageHex"));
  m_hint->setObjectName(QStringLiteral("decodingHint"));
  m_hint->setAlignment(Qt::AlignCenter);
  m_hint->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
  auto* hexLayout = new QVBoxLayout(m_hexPage);
  hexLayout->setContentsMargins(0, 0, 0, 0);
  hexLayout->setSpacing(0);
  hexLayout->addWidget(m_hex, 1);
  m_hexPlace->setContentsMargins(0, 0, 0, 0);
  m_hexPlace->setObjectName(QStringLiteral("hexPlace"));
  auto* placeRow = new QVBoxLayout;
  placeRow->setContentsMargins(theme::kPaneMargin, theme::kGrid, theme::kPaneMargin, theme::kGrid);
  placeRow->addWidget(m_hexPlace);
  hexLayout->addLayout(placeRow);
  for (QWidget* page : {static_cast<QWidget*>(m_tree), static_cast<QWidget*>(m_json), m_hexPage,
                        static_cast<QWidget*>(m_hint)})
    m_pages->addWidget(page);

  connect(m_tree, &MessageTreeView::editFailed, this, [this](const QString& sentence) {
    m_leafProblem = sentence;
    emit notesChanged();
  });
  connect(m_tree, &MessageTreeView::editingBegins, this, [this] {
    if (m_leafProblem.isEmpty()) return;
    m_leafProblem.clear();
    emit notesChanged();
  });
  connect(m_tree, &MessageTreeView::currentNodeChanged, this, [this] {
    const MessageNode* node = m_tree->currentNode();
    m_hex->highlight(node ? node->offset : 0, node ? node->length : 0);
  });
  connect(m_hex, &HexView::selectionChanged, this, &MessageView::showHexPlace);
  connect(m_hex, &HexView::failed, this, [this](const QString& sentence) { m_hexPlace->setText(sentence); });
  connect(m_json, &JsonEditor::committed, this, &MessageView::committed);
  connect(m_json, &JsonEditor::draftChanged, this, [this](const std::optional<QString>& text) {
    const bool mark = text.has_value() != m_draft.has_value();
    m_draft = text;
    m_tree->setEditable(m_source.editable && !m_draft);
    emit draftChanged(text);
    if (mark) emit notesChanged();
  });
}

void MessageView::show(const MessageSource& source, const std::optional<QString>& draft, bool sameKind) {
  m_treeJob.cancel();
  m_jsonJob.cancel();
  m_tree->leaveEditing();
  const bool sameBytes = sameKind && source.bytes.view == m_source.bytes.view;
  m_source = source;
  m_draft = draft;
  m_sameKind = sameKind;
  m_treeLoaded = m_jsonLoaded = false;
  if (!sameBytes) m_wholeJson = false;
  m_leafProblem.clear();
  m_tree->setEditable(source.editable && !draft);
  m_hex->setBytes(source.bytes);
  showPage();
}

QWidget* MessageView::focusTarget() const {
  if (m_view == MessageViewKind::Tree) return m_tree;
  if (m_view == MessageViewKind::Json) return &m_json->edit();
  return m_hex;
}

void MessageView::setView(MessageViewKind view) {
  m_view = view;
  showPage();
}

bool MessageView::isDecoding() const { return m_treeJob.isRunning() || m_jsonJob.isRunning(); }

void MessageView::showPage() {
  if (!m_source.schema) return;
  switch (m_view) {
    case MessageViewKind::Tree:
      loadTree();
      m_pages->setCurrentWidget(m_treeLoaded ? static_cast<QWidget*>(m_tree) : m_hint);
      break;
    case MessageViewKind::Json:
      loadJson();
      m_pages->setCurrentWidget(m_jsonLoaded ? static_cast<QWidget*>(m_json) : m_hint);
      break;
    case MessageViewKind::Hex:
      // Without the tree, what the caret stands on has no name.
      if (m_source.bytes.view.size() <= kDecodeHere) loadTree();
      m_pages->setCurrentWidget(m_hexPage);
      showHexPlace();
      break;
  }
  emit notesChanged();
}

void MessageView::loadTree() {
  if (m_treeLoaded || m_treeJob.isRunning()) return;
  const auto job = [source = m_source] {
    return std::make_shared<const MessageTree>(
        describeMessage(*source.schema, source.typeName, source.bytes.view));
  };
  const auto ready = [this](const std::shared_ptr<const MessageTree>& tree) {
    m_treeLoaded = true;
    m_tree->setTree(tree, m_source.schema, m_source.bytes, m_sameKind);
  };
  if (m_source.bytes.view.size() <= kDecodeHere) return ready(job());
  m_hint->setText(tr("Decoding %1…").arg(sizeText(m_source.bytes.view.size())));
  m_treeJob.run(this, job, [this, ready](const std::shared_ptr<const MessageTree>& tree) {
    ready(tree);
    showPage();
  });
}

void MessageView::loadJson() {
  if (m_jsonLoaded || m_jsonJob.isRunning()) return;
  if (m_source.isNew) return jsonReady({});
  const auto job = [source = m_source] {
    return std::make_shared<const DecodedJson>(
        decodeJson(*source.schema, source.typeName, source.bytes.view));
  };
  if (m_source.bytes.view.size() <= kDecodeHere) return jsonReady(*job());
  m_hint->setText(tr("Decoding %1…").arg(sizeText(m_source.bytes.view.size())));
  m_jsonJob.run(this, job, [this](const std::shared_ptr<const DecodedJson>& decoded) {
    jsonReady(*decoded);
    showPage();
  });
}

void MessageView::jsonReady(const DecodedJson& decoded) {
  m_jsonLoaded = true;
  m_decoded = decoded;
  openJson();
}

void MessageView::openJson() {
  const JsonSource source{m_source.schema, m_source.typeName,
                          m_decoded.error.isEmpty() && !m_source.isNew ? m_source.bytes : Blob{}};
  const bool whole = m_decoded.beginning.isEmpty() || m_wholeJson || m_draft;
  if (whole)
    m_json->open(source, m_decoded.text, m_draft, m_source.editable);
  else
    m_json->open(source, m_decoded.beginning, std::nullopt, false);
}

void MessageView::showHexPlace() {
  if (m_hex->size() == 0) {
    m_hexPlace->setText(QString());
    return;
  }
  const std::uint64_t offset = m_hex->selectionOffset();
  const std::uint64_t length = m_hex->selectionLength();
  QString text = length > 1
                     ? tr("Bytes %1 to %2, %3 selected").arg(offset).arg(offset + length - 1).arg(length)
                     : tr("Byte %1 (0x%2) of %3").arg(offset).arg(offset, 0, 16).arg(m_hex->size());
  const MessageNode* node = m_treeLoaded ? m_tree->currentNode() : nullptr;
  if (node && m_hex->highlightLength() > 0)
    text += tr(" · marked: %1, %2 bytes").arg(toQString(node->name)).arg(node->length);
  m_hexPlace->setText(text);
}

std::vector<NoteBar::Note> MessageView::notes() {
  std::vector<NoteBar::Note> notes;
  if (!m_leafProblem.isEmpty())
    notes.push_back({QStringLiteral("✗ ") + m_leafProblem, theme::Role::Error, {}, {}});
  if (m_draft && m_view != MessageViewKind::Json)
    notes.push_back({tr("✎ This message has a draft that is not applied."), theme::Role::Edited,
                     tr("Show the draft"), [this] { emit viewWanted(MessageViewKind::Json); }});
  if (m_view == MessageViewKind::Tree && m_source.bytes.view.empty() && !m_draft)
    notes.push_back(
        {m_source.editable ? tr("No field is set. Add one as JSON (Alt+2).") : tr("No field is set."),
         theme::Role::TextMuted,
         {},
         {}});
  if (m_view != MessageViewKind::Json || !m_jsonLoaded) return notes;
  if (!m_decoded.error.isEmpty())
    notes.push_back(
        {tr("✗ These bytes cannot be shown as JSON: %1. What you write here replaces the whole message.")
             .arg(m_decoded.error),
         theme::Role::Error,
         {},
         {}});
  if (!m_decoded.beginning.isEmpty() && !m_wholeJson && !m_draft)
    notes.push_back({tr("%1 of JSON: its beginning is shown, to read.")
                         .arg(sizeText(static_cast<std::uint64_t>(m_decoded.text.size()))),
                     theme::Role::TextMuted, m_source.editable ? tr("Load all and edit") : tr("Load all"),
                     [this] {
                       m_wholeJson = true;
                       openJson();
                       emit notesChanged();
                     }});
  return notes;
}

}  // namespace retake::gui
