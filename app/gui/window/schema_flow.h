#pragma once

#include <QObject>
#include <QStringList>

class QMenu;
class QWidget;

namespace retake::gui {

class Actions;
class Document;

// Choosing the schema: files and folders add to what is loaded; the menu lists it.
class SchemaFlow : public QObject {
  Q_OBJECT
 public:
  SchemaFlow(Document& document, Actions& actions, QWidget* window);

  void add(const QStringList& places);
  void replace(const QStringList& gone, const QStringList& added);
  // Lists what is loaded in `menu`; choosing an entry takes it out.
  void fillMenu(QMenu& menu);

 private:
  void chooseFiles();
  void chooseFolder();
  void keep();  // in the workspace
  void updateActions();

  Document& m_document;
  Actions& m_actions;
  QWidget* m_window;
};

}  // namespace retake::gui
