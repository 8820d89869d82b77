#include <QTest>

#include "filter/query.h"

using namespace retake;

namespace {

QString words(const QString& text) {
  const auto query = Query::parse(text.toStdString());
  return query ? QString::fromStdString(query->inWords()) : QString::fromStdString(query.error().message);
}

}  // namespace

class tst_Query : public QObject {
  Q_OBJECT

 private slots:
  void readsAs_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("words");
    const auto row = [](const char* text, const char* reading) { QTest::newRow(text) << text << reading; };
    row("status:NOT_FOUND dur>250ms", "status is NOT_FOUND and duration is over 250 ms");
    row("checkout status:NOT_FOUND,INTERNAL dur>250ms",
        "anything contains \"checkout\" and status is NOT_FOUND or INTERNAL and duration is over 250 ms");
    row("method~/^\\/shop\\.v1\\./ -status:OK", "method matches /^/shop\\.v1\\./ and status is not OK");
    row("resp.items[*].sku=\"A-17\" or size>1MB", "response items[*].sku is \"A-17\" or size is over 1 MB");
    row("kind:ws dir:in text:tick", "kind is websocket and direction is in and text contains \"tick\"");

    // Every field, with what its friendly colon means.
    row("method:Add", "method contains \"Add\"");
    row("service:shop.v1", "service contains \"shop.v1\"");
    row("status:not_found,5,NotFound", "status is NOT_FOUND or NOT_FOUND or NOT_FOUND");
    row("status:open", "status is open");
    row("status:77", "status is CODE_77");
    row("kind:unary,server,c,bidi",
        "kind is unary or server stream or client stream or bidirectional stream");
    row("kind:stream", "kind is server stream or client stream or bidirectional stream");
    row("kind=\"server stream\"", "kind is server stream");
    row("dir:in,out", "direction is in or out");
    row("dur:1ms..5ms", "duration is from 1 ms to 5 ms");
    row("dur:1..5ms", "duration is from 1 ms to 5 ms");
    row("dur:5ms..", "duration is at least 5 ms");
    row("dur:..5ms", "duration is at most 5 ms");
    row("dur:0", "duration is 0");
    row("start<1.5m", "time since the beginning is under 1.5 m");
    row("size>=4KiB", "size is at least 4 KiB");
    row("req.size<=100", "request size is at most 100");
    row("resp.size!=0B", "response size is not 0 B");
    row("msgs:3", "number of messages is 3");
    row("id:3,7..9", "call number is 3 or from 7 to 9");
    row("#12", "call number is 12");
    row("text:tick", "text contains \"tick\"");
    row("req.text~tick", "request text matches /tick/");
    row("resp.text=\"a b\"", "response text is \"a b\"");
    row("meta.X-Request-Id:abc", "request metadata x-request-id contains \"abc\"");
    row("meta.*:abc", "request metadata contains \"abc\"");
    row("trailer.retry!=\"\"", "a trailer retry is not \"\"");
    row("req.user.id=5", "request user.id is 5");
    row("resp.1.2[*].3>1.5", "response 1.2[*].3 is over 1.5");
    row("msg.**.token~/^ey/c", "message **.token matches /^ey/c");
    row("msg.any<pkg.Type>.x:a,b", "message any<pkg.Type>.x contains \"a\" or \"b\"");
    row("msg.labels[\"a b\"]=x", "message labels[\"a b\"] is \"x\"");
    row("msg.a<5", "message a is under 5");
    row("msg.a:2024-01-01..2024-02-01", "message a is from 2024-01-01 to 2024-02-01");
    row("msg.a:2024-01-01T00:00:00Z..", "message a is at least 2024-01-01T00:00:00Z");
    row("msg.size:7", "message size is 7");
    row("req.[pkg.ext]=1", "request [pkg.ext] is 1");

    // Every flag.
    row("edited scrubbed error stream",
        "it is edited and it is scrubbed and it ended in an error and it is a "
        "stream");
    row("used missed undecodable", "it is used and it is missed and it is undecodable");
    row("is:edited,error", "it is edited or it ended in an error");
    row("-is:edited !used", "it is not edited and it is not used");
    row("is!=edited", "it is not edited");

