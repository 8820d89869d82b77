#pragma once

#include <QObject>
#include <QStringList>

#include "document/job.h"

class QMenu;
class QWidget;

namespace retake::gui {

class Actions;
class Document;

// Choosing the schema: files, folders and live servers add to what is loaded; the menu lists it.
class SchemaFlow : public QObject {
  Q_OBJECT
 public:
  SchemaFlow(Document& document, Actions& actions, QWidget* window);

  void add(const QStringList& places);
  void replace(const QStringList& gone, const QStringList& added);
  // Lists what is loaded in `menu`; choosing an entry takes it out.
  void fillMenu(QMenu& menu);

 signals:
  void said(const QString& text);
  void failed(const QString& sentence);

 private:
  void chooseFiles();
  void chooseFolder();
  void askServer();
  void keep();       // in the workspace
  void giveTypes();  // to messages that were recorded without, as the schema has them
  void updateActions();

  Document& m_document;
  Actions& m_actions;
  QWidget* m_window;
  Job m_typing;
};

}  // namespace retake::gui
