#include "scrub/values_view.h"

#include <QHeaderView>
#include <QVBoxLayout>

#include "detail/note_bar.h"
#include "detail/strings.h"
#include "detail/text_label.h"
#include "document/document.h"
#include "document/selection.h"
#include "scrub/rules_model.h"
#include "scrub/scrub_table.h"

namespace retake::gui {
namespace {

// "1,204 values in 37 calls, 12 of them distinct".
QString sentenceOf(const ScrubReport::Rule& count) {
  QString sentence =
      counted(count.hits, "value", "values") + ValuesView::tr(" in ") + counted(count.calls, "call", "calls");
  if (count.initialState) sentence += ValuesView::tr(" and the initial state");
  if (count.distinct > 1) {
    sentence += QStringLiteral(" · ") + countText(count.distinct) +
                (count.distinct >= ScrubReport::kMaxDistinct ? ValuesView::tr(" or more distinct")
                                                             : ValuesView::tr(" distinct"));
    if (count.distinct > count.samples.size())
      sentence += ValuesView::tr(", the first %1 below").arg(countText(count.samples.size()));
  }
  return sentence;
}

}  // namespace

ValuesView::ValuesView(ScrubController& controller, Document& document, Selection& selection, QWidget* parent)
    : QWidget(parent),
      m_controller(controller),
      m_document(document),
      m_model(document),
      m_sentence(new TextLabel(theme::Role::TextMuted)),
      m_notes(new NoteBar) {
  setObjectName(QStringLiteral("scrubValuesView"));
  m_sentence->setObjectName(QStringLiteral("scrubValuesSentence"));
  m_notes->setObjectName(QStringLiteral("scrubRuleNotes"));
  m_table = new ScrubTable("scrubValues", tr("Values that the rule changes"), m_model,
                           {{.share = 1},
                            {.share = 1},
                            {.sample = QStringLiteral("99,999")},
                            {.sample = QStringLiteral("#99,999")}});
  m_table->setMinimumHeight(3 * m_table->verticalHeader()->defaultSectionSize());
  auto* head = new QVBoxLayout;
  head->setContentsMargins(theme::kPaneMargin, theme::kGrid, theme::kPaneMargin, theme::kGrid);
  head->addWidget(m_sentence);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(0);
  layout->addLayout(head);
  layout->addWidget(m_notes);
  layout->addWidget(m_table, 1);

  connect(m_table, &ScrubTable::rowChosen, this, [this, &selection](int row) {
    if (const EntryId entry = m_model.entry(row)) selection.selectEntry(entry);
  });
  connect(&controller, &ScrubController::rulesChanged, this, &ValuesView::refresh);
  connect(&controller, &ScrubController::layerChanged, this, &ValuesView::refresh);
  connect(&controller, &ScrubController::countsChanged, this, &ValuesView::refresh);
  refresh();
}

void ValuesView::showRule(std::optional<std::size_t> rule) {
  m_rule = rule;
  refresh();
}

void ValuesView::refresh() {
  const ScrubRules& rules = m_controller.rules();
  if (!m_rule || *m_rule >= rules.size()) {
    m_sentence->setText({});
    m_notes->setNotes({});
    return m_model.setSamples({}, false);
  }
  std::vector<NoteBar::Note> notes;
  bool failed = false;
  for (const RuleFlag& flag : ruleFlags(m_controller, *m_rule)) {
    failed = failed || flag.kind == RuleFlag::Kind::Error;
    const bool isNote = flag.kind == RuleFlag::Kind::Note;
    notes.push_back({(flag.kind == RuleFlag::Kind::Error ? QStringLiteral("✗ ")
                      : isNote                           ? QStringLiteral("↔ ")
                                                         : QStringLiteral("⚠ ")) +
                         flag.text,
                     flag.kind == RuleFlag::Kind::Error ? theme::Role::Error
                     : isNote                           ? theme::Role::TextMuted
                                                        : theme::Role::Warning,
                     {},
                     {}});
  }
  if (m_controller.counts() && !m_controller.counts()->error.isEmpty())
    notes.push_back({QStringLiteral("✗ ") + m_controller.counts()->error, theme::Role::Error, {}, {}});
  m_notes->setNotes(notes);
  const ScrubReport::Rule* count = failed ? nullptr : m_controller.countOf(*m_rule);
  if (count) {
    m_sentence->setText(sentenceOf(*count));
    return m_model.setSamples(count->samples, rules[*m_rule].action.kind == ScrubAction::Kind::Remove);
  }
  m_sentence->setText(failed                ? tr("The rule does nothing as it is")
                      : !rules[*m_rule].on  ? tr("The rule is off")
                      : m_document.isOpen() ? tr("counting…")
                                            : QString());
  if (failed || !rules[*m_rule].on) m_model.setSamples({}, false);
}

}  // namespace retake::gui
