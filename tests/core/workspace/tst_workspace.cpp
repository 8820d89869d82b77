#include <QtTest>
#include <filesystem>
#include <limits>

#include "support/dump.h"
#include "workspace/workspace.h"

using namespace retake;
using namespace retake::test;
namespace fs = std::filesystem;

namespace {

// What it says of `text`, without the places of good ones.
QString complaintOf(const std::string& text) {
  const auto workspace = parseWorkspace(text);
  return workspace ? QString() : QString::fromStdString(workspace.error().message);
}

std::string body(const std::string& printed) {
  std::size_t at = 0;
  while (printed.compare(at, 1, "#") == 0) at = printed.find('\n', at) + 1;
  return printed.substr(at);
}

IgnoreRule ignoreRule(const char* text) { return *parseIgnoreRule(text); }

Workspace full() {
  Workspace workspace;
  workspace.schema = {"api/shop.proto", "/usr/share/protos"};
  workspace.policy.match.reuse = Reuse::Last;
  workspace.policy.match.ignore = {ignoreRule("/shop.Cart/Add:items[*].added_at"), ignoreRule("*:id")};
  workspace.policy.match.compareMetadata = {*parseMetadataRule("shop.Cart/*:x-tenant")};
  workspace.policy.strictStreams = true;
  workspace.policy.pace = {
      .pace = Pace::Causal, .speed = 2.5, .causalBound = std::chrono::milliseconds(1500)};
  workspace.policy.extra = ExtraCalls::Forward;
  workspace.upstream = {.address = "api.example.com:443",
                        .tls = {.enabled = true,
                                .caFile = "ca.pem",
                                .certFile = "me.pem",
                                .keyFile = "me.key",
                                .serverName = "api"}};
  workspace.listen = {{.address = "127.0.0.1:50051", .tls = {}},
                      {.address = "unix:/run/shop.sock",
                       .tls = {.certFile = "s.pem", .keyFile = "s.key", .clientCaFile = "ca.pem"}}};
  workspace.notes = "Recorded on the staging system.\nThe second call is edited.";
  workspace.scrub = {.on = false,
                     .rules = {{.name = "cards",
                                .where = {.place = ScrubWhere::Place::Field, .path = "card.number"},
                                .action = {.kind = ScrubAction::Kind::KeepLast}}},
                     .ruleFiles = {"team.textproto", "library:credentials"},
                     .keyVariable = "SCRUB_KEY"};
  return workspace;
}

}  // namespace

Q_DECLARE_METATYPE(Workspace)

class tst_Workspace : public QObject {
  Q_OBJECT
 private slots:
  void init() {
    m_folder = std::make_unique<QTemporaryDir>();
    QVERIFY(m_folder->isValid());
    m_path = m_folder->filePath("calls.retake").toStdString();
  }

  void printsForReview() {
    const char* const expected =
        "\n"
        "schema: \"api/shop.proto\"\n"
        "schema: \"/usr/share/protos\"\n"
        "match {\n"
        "  reuse: LAST\n"
        "  ignore: \"/shop.Cart/Add:items[*].added_at\"\n"
        "  ignore: \"*:id\"\n"
        "  compare_metadata: \"shop.Cart/*:x-tenant\"\n"
        "  strict_streams: true\n"
        "}\n"
        "pace {\n"
        "  kind: CAUSAL\n"
        "  speed: 2.5\n"
        "  causal_bound_seconds: 1.5\n"
        "}\n"
        "extra_calls: FORWARD\n"
        "upstream {\n"
        "  address: \"api.example.com:443\"\n"
        "  tls {\n"
        "    ca_file: \"ca.pem\"\n"
        "    cert_file: \"me.pem\"\n"
        "    key_file: \"me.key\"\n"
        "    server_name: \"api\"\n"
        "  }\n"
        "}\n"
        "listen {\n"
        "  address: \"127.0.0.1:50051\"\n"
        "}\n"
        "listen {\n"
        "  address: \"unix:/run/shop.sock\"\n"
        "  tls {\n"
        "    cert_file: \"s.pem\"\n"
        "    key_file: \"s.key\"\n"
        "    client_ca_file: \"ca.pem\"\n"
        "  }\n"
        "}\n"
        "notes:\n"
        "  \"Recorded on the staging system.\\n\"\n"
        "  \"The second call is edited.\"\n"
        "scrub {\n"
        "  off: true\n"
        "  rule {\n"
        "    name: \"cards\"\n"
        "    field: \"card.number\"\n"
        "    keep_last: 4\n"
        "  }\n"
        "  rule_file: \"team.textproto\"\n"
        "  rule_file: \"library:credentials\"\n"
        "  key_variable: \"SCRUB_KEY\"\n"
        "}\n";
    QCOMPARE(QString::fromStdString(body(printWorkspace(full()))), QString(expected));
  }

