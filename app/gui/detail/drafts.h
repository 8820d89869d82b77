#pragma once

#include <QObject>
#include <QString>
#include <map>
#include <optional>
#include <vector>

#include "recording/ids.h"

namespace retake::gui {

class Document;

// The initial state is no entry: its draft lies under the id that names none.
inline constexpr EntryId kInitialStateDraft{};

// Text that a person has typed and not applied: it may not be valid yet. Kept by entry, whatever is
// selected, undone or saved meanwhile; only the person who wrote it throws it away, or opening
// another file.
struct Draft {
  enum class Kind {
    Message,      // JSON of the entry's message
    Status,       // a status form, as StatusEditor writes it down
    End,          // a status form for the end of the stream that the entry begins
    InitialState  // text of it, in the form that its pane shows
  };
  Kind kind = Kind::Message;
  QString text;
  QString form = {};  // of an InitialState, by its name (initial_state/state_form.h)
  bool operator==(const Draft&) const = default;
};

class Drafts : public QObject {
  Q_OBJECT
 public:
  explicit Drafts(Document& document, QObject* parent = nullptr);

  int count() const;  // of the entries that have any
  std::optional<QString> text(EntryId entry) const;
  std::optional<Draft> draft(EntryId entry) const;
  // What stands in the line edits of the entry's fields, by the path of the field in the tree. Besides
  // draft(): the one does not throw away the other.
  using Leaves = std::map<QString, QString>;
  Leaves leaves(EntryId entry) const;
  bool hasLeaves() const { return !m_leaves.empty(); }
  // Those that have any, also where they are not there at the moment.
  std::vector<EntryId> entries() const;
  // The one that comes first in the recording; for "show me what is not applied". Empty when there
  // are none, or when all belong to entries that are not there at the moment, or to none.
  std::optional<EntryId> first() const;

  void set(EntryId entry, const Draft& draft);
  void remove(EntryId entry);
  void setLeaf(EntryId entry, const QString& path, const std::optional<QString>& text);  // none: removes it

 signals:
  void changed();

 private:
  Document& m_document;
  std::map<EntryId, Draft> m_drafts;
  std::map<EntryId, Leaves> m_leaves;
};

}  // namespace retake::gui
