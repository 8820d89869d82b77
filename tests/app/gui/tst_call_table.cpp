#include "calls/call_table.h"

#include <QAbstractItemModelTester>
#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QTest>

#include "calls/call_rows.h"
#include "calls/call_table_model.h"
#include "document/selection.h"
#include "opened_document.h"
#include "theme/theme.h"

using namespace retake;
using namespace retake::gui;
using retake::test::cartFile;
using retake::test::field;
using retake::test::OpenedDocument;

namespace {

struct Shown : OpenedDocument {
  Selection selection{document};
  CallRows rows{document};
  CallTable table{document, selection, rows};

  explicit Shown(const retake::test::ReplayFile& file) {
    if (!open(file)) qFatal("cannot open the test file");
    table.resize(900, 300);
    table.show();
    if (!QTest::qWaitForWindowExposed(&table)) qFatal("the table does not show");
  }
  QString cell(int row, CallColumn column) const {
    return table.model()->index(row, static_cast<int>(column)).data().toString();
  }
};

}  // namespace

class tst_CallTable : public QObject {
  Q_OBJECT
 private slots:
  void initTestCase() {
    QLocale::setDefault(QLocale::c());
    theme::apply(*qApp, theme::Mode::Light);
  }

  void theModelKeepsItsPromises() {
    OpenedDocument o;
    CallRows rows(o.document);
    CallTableModel model(o.document, rows);
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    QVERIFY(o.open(cartFile()));
    rows.setFilter("cart");
    rows.sort(CallColumn::Status, Qt::DescendingOrder);
    QCOMPARE(o.document.push(ReplaceStatus{o.idAt(3), Status{7, "not yours", {}}}), std::nullopt);
    o.document.undoStack().undo();
    rows.setFilter({});
  }

  void writesACallAsARow() {
    Shown s(cartFile());
    const QStringList shown = {s.cell(1, CallColumn::Number), s.cell(1, CallColumn::Kind),
                               s.cell(1, CallColumn::Method), s.cell(1, CallColumn::Status)};
    QCOMPARE(shown, (QStringList{"2", "U", "shop.v1.Cart/Remove", "✗ NOT_FOUND"}));
    QCOMPARE(s.cell(2, CallColumn::Kind), QStringLiteral("S"));
    QCOMPARE(s.cell(2, CallColumn::ResponseSize), QStringLiteral("3.0\u2009kB"));
    QCOMPARE(s.cell(2, CallColumn::Messages), QStringLiteral("3"));
    QCOMPARE(s.cell(3, CallColumn::Status), QStringLiteral("… open"));
  }

  void marksEditedCalls() {
    Shown s(cartFile());
    QSignalSpy changed(s.table.model(), &QAbstractItemModel::dataChanged);
    QCOMPARE(s.document.push(ReplaceStatus{s.idAt(3), Status{7, "not yours", {}}}), std::nullopt);
    QCOMPARE(s.cell(1, CallColumn::Status), QStringLiteral("✗ PERMISSION_DENIED"));
    QCOMPARE(s.cell(1, CallColumn::Edits), QStringLiteral("✎"));
    QCOMPARE(changed.size(), 1);
    QCOMPARE(changed[0][0].toModelIndex().row(), 1);
    const auto color = s.table.model()->index(1, static_cast<int>(CallColumn::Edits)).data(Qt::ForegroundRole).value<QColor>();
    QCOMPARE(color, theme::color(theme::Role::Edited));
    s.document.undoStack().undo();
    QCOMPARE(s.cell(1, CallColumn::Edits), QString());
  }

  void marksCallsThatScrubRulesWouldChange() {
    Shown s(cartFile());
    const int column = static_cast<int>(CallColumn::Scrubs);
    QVERIFY(s.table.isColumnHidden(column));
    s.rows.setScrubHits(
        std::make_shared<const std::vector<std::uint32_t>>(std::vector<std::uint32_t>{0, 3, 1200}));
    QVERIFY(!s.table.isColumnHidden(column));
    QCOMPARE(s.cell(0, CallColumn::Scrubs), QString());
    QCOMPARE(s.cell(1, CallColumn::Scrubs), QStringLiteral("◇ 3"));
    QCOMPARE(s.cell(3, CallColumn::Scrubs), QString());
    const auto color = s.table.model()->index(1, column).data(Qt::ForegroundRole).value<QColor>();
    QCOMPARE(color, theme::color(theme::Role::Scrubbed));
    s.rows.sort(CallColumn::Scrubs, Qt::DescendingOrder);
    QCOMPARE(s.rows.rows().front(), 2u);
    s.rows.setScrubHits(nullptr);
    QVERIFY(s.table.isColumnHidden(column));
    QCOMPARE(s.cell(0, CallColumn::Scrubs), QString());
  }

  void followsTheSelectionAndLeadsIt() {
    Shown s(cartFile());
    s.selection.selectCall(2);
    QCOMPARE(s.table.currentIndex().row(), 2);
    s.table.setFocus();
    QTest::keyClick(&s.table, Qt::Key_Up);
    QCOMPARE(s.selection.call(), std::optional(1u));
    QTest::mouseClick(s.table.viewport(), Qt::LeftButton, {},
                      QPoint(100, s.table.rowViewportPosition(3) + s.table.rowHeight(3) / 2));
    QCOMPARE(s.selection.call(), std::optional(3u));
  }

