#include <QTest>

#include "filter/compose_query.h"
#include "filter/query.h"
#include "filter/query_node.h"

using namespace retake;

class tst_ComposeQuery : public QObject {
  Q_OBJECT

 private slots:
  void joins_data() {
    QTest::addColumn<QString>("query");
    QTest::addColumn<QString>("term");
    QTest::addColumn<QStringList>("joined");  // only, and, or, not
    const auto row = [](const char* query, const char* term, const QStringList& joined) {
      QTest::addRow("%s with %s", query, term) << query << term << joined;
    };
    row("", "status:OK", {"status:OK", "status:OK", "status:OK", "-status:OK"});
    row(" a b ", "status:OK", {"status:OK", "a b status:OK", "a b or status:OK", "a b -status:OK"});
    row("a or b", "c", {"c", "(a or b) c", "a or b or c", "(a or b) -c"});
    row("a", "b or c", {"b or c", "a (b or c)", "a or b or c", "a -(b or c)"});
    row("a", "b c", {"b c", "a b c", "a or b c", "a -(b c)"});
    row("dur>", "c", {"c", "c", "c", "-c"});  // what cannot be read is no filter
  }
  void joins() {
    QFETCH(QString, query);
    QFETCH(QString, term);
    QStringList joined;
    for (const auto join : {QueryJoin::Only, QueryJoin::And, QueryJoin::Or, QueryJoin::Not})
      joined << QString::fromStdString(composeQuery(query.toStdString(), term.toStdString(), join));
    QTEST(joined, "joined");
    for (const QString& text : joined) QVERIFY(Query::parse(text.toStdString()));
  }

  void valuesAreReadBackAsTheyWere_data() {
    QTest::addColumn<QByteArray>("value");
    for (const char* value : {"abc", "", "a b", "A-17", "1..5", "/x/", "\"", "a\\b", "a\nb\tc\r", "(", "a,b",
                              "or", "Grüße", "\x01", "a|b", "user@host.org", "a/b", "-x", "!x"})
      QTest::newRow(value) << QByteArray(value);
  }
  void valuesAreReadBackAsTheyWere() {
    QFETCH(QByteArray, value);
    const std::string text = value.toStdString();
    for (const char* field : {"msg.a=", "msg.a:", "meta.k!="}) {
      const auto query = Query::parse(field + queryValue(text));
      QVERIFY(query);
      QVERIFY(query->root()->kind == Query::Node::Kind::Term);
      const auto* path = std::get_if<PathTerm>(&query->root()->term);
      const auto& tests = path ? path->tests : std::get<MetadataTerm>(query->root()->term).tests;
      QCOMPARE(tests.any.size(), std::size_t{1});
      QCOMPARE(QByteArray::fromStdString(tests.any.front().text), value);
    }
  }
};

QTEST_GUILESS_MAIN(tst_ComposeQuery)
#include "tst_compose_query.moc"