  void readsBackWhatItPrinted_data() {
    QTest::addColumn<Workspace>("workspace");
    QTest::newRow("empty") << Workspace();
    QTest::newRow("full") << full();
    for (const char* text : {"", "\n", "a\n", "a\n\nb", "\t\"quotes\" and \\", "gr\xc3\xbc\xc3\x9f",
                             "\xff\xfe raw \x80"
                             "7",
                             "\xe2\x80\xae turned", "\x01\x7f", "\xf0\x9f\x98\x80"}) {
      Workspace workspace;
      workspace.notes = text;
      workspace.schema = {std::string("x") + text};
      QTest::addRow("text %s", QByteArray(text).toHex().constData()) << workspace;
    }
    Workspace zero;
    zero.notes = std::string("a\0b", 3);
    QTest::newRow("zero byte") << zero;
    Workspace scrubs;
    scrubs.scrub.rules = {
        {.name = "a", .where = {.pattern = "\\d+"}, .action = {.kind = ScrubAction::Kind::Hash}},
        {.on = false, .name = "b", .scope = "dir:out", .where = {.pattern = "x"}}};
    scrubs.scrub.keyFile = "k";
    QTest::newRow("scrub rules") << scrubs;
    Workspace off;
    off.scrub.on = false;
    QTest::newRow("scrubbing off") << off;
    Workspace clear;
    clear.upstream.address = "host:1";
    QTest::newRow("upstream in the clear") << clear;
    clear.upstream.tls.enabled = true;
    QTest::newRow("upstream with the system's roots") << clear;
    for (const std::optional<RecordMode> mode :
         {std::optional<RecordMode>(), std::optional(RecordMode::All), std::optional(RecordMode::None),
          std::optional(RecordMode::Once), std::optional(RecordMode::NewEpisodes)}) {
      Workspace records;
      records.record = {.mode = mode, .plain = !mode};
      QTest::addRow("record mode %d", mode ? static_cast<int>(*mode) : -1) << records;
    }
    Workspace comments;
    comments.comment = "# Ask Cart's owners before you change this.\n#\n# See #12.\n";
    QTest::newRow("comments alone") << comments;
    comments.notes = "and notes";
    QTest::newRow("comments") << comments;
    for (const double speed : {0.1, 1e-9, 1e300, 1.0 / 3}) {
      Workspace workspace;
      workspace.policy.pace.speed = speed;
      QTest::addRow("speed %g", speed) << workspace;
    }
    for (const int bound : {1, 999, 10'001, 86'400'000}) {
      Workspace workspace;
      workspace.policy.pace.causalBound = std::chrono::milliseconds(bound);
      QTest::addRow("bound %d", bound) << workspace;
    }
  }
  void readsBackWhatItPrinted() {
    QFETCH(Workspace, workspace);
    const std::string text = printWorkspace(workspace);
    QVERIFY(text.starts_with("# "));
    const auto again = parseWorkspace(text);
    QVERIFY2(again, again ? "" : again.error().message.c_str());
    QCOMPARE(QString::fromStdString(printWorkspace(*again)), QString::fromStdString(text));
    QVERIFY(*again == workspace);
  }

  void takesWhatAPersonTypes_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("one line, braces with a colon, semicolons")
        << QByteArray("match: { reuse: LAST; strict_streams: t } notes: 'x'");
    QTest::newRow("lists") << QByteArray("schema: ['a', \"b\"] match { ignore: [] }");
    QTest::newRow("line ends of Windows, byte order mark")
        << QByteArray("\xef\xbb\xbf# mine\r\nschema: \"a\"\r\nmatch {\r\n}\r\n");
    QTest::newRow("tabs") << QByteArray("\tmatch\t{\treuse:\tONCE\t}");
    QTest::newRow("no end of line") << QByteArray("notes: 'x' # why");
  }
  void takesWhatAPersonTypes() {
    QFETCH(QByteArray, text);
    QCOMPARE(complaintOf(text.toStdString()), QString());
  }

