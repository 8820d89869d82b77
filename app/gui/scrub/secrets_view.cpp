#include "scrub/secrets_view.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QPushButton>
#include <QStackedWidget>
#include <QVBoxLayout>
#include <algorithm>

#include "detail/note_bar.h"
#include "detail/strings.h"
#include "detail/text_label.h"
#include "document/document.h"
#include "document/selection.h"
#include "scrub/scrub_edits.h"
#include "scrub/scrub_table.h"
#include "scrub/scrub_tasks.h"
#include "scrub/step_delegate.h"
#include "scrub/values_model.h"

namespace retake::gui {
namespace {

// The rule that does the same; -1: there is none. What is left is as it was when it was looked for.
int ruleLike(const ScrubRules& rules, const ScrubRule& rule) {
  const auto found = std::find_if(rules.begin(), rules.end(), [&rule](const ScrubRule& other) {
    return other.on && other.scope == rule.scope && other.where == rule.where && other.action == rule.action;
  });
  return found == rules.end() ? -1 : static_cast<int>(found - rules.begin());
}

}  // namespace

SecretsView::SecretsView(Shows shows, ScrubController& controller, ScrubTasks& tasks, Document& document,
                         Selection& selection, QWidget* parent)
    : QWidget(parent),
      m_shows(shows),
      m_controller(controller),
      m_tasks(tasks),
      m_document(document),
      m_sentence(new TextLabel(theme::Role::TextMuted)),
      m_head(new QWidget),
      m_all(new QPushButton(tr("Rules for all secrets"))),
      m_notes(new NoteBar),
      m_pages(new QStackedWidget),
      m_empty(new TextLabel(theme::Role::TextMuted)) {
  const QString name = shows == Shows::Finds ? QStringLiteral("scrubFinds") : QStringLiteral("scrubLeft");
  setObjectName(name + QStringLiteral("View"));
  m_sentence->setObjectName(name + QStringLiteral("Sentence"));
  m_notes->setObjectName(name + QStringLiteral("Notes"));
  m_all->setObjectName(name + QStringLiteral("All"));
  m_all->setToolTip(
      tr("A rule for each that is a secret and that no rule takes out yet; personal data are left "
         "to you"));
  m_empty->setObjectName(name + QStringLiteral("Empty"));
  m_empty->setWrap(true);
  m_empty->setAlignment(Qt::AlignCenter);
  m_table =
      new ScrubTable(shows == Shows::Finds ? "scrubFinds" : "scrubLeft",
                     shows == Shows::Finds ? tr("Secrets that were found") : tr("What is left"), m_model,
                     {{.share = 3},
                      {.share = 4},
                      {.share = 3},
                      {.sample = QStringLiteral("99,999")},
                      {.sample = QStringLiteral("Make a rule now")}});
  auto* delegate = new StepDelegate(m_table);
  m_table->setItemDelegateForColumn(static_cast<int>(SecretColumn::Step), delegate);
  m_table->setMinimumHeight(3 * m_table->verticalHeader()->defaultSectionSize());
  auto* head = new QHBoxLayout(m_head);
  head->setContentsMargins(theme::kPaneMargin, theme::kGrid, theme::kPaneMargin, theme::kGrid);
  head->setSpacing(theme::kGroupGap);
  head->addWidget(m_sentence, 1);
  head->addWidget(m_all);
  m_pages->addWidget(m_table);
  m_pages->addWidget(m_empty);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(0);
  layout->addWidget(m_head);
  layout->addWidget(m_notes);
  layout->addWidget(m_pages, 1);

  connect(m_all, &QPushButton::clicked, this, &SecretsView::makeAllRules);
  connect(delegate, &StepDelegate::clicked, this, &SecretsView::step);
  connect(m_table, &ScrubTable::rowChosen, this, [this, &selection](int row) {
    if (const EntryId entry = m_model.row(row).entry) selection.selectEntry(entry);
  });
  connect(&tasks, &ScrubTasks::foundChanged, this, &SecretsView::refresh);
  connect(&tasks, &ScrubTasks::leftChanged, this, &SecretsView::refresh);
  connect(&tasks, &ScrubTasks::jobChanged, this, &SecretsView::refresh);
  connect(&controller, &ScrubController::rulesChanged, this, &SecretsView::refresh);
  refresh();
}

void SecretsView::addButton(QWidget* button) {
  static_cast<QHBoxLayout*>(m_head->layout())->addWidget(button);
}

void SecretsView::focusTable() { m_table->setFocus(); }

bool SecretsView::hasResult() const {
  return m_shows == Shows::Finds ? m_tasks.found() != nullptr : m_tasks.left() != nullptr;
}

const std::vector<FindGroup>* SecretsView::groups() const {
  if (!hasResult()) return nullptr;
  return m_shows == Shows::Finds ? &m_tasks.found()->groups : &m_tasks.left()->finds.groups;
}

std::vector<SecretRow> SecretsView::findRows(const std::vector<FindGroup>& groups, bool isLeft) const {
  std::vector<SecretRow> rows;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const FindGroup& group = groups[i];
    SecretRow row;
    row.what = (group.isSecret ? QStringLiteral("● ") : QStringLiteral("○ ")) + group.kind;
    if (!group.first.inside.empty()) row.what += QStringLiteral(", ") + toQString(group.first.inside);
    row.where = placeOf(m_document.snapshot(), group.first.entry, group.first.in, group.first.path);
    row.value = toQString(group.first.value);
    row.times = countText(group.count);
    row.role = group.isSecret ? theme::Role::Error : theme::Role::Text;
    row.entry = group.first.entry;
    row.group = static_cast<int>(i);
    row.step = tr("Make a rule");
    row.hint = tr("Rule: %1").arg(toQString(describe(group.rule)));
    if (const int rule = isLeft ? ruleLike(m_controller.rules(), group.rule) : m_tasks.coveringRule(i);
        rule >= 0) {
      row.done = QStringLiteral("◇ ") + m_controller.nameOf(static_cast<std::uint32_t>(rule));
      row.role = theme::Role::TextMuted;
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

void SecretsView::refresh() {
  const int before = m_open;
  if (m_shows == Shows::Finds)
    refreshFinds();
  else
    refreshLeft();
  m_pages->setCurrentIndex(m_model.rowCount() > 0 ? 0 : 1);
  if (before != m_open) emit openChanged();
}

void SecretsView::refreshFinds() {
  const auto& found = m_tasks.found();
  m_notes->setNotes({});
  if (!found) {
    m_open = 0;
    m_model.setRows({});
    m_all->hide();
    m_sentence->setText({});
    m_empty->setText(m_tasks.isRunning()
                         ? m_tasks.job().what() + QStringLiteral("…")
                         : tr("Keys, tokens, passwords, e-mail addresses, card numbers and the like "
                              "are listed here, each with a rule that takes it out."));
    return;
  }
  auto rows = findRows(found->groups, false);
  m_open = static_cast<int>(
      std::count_if(rows.begin(), rows.end(), [](const SecretRow& row) { return row.done.isEmpty(); }));
  const auto secrets = static_cast<int>(std::count_if(rows.begin(), rows.end(), [&](const SecretRow& row) {
    return row.done.isEmpty() && found->groups[static_cast<std::size_t>(row.group)].isSecret;
  }));
  m_model.setRows(std::move(rows));
  QString sentence = found->groups.empty()
                         ? QString()
                         : tr("%1 found of %2; %3 not covered by a rule")
                               .arg(countText(found->count), counted(found->groups.size(), "kind", "kinds"),
                                    countText(static_cast<std::uint64_t>(m_open)));
  if (found->stopped) sentence = tr("Cancelled: the rest was not looked at. ") + sentence;
  m_sentence->setText(sentence);
  m_empty->setText(found->stopped
                       ? tr("Cancelled before anything was found.")
                       : tr("✓ No secrets found. What no detector knows may still be one: a name, a "
                            "customer's number. Make a rule for it by hand."));
  m_all->setVisible(secrets > 0);
  if (!m_tasks.isFoundCurrent() && !m_tasks.isRunning())
    m_notes->setNotes({{tr("The recording was edited since"), theme::Role::TextMuted, tr("Look again"),
                        [this] { m_tasks.find(); }}});
}

void SecretsView::refreshLeft() {
  const auto& left = m_tasks.left();
  m_notes->setNotes({});
  if (!left) {
    m_open = 0;
    m_model.setRows({});
    m_all->hide();
    m_sentence->setText({});
    m_empty->setText(
        m_tasks.isRunning()
            ? m_tasks.job().what() + QStringLiteral("…")
            : tr("Looks through what would be written: no detector may find anything, and no value "
                 "that a rule took out may still stand anywhere, also in base64, hex or another case."));
    return;
  }
  std::vector<SecretRow> rows;
  const auto add = [&](const LeftSecrets::Value& value, bool isShort) {
    SecretRow row;
    row.what = isShort ? tr("○ short value") : tr("● value, %1").arg(toQString(value.form));
    if (!isShort) row.where = placeOf(m_document.snapshot(), value.entry, value.in, value.path);
    row.value = toQString(value.value);
    row.role = isShort ? theme::Role::TextMuted : theme::Role::Error;
    row.entry = value.entry;
    row.done = (isShort ? tr("taken out by %1") : tr("taken out by %1 elsewhere"))
                   .arg(m_controller.nameOf(value.rule));
    rows.push_back(std::move(row));
  };
  if (!left->inRules.isEmpty()) {
    SecretRow row;
    row.what = tr("● in a rule itself");
    row.where = tr("the rules beside the copy");
    row.value = left->inRules;
    row.role = theme::Role::Error;
    rows.push_back(std::move(row));
  }
  for (const auto& value : left->values) add(value, false);
  auto finds = findRows(left->finds.groups, true);
  rows.insert(rows.end(), finds.begin(), finds.end());
  const auto grave = rows.size();
  for (const auto& value : left->shortValues) add(value, true);
  m_open = static_cast<int>(grave);
  m_model.setRows(std::move(rows));

  m_sentence->setRole(left->isClean() ? theme::Role::Matched : theme::Role::Error);
  QString sentence = left->isClean() ? tr("✓ Nothing is left")
                     : left->stopped ? tr("Cancelled: the rest was not looked at")
                                     : tr("✗ %1 left").arg(counted(grave, "secret is", "secrets are"));
  if (!left->shortValues.empty())
    sentence += tr(" · %1 shorter than %2 bytes: not looked for")
                    .arg(counted(left->shortValues.size(), "value is", "values are"))
                    .arg(kMinLeftBytes);
  m_sentence->setText(sentence);
  m_empty->setText(
      tr("✓ Nothing is left: no detector finds anything in what would be written, and no value that a "
         "rule took out stands there in any form."));
  m_all->setVisible(std::any_of(left->finds.groups.begin(), left->finds.groups.end(),
                                [](const FindGroup& group) { return group.isSecret; }));
  if (!m_tasks.isLeftCurrent() && !m_tasks.isRunning()) {
    m_sentence->setRole(theme::Role::TextMuted);
    m_notes->setNotes({{tr("The recording or the rules have changed since"), theme::Role::TextMuted,
                        tr("Check again"), [this] { m_tasks.check(); }}});
  }
}

void SecretsView::step(int row) {
  const SecretRow& shown = m_model.row(row);
  if (shown.group >= 0) makeRule(shown.group);
}

void SecretsView::makeRule(int group) {
  const auto* all = groups();
  if (!all || static_cast<std::size_t>(group) >= all->size()) return;
  const ScrubRule rule =
      ruleFor((*all)[static_cast<std::size_t>(group)].first, m_document.snapshot().workspace->scrub.rules);
  emit ruleMade(static_cast<int>(addScrubRule(m_document, rule)));
}

void SecretsView::makeAllRules() {
  const auto* all = groups();
  if (!all) return;
  ScrubRules rules;
  const std::size_t first = m_document.snapshot().workspace->scrub.rules.size();
  for (std::size_t i = 0; i < all->size(); ++i)
    if ((*all)[i].isSecret && (m_shows == Shows::Left || m_tasks.coveringRule(i) < 0))
      rules.push_back((*all)[i].rule);
  if (rules.empty()) return;
  addScrubRules(m_document, rules, tr("rules for all secrets"));
  emit ruleMade(static_cast<int>(first));
}

}  // namespace retake::gui
