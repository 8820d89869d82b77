#pragma once

#include <QObject>

class QMenu;
class QModelIndex;

namespace retake::gui {

class DetailPane;
class Document;
class MessageTreeView;
class ScrubPanel;
class Selection;

// "Scrub this field…" in the menu of a value: a rule for it, begun in the scrub pane.
class ScrubFlow : public QObject {
  Q_OBJECT
 public:
  ScrubFlow(Document& document, Selection& selection, DetailPane& detail, ScrubPanel& panel, QObject* parent);

 private:
  void offer(QMenu& menu, const MessageTreeView& tree, const QModelIndex& value);

  Document& m_document;
  Selection& m_selection;
  ScrubPanel& m_panel;
};

}  // namespace retake::gui
