#include <QTest>
#include <memory>

#include "schema/json.h"
#include "schema/sources.h"
#include "scrub/find_secrets.h"
#include "scrub/marks.h"
#include "support/dump.h"
#include "support/replay_file.h"

using namespace retake;
using namespace retake::test;

namespace {

const std::string kMethod = "/people.People/Get";

const std::shared_ptr<const Schema>& people() {
  static const auto schema = [] {
    const std::string places[] = {PEOPLE_PROTO};
    auto loaded = loadSchema(places);
    if (!loaded) qFatal("%s", loaded.error().message.c_str());
    return *loaded;
  }();
  return schema;
}

std::string person(const QString& json) {
  const JsonParse parsed = fromJson(*people(), "people.Person", json.toStdString());
  if (!parsed.ok()) qFatal("%s", describe(parsed.problems[0]).c_str());
  return parsed.message;
}

FilterInput inputOf(const ReplayFile& file, const std::shared_ptr<const Schema>& schema) {
  const auto recording = file.recording();
  return {.recording = recording, .calls = std::make_shared<Calls>(groupCalls(*recording)), .schema = schema};
}

const char* inName(ScrubHit::In in) {
  static const char* const kNames[] = {"message", "status", "headers", "trailers", "initial state"};
  return kNames[static_cast<int>(in)];
}

// "3 message password secret-field=hunter2 (JSON)", a line each.
QString dumped(const SecretFinds& finds) {
  QStringList lines;
  for (const SecretFind& find : finds.finds)
    lines << QString("%1 %2 %3 %4=%5%6")
                 .arg(find.entry.value)
                 .arg(inName(find.in))
                 .arg(QString::fromStdString(find.path))
                 .arg(QString::fromUtf8(find.detector.data(), static_cast<int>(find.detector.size())))
                 .arg(QString::fromStdString(find.value))
                 .arg(find.inside.empty() ? QString()
                                          : QString(" (%1)").arg(QString::fromStdString(find.inside)));
  return lines.join("\n");
}

QString found(const FilterInput& input, const FindOptions& options = {}) {
  const auto finds = findSecrets(input, options);
  return finds ? dumped(*finds) : QString::fromStdString(finds.error().message);
}

}  // namespace

class tst_FindSecrets : public QObject {
  Q_OBJECT

 private slots:
  void saysWhatAFieldHolds_data() {
    QTest::addColumn<QString>("json");
    QTest::addColumn<QString>("expected");  // without the entry's number
    QTest::newRow("nothing") << "{'name': 'Ann', 'note': 'as always'}"
                             << "";
    QTest::newRow("by name") << "{'password': 'hunter2'}"
                             << "password secret-field=hunter2";
    QTest::newRow("number by name") << "{'pin': 4711}"
                                    << "pin secret-field=4711";
    QTest::newRow("bytes by name") << "{'privateKey': 'AAECAwQF'}"
                                   << "private_key secret-field=000102030405";
    QTest::newRow("option of a user") << "{'nickname': 'Bo'}"
                                      << "nickname marked-field=Bo";
    QTest::newRow("enum option") << "{'birthplace': 'Bern'}"
                                 << "birthplace marked-field=Bern";
    QTest::newRow("enum option that says no") << "{'shoeSize': 'large'}"
                                              << "";
    QTest::newRow("message option") << "{'diagnosis': 'flu'}"
                                    << "diagnosis marked-field=flu";
    QTest::newRow("marked message field") << "{'home': {'city': 'Bern'}}"
                                          << "home.city marked-field=Bern";
    QTest::newRow("marked message type") << "{'salary': {'amount': '90000'}}"
                                         << "salary.amount marked-field=90000";
    QTest::newRow("page token") << "{'nextPageToken': 'CiQKGjBpNDd2Nmp2Zml2cXRwYjBpOXA'}"
                                << "";
    QTest::newRow("map value by its key") << "{'settings': {'db_password': 'hunter2'}}"
                                          << "settings[\"db_password\"] secret-field=hunter2";
    QTest::newRow("pair by its key")
        << "{'pairs': [{'key': 'x', 'value': 'y'}, {'key': 'api_key', 'value': 'a1b2c3'}]}"
        << "pairs[1].value secret-field=a1b2c3";
    QTest::newRow("Struct by its key")
        << "{'free': {'user': {'password': 'hunter2'}}}"
        << "free.fields[\"user\"].struct_value.fields[\"password\"].string_value "
           "secret-field=hunter2";
    QTest::newRow("card as a number") << "{'account': '4111111111111111'}"
                                      << "account card-number=4111111111111111";
    QTest::newRow("time as a number") << "{'account': '1700000000000000'}"
                                      << "";
    QTest::newRow("Any") << "{'extra': {'@type': 'type.googleapis.com/people.Person', 'password': 'hunter2'}}"
                         << "extra<people.Person>.password secret-field=hunter2";
    QTest::newRow("base64 in a secret")
        << "{'password': 'eyJhbGciOiJIUzI1NiJ9LmV5SnpkV0lpT2lKaGJtNEFZV050WlM1cGJ5SjkK'}"
        << "password secret-field=eyJhbGciOiJIUzI1NiJ9LmV5SnpkV0lpT2lKaGJtNEFZV050WlM1cGJ5SjkK";
    QTest::newRow("e-mail") << "{'note': 'ask ann@acme.io'}"
                            << "note email=ann@acme.io";
  }
  void saysWhatAFieldHolds() {
    QFETCH(QString, json);
    QFETCH(QString, expected);
    ReplayFile file;
    file.unary(kMethod, {"people.Person", person(json.replace('\'', '"'))}, {"people.Person", ""});
    QCOMPARE(found(inputOf(file, people())), expected.isEmpty() ? "" : "1 message " + expected);
  }

