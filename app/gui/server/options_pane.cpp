#include "server/options_pane.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QScrollArea>
#include <QSpinBox>
#include <algorithm>

#include "detail/strings.h"
#include "server/endpoints_editor.h"
#include "server/policy_words.h"
#include "server/rule_check.h"
#include "server/rule_list.h"
#include "server/upstream_editor.h"
#include "server/words.h"
#include "theme/theme.h"

namespace retake::gui {

namespace {

// Narrower than this the sections stand in one column.
constexpr int kTwoColumns = 150 * theme::kGrid;

template <typename Rule>
QString whyNoRule(const Result<Rule>& parsed) {
  return parsed ? QString() : toQString(parsed.error().message);
}

QString checkIgnore(const QString& text) { return whyNoRule(parseIgnoreRule(toUtf8(text))); }
QString checkMetadata(const QString& text) { return whyNoRule(parseMetadataRule(toUtf8(text))); }

// A list of rules of the policy, changed by what a RuleList asks for.
template <typename Rule, typename Parse, typename Rules>
void connectRules(RuleList* list, Document& document, const QString& name, Parse parse, Rules rules) {
  QObject::connect(list, &RuleList::added, list, [=, &document](const QString& text) {
    const auto parsed = parse(toUtf8(text));
    if (!parsed) return;
    changeWorkspace(document, name, [&](Workspace& w) {
      std::vector<Rule>& all = rules(w);
      if (std::find(all.begin(), all.end(), *parsed) == all.end()) all.push_back(*parsed);
    });
  });
  QObject::connect(list, &RuleList::edited, list, [=, &document](int index, const QString& text) {
    const auto parsed = parse(toUtf8(text));
    if (!parsed) return;
    changeWorkspace(document, name,
                    [&](Workspace& w) { rules(w).at(static_cast<std::size_t>(index)) = *parsed; });
  });
  QObject::connect(list, &RuleList::removed, list, [=, &document](int index) {
    changeWorkspace(document, name, [&](Workspace& w) { rules(w).erase(rules(w).begin() + index); });
  });
}

}  // namespace

OptionsPane::OptionsPane(Document& document, QWidget* parent)
    : QWidget(parent),
      m_document(document),
      m_columns(nullptr),
      m_reuse(new QComboBox),
      m_strict(new QCheckBox(tr("Strict strea&ms"))),
      m_pace(new QComboBox),
      m_speed(new QDoubleSpinBox),
      m_bound(new QSpinBox),
      m_extra(new UpstreamEditor(document)),
      m_ignore(new RuleList("serverIgnore", tr("Fields that are not compared"),
                            tr("METHOD:PATH, as in *:request_id"), checkIgnore)),
      m_metadata(new RuleList("serverMetadata", tr("Metadata keys that are compared"),
                              tr("METHOD:KEY, as in *:tenant"), checkMetadata)) {
  setObjectName(QStringLiteral("serverOptionsPane"));
  setAccessibleName(tr("How the recording is served"));
  auto* content = new QWidget;
  content->setObjectName(QStringLiteral("serverOptionsContent"));
  m_columns = new QBoxLayout(QBoxLayout::TopToBottom, content);
  m_columns->setContentsMargins(theme::kPaneMargin, theme::kGroupGap, theme::kPaneMargin, theme::kPaneMargin);
  m_columns->setSpacing(2 * theme::kPaneMargin);
  const auto column = [this](std::initializer_list<QWidget*> sections) {
    auto* made = new QVBoxLayout;
    made->setSpacing(4 * theme::kGrid);
    for (QWidget* section : sections) made->addWidget(section);
    made->addStretch(1);
    m_columns->addLayout(made, 1);
  };
  m_paceSection = buildPace();
  column({buildMatching(), buildIgnore(), buildMetadata()});
  column({m_paceSection, m_extra, new EndpointsEditor(document)});

  auto* area = new QScrollArea;
  area->setObjectName(QStringLiteral("serverOptionsArea"));
  area->setFrameShape(QFrame::NoFrame);
  area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  area->setWidgetResizable(true);
  area->setWidget(content);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->addWidget(area);

  for (QWidget* field : content->findChildren<QWidget*>()) {
    if (field->focusPolicy() != Qt::WheelFocus) continue;
    field->setFocusPolicy(Qt::StrongFocus);
    field->installEventFilter(this);
  }
  connect(&document, &Document::changed, this, [this](const SnapshotChange& change) {
    if (change.file || change.workspace) showOptions();
    if (change.file || change.workspace || change.schema || change.calls) showRules();
    if (change.file) showMethods();
  });
  showOptions();
  showRules();
  showMethods();
}

OptionsSection* OptionsPane::buildMatching() {
  m_reuse->setObjectName(QStringLiteral("serverReuse"));
  m_reuse->setAccessibleName(tr("When equal calls are used up"));
  for (const Reuse reuse : {Reuse::Once, Reuse::Last, Reuse::Cycle})
    m_reuse->addItem(reuseWords(reuse), static_cast<int>(reuse));
  m_reuse->setToolTip(tr("What a request gets when all recorded calls equal to it were used"));
  m_strict->setObjectName(QStringLiteral("serverStrictStreams"));
  m_strict->setToolTip(
      tr("A later message that differs from the recorded one, or a half-close before all\nwere sent, fails "
         "the stream"));
  connect(m_reuse, &QComboBox::activated, this, [this] {
    const auto reuse = static_cast<Reuse>(m_reuse->currentData().toInt());
    changeWorkspace(m_document, tr("when used up: %1").arg(reuseWords(reuse)),
                    [reuse](Workspace& w) { w.policy.match.reuse = reuse; });
  });
  connect(m_strict, &QCheckBox::clicked, this, [this](bool on) {
    changeWorkspace(m_document, on ? tr("strict streams") : tr("streams not strict"),
                    [on](Workspace& w) { w.policy.strictStreams = on; });
  });
  auto* section = new OptionsSection(tr("Matching"));
  section->addRow(tr("When &used up"), m_reuse);
  section->addRow(m_strict);
  return section;
}

OptionsSection* OptionsPane::buildPace() {
  m_pace->setObjectName(QStringLiteral("serverPace"));
  m_pace->setAccessibleName(tr("When answers go out"));
  m_pace->addItem(tr("at once"), static_cast<int>(Pace::Immediate));
  m_pace->addItem(tr("at the recorded times"), static_cast<int>(Pace::Recorded));
  m_pace->addItem(tr("in the recorded order of calls"), static_cast<int>(Pace::Causal));
  m_pace->setToolTip(tr(
      "At once: as soon as what stands before an answer has arrived.\nRecorded times: with the recorded "
      "gaps, where the recording has times.\nRecorded order: not before what was recorded before it, of any "
      "call, has arrived."));
  m_speed->setObjectName(QStringLiteral("serverSpeed"));
  m_speed->setAccessibleName(tr("Speed"));
  m_speed->setRange(0.01, 1000);
  m_speed->setDecimals(2);
  m_speed->setStepType(QAbstractSpinBox::AdaptiveDecimalStepType);
  m_speed->setPrefix(QStringLiteral("× "));
  m_speed->setKeyboardTracking(false);
  m_speed->setToolTip(tr("2 is twice as fast as recorded"));
  m_bound->setObjectName(QStringLiteral("serverCausalBound"));
  m_bound->setAccessibleName(tr("How long an answer waits at most"));
  m_bound->setRange(1, 3600);
  m_bound->setSuffix(tr(" s"));
  m_bound->setKeyboardTracking(false);
  m_bound->setToolTip(tr("Then it goes out all the same, and the log says so"));
  connect(m_pace, &QComboBox::activated, this, [this] {
    const auto pace = static_cast<Pace>(m_pace->currentData().toInt());
    changeWorkspace(m_document, tr("pace"), [pace](Workspace& w) { w.policy.pace.pace = pace; });
  });
  connect(m_speed, &QDoubleSpinBox::valueChanged, this, [this](double speed) {
    if (m_filling) return;
    changeWorkspace(m_document, tr("pace"), [speed](Workspace& w) { w.policy.pace.speed = speed; });
  });
  connect(m_bound, &QSpinBox::valueChanged, this, [this](int seconds) {
    if (m_filling) return;
    changeWorkspace(m_document, tr("pace"),
                    [seconds](Workspace& w) { w.policy.pace.causalBound = std::chrono::seconds(seconds); });
  });
  auto* section = new OptionsSection(tr("Pace"));
  section->addRow(tr("&Answers go out"), m_pace);
  section->addRow(tr("S&peed"), m_speed);
  section->addRow(tr("&Wait at most"), m_bound);
  return section;
}

OptionsSection* OptionsPane::buildIgnore() {
  connectRules<IgnoreRule>(m_ignore, m_document, tr("ignore rules"), parseIgnoreRule,
                           [](Workspace& w) -> std::vector<IgnoreRule>& { return w.policy.match.ignore; });
  m_ignore->setToolTip(tr(
      "METHOD:PATH. Methods: pkg.Service/Method, pkg.Service/* or *. Paths: a.b[2].c, a.b[*].c, m[\"key\"], "
      "1.2 by number; * is any field, ** any number of levels."));
  auto* section = new OptionsSection(tr("Fields that are not compared"));
  section->addRow(m_ignore);
  return section;
}

OptionsSection* OptionsPane::buildMetadata() {
  connectRules<MetadataRule>(
      m_metadata, m_document, tr("metadata rules"), parseMetadataRule,
      [](Workspace& w) -> std::vector<MetadataRule>& { return w.policy.match.compareMetadata; });
  m_metadata->setToolTip(
      tr("METHOD:KEY. A key that a client must send as recorded; without a rule none is."));
  auto* section = new OptionsSection(tr("Metadata that is compared"));
  section->addRow(m_metadata);
  return section;
}

void OptionsPane::showOptions() {
  const ReplayPolicy& policy = m_document.snapshot().workspace->policy;
  m_filling = true;
  m_reuse->setCurrentIndex(m_reuse->findData(static_cast<int>(policy.match.reuse)));
  m_strict->setChecked(policy.strictStreams);
  m_pace->setCurrentIndex(m_pace->findData(static_cast<int>(policy.pace.pace)));
  m_speed->setValue(policy.pace.speed);
  m_bound->setValue(
      static_cast<int>(std::chrono::ceil<std::chrono::seconds>(policy.pace.causalBound).count()));
  m_filling = false;
  m_paceSection->setRowShown(m_speed, policy.pace.pace == Pace::Recorded);
  m_paceSection->setRowShown(m_bound, policy.pace.pace == Pace::Causal);
}

void OptionsPane::showRules() {
  const Snapshot& snapshot = m_document.snapshot();
  const MatchPolicy& match = snapshot.workspace->policy.match;
  std::vector<RuleList::Rule> ignore;
  for (const IgnoreRule& rule : match.ignore)
    ignore.push_back({toQString(toString(rule)), whyNoEffect(snapshot, rule)});
  m_ignore->setRules(ignore);
  std::vector<RuleList::Rule> metadata;
  for (const MetadataRule& rule : match.compareMetadata)
    metadata.push_back({toQString(toString(rule)), whyNoEffect(snapshot, rule)});
  m_metadata->setRules(metadata);
}

void OptionsPane::showMethods() {
  const Recording& recording = *m_document.snapshot().recording;
  QStringList methods{QStringLiteral("*:")};
  for (std::uint32_t i = 0; i < recording.methodCount(); ++i) {
    const QString method = methodWords(recording.methodName(i));
    if (!method.isEmpty()) methods += method + u':';
  }
  methods.sort();
  m_ignore->setCompletions(methods);
  m_metadata->setCompletions(methods);
}

void OptionsPane::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  m_columns->setDirection(width() >= kTwoColumns ? QBoxLayout::LeftToRight : QBoxLayout::TopToBottom);
}

// Whoever scrolls past an option does not mean to change it.
bool OptionsPane::eventFilter(QObject* watched, QEvent* event) {
  if (event->type() != QEvent::Wheel) return QWidget::eventFilter(watched, event);
  event->ignore();
  return true;
}

void OptionsPane::keyPressEvent(QKeyEvent* event) {
  if (event->key() == Qt::Key_Escape) return emit closeRequested();
  QWidget::keyPressEvent(event);
}

}  // namespace retake::gui
