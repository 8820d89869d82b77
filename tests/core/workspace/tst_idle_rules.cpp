#include <QtTest>

#include "schema/sources.h"
#include "support/dump.h"
#include "support/replay_file.h"
#include "workspace/idle_rules.h"

using namespace retake;
using namespace retake::test;

class tst_IdleRules : public QObject {
  Q_OBJECT
 private slots:
  void initTestCase() {
    const std::string path = m_folder.filePath("a.proto").toStdString();
    writeFile(path,
              "syntax = \"proto3\"; package a; message Name { string first = 1; Name next = 2; } "
              "message Other { int32 count = 1; } service S { rpc Named(Other) returns (Other); }");
    m_schema = *loadSchema(std::vector{path});
    ReplayFile file;
    file.unary("/a.S/Get", {"a.Name", field(1, "x")}, Message{"a.Name", ""});
    file.unary("/a.S/Count", {"a.Other", ""}, Message{"a.Name", ""});
    const auto chat = file.createStream("/a.S/Chat");
    file.recv(chat, {"a.Other", ""}).send(chat, {"a.Name", ""}).recvEnd(chat);
    const auto named = file.createStream("/a.S/Named");  // nothing was sent: the schema has its type
    file.recvEnd(named);
    file.unary("/a.S/Unknown", {"a.Unheard", ""}, Message{"a.Name", ""});
    m_recording = file.recording();
  }

  void tellsRulesWithoutEffect_data() {
    QTest::addColumn<QString>("rule");
    QTest::addColumn<bool>("withSchema");
    QTest::addColumn<QString>("why");  // a part of it; none: it has an effect
    QTest::newRow("a field") << "/a.S/Get:first" << true << "";
    QTest::newRow("below") << "/a.S/Get:next.next.first" << true << "";
    QTest::newRow("of a stream's message") << "/a.S/Chat:first" << true << "";
    QTest::newRow("of a method that the schema has") << "/a.S/Named:count" << true << "";
    QTest::newRow("in one of several methods") << "*:count" << true << "";
    QTest::newRow("any depth") << "a.S/*:**.first" << true << "";
    QTest::newRow("by number, unknown") << "/a.S/Get:77" << true << "";
    QTest::newRow("by number, without a schema") << "/a.S/Get:1" << false << "";
    QTest::newRow("by name, without a schema") << "/a.S/Get:first" << false << "no schema names the fields";
    QTest::newRow("type that the schema lacks")
        << "/a.S/Unknown:first" << true << "no schema names the fields of /a.S/Unknown";
    QTest::newRow("method misspelt") << "/a.S/Got:first" << true << "did you mean \"/a.S/Get\"?";
    QTest::newRow("method of another service") << "b.T/*:first" << true << "no recorded call has this method";
    QTest::newRow("field misspelt") << "/a.S/Get:frist" << true << "first";
    QTest::newRow("field misspelt below") << "/a.S/Get:next.frist" << true << "first";
    QTest::newRow("the nearest of several methods") << "*:coutn" << true << "did you mean \"count\"";
  }
  void tellsRulesWithoutEffect() {
    QFETCH(QString, rule);
    QFETCH(bool, withSchema);
    QFETCH(QString, why);
    MatchPolicy policy;
    policy.ignore = {*parseIgnoreRule(rule.toStdString())};
    const auto found = idleRules(policy, *m_recording, withSchema ? *m_schema : *Schema::builtin());
    QCOMPARE(found.size(), why.isEmpty() ? 0u : 1u);
    if (why.isEmpty()) return;
    const QString sentence = QString::fromStdString(found[0]);
    QVERIFY2(sentence.startsWith("ignore rule \"" + rule + "\": "), qPrintable(sentence));
    QVERIFY2(sentence.contains(why), qPrintable(sentence));
  }

  void tellsWhereThereIsNoMetadata() {
    MatchPolicy policy;
    policy.compareMetadata = {*parseMetadataRule("*:x-a"), *parseMetadataRule("/a.S/Gett:x-a")};
    const auto found = idleRules(policy, *m_recording, *m_schema);
    QCOMPARE(found.size(), 2u);
    QVERIFY(found[0].find("holds no metadata") != std::string::npos);
    QVERIFY(found[1].find("did you mean \"/a.S/Get\"?") != std::string::npos);
  }

 private:
  QTemporaryDir m_folder;
  std::shared_ptr<const Schema> m_schema;
  std::shared_ptr<const Recording> m_recording;
};

QTEST_GUILESS_MAIN(tst_IdleRules)
#include "tst_idle_rules.moc"