  void keepsTheCommentsAtTheTop() {
    const std::string mine = "# one\n# two\n";
    const auto workspace = parseWorkspace(mine + "\n# three\nschema: \"a\" # lost\n# lost too\n");
    QVERIFY(workspace);
    QCOMPARE(workspace->comment, mine + "# three\n");
    // Once and again: its own lines do not pile up.
    const std::string printed = printWorkspace(*workspace);
    QCOMPARE(printWorkspace(*parseWorkspace(printed)), printed);
    QVERIFY(printed.find(mine) != std::string::npos);
  }

  void saysWhatIsWrongAndWhere_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("complaint");
    const auto row = [](const char* title, const char* text, const char* complaint) {
      QTest::newRow(title) << QByteArray(text) << QString(complaint);
    };
    row("unknown field", "match {\n  ignor: \"a\"\n}",
        "2:3: expected a field of match (reuse, ignore, compare_metadata, strict_streams), found \"ignor\"; "
        "did "
        "you mean \"ignore\"?");
    row("field of another place", "strict_streams: true",
        "1:1: expected a field of the workspace (schema, match, pace, extra_calls, upstream, listen and 3 "
        "more), found \"strict_streams\"; it is a field of match");
    row("field of a nested place",
        "listen { address: 'a' tls { ca_file: 'x' cert_file: 'c' key_file: 'k' } }",
        "1:29: expected a field of tls in listen (cert_file, key_file, client_ca_file), found \"ca_file\"; "
        "it is "
        "a field of tls in upstream");
    row("two unknown fields", "foo: 1\nbar { x: 1 }\nnotes: 'n'",
        "1:1: expected a field of the workspace (schema, match, pace, extra_calls, upstream, listen and 3 "
        "more), "
        "found \"foo\"\n"
        "2:1: expected a field of the workspace (schema, match, pace, extra_calls, upstream, listen and 3 "
        "more), "
        "found \"bar\"");
    row("unknown value", "match { reuse: LATS }",
        "1:16: expected ONCE, LAST or CYCLE for reuse, found \"LATS\"; did you mean \"LAST\"?");
    row("unknown kind", "pace { kind: SLOW }",
        "1:14: expected IMMEDIATE, RECORDED or CAUSAL for kind, found \"SLOW\"");
    row("no record mode", "record { mode: SOME }",
        "1:16: expected ALL, NONE, ONCE or NEW_EPISODES for mode, found \"SOME\"");
    row("number for a name", "extra_calls: 7", "1:1: expected one of its names for extra_calls, found 7");
    row("no flag", "match { strict_streams: maybe }",
        "1:25: expected true or false for strict_streams, found \"maybe\"");
    row("twice", "notes: 'a'\nnotes: 'b'", "2:1: expected notes once, found it again");
    row("no string", "schema: 5", "1:9: expected string, found 5");
    row("brace missing", "match {\n  reuse: LAST\n", "3:1: expected identifier, found the end");
    row("brace too many", "}", "1:1: expected identifier, found }");
    row("no value", "notes:", "1:7: expected string, found the end");
    row("string that does not end", "notes: 'abc\n", "1:12: string literals cannot cross line boundaries");
    row("after wide characters and a tab", "notes: 'gr\xc3\xbc\xc3\x9f'\t foo: 1",
        "1:16: expected a field of the workspace (schema, match, pace, extra_calls, upstream, listen and 3 "
        "more), "
        "found \"foo\"");
    row("empty place", "schema: 'a'\nschema: ''", "2:1: expected a place for schema, found nothing");
    row("speed", "pace {\n  speed: 0\n}", "2:3: expected a number above 0 for speed, found 0");
    row("speed below", "pace { speed: -2 }", "1:8: expected a number above 0 for speed, found -2");
    row("no speed", "pace { speed: nan }", "1:8: expected a number above 0 for speed, found NaN");
    row("endless speed", "pace { speed: inf }", "1:8: expected a number above 0 for speed, found Infinity");
    row("bound", "pace { causal_bound_seconds: 1e9 }",
        "1:8: expected a number from 0.001 to 86400 (a day) for causal_bound_seconds, found 1e+09");
    row("upstream without an address", "upstream {}", "1:1: expected an address for upstream, found none");
    row("second listen without an address", "listen { address: 'a:1' }\nlisten {}",
        "2:1: expected an address for listen, found none");
    row("certificate alone", "listen {\n  address: 'a:1'\n  tls { cert_file: 'c' }\n}",
        "3:9: expected a key_file beside it for cert_file, found none");
    row("CA alone", "listen {\n  address: 'a:1'\n  tls { client_ca_file: 'c' }\n}",
        "3:3: expected cert_file and key_file for tls, found neither");
    row("key alone", "upstream { address: 'a:1' tls { key_file: 'k' } }",
        "1:33: expected a cert_file beside it for key_file, found none");
    row("scrub rule", "scrub {\n  rule { name: 'n' pattern: '(' mask {} }\n}",
        "2:20: pattern \"(\": expected a regular expression (RE2), found missing ): (");
    row("field of a scrub rule", "scrub { rule { name: 'n' patern: '(' mask {} } }",
        "1:26: expected a field of scrub rule (name, off, scope, any, field, message and 11 more), found "
        "\"patern\"; did you mean \"pattern\"?");
    row("scrub rule alone", "rule { }",
        "1:1: expected a field of the workspace (schema, match, pace, extra_calls, upstream, listen and 3 "
        "more), found \"rule\"; it is a field of scrub");
    row("key in the workspace", "scrub { key: 's3cr3t' }",
        "1:9: expected a field of scrub (off, rule, rule_file, key_file, key_variable), found \"key\"");
    row("two keys", "scrub { key_file: 'f' key_variable: 'V' }",
        "1:23: expected one of key_file and key_variable, found both");
    row("key for a variable", "scrub { key_variable: 's3cr3t key' }",
        "1:9: expected the name of an environment variable (letters, digits and \"_\") for key_variable, "
        "found "
        "another text");
    row("no rule file", "scrub { rule_file: '' }", "1:9: expected a file for rule_file, found nothing");
    row("all that is wrong", "pace { speed: 0 }\nupstream { }\nfoo: 1",
        "1:8: expected a number above 0 for speed, found 0\n"
        "2:1: expected an address for upstream, found none\n"
        "3:1: expected a field of the workspace (schema, match, pace, extra_calls, upstream, listen and 3 "
        "more), "
        "found \"foo\"");
  }
  void saysWhatIsWrongAndWhere() {
    QFETCH(QByteArray, text);
    QFETCH(QString, complaint);
    QCOMPARE(complaintOf(text.toStdString()), complaint);
  }

  // What the sentence says of a rule is tested where rules are parsed.
  void saysWhichRuleIsWrong() {
    const QString text = complaintOf(
        "match {\n  ignore: \"*:a\"\n  ignore: \"no path\"\n  ignore: \"*:a..b\"\n"
        "  compare_metadata: \"nothing\"\n}");
    const QStringList lines = text.split('\n');
    QCOMPARE(lines.size(), 3);
    QVERIFY2(lines[0].startsWith("3:3: ignore rule "), qPrintable(text));
    QVERIFY2(lines[1].startsWith("4:3: ignore rule "), qPrintable(text));
    QVERIFY2(lines[2].startsWith("5:3: metadata rule "), qPrintable(text));
  }

  void survivesAnyText_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("deep") << QByteArray("foo {").repeated(200'000);
    QTest::newRow("deep lists") << "foo: " + QByteArray("[").repeated(200'000);
    QTest::newRow("deep extensions") << QByteArray("[a.b] {").repeated(200'000);
    QTest::newRow("zero byte") << QByteArray("notes: \0 'a'", 12);
    QTest::newRow("no text") << QByteArray("RPCReplay\x04\x00\x00\x00\xff\xfe\x80\x00", 17);
    QTest::newRow("far too long") << QByteArray(20'000'000, ' ');
    QTest::newRow("any") << QByteArray("[type.googleapis.com/retake.v1.Workspace] { notes: 'a' }");
    QTest::newRow("long name") << QByteArray(1'000'000, 'a');
  }
  void survivesAnyText() {
    QFETCH(QByteArray, text);
    const QString complaint = complaintOf(text.toStdString());
    const auto head = QRegularExpression("^\\d+:\\d+: ").match(complaint);
    QVERIFY2(head.hasMatch(), qPrintable(complaint.left(200)));
  }

  void goesWithItsRecording_data() {
    QTest::addColumn<QString>("recording");
    QTest::addColumn<QString>("workspace");
    QTest::newRow("replay") << "dir/calls.replay"
                            << "dir/calls.retake";
    QTest::newRow("another extension") << "calls.bin"
                                       << "calls.bin.retake";
    QTest::newRow("none") << "dir.replay/calls"
                          << "dir.replay/calls.retake";
    QTest::newRow("hidden") << ".replay"
                            << ".replay.retake";
    QTest::newRow("dots") << "a.b.replay"
                          << "a.b.retake";
  }
  void goesWithItsRecording() {
    QFETCH(QString, recording);
    QTEST(QString::fromStdString(workspacePathOf(recording.toStdString())), "workspace");
  }

  void namesFilesAsSeenFromItsFolder() {
    const fs::path folder = m_folder->path().toStdString();
    fs::create_directories(folder / "work");
    const std::string path = folder / "work" / "calls.retake";
    Workspace workspace;
    workspace.schema = {folder / "api", "/nowhere/protos", "reflection:localhost:1",
                        "reflection:unix:" + (folder / "work" / "r.sock").string()};
    workspace.listen = {{.address = "unix:" + (folder / "work" / "s.sock").string(),
                         .tls = {.certFile = folder / "s.pem", .keyFile = folder / "s.key"}},
                        {.address = "127.0.0.1:0"}};
    workspace.upstream = {.address = "host:1",
                          .tls = {.enabled = true, .caFile = folder / "work" / "ca.pem"}};
    workspace.scrub.ruleFiles = {folder / "team.textproto", "library:personal"};
    workspace.scrub.keyFile = folder / "work" / "scrub.key";
    QVERIFY(writeWorkspace(path, workspace));
    const QString expected =
        "\n"
        "schema: \"../api\"\n"
        "schema: \"/nowhere/protos\"\n"
        "schema: \"reflection:localhost:1\"\n"
        "schema: \"reflection:unix:r.sock\"\n"
        "upstream {\n"
        "  address: \"host:1\"\n"
        "  tls {\n"
        "    ca_file: \"ca.pem\"\n"
        "  }\n"
        "}\n"
        "listen {\n"
        "  address: \"unix:s.sock\"\n"
        "  tls {\n"
        "    cert_file: \"../s.pem\"\n"
        "    key_file: \"../s.key\"\n"
        "  }\n"
        "}\n"
        "listen {\n"
        "  address: \"127.0.0.1:0\"\n"
        "}\n"
        "scrub {\n"
        "  rule_file: \"../team.textproto\"\n"
        "  rule_file: \"library:personal\"\n"
        "  key_file: \"scrub.key\"\n"
        "}\n";
    QCOMPARE(QString::fromStdString(body(readFile(path))), expected);
    auto again = readWorkspace(path, true);
    QVERIFY2(again, again ? "" : again.error().message.c_str());
    const std::string written = readFile(path);
    QVERIFY(writeWorkspace(path, *again));
    QCOMPARE(readFile(path), written);
    // As they were given: who compares the two finds no change.
    QVERIFY(*again == workspace);
  }

  void mayBeMissingOrNot() {
    QVERIFY(*readWorkspace(m_path, false) == Workspace());
    const auto missing = readWorkspace(m_path, true);
    QVERIFY(!missing);
    QVERIFY2(missing.error().message.find(m_path) != std::string::npos, missing.error().message.c_str());
    // A folder is no missing file.
    QVERIFY(!readWorkspace(m_folder->path().toStdString(), false));
  }

  void namesTheFileInEachComplaint() {
    writeFile(m_path, "foo: 1\npace { speed: 0 }\n");
    const auto workspace = readWorkspace(m_path, false);
    QVERIFY(!workspace);
    const QStringList lines = QString::fromStdString(workspace.error().message).split('\n');
    QCOMPARE(lines.size(), 2);
    QVERIFY(lines[0].startsWith(QString::fromStdString(m_path + ":1:1: expected ")));
    QVERIFY(lines[1].startsWith(QString::fromStdString(m_path + ":2:8: expected ")));
  }

 private:
  std::unique_ptr<QTemporaryDir> m_folder;
  std::string m_path;
};

QTEST_GUILESS_MAIN(tst_Workspace)
#include "tst_workspace.moc"
