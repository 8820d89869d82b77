#include <QAction>
#include <QApplication>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QWheelEvent>

#include "support/replay_file.h"
#include "theme/theme.h"
#include "timeline/minimap.h"
#include "timeline/timeline_model.h"
#include "timeline/timeline_pane.h"
#include "timeline/timeline_view.h"

using namespace retake;
using namespace retake::gui;

namespace {

const test::Message kMessage{"pkg.M", "x"};

// Everything that a window would put around the timeline.
struct Bench {
  QTemporaryDir folder;
  Document document;
  Selection selection{document};
  CallRows rows{document};
  TimelinePane pane{document, selection, rows};

  Bench() {
    pane.resize(900, 320);
    pane.show();
    pane.setFocus();
  }
  TimelineView& view() { return pane.view(); }
  const Lanes& lanes() { return *pane.model().lanes(); }

  bool open(const test::ReplayFile& file) {
    const QString path = folder.filePath("calls.replay");
    QFile out(path);
    if (!out.open(QIODevice::WriteOnly)) return false;
    out.write(file.bytes().data(), static_cast<qint64>(file.bytes().size()));
    out.close();
    QSignalSpy opened(&document, &Document::fileOpened);
    document.open(path);
    return (!opened.isEmpty() || opened.wait()) && QTest::qWaitForWindowActive(&pane) &&
           QTest::qWaitFor([this] { return pane.model().lanes() && !pane.model().isBuilding(); });
  }
  void key(Qt::Key key, Qt::KeyboardModifiers modifiers = {}) {
    QTest::keyClick(view().viewport(), key, modifiers);
  }
  void wheel(QPoint at, int notches, Qt::KeyboardModifiers modifiers = {}) {
    QWheelEvent event(at, view().viewport()->mapToGlobal(QPointF(at)), {}, QPoint(0, 120 * notches),
                      Qt::NoButton, modifiers, Qt::NoScrollPhase, false);
    QApplication::sendEvent(view().viewport(), &event);
  }
  QPoint middleOf(std::uint32_t call) { return view().callRect(call).center().toPoint(); }
  std::optional<std::uint32_t> selected() { return selection.call(); }
};

// How many pixels of the colour there are, exactly.
int pixels(const QImage& image, theme::Role role) {
  const QRgb wanted = theme::color(role).rgb();
  int count = 0;
  for (int y = 0; y < image.height(); ++y)
    for (int x = 0; x < image.width(); ++x)
      count += (image.pixel(x, y) | 0xff000000u) == (wanted | 0xff000000u);
  return count;
}

int pixels(QWidget& widget, theme::Role role, QRect part = {}) {
  const QImage image = widget.grab(part.isNull() ? widget.rect() : part).toImage();
  return pixels(image, role);
}

// Ten calls of two methods in turn, then a stream of six messages; calls 5 (A) and 8 (B) fail.
test::ReplayFile smallFile() {
  test::ReplayFile file;
  for (int i = 0; i < 10; ++i) {
    const char* method = i % 2 ? "/s.S/B" : "/s.S/A";
    if (i == 4 || i == 7)
      file.unary(method, kMessage, Status{5, "gone", {}});
    else
      file.unary(method, kMessage, kMessage);
  }
  const auto stream = file.createStream("/t.T/Watch");
  file.send(stream, kMessage);
  for (int i = 0; i < 6; ++i) file.recv(stream, kMessage);
  file.recvEnd(stream);
  return file;
}

test::ReplayFile longFile(int calls) {
  test::ReplayFile file;
  for (int i = 0; i < calls; ++i) file.unary(i % 3 ? "/s.S/A" : "/s.S/B", kMessage, kMessage);
  return file;
}

}  // namespace

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
    QVERIFY(b.open(test::ReplayFile()));
    QVERIFY(b.view().emptyText().contains("no calls"));
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
    test::ReplayFile file;
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
    test::ReplayFile file;
    const auto stream = file.createStream("/t.T/Watch");
    for (int i = 0; i < 2000; ++i) file.recv(stream, kMessage);
    QVERIFY(b.open(file));
    b.view().show(0, 20);
    b.selection.selectEntry(b.lanes().recording().info(1500).id);
    const auto& g = b.view().geometry();
    QVERIFY(g.begin() <= 1500 && 1501 <= g.end());
  }

  void editedMarkComesAndGoesWithUndo() {
    Bench b;
    QVERIFY(b.open(smallFile()));
    QCOMPARE(pixels(b.pane, theme::Role::Edited), 0);
    const EntryId answer = b.lanes().recording().info(5).id;
    QVERIFY(!b.document.push(ReplaceMessage{answer, "y", {}}));
    const QRect around = b.view().callRect(2).toAlignedRect();
    QVERIFY(pixels(*b.view().viewport(), theme::Role::Edited, around) > around.width());
    QVERIFY(pixels(b.pane.minimap(), theme::Role::Edited) > 0);
    b.document.undoStack().undo();
    QCOMPARE(pixels(b.pane, theme::Role::Edited), 0);
    b.document.undoStack().redo();
    QVERIFY(pixels(*b.view().viewport(), theme::Role::Edited, around) > around.width());
    // Only the first ten calls are drawn as before: an edit paints no other call's mark.
    QCOMPARE(pixels(*b.view().viewport(), theme::Role::Edited, b.view().callRect(0).toAlignedRect()), 0);
  }

  void errorsAreMarkedAndAnEditedStatusIs() {
    Bench b;
    QVERIFY(b.open(smallFile()));
    const auto red = [&](std::uint32_t call) {
      return pixels(*b.view().viewport(), theme::Role::Error, b.view().callRect(call).toAlignedRect());
    };
    QVERIFY(red(4) > 0);
    QVERIFY(red(7) > 0);
    QCOMPARE(red(3), 0);
    QVERIFY(pixels(b.pane.minimap(), theme::Role::Error) > 0);
    const EntryId answer = b.lanes().recording().info(7).id;
    QVERIFY(!b.document.push(ReplaceStatus{answer, {13, "broken", {}}}));
    QVERIFY(red(3) > 0);
    QCOMPARE(b.lanes().total().errors, 3u);
    b.document.undoStack().undo();
    QCOMPARE(red(3), 0);
  }

  void errorsAreNotchesWhereCallsAreTooMany() {
    Bench b;
    test::ReplayFile file;
    for (int i = 0; i < 5000; ++i) {
      if (i == 2500)
        file.unary("/s/A", kMessage, Status{5, "gone", {}});
      else
        file.unary("/s/A", kMessage, kMessage);
    }
    QVERIFY(b.open(file));
    const auto& g = b.view().geometry();
    const int x = b.view().labelWidth() + static_cast<int>(g.xOf(5000));
    const QRect lane = QRect(0, 24, b.view().viewport()->width(), 120);
    QVERIFY(pixels(*b.view().viewport(), theme::Role::Error, QRect(x - 3, lane.top(), 6, lane.height())) > 0);
    QCOMPARE(pixels(*b.view().viewport(), theme::Role::Error, QRect(x + 8, lane.top(), 200, lane.height())),
             0);
    QVERIFY(pixels(*b.view().viewport(), theme::Role::Density) > 1000);
    // Beside the needle of the failed one, a click still finds it.
    QTest::mouseClick(b.view().viewport(), Qt::LeftButton, {}, QPoint(x + 1, b.middleOf(2500).y()));
    QCOMPARE(b.selected(), std::optional<std::uint32_t>(2500));
  }

  void filteredCallsAreDimmed() {
    Bench b;
    QVERIFY(b.open(smallFile()));
    QVERIFY(pixels(*b.view().viewport(), theme::Role::Error, b.view().callRect(4).toAlignedRect()) > 0);
    b.rows.setFilter("Watch");
    QCOMPARE(pixels(*b.view().viewport(), theme::Role::Error, b.view().callRect(4).toAlignedRect()), 0);
    QCOMPARE(b.lanes().total().hidden, 10u);
    QVERIFY(!b.pane.action("timelineNextError")->isEnabled());
    b.key(Qt::Key_Right);  // to the first call that is shown
    QCOMPARE(b.selected(), std::optional<std::uint32_t>(10));
    b.rows.setFilter({});
    QCOMPARE(b.lanes().total().hidden, 0u);
    QVERIFY(pixels(*b.view().viewport(), theme::Role::Error, b.view().callRect(4).toAlignedRect()) > 0);
  }

  void servicesCollapse() {
    Bench b;
    QVERIFY(b.open(smallFile()));
    QCOMPARE(b.view().laneLayout().rows().size(), std::size_t{5});
    QTest::mouseClick(b.view().viewport(), Qt::LeftButton, {},
                      {20, b.view().laneLayout().metrics().service + 10});
    QVERIFY(b.view().isCollapsed(0));
    QCOMPARE(b.view().laneLayout().rows().size(), std::size_t{3});
    // Its calls can still be seen, walked and clicked.
    QTest::mouseClick(b.view().viewport(), Qt::LeftButton, {}, b.middleOf(4));
    QCOMPARE(b.selected(), std::optional<std::uint32_t>(4));
    QVERIFY(pixels(*b.view().viewport(), theme::Role::Error) > 0);
    b.key(Qt::Key_Space);
    QVERIFY(!b.view().isCollapsed(0));
  }

  void theMinimapsHandleMovesTheView() {
    Bench b;
    QVERIFY(b.open(longFile(400)));
    Minimap& map = b.pane.minimap();
    b.view().show(100, 300);
    const auto& g = b.view().geometry();
    const double span = g.end() - g.begin();
    const QPoint middle = map.handle().center().toPoint();
    QTest::mousePress(&map, Qt::LeftButton, {}, middle);
    QTest::mouseMove(&map, middle + QPoint(80, 0));
    QTest::mouseRelease(&map, Qt::LeftButton, {}, middle + QPoint(80, 0));
    QVERIFY(g.begin() > 150);
    QVERIFY(std::abs(g.end() - g.begin() - span) < 1e-6);
    // Its right edge: more is in view, from the same place on.
    const double begin = g.begin();
    const QPoint edge(static_cast<int>(map.handle().right()), middle.y());
    QTest::mousePress(&map, Qt::LeftButton, {}, edge);
    QTest::mouseMove(&map, edge + QPoint(60, 0));
    QTest::mouseRelease(&map, Qt::LeftButton, {}, edge + QPoint(60, 0));
    QVERIFY(std::abs(g.begin() - begin) < 3);
    QVERIFY(g.end() - g.begin() > span + 30);
    // Beside it: there.
    QTest::mouseClick(&map, Qt::LeftButton, {}, QPoint(b.view().labelWidth() + 20, middle.y()));
    QVERIFY(g.begin() < 1);
    QTest::mouseDClick(&map, Qt::LeftButton, {}, QPoint(b.view().labelWidth() + 300, middle.y()));
    QVERIFY(g.isFitted());
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

  void anAddedEntryLeavesTheViewWhereItIs() {
    Bench b;
    test::ReplayFile file = longFile(300);
    const auto stream = file.createStream("/t.T/Watch");
    file.send(stream, kMessage);
    file.recv(stream, kMessage);
    file.recv(stream, kMessage);
    QVERIFY(b.open(file));
    b.view().show(100, 160);
    const double begin = b.view().geometry().begin();
    const EntryId id = b.lanes().recording().info(600).id;
    const auto failed = b.document.push(EndStream{id, {}});
    QVERIFY2(!failed, failed ? qPrintable(*failed) : "");
    QCOMPARE(b.lanes().recording().size(), 605u);
    QVERIFY(std::abs(b.view().geometry().begin() - begin) < 1e-6);
    QVERIFY(b.lanes().markOf(300) & call_mark::kEdited);
  }

  void aLongRecordingIsArrangedElsewhere() {
    Bench b;
    QSignalSpy rebuilt(&b.pane.model(), &TimelineModel::rebuilt);
    bool sawBuilding = false;
    connect(&b.pane.model(), &TimelineModel::rebuilt, this, [&] {
      if (b.pane.model().isBuilding()) sawBuilding = b.view().emptyText().contains("Building");
    });
    QVERIFY(b.open(longFile(static_cast<int>(TimelineModel::kMostEntriesAtOnce / 2 + 1))));
    QTRY_VERIFY(b.pane.model().lanes() && !b.pane.model().isBuilding());
    QVERIFY(sawBuilding);
    QVERIFY(b.view().emptyText().isEmpty());
    // An edit is shown at once, not after another round.
    QVERIFY(!b.document.push(ReplaceMessage{b.lanes().recording().info(1).id, "y", {}}));
    QVERIFY(!b.pane.model().isBuilding());
    QCOMPARE(b.lanes().total().edited, 1u);
    b.document.close();
    QVERIFY(!b.view().emptyText().isEmpty());
  }

  void looksSharpAtScaleTwo() {
    Bench b;
    QVERIFY(b.open(smallFile()));
    QImage twice(b.pane.size() * 2, QImage::Format_RGB32);
    twice.setDevicePixelRatio(2);
    b.pane.render(&twice);
    QVERIFY(pixels(twice, theme::Role::Error) > 0);
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