  void looksIntoWhatIsInside_data() {
    QTest::addColumn<QByteArray>("note");
    QTest::addColumn<QString>("expected");
    const QByteArray json = "{'user': {'password': 'hunter2', 'mail': 'ann@acme.io'}}";
    const QByteArray quoted = QByteArray(json).replace('\'', '"');
    QTest::newRow("JSON")
        << quoted
        << "note.user.password secret-field=hunter2 (JSON)\nnote.user.mail email=ann@acme.io (JSON)";
    QTest::newRow("base64") << QByteArray("mail to ann@acme.io now").toBase64()
                            << "note email=ann@acme.io (base64)";
    QTest::newRow("base64, JSON") << quoted.toBase64()
                                  << "note.user.password secret-field=hunter2 (base64, JSON)\n"
                                     "note.user.mail email=ann@acme.io (base64, JSON)";
    QTest::newRow("hex") << QByteArray("mail to ann@acme.io now").toHex() << "note email=ann@acme.io (hex)";
  }
  void looksIntoWhatIsInside() {
    QFETCH(QByteArray, note);
    QFETCH(QString, expected);
    ReplayFile file;
    file.unary(kMethod, {"people.Person", field(2, note.toStdString())}, {"people.Person", ""});
    QStringList lines;
    for (const QString& line : expected.split('\n')) lines << "1 message " + line;
    QCOMPARE(found(inputOf(file, people())), lines.join('\n'));
  }

