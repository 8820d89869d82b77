#include "detail/json_editor.h"

#include <QShortcut>
#include <QVBoxLayout>

#include "detail/code_edit.h"
#include "detail/edit_bar.h"
#include "detail/strings.h"

namespace retake::gui {
namespace {

// A check of this much takes a few milliseconds; a longer text is checked on another thread.
constexpr qsizetype kCheckHere = 64 * 1024;
// Between two key strokes of someone who types fast, so that nobody is told of half a word.
constexpr int kCheckDelayMs = 150;

CodeEdit::Place placeOf(const JsonProblem& problem) {
  return {static_cast<int>(problem.line), static_cast<int>(problem.column)};
}

}  // namespace

JsonEditor::JsonEditor(QWidget* parent)
    : QWidget(parent), m_edit(new CodeEdit(this)), m_bar(new EditBar(this)) {
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(0);
  layout->addWidget(m_edit, 1);
  layout->addWidget(m_bar);
  m_edit->setObjectName(QStringLiteral("jsonText"));
  m_edit->setAccessibleName(tr("Message as JSON"));
  m_delay.setSingleShot(true);
  m_delay.setInterval(kCheckDelayMs);
  connect(&m_delay, &QTimer::timeout, this, &JsonEditor::check);
  connect(m_edit, &CodeEdit::textChanged, this, &JsonEditor::textEdited);
  connect(m_edit, &CodeEdit::filled, this, [this] {
    if (m_hasDraft) check();
  });
  connect(m_bar, &EditBar::apply, this, &JsonEditor::commit);
  connect(m_bar, &EditBar::discard, this, &JsonEditor::discard);
  connect(m_bar, &EditBar::placeClicked, this, [this] {
    if (m_problem) m_edit->moveTo(placeOf(*m_problem));
  });
  for (const auto key : {Qt::Key_Return, Qt::Key_Enter}) {
    auto* apply = new QShortcut(QKeySequence(Qt::CTRL | key), this);
    apply->setContext(Qt::WidgetWithChildrenShortcut);
    connect(apply, &QShortcut::activated, this, &JsonEditor::commit);
  }
  auto* escape = new QShortcut(QKeySequence(Qt::Key_Escape), this);
  escape->setContext(Qt::WidgetWithChildrenShortcut);
  connect(escape, &QShortcut::activated, this, &JsonEditor::discard);
}

void JsonEditor::open(const JsonSource& source, const QString& recorded, const std::optional<QString>& draft,
                      bool editable) {
  m_delay.stop();
  m_check.cancel();
  m_commitWhenChecked = false;
  m_problem.reset();
  m_source = source;
  m_recorded = recorded;
  m_hasDraft = draft && *draft != recorded;
  m_isChecked = !m_hasDraft;
  m_opening = true;
  m_edit->setEditable(editable);
  m_bar->setVisible(editable);
  // The same text again (another part of the recording changed): keep caret and scroll position.
  const QString& wanted = m_hasDraft ? *draft : recorded;
  if (m_edit->isFilling() || m_edit->toPlainText() != wanted)
    m_edit->fill(wanted);
  else
    m_edit->markError(std::nullopt);
  // What was typed before is part of the recording now: undoing it is the recording's business.
  if (!m_hasDraft) m_edit->document()->clearUndoRedoStacks();
  m_opening = false;
  showState();
  if (m_hasDraft && !m_edit->isFilling()) check();
}

void JsonEditor::close() { open({}, {}, {}, false); }

QString JsonEditor::text() const { return m_edit->toPlainText(); }

void JsonEditor::textEdited() {
  if (m_opening || m_edit->isFilling()) return;
  m_check.cancel();
  m_commitWhenChecked = false;
  m_problem.reset();
  m_edit->markError(std::nullopt);
  const QString now = text();
  m_hasDraft = now != m_recorded;
  m_isChecked = !m_hasDraft;
  if (m_hasDraft)
    m_delay.start();
  else
    m_delay.stop();
  showState();
  emit draftChanged(m_hasDraft ? std::optional(now) : std::nullopt);
}

void JsonEditor::check() {
  m_delay.stop();
  if (!m_source.schema) return;
  const QString now = text();
  const auto job = [source = m_source, json = toUtf8(now), recorded = toUtf8(m_recorded),
                    compare = m_commitWhenChecked] {
    auto result = std::make_shared<Checked>();
    result->parse = fromJson(*source.schema, source.typeName, json, source.original.view);
    if (compare && result->parse.ok() && !recorded.empty()) {
      // Only blanks or the order of keys differ: that is no edit.
      const JsonParse before = fromJson(*source.schema, source.typeName, recorded, source.original.view);
      result->same = before.ok() && before.message == result->parse.message;
    }
    return std::shared_ptr<const Checked>(result);
  };
  if (now.size() <= kCheckHere) {
    m_check.cancel();
    checked(*job());
  } else {
    m_check.run(this, job, [this](const std::shared_ptr<const Checked>& result) { checked(*result); });
  }
}

void JsonEditor::checked(const Checked& result) {
  m_isChecked = true;
  m_problem = result.parse.ok() ? std::nullopt : std::optional(result.parse.problems.front());
  m_edit->markError(m_problem ? std::optional(placeOf(*m_problem)) : std::nullopt);
  showState();
  if (!m_commitWhenChecked) return;
  m_commitWhenChecked = false;
  if (m_problem) {
    m_edit->moveTo(placeOf(*m_problem));
  } else if (result.same) {
    discard();
  } else {
    emit committed(result.parse.message);
  }
}

void JsonEditor::commit() {
  if (!m_hasDraft || m_edit->isFilling() || m_edit->isReadOnly()) return;
  m_commitWhenChecked = true;
  check();
}

void JsonEditor::discard() {
  if (!m_hasDraft || m_edit->isReadOnly()) return;
  if (m_recorded.size() <= kCheckHere) {
    // As one step that the editor itself can undo: Esc may have been a slip.
    QTextCursor cursor(m_edit->document());
    cursor.select(QTextCursor::Document);
    cursor.insertText(m_recorded);
    return;
  }
  m_delay.stop();
  m_check.cancel();
  m_hasDraft = false;
  m_isChecked = true;
  m_problem.reset();
  m_opening = true;
  m_edit->fill(m_recorded);
  m_opening = false;
  showState();
  emit draftChanged(std::nullopt);
}

void JsonEditor::showState() {
  if (!m_hasDraft)
    m_bar->show(EditBar::State::Unchanged);
  else if (m_problem)
    m_bar->show(EditBar::State::Invalid, toQString(describe(*m_problem)));
  else if (!m_isChecked && m_check.isRunning())
    m_bar->show(EditBar::State::Checking);
  else
    m_bar->show(EditBar::State::Draft);
}

}  // namespace retake::gui
