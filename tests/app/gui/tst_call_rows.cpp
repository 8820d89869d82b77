#include "calls/call_rows.h"

#include <QTest>
#include <numeric>
#include <random>

#include "calls/call_text.h"
#include "calls/radix_sort.h"
#include "calls/used_calls.h"
#include "opened_document.h"
#include "support/replay_file.h"

using namespace retake;
using namespace retake::gui;
using retake::test::cartFile;
using retake::test::field;
using retake::test::OpenedDocument;
using Rows = std::vector<std::uint32_t>;

class tst_CallRows : public QObject {
  Q_OBJECT
 private slots:
  void showsAllInRecordedOrder() {
    OpenedDocument o;
    CallRows rows(o.document);
    QVERIFY(rows.rows().empty());
    QVERIFY(o.open(cartFile()));
    QCOMPARE(rows.rows(), (Rows{0, 1, 2, 3}));
    QCOMPARE(rows.total(), 4u);
    QVERIFY(!rows.isFiltered());
  }

  void filters_data() {
    QTest::addColumn<QString>("filter");
    QTest::addColumn<QVector<quint32>>("shown");
    const QVector<quint32> all{0, 1, 2, 3};
    QTest::newRow("nothing") << "" << all;
    QTest::newRow("blanks") << "   " << all;
    QTest::newRow("method") << "Remove" << QVector<quint32>{1};
    QTest::newRow("any case") << "rEmOvE" << QVector<quint32>{1};
    QTest::newRow("service") << "shop.v1.cart" << QVector<quint32>{0, 1, 3};
    QTest::newRow("status") << "not_found" << QVector<quint32>{1};
    QTest::newRow("open") << "open" << QVector<quint32>{3};
    QTest::newRow("kind") << "kind:server" << QVector<quint32>{2};
    QTest::newRow("several words") << "cart open" << QVector<quint32>{3};
    QTest::newRow("number") << "#2" << QVector<quint32>{1};
    QTest::newRow("numbers") << "id:2..3" << QVector<quint32>{1, 2};
    QTest::newRow("no such number") << "#12" << QVector<quint32>{};
    QTest::newRow("no such word") << "checkout" << QVector<quint32>{};
    QTest::newRow("fields") << "status:NOT_FOUND or msgs>3" << QVector<quint32>{1};
    QTest::newRow("content") << "-msg.1=a" << QVector<quint32>{0, 1, 3};
  }
  void filters() {
    QFETCH(QString, filter);
    QFETCH(QVector<quint32>, shown);
    OpenedDocument o;
    CallRows rows(o.document);
    QVERIFY(o.open(cartFile()));
    rows.setFilter(filter);
    QCOMPARE(rows.rows(), Rows(shown.begin(), shown.end()));
    for (std::uint32_t call = 0; call < rows.total(); ++call) {
      QCOMPARE(rows.contains(call), shown.contains(call));
      QCOMPARE(rows.rowOf(call).value_or(-1), static_cast<int>(shown.indexOf(call)));
    }
  }

  void aWrongFilterKeepsTheRows() {
    OpenedDocument o;
    CallRows rows(o.document);
    QVERIFY(o.open(cartFile()));
    QSignalSpy said(&rows, &CallRows::filterChanged);
    rows.setFilter("status:NOT_FOUND");
    QCOMPARE(rows.rows(), Rows{1});
    QVERIFY(!rows.filterError());
    rows.setFilter("status:NOT_FOUN");
    QCOMPARE(rows.rows(), Rows{1});
    QVERIFY(rows.isFiltered());
    QVERIFY(rows.filterError());
    QCOMPARE(rows.filterError()->offset.value(), std::uint64_t{7});
    QCOMPARE(QString::fromStdString(rows.query().text()), QStringLiteral("status:NOT_FOUND"));
    QCOMPARE(said.size(), 2);
    rows.setFilter({});
    QCOMPARE(rows.rows(), (Rows{0, 1, 2, 3}));
    QVERIFY(!rows.filterError());
  }

  void knowsWhatWasEditedAndUsed() {
    OpenedDocument o;
    CallRows rows(o.document);
    UsedCalls used;
    rows.showUse(used);
    QVERIFY(o.open(cartFile()));
    rows.setFilter("edited");
    QVERIFY(rows.rows().empty());
    QCOMPARE(o.document.push(ReplaceStatus{o.idAt(3), Status{7, "not yours", {}}}), std::nullopt);
    QCOMPARE(rows.rows(), Rows{1});
    o.document.undoStack().undo();
    QVERIFY(rows.rows().empty());
    rows.setFilter("-used");
    QCOMPARE(rows.rows().size(), std::size_t{4});
    const auto& s = o.document.snapshot();
    used.add({s.recording->info((*s.calls)[2].first).id});
    QTRY_COMPARE(rows.rows(), (Rows{0, 1, 3}));
    rows.setFilter("used");
    QCOMPARE(rows.rows(), Rows{2});
    used.clear();
    QVERIFY(rows.rows().empty());
  }

