#include "tst_timeline_window.h"

using namespace retake;
using namespace retake::test;

class tst_TimelineMarks : public QObject {
  Q_OBJECT
 private slots:
  void initTestCase() {
    theme::apply(*qobject_cast<QApplication*>(QApplication::instance()), theme::Mode::Light);
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
    ReplayFile file;
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

  void answeredCallsAreMarkedWhileTheServerRuns() {
    Bench b;
    UsedCalls used;
    b.pane.model().showUse(used);
    QVERIFY(b.open(smallFile()));
    QCOMPARE(pixels(b.view(), theme::Role::Matched), 0);
    QSignalSpy told(&used, &UsedCalls::added);
    QSignalSpy changed(&b.pane.model(), &TimelineModel::lanesChanged);
    const auto idOf = [&](std::uint32_t call) {
      const Snapshot& s = b.document.snapshot();
      return s.recording->info((*s.calls)[call].first).id;
    };
    for (int i = 0; i < 1000; ++i) used.add({idOf(2), idOf(2)});
    QTRY_COMPARE(told.size(), 1);  // of a thousand hits on one call
    QCOMPARE(changed.size(), 1);
    QVERIFY(pixels(b.view(), theme::Role::Matched, b.view().callRect(2).toRect()) > 0);
    QCOMPARE(pixels(b.view(), theme::Role::Matched, b.view().callRect(1).toRect()), 0);
    QCOMPARE(b.pane.model().use().count(0, 0, 5), 1u);

    // The marks go with their calls.
    const auto copy = copyOfCall(*b.document.snapshot().recording, (*b.document.snapshot().calls)[0]);
    QVERIFY(copy);
    QVERIFY(!b.document.push(*copy));
    QVERIFY(pixels(b.view(), theme::Role::Matched, b.view().callRect(3).toRect()) > 0);
    QCOMPARE(pixels(b.view(), theme::Role::Matched, b.view().callRect(2).toRect()), 0);
    used.clear();
    QCOMPARE(pixels(b.view(), theme::Role::Matched), 0);
  }

  void answeredCallsAreMarkedWhereCallsAreTooMany() {
    Bench b;
    UsedCalls used;
    b.pane.model().showUse(used);
    QVERIFY(b.open(longFile(3000)));
    std::vector<EntryId> ids;
    for (std::uint32_t position = 2000; position < 2400; ++position)
      if (b.document.snapshot().recording->info(position).kind == EntryKind::Request)
        ids.push_back(b.document.snapshot().recording->info(position).id);
    used.add(ids);
    QTRY_VERIFY(pixels(b.view(), theme::Role::Matched) > 0);
    const auto inFirst = [&](int from, int to) {
      const int left = b.view().labelWidth();
      const int width = b.view().viewport()->width() - left;
      return pixels(b.view(), theme::Role::Matched,
                    QRect(left + width * from / 100, 0, width * (to - from) / 100, b.view().height()));
    };
    QCOMPARE(inFirst(0, 30), 0);
    QVERIFY(inFirst(32, 42) > 0);
    QCOMPARE(inFirst(45, 100), 0);
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

  void anAddedEntryLeavesTheViewWhereItIs() {
    Bench b;
    ReplayFile file = longFile(300);
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
};

QTEST_MAIN(tst_TimelineMarks)
#include "tst_timeline_marks.moc"
