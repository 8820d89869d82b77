#pragma once

#include <QObject>

class QMenu;
class QModelIndex;

namespace retake::gui {

class CallRows;
class DetailPane;
class Document;
class FilterBar;
class MessageTreeView;
class Selection;

// Offers what stands in a message as a filter, where it stands.
class FilterFlow : public QObject {
  Q_OBJECT
 public:
  FilterFlow(Document& document, Selection& selection, CallRows& rows, FilterBar& bar, DetailPane& detail,
             QObject* parent = nullptr);

 private:
  void offer(QMenu& menu, const MessageTreeView& tree, const QModelIndex& value);

  Document& m_document;
  Selection& m_selection;
  CallRows& m_rows;
  FilterBar& m_bar;
};

}  // namespace retake::gui
