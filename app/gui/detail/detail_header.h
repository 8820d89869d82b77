#pragma once

#include <QWidget>
#include <vector>

#include "detail/entry_content.h"
#include "detail/text_label.h"
#include "document/snapshot.h"

class QToolButton;

namespace retake::gui {

class Document;
class SegmentedSwitch;

// Which call it is, how it ended, and which of its entries is shown.
class DetailHeader : public QWidget {
  Q_OBJECT
 public:
  explicit DetailHeader(Document& document, QWidget* parent = nullptr);

  // No call: the header is hidden.
  void show(std::optional<std::uint32_t> call, EntryId entry);
  // The entry before or after the shown one, in the call; none at its ends.
  EntryId neighbour(int step) const;

 signals:
  void entryChosen(retake::EntryId entry);

 private:
  void showUnary(const Snapshot& snapshot, EntryId entry);
  void showStream(const Snapshot& snapshot, EntryId entry);

  Document& m_document;
  std::vector<CallMessage> m_messages;
  std::vector<EntryId> m_entries;  // of m_messages
  std::size_t m_at = 0;            // the shown one; m_entries.size() when it is none of them
  TextLabel* m_number;
  TextLabel* m_method;
  TextLabel* m_kind;
  TextLabel* m_status;
  SegmentedSwitch* m_halves;
  QWidget* m_stepper;
  QToolButton* m_previous;
  QToolButton* m_next;
  TextLabel* m_place;
};

}  // namespace retake::gui
