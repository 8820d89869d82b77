#include "detail/entry_actions.h"

#include "detail/strings.h"

namespace retake::gui {

EntryActions::EntryActions(QObject* parent) : QObject(parent) {
  const auto make = [this](const char* name, const QString& text, const QKeySequence& keys) {
    auto* action = new QAction(text, this);
    action->setObjectName(QLatin1String(name));
    action->setShortcut(keys);
    return action;
  };
  tree = make("viewTree", tr("Message as &Tree"), Qt::ALT | Qt::Key_1);
  json = make("viewJson", tr("Message as &JSON"), Qt::ALT | Qt::Key_2);
  hex = make("viewHex", tr("Message as &Hex"), Qt::ALT | Qt::Key_3);
  revert = make("revert", tr("Revert to recorded"), Qt::CTRL | Qt::SHIFT | Qt::Key_R);
  revert->setToolTip(tr("Back to what was recorded (Ctrl+Shift+R); can be undone"));
  replaceByStatus = make("replaceByStatus", tr("Replace by a &status"), Qt::CTRL | Qt::SHIFT | Qt::Key_E);
  replaceByMessage = make("replaceByMessage", tr("Replace by a &message"), Qt::CTRL | Qt::SHIFT | Qt::Key_M);
  addEnd = make("addEnd", tr("Add the &end that is missing"), Qt::CTRL | Qt::SHIFT | Qt::Key_D);
  addEnd->setToolTip(tr("For a stream whose end was not recorded, and a request without an answer"));
}

QString noticeFor(const EntryContent& content) {
  if (!content.id)
    return EntryActions::tr("Choose a call in the timeline or in the table to read its messages here.");
  switch (content.shape) {
    case EntryShape::StreamBegin:
      return EntryActions::tr(
          "The client opened the stream here. What went over it are entries of their own.");
    case EntryShape::SendFailed:
      return EntryActions::tr(
          "Sending failed here. Recorders write down no more than that; their client saw the end of the "
          "stream.");
    case EntryShape::NoMessage:
      return EntryActions::tr(
          "There is no message here, where one is expected. Under More, replace it by a message or a "
          "status.");
    default:
      return content.note.empty()
                 ? EntryActions::tr("This entry is no longer in the recording. Undo brings it back.")
                 : toQString(content.note);
  }
}

}  // namespace retake::gui
