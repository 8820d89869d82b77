#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

#include "detail/message_tree_model.h"
#include "detail_fixture.h"

using namespace retake;
using namespace retake::gui;
using retake::test::field;
using retake::test::item;

namespace {

// What a view would show, a line a row: name | type | value.
QString dump(const QAbstractItemModel& model, const QModelIndex& parent = {}, int depth = 0) {
  QString out;
  for (int row = 0; row < model.rowCount(parent); ++row) {
    QStringList cells;
    for (int column = 0; column < model.columnCount(); ++column)
      cells << model.index(row, column, parent).data().toString();
    out += QString(2 * depth, u' ') + cells.join(QStringLiteral(" | ")) + u'\n';
    out += dump(model, model.index(row, 0, parent), depth + 1);
  }
  return out;
}

}  // namespace

class tst_MessageTreeModel : public QObject {
  Q_OBJECT
  static void set(MessageTreeModel& model, const std::shared_ptr<const Schema>& schema,
                  const std::string& bytes, std::size_t most = 100'000) {
    const auto owner = std::make_shared<const std::string>(bytes);
    model.setTree(std::make_shared<const MessageTree>(describeMessage(*schema, "shop.v1.Cart", *owner, most)),
                  schema, {*owner, owner});
  }

 private slots:
  void showsNamesTypesAndValues() {
    MessageTreeModel model;
    QAbstractItemModelTester tester(&model);
    set(model, test::shopSchema(), field(1, "c-1") + field(2, item("A-1", 2) + field(3, std::uint64_t{1})));
    QCOMPARE(dump(model), QStringLiteral("id | string | c-1\n"
                                         "items[0] | shop.v1.Item | 3 fields\n"
                                         "  sku | string | A-1\n"
                                         "  count | int32 | 2\n"
                                         "  state | shop.v1.State | OPEN (1)\n"));
  }

  void marksGuesses() {
    MessageTreeModel model;
    QAbstractItemModelTester tester(&model);
    set(model, Schema::builtin(), field(1, "c-1"));
    const QModelIndex name = model.index(0, MessageTreeModel::NameColumn);
    QCOMPARE(name.data().toString(), QStringLiteral("1"));
    QVERIFY(name.data(MessageTreeModel::GuessedRole).toBool());
    QVERIFY(name.data(Qt::FontRole).value<QFont>().italic());
    QVERIFY(name.data(Qt::ToolTipRole).toString().contains(QStringLiteral("guess")));
    set(model, test::shopSchema(), field(1, "c-1"));
    QVERIFY(!model.index(0, 0).data(Qt::FontRole).value<QFont>().italic());
  }

  void damageAndOmissionAreRowsOfTheirOwn() {
    MessageTreeModel model;
    QAbstractItemModelTester tester(&model);
    set(model, test::shopSchema(), field(1, "c-1") + "\x12\x7f");
    QCOMPARE(model.rowCount(), 2);
    const QModelIndex damage = model.index(1, 0);
    QVERIFY(damage.data(MessageTreeModel::DamageRole).toBool());
    QVERIFY(damage.data().toString().startsWith(QStringLiteral("✗ ")));
    QVERIFY(!model.node(damage));
    QVERIFY(!(model.flags(damage) & Qt::ItemIsEditable));
    set(model, test::shopSchema(), field(2, item("A", 1)) + field(2, item("B", 1)), 3);
    QVERIFY(model.index(model.rowCount() - 1, 0).data().toString().contains(QStringLiteral("not shown")));
  }

  void findsTheSamePlaceInAnotherVersion() {
    MessageTreeModel model;
    const auto schema = test::shopSchema();
    set(model, schema, field(1, "c-1") + field(2, item("A-1", 2)) + field(2, item("A-2", 2)));
    const QModelIndex count = model.index(1, 0, model.index(2, 0));
    QCOMPARE(count.data().toString(), QStringLiteral("count"));
    const QString path = count.data(MessageTreeModel::PathRole).toString();
    set(model, schema, field(1, "other") + field(2, item("A-1", 2)) + field(2, item("A-2", 500)));
    const QModelIndex again = model.find(path);
    QVERIFY(again.isValid());
    QCOMPARE(again.siblingAtColumn(MessageTreeModel::ValueColumn).data().toString(), QStringLiteral("500"));
    set(model, schema, field(1, "other"));
    QVERIFY(!model.find(path).isValid());
  }

  void givesEditsToWhoeverAppliesThem() {
    MessageTreeModel model;
    set(model, test::shopSchema(), field(1, "c-1"));
    const QModelIndex value = model.index(0, MessageTreeModel::ValueColumn);
    QVERIFY(!(model.flags(value) & Qt::ItemIsEditable));
    model.setEditable(true);
    QVERIFY(model.flags(value) & Qt::ItemIsEditable);
    QVERIFY(!(model.flags(model.index(0, MessageTreeModel::TypeColumn)) & Qt::ItemIsEditable));
    QSignalSpy edited(&model, &MessageTreeModel::leafEdited);
    QVERIFY(model.setData(value, QStringLiteral("c-1"), Qt::EditRole));
    QVERIFY(edited.isEmpty());
    QVERIFY(model.setData(value, QStringLiteral("c-2"), Qt::EditRole));
    QCOMPARE(edited.size(), 1);
    QCOMPARE(edited[0][1].toString(), QStringLiteral("c-2"));
    QCOMPARE(value.data().toString(), QStringLiteral("c-1"));
  }
};

QTEST_MAIN(tst_MessageTreeModel)
#include "tst_message_tree_model.moc"
