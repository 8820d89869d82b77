#include "scrub/rule_editor.h"

#include <QComboBox>
#include <QFormLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QScrollArea>
#include <QSpinBox>
#include <QVBoxLayout>

#include "detail/form_labels.h"
#include "detail/strings.h"
#include "detail/text_label.h"
#include "document/document.h"
#include "filter/query.h"
#include "scrub/key_editor.h"
#include "scrub/rule_words.h"
#include "scrub/scrub_controller.h"
#include "scrub/scrub_edits.h"

namespace retake::gui {
namespace {

// Narrower than this the fields stand in one column.
constexpr int kTwoColumns = 150 * theme::kGrid;
constexpr int kTypingMs = 150;

QFormLayout* makeForm(QWidget* parent) {
  auto* form = new QFormLayout(parent);
  form->setContentsMargins(0, 0, 0, 0);
  form->setHorizontalSpacing(theme::kGroupGap);
  form->setVerticalSpacing(theme::kGrid);
  form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
  form->setLabelAlignment(Qt::AlignLeft | Qt::AlignVCenter);
  return form;
}

QLineEdit* field(const char* name, const QString& accessibleName, const QString& placeholder = {}) {
  auto* made = new QLineEdit;
  made->setObjectName(QLatin1String(name));
  made->setAccessibleName(accessibleName);
  made->setPlaceholderText(placeholder);
  made->setFont(theme::dataFont());
  return made;
}

template <typename T>
T chosen(const QComboBox* box) {
  return static_cast<T>(box->currentData().toInt());
}

void choose(QComboBox* box, int value) { box->setCurrentIndex(box->findData(value)); }

}  // namespace

RuleEditor::RuleEditor(ScrubController& controller, Document& document, QWidget* parent)
    : QWidget(parent),
      m_controller(controller),
      m_document(document),
      m_columns(nullptr),
      m_name(field("scrubRuleName", tr("Name of the rule"))),
      m_scope(field("scrubRuleScope", tr("Calls that the rule is for"),
                    tr("all; or a filter, as in method:Login"))),
      m_place(new QComboBox),
      m_path(field("scrubRulePath", tr("Path, type or key"))),
      m_pattern(field("scrubRulePattern", tr("Pattern within the text"))),
      m_action(new QComboBox),
      m_with(field("scrubRuleWith", tr("Replacement"), tr("the text that takes its place"))),
      m_count(new QSpinBox),
      m_fake(new QComboBox),
      m_shift(field("scrubRuleShift", tr("Span that times move by"), tr("-400d, 36h, 1d12h"))),
      m_key(new KeyEditor(document)),
      m_hint(new TextLabel(theme::Role::TextMuted)),
      m_note(new TextLabel(theme::Role::Error)) {
  setObjectName(QStringLiteral("scrubRuleEditor"));
  setAccessibleName(tr("Rule"));
  auto* content = new QWidget;
  content->setObjectName(QStringLiteral("scrubRuleContent"));
  m_columns = new QBoxLayout(QBoxLayout::TopToBottom);
  m_columns->setSpacing(theme::kPaneMargin);
  m_columns->addWidget(buildWhat(), 1, Qt::AlignTop);
  m_columns->addWidget(buildAction(), 1, Qt::AlignTop);
  alignLabels({m_what, m_how});
  m_note->setObjectName(QStringLiteral("scrubRuleNote"));
  m_note->setWrap(true);
  auto* column = new QVBoxLayout(content);
  column->setContentsMargins(theme::kPaneMargin, theme::kGroupGap, theme::kPaneMargin, theme::kGroupGap);
  column->setSpacing(theme::kGrid);
  column->addLayout(m_columns);
  column->addWidget(m_note);
  column->addStretch(1);
  auto* area = new QScrollArea;
  area->setFrameShape(QFrame::NoFrame);
  area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  area->setWidgetResizable(true);
  area->setWidget(content);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->addWidget(area);

  m_pause.setSingleShot(true);
  m_pause.setInterval(kTypingMs);
  connect(&m_pause, &QTimer::timeout, this, &RuleEditor::preview);
  for (QLineEdit* edit : {m_name, m_scope, m_path, m_pattern, m_with, m_shift}) {
    connect(edit, &QLineEdit::textEdited, this, &RuleEditor::typing);
    connect(edit, &QLineEdit::editingFinished, this, &RuleEditor::commit);
  }
  for (QComboBox* box : {m_place, m_action, m_fake}) {
    box->setFocusPolicy(Qt::StrongFocus);
    box->installEventFilter(this);
    connect(box, &QComboBox::activated, this, [this] {
      showFields();
      typing();
      commit();
    });
  }
  m_count->setFocusPolicy(Qt::StrongFocus);
  m_count->installEventFilter(this);
  connect(m_count, &QSpinBox::valueChanged, this, &RuleEditor::typing);
  connect(m_count, &QSpinBox::editingFinished, this, &RuleEditor::commit);
  connect(m_key, &KeyEditor::failed, this, [this](const QString& sentence) {
    m_note->setRole(theme::Role::Error);
    m_note->setText(QStringLiteral("✗ ") + sentence);
    m_note->show();
  });
  connect(&controller, &ScrubController::rulesChanged, this, &RuleEditor::refresh);
  connect(&controller, &ScrubController::layerChanged, this, &RuleEditor::showNote);
  showRule(std::nullopt);
}

QWidget* RuleEditor::buildWhat() {
  m_place->setObjectName(QStringLiteral("scrubRulePlace"));
  m_place->setAccessibleName(tr("What the rule takes hold of"));
  for (const auto place : kPlaces) m_place->addItem(placeWords(place), static_cast<int>(place));
  m_pattern->setToolTip(
      tr("Only what it matches within a text, each time; its first group, where it has one. "
         "Also looked for in base64, hex, URL escapes and JSON within a value."));
  auto* what = new QWidget;
  m_what = makeForm(what);
  m_what->addRow(tr("&Name"), m_name);
  m_what->addRow(tr("&Take hold of"), m_place);
  m_what->addRow(tr("P&ath"), m_path);
  m_what->addRow(tr("&Pattern"), m_pattern);
  m_what->addRow(tr("&In calls"), m_scope);
  return what;
}

QWidget* RuleEditor::buildAction() {
  m_action->setObjectName(QStringLiteral("scrubRuleAction"));
  m_action->setAccessibleName(tr("What becomes of it"));
  for (const auto kind : kActions) m_action->addItem(actionWords(kind), static_cast<int>(kind));
  m_count->setObjectName(QStringLiteral("scrubRuleCount"));
  m_count->setAccessibleName(tr("Characters that stay"));
  m_count->setRange(0, 1000);
  m_count->setSuffix(tr(" characters"));
  m_fake->setObjectName(QStringLiteral("scrubRuleFake"));
  m_fake->setAccessibleName(tr("Kind of the fake"));
  for (const auto kind : kFakes) m_fake->addItem(fakeWords(kind), static_cast<int>(kind));
  m_hint->setObjectName(QStringLiteral("scrubRuleHint"));
  m_hint->setWrap(true);
  auto* action = new QWidget;
  m_how = makeForm(action);
  m_how->addRow(tr("And &do"), m_action);
  m_how->addRow(tr("&With"), m_with);
  m_how->addRow(tr("&Last"), m_count);
  m_how->addRow(tr("&Kind"), m_fake);
  m_how->addRow(tr("Shift &by"), m_shift);
  m_how->addRow(tr("Ke&y"), m_key);
  m_how->addRow(m_hint);
  return action;
}

void RuleEditor::showRule(std::optional<std::size_t> rule) {
  if (rule && *rule >= m_controller.rules().size()) rule.reset();
  if (m_rule != rule && m_controller.draft() && !isNewDraft()) dropDraft();
  m_rule = rule;
  setEnabled(rule && *rule < m_controller.ownRules());
  fill(rule ? m_controller.rules()[*rule] : ScrubRule{});
}

void RuleEditor::beginNew(const ScrubRule& begun) {
  if (!isNewDraft() || begun != ScrubRule{}) {
    ScrubRule rule = begun;
    rule.name = freeRuleName(m_document.snapshot().workspace->scrub.rules,
                             rule.name.empty() ? toUtf8(tr("rule")) : rule.name);
    m_controller.setDraft(ScrubDraft{std::nullopt, rule});
  }
  emit ruleWanted(static_cast<int>(m_controller.ownRules()) - 1);
  m_pattern->setFocus();
}

void RuleEditor::focusFirst() { m_name->setFocus(); }

bool RuleEditor::isNewDraft() const {
  const auto& draft = m_controller.draft();
  return draft && !draft->index;
}

// Whatever happened to the rules: what is shown is the rule as it is now, unless that is what was typed.
void RuleEditor::refresh() {
  if (!m_rule) return;
  if (*m_rule >= m_controller.rules().size()) return showRule(std::nullopt);
  setEnabled(*m_rule < m_controller.ownRules());
  const ScrubRule& rule = m_controller.rules()[*m_rule];
  if (rule != m_shown && !m_pause.isActive()) fill(rule);
}

void RuleEditor::fill(const ScrubRule& rule) {
  m_pause.stop();
  m_shown = rule;
  m_filling = true;
  const auto show = [](QLineEdit* edit, const QString& text) {
    if (edit->text() != text) edit->setText(text);
  };
  show(m_name, toQString(rule.name));
  show(m_scope, toQString(rule.scope));
  show(m_path, toQString(rule.where.path));
  show(m_pattern, toQString(rule.where.pattern));
  show(m_with, toQString(rule.action.with));
  show(m_shift, rule.action.shift.count() == 0 ? QString() : toQString(shiftText(rule.action.shift)));
  choose(m_place, static_cast<int>(rule.where.place));
  choose(m_action, static_cast<int>(rule.action.kind));
  choose(m_fake, static_cast<int>(rule.action.fake));
  m_count->setValue(static_cast<int>(rule.action.count));
  m_filling = false;
  showFields();
  showNote();
}

void RuleEditor::showFields() {
  using Kind = ScrubAction::Kind;
  const auto place = chosen<ScrubWhere::Place>(m_place);
  const QString hint = pathHint(place);
  m_what->setRowVisible(m_path, !hint.isEmpty());
  m_path->setPlaceholderText(hint);
  m_pattern->setPlaceholderText(place == ScrubWhere::Place::AnyText
                                    ? tr("regular expression, as in sk_live_\\w+")
                                    : tr("the whole value; or a regular expression"));
  const auto kind = chosen<Kind>(m_action);
  m_how->setRowVisible(m_with, kind == Kind::Replace);
  m_how->setRowVisible(m_count, kind == Kind::KeepLast);
  m_how->setRowVisible(m_fake, kind == Kind::Fake);
  m_how->setRowVisible(m_shift, kind == Kind::ShiftTime);
  m_how->setRowVisible(m_key, needsKey(kind));
  m_hint->setText(actionHint(kind));
}

// Fields that the rule's kind has no use for keep what they had.
ScrubRule RuleEditor::typed() const {
  ScrubRule rule = m_shown;
  rule.name = toUtf8(m_name->text().trimmed());
  rule.scope = toUtf8(m_scope->text().trimmed());
  rule.where.place = chosen<ScrubWhere::Place>(m_place);
  rule.where.path = pathHint(rule.where.place).isEmpty() ? std::string() : toUtf8(m_path->text().trimmed());
  rule.where.pattern = toUtf8(m_pattern->text());
  rule.action.kind = chosen<ScrubAction::Kind>(m_action);
  const ScrubAction untouched;
  const auto kind = rule.action.kind;
  rule.action.with = kind == ScrubAction::Kind::Replace ? toUtf8(m_with->text()) : untouched.with;
  rule.action.count =
      kind == ScrubAction::Kind::KeepLast ? static_cast<std::uint32_t>(m_count->value()) : untouched.count;
  rule.action.fake = kind == ScrubAction::Kind::Fake ? chosen<FakeKind>(m_fake) : untouched.fake;
  rule.action.shift = untouched.shift;
  if (kind == ScrubAction::Kind::ShiftTime)
    if (const auto shift = parseShift(toUtf8(m_shift->text().trimmed()))) rule.action.shift = *shift;
  return rule;
}

void RuleEditor::typing() {
  if (m_filling || !m_rule) return;
  showNote();
  m_pause.start();
}

// Shown over the recording as one types; the workspace does not have it yet.
void RuleEditor::preview() {
  m_pause.stop();
  if (!m_rule) return;
  m_shown = typed();
  const bool isNew = isNewDraft();
  const ScrubRules& kept = m_document.snapshot().workspace->scrub.rules;
  if (!isNew && *m_rule < kept.size() && kept[*m_rule] == m_shown) return m_controller.setDraft(std::nullopt);
  m_controller.setDraft(ScrubDraft{isNew ? std::nullopt : m_rule, m_shown});
}

void RuleEditor::finish() {
  if (m_rule && isEnabled()) commit();
}

void RuleEditor::commit() {
  if (m_filling || !m_rule || !isEnabled()) return;
  m_pause.stop();
  const ScrubRule rule = typed();
  const ScrubRules& kept = m_document.snapshot().workspace->scrub.rules;
  const bool isNew = isNewDraft();
  const bool changed = isNew || *m_rule >= kept.size() || kept[*m_rule] != rule;
  if (!changed) return m_controller.setDraft(std::nullopt);
  preview();
  showNote();
  if (!whyNoRuleHere(rule).isEmpty()) return;
  m_controller.commitDraft();
  if (isNew) emit ruleWanted(static_cast<int>(m_controller.ownRules()) - 1);
}

QString RuleEditor::whyNoRuleHere(const ScrubRule& rule) const {
  if (rule.action.kind == ScrubAction::Kind::ShiftTime)
    if (const auto shift = parseShift(toUtf8(m_shift->text().trimmed())); !shift)
      return toQString(shift.error().message);
  const ScrubRules& rules = m_controller.rules();
  for (std::size_t i = 0; i < rules.size(); ++i)
    if (i != *m_rule && rules[i].name == rule.name)
      return tr("There is another rule of that name; a name tells which rule changed a value");
  if (rule.where.place == ScrubWhere::Place::AnyText && rule.where.pattern.empty())
    return tr("Type a pattern: of any text, only what it matches is taken");
  return whyNoRule(rule);
}

void RuleEditor::dropDraft() {
  m_pause.stop();
  const bool isNew = isNewDraft();
  m_controller.setDraft(std::nullopt);
  if (isNew) {
    emit ruleWanted(static_cast<int>(m_controller.ownRules()) - 1);
  } else if (m_rule && *m_rule < m_controller.rules().size()) {
    fill(m_controller.rules()[*m_rule]);
  }
}

// Why what is typed is no rule, else what is wrong with it here, else what its scope means.
void RuleEditor::showNote() {
  QString note;
  auto role = theme::Role::Error;
  if (m_rule && !m_filling) {
    const ScrubRule rule = typed();
    note = whyNoRuleHere(rule);
    const bool begun = m_shown.where.pattern != rule.where.pattern || !isNewDraft();
    if (!note.isEmpty() && isNewDraft() && rule.where.pattern.empty() && !begun)
      role = theme::Role::TextMuted;
    if (!note.isEmpty() && role == theme::Role::Error) note = QStringLiteral("✗ ") + note;
    if (note.isEmpty() && *m_rule < m_controller.layer().rules.size() &&
        m_controller.layer().rules[*m_rule] == rule) {
      note = m_controller.layer().errors[*m_rule];
      if (!note.isEmpty() && needsKey(rule.action.kind) && !m_controller.layer().keyError.isEmpty())
        note = m_controller.layer().keyError;
      if (!note.isEmpty()) note = QStringLiteral("✗ ") + note;
    }
    if (note.isEmpty() && !rule.scope.empty()) {
      role = theme::Role::TextMuted;
      if (const auto query = Query::parse(rule.scope))
        note = tr("in calls where %1").arg(toQString(query->inWords()));
    }
  }
  m_note->setRole(role);
  m_note->setText(note);
  m_note->setVisible(!note.isEmpty());
}

void RuleEditor::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  m_columns->setDirection(width() >= kTwoColumns ? QBoxLayout::LeftToRight : QBoxLayout::TopToBottom);
}

void RuleEditor::keyPressEvent(QKeyEvent* event) {
  if (event->key() == Qt::Key_Escape && m_controller.draft()) return dropDraft();
  QWidget::keyPressEvent(event);
}

// The wheel scrolls the form, and changes a field only where that has the focus.
bool RuleEditor::eventFilter(QObject* watched, QEvent* event) {
  if (event->type() == QEvent::Wheel && !static_cast<QWidget*>(watched)->hasFocus()) {
    event->ignore();
    return true;
  }
  return QWidget::eventFilter(watched, event);
}

}  // namespace retake::gui
