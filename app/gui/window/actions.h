#pragma once

#include <QAction>
#include <QObject>

class QUndoStack;

namespace retake::gui {

// The commands of the window itself; those of a pane belong to the pane. Each is in a menu (menus.h) and
// in the command palette.
class Actions : public QObject {
  Q_OBJECT
 public:
  Actions(QUndoStack& undo, QObject* parent);

  QAction* open;
  QAction* openSample;
  QAction* save;
  QAction* saveAs;
  QAction* follow;
  QAction* record;
  QAction* closeFile;
  QAction* quit;
  QAction* loadSchema;
  QAction* loadSchemaFolder;
  QAction* askForSchema;
  QAction* reloadSchema;
  QAction* forgetSchema;
  QAction* keepSchema;
  QAction* giveTypes;
  QAction* undo;
  QAction* redo;
  QAction* duplicateCall;
  QAction* removeCall;
  QAction* copyRow;
  QAction* filter;
  QAction* onlyMethod;
  QAction* onlyStatus;
  QAction* clearFilter;
  QAction* back;
  QAction* forward;
  QAction* goToCall;
  QAction* nextCall;
  QAction* previousCall;
  QAction* nextError;
  QAction* previousError;
  QAction* nextChange;
  QAction* previousChange;
  QAction* nextPane;
  QAction* previousPane;
  QAction* focusTimeline;
  QAction* focusTable;
  QAction* focusDetail;
  QAction* focusBottom;
  QAction* commands;
  QAction* help;
  QAction* about;

  // Those that make sense only while a recording is open.
  QList<QAction*> needRecording() const;
  // Single letters: they act in the table and the timeline alone.
  QList<QAction*> singleLetters() const;

 private:
  QAction* make(const char* name, const QString& text, const QList<QKeySequence>& keys = {},
                const char* icon = nullptr);
};

}  // namespace retake::gui
