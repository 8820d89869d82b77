#pragma once

#include <QObject>
#include <QString>
#include <cstdint>
#include <optional>
#include <vector>

namespace retake::gui {

class Document;

enum class CallColumn { Number, Kind, Method, Status, RequestSize, ResponseSize, Messages, Edits };
inline constexpr int kCallColumns = 8;

// Which calls are shown, and in what order: one list for the call table and the timeline. A vector of
// call indices, not a proxy model: filtering a million rows takes milliseconds here.
class CallRows : public QObject {
  Q_OBJECT
 public:
  explicit CallRows(Document& document, QObject* parent = nullptr);

  const std::vector<std::uint32_t>& rows() const { return m_rows; }  // call indices, in shown order
  std::uint32_t total() const;
  bool isFiltered() const { return !m_filter.isEmpty(); }
  // Whether the call is shown; constant time.
  bool contains(std::uint32_t call) const;
  std::optional<int> rowOf(std::uint32_t call) const;

  QString filter() const { return m_filter; }
  // Plain words, all of which must occur in method, kind, status or number; case does not matter.
  void setFilter(const QString& text);
  void sort(CallColumn column, Qt::SortOrder order);

 signals:
  void changed();

 private:
  void rebuild();
  void order();

  Document& m_document;
  QString m_filter;
  CallColumn m_column = CallColumn::Number;
  Qt::SortOrder m_order = Qt::AscendingOrder;
  std::vector<std::uint32_t> m_rows;
  std::vector<std::uint32_t> m_rowOf;  // by call index
};

}  // namespace retake::gui
