#pragma once

#include <QAction>
#include <QLabel>
#include <QMenu>
#include <QMenuBar>
#include <QMessageBox>
#include <QPushButton>
#include <QSettings>
#include <memory>

#include "opened_document.h"
#include "theme/theme.h"
#include "window/main_window.h"

namespace retake::test {

using namespace retake::gui;

// Settings of the tests' own, in a folder that goes with it.
class TestSettings {
 public:
  TestSettings() {
    if (!m_folder.isValid()) qFatal("no folder for settings");
    QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, m_folder.path());
    qputenv("XDG_DATA_HOME", m_folder.path().toLocal8Bit());
    QCoreApplication::setOrganizationName("retake-tests");
    QCoreApplication::setApplicationName("Retake");
    QCoreApplication::setAttribute(Qt::AA_DontUseNativeDialogs);
    QLocale::setDefault(QLocale::c());
    theme::apply(*qApp, theme::Mode::Light);
  }

 private:
  QTemporaryDir m_folder;
};

// A window that is shown, and how a test acts on it.
class Window {
 public:
  Window() {
    m_window = std::make_unique<MainWindow>(MainWindow::Layout::Safe);
    m_window->resize(1300, 800);
    m_window->show();
    if (!QTest::qWaitForWindowExposed(m_window.get())) qFatal("the window does not show");
  }

  MainWindow* operator->() { return m_window.get(); }
  MainWindow& get() { return *m_window; }
  QString write(const QString& name, const std::string& bytes) {
    const QString path = m_folder.filePath(name);
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes.data(), static_cast<qint64>(bytes.size())) < 0)
      qFatal("cannot write %s", qPrintable(path));
    return path;
  }
  QString path(const QString& name) const { return m_folder.filePath(name); }
  bool opens(const QString& path) {
    QSignalSpy opened(&m_window->document(), &Document::fileOpened);
    m_window->open({path});
    return QTest::qWaitFor([&] { return !opened.isEmpty(); }) && idle();
  }
  bool idle() {
    return QTest::qWaitFor([&] { return !m_window->document().isBusy(); });
  }
  void edit(const char* state = "other seed") {
    if (const auto why = m_window->document().push(ReplaceInitialState{state}))
      qFatal("%s", qPrintable(*why));
  }

  // The dialog of that name, when it has come up.
  template <typename T>
  T* find(const QString& name) {
    T* found = nullptr;
    (void)QTest::qWaitFor([&] { return (found = m_window->findChild<T*>(name)) && found->isVisible(); });
    return found;
  }
  template <typename T>
  T* child(const QString& name) {
    auto* found = m_window->findChild<T*>(name);
    if (!found) qFatal("there is no %s", qPrintable(name));
    return found;
  }
  void answer(const QString& box, QMessageBox::StandardButton button) {
    auto* question = find<QMessageBox>(box);
    if (!question) qFatal("no question %s", qPrintable(box));
    QTest::mouseClick(question->button(button), Qt::LeftButton);
  }
  QString barText() { return child<QLabel>(QStringLiteral("messageText"))->text(); }
  bool barShown() { return child<QWidget>(QStringLiteral("messageBar"))->isVisible(); }
  QAction* action(const QString& name) { return actionIn(m_window->menuBar()->actions(), name); }

 private:
  static QAction* actionIn(const QList<QAction*>& actions, const QString& name) {
    for (QAction* action : actions) {
      if (action->objectName() == name) return action;
      if (action->menu())
        if (QAction* found = actionIn(action->menu()->actions(), name)) return found;
    }
    return nullptr;
  }

  QTemporaryDir m_folder;
  std::unique_ptr<MainWindow> m_window;
};

}  // namespace retake::test
