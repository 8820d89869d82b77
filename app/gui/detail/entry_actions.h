#pragma once

#include <QAction>
#include <QObject>

#include "detail/entry_content.h"

namespace retake::gui {

// What can be done with the entry that is shown. All are always there; those that do not apply are
// disabled. The shortcuts act in the whole window.
class EntryActions : public QObject {
  Q_OBJECT
 public:
  explicit EntryActions(QObject* parent);

  QAction* tree;
  QAction* json;
  QAction* hex;
  QAction* revert;
  QAction* replaceByStatus;
  QAction* replaceByMessage;
  QAction* addEnd;
  QList<QAction*> all() const { return {tree, json, hex, revert, replaceByStatus, replaceByMessage, addEnd}; }
};

// What stands in place of an entry that has neither a message nor a status, and of no entry at all.
QString noticeFor(const EntryContent& content);

}  // namespace retake::gui
