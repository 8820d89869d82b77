#include "scrub/scrub_panel.h"

#include <QHBoxLayout>
#include <QMenu>
#include <QProgressBar>
#include <QPushButton>
#include <QSplitter>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>

#include "detail/hairline.h"
#include "detail/note_bar.h"
#include "detail/segmented_switch.h"
#include "detail/strings.h"
#include "detail/text_label.h"
#include "document/document.h"
#include "document/selection.h"
#include "scrub/export_dialog.h"
#include "scrub/rule_editor.h"
#include "scrub/rule_library.h"
#include "scrub/rules_pane.h"
#include "scrub/scrub_edits.h"
#include "scrub/secrets_view.h"
#include "scrub/values_view.h"
#include "server/come_forward.h"
#include "server/tool_button.h"

namespace retake::gui {
namespace {

// Narrower than this, what stands beside each other stands below.
constexpr int kRulesBeside = 170 * theme::kGrid;
constexpr int kValuesBeside = 190 * theme::kGrid;

}  // namespace

ScrubPanel::ScrubPanel(ScrubController& controller, Document& document, Selection& selection, QWidget* parent)
    : QWidget(parent),
      m_controller(controller),
      m_document(document),
      m_selection(selection),
      m_tasks(controller, document),
      m_files(document, this),
      m_sentence(new TextLabel(theme::Role::TextMuted)),
      m_jobPart(new QWidget),
      m_jobText(new TextLabel(theme::Role::TextMuted)),
      m_progress(new QProgressBar),
      m_cancel(new QToolButton),
      m_notes(new NoteBar),
      m_pages(new QStackedWidget),
      m_empty(new TextLabel(theme::Role::TextMuted)),
      m_first(new QPushButton(tr("Look for secrets"))),
      m_body(new QSplitter),
      m_rule(new QSplitter),
      m_switch(new SegmentedSwitch),
      m_side(new QStackedWidget),
      m_rules(new RulesPane(controller, m_actions, document)),
      m_editor(new RuleEditor(controller, document)),
      m_values(new ValuesView(controller, document, selection)),
      m_finds(new SecretsView(SecretsView::Shows::Finds, controller, m_tasks, document, selection)),
      m_left(new SecretsView(SecretsView::Shows::Left, controller, m_tasks, document, selection)) {
  setObjectName(QStringLiteral("scrubPanel"));
  setAccessibleName(tr("Scrub"));
  m_notes->setObjectName(QStringLiteral("scrubNotes"));
  m_pages->setObjectName(QStringLiteral("scrubPages"));
  m_pages->addWidget(buildEmpty());
  m_pages->addWidget(buildBody());
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(0);
  layout->addWidget(buildBar());
  layout->addWidget(m_notes);
  layout->addWidget(new Hairline);
  layout->addWidget(m_pages, 1);
  addActions(m_actions.inMenu());
  connectActions();

  connect(&controller, &ScrubController::rulesChanged, this, &ScrubPanel::showState);
  connect(&controller, &ScrubController::layerChanged, this, &ScrubPanel::showState);
  connect(&controller, &ScrubController::countsChanged, this, &ScrubPanel::showCounts);
  connect(&m_tasks, &ScrubTasks::jobChanged, this, &ScrubPanel::showState);
  connect(&document, &Document::fileChanged, this, &ScrubPanel::showState);
  connect(&document, &Document::changed, this, [this](const SnapshotChange& change) {
    if (change.file) showPage(RulePage);
    m_failure.clear();
    showState();
  });
  showRule(m_rules->current());
  showPage(RulePage);
  showState();
}

QWidget* ScrubPanel::buildBar() {
  m_sentence->setObjectName(QStringLiteral("scrubSentence"));
  m_jobText->setObjectName(QStringLiteral("scrubJob"));
  m_jobText->setElide(Qt::ElideNone);
  m_progress->setObjectName(QStringLiteral("scrubProgress"));
  m_progress->setAccessibleName(tr("How much of it is done"));
  m_progress->setTextVisible(false);
  m_progress->setFixedSize(30 * theme::kGrid, 2 * theme::kGrid);
  m_cancel->setObjectName(QStringLiteral("scrubCancel"));
  m_cancel->setIcon(theme::icon(QStringLiteral("x")));
  m_cancel->setToolTip(tr("Cancel"));
  m_cancel->setAccessibleName(tr("Cancel what is under way"));
  m_cancel->setAutoRaise(true);
  auto* job = new QHBoxLayout(m_jobPart);
  job->setContentsMargins(0, 0, 0, 0);
  job->setSpacing(theme::kGrid);
  for (QWidget* part : std::initializer_list<QWidget*>{m_jobText, m_progress, m_cancel}) job->addWidget(part);

  const auto withText = [](QAction* action) {
    QToolButton* button = toolButton(action);
    button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    return button;
  };
  auto* bar = new QWidget;
  auto* layout = new QHBoxLayout(bar);
  layout->setContentsMargins(theme::kPaneMargin, theme::kGroupGap, theme::kPaneMargin, theme::kGrid);
  layout->setSpacing(theme::kGrid);
  layout->addWidget(withText(m_actions.on));
  layout->addSpacing(theme::kGrid);
  layout->addWidget(m_sentence, 1);
  layout->addWidget(m_jobPart);
  for (QAction* action : {m_actions.find, m_actions.check, m_actions.apply, m_actions.exportCopy})
    layout->addWidget(withText(action));
  return bar;
}

// What somebody sees who never scrubbed anything: what it is for, and the one thing to do first.
QWidget* ScrubPanel::buildEmpty() {
  m_empty->setObjectName(QStringLiteral("scrubEmpty"));
  m_empty->setWrap(true);
  m_empty->setAlignment(Qt::AlignCenter);
  m_first->setObjectName(QStringLiteral("scrubFirst"));
  m_first->setDefault(true);
  connect(m_first, &QPushButton::clicked, m_actions.find, &QAction::trigger);
  auto* own = new QPushButton(tr("New rule"));
  own->setObjectName(QStringLiteral("scrubFirstRule"));
  connect(own, &QPushButton::clicked, m_actions.newRule, &QAction::trigger);
  auto* library = new QPushButton(tr("From the library"));
  library->setObjectName(QStringLiteral("scrubFirstLibrary"));
  library->setMenu(m_actions.library);
  auto* buttons = new QHBoxLayout;
  buttons->setSpacing(theme::kGroupGap);
  buttons->addStretch(1);
  for (QPushButton* button : {m_first, own, library}) buttons->addWidget(button);
  buttons->addStretch(1);
  auto* page = new QWidget;
  auto* layout = new QVBoxLayout(page);
  layout->setContentsMargins(theme::kPaneMargin, theme::kPaneMargin, theme::kPaneMargin, theme::kPaneMargin);
  layout->setSpacing(theme::kPaneMargin);
  layout->addStretch(1);
  layout->addWidget(m_empty);
  layout->addLayout(buttons);
  layout->addStretch(1);
  return page;
}

QWidget* ScrubPanel::buildBody() {
  m_switch->setObjectName(QStringLiteral("scrubSwitch"));
  m_switch->add(RulePage, tr("Rule"), tr("What the selected rule is, and the values that it changes"));
  m_switch->add(FindsPage, tr("Found"), tr("Secrets that were found in the recording"));
  m_switch->add(LeftPage, tr("Left"), tr("What would be left of them, with the rules applied"));
  connect(m_switch, &SegmentedSwitch::chosen, this, [this](int page) { showPage(static_cast<Page>(page)); });

  m_rule->setObjectName(QStringLiteral("scrubRuleSplitter"));
  m_rule->addWidget(m_editor);
  m_rule->addWidget(m_values);
  m_rule->setChildrenCollapsible(false);
  m_rule->setSizes({1000, 1000});
  m_side->setObjectName(QStringLiteral("scrubSide"));
  m_side->addWidget(m_rule);
  m_side->addWidget(m_finds);
  m_side->addWidget(m_left);
  auto* head = new QHBoxLayout;
  head->setContentsMargins(theme::kPaneMargin, theme::kGrid, theme::kPaneMargin, theme::kGrid);
  head->addWidget(m_switch);
  head->addStretch(1);
  auto* side = new QWidget;
  auto* column = new QVBoxLayout(side);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  column->addLayout(head);
  column->addWidget(m_side, 1);
  m_body->setObjectName(QStringLiteral("scrubBody"));
  m_body->addWidget(m_rules);
  m_body->addWidget(side);
  m_body->setChildrenCollapsible(false);
  m_body->setStretchFactor(0, 2);
  m_body->setStretchFactor(1, 3);
  m_body->setSizes({1000, 1500});
  return m_body;
}

void ScrubPanel::connectActions() {
  connect(m_actions.on, &QAction::triggered, this, [this](bool on) { setScrubOn(m_document, on); });
  connect(m_actions.find, &QAction::triggered, this, [this] {
    comeForward(*this);
    m_failure.clear();
    m_tasks.find();
  });
  connect(m_actions.check, &QAction::triggered, this, [this] {
    comeForward(*this);
    finishEditing();
    m_failure.clear();
    m_tasks.check();
  });
  connect(m_actions.apply, &QAction::triggered, this, [this] {
    finishEditing();
    m_failure.clear();
    m_tasks.apply();
  });
  connect(m_actions.exportCopy, &QAction::triggered, this, &ScrubPanel::exportCopy);
  connect(m_actions.newRule, &QAction::triggered, this, [this] {
    comeForward(*this);
    finishEditing();
    m_pages->setCurrentIndex(1);
    showPage(RulePage);
    m_editor->beginNew();
  });
  connect(m_actions.importRules, &QAction::triggered, &m_files, &RuleFileFlow::chooseAndImport);
  connect(m_actions.linkRules, &QAction::triggered, &m_files, &RuleFileFlow::chooseAndLink);
  connect(m_actions.saveRules, &QAction::triggered, &m_files, &RuleFileFlow::chooseAndSave);
  connect(m_cancel, &QToolButton::clicked, &m_tasks, &ScrubTasks::cancel);
  fillLibrary();

  const auto select = [this](int rule) { m_rules->select(rule); };
  connect(&m_files, &RuleFileFlow::imported, this, select);
  connect(&m_files, &RuleFileFlow::said, this, &ScrubPanel::said);
  connect(&m_files, &RuleFileFlow::failed, this, &ScrubPanel::fail);
  connect(m_editor, &RuleEditor::ruleWanted, this, [this](int rule) {
    m_rules->select(rule);
    showRule(m_rules->current());
  });
  connect(m_rules, &RulesPane::currentChanged, this, &ScrubPanel::showRule);
  connect(m_rules, &RulesPane::draftDropped, this, [this] { showRule(m_rules->current()); });
  connect(m_rules, &RulesPane::editWanted, this, [this] {
    showPage(RulePage);
    m_editor->focusFirst();
  });
  for (SecretsView* view : {m_finds, m_left}) {
    connect(view, &SecretsView::openChanged, this, &ScrubPanel::showCounts);
    connect(view, &SecretsView::ruleMade, this, select);
  }
  connect(&m_tasks, &ScrubTasks::failed, this, &ScrubPanel::fail);
  connect(&m_tasks, &ScrubTasks::foundChanged, this, [this] {
    if (!m_tasks.isRunning()) showState();
  });
  connect(&m_tasks, &ScrubTasks::lookedForSecrets, this, [this] {
    showPage(FindsPage);
    m_finds->focusTable();
  });
  connect(&m_tasks, &ScrubTasks::checked, this, [this] {
    showPage(LeftPage);
    m_left->focusTable();
  });
  connect(&m_tasks, &ScrubTasks::applied, this, [this](quint64 values) {
    emit said(values == 0 ? tr("The rules change nothing in this recording")
                          : tr("%1 scrubbed in the recording; undo brings them back")
                                .arg(counted(values, "value is", "values are")));
  });
  connect(&m_tasks, &ScrubTasks::exported, this,
          [this](const QString& path) { emit said(tr("A scrubbed copy is in %1").arg(path)); });
}

// Copies of its rules: they are seen in review, and can be changed.
void ScrubPanel::fillLibrary() {
  m_actions.library->setToolTipsVisible(true);
  for (const RuleSet& set : ruleLibrary()) {
    QMenu* rules = m_actions.library->addMenu(toQString(set.title));
    rules->setToolTipsVisible(true);
    rules->menuAction()->setToolTip(toQString(set.description));
    const auto add = [this](const ScrubRules& added, const QString& step) {
      const auto first = static_cast<int>(m_document.snapshot().workspace->scrub.rules.size());
      addScrubRules(m_document, added, step);
      m_rules->select(first);
    };
    QAction* all = rules->addAction(tr("All %1").arg(counted(set.rules.size(), "rule", "rules")));
    connect(all, &QAction::triggered, this,
            [=, &set] { add(set.rules, tr("rules of the library: %1").arg(toQString(set.title))); });
    rules->addSeparator();
    for (const ScrubRule& rule : set.rules) {
      QAction* one = rules->addAction(toQString(rule.name));
      one->setToolTip(toQString(describe(rule)));
      connect(one, &QAction::triggered, this,
              [=, &rule] { add({rule}, tr("add rule %1").arg(toQString(rule.name))); });
    }
  }
}

void ScrubPanel::showPage(Page page) {
  m_switch->setCurrent(page);
  m_side->setCurrentIndex(page);
}

void ScrubPanel::showRule(int rule) {
  const auto shown = rule >= 0 ? std::optional(static_cast<std::size_t>(rule)) : std::nullopt;
  m_editor->showRule(shown);
  m_values->showRule(shown);
}

void ScrubPanel::beginRule(const ScrubRule& rule) {
  comeForward(*this);
  finishEditing();
  m_pages->setCurrentIndex(1);
  showPage(RulePage);
  m_editor->beginNew(rule);
}

void ScrubPanel::finishEditing() { m_editor->finish(); }

void ScrubPanel::exportCopy() {
  finishEditing();
  auto* dialog = new ExportDialog(m_tasks, m_document, window());
  connect(dialog, &ExportDialog::leftWanted, this, [this] {
    comeForward(*this);
    showPage(LeftPage);
  });
  dialog->open();
}

void ScrubPanel::fail(const QString& sentence) {
  m_failure = sentence;
  showNotes();
}

void ScrubPanel::showState() {
  const bool open = m_document.isOpen();
  const bool running = m_tasks.isRunning();
  const bool rules = !m_controller.rules().empty();
  m_actions.on->setEnabled(open && rules);
  m_actions.on->setChecked(rules && m_controller.isOn());
  m_actions.find->setEnabled(open && !running);
  m_actions.check->setEnabled(open && !running);
  m_actions.apply->setEnabled(open && !running && rules);
  m_actions.exportCopy->setEnabled(open && !running);
  for (QAction* action :
       {m_actions.newRule, m_actions.library->menuAction(), m_actions.importRules, m_actions.linkRules})
    action->setEnabled(open);
  m_actions.saveRules->setEnabled(open && !m_document.snapshot().workspace->scrub.rules.empty());

  const bool empty = !rules && !m_tasks.found() && !m_tasks.left();
  m_pages->setCurrentIndex(empty ? 0 : 1);
  m_first->setEnabled(open && !running);
  for (const char* name : {"scrubFirstRule", "scrubFirstLibrary"})
    findChild<QPushButton*>(QLatin1String(name))->setEnabled(open);
  m_empty->setText(
      !open ? tr("Rules that take secrets out of a recording stand here. Open a recording to begin.")
      : running
          ? m_tasks.job().what() + QStringLiteral("…")
          : tr("Take the secrets out before you share this recording. Look for them first; each find becomes "
               "a rule with one click. Rules are shown over the recording and change nothing until you apply "
               "them or export a copy."));
  showJob();
  showNotes();
  showCounts();
}

void ScrubPanel::showJob() {
  const bool running = m_tasks.isRunning();
  m_jobPart->setVisible(running);
  if (!running) return;
  m_jobText->setText(m_tasks.job().what() + QStringLiteral("…"));
  const auto progress = m_tasks.job().progress();
  m_progress->setRange(0, progress ? 1000 : 0);
  if (progress) m_progress->setValue(static_cast<int>(*progress * 1000));
}

void ScrubPanel::showNotes() {
  std::vector<NoteBar::Note> notes;
  const auto error = [&notes](const QString& text) {
    notes.push_back({QStringLiteral("✗ ") + text, theme::Role::Error, {}, {}});
  };
  if (!m_failure.isEmpty()) error(m_failure);
  const ScrubLayer& layer = m_controller.layer();
  if (!layer.fileError.isEmpty() && layer.fileError != m_failure)
    notes.push_back({QStringLiteral("✗ ") + layer.fileError, theme::Role::Error, tr("Read again"),
                     [this] { m_controller.reload(); }});
  m_notes->setNotes(notes);
}

void ScrubPanel::showCounts() {
  const auto& counts = m_controller.counts();
  const std::size_t rules = m_controller.rules().size();
  QString sentence;
  if (rules > 0) {
    sentence = counted(rules, "rule", "rules");
    if (counts && counts->hits > 0)
      sentence += QStringLiteral(" · ") + counted(counts->hits, "value", "values") + tr(" in ") +
                  counted(counts->calls, "call", "calls");
    else if (counts)
      sentence += tr(" · nothing is hit");
    if (m_controller.isCounting()) sentence += tr(" · counting…");
    if (!m_controller.isOn()) sentence += tr(" · not shown, and not applied to live calls");
  }
  m_sentence->setText(sentence);
  m_switch->setText(FindsPage, m_finds->open() > 0 ? tr("Found %1").arg(m_finds->open()) : tr("Found"));
  m_switch->setText(LeftPage, m_left->open() > 0 ? tr("Left %1").arg(m_left->open())
                              : m_left->hasResult() && m_tasks.isLeftCurrent() && m_tasks.left()->isClean()
                                  ? tr("Left ✓")
                                  : tr("Left"));
}

void ScrubPanel::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  m_body->setOrientation(width() >= kRulesBeside ? Qt::Horizontal : Qt::Vertical);
  m_rule->setOrientation(width() >= kValuesBeside ? Qt::Horizontal : Qt::Vertical);
}

}  // namespace retake::gui
