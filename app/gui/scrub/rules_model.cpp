#include "scrub/rules_model.h"

#include <algorithm>

#include "detail/strings.h"
#include "document/document.h"
#include "scrub/scrub_edits.h"
#include "scrub/scrub_table.h"
#include "theme/theme.h"

namespace retake::gui {

std::vector<RuleFlag> ruleFlags(const ScrubController& controller, std::size_t rule) {
  using Kind = RuleFlag::Kind;
  std::vector<RuleFlag> flags;
  const ScrubRules& rules = controller.rules();
  if (rule >= rules.size()) return flags;
  const ScrubLayer& layer = controller.layer();
  // The layer is that of a moment ago while a new one is made.
  if (rule < layer.rules.size() && layer.rules[rule] == rules[rule]) {
    if (!layer.errors[rule].isEmpty()) {
      flags.push_back({Kind::Error, layer.errors[rule]});
      return flags;
    }
    if (layer.widerLive[rule] && rules[rule].on)
      flags.push_back(
          {Kind::Warning,
           RulesModel::tr("Its scope asks for what a live call does not tell before it is answered: "
                          "of live calls it takes all")});
  }
  if (!rules[rule].on) return flags;
  const ScrubReport::Rule* count = controller.countOf(rule);
  if (!count) return flags;
  if (count->leftAlone > 0)
    flags.push_back(
        {Kind::Note, RulesModel::tr("%1 scrubbed before and left as they are: what this rule makes "
                                    "of a value cannot be told from a value")
                         .arg(counted(count->leftAlone, "entry was", "entries were"))});
  else if (count->hits == 0)
    flags.push_back({Kind::Warning, RulesModel::tr("Hits nothing in this recording as it is now")});
  QStringList before;
  const ScrubRules& all = controller.counts()->rules;
  for (const std::uint32_t other : count->overlaps)
    if (other < all.size()) before << QStringLiteral("“%1”").arg(toQString(all[other].name));
  if (!before.isEmpty())
    flags.push_back(
        {Kind::Warning, RulesModel::tr("Some of its values were changed before by %1; it sees what "
                                       "was left of them")
                            .arg(before.join(QStringLiteral(", ")))});
  if (count->compared > 0)
    flags.push_back({Kind::Note, RulesModel::tr("%1 of them in requests, which a replay compares: serve with "
                                                "these rules on, or clients with real values are missed")
                                     .arg(countText(count->compared))});
  return flags;
}

RulesModel::RulesModel(ScrubController& controller, Document& document, QObject* parent)
    : QAbstractTableModel(parent),
      m_controller(controller),
      m_document(document),
      m_rows(static_cast<int>(controller.rules().size())) {
  connect(&controller, &ScrubController::rulesChanged, this, &RulesModel::rulesChanged);
  connect(&controller, &ScrubController::layerChanged, this, &RulesModel::countsChanged);
  connect(&controller, &ScrubController::countsChanged, this, &RulesModel::countsChanged);
}

// Rows come and go at the end, so that the current one stays where it is.
void RulesModel::rulesChanged() {
  const int rows = static_cast<int>(m_controller.rules().size());
  if (rows > m_rows) {
    beginInsertRows({}, m_rows, rows - 1);
    m_rows = rows;
    endInsertRows();
  } else if (rows < m_rows) {
    beginRemoveRows({}, rows, m_rows - 1);
    m_rows = rows;
    endRemoveRows();
  }
  countsChanged();
}

void RulesModel::countsChanged() {
  if (m_rows > 0) emit dataChanged(index(0, 0), index(m_rows - 1, kRuleColumns - 1));
}

bool RulesModel::isDraft(int row) const {
  const auto& draft = m_controller.draft();
  if (!draft) return false;
  const std::size_t at = draft->index ? *draft->index : m_controller.ownRules() - 1;
  return static_cast<std::size_t>(row) == at;
}

int RulesModel::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : m_rows; }

int RulesModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : kRuleColumns; }