  // More content than is searched at once.
  static retake::test::ReplayFile largeFile() {
    retake::test::ReplayFile file;
    const std::string filling(1000, 'x');
    for (int i = 0; i < 12'000; ++i)
      file.unary("/t.S/M" + std::to_string(i % 2), {"t.Q", field(1, filling)},
                 retake::test::Message{"t.A", field(1, i % 4000 == 7 ? "a needle" : "hay")});
    return file;
  }

  void searchesContentOnAnotherThread() {
    OpenedDocument o;
    CallRows rows(o.document);
    QVERIFY(o.open(largeFile()));
    rows.setFilter("method:M1");
    QCOMPARE(rows.rows().size(), std::size_t{6000});
    rows.setFilter("text:needle");
    QVERIFY(rows.isSearching());
    QCOMPARE(rows.rows().size(), std::size_t{6000});  // until something is found
    QTRY_VERIFY(!rows.isSearching());
    QCOMPARE(rows.rows(), (Rows{7, 4007, 8007}));
    QVERIFY(!rows.wasStopped());
    rows.setFilter("text:nothing-has-this");
    QTRY_VERIFY(!rows.isSearching());
    QVERIFY(rows.rows().empty());
    // The last of many is what counts.
    for (const char* text : {"n", "ne", "nee", "text:needle method:M1"}) rows.setFilter(text);
    QTRY_VERIFY(!rows.isSearching());
    QCOMPARE(rows.rows(), (Rows{7, 4007, 8007}));
    // What the index answers ends a search.
    rows.setFilter("text:hay");
    rows.setFilter("#1");
    QVERIFY(!rows.isSearching());
    QCOMPARE(rows.rows(), Rows{0});
  }

  void anEditIsFoundWithoutAnotherSearch() {
    OpenedDocument o;
    CallRows rows(o.document);
    QVERIFY(o.open(largeFile()));
    rows.setFilter("text:needle");
    QTRY_VERIFY(!rows.isSearching());
    QCOMPARE(o.document.push(ReplaceMessage{o.idAt(1), field(1, "needle"), {}}), std::nullopt);
    QVERIFY(!rows.isSearching());
    QCOMPARE(rows.rows(), (Rows{0, 7, 4007, 8007}));
    o.document.undoStack().undo();
    QCOMPARE(rows.rows(), (Rows{7, 4007, 8007}));
  }

  void aSearchThatIsStoppedSaysSo() {
    OpenedDocument o;
    CallRows rows(o.document);
    QVERIFY(o.open(largeFile()));
    rows.setFilter("undecodable or text~/[ab]{3}/");
    QVERIFY(rows.isSearching());
    rows.stopSearch();
    QTRY_VERIFY(!rows.isSearching());
    QVERIFY(rows.wasStopped());
    rows.setFilter({});
    QVERIFY(!rows.wasStopped());
  }

  void sorts_data() {
    QTest::addColumn<int>("column");
    QTest::addColumn<QVector<quint32>>("ascending");
    const auto column = [](CallColumn c) { return static_cast<int>(c); };
    QTest::newRow("number") << column(CallColumn::Number) << QVector<quint32>{0, 1, 2, 3};
    QTest::newRow("kind") << column(CallColumn::Kind) << QVector<quint32>{0, 1, 3, 2};
    QTest::newRow("method") << column(CallColumn::Method) << QVector<quint32>{0, 3, 1, 2};
    QTest::newRow("status") << column(CallColumn::Status) << QVector<quint32>{0, 2, 3, 1};
    QTest::newRow("response") << column(CallColumn::ResponseSize) << QVector<quint32>{3, 0, 1, 2};
    QTest::newRow("messages") << column(CallColumn::Messages) << QVector<quint32>{1, 3, 0, 2};
  }
  void sorts() {
    QFETCH(int, column);
    QFETCH(QVector<quint32>, ascending);
    OpenedDocument o;
    CallRows rows(o.document);
    QVERIFY(o.open(cartFile()));
    rows.sort(static_cast<CallColumn>(column), Qt::AscendingOrder);
    QCOMPARE(rows.rows(), Rows(ascending.begin(), ascending.end()));
    // Descending turns the order of values around, not that of equal ones.
    rows.sort(static_cast<CallColumn>(column), Qt::DescendingOrder);
    QCOMPARE(rows.rows().size(), rows.total());
    if (static_cast<CallColumn>(column) == CallColumn::Method) QCOMPARE(rows.rows(), (Rows{2, 1, 0, 3}));
  }

  void staysSortedAndFilteredOverAnEdit() {
    OpenedDocument o;
    CallRows rows(o.document);
    QVERIFY(o.open(cartFile()));
    rows.setFilter("not_found");
    QSignalSpy changed(&rows, &CallRows::changed);
    QCOMPARE(o.document.push(ReplaceStatus{o.idAt(3), Status{7, "not yours", {}}}), std::nullopt);
    QVERIFY(rows.rows().empty());
    o.document.undoStack().undo();
    QCOMPARE(rows.rows(), Rows{1});
    QCOMPARE(changed.size(), 2);
    rows.setFilter({});
    rows.sort(CallColumn::Edits, Qt::DescendingOrder);
    QCOMPARE(o.document.push(ReplaceMessage{o.idAt(7), field(1, "c"), {}}), std::nullopt);
    QCOMPARE(rows.rows().front(), 2u);
    QCOMPARE(rows.editsOf(2), 1u);
    QCOMPARE(rows.editsOf(0), 0u);
  }

  void anEditAloneDoesNotMoveTheRows() {
    OpenedDocument o;
    CallRows rows(o.document);
    QVERIFY(o.open(cartFile()));
    QSignalSpy changed(&rows, &CallRows::changed);
    QCOMPARE(o.document.push(ReplaceStatus{o.idAt(3), Status{7, "not yours", {}}}), std::nullopt);
    QCOMPARE(changed.size(), 0);
    QCOMPARE(rows.facts()[1].code, 7u);
  }

  void sortsByKeysStably() {
    std::mt19937 random(1);  // NOLINT: the same each time
    for (const std::uint64_t range : {std::uint64_t{3}, std::uint64_t{70'000}, ~std::uint64_t{0}}) {
      Rows values(5000);
      std::iota(values.begin(), values.end(), 0u);
      std::vector<std::uint64_t> keys(values.size());
      std::uniform_int_distribution<std::uint64_t> any(0, range);
      for (auto& key : keys) key = any(random);
      Rows expected = values;
      std::stable_sort(expected.begin(), expected.end(), [&](auto a, auto b) { return keys[a] < keys[b]; });
      sortByKey(values, keys);
      QCOMPARE(values, expected);
    }
    Rows none;
    sortByKey(none, {});
    QVERIFY(none.empty());
  }

  void writesSizes_data() {
    QTest::addColumn<quint64>("bytes");
    QTest::addColumn<QString>("text");
    QTest::newRow("0") << quint64{0} << "0\u2009B";
    QTest::newRow("999") << quint64{999} << "999\u2009B";
    QTest::newRow("1000") << quint64{1000} << "1.0\u2009kB";
    QTest::newRow("9949") << quint64{9949} << "9.9\u2009kB";
    QTest::newRow("9950") << quint64{9950} << "10\u2009kB";
    QTest::newRow("999499") << quint64{999'499} << "999\u2009kB";
    QTest::newRow("999500") << quint64{999'500} << "1.0\u2009MB";
    QTest::newRow("4 GiB") << quint64{1} * (quint64{1} << 32) << "4.3\u2009GB";
  }
  void writesSizes() {
    QFETCH(quint64, bytes);
    QLocale::setDefault(QLocale::c());
    QTEST(sizeText(bytes), "text");
  }

  void splitsMethods_data() {
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("service");
    QTest::addColumn<QString>("method");
    QTest::newRow("usual") << "/shop.v1.Cart/Add"
                           << "shop.v1.Cart"
                           << "Add";
    QTest::newRow("empty") << ""
                           << ""
                           << "";
    QTest::newRow("no slash") << "Add"
                              << ""
                              << "Add";
    QTest::newRow("one slash") << "/Add"
                               << ""
                               << "/Add";
    QTest::newRow("ends in a slash") << "/shop/"
                                     << ""
                                     << "/shop/";
    QTest::newRow("more slashes") << "/a/b/c"
                                  << "a/b"
                                  << "c";
  }
  void splitsMethods() {
    QFETCH(QString, path);
    const MethodParts parts = methodParts(path.toStdString());
    QTEST(parts.service, "service");
    QTEST(parts.method, "method");
  }
};

QTEST_MAIN(tst_CallRows)
#include "tst_call_rows.moc"
