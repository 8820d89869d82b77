#pragma once

#include <QAbstractTableModel>
#include <QHash>
#include <QSet>
#include <vector>

#include "detail/entry_content.h"
#include "document/snapshot.h"

namespace retake::gui {

class Document;

// What went over one call, a row a message. A preview is made when its row is first looked at; of a
// large message, on another thread.
class MessagesModel : public QAbstractTableModel {
  Q_OBJECT
 public:
  enum Column { NumberColumn, DirectionColumn, TypeColumn, SizeColumn, PreviewColumn, kColumns };
  enum Role { SortRole = Qt::UserRole, IdRole, EditedRole };

  explicit MessagesModel(Document& document, QObject* parent = nullptr);

  void setCall(std::optional<std::uint32_t> call);
  EntryId entryAt(int row) const;
  std::optional<int> rowOf(EntryId entry) const;

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 private:
  QString typeText(const CallMessage& message) const;
  QString preview(int row) const;
  void previewLater(int row) const;

  Document& m_document;
  Snapshot m_snapshot;
  std::vector<CallMessage> m_messages;
  QSet<quint32> m_edited;  // ids
  quint64 m_turn = 0;      // answers of an earlier call are dropped
  mutable QHash<int, QString> m_previews;
  mutable QSet<int> m_running;
};

}  // namespace retake::gui
