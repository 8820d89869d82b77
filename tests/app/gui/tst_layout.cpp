#include <QDockWidget>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QScreen>
#include <QTest>

#include "layout_check.h"
#include "main_window_fixture.h"
#include "served_shop.h"

using namespace retake;
using namespace retake::gui;
using retake::test::squeezedIn;
using retake::test::TestSettings;
using retake::test::Window;

namespace {

// A window with the shop open, and a state in which panes are full.
class FullWindow : public Window {
 public:
  FullWindow() {
    if (!opens(write(QStringLiteral("shop.replay"), retake::test::shop().bytes()))) qFatal("does not open");
  }
  void listensOn(int endpoints) {
    Workspace workspace = *get().document().snapshot().workspace;
    for (int i = 0; i < endpoints; ++i) workspace.listen.push_back({"127.0.0.1:0", {}});
    get().document().pushWorkspace(workspace, QStringLiteral("test"));
  }
  void misses() {
    get().server().start();
    QTRY_COMPARE(get().server().state(), ServerController::State::Running);
    retake::test::call(get().server().addresses().value(0), retake::test::field(1, "z"));
    QTRY_COMPARE(get().server().missed(), 1u);
  }
  void fill(const QString& state) {
    if (state == u"four endpoints") {
      listensOn(4);
      misses();
      listensOn(4);
    } else if (state == u"missed") {
      misses();
    } else if (state == u"options") {
      action("serverOptions")->trigger();
    } else if (state == u"rule") {
      action("scrubNewRule")->trigger();
    }
  }
  QDockWidget& dock(const QString& name) { return *child<QDockWidget>(name); }
  void settle() {
    for (int i = 0; i < 5; ++i) QCoreApplication::processEvents();
  }
};

// A window as it is at a start, with a recording opened before it is shown.
class RememberedWindow : public MainWindow {
 public:
  explicit RememberedWindow(QSize size = {}) {
    const QString path = m_folder.filePath(QStringLiteral("shop.replay"));
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly)) qFatal("cannot write");
    const std::string bytes = retake::test::shop().bytes();
    file.write(bytes.data(), static_cast<qint64>(bytes.size()));
    file.close();
    QSignalSpy opened(&document(), &Document::fileOpened);
    if (size.isValid()) resize(size);
    show();
    open({path});
    if (!QTest::qWaitFor([&] { return !opened.isEmpty() && !document().isBusy(); })) qFatal("does not open");
    settle();
  }
  QDockWidget& dock(const QString& name) { return *findChild<QDockWidget*>(name); }
  void settle() {
    for (int i = 0; i < 5; ++i) QCoreApplication::processEvents();
  }

 private:
  QTemporaryDir m_folder;
};

}  // namespace

class tst_Layout : public QObject {
  Q_OBJECT
 private slots:
  void initTestCase() { m_settings = std::make_unique<TestSettings>(); }
  void init() { QSettings().clear(); }

  void nothingIsSqueezed_data() {
    QTest::addColumn<QString>("pane");
    QTest::addColumn<QString>("state");
    const std::pair<const char*, const char*> cases[] = {{"Messages", ""},
                                                         {"Scrub", ""},
                                                         {"Scrub", "rule"},
                                                         {"Server", ""},
                                                         {"Server", "missed"},
                                                         {"Server", "options"},
                                                         {"Server", "four endpoints"},
                                                         {"Try", ""},
                                                         {"InitialState", ""},
                                                         {"Problems", ""}};
    for (const auto& [pane, state] : cases)
      QTest::addRow("%s %s", pane, state) << QString(pane) << QString(state);
  }
  void nothingIsSqueezed() {
    QFETCH(QString, pane);
    QFETCH(QString, state);
    FullWindow w;
    w.fill(state);
    w.dock(pane).show();
    w.dock(pane).raise();
    for (const QSize size : {QSize(1600, 900), QSize(1100, 700), QSize(900, 600)})
      for (const int height : {80, 130, 200, 320}) {
        w->resize(size);
        w->resizeDocks({&w.dock(pane)}, {height}, Qt::Vertical);
        w.settle();
        const QStringList squeezed = squeezedIn(w.get());
        QVERIFY2(squeezed.isEmpty(),
                 qPrintable(
                     QStringLiteral("%1 x %2, dock %3:\n").arg(size.width()).arg(size.height()).arg(height) +
                     squeezed.join(u'\n')));
        QCOMPARE(w->size(), size);
      }
  }

  // As it was left, whichever pane was in front and however the window was resized.
  void theDocksStayAsTheyWereLeft_data() {
    QTest::addColumn<QString>("pane");
    QTest::addColumn<QSize>("size");
    QTest::addColumn<int>("height");
    for (const char* pane : {"Messages", "Server"})
      for (const QSize size : {QSize(1600, 900), QSize(1100, 700)})
        for (const int height : {120, 260})
          QTest::addRow("%s at %d of %d", pane, height, size.height()) << QString(pane) << size << height;
  }
  void theDocksStayAsTheyWereLeft() {
    QFETCH(QString, pane);
    QFETCH(QSize, size);
    QFETCH(int, height);
    RememberedWindow first;
    first.resize(size);
    first.dock(pane).raise();
    first.settle();
    first.resizeDocks({&first.dock(pane)}, {height}, Qt::Vertical);
    first.settle();
    const int left = first.dock(pane).height();
    first.close();
    for (int start = 0; start < 3; ++start) {
      RememberedWindow again;
      QCOMPARE(again.size(), size);
      QVERIFY(!again.dock(pane).visibleRegion().isEmpty());
      QCOMPARE(again.dock(pane).height(), left);
      again.close();
    }
  }

  void theWindowFitsTheScreen() {
    RememberedWindow w;
    const QSize room = w.screen()->availableSize();
    QVERIFY(w.width() < room.width());
    QVERIFY(w.height() < room.height());
    QVERIFY(w.minimumSizeHint().width() <= 640);
    QVERIFY(w.minimumSizeHint().height() <= 450);
  }

  // When the recording comes does not count, nor that the window is resized by whoever manages windows.
  void theFirstStartIsAlwaysTheSame() {
    QSettings().clear();
    RememberedWindow asItComes;
    asItComes.resize(1100, 700);
    asItComes.settle();
    QSettings().clear();
    RememberedWindow resizedBefore(QSize(1100, 700));
    QCOMPARE(asItComes.dock("Messages").height(), resizedBefore.dock("Messages").height());
  }

 private:
  std::unique_ptr<TestSettings> m_settings;
};

QTEST_MAIN(tst_Layout)
#include "tst_layout.moc"
