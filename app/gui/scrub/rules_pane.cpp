#include "scrub/rules_pane.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QMenu>
#include <QToolButton>
#include <QVBoxLayout>

#include "document/document.h"
#include "scrub/scrub_actions.h"
#include "scrub/scrub_edits.h"
#include "scrub/scrub_table.h"
#include "server/tool_button.h"
#include "theme/theme.h"

namespace retake::gui {

RulesPane::RulesPane(ScrubController& controller, ScrubActions& actions, Document& document, QWidget* parent)
    : QWidget(parent),
      m_controller(controller),
      m_actions(actions),
      m_document(document),
      m_model(controller, document) {
  setObjectName(QStringLiteral("scrubRulesPane"));
  m_table = new ScrubTable("scrubRules", tr("Scrub rules"), m_model,
                           {{.share = 3},
                            {.share = 4},
                            {.sample = QStringLiteral("⚠ 99,999")},
                            {.sample = QStringLiteral("99,999")}});
  m_table->setMinimumHeight(3 * m_table->verticalHeader()->defaultSectionSize());
  m_table->addAction(actions.remove);

  auto* more = new QMenu(this);
  more->addAction(actions.newRule);
  more->addMenu(actions.library);
  more->addSeparator();
  more->addActions({actions.importRules, actions.linkRules});
  auto* add = toolButton(actions.newRule);
  add->setMenu(more);
  add->setPopupMode(QToolButton::MenuButtonPopup);
  add->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
  auto* tools = new QHBoxLayout;
  tools->setContentsMargins(theme::kPaneMargin, theme::kGrid, theme::kPaneMargin, theme::kGrid);
  tools->setSpacing(theme::kGrid);
  tools->addWidget(add);
  tools->addStretch(1);
  for (QAction* action : {actions.duplicate, actions.up, actions.down, actions.remove})
    tools->addWidget(toolButton(action));
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(0);
  layout->addLayout(tools);
  layout->addWidget(m_table, 1);

  connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
          [this](const QModelIndex& index) {
            showState();
            emit currentChanged(index.row());
          });
  connect(m_table, &QTableView::doubleClicked, this, [this](const QModelIndex& index) {
    if (index.column() != 0) emit editWanted();
  });
  connect(m_table, &QTableView::activated, this, &RulesPane::editWanted);
  connect(actions.duplicate, &QAction::triggered, this, [this] {
    const int row = current();
    if (row < 0) return;
    duplicateScrubRule(m_document, static_cast<std::size_t>(row));
    select(row + 1);
  });
  connect(actions.remove, &QAction::triggered, this, &RulesPane::removeCurrent);
  connect(actions.up, &QAction::triggered, this, [this] { move(-1); });
  connect(actions.down, &QAction::triggered, this, [this] { move(1); });
  connect(&controller, &ScrubController::rulesChanged, this, &RulesPane::showState);
  showState();
}

int RulesPane::current() const { return m_model.rowCount() > 0 ? m_table->currentRow() : -1; }

void RulesPane::select(int rule) { m_table->selectRow(rule); }

void RulesPane::focusList() { m_table->setFocus(); }

void RulesPane::removeCurrent() {
  const int row = current();
  if (row < 0 || static_cast<std::size_t>(row) >= m_controller.ownRules()) return;
  if (const auto& draft = m_controller.draft(); draft && m_model.isDraft(row)) {
    const bool isNew = !draft->index;
    m_controller.setDraft(std::nullopt);
    if (isNew) return emit draftDropped();
  }
  removeScrubRule(m_document, static_cast<std::size_t>(row));
  select(std::min(row, m_model.rowCount() - 1));
  emit currentChanged(current());
}

void RulesPane::move(int step) {
  const int from = current();
  const int to = from + step;
  if (from < 0 || to < 0 || static_cast<std::size_t>(std::max(from, to)) >= m_controller.ownRules()) return;
  moveScrubRule(m_document, static_cast<std::size_t>(from), static_cast<std::size_t>(to));
  select(to);
}

void RulesPane::showState() {
  const int row = current();
  const auto own = static_cast<int>(m_controller.ownRules());
  const bool isOwn = row >= 0 && row < own;
  const bool drafted = m_controller.draft().has_value();
  m_actions.remove->setEnabled(isOwn);
  m_actions.duplicate->setEnabled(isOwn && !drafted);
  m_actions.up->setEnabled(isOwn && !drafted && row > 0);
  m_actions.down->setEnabled(isOwn && !drafted && row + 1 < own);
}

}  // namespace retake::gui
