#pragma once

#include <QAbstractTableModel>
#include <QCache>

#include "calls/call_rows.h"
#include "calls/used_calls.h"
#include "recording/entry_times.h"

namespace retake::gui {

class Document;

// The shown calls as rows. data() decodes no message; of a file that is not in memory it reads the entries
// that have the times of the rows in view.
class CallTableModel : public QAbstractTableModel {
  Q_OBJECT
 public:
  enum Role {
    SortRole = Qt::UserRole,  // a number where the column is one
    IdRole,                   // the EntryId of the call, as a number
    ServiceRole,              // of Method: the part before the slash
    UsedRole                  // of Number: whether a server has answered with the call
  };

  CallTableModel(Document& document, CallRows& rows, QObject* parent = nullptr);

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

  std::uint32_t callAt(int row) const { return m_rows.rows()[static_cast<std::size_t>(row)]; }
  void setUsed(const UsedCalls* used) { m_used = used; }
  // The row as one line, columns divided by tabs.
  QString rowText(int row) const;

 private:
  void documentChanged(const SnapshotChange& change);
  void forget();
  bool isUsed(std::uint32_t call) const;
  QString text(std::uint32_t call, CallColumn column) const;
  QVariant number(std::uint32_t call, CallColumn column) const;
  QString toolTip(std::uint32_t call, CallColumn column) const;
  QVariant foreground(std::uint32_t call, CallColumn column) const;
  const CallSizes& sizes(std::uint32_t call) const;
  const CallTime& times(std::uint32_t call) const;

  Document& m_document;
  CallRows& m_rows;
  const UsedCalls* m_used = nullptr;
  bool m_inserting = false;
  mutable QCache<std::uint32_t, CallTime> m_times;
  mutable QCache<std::uint32_t, CallSizes> m_sizes;  // a stream's are a sum over its messages
};

}  // namespace retake::gui
