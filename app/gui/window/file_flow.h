#pragma once

#include <QObject>
#include <QString>
#include <QStringList>

class QWidget;

namespace retake::gui {

class CloseGuard;
class Document;
class MessageBar;
class RecentFiles;

// Opening and saving as a person meets it: the dialogs, the questions, and the bar when it fails.
class FileFlow : public QObject {
  Q_OBJECT
 public:
  FileFlow(Document& document, CloseGuard& guard, MessageBar& bar, RecentFiles& recent, QWidget* window);

  void chooseAndOpen();
  void open(const QString& path);
  // Where the person has been asked about what is open.
  void openAsked(const QString& path) { begin(path, {}); }
  void openSample();
  void save();
  void saveAs();
  void closeFile();
  // What was dropped or named on the command line: the recording is opened, .proto files, folders and
  // descriptor sets are loaded as the schema; told by content.
  void openAll(const QStringList& paths);
  // The first of `recordings`, then the schema of `schemas`.
  void openWith(const QStringList& recordings, const QStringList& schemas);

 signals:
  // To be loaded as well: files that turned out to be a schema. Those of `gone` came with a file that
  // is no longer open.
  void schemaFound(const QStringList& gone, const QStringList& places);

 private:
  // What becomes of the schema when the file is open.
  struct WaitingSchema {
    QStringList load;
    bool stays = false;  // chosen as the schema; otherwise it goes when another file is opened
    QStringList forget{};
  };
  void openAfterAsking(const QStringList& recordings, const WaitingSchema& schema);
  void begin(const QString& path, const WaitingSchema& schema);  // nothing is left to ask
  void askOverwriteChanged(const QString& path);
  void loadWaitingSchema();

  Document& m_document;
  CloseGuard& m_guard;
  MessageBar& m_bar;
  RecentFiles& m_recent;
  QWidget* m_window;
  WaitingSchema m_waiting;
  QStringList m_schemaOfFile;  // places that came with the file that is open
  QString m_shownPath;
};

}  // namespace retake::gui
