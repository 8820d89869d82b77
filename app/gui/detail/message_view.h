#pragma once

#include <QWidget>
#include <optional>
#include <vector>

#include "detail/decoded_json.h"
#include "detail/latest.h"
#include "detail/note_bar.h"
#include "recording/ids.h"
#include "schema/message_tree.h"

class QStackedWidget;

namespace retake::gui {

class HexView;
class JsonEditor;
class MessageTreeView;
class TextLabel;

enum class MessageViewKind { Tree, Json, Hex };

struct MessageSource {
  EntryId entry;  // whose message it is; what comes of editing it belongs there
  Blob bytes;
  std::string typeName;
  std::shared_ptr<const Schema> schema;
  bool editable = true;
  bool isNew = false;  // there is no message yet; what is written becomes one
};

// One message as Tree, JSON or Hex. Each view is made when it is asked for; messages over 256 kB are
// decoded on another thread, with a hint in the meantime. Knows no document.
class MessageView : public QWidget {
  Q_OBJECT
 public:
  explicit MessageView(QWidget* parent = nullptr);

  // `sameKind`: another version of what was shown, or another message of its type: what is open in
  // the tree stays open. An open draft is shown as JSON in place of the recorded text.
  void show(const MessageSource& source, const std::optional<QString>& draft, bool sameKind);
  void setView(MessageViewKind view);
  MessageViewKind view() const { return m_view; }
  bool hasDraft() const { return m_draft.has_value(); }
  const MessageSource& source() const { return m_source; }
  // What has the keyboard in the view that is shown.
  QWidget* focusTarget() const;
  // What there is to say about the view that is shown.
  std::vector<NoteBar::Note> notes();

  MessageTreeView& tree() const { return *m_tree; }
  JsonEditor& json() const { return *m_json; }
  HexView& hex() const { return *m_hex; }
  bool isDecoding() const;

 signals:
  void notesChanged();
  void viewWanted(retake::gui::MessageViewKind view);
  void draftChanged(const std::optional<QString>& text);
  void committed(const std::string& message);

 private:
  void showPage();
  void loadTree();
  void loadJson();
  void jsonReady(const DecodedJson& decoded);
  void openJson();
  void showHexPlace();

  MessageSource m_source;
  std::optional<QString> m_draft;
  MessageViewKind m_view = MessageViewKind::Tree;
  bool m_sameKind = false;
  bool m_treeLoaded = false;
  bool m_jsonLoaded = false;
  bool m_wholeJson = false;  // the person asked for all of a long text
  DecodedJson m_decoded;
  QString m_leafProblem;
  Latest<std::shared_ptr<const MessageTree>> m_treeJob;
  Latest<std::shared_ptr<const DecodedJson>> m_jsonJob;

  QStackedWidget* m_pages;
  MessageTreeView* m_tree;
  JsonEditor* m_json;
  QWidget* m_hexPage;
  HexView* m_hex;
  TextLabel* m_hexPlace;
  TextLabel* m_hint;
};

}  // namespace retake::gui
