#pragma once

#include <QObject>
#include <optional>
#include <vector>

#include "recording/ids.h"

namespace retake::gui {

class Document;

// What the user looks at: a call, and one of its entries. All panes share one Selection, so that a
// click in any of them moves the others. Kept by EntryId, so an edit or undo does not lose it.
class Selection : public QObject {
  Q_OBJECT
 public:
  explicit Selection(Document& document, QObject* parent = nullptr);

  // Index into the snapshot's calls (number - 1).
  std::optional<std::uint32_t> call() const;
  // One of the call's entries; when only a call was chosen, the entry that holds its answer.
  EntryId entry() const { return m_entry; }

  void selectCall(std::uint32_t index);
  void selectEntry(EntryId entry);  // selects its call too
  void clear();

  bool canGoBack() const { return m_at > 0; }
  bool canGoForward() const { return m_at + 1 < m_history.size(); }
  void goBack();
  void goForward();

 signals:
  void callChanged();   // another call, or none
  void entryChanged();  // another entry, also when the call changed
  void historyChanged();

 private:
  struct Place {
    EntryId call;
    EntryId entry;
    bool operator==(const Place&) const = default;
  };
  void moveTo(Place place, bool remember);
  void goInHistory(int step);

  Document& m_document;
  EntryId m_call;
  EntryId m_entry;
  std::vector<Place> m_history;
  std::size_t m_at = 0;
};

}  // namespace retake::gui
