#include <QTemporaryDir>
#include <QtTest>
#include <fstream>

#include "scrub/rule.h"

using namespace retake;
using Place = ScrubWhere::Place;
using Kind = ScrubAction::Kind;

Q_DECLARE_METATYPE(retake::ScrubRule)

namespace {

QString complaintOf(const std::string& text) {
  const auto rules = parseScrubRules(text);
  return rules ? QString() : QString::fromStdString(rules.error().message);
}

}  // namespace

class tst_ScrubRule : public QObject {
  Q_OBJECT

 private slots:
  void readsWhatAPersonWrites() {
    const auto rules = parseScrubRules(
        "# ours\n"
        "rule {\n"
        "  name: \"API keys\"\n"
        "  pattern: \"sk_live_\\\\w+\"\n"
        "  hash {}\n"
        "}\n"
        "rule { name: 'cards' off: true scope: 'method:Pay dir:out' field: 'card.number' fake: CARD_NUMBER "
        "}\n"
        "rule { name: 'last' metadata: 'x-user' keep_last: 2 }\n"
        "rule { name: 'back' message: 'google.protobuf.Timestamp' shift_time: '-1d12h' }\n");
    QVERIFY2(rules, rules ? "" : rules.error().message.c_str());
    QCOMPARE(rules->size(), 4u);
    const ScrubRule keys{.name = "API keys",
                         .where = {.place = Place::AnyText, .pattern = "sk_live_\\w+"},
                         .action = {.kind = Kind::Hash}};
    QVERIFY(rules->at(0) == keys);
    const ScrubRule cards{.on = false,
                          .name = "cards",
                          .scope = "method:Pay dir:out",
                          .where = {.place = Place::Field, .path = "card.number"},
                          .action = {.kind = Kind::Fake, .fake = FakeKind::CardNumber}};
    QVERIFY(rules->at(1) == cards);
    QVERIFY(rules->at(2).where == (ScrubWhere{.place = Place::MetadataKey, .path = "x-user"}));
    QCOMPARE(rules->at(2).action.count, 2u);
    QCOMPARE(rules->at(3).action.shift, std::chrono::hours(-36));
  }

  void readsBackWhatItPrinted_data() {
    QTest::addColumn<ScrubRule>("rule");
    const auto row = [](const char* title, ScrubRule rule) {
      rule.name = title;
      QTest::newRow(title) << rule;
    };
    row("text", {.where = {.pattern = "a\"\\d\n\t\xc3\xbc"}});
    row("off", {.on = false, .where = {.pattern = "a"}});
    row("scope", {.scope = "method:\"a b\" -status:OK", .where = {.pattern = "a"}});
    row("field", {.where = {.place = Place::Field, .path = "a[\"k\\\"\"].b<p.T>.**.1[*]"}});
    row("string", {.where = {.place = Place::AnyString}});
    row("bytes", {.where = {.place = Place::AnyBytes, .pattern = "x"}});
    row("message", {.where = {.place = Place::MessageType, .path = "a.b.C_1"}});
    row("metadata", {.where = {.place = Place::MetadataKey, .path = "*"}});
    row("initial state", {.where = {.place = Place::InitialState}});
    const auto action = [&](const char* title, const ScrubAction& what) {
      row(title, {.where = {.place = Place::AnyString}, .action = what});
    };
    action("replace", {.kind = Kind::Replace, .with = "b\\\n\"c"});
    action("replace by nothing", {.kind = Kind::Replace});
    action("remove", {.kind = Kind::Remove});
    action("keep last", {.kind = Kind::KeepLast, .count = 0});
    action("mask", {.kind = Kind::Mask});
    action("hash", {.kind = Kind::Hash});
    for (int kind = 0; kind <= static_cast<int>(FakeKind::Iban); ++kind)
      action(qPrintable("fake " + QString::number(kind)),
             {.kind = Kind::Fake, .fake = static_cast<FakeKind>(kind)});
    action("shift", {.kind = Kind::ShiftTime, .shift = std::chrono::seconds(-93784)});
  }
  void readsBackWhatItPrinted() {
    QFETCH(ScrubRule, rule);
    const ScrubRules rules = {rule, {.name = "another", .where = {.pattern = "x"}}};
    const std::string text = printScrubRules(rules);
    const auto again = parseScrubRules(text);
    QVERIFY2(again, (text + (again ? "" : again.error().message)).c_str());
    QVERIFY2(*again == rules, text.c_str());
    QCOMPARE(printScrubRules(*again), text);
    QVERIFY(!describe(rule).empty());
  }

