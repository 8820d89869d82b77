#include "tst_timeline_window.h"

using namespace retake;
using namespace retake::test;

class tst_Timeline : public QObject {
  Q_OBJECT
 private slots:
  void initTestCase() {
    theme::apply(*qobject_cast<QApplication*>(QApplication::instance()), theme::Mode::Light);
  }

  void saysWhatWouldBeHere() {
    Bench b;
    QVERIFY(b.view().emptyText().contains("recorded"));
    QVERIFY(b.view().accessibleDescription().contains("recorded"));
    b.pane.grab();
    QVERIFY(b.open(ReplayFile()));
    QVERIFY(b.view().emptyText().contains("No calls"));
    b.pane.grab();
    for (const char* name : {"timelineZoomIn", "timelineFit", "timelineNextError", "timelineZoomToSelection"})
      QVERIFY2(!b.pane.action(name)->isEnabled(), name);
    for (const auto key :
         {Qt::Key_Left, Qt::Key_Down, Qt::Key_W, Qt::Key_E, Qt::Key_F, Qt::Key_Space, Qt::Key_End})
      b.key(key);
    b.wheel({500, 100}, 1, Qt::ControlModifier);
    QTest::mouseClick(b.view().viewport(), Qt::LeftButton, {}, {500, 100});
    QTest::mouseClick(&b.pane.minimap(), Qt::LeftButton, {}, {500, 20});
    QVERIFY(!b.selected());
  }

  void keysZoomAndPan() {
    Bench b;
    QVERIFY(b.open(longFile(400)));
    const auto& g = b.view().geometry();
    QVERIFY(g.isFitted());
    const double fitted = g.scale();
    const double middle = g.positionAt(g.width() / 2);
    b.key(Qt::Key_W);
    b.key(Qt::Key_W);
    QVERIFY(g.scale() > 2 * fitted);
    QVERIFY(std::abs(g.positionAt(g.width() / 2) - middle) < 1e-6);
    const double begin = g.begin();
    b.key(Qt::Key_D);
    QVERIFY(g.begin() > begin);
    b.key(Qt::Key_A);
    QVERIFY(std::abs(g.begin() - begin) < 1e-6);
    b.key(Qt::Key_End);
    QVERIFY(std::abs(g.xOf(g.total()) - (g.width() - TimelineGeometry::kEdge)) < 10);
    b.key(Qt::Key_S);
    QVERIFY(!g.isFitted());
    b.key(Qt::Key_Home);
    QVERIFY(g.isFitted());
  }

  void wheelZoomsAroundTheMouse() {
    Bench b;
    QVERIFY(b.open(longFile(400)));
    const auto& g = b.view().geometry();
    const QPoint at(b.view().labelWidth() + 200, 60);
    const double under = g.positionAt(200);
    b.wheel(at, 3, Qt::ControlModifier);
    QVERIFY(!g.isFitted());
    QVERIFY(std::abs(g.positionAt(200) - under) < 1e-6);
    const double begin = g.begin();
    b.wheel(at, -1);
    QVERIFY(g.begin() > begin);
    b.wheel(at, 1, Qt::ShiftModifier);
    QVERIFY(std::abs(g.begin() - begin) < 1e-6);
    b.wheel(at, -20, Qt::ControlModifier);
    QVERIFY(g.isFitted());
  }

  void wheelScrollsLanesThatDoNotFit() {
    Bench b;
    ReplayFile file;
    for (int i = 0; i < 60; ++i) file.unary("/s/M" + std::to_string(i), kMessage, kMessage);
    QVERIFY(b.open(file));
    QScrollBar* bar = b.view().verticalScrollBar();
    QVERIFY(bar->maximum() > 0);
    b.wheel({600, 100}, -2);
    QVERIFY(bar->value() > 0);
    QVERIFY(b.view().geometry().isFitted());
    b.selection.selectCall(59);
    QVERIFY(!b.view().callRect(59).isEmpty());
    QCOMPARE(bar->value(), bar->maximum());
    b.selection.selectCall(0);
    QVERIFY(!b.view().callRect(0).isEmpty());
  }

  void dragPansAndDoesNotSelect() {
    Bench b;
    QVERIFY(b.open(longFile(400)));
    b.view().show(300, 360);
    const auto& g = b.view().geometry();
    const double begin = g.begin();
    QWidget* surface = b.view().viewport();
    QTest::mousePress(surface, Qt::LeftButton, {}, {600, 60});
    QTest::mouseMove(surface, {560, 60});
    QTest::mouseMove(surface, {500, 62});
    QTest::mouseRelease(surface, Qt::LeftButton, {}, {500, 62});
    QVERIFY(std::abs((g.begin() - begin) * g.scale() - 100) < 1);
    QVERIFY(!b.selected());
  }

  void clickSelectsACallAndATickItsMessage() {
    Bench b;
    QVERIFY(b.open(smallFile()));
    QWidget* surface = b.view().viewport();
    QTest::mouseClick(surface, Qt::LeftButton, {}, b.middleOf(3));
    QCOMPARE(b.selected(), std::optional<std::uint32_t>(3));
    QSignalSpy entries(&b.selection, &Selection::entryChanged);
    const auto& g = b.view().geometry();
    const double x = b.view().labelWidth() + g.xOf(25.5);  // entry 26: the fourth message received
    QTest::mouseClick(surface, Qt::LeftButton, {}, QPoint(static_cast<int>(x), b.middleOf(10).y()));
    QCOMPARE(b.selected(), std::optional<std::uint32_t>(10));
    QCOMPARE(b.selection.entry(), b.lanes().recording().info(25).id);
    QCOMPARE(entries.size(), 1);
    // Beside everything: what was selected stays.
    QTest::mouseClick(surface, Qt::LeftButton, {}, QPoint(surface->width() - 2, surface->height() - 2));
    QCOMPARE(b.selected(), std::optional<std::uint32_t>(10));
  }