    // Words that stand for themselves.
    row("checkout", "anything contains \"checkout\"");
    row("\"an error\"", "anything contains \"an error\"");
    row("\"error\"", "anything contains \"error\"");
    row("\"say \\\"a\\\\b\\\" \\n\\t\\x41\"", "anything contains \"say \"a\\b\" \\n\\tA\"");
    row("/a|b c/", "anything matches /a|b c/");
    row("/[/]x/c", "anything matches /[/]x/c");
    row("/shop.v1.Cart/Add", "anything contains \"/shop.v1.Cart/Add\"");
    row("method=/shop.v1.Cart/Add", "method is \"/shop.v1.Cart/Add\"");
    row("method:/^.shop/", "method matches /^.shop/");
    row("status", "anything contains \"status\"");
    row("Grüße", "anything contains \"Grüße\"");
    row("-checkout", "nothing contains \"checkout\"");
    row("a-b", "anything contains \"a-b\"");

    // How terms hang together.
    row("a b and c AND d",
        "anything contains \"a\" and anything contains \"b\" and anything contains \"c\" and "
        "anything contains \"d\"");
    row("a or b c", "anything contains \"a\" or (anything contains \"b\" and anything contains \"c\")");
    row("(a|b) c", "(anything contains \"a\" or anything contains \"b\") and anything contains \"c\"");
    row("not (a b)", "not (anything contains \"a\" and anything contains \"b\")");
    row("not not a", "anything contains \"a\"");
    row("!-a", "anything contains \"a\"");
    row("not(a)", "nothing contains \"a\"");
    row("((a))", "anything contains \"a\"");
    row("-resp.a=1", "no response a is 1");
    row("resp.a!=1", "a response a is not 1");
    row("-resp.a!=1", "no response a is not 1");
    row("method!~/x/", "method does not match /x/");
    row("-method!~/x/", "method matches /x/");
    row("-text:x", "no text contains \"x\"");
    row("-dur>5ms", "duration is not over 5 ms");

