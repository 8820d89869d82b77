#include "window/actions.h"

#include <QUndoStack>

#include "theme/theme.h"

namespace retake::gui {

QAction* Actions::make(const char* name, const QString& text, const QList<QKeySequence>& keys,
                       const char* icon) {
  auto* action = new QAction(text, this);
  action->setObjectName(QLatin1String(name));
  action->setShortcuts(keys);
  if (icon) action->setIcon(theme::icon(QLatin1String(icon)));
  return action;
}

Actions::Actions(QUndoStack& undoStack, QObject* parent) : QObject(parent) {
  open = make("open", tr("&Open…"), {QKeySequence::Open}, "open");
  openSample = make("openSample", tr("Open the sa&mple"), {Qt::CTRL | Qt::SHIFT | Qt::Key_O}, "try");
  save = make("save", tr("&Save"), {QKeySequence::Save}, "save");
  saveAs = make("saveAs", tr("Save &as…"), {Qt::CTRL | Qt::SHIFT | Qt::Key_S}, "save-as");
  follow = make("follow", tr("&Follow the file"), {Qt::CTRL | Qt::SHIFT | Qt::Key_F}, "follow");
  follow->setCheckable(true);
  follow->setEnabled(false);
  record = make("record", tr("&Record…"), {Qt::CTRL | Qt::Key_R}, "record");
  closeFile = make("closeFile", tr("C&lose"), {Qt::CTRL | Qt::Key_W});
  quit = make("quit", tr("&Quit"), {Qt::CTRL | Qt::Key_Q});
  quit->setMenuRole(QAction::QuitRole);
  loadSchema = make("loadSchema", tr("Load schema…"), {Qt::CTRL | Qt::Key_L}, "schema");
  loadSchemaFolder = make("loadSchemaFolder", tr("Load schema folder…"), {Qt::CTRL | Qt::SHIFT | Qt::Key_L},
                          "schema-folder");
  askForSchema =
      make("askForSchema", tr("Ask a server for its schema…"), {Qt::CTRL | Qt::ALT | Qt::Key_S}, "server");
  reloadSchema = make("reloadSchema", tr("Reload schema"), {Qt::CTRL | Qt::ALT | Qt::Key_L}, "reload");
  forgetSchema = make("forgetSchema", tr("Forget schema"), {Qt::CTRL | Qt::ALT | Qt::Key_Backspace});
  keepSchema = make("keepSchema", tr("Keep schema with the recording"), {Qt::CTRL | Qt::ALT | Qt::Key_K});

  giveTypes =
      make("giveTypes", tr("Give messages their types"), {Qt::CTRL | Qt::ALT | Qt::Key_T}, "check-all");

  undo = undoStack.createUndoAction(this, tr("&Undo"));
  undo->setObjectName(QStringLiteral("undo"));
  undo->setShortcut(QKeySequence::Undo);
  undo->setIcon(theme::icon(QStringLiteral("undo")));
  redo = undoStack.createRedoAction(this, tr("&Redo"));
  redo->setObjectName(QStringLiteral("redo"));
  redo->setShortcuts({Qt::CTRL | Qt::SHIFT | Qt::Key_Z, Qt::CTRL | Qt::Key_Y});
  redo->setIcon(theme::icon(QStringLiteral("redo")));
  duplicateCall = make("duplicateCall", tr("&Duplicate call"), {Qt::CTRL | Qt::Key_D}, "duplicate");
  removeCall = make("removeCall", tr("De&lete call"), {QKeySequence::Delete}, "delete");
  copyRow = make("copyRow", tr("&Copy call as text"), {QKeySequence::Copy}, "copy");
  filter = make("filter", tr("&Filter calls"), {Qt::CTRL | Qt::Key_Slash}, "filter");
  onlyMethod = make("onlyMethod", tr("Only calls of this &method"), {Qt::CTRL | Qt::ALT | Qt::Key_M});
  onlyStatus = make("onlyStatus", tr("Only calls that &ended so"), {Qt::CTRL | Qt::ALT | Qt::Key_E});
  clearFilter = make("clearFilter", tr("Show &all calls"),
                     {Qt::CTRL | Qt::SHIFT | Qt::Key_Slash, Qt::CTRL | Qt::Key_Question});

  back = make("back", tr("&Back"), {Qt::ALT | Qt::Key_Left}, "back");
  forward = make("forward", tr("&Forward"), {Qt::ALT | Qt::Key_Right}, "forward");
  goToCall = make("goToCall", tr("&Go to call…"), {Qt::CTRL | Qt::Key_G}, "goto");
  nextCall = make("nextCall", tr("&Next call"), {Qt::ALT | Qt::Key_Down});
  previousCall = make("previousCall", tr("&Previous call"), {Qt::ALT | Qt::Key_Up});
  nextError = make("nextError", tr("Next &error"), {Qt::Key_E});
  previousError = make("previousError", tr("Previous error"), {Qt::SHIFT | Qt::Key_E});
  nextChange = make("nextChange", tr("Next &change"), {Qt::Key_C});
  previousChange = make("previousChange", tr("Previous change"), {Qt::SHIFT | Qt::Key_C});

  nextPane = make("nextPane", tr("Next pane"), {Qt::Key_F6});
  previousPane = make("previousPane", tr("Previous pane"), {Qt::SHIFT | Qt::Key_F6});
  focusTimeline = make("focusTimeline", tr("Timeline"), {Qt::CTRL | Qt::Key_1}, "timeline");
  focusTable = make("focusTable", tr("Calls"), {Qt::CTRL | Qt::Key_2}, "table");
  focusDetail = make("focusDetail", tr("Detail"), {Qt::CTRL | Qt::Key_3}, "tree");
  focusBottom = make("focusBottom", tr("Bottom panes"), {Qt::CTRL | Qt::Key_4}, "messages");
  commands = make("commands", tr("&All commands…"), {Qt::CTRL | Qt::SHIFT | Qt::Key_P}, "commands");
  help = make("help", tr("&Keys and words"), {QKeySequence::HelpContents}, "help");
  about = make("about", tr("A&bout Retake"), {Qt::SHIFT | Qt::Key_F1}, "info");
  about->setMenuRole(QAction::AboutRole);

  for (QAction* action : singleLetters()) action->setShortcutContext(Qt::WidgetShortcut);
  copyRow->setShortcutContext(Qt::WidgetShortcut);
  // Where text is typed, the key deletes that.
  removeCall->setShortcutContext(Qt::WidgetWithChildrenShortcut);
}

QList<QAction*> Actions::needRecording() const {
  return {save,           saveAs,   closeFile,    copyRow,       filter,     onlyMethod,    onlyStatus,
          clearFilter,    goToCall, nextCall,     previousCall,  nextError,  previousError, nextChange,
          previousChange, nextPane, previousPane, focusTimeline, focusTable, focusDetail,   focusBottom};
}

QList<QAction*> Actions::singleLetters() const {
  return {nextError, previousError, nextChange, previousChange};
}

}  // namespace retake::gui
