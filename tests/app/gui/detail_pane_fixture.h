#pragma once

#include <QAction>
#include <QComboBox>
#include <QLineEdit>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTest>
#include <QToolButton>

#include "detail/code_edit.h"
#include "detail/detail_pane.h"
#include "detail/json_editor.h"
#include "detail/message_tree_view.h"
#include "detail/status_editor.h"
#include "detail/text_label.h"
#include "detail_fixture.h"

namespace retake::test {

using namespace retake::gui;

// The detail pane of an open shop, and how a test acts on it.
struct DetailBench : OpenedShop {
  DetailPane pane{document, selection, drafts};

  DetailBench() {
    pane.resize(640, 480);
    pane.show();
  }
  bool begin(bool withSchema) {
    return open(shopFile()) && (!withSchema || loadSchemaToo()) && QTest::qWaitForWindowExposed(&pane);
  }
  void select(std::uint32_t position) { selection.selectEntry(idAt(position)); }
  void trigger(QAction* action) {
    QVERIFY(action->isEnabled());
    action->trigger();
  }
  const EntryActions& actions() const { return pane.entryView().actions(); }
  JsonEditor& json() const { return pane.entryView().message().json(); }
  MessageTreeView& tree() const { return pane.entryView().message().tree(); }
  QString label(const char* name) const { return pane.findChild<TextLabel*>(name)->text(); }
  QString noteText() const { return pane.entryView().findChild<NoteBar*>()->text(); }
  // Replaces text in the JSON editor, as typing does.
  void replace(const QString& what, const QString& by) {
    QTextCursor cursor = json().edit().document()->find(what);
    QVERIFY(!cursor.isNull());
    cursor.insertText(by);
  }
  Entry entry(std::uint32_t position) const { return *document.snapshot().recording->entry(position); }
};

}  // namespace retake::test
