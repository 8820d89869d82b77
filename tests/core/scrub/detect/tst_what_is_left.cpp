#include <QTest>
#include <memory>

#include "edit/edit.h"
#include "schema/text.h"
#include "scrub/find_secrets.h"
#include "scrub/scrub_recording.h"
#include "support/replay_file.h"

using namespace retake;
using namespace retake::test;

namespace {

const std::string kMethod = "/pkg.Service/Get";

FilterInput inputOf(std::shared_ptr<const Recording> recording) {
  return {.recording = recording,
          .calls = std::make_shared<const Calls>(groupCalls(*recording)),
          .schema = Schema::builtin()};
}

ScrubRule redact(const std::string& path) {
  return {.name = "redact " + path, .where = {.place = ScrubWhere::Place::Field, .path = path}};
}

// "value FORM entry path", a line each, then what detectors find.
QString left(const ReplayFile& file, const ScrubRules& rules, const FindOptions& options = {}) {
  const auto key = ScrubKey::fromBytes("0123456789abcdef0123");
  const auto scrubber = Scrubber::create(rules, Schema::builtin(), &*key);
  if (!scrubber) return QString::fromStdString(scrubber.error().message);
  const FilterInput original = inputOf(file.recording());
  auto changed = scrubRecording(original, **scrubber);
  if (!changed) return QString::fromStdString(changed.error().message);
  auto after = apply(*original.recording, std::move(changed->edit));
  if (!after) return QString::fromStdString(after.error().message);
  const FilterInput scrubbed = inputOf(std::make_shared<const Recording>(*std::move(after)));
  const auto checked = checkWhatIsLeft(original, scrubbed, **scrubber, options);
  if (!checked) return QString::fromStdString(checked.error().message);
  QStringList lines;
  for (const LeftSecrets::Value& value : checked->values)
    lines << QString("%1 %2 %3 %4")
                 .arg(QString::fromStdString(value.value), QString::fromStdString(value.form))
                 .arg(value.entry.value)
                 .arg(QString::fromStdString(value.path));
  for (const LeftSecrets::Value& value : checked->shortValues)
    lines << QString("short %1").arg(QString::fromStdString(value.value));
  for (const SecretFind& find : checked->finds.finds)
    lines << QString("find %1 %2 %3")
                 .arg(QString::fromStdString(std::string(find.detector)))
                 .arg(find.entry.value)
                 .arg(QString::fromStdString(find.path));
  if (checked->isClean() != (checked->values.empty() && checked->finds.finds.empty()))
    lines << "isClean() is wrong";
  return lines.join("\n");
}

}  // namespace

class tst_WhatIsLeft : public QObject {
  Q_OBJECT

 private slots:
  void findsWhereAValueStillStands_data() {
    QTest::addColumn<QByteArray>("elsewhere");
    QTest::addColumn<QString>("expected");
    const QByteArray value = "margarita-42";
    QTest::newRow("nowhere") << QByteArray("daiquiri") << "";
    QTest::newRow("as it is") << "I had a " + value + '!' << "margarita-42 as it is 2 1";
    QTest::newRow("another case") << value.toUpper() << "margarita-42 in another case 2 1";
    QTest::newRow("base64") << ("xx" + value + "yy").toBase64() << "margarita-42 base64 2 1";
    QTest::newRow("hex") << value.toHex() << "margarita-42 hex 2 1";
    QTest::newRow("URL") << QByteArray("q=marg%61rita%2D42") << "margarita-42 URL-escaped 2 1";
  }
  void findsWhereAValueStillStands() {
    QFETCH(QByteArray, elsewhere);
    QFETCH(QString, expected);
    ReplayFile file;
    file.unary(kMethod, {"pkg.Request", field(2, "margarita-42")},
               {"pkg.Response", field(1, elsewhere.toStdString())});
    QCOMPARE(left(file, {redact("2")}), expected);
  }

  void looksEverywhere() {
    // In metadata, the initial state, a method's name, and behind the last whole record.
    ReplayFile file("state of margarita-42");
    const auto call = file.request("/pkg.Service/margarita-42", {"pkg.Request", field(2, "margarita-42")});
    file.response(call, Status{.code = 5, .message = "", .details = {}});
    file.trailers({{"x-drink", "margarita-42"}});
    QCOMPARE(left(file, {redact("2")}), QString("margarita-42 as it is 0 "));
    ReplayFile other;
    const auto second = other.request(kMethod, {"pkg.Request", field(2, "margarita-42")});
    other.response(second, Status{.code = 5, .message = "", .details = {}});
    other.trailers({{"x-drink", "margarita-42"}});
    QCOMPARE(left(other, {redact("2")}), QString("margarita-42 as it is 2 x-drink"));
    ReplayFile cut;
    cut.unary(kMethod, {"pkg.Request", field(2, "margarita-42")}, {"pkg.Response", ""});
    cut.raw(std::string("\x40\0\0\0", 4) + "margarita-42");
    QCOMPARE(left(cut, {redact("2")}), QString("margarita-42 as it is 0 "));
  }

  void listsShortValues() {
    ReplayFile file;
    file.unary(kMethod, {"pkg.Request", field(2, "gin")}, {"pkg.Response", field(1, "gin and tonic")});
    QCOMPARE(left(file, {redact("2")}), QString("short gin"));
  }

  void knowsWhatTheRulesHaveWritten() {
    // Shifted by a day, one time becomes what the next one was.
    ReplayFile file;
    for (const char* time : {"2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z", "2026-01-03T00:00:00Z"})
      file.unary(kMethod, {"pkg.Request", field(2, time)}, {"pkg.Response", ""});
    ScrubRule shift = redact("2");
    shift.action = {.kind = ScrubAction::Kind::ShiftTime, .shift = std::chrono::hours(24)};
    QCOMPARE(left(file, {shift}), QString());
    // But not where no rule has.
    file.unary(kMethod, {"pkg.Request", ""}, {"pkg.Response", field(5, "2026-01-02T00:00:00Z")});
    QCOMPARE(left(file, {shift}), QString("2026-01-02T00:00:00Z as it is 8 5"));
  }

