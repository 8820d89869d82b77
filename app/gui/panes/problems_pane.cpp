#include "panes/problems_pane.h"

#include <QHBoxLayout>
#include <QPushButton>
#include <QStackedWidget>
#include <QTreeView>
#include <QVBoxLayout>
#include <algorithm>
#include <set>

#include "detail/note_bar.h"
#include "detail/padded_cells.h"
#include "detail/strings.h"
#include "detail/text_label.h"
#include "document/document.h"
#include "document/selection.h"
#include "panes/problems_model.h"
#include "panes/repair_delegate.h"

namespace retake::gui {
namespace {

// Of a message that was recorded without its type.
bool isUntyped(const Recording& recording, const Problem& problem) {
  if (problem.repair.kind != Repair::Kind::None || !problem.position || *problem.position >= recording.size())
    return false;
  const EntryInfo info = recording.info(*problem.position);
  if (!info.hasMessage || info.isError) return false;
  const auto entry = recording.entry(*problem.position);
  return entry && entry->fields.typeUrl.empty();
}

}  // namespace

ProblemsPane::ProblemsPane(Document& document, Selection& selection, QWidget* parent)
    : QWidget(parent),
      m_document(document),
      m_selection(selection),
      m_model(new ProblemsModel(this)),
      m_pages(new QStackedWidget(this)),
      m_list(new QTreeView(this)),
      m_empty(new TextLabel(theme::Role::TextMuted, this)),
      m_notes(new NoteBar(this)),
      m_bar(new QWidget(this)),
      m_text(new TextLabel(theme::Role::TextMuted, m_bar)),
      m_giveTypes(new QPushButton(tr("Give &types"), m_bar)),
      m_repair(new QPushButton(tr("Re&pair"), m_bar)),
      m_repairAll(new QPushButton(tr("Repair &All"), m_bar)) {
  setObjectName(QStringLiteral("problemsPane"));
  setAccessibleName(tr("Problems"));
  m_list->setObjectName(QStringLiteral("problemsList"));
  m_list->setAccessibleName(tr("Problems of the recording"));
  m_list->setHeader(new PaddedHeader(m_list));
  m_list->setItemDelegate(new PaddedDelegate(m_list, Qt::ElideRight));
  m_list->setModel(m_model);
  auto* delegate = new RepairDelegate(this);
  m_list->setItemDelegateForColumn(ProblemsModel::RepairColumn, delegate);
  m_list->setFrameShape(QFrame::NoFrame);
  m_list->setRootIsDecorated(false);
  m_list->setItemsExpandable(false);
  m_list->setUniformRowHeights(true);
  m_list->setAllColumnsShowFocus(true);
  m_list->setMouseTracking(true);
  m_list->header()->setStretchLastSection(false);
  m_list->header()->setSectionsMovable(false);
  m_list->header()->setSectionResizeMode(ProblemsModel::TextColumn, QHeaderView::Stretch);
  const int em = m_list->fontMetrics().horizontalAdvance(u'M');
  m_list->header()->resizeSection(ProblemsModel::PlaceColumn, 9 * em);
  m_empty->setObjectName(QStringLiteral("problemsEmpty"));
  m_empty->setWrap(true);
  m_empty->setAlignment(Qt::AlignCenter);
  m_empty->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
  m_giveTypes->setObjectName(QStringLiteral("giveTypesButton"));
  m_giveTypes->setToolTip(tr("Give messages their types, as the schema has them for their methods"));
  m_repair->setObjectName(QStringLiteral("repair"));
  m_repairAll->setObjectName(QStringLiteral("repairAll"));
  m_text->setObjectName(QStringLiteral("problemText"));
  m_text->setWrap(true);
  auto* bar = new QHBoxLayout(m_bar);
  bar->setContentsMargins(theme::kPaneMargin, theme::kGrid, theme::kPaneMargin, theme::kGrid);
  bar->setSpacing(theme::kGroupGap);
  bar->addWidget(m_text, 1);
  bar->addWidget(m_giveTypes);
  bar->addWidget(m_repair);
  bar->addWidget(m_repairAll);
  auto* problems = new QWidget(this);
  auto* column = new QVBoxLayout(problems);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  column->addWidget(m_list, 1);
  column->addWidget(m_bar);
  m_pages->addWidget(problems);
  m_pages->addWidget(m_empty);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(0);
  layout->addWidget(m_notes);
  layout->addWidget(m_pages, 1);

  connect(delegate, &RepairDelegate::clicked, this,
          [this](const QModelIndex& index) { repair(index.row()); });
  connect(m_list, &QTreeView::clicked, this, [this](const QModelIndex& index) { go(index.row()); });
  connect(m_list, &QTreeView::activated, this, [this](const QModelIndex& index) { go(index.row()); });
  connect(m_list->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
          &ProblemsPane::showCurrent);
  connect(m_repair, &QPushButton::clicked, this, [this] { repair(m_list->currentIndex().row()); });
  connect(m_giveTypes, &QPushButton::clicked, this, &ProblemsPane::typesWanted);
  connect(m_repairAll, &QPushButton::clicked, this, &ProblemsPane::repairAll);
  connect(&document, &Document::problemsChanged, this, &ProblemsPane::reload);
  connect(&document, &Document::fileChanged, this, &ProblemsPane::reload);
  connect(&document, &Document::changed, this, [this] { m_notes->setNotes({}); });
  reload();
}

void ProblemsPane::reload() {
  const int row = m_list->currentIndex().row();
  m_model->setProblems(m_document.problems());
  fitRepairs();
  const int count = m_model->rowCount();
  m_pages->setCurrentIndex(count > 0 ? 0 : 1);
  m_empty->setText(
      m_document.isOpen()
          ? tr("No problems: every record of this recording can be read, and every answer belongs to a call.")
          : tr("What is wrong with a recording stands here, with a repair. Open a recording to see."));
  if (count > 0) m_list->setCurrentIndex(m_model->index(std::clamp(row, 0, count - 1), 0));
  const auto repairs = std::count_if(m_model->problems().begin(), m_model->problems().end(),
                                     [](const Problem& p) { return p.repair.kind != Repair::Kind::None; });
  m_repairAll->setVisible(repairs > 1);
  showCurrent();
}

// As wide as the longest button; of thousands of problems there are a few kinds of repair.
void ProblemsPane::fitRepairs() {
  std::set<Repair::Kind> kinds;
  int widest = 0;
  for (const Problem& problem : m_model->problems()) {
    if (!kinds.insert(problem.repair.kind).second) continue;
    const QModelIndex cell =
        m_model->index(static_cast<int>(&problem - m_model->problems().data()), ProblemsModel::RepairColumn);
    const QString text = cell.data().toString();
    widest = std::max(widest, m_list->fontMetrics().horizontalAdvance(text));
  }
  const int least = m_list->fontMetrics().horizontalAdvance(u'M') * 8;
  m_list->header()->resizeSection(ProblemsModel::RepairColumn,
                                  std::max(least, widest + RepairDelegate::kAround));
}

void ProblemsPane::showCurrent() {
  const int row = m_list->currentIndex().row();
  const bool some =
      row >= 0 && row < m_model->rowCount() && m_model->problem(row).repair.kind != Repair::Kind::None;
  m_text->setText(row >= 0 && row < m_model->rowCount() ? toQString(m_model->problem(row).text) : QString());
  m_giveTypes->setVisible(row >= 0 && row < m_model->rowCount() &&
                          isUntyped(*m_document.snapshot().recording, m_model->problem(row)));
  m_repair->setVisible(!m_giveTypes->isVisibleTo(m_bar));
  m_repair->setEnabled(some);
  m_repair->setToolTip(some ? toQString(describe(m_model->problem(row).repair)) : QString());
}

void ProblemsPane::go(int row) {
  if (row < 0 || row >= m_model->rowCount()) return;
  const auto position = m_model->problem(row).position;
  const Recording& recording = *m_document.snapshot().recording;
  if (position && *position < recording.size()) m_selection.selectEntry(recording.info(*position).id);
}

void ProblemsPane::repair(int row) {
  if (row < 0 || row >= m_model->rowCount()) return;
  const Repair wanted = m_model->problem(row).repair;
  if (wanted.kind == Repair::Kind::None) return;
  if (const auto why = m_document.push(wanted))
    m_notes->setNotes({{QStringLiteral("✗ ") + *why, theme::Role::Error, {}, {}}});
}

void ProblemsPane::repairAll() {
  std::vector<Edit> edits;
  std::set<std::pair<Repair::Kind, EntryId>> seen;  // two problems can have one repair
  for (const Problem& problem : m_model->problems())
    if (problem.repair.kind != Repair::Kind::None &&
        seen.emplace(problem.repair.kind, problem.repair.entry).second)
      edits.push_back(problem.repair);
  const QStringList refused = m_document.pushAll(edits, tr("repair all problems"));
  std::vector<NoteBar::Note> notes;
  for (const QString& sentence : refused.mid(0, 3))
    notes.push_back({QStringLiteral("✗ ") + sentence, theme::Role::Error, {}, {}});
  if (refused.size() > 3)
    notes.push_back(
        {tr("… and %1 more that could not be repaired").arg(refused.size() - 3), theme::Role::Error, {}, {}});
  m_notes->setNotes(notes);
}

}  // namespace retake::gui
