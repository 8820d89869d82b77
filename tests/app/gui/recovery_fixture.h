#pragma once

#include <QDirIterator>
#include <functional>
#include <memory>

#include "edit/edit.h"
#include "main_window_fixture.h"
#include "recovery/edit_keeper.h"
#include "recovery/kept_folder.h"
#include "support/dump.h"

// Windows that are killed while there are unsaved edits, and started again.
namespace retake::test {

inline const QString kFile = QStringLiteral("cart.replay");

inline InsertCall unary(EntryId behind) {
  const EntryMessage item{"type.googleapis.com/shop.v1.Item", field(1, "new")};
  return {.method = "/shop.v1.Cart/Add",
          .entries = {{.kind = EntryKind::Request, .message = item},
                      {.kind = EntryKind::Response, .message = item}},
          .behind = behind};
}

inline QStringList foldersIn(const QString& root) {
  return QDir(root).entryList(QDir::Dirs | QDir::NoDotAndDotDot);
}

inline void copyFolder(const QString& from, const QString& to) {
  QDirIterator files(from, QDir::Files, QDirIterator::Subdirectories);
  while (files.hasNext()) {
    const QString path = to + u'/' + QDir(from).relativeFilePath(files.next());
    if (files.fileName() == QLatin1String("lock")) continue;
    QDir().mkpath(QFileInfo(path).path());
    if (!QFile::copy(files.filePath(), path)) qFatal("cannot copy %s", qPrintable(path));
  }
}

// A list that Qt Test does not look into.
struct Changes {
  std::vector<Edit> edits = {};
  std::string notes = {};  // of the workspace
};

class RecoveryFixture {
 protected:
  // A recording of its own for each test, and no kept edits.
  void begin() {
    m_settings = std::make_unique<TestSettings>();
    QDir(m_folder.path()).removeRecursively();
    QDir().mkpath(m_folder.path());
    writeFile(file().toStdString(), cartFile().bytes());
  }
  void end() { m_settings.reset(); }

  QString file(const QString& name = kFile) const { return m_folder.filePath(name); }
  QString aside() const { return m_folder.filePath(QStringLiteral("aside")); }
  // Does that, and waits until what the window shows then is on disk.
  static bool isKept(Window& window, const std::function<void()>& change) {
    QSignalSpy kept(window->findChild<EditKeeper*>(), &EditKeeper::kept);
    change();
    return QTest::qWaitFor([&] { return !kept.isEmpty(); }, 60'000) && foldersIn(recoveryRoot()).size() == 1;
  }
  // As a kill in this moment leaves it. The window goes for good, and has its folder removed.
  void killed(std::unique_ptr<Window> window) {
    copyFolder(recoveryRoot(), aside());
    window.reset();
    QVERIFY(foldersIn(recoveryRoot()).isEmpty());
    copyFolder(aside(), recoveryRoot());
  }
  std::unique_ptr<Window> started(const QStringList& paths = {}) {
    auto window = std::make_unique<Window>();
    QSignalSpy opened(&window->get().document(), &Document::fileOpened);
    window->get().open(paths);
    if (!paths.isEmpty() && !QTest::qWaitFor([&] { return !opened.isEmpty(); })) qFatal("not opened");
    if (!window->idle()) qFatal("busy for ever");
    return window;
  }
  static void change(Window& window, const Changes& changes) {
    Document& document = window->document();
    for (const Edit& edit : changes.edits)
      if (const auto why = document.push(edit)) qFatal("%s", qPrintable(*why));
    if (changes.notes.empty()) return;
    Workspace workspace = *document.snapshot().workspace;
    workspace.notes = changes.notes;
    document.pushWorkspace(workspace, QStringLiteral("notes"));
  }
  static void click(Window& window, const QString& text) {
    for (auto* button : window->findChildren<QPushButton*>())
      if (button->text() == text && button->isVisible()) return QTest::mouseClick(button, Qt::LeftButton);
    QFAIL(qPrintable("no button " + text));
  }
  // Edits of the only recording are kept, and nobody has them any more.
  void leave(const Changes& changes) {
    auto window = started({file()});
    QVERIFY(isKept(*window, [&] { change(*window, changes); }));
    killed(std::move(window));
  }

 private:
  std::unique_ptr<TestSettings> m_settings;
  QTemporaryDir m_folder;
};

}  // namespace retake::test

Q_DECLARE_METATYPE(retake::test::Changes)
