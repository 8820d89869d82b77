#pragma once

#include <QAbstractTableModel>
#include <QStringList>

#include "scrub/scrub_controller.h"

namespace retake::gui {

enum class RuleColumn { Name, Does, Values, Calls };
inline constexpr int kRuleColumns = 4;

// What a person should know of a rule, with the colour of its meaning.
struct RuleFlag {
  enum class Kind { Error, Warning, Note } kind = Kind::Warning;
  QString text;
};
std::vector<RuleFlag> ruleFlags(const ScrubController& controller, std::size_t rule);

// The rules in their order, with what they hit.
class RulesModel : public QAbstractTableModel {
  Q_OBJECT
 public:
  RulesModel(ScrubController& controller, Document& document, QObject* parent = nullptr);

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
  bool setData(const QModelIndex& index, const QVariant& value, int role) override;
  Qt::ItemFlags flags(const QModelIndex& index) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

  bool isDraft(int row) const;

 private:
  void rulesChanged();
  void countsChanged();
  QString text(std::size_t rule, RuleColumn column) const;
  QVariant foreground(std::size_t rule, RuleColumn column) const;
  QString toolTip(std::size_t rule) const;

  ScrubController& m_controller;
  Document& m_document;
  int m_rows = 0;
};

}  // namespace retake::gui
