#include <QTest>

#include "match/policy.h"

using namespace retake;

class tst_Policy : public QObject {
  Q_OBJECT

 private slots:
  void aMethodMatches_data() {
    QTest::addColumn<QString>("pattern");
    QTest::addColumn<QString>("method");
    QTest::addColumn<bool>("expected");
    const auto row = [](const char* pattern, const char* method, bool expected) {
      QTest::addRow("%s, %s", pattern, method) << pattern << method << expected;
    };
    row("*", "/a.B/C", true);
    row("*", "", true);
    row("/a.B/C", "/a.B/C", true);
    row("a.B/C", "/a.B/C", true);
    row("/a.B/C", "a.B/C", true);
    row("/a.B/C", "/a.B/Cx", false);
    row("/a.B/C", "/a.B/c", false);
    row("/a.B/*", "/a.B/C", true);
    row("a.B/*", "/a.B/C", true);
    row("a.B/*", "/a.Bx/C", false);
    row("a.B/*", "/x.a.B/C", false);
    row("a.B/*", "/a.B/C/D", false);
  }
  void aMethodMatches() {
    QFETCH(QString, pattern);
    QFETCH(QString, method);
    QFETCH(bool, expected);
    QCOMPARE(methodMatches(pattern.toStdString(), method.toStdString()), expected);
  }

  void rulesAreParsedAndPrinted() {
    for (const char* text : {"/a.B/C:x.y[2]", "a.B/*:**.id", "*:m[\"a:b\"]", "*:1.2"}) {
      const auto rule = parseIgnoreRule(text);
      QVERIFY2(rule, text);
      QCOMPARE(toString(*rule), text);
    }
    for (const char* text : {"/a.B/C:authorization", "*:x-trace-bin", "a.B/*:a_b.c"}) {
      const auto rule = parseMetadataRule(text);
      QVERIFY2(rule, text);
      QCOMPARE(toString(*rule), text);
    }
    QCOMPARE(parseMetadataRule("*:X-Tenant")->key, "x-tenant");
  }

  void whatIsNoRuleIsTold_data() {
    QTest::addColumn<bool>("ignore");
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("says");
    const QString method =
        "expected a method as in \"/pkg.Service/Method\", \"pkg.Service/*\" or \"*\" before the \":\", "
        "found ";
    const auto row = [](bool ignore, const char* text, const QString& says) {
      QTest::addRow("%s %s", ignore ? "ignore" : "metadata", text) << ignore << text << says;
    };
    row(true, "a.b", "ignore rule \"a.b\": expected METHOD:PATH, found no \":\"");
    row(true, "", "expected METHOD:PATH, found no \":\"");
    row(true, ":a", method + "\"\"");
    row(true, "Method:a", method + "\"Method\"");
    row(true, "/Method:a", method + "\"/Method\"");
    row(true, "a.B/:a", method + "\"a.B/\"");
    row(true, "a.*/C:a", method + "\"a.*/C\"");
    row(true, "a.B/C*:a", method + "\"a.B/C*\"");
    row(true, "*:", "field path \"\": column 1: expected a field's name or number");
    row(true, "*:a..b", "ignore rule \"*:a..b\": field path \"a..b\": column 3: expected ");
    row(false, "authorization", "metadata rule \"authorization\": expected METHOD:KEY, found no \":\"");
    row(false, "x:a", method + "\"x\"");
    row(false, "*:", "expected a metadata key behind the \":\", found the end");
    row(false, "*:a b", "expected a metadata key of letters, digits, \"_\", \"-\" and \".\", found \"a b\"");
    row(false, "*:content-type", "\"content-type\" belongs to a hop and is never compared");
    row(false, "*:Grpc-Timeout", "\"grpc-timeout\" belongs to a hop and is never compared");
  }
  void whatIsNoRuleIsTold() {
    QFETCH(bool, ignore);
    QFETCH(QString, text);
    QFETCH(QString, says);
    QString found;
    if (ignore) {
      const auto rule = parseIgnoreRule(text.toStdString());
      if (!rule) found = QString::fromStdString(rule.error().message);
    } else {
      const auto rule = parseMetadataRule(text.toStdString());
      if (!rule) found = QString::fromStdString(rule.error().message);
    }
    QVERIFY2(found.contains(says), qPrintable(found));
  }

  void aMethodHasTheRulesThatMatchIt() {
    MatchPolicy policy;
    for (const char* text : {"*:a", "/p.S/M:b", "p.S/*:c", "p.T/*:d"})
      policy.ignore.push_back(*parseIgnoreRule(text));
    for (const char* text : {"*:k", "/p.S/M:j", "p.S/*:k", "p.T/*:z"})
      policy.compareMetadata.push_back(*parseMetadataRule(text));
    std::string paths;
    const FieldPathSet ignored = ignoredIn(policy, "/p.S/M");
    for (const FieldPath& path : ignored.paths()) paths += toString(path) + " ";
    QCOMPARE(paths, "a b c ");
    QCOMPARE(comparedMetadata(policy, "/p.S/M"), (std::vector<std::string>{"j", "k"}));
    QCOMPARE(comparedMetadata(policy, "/x.Y/Z"), std::vector<std::string>{"k"});
  }
};

QTEST_APPLESS_MAIN(tst_Policy)
#include "tst_policy.moc"