  void printsForReview() {
    const ScrubRules rules = {{.name = "keys", .where = {.pattern = "k\\d"}, .action = {.kind = Kind::Hash}},
                              {.on = false,
                               .name = "times",
                               .where = {.place = Place::Field, .path = "at"},
                               .action = {.kind = Kind::ShiftTime, .shift = std::chrono::hours(25)}}};
    QCOMPARE(QString::fromStdString(printScrubRules(rules)),
             "# Scrub rules of Retake (proto/retake/scrub.proto).\n"
             "\n"
             "rule {\n"
             "  name: \"keys\"\n"
             "  pattern: \"k\\\\d\"\n"
             "  hash {\n"
             "  }\n"
             "}\n"
             "\n"
             "rule {\n"
             "  name: \"times\"\n"
             "  off: true\n"
             "  field: \"at\"\n"
             "  shift_time: \"1d1h\"\n"
             "}\n");
    QVERIFY(parseScrubRules(printScrubRules({}))->empty());
  }

  void saysWhatIsWrongAndWhere_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("complaint");
    const auto row = [](const char* title, const char* text, const char* complaint) {
      QTest::newRow(title) << QByteArray(text) << QString(complaint);
    };
    row("no name", "\nrule { pattern: 'a' hash {} }", "2:1: expected a name for rule, found none");
    row("no place", "rule { name: 'n' hash {} }",
        "1:1: rule \"n\": expected where it applies (any, field, message, metadata, initial_state or a "
        "pattern), found nothing");
    row("any text", "rule { name: 'n' any: TEXT hash {} }",
        "1:1: rule \"n\": expected a pattern beside any: TEXT, found none");
    row("no action", "rule { name: 'n' any: STRING }",
        "1:1: rule \"n\": expected an action (redact, replace, remove, keep_last, mask, hash, fake or "
        "shift_time), found none");
    row("name twice", "rule { name: 'n' any: STRING mask {} }\nrule { name: 'n' any: BYTES mask {} }",
        "2:8: expected a name that no rule before has, found \"n\" again");
    row("two actions", "rule { name: 'n' any: STRING mask {}\n hash {} }",
        "2:2: expected one of mask and hash, found both");
    row("two places", "rule { name: 'n' any: STRING field: 'a' hash {} }",
        "1:30: expected one of any and field, found both");
    row("unknown field", "rule { name: 'n' fild: 'a' hash {} }",
        "1:18: expected a field of scrub rule (name, off, scope, any, field, message and 11 more), found "
        "\"fild\"; did you mean \"field\"?");
    row("unknown kind", "rule { name: 'n' any: STRING fake: EMIAL }",
        "1:36: expected GUESS, EMAIL, NAME, UUID, NUMBER, IP_ADDRESS, PHONE, CARD_NUMBER or IBAN for fake, "
        "found \"EMIAL\"; did you mean \"EMAIL\"?");
    row("number for a kind", "rule { name: 'n' any: STRING fake: 99 }",
        "1:30: expected one of its names for fake, found 99");
    row("bad pattern", "rule { name: 'n' pattern: 'a(' hash {} }",
        "1:18: pattern \"a(\": expected a regular expression (RE2), found missing ): a(");
    row("pattern that RE2 lacks", "rule { name: 'n' pattern: '(?=a)' hash {} }",
        "1:18: pattern \"(?=a)\": expected a regular expression (RE2), found invalid perl operator: (?=");
    row("bad path", "rule {\n  name: 'n'\n  field: 'a..b'\n  hash {}\n}",
        "3:3: field path \"a..b\": column 3: expected a field's name or number, \"*\" or \"**\", found "
        "\".\"");
    row("bad type", "rule { name: 'n' message: 'a b' hash {} }",
        "1:18: expected a message type (\"pkg.Message\") for message, found \"a b\"");
    row("bad key", "rule { name: 'n' metadata: 'X-User' hash {} }",
        "1:18: expected a key of metadata in lower case, or \"*\", for metadata, found \"X-User\"");
    row("no initial state", "rule { name: 'n' initial_state: false hash {} }",
        "1:18: expected true for initial_state, found false");
    row("bad shift", "rule { name: 'n' any: STRING shift_time: '3 days' }",
        "1:30: expected a time like \"-400d\" or \"1d12h30m15s\" for shift_time, found \"3 days\"");
    row("all that is wrong", "rule { field: '[' }\nrule { name: 'n' pattern: '*' mask {} }\nfoo: 1",
        "1:8: field path \"[\": column 2: expected the full name of an extension, found the end\n"
        "2:18: pattern \"*\": expected a regular expression (RE2), found no argument for repetition "
        "operator: *\n"
        "3:1: expected a field of the scrub rules (rule), found \"foo\"");
    row("another file", "schema: 'a'", "1:1: expected a field of the scrub rules (rule), found \"schema\"");
  }
  void saysWhatIsWrongAndWhere() {
    QFETCH(QByteArray, text);
    QFETCH(QString, complaint);
    QCOMPARE(complaintOf(text.toStdString()), complaint);
  }

  void saysWhereAScopeIsWrong() {
    const QString text = complaintOf("rule {\n name: 'n'\n scope: 'method:a and )'\n any: STRING mask {}\n}");
    QVERIFY2(text.startsWith("3:2: scope \"method:a and )\": column 14: expected "), qPrintable(text));
    QCOMPARE(text.count('\n'), 0);
  }

  void survivesAnyText_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("deep") << QByteArray("rule {").repeated(200'000);
    QTest::newRow("no text") << QByteArray("RPCReplay\x04\x00\x00\x00\xff\xfe\x80\x00", 17);
    QTest::newRow("far too long") << QByteArray(20'000'000, ' ');
    QTest::newRow("pattern that would be huge")
        << QByteArray("rule { name: 'n' pattern: '((a{1000}){1000}){1000}' mask {} }");
    QTest::newRow("path that is deep")
        << "rule { name: 'n' field: '" + QByteArray("a.").repeated(100'000) + "a' mask {} }";
    QTest::newRow("scope that is deep")
        << "rule { name: 'n' any: STRING mask {} scope: '" + QByteArray("(").repeated(100'000) + "' }";
  }
  void survivesAnyText() {
    QFETCH(QByteArray, text);
    const QString complaint = complaintOf(text.toStdString());
    QVERIFY2(QRegularExpression("^\\d+:\\d+: ").match(complaint).hasMatch(), qPrintable(complaint.left(200)));
  }

  void readsShifts_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<qint64>("seconds");  // 0: an error
    QTest::newRow("days") << "-400d" << qint64{-34560000};
    QTest::newRow("all") << "1d2h3m4s" << qint64{93784};
    QTest::newRow("plus") << "+90m" << qint64{5400};
    QTest::newRow("most") << "-3650000d" << qint64{-315360000000};
    QTest::newRow("beyond the most") << "3650000d1s" << qint64{0};
    QTest::newRow("overflow") << "99999999999999999999d" << qint64{0};
    QTest::newRow("nothing") << "" << qint64{0};
    QTest::newRow("sign alone") << "-" << qint64{0};
    QTest::newRow("two signs") << "--1d" << qint64{0};
    QTest::newRow("no unit") << "5" << qint64{0};
    QTest::newRow("another unit") << "5w" << qint64{0};
    QTest::newRow("order") << "1m1d" << qint64{0};
    QTest::newRow("twice") << "1d1d" << qint64{0};
    QTest::newRow("zero") << "0d" << qint64{0};
  }
  void readsShifts() {
    QFETCH(QString, text);
    QFETCH(qint64, seconds);
    const auto shift = parseShift(text.toStdString());
    QCOMPARE(shift.has_value(), seconds != 0);
    if (!shift) return;
    QCOMPARE(qint64{shift->count()}, seconds);
    QCOMPARE(parseShift(shiftText(*shift))->count(), shift->count());
  }

  void namesTheFileInEachComplaint() {
    const QTemporaryDir folder;
    const std::string path = folder.filePath("rules.textproto").toStdString();
    std::ofstream(path) << "rule { name: 'n' field: '.' hash {} }\nfoo: 1\n";
    const auto rules = readScrubRules(path);
    QVERIFY(!rules);
    const QStringList lines = QString::fromStdString(rules.error().message).split('\n');
    QCOMPARE(lines.size(), 2);
    QVERIFY(lines[0].startsWith(QString::fromStdString(path + ":1:18: field path")));
    QVERIFY(lines[1].startsWith(QString::fromStdString(path + ":2:1: expected a field")));
    QVERIFY(!readScrubRules(folder.filePath("missing").toStdString()));
  }
};

QTEST_GUILESS_MAIN(tst_ScrubRule)
#include "tst_scrub_rule.moc"
