#include <QPushButton>
#include <QTest>
#include <QTreeView>

#include "detail/text_label.h"
#include "detail_fixture.h"
#include "panes/problems_model.h"
#include "panes/problems_pane.h"

using namespace retake;
using namespace retake::gui;
using retake::test::OpenedShop;
using retake::test::ReplayFile;
using retake::test::shopFile;

namespace {

// Three problems: a request without an answer, one more, and a cut tail.
ReplayFile damaged() {
  ReplayFile file = shopFile();
  file.request("/shop.v1.Shop/Add", {"shop.v1.Item", test::item("A-8", 1)});
  file.request("/shop.v1.Shop/Add", {"shop.v1.Item", test::item("A-9", 1)});
  file.raw("\x40");
  return file;
}

}  // namespace

class tst_ProblemsPane : public QObject {
  Q_OBJECT
 private slots:
  void saysThatAllIsWell() {
    OpenedShop shop;
    ProblemsPane pane(shop.document, shop.selection);
    pane.show();
    auto* empty = pane.findChild<TextLabel*>("problemsEmpty");
    QVERIFY(empty->text().contains("Open a recording"));
    QVERIFY(shop.open(shopFile()));
    QTRY_VERIFY(empty->text().startsWith("No problems"));
    QVERIFY(empty->isVisible());
  }

  void repairsOneAtATime() {
    OpenedShop shop;
    ProblemsPane pane(shop.document, shop.selection);
    pane.show();
    QVERIFY(shop.open(damaged()));
    auto* list = pane.findChild<QTreeView*>("problemsList");
    QTRY_COMPARE(list->model()->rowCount(), 3);
    QVERIFY(list->currentIndex().isValid());
    const auto size = shop.document.snapshot().recording->size();
    QVERIFY(list->model()->index(0, ProblemsModel::RepairColumn).data().toString().startsWith("Repair: "));
    list->setCurrentIndex(list->model()->index(0, 0));
    pane.findChild<QPushButton*>("repair")->click();
    QCOMPARE(shop.document.undoStack().count(), 1);
    QCOMPARE(shop.document.snapshot().recording->size(), size + 1);
    QTRY_COMPARE(list->model()->rowCount(), 2);
    shop.document.undoStack().undo();
    QTRY_COMPARE(list->model()->rowCount(), 3);
    QCOMPARE(shop.document.snapshot().recording->size(), size);
  }

  void aClickOnTheButtonOfARowRepairsIt() {
    OpenedShop shop;
    ProblemsPane pane(shop.document, shop.selection);
    pane.resize(900, 200);
    pane.show();
    QVERIFY(shop.open(damaged()));
    auto* list = pane.findChild<QTreeView*>("problemsList");
    QTRY_COMPARE(list->model()->rowCount(), 3);
    const QRect cell = list->visualRect(list->model()->index(2, ProblemsModel::RepairColumn));
    QTest::mouseClick(list->viewport(), Qt::LeftButton, {}, cell.topLeft() + QPoint(12, cell.height() / 2));
    QCOMPARE(shop.document.undoStack().count(), 1);
    QCOMPARE(shop.document.snapshot().recording->tailSize(), 0u);
    QTRY_COMPARE(list->model()->rowCount(), 2);
  }

  void repairsAllAsOneStep() {
    OpenedShop shop;
    ProblemsPane pane(shop.document, shop.selection);
    pane.show();
    QVERIFY(shop.open(damaged()));
    auto* list = pane.findChild<QTreeView*>("problemsList");
    QTRY_COMPARE(list->model()->rowCount(), 3);
    pane.findChild<QPushButton*>("repairAll")->click();
    QCOMPARE(shop.document.undoStack().count(), 1);
    QTRY_COMPARE(list->model()->rowCount(), 0);
    QVERIFY(pane.findChild<TextLabel*>("problemsEmpty")->isVisible());
    shop.document.undoStack().undo();
    QTRY_COMPARE(list->model()->rowCount(), 3);
  }

  void leadsToTheEntry() {
    OpenedShop shop;
    ProblemsPane pane(shop.document, shop.selection);
    pane.resize(900, 200);
    pane.show();
    QVERIFY(shop.open(damaged()));
    auto* list = pane.findChild<QTreeView*>("problemsList");
    QTRY_COMPARE(list->model()->rowCount(), 3);
    const QRect text = list->visualRect(list->model()->index(1, ProblemsModel::TextColumn));
    QTest::mouseClick(list->viewport(), Qt::LeftButton, {}, text.center());
    const auto size = shop.document.snapshot().recording->size();
    QCOMPARE(shop.selection.entry(), shop.idAt(size - 1));
    QCOMPARE(shop.document.undoStack().count(), 0);
  }
};

QTEST_MAIN(tst_ProblemsPane)
#include "tst_problems_pane.moc"