  void aClickOnAPartlyVisibleRowSelectsThatRow() {
    retake::test::ReplayFile file;
    for (int i = 0; i < 100; ++i)
      file.unary("/shop.v1.Cart/Add", {"shop.v1.Item", field(1, "s")}, {"shop.v1.Cart", field(1, "c")});
    Shown s(file);
    const int height = s.table.rowHeight(0);
    const int tail = s.table.viewport()->height() % height;  // of the last row, 6 pixels are to be seen
    s.table.resize(s.table.width(), s.table.height() - tail + 6);
    QTRY_COMPARE(s.table.viewport()->height() % height, 6);
    const int row = s.table.viewport()->height() / height;
    QTest::mouseClick(s.table.viewport(), Qt::LeftButton, {},
                      QPoint(100, s.table.rowViewportPosition(row) + 2));
    QCOMPARE(s.selection.call(), std::optional(static_cast<std::uint32_t>(row)));
    const auto selected = s.table.selectionModel()->selectedRows();
    QCOMPARE(selected.size(), 1);
    QCOMPARE(selected[0].row(), row);
  }

  void homeAndEndGoToTheFirstAndTheLastCall() {
    Shown s(cartFile());
    s.selection.selectCall(1);
    s.table.setFocus();
    QTest::keyClick(&s.table, Qt::Key_End);
    QCOMPARE(s.selection.call(), std::optional(3u));
    QTest::keyClick(&s.table, Qt::Key_Home);
    QCOMPARE(s.selection.call(), std::optional(0u));
  }

  void theLongestStatusFits() {
    Shown s(cartFile());
    const int width = QFontMetrics(s.table.font()).horizontalAdvance(QStringLiteral("✗ FAILED_PRECONDITION"));
    QVERIFY(s.table.columnWidth(static_cast<int>(CallColumn::Status)) >= width + 2 * theme::kGroupGap);
  }

  void keepsACurrentRowAndTheSelectionOverAFilter() {
    Shown s(cartFile());
    s.selection.selectCall(2);
    s.rows.setFilter("cart");
    QVERIFY(s.table.currentIndex().isValid());
    QVERIFY(!s.table.selectionModel()->hasSelection());
    QCOMPARE(s.selection.call(), std::optional(2u));
    s.rows.setFilter({});
    QCOMPARE(s.table.currentIndex().row(), 2);
    QVERIFY(s.table.selectionModel()->hasSelection());
    s.rows.sort(CallColumn::Number, Qt::DescendingOrder);
    QCOMPARE(s.table.currentIndex().row(), 1);
  }

  void sortsByItsHeader() {
    Shown s(cartFile());
    const auto click = [&s](CallColumn column) {
      QHeaderView* header = s.table.horizontalHeader();
      const int x = header->sectionViewportPosition(static_cast<int>(column)) + 12;
      QTest::mouseClick(header->viewport(), Qt::LeftButton, {}, QPoint(x, header->height() / 2));
    };
    click(CallColumn::Status);
    QCOMPARE(s.cell(0, CallColumn::Status), QStringLiteral("✗ NOT_FOUND"));
    click(CallColumn::Number);
    QCOMPARE(s.cell(0, CallColumn::Number), QStringLiteral("1"));
    click(CallColumn::Number);
    QCOMPARE(s.cell(0, CallColumn::Number), QStringLiteral("4"));
  }

  void copiesARowAsText() {
    Shown s(cartFile());
    s.selection.selectCall(1);
    s.table.copy();
    const QString copied = QGuiApplication::clipboard()->text();
    QVERIFY2(copied.startsWith("2\tU\tshop.v1.Cart/Remove\t✗ NOT_FOUND\t7 B\t"), qPrintable(copied));
  }

  void manyCallsStayFluid() {
    // RETAKE_CALLS makes it a measurement; in a debug build this many take a second.
    const int calls =
        qEnvironmentVariableIsSet("RETAKE_CALLS") ? qEnvironmentVariableIntValue("RETAKE_CALLS") : 100'000;
    retake::test::ReplayFile file;
    for (int i = 0; i < calls; ++i)
      file.unary(i % 3 ? "/shop.v1.Cart/Add" : "/shop.v1.Cart/Remove", {"shop.v1.Item", field(1, "s")},
                 {"shop.v1.Cart", field(1, static_cast<std::uint64_t>(i))});
    Shown s(file);
    QElapsedTimer timer;
    const auto took = [&timer](const char* what) {
      qInfo("%s: %lld ms", what, static_cast<long long>(timer.restart()));
    };
    timer.start();
    s.rows.setFilter("method:remove");
    QCOMPARE(s.table.model()->rowCount(), (calls + 2) / 3);
    took("filter");
    s.rows.setFilter({});
    took("no filter");
    s.rows.sort(CallColumn::ResponseSize, Qt::DescendingOrder);
    took("sort by size");
    s.rows.sort(CallColumn::Method, Qt::AscendingOrder);
    took("sort by method");
    s.selection.selectCall(static_cast<std::uint32_t>(calls) - 1);
    took("select");
    s.table.grab();
    took("paint");
  }
};

QTEST_MAIN(tst_CallTable)
#include "tst_call_table.moc"