  void doubleClickZoomsToTheCall() {
    Bench b;
    QVERIFY(b.open(longFile(400)));
    const QPoint at = b.middleOf(200);
    QTest::mouseDClick(b.view().viewport(), Qt::LeftButton, {}, at);
    QVERIFY(b.selected());
    const auto& g = b.view().geometry();
    QCOMPARE(g.scale(), TimelineGeometry::kMaxScale);
    QVERIFY(g.begin() < 2 * *b.selected() && 2 * *b.selected() + 2 < g.end());
  }

  void arrowsWalkCallsAndLanes() {
    Bench b;
    QVERIFY(b.open(smallFile()));
    b.key(Qt::Key_Right);
    QCOMPARE(b.selected(), std::optional<std::uint32_t>(0));
    b.key(Qt::Key_Right);
    QCOMPARE(b.selected(), std::optional<std::uint32_t>(2));
    b.key(Qt::Key_Down);
    QCOMPARE(b.selected(), std::optional<std::uint32_t>(1));
    b.key(Qt::Key_Down);
    QCOMPARE(b.selected(), std::optional<std::uint32_t>(10));
    b.key(Qt::Key_Down);
    QCOMPARE(b.selected(), std::optional<std::uint32_t>(10));
    b.key(Qt::Key_Up);
    QCOMPARE(b.selected(), std::optional<std::uint32_t>(9));
    b.key(Qt::Key_Right);
    QCOMPARE(b.selected(), std::optional<std::uint32_t>(9));
    b.key(Qt::Key_Left);
    QCOMPARE(b.selected(), std::optional<std::uint32_t>(7));
    QVERIFY(b.view().accessibleDescription().contains("Call 8"));
    QVERIFY(b.view().accessibleDescription().contains("NOT_FOUND"));
  }

  void lettersGoToErrorsAndChanges() {
    Bench b;
    QVERIFY(b.open(smallFile()));
    QVERIFY(b.pane.action("timelineNextError")->isEnabled());
    QVERIFY(!b.pane.action("timelineNextChange")->isEnabled());
    b.key(Qt::Key_E);
    QCOMPARE(b.selected(), std::optional<std::uint32_t>(4));
    b.key(Qt::Key_E);
    QCOMPARE(b.selected(), std::optional<std::uint32_t>(7));
    b.key(Qt::Key_E, Qt::ShiftModifier);
    QCOMPARE(b.selected(), std::optional<std::uint32_t>(4));
    const EntryId answer = b.lanes().recording().info(5).id;
    QVERIFY(!b.document.push(ReplaceMessage{answer, "y", {}}));
    QVERIFY(b.pane.action("timelineNextChange")->isEnabled());
    b.key(Qt::Key_C);
    QCOMPARE(b.selected(), std::optional<std::uint32_t>(2));
  }

  void followsTheSelectionOfOthers() {
    Bench b;
    QVERIFY(b.open(longFile(400)));
    b.view().show(0, 40);
    const auto& g = b.view().geometry();
    const double scale = g.scale();
    b.selection.selectCall(300);
    QVERIFY(!b.view().callRect(300).isEmpty());
    QCOMPARE(g.scale(), scale);
    QVERIFY(g.end() < 620);  // no further than it had to
    const double begin = g.begin();
    b.selection.selectCall(298);
    QCOMPARE(g.begin(), begin);  // in view already
    b.selection.selectCall(1);
    QVERIFY(g.begin() <= 2);
    b.key(Qt::Key_F);
    QCOMPARE(g.scale(), TimelineGeometry::kMaxScale);
  }

  void showsTheEntryOfACallWiderThanTheView() {
    Bench b;
    ReplayFile file;
    const auto stream = file.createStream("/t.T/Watch");
    for (int i = 0; i < 2000; ++i) file.recv(stream, kMessage);
    QVERIFY(b.open(file));
    b.view().show(0, 20);
    b.selection.selectEntry(b.lanes().recording().info(1500).id);
    const auto& g = b.view().geometry();
    QVERIFY(g.begin() <= 1500 && 1501 <= g.end());
  }

  void namesCanBeMadeWider() {
    Bench b;
    QVERIFY(b.open(smallFile()));
    const int width = b.view().labelWidth();
    QWidget* surface = b.view().viewport();
    QTest::mousePress(surface, Qt::LeftButton, {}, {width, 100});
    QTest::mouseMove(surface, {width + 70, 100});
    QTest::mouseRelease(surface, Qt::LeftButton, {}, {width + 70, 100});
    QCOMPARE(b.view().labelWidth(), width + 70);
    QCOMPARE(b.view().geometry().width(), static_cast<double>(surface->width() - width - 70));
    QTest::mouseDClick(surface, Qt::LeftButton, {}, {width + 70, 100});
    QCOMPARE(b.view().labelWidth(), width);
  }

  void everyActionHasAKeyAndAName() {
    Bench b;
    QSet<QKeySequence> keys;
    for (const QAction* action : b.pane.actions()) {
      QVERIFY(action->objectName().startsWith("timeline"));
      QVERIFY(!action->text().isEmpty());
      QCOMPARE(action->shortcutContext(), Qt::WidgetWithChildrenShortcut);
      for (const QKeySequence& key : action->shortcuts()) {
        QVERIFY2(!keys.contains(key), qPrintable(key.toString()));
        keys.insert(key);
      }
    }
    QCOMPARE(b.view().accessibleName(), QString("Timeline"));
  }
};

QTEST_MAIN(tst_Timeline)
#include "tst_timeline.moc"
