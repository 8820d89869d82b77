#include <QTest>
#include <QToolTip>

#include "detail/message_overlay.h"
#include "detail/message_tree_model.h"
#include "detail/value_marks.h"
#include "detail_pane_fixture.h"

using namespace retake;
using namespace retake::gui;
using retake::test::field;
using retake::test::item;

namespace {

ValueMark mark(const char* path, const char* before, const char* after, const char* rule = "Tokens") {
  return {.path = path, .before = before, .after = after, .rule = rule};
}

// Says what it was told, of every entry.
class FixedOverlay : public MessageOverlay {
  Q_OBJECT
 public:
  std::vector<ValueMark> marks;
  std::vector<ValueMark> marksOf(EntryId) const override { return marks; }
};

}  // namespace

Q_DECLARE_METATYPE(std::vector<retake::gui::ValueMark>)

class tst_ValueMarks : public QObject {
  Q_OBJECT
 private slots:
  void sayWhatAFieldWouldBe_data() {
    QTest::addColumn<std::vector<ValueMark>>("marks");
    QTest::addColumn<QString>("path");
    QTest::addColumn<bool>("isLeaf");
    QTest::addColumn<QString>("expected");  // what it would be; "-" not marked, "removed"
    QTest::addColumn<QString>("rules");
    using Marks = std::vector<ValueMark>;
    const auto row = [](const char* name, const Marks& marks, const char* path, bool isLeaf,
                        const char* expected, const char* rules = "Tokens") {
      QTest::newRow(name) << marks << path << isLeaf << expected << rules;
    };
    const ValueMark whole = mark("a.b", "the value", "[scrubbed]");
    ValueMark removed = whole;
    removed.removed = true;
    ValueMark status = whole;
    status.inMessage = false;
    row("the field", {whole}, "a.b", true, "[scrubbed]");
    row("another field", {whole}, "a.c", true, "-", "");
    row("a longer name", {mark("a.bc", "the value", "x")}, "a.b", true, "-", "");
    row("what is above it", {whole}, "a", false, "-", "");
    row("of the status", {status}, "a.b", true, "-", "");
    row("removed", {removed}, "a.b", true, "removed");
    row("a message removed", {removed}, "a.b", false, "removed");
    row("a part of it", {mark("a.b", "value", "v*")}, "a.b", true, "the v*");
    row("two parts", {mark("a.b", "the", "x"), mark("a.b", "value", "y", "E-mail")}, "a.b", true, "x y",
        "Tokens, E-mail");
    row("one rule after the other", {mark("a.b", "the value", "v1"), mark("a.b", "v1", "v2", "E-mail")},
        "a.b", true, "v2", "Tokens, E-mail");
    row("within JSON", {mark("a.b.user[0].name", "value", "v*")}, "a.b", true, "the v*");
    row("in another form", {mark("a.b", "secret", "[scrubbed]")}, "a.b", true, "[scrubbed]");
    row("a key of a map", {mark("m[\"k\"]", "the value", "v")}, "m[\"k\"]", true, "v");
    row("a key that is a number", {mark("m[5]", "the value", "v")}, "m[\"5\"]", true, "v");
  }
  void sayWhatAFieldWouldBe() {
    QFETCH(std::vector<ValueMark>, marks);
    QFETCH(QString, path);
    QFETCH(bool, isLeaf);
    const auto shown = ValueMarks(marks).of(path.toStdString(), isLeaf, "the value");
    const QString what = !shown.marked   ? QStringLiteral("-")
                         : shown.removed ? QStringLiteral("removed")
                                         : shown.after;
    QTEST(what, "expected");
    QTEST(shown.rules, "rules");
  }

  void theTreeNamesFieldsAsRulesDo() {
    const std::string event = field(1, "hello");
    const std::string any = field(1, "type.googleapis.com/shop.v1.Event") + field(2, event);
    const auto bytes =
        std::make_shared<const std::string>(field(8, field(1, "env") + field(2, "live")) + field(14, any));
    const auto schema = test::shopSchema();
    MessageTreeModel model;
    model.setTree(std::make_shared<const MessageTree>(describeMessage(*schema, "shop.v1.Item", *bytes)),
                  schema, {*bytes, bytes});
    QCOMPARE(model.fieldPath(model.index(0, 0)), std::string("labels[\"env\"]"));
    const QModelIndex extra = model.index(1, 0);
    const QModelIndex value = model.index(1, 0, extra);
    QCOMPARE(model.fieldPath(model.index(0, 0, extra)), std::string("extra.type_url"));
    QCOMPARE(model.fieldPath(model.index(0, 0, value)), std::string("extra<shop.v1.Event>.text"));
    for (const QModelIndex& index : {model.index(0, 0), model.index(0, 0, extra), model.index(0, 0, value)})
      QVERIFY2(parseFieldPath(model.fieldPath(index)), model.fieldPath(index).c_str());
  }

  void anEntryShowsThemAndKeepsWhatIsRecorded() {
    FixedOverlay overlay;
    test::DetailBench bench;
    QVERIFY(bench.begin(true));
    bench.select(1);
    auto* label = bench.pane.findChild<TextLabel*>("scrubMark");
    QVERIFY(label && !label->isVisible());
    const std::string before(bench.entry(1).fields.message);
    const QModelIndex cell = bench.tree().treeModel().index(0, MessageTreeModel::ValueColumn);
    const std::string path = bench.tree().treeModel().fieldPath(cell);
    const QString value = cell.data().toString();
    bench.pane.entryView().setOverlay(&overlay);
    QVERIFY(!label->isVisible());

    overlay.marks = {mark(path.c_str(), qPrintable(value), "[scrubbed]")};
    emit overlay.changed();
    QVERIFY(label->isVisible());
    QVERIFY2(label->text().contains("1"), qPrintable(label->text()));
    QCOMPARE(bench.tree().treeModel().marked(cell).after, QString("[scrubbed]"));
    QCOMPARE(cell.data().toString(), value);
    QVERIFY(cell.data(Qt::ToolTipRole).toString().contains("Tokens"));
    QVERIFY(cell.data(Qt::AccessibleTextRole).toString().contains("scrubbed to [scrubbed] by Tokens"));
    QCOMPARE(std::string(bench.entry(1).fields.message), before);
    QVERIFY(!bench.noteText().contains("as recorded"));
    bench.trigger(bench.actions().json);
    QVERIFY2(bench.noteText().contains("1 value is shown as recorded"), qPrintable(bench.noteText()));

    overlay.marks = {
        {.inMessage = false, .place = "status", .before = "no ann", .after = "no ***", .rule = "Names"}};
    emit overlay.changed();
    QVERIFY2(bench.noteText().contains(QStringLiteral("◇ status: no ann → no *** (Names)")),
             qPrintable(bench.noteText()));
    overlay.marks.clear();
    emit overlay.changed();
    QVERIFY(!label->isVisible());
    QVERIFY(!bench.noteText().contains("status"));
  }
};

QTEST_MAIN(tst_ValueMarks)
#include "tst_value_marks.moc"
