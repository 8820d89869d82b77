#pragma once

#include <QList>
#include <QObject>

class QAction;
class QMenu;
class QWidget;

namespace retake {
struct Snippet;
}

namespace retake::gui {

class Document;
class Selection;

// Copying the selected call as text that makes it again (snippet/snippet.h): a command of each kind, in a
// menu of their own.
class CopyFlow : public QObject {
  Q_OBJECT
 public:
  CopyFlow(Document& document, Selection& selection, QWidget* window);

  QMenu& menu() { return *m_menu; }

 signals:
  void said(const QString& text);
  void failed(const QString& sentence);

 private:
  void copy(const Snippet& snippet);
  void updateActions();

  Document& m_document;
  Selection& m_selection;
  QMenu* m_menu;
};

}  // namespace retake::gui
