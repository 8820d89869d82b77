#include <QTemporaryDir>
#include <QtTest>
#include <fstream>
#include <set>

#include "schema/sources.h"
#include "scrub/rule_library.h"
#include "scrub/rule_paths.h"
#include "scrub/scrub_settings.h"

using namespace retake;

namespace {

const std::shared_ptr<const Schema>& shop() {
  static const auto schema = [] {
    const QTemporaryDir folder;
    const std::string path = folder.filePath("shop.proto").toStdString();
    std::ofstream(path) << R"(
      syntax = "proto3";
      package shop;
      message Item { string sku = 1; map<string, string> labels = 2; bytes blob = 3; int32 count = 4; }
      message AddRequest { repeated Item items = 1; Item first = 2; string body = 3; }
      message Added { string order_number = 1; }
      message Other { string unused = 1; }
      service Cart { rpc Add(AddRequest) returns (Added); }
    )";
    const std::vector<std::string> places{path};
    return *loadSchema(places);
  }();
  return schema;
}

ScrubRule fieldRule(const std::string& path) {
  return {.name = "n", .where = {.place = ScrubWhere::Place::Field, .path = path}};
}

}  // namespace

class tst_RuleLibrary : public QObject {
  Q_OBJECT

 private slots:
  void everySetIsReadyToUse() {
    std::set<std::string> names;
    QVERIFY(ruleLibrary().size() >= 5);
    for (const RuleSet& set : ruleLibrary()) {
      const auto rules = parseScrubRules(set.text);
      QVERIFY2(rules, rules ? "" : (std::string(set.id) + ":" + rules.error().message).c_str());
      QVERIFY(!rules->empty());
      QVERIFY(!set.title.empty() && set.title.find('.') == std::string::npos);
      QVERIFY(set.description.ends_with('.'));
      for (const ScrubRule& rule : *rules) {
        QVERIFY(rule.on);
        QVERIFY2(names.insert(rule.name).second, rule.name.c_str());
      }
    }
  }

  void isNamedWhereAFileIs() {
    const auto rules = readScrubRules("library:identifiers");
    QVERIFY(rules);
    QVERIFY(*rules == ruleSet("identifiers")->rules);
    QCOMPARE(readScrubRules("library:credential").error().message,
             "library:credential: expected a set of the rule library (credentials, personal, identifiers, "
             "times, all_text), found \"credential\"; did you mean \"credentials\"?");
  }

  void putsAllRulesOfAWorkspaceInOrder() {
    const QTemporaryDir folder;
    const std::string file = folder.filePath("r").toStdString();
    std::ofstream(file) << "rule { name: 'b' any: STRING mask {} }";
    ScrubSettings settings{.rules = {{.name = "a", .where = {.pattern = "x"}}},
                           .ruleFiles = {file, "library:identifiers"}};
    const auto rules = allRules(settings);
    QVERIFY2(rules, rules ? "" : rules.error().message.c_str());
    QCOMPARE(rules->size(), 3u);
    QCOMPARE(rules->at(0).name, "a");
    QCOMPARE(rules->at(1).name, "b");
    QCOMPARE(rules->at(2).name, "UUIDs");

    settings.rules[0].name = "b";
    std::ofstream(file + "2") << "rule { name: 'c' }";
    settings.ruleFiles.push_back(file + "2");
    const QStringList lines = QString::fromStdString(allRules(settings).error().message).split('\n');
    QCOMPARE(lines.size(), 2);
    QCOMPARE(lines[0].toStdString(),
             file + ": rule \"b\": expected a name that no rule before has, found it in the workspace");
    QVERIFY(lines[1].startsWith(QString::fromStdString(file + "2:1:1: rule \"c\": ")));
  }

  void readsTheKeyWhereItIs() {
    const QTemporaryDir folder;
    const std::string file = folder.filePath("key").toStdString();
    std::ofstream(file) << "0123456789abcdef\n";
    QVERIFY(!keyOf({}).value().has_value());
    const auto fromFile = keyOf({.keyFile = file});
    QVERIFY(fromFile);
    qputenv("RETAKE_TEST_KEY", "0123456789abcdef");
    const auto fromVariable = keyOf({.keyVariable = "RETAKE_TEST_KEY"});
    QVERIFY(fromVariable);
    QCOMPARE((*fromFile)->hmac("a", "b"), (*fromVariable)->hmac("a", "b"));
    QVERIFY(!keyOf({.keyVariable = "RETAKE_TEST_NO_KEY"}));
    QVERIFY(!keyOf({.keyFile = file + "x"}));
    qputenv("RETAKE_TEST_KEY", "short s3cret");
    const auto tooShort = keyOf({.keyVariable = "RETAKE_TEST_KEY"});
    QVERIFY(!tooShort);
    QVERIFY(tooShort.error().message.find("s3cret") == std::string::npos);
  }

  void saysWhatIsNearAPath_data() {
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("why");
    const auto row = [](const char* path, const char* why) { QTest::newRow(path) << path << why; };
    row("items[*].sku", "");
    row("first.labels[\"a\"]", "");
    row("order_number", "");
    row("orderNumber", "");
    row("**.nothing", "");
    row("1.2", "");
    row("77.nothing", "");
    row("body.user.email", "");
    row("first.blob.1.2", "");
    row("first.labels[*].deep", "");
    row("*.sku", "");
    row("items[*].sk", "field path \"items[*].sk\": shop.Item has no field \"sk\"; did you mean \"sku\"?");
    row("order_nummer",
        "field path \"order_nummer\": shop.Added has no field \"order_nummer\"; did you mean "
        "\"order_number\"?");
    row("unused", "field path \"unused\": shop.AddRequest has no field \"unused\"; it has items, first, body");
    row("first.count.x",
        "field path \"first.count.x\": \"first.count\" is no message, so nothing is inside of it");
    row("a..b",
        "field path \"a..b\": column 3: expected a field's name or number, \"*\" or \"**\", found \".\"");
  }
  void saysWhatIsNearAPath() {
    QFETCH(QString, path);
    QFETCH(QString, why);
    QCOMPARE(QString::fromStdString(whyLeadsNowhere(fieldRule(path.toStdString()), *shop())), why);
    if (!why.contains("column")) {
      QCOMPARE(whyLeadsNowhere(fieldRule(path.toStdString()), *Schema::builtin()), "");
    }
  }

  void saysWhatIsNearAMessageType() {
    ScrubRule rule{.name = "n", .where = {.place = ScrubWhere::Place::MessageType, .path = "shop.Itm"}};
    QCOMPARE(whyLeadsNowhere(rule, *shop()),
             "message type \"shop.Itm\": the schema has none of this name; did you mean \"shop.Item\"?");
    for (const char* known : {"shop.Item", "google.protobuf.Timestamp"}) {
      rule.where.path = known;
      QCOMPARE(whyLeadsNowhere(rule, *shop()), "");
    }
  }
};

QTEST_GUILESS_MAIN(tst_RuleLibrary)
#include "tst_rule_library.moc"