  void asksDetectorsOfWhatNoReaderLooksAt() {
    const std::string type = field(1, "type.googleapis.com/pkg.Request");
    const std::string entry = field(1, 1) + field(2, kMethod);
    for (const std::string& more : {field(3, type + field(2, "ann@acme.io") + field(2, "")),
                                    field(3, type + field(2, "ann@acme.io")) + field(3, type + field(2, "")),
                                    field(3, type) + field(50, "ann@acme.io")}) {
      ReplayFile file;
      file.record(entry + more);
      QCOMPARE(left(file, {redact("2")}), QString("find email 1 "));
    }
  }

  void manyHitsInOneEntryTakeTheirTime() {
    // Tenths of a second; minutes if each were compared with each, and the test is ended.
    std::string message;
    for (int i = 0; i < 20'000; ++i) message += field(2, "ann" + std::to_string(i) + "@acme.io");
    ReplayFile file;
    file.unary(kMethod, {"pkg.Request", message}, {"pkg.Response", ""});
    ScrubRule fake = redact("2");
    fake.action = {.kind = ScrubAction::Kind::Fake, .fake = FakeKind::Email};
    QCOMPARE(left(file, {fake}, {.detectors = {"jwt"}}), QString());
  }

  void asksDetectorsOfTheRest() {
    ReplayFile file;
    file.unary(kMethod, {"pkg.Request", field(2, "write to ann@acme.io")},
               {"pkg.Response", field(3, "from bo@acme.io and 4111 1111 1111 1111")});
    QCOMPARE(left(file, {redact("2")}), QString("find email 2 3\nfind card-number 2 3"));
    QCOMPARE(left(file, {redact("2")}, {.detectors = {"card-number"}}), QString("find card-number 2 3"));
    QCOMPARE(left(file, {redact("2"), redact("3")}), QString());
  }

  // Marks, hash tokens and fakes are no secrets, valid as some of them are.
  void findsNothingInWhatRulesLeave_data() {
    QTest::addColumn<int>("kind");
    QTest::addColumn<QByteArray>("value");
    using Kind = ScrubAction::Kind;
    const QByteArray values[] = {"ann@acme.io",      "4111 1111 1111 1111", "DE89 3704 0044 0532 0130 00",
                                 "+41 44 668 18 00", "81.6.12.44",          "4012888888881881"};
    for (const QByteArray& value : values)
      for (const Kind kind : {Kind::Redact, Kind::Mask, Kind::KeepLast, Kind::Hash, Kind::Fake})
        QTest::addRow("%d of %s", static_cast<int>(kind), value.constData())
            << static_cast<int>(kind) << value;
  }
  void findsNothingInWhatRulesLeave() {
    QFETCH(int, kind);
    QFETCH(QByteArray, value);
    ReplayFile file;
    file.unary(kMethod, {"pkg.Request", field(2, value.toStdString())}, {"pkg.Response", ""});
    ScrubRule rule = redact("2");
    rule.action.kind = static_cast<ScrubAction::Kind>(kind);
    QCOMPARE(left(file, {rule}), QString());
  }

  // One click: the rule that is made of a find takes it out.
  void aRuleTakesItsFindOut_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("e-mail") << QByteArray("ask ann@acme.io, or bo@acme.io");
    QTest::newRow("card number") << QByteArray("card 4111 1111 1111 1111.");
    QTest::newRow("IBAN") << QByteArray("pay to DE89370400440532013000");
    QTest::newRow("phone") << QByteArray("call +41 44 668 18 00 now");
    QTest::newRow("password in a URL") << QByteArray("postgres://u:hunter2x@db/x");
    QTest::newRow("bearer") << QByteArray("Authorization: Bearer 0a1b2c3d4e5f6a7b");
    QTest::newRow("assigned") << QByteArray("user=a password=hunter2x");
    QTest::newRow("national id") << QByteArray("id 11010519491231002X");
    QTest::newRow("in base64") << QByteArray("please ask ann@acme.io").toBase64();
    QTest::newRow("in JSON") << QByteArray("{\"password\":\"hunter2x\",\"n\":1}");
  }
  void aRuleTakesItsFindOut() {
    QFETCH(QByteArray, text);
    ReplayFile file("state: " + text.toStdString());
    file.unary(kMethod, {"pkg.Request", field(2, text.toStdString())},
               {"pkg.Response", field(3, field(1, text.toStdString()))});
    ScrubRules rules;
    for (int i = 0; i < 8; ++i) {
      const FilterInput input = inputOf(file.recording());
      const auto scrubber = Scrubber::create(rules, Schema::builtin());
      QVERIFY2(scrubber, scrubber ? "" : scrubber.error().message.c_str());
      auto changed = scrubRecording(input, **scrubber);
      QVERIFY(changed);
      const auto after = apply(*input.recording, std::move(changed->edit));
      QVERIFY(after);
      const auto finds = findSecrets(inputOf(std::make_shared<const Recording>(*after)));
      QVERIFY(finds);
      if (finds->finds.empty()) {
        QVERIFY(!rules.empty());
        return;
      }
      rules.push_back(ruleFor(finds->finds[0], rules));
    }
    QFAIL("rules do not take out what they were made of");
  }
};

QTEST_GUILESS_MAIN(tst_WhatIsLeft)
#include "tst_what_is_left.moc"
