#pragma once

#include <QAbstractTableModel>

#include "scrub/scrub_recording.h"

namespace retake::gui {

class Document;

enum class ValueColumn { Before, After, Count, Call };
inline constexpr int kValueColumns = 4;

// Distinct values that a rule changes, each with what becomes of it, how often, and where it stands first.
class ValuesModel : public QAbstractTableModel {
  Q_OBJECT
 public:
  explicit ValuesModel(Document& document, QObject* parent = nullptr);

  // `isRemoved`: the rule leaves nothing of them.
  void setSamples(std::vector<ScrubReport::Rule::Sample> samples, bool isRemoved);
  EntryId entry(int row) const { return m_samples[static_cast<std::size_t>(row)].entry; }

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  // Qt::UserRole: the whole text, of Before and After.
  QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 private:
  Document& m_document;
  std::vector<ScrubReport::Rule::Sample> m_samples;
  bool m_isRemoved = false;
};

// "#481", the call that the entry belongs to; "initial state" where there is none.
QString callOf(const Document& document, EntryId entry);

}  // namespace retake::gui
