#include <QTableView>
#include <QTest>

#include "detail/messages_model.h"
#include "detail/messages_pane.h"
#include "detail/text_label.h"
#include "detail_fixture.h"

using namespace retake;
using namespace retake::gui;
using retake::test::field;
using retake::test::OpenedShop;
using retake::test::shopFile;

namespace {

QString dump(const QAbstractItemModel& model) {
  QString out;
  for (int row = 0; row < model.rowCount(); ++row) {
    QStringList cells;
    for (int column = 0; column < model.columnCount(); ++column)
      cells << model.index(row, column).data().toString();
    out += cells.join(QStringLiteral(" | ")) + u'\n';
  }
  return out;
}

}  // namespace

class tst_MessagesPane : public QObject {
  Q_OBJECT
 private slots:
  void listsAStreamInRecordedOrder() {
    OpenedShop shop;
    QVERIFY(shop.open(shopFile()));
    QVERIFY(shop.loadSchemaToo());
    MessagesPane pane(shop.document, shop.selection);
    pane.show();
    shop.selection.selectCall(2);
    const auto* table = pane.findChild<QTableView*>("messagesTable");
    QCOMPARE(dump(*table->model()),
             QStringLiteral("1 | → | shop.v1.Item | 7 B | {\"sku\": \"A-1\", \"count\": 1}\n"
                            "2 | ← | shop.v1.Event | 5 B | {\"text\": \"one\"}\n"
                            "3 | ← | shop.v1.Event | 5 B | {\"text\": \"two\"}\n"
                            " | ← | end of stream |  | OK\n"));
    shop.selection.selectCall(1);
    QCOMPARE(table->model()->rowCount(), 2);
    QCOMPARE(table->model()->index(1, MessagesModel::TypeColumn).data().toString(),
             QStringLiteral("✗ NOT_FOUND"));
    QVERIFY(
        table->model()->index(1, MessagesModel::PreviewColumn).data().toString().startsWith("no such sku"));
  }

  void followsTheSelectionAndMovesIt() {
    OpenedShop shop;
    QVERIFY(shop.open(shopFile()));
    MessagesPane pane(shop.document, shop.selection);
    pane.show();
    shop.selection.selectEntry(shop.idAt(6));
    auto* table = pane.findChild<QTableView*>("messagesTable");
    QCOMPARE(table->currentIndex().row(), 1);
    QTest::keyClick(table, Qt::Key_Down);
    QCOMPARE(shop.selection.entry(), shop.idAt(7));
    shop.selection.selectEntry(shop.idAt(5));
    QCOMPARE(table->currentIndex().row(), 0);
  }

  void marksWhatIsEdited() {
    OpenedShop shop;
    QVERIFY(shop.open(shopFile()));
    QVERIFY(shop.loadSchemaToo());
    MessagesPane pane(shop.document, shop.selection);
    pane.show();
    shop.selection.selectEntry(shop.idAt(6));
    const auto* model = pane.findChild<QTableView*>("messagesTable")->model();
    QVERIFY(!shop.document.push(ReplaceMessage{shop.idAt(6), field(1, "changed"), {}}));
    QVERIFY(model->index(1, 0).data().toString().contains(QStringLiteral("✎")));
    QCOMPARE(model->index(1, MessagesModel::PreviewColumn).data().toString(),
             QStringLiteral("{\"text\": \"changed\"}"));
    QCOMPARE(pane.findChild<QTableView*>("messagesTable")->currentIndex().row(), 1);
    shop.document.undoStack().undo();
    QVERIFY(!model->index(1, 0).data().toString().contains(QStringLiteral("✎")));
  }

  void previewsOfLargeMessagesComeLater() {
    test::ReplayFile file;
    file.unary("/shop.v1.Shop/Add", {"shop.v1.Event", field(1, std::string(1'000'000, 'x'))},
               {"shop.v1.Event", field(1, "y")});
    OpenedShop shop;
    QVERIFY(shop.open(file));
    MessagesPane pane(shop.document, shop.selection);
    shop.selection.selectCall(0);
    const auto* model = pane.findChild<QTableView*>("messagesTable")->model();
    const QModelIndex preview = model->index(0, MessagesModel::PreviewColumn);
    QCOMPARE(preview.data().toString(), QStringLiteral("…"));
    QTRY_VERIFY(preview.data().toString().contains(QStringLiteral("xxx")));
    QVERIFY(preview.data().toString().size() <= 301);
  }

  void saysWhatWouldBeHere() {
    OpenedShop shop;
    MessagesPane pane(shop.document, shop.selection);
    pane.show();
    QVERIFY(!pane.findChild<QTableView*>("messagesTable")->isVisible());
    QVERIFY(pane.findChild<TextLabel*>()->text().contains("Choose a call"));
  }
};

QTEST_MAIN(tst_MessagesPane)
#include "tst_messages_pane.moc"