  // Which read as base64 of anything.
  void leavesWhatScrubbingHasPutThere() {
    ReplayFile file;
    std::uint64_t state = 1;
    for (int i = 0; i < 3000; ++i) {
      std::string token(kTokenPrefix);
      for (std::size_t k = 0; k < kTokenSymbols; ++k) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        token += kTokenAlphabet[(state >> 33) % kTokenAlphabet.size()];
      }
      const auto with = [&](const char* field) {
        return person(QString("{\"%1\": \"%2\"}").arg(field, QString::fromStdString(token)));
      };
      file.unary(kMethod, {"people.Person", with("password")}, Message{"people.Person", with("nickname")});
    }
    QCOMPARE(found(inputOf(file, people())), QString());
  }

  void looksWithoutASchema() {
    ReplayFile file;
    const std::string message =
        field(2, "ask ann@acme.io") + field(12, field(1, "password") + field(2, "hunter2"));
    file.unary(kMethod, {"people.Person", message}, {"people.Person", ""});
    QCOMPARE(found(inputOf(file, Schema::builtin())),
             QString("1 message 2 email=ann@acme.io\n1 message 12.2 secret-field=hunter2"));
  }

  void looksIntoMetadataStatusAndState() {
    ReplayFile file("seed for ann@acme.io");
    const std::string details = field(2, "bo@acme.io");
    const auto call = file.request(kMethod, {"people.Person", ""});
    file.requestMetadata({{"authorization", "Bearer 1a2b3c4d5e6f7g8h"}, {"x-trace", "abc"}});
    file.response(call, Status{.code = 5,
                               .message = "no such user: cy@acme.io",
                               .details = {{"type.googleapis.com/people.Person", details}}});
    file.trailers({{"x-debug", "{\"password\":\"hunter2\"}"}});
    QCOMPARE(found(inputOf(file, people())),
             QString("0 initial state  email=ann@acme.io\n"
                     "1 headers authorization bearer-token=1a2b3c4d5e6f7g8h\n"
                     "2 status message email=cy@acme.io\n"
                     "2 status details[0]<people.Person>.note email=bo@acme.io\n"
                     "2 trailers x-debug.password secret-field=hunter2 (JSON)"));
  }

  void countsBeyondTheLimit() {
    ReplayFile file;
    for (int i = 0; i < 10; ++i)
      file.unary(kMethod, {"people.Person", field(2, "a@acme.io, b@acme.io")}, {"people.Person", ""});
    const auto finds = findSecrets(inputOf(file, people()), {.detectors = {}, .limit = 3});
    QVERIFY(finds);
    QCOMPARE(finds->finds.size(), 3u);
    QCOMPARE(finds->counts.size(), 1u);
    QCOMPARE(finds->counts[0].second, 20u);
  }

  void takesDetectorsById() {
    ReplayFile file;
    file.unary(kMethod, {"people.Person", field(2, "ann@acme.io +41 44 668 18 00")}, {"people.Person", ""});
    const FilterInput input = inputOf(file, people());
    QCOMPARE(found(input, {.detectors = {"phone"}}), QString("1 message note phone=+41 44 668 18 00"));
    QCOMPARE(found(input, {.detectors = {"secrets"}}), QString());
    QVERIFY(found(input, {.detectors = {"emial"}}).contains("near: email"));
  }

  // Each find is one click from a rule.
  void makesARule_data() {
    QTest::addColumn<QString>("json");
    QTest::addColumn<QString>("where");
    QTest::newRow("by field") << "{'password': 'hunter2'}"
                              << "field password";
    QTest::newRow("any element") << "{'pairs': [{'key': 'api_key', 'value': 'a1b2c3'}]}"
                                 << "field pairs[*].value";
    QTest::newRow("key of a map stays") << "{'settings': {'db_password': 'hunter2'}}"
                                        << "field settings[\"db_password\"]";
    QTest::newRow("number that is a whole field") << "{'note': '4111111111111111'}"
                                                  << "field note";
    QTest::newRow("number in a text") << "{'note': 'card 4111111111111111 it is'}"
                                      << "field note";
    QTest::newRow("member of JSON") << "{'note': '{\\\"password\\\": \\\"hunter2x\\\"}'}"
                                    << "field note.password";
  }
  void makesARule() {
    QFETCH(QString, json);
    QFETCH(QString, where);
    ReplayFile file;
    file.unary(kMethod, {"people.Person", person(json.replace('\'', '"'))}, {"people.Person", ""});
    const auto finds = findSecrets(inputOf(file, people()));
    QVERIFY(finds && !finds->finds.empty());
    const ScrubRule rule = ruleFor(finds->finds[0], {});
    const bool isField = rule.where.place == ScrubWhere::Place::Field;
    QCOMPARE((isField ? "field " : "text ") +
                 QString::fromStdString(isField ? rule.where.path : rule.where.pattern),
             where);
    QVERIFY(!rule.name.empty());
    QVERIFY2(printScrubRules({rule}).find(finds->finds[0].value) == std::string::npos,
             "the rule holds the secret");
    QVERIFY(ruleFor(finds->finds[0], {rule}).name != rule.name);
  }

  void aRuleForTheInitialStateSuitsAnySchema() {
    ReplayFile file("{\"db\": {\"password\": \"hunter2x\"}}");
    file.unary(kMethod, {"people.Person", ""}, {"people.Person", ""});
    const FilterInput input = inputOf(file, people());
    const auto finds = findSecrets(input);
    QVERIFY(finds && finds->finds.size() == 1);
    const auto scrubber = Scrubber::create({ruleFor(finds->finds[0], {})}, input.schema);
    QVERIFY2(scrubber, scrubber ? "" : scrubber.error().message.c_str());
    QCOMPARE(
        QString::fromStdString((*scrubber)->initialState(input.recording->initialState()->view).value_or("")),
        "{\"db\": {\"password\": \"[scrubbed]\"}}");
  }

  // Reported per detector, so that a change for the worse shows.
  void asksRealRecordings() {
    const std::vector<std::string> paths = retake::test::realRecordings();
    if (paths.empty()) QSKIP("SKIPPED: there are no real recordings (set RETAKE_RECORDINGS)");
    for (const std::string& path : paths) {
      const auto recording = readRecording(readFile(path));
      const FilterInput input = {.recording = recording,
                                 .calls = std::make_shared<Calls>(groupCalls(*recording)),
                                 .schema = Schema::builtin()};
      const auto finds = findSecrets(input);
      QVERIFY(finds);
      if (!finds->finds.empty()) qInfo("%s\n%s", path.c_str(), qPrintable(dumped(*finds)));
    }
  }
};

QTEST_GUILESS_MAIN(tst_FindSecrets)
#include "tst_find_secrets.moc"