QString RulesModel::text(std::size_t rule, RuleColumn column) const {
  const ScrubRule& shown = m_controller.rules()[rule];
  const ScrubReport::Rule* count = m_controller.countOf(rule);
  const bool failed =
      rule < m_controller.layer().errors.size() && !m_controller.layer().errors[rule].isEmpty();
  const auto number = [&](std::uint64_t ScrubReport::Rule::*member) {
    if (!shown.on) return tr("off");
    if (failed) return QStringLiteral("✗");
    return count ? countText(count->*member) : QStringLiteral("…");
  };
  switch (column) {
    case RuleColumn::Name:
      return toQString(shown.name) + (isDraft(static_cast<int>(rule)) ? QStringLiteral(" ✎") : QString());
    case RuleColumn::Does:
      return oneLine(toQString(describe(shown)));
    case RuleColumn::Values: {
      const auto flags = ruleFlags(m_controller, rule);
      const bool warned = std::any_of(flags.begin(), flags.end(), [](const RuleFlag& flag) {
        return flag.kind == RuleFlag::Kind::Warning;
      });
      return (warned ? QStringLiteral("⚠ ") : QString()) + number(&ScrubReport::Rule::hits);
    }
    case RuleColumn::Calls:
      return shown.on && !failed ? number(&ScrubReport::Rule::calls) : QString();
  }
  return {};
}

QVariant RulesModel::foreground(std::size_t rule, RuleColumn column) const {
  if (!m_controller.rules()[rule].on || !m_controller.isOn()) return theme::color(theme::Role::TextDisabled);
  for (const RuleFlag& flag : ruleFlags(m_controller, rule)) {
    if (flag.kind == RuleFlag::Kind::Error) return theme::color(theme::Role::Error);
    if (flag.kind == RuleFlag::Kind::Warning && column != RuleColumn::Does)
      return theme::color(theme::Role::Warning);
  }
  if (column == RuleColumn::Values && m_controller.countOf(rule)) return theme::color(theme::Role::Scrubbed);
  if (column == RuleColumn::Does) return theme::color(theme::Role::TextMuted);
  return {};
}

QString RulesModel::toolTip(std::size_t rule) const {
  QStringList lines{toQString(m_controller.rules()[rule].name) + QStringLiteral(": ") +
                    oneLine(toQString(describe(m_controller.rules()[rule])))};
  if (rule >= m_controller.ownRules() && rule < m_controller.layer().files.size())
    lines << tr("from %1: change it there").arg(m_controller.layer().files[rule]);
  for (const RuleFlag& flag : ruleFlags(m_controller, rule)) lines << flag.text;
  return lines.join(u'\n').toHtmlEscaped().replace(u'\n', QStringLiteral("<br>"));
}

QVariant RulesModel::data(const QModelIndex& index, int role) const {
  if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
  const auto rule = static_cast<std::size_t>(index.row());
  const auto column = static_cast<RuleColumn>(index.column());
  if (rule >= m_controller.rules().size()) return {};
  switch (role) {
    case Qt::DisplayRole:
      return text(rule, column);
    case Qt::CheckStateRole:
      if (column != RuleColumn::Name) return {};
      return m_controller.rules()[rule].on ? Qt::Checked : Qt::Unchecked;
    case Qt::ForegroundRole:
      return foreground(rule, column);
    case Qt::ToolTipRole:
      return toolTip(rule);
    case Qt::AccessibleDescriptionRole: {
      QStringList words;
      for (const RuleFlag& flag : ruleFlags(m_controller, rule)) words << flag.text;
      return words.join(QStringLiteral("; "));
    }
    case Qt::TextAlignmentRole:
      return static_cast<int>((column >= RuleColumn::Values ? Qt::AlignRight : Qt::AlignLeft) |
                              Qt::AlignVCenter);
    default:
      return {};
  }
}

bool RulesModel::setData(const QModelIndex& index, const QVariant& value, int role) {
  const auto rule = static_cast<std::size_t>(index.row());
  if (role != Qt::CheckStateRole || rule >= m_controller.ownRules() || isDraft(index.row())) return false;
  setScrubRuleOn(m_document, rule, value.toInt() == Qt::Checked);
  return true;
}

Qt::ItemFlags RulesModel::flags(const QModelIndex& index) const {
  Qt::ItemFlags flags = Qt::ItemIsEnabled | Qt::ItemIsSelectable;
  if (index.column() == 0 && static_cast<std::size_t>(index.row()) < m_controller.ownRules())
    flags |= Qt::ItemIsUserCheckable;
  return flags;
}

QVariant RulesModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal) return {};
  if (role == Qt::TextAlignmentRole)
    return static_cast<int>(
        (section >= static_cast<int>(RuleColumn::Values) ? Qt::AlignRight : Qt::AlignLeft) |
        Qt::AlignVCenter);
  if (role != Qt::DisplayRole) return {};
  switch (static_cast<RuleColumn>(section)) {
    case RuleColumn::Name:
      return tr("Rule");
    case RuleColumn::Does:
      return tr("What it does");
    case RuleColumn::Values:
      return tr("Values");
    case RuleColumn::Calls:
      return tr("Calls");
  }
  return {};
}

}  // namespace retake::gui