    // Spaces that people leave.
    row("  dur > 250ms  ", "duration is over 250 ms");
    row("status : OK", "status is OK");
    row("resp.a = 5", "response a is 5");
    row("meta.a : b", "request metadata a contains \"b\"");
    row("Trailer.a != b", "a trailer a is not \"b\"");
    row("STATUS:ok Kind:U", "status is OK and kind is unary");
    row("", "");
    row("   ", "");
  }
  void readsAs() {
    QFETCH(QString, text);
    QTEST(words(text), "words");
  }

  void saysWhatIsWrong_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("caret");
    QTest::addColumn<QString>("message");
    const auto row = [](const char* text, int caret, const char* message) {
      QTest::newRow(text) << text << caret
                          << QStringLiteral("filter: column %1: %2").arg(caret + 1).arg(message);
    };
    row("status:NOTFOND", 7, "expected a status, found \"NOTFOND\"; did you mean \"NOT_FOUND\"?");
    row("a kind:x", 7,
        "expected a kind, found \"x\": there are unary, server stream, client stream, bidirectional stream, "
        "websocket");
    row("dir:up", 4, "expected a direction, found \"up\": there are in, out");
    row("dur>250", 4, "expected a time with its unit (ns us ms s m), such as 250ms, found \"250\"");
    row("dur>5MB", 4, "expected a time with its unit (ns us ms s m), such as 250ms, found \"5MB\"");
    row("dur>", 4, "expected a value, found the end");
    row("dur>5ms size>5ms", 13, "expected a size (B kB KiB MB MiB), such as 4kB, found \"5ms\"");
    row("size:2024-01-01..", 5, "expected a size (B kB KiB MB MiB), such as 4kB, found \"2024-01-01..\"");
    row("msgs:many", 5, "expected a number, found \"many\"");
    row("id:1..x", 3, "expected a number, found \"1..x\"");
    row("stat:OK", 0, "expected a field, found \"stat\"; did you mean \"start\"?");
    row("http://x", 0,
        "expected a field, found \"http\": fields are method, service, status, kind, dir, dur and 15 more; "
        "put a text with \":\" in quotes to look for it");
    row("is:edit", 3,
        "expected one of edited, scrubbed, error, stream, used, missed and undecodable, found "
        "\"edit\"");
    row("is:editd", 3,
        "expected one of edited, scrubbed, error, stream, used, missed and undecodable, found \"editd\"; did "
        "you mean \"edited\"?");
    row("method<a", 6, "expected one of = != ~ !~ : behind \"method\", found \"<a\"");
    row("dur~5ms", 3, "expected one of = != < <= > >= : behind \"dur\", found \"~5ms\"");
    row("(a", 0, "expected \")\" for this \"(\", found the end");
    row("a)", 1, "expected \"and\", \"or\" or the end, found \")\"");
    row("a or", 4, "expected something to look for, found the end");
    row("or a", 0, "expected something to look for, found \"or\"; put it in quotes to look for the word");
    row("a and and b", 6,
        "expected something to look for, found \"and\"; put it in quotes to look for the word");
    row("not", 3, "expected something to look for, found the end");
    row("()", 1, "expected something to look for, found \")\"");
    row("\"abc", 0, "expected a closing quote for this one, found the end");
    row("\"a\\q\"", 2, "expected one of \\\" \\\\ \\n \\r \\t and \\xNN, found \"\\q\"\"");
    row("method~/(/", 7, "expected a regular expression, found \"(\": missing ): (");
    row("method~(a|b)", 7,
        "expected a value, found \"(a|b)\"; a text with parentheses goes in quotes, a regular expression "
        "between slashes");
    row("resp.a[", 7, "expected a number, a key in quotes or \"*\", found the end");
    row("resp.items", 10, "expected one of = != < <= > >= ~ !~ : behind \"resp.items\", found the end");
    row("resp.=5", 5, "expected a field's name or number, \"*\" or \"**\", found the end");
    row("resp.a</x/", 7, "expected a value to compare with, found a regular expression");
    row("meta.=x", 5, "expected the key of metadata, or *, found \"=x\"");
    row("\"\"", 0, "expected a text, found an empty one");
    row("a status:", 9, "expected a value, found the end");
    row("status:OK,", 10, "expected a value, found the end");
  }
  void saysWhatIsWrong() {
    QFETCH(QString, text);
    const auto query = Query::parse(text.toStdString());
    QVERIFY(!query);
    QTEST(QString::fromStdString(query.error().message), "message");
    QTEST(static_cast<int>(query.error().offset.value()), "caret");
  }

  void withstandsAnything() {
    QVERIFY(!Query::parse(std::string(100'000, '(')));
    QVERIFY(Query::parse(std::string(100'001, '-') + "a"));
    QVERIFY(!Query::parse("a\xff"));
    QVERIFY(!Query::parse(std::string_view("method~/" + std::string(20'000, '(') + "/")));
    const std::string signs = "a\"/\\()[]<>=!~:|,.*-#& \t5";
    unsigned state = 1;
    for (int i = 0; i < 20'000; ++i) {
      std::string text;
      const char* const starts[] = {"", "resp.", "status:", "method~", "dur>", "meta.a=", "is:", "not "};
      text += starts[(state = state * 1664525 + 1013904223) >> 29u];
      for (int k = 0; k < 12; ++k)
        text += signs[((state = state * 1664525 + 1013904223) >> 16u) % signs.size()];
      const auto query = Query::parse(text);
      if (query)
        (void)query->inWords();
      else
        QVERIFY2(query.error().offset && *query.error().offset <= text.size(), text.c_str());
    }
  }

  void knowsItsCost_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("cost");
    QTest::addColumn<bool>("onlyRequest");
    QTest::newRow("everything") << "" << int(QueryCost::Index) << true;
    QTest::newRow("method") << "method:a -kind:unary" << int(QueryCost::Index) << true;
    QTest::newRow("status") << "status:OK" << int(QueryCost::Index) << false;
    QTest::newRow("duration") << "dur>5ms" << int(QueryCost::Bytes) << false;
    QTest::newRow("word") << "checkout" << int(QueryCost::Bytes) << true;
    QTest::newRow("word of a status") << "found" << int(QueryCost::Bytes) << false;
    QTest::newRow("request path") << "req.a=1 method:b" << int(QueryCost::Decoding) << true;
    QTest::newRow("response path") << "req.a=1 or resp.a=1" << int(QueryCost::Decoding) << false;
    QTest::newRow("metadata") << "meta.a=1 dir:out" << int(QueryCost::Bytes) << true;
    QTest::newRow("trailer") << "-trailer.a=1" << int(QueryCost::Bytes) << false;
  }
  void knowsItsCost() {
    QFETCH(QString, text);
    const auto query = Query::parse(text.toStdString());
    QVERIFY(query);
    QTEST(static_cast<int>(query->cost()), "cost");
    QTEST(query->needsOnlyRequest(), "onlyRequest");
  }

  // What is no regular expression is found to be none without a look at all that follows, each time.
  void aLongTextIsReadAtOnce() {
    std::string text;
    for (int i = 0; i < 40'000; ++i) text += "/[ ";
    QVERIFY(Query::parse(text));
  }
};

QTEST_GUILESS_MAIN(tst_Query)
#include "tst_query.moc"
