#pragma once

#include <QObject>
#include <QTimer>
#include <vector>

#include "recording/ids.h"

namespace retake::gui {

// The calls that a server has answered with since it was started, by the id of their REQUEST or
// CREATE_STREAM. Thousands a second may come in: whoever shows them is told ten times a second.
class UsedCalls : public QObject {
  Q_OBJECT
 public:
  explicit UsedCalls(QObject* parent = nullptr);

  bool contains(EntryId call) const { return call.value < m_used.size() && m_used[call.value]; }
  const std::vector<bool>& ids() const { return m_used; }  // by id, as far as any is used
  bool isEmpty() const { return m_count == 0; }
  std::uint32_t count() const { return m_count; }

  void add(const std::vector<EntryId>& calls);
  void clear();

 signals:
  void added(const std::vector<retake::EntryId>& calls);  // each call once until it is cleared
  void cleared();

 private:
  std::vector<bool> m_used;  // by id
  std::uint32_t m_count = 0;
  std::vector<EntryId> m_new;  // nobody has been told of them
  QTimer m_telling;
};

}  // namespace retake::gui
