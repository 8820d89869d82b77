#include "scrub/scrubber.h"

#include <QTest>

#include "recording/calls.h"
#include "schema/text.h"
#include "scrub/scrub_recording.h"
#include "support/replay_file.h"
#include "walked.h"

using namespace retake;
using test::field;
using test::kinds;
using Bytes = std::string;
using Place = ScrubWhere::Place;
using Action = ScrubAction::Kind;

Q_DECLARE_METATYPE(retake::ScrubRules)

namespace {

const ScrubKey& key() {
  static const ScrubKey kKey = *ScrubKey::fromBytes("a key of sixteen bytes or more");
  return kKey;
}

ScrubRule rule(Place place, const Bytes& path, const Bytes& pattern, Action action, const Bytes& with = {}) {
  static int count = 0;
  return {.name = "r" + std::to_string(++count),
          .where = {place, path, pattern},
          .action = {.kind = action, .with = with}};
}
ScrubRule at(const Bytes& path, Action action = Action::Redact, const Bytes& with = {}) {
  return rule(Place::Field, path, {}, action, with);
}
ScrubRule text(const Bytes& pattern, Action action = Action::Redact, const Bytes& with = {}) {
  return rule(Place::AnyText, {}, pattern, action, with);
}

std::shared_ptr<const Scrubber> scrubber(const ScrubRules& rules,
                                         const std::shared_ptr<const Schema>& schema = test::kindsSchema()) {
  auto made = Scrubber::create(rules, schema, &key());
  if (!made) qFatal("%s", made.error().message.c_str());
  return *std::move(made);
}

std::optional<Bytes> scrubbed(const ScrubRules& rules, const Bytes& message,
                              std::string_view type = "kinds.Kinds",
                              const std::shared_ptr<const Schema>& schema = test::kindsSchema()) {
  return scrubber(rules, schema)->message({.typeName = type}, message);
}

FilterInput input(const test::ReplayFile& file) {
  FilterInput out{.recording = file.recording(), .calls = nullptr, .schema = test::kindsSchema()};
  out.calls = std::make_shared<const Calls>(groupCalls(*out.recording));
  return out;
}

QString hitText(const ScrubHit& hit) {
  return QString::fromStdString(std::to_string(hit.rule) + " " + hit.path + ": " + hit.before + " -> " +
                                (hit.removed ? "gone" : hit.after));
}

Bytes other(const Bytes& word) { return "[type.googleapis.com/kinds.Other] { word: '" + word + "' }"; }

}  // namespace

class tst_Scrubber : public QObject {
  Q_OBJECT

 private slots:
  void scrubsWhatARuleTakesHoldOf_data() {
    QTest::addColumn<ScrubRules>("rules");
    QTest::addColumn<QString>("before");
    QTest::addColumn<QString>("after");
    const auto row = [](const char* name, const ScrubRules& rules, const Bytes& before,
                        const QString& after) {
      QTest::newRow(name) << rules << QString::fromStdString(before) << after;
    };
    row("a field", {at("email")}, "email: 'a@b' text: 't'", "text: \"t\" email: \"[scrubbed]\"");
    row("only there", {at("email")}, "child { email: 'a@b' }", "unchanged");
    row("at any depth", {at("**.email")}, "child { email: 'a' children { email: 'b' text: 't' } }",
        "child { children { text: \"t\" email: \"[scrubbed]\" } email: \"[scrubbed]\" }");
    row("any field", {at("*.email")}, "child { email: 'a' } children { email: 'b' } email: 'c'",
        "child { email: \"[scrubbed]\" } children { email: \"[scrubbed]\" } email: \"c\"");
    row("an element", {at("texts[1]")}, "texts: 'a' texts: 'b' texts: 'c'",
        "texts: \"a\" texts: \"[scrubbed]\" texts: \"c\"");
    row("all that is inside", {at("child")}, "child { text: 'a' number: 5 flag: true color: GREEN real: 2 }",
        "child { text: \"[scrubbed]\" number: 0 real: 0 flag: false color: RED }");
    row("a map's value", {at("labels[\"a\"]")},
        "labels { key: 'a' value: 'x' } labels { key: 'b' value: 'y' }",
        "labels { key: \"a\" value: \"[scrubbed]\" } labels { key: \"b\" value: \"y\" }");
    row("all values of a map", {at("labels[*]")}, "labels { key: 'a' value: 'x' }",
        "labels { key: \"a\" value: \"[scrubbed]\" }");
    row("a map with its keys", {at("labels")},
        "labels { key: 'b' value: 'x' } labels { key: 'a' value: 'y' }",
        "labels { key: \"[scrubbed]\" value: \"[scrubbed]\" } "
        "labels { key: \"[scrubbed]~2\" value: \"[scrubbed]\" }");
    row("in an Any", {at("any<kinds.Other>.word")}, "any { " + other("w") + " }",
        "any { type_url: \"type.googleapis.com/kinds.Other\" value: \"\\n\\n[scrubbed]\" }");
    row("in an Any of another type", {at("any<kinds.Kinds>.text")}, "any { " + other("w") + " }",
        "unchanged");
    row("in an Any at any depth", {at("**.word")}, "child { any { " + other("w") + " } }",
        "child { any { type_url: \"type.googleapis.com/kinds.Other\" value: \"\\n\\n[scrubbed]\" } }");
    row("a member of JSON", {at("text.user.name")}, "text: '{\"user\": {\"name\": \"n\", \"x\": 1}}'",
        "text: \"{\\\"user\\\": {\\\"name\\\": \\\"[scrubbed]\\\", \\\"x\\\": 1}}\"");
    row("a member of JSON at any depth", {at("**.email")}, "raw: '[{\"email\": \"n\"}]'",
        "raw: \"[{\\\"email\\\": \\\"[scrubbed]\\\"}]\"");
    row("an item of JSON", {at("text[1]")}, "text: '[1, 2, 3]'", "text: \"[1, 0, 3]\"");
    row("a number in JSON by pattern", {text("4\\d{5}")}, "text: '{\"a\": 412345}'",
        "text: \"{\\\"a\\\": \\\"[scrubbed]\\\"}\"");
    row("by number", {at("13[0]")}, "texts: 'a' texts: 'b'", "texts: \"[scrubbed]\" texts: \"b\"");
    row("an extension", {at("[kinds.note]")}, "[kinds.note]: 'a'", "[kinds.note]: \"[scrubbed]\"");
    row("a message type", {rule(Place::MessageType, "kinds.Other", {}, Action::Redact)},
        "text: 't' [kinds.other] { word: 'w' kinds { text: 'k' } }",
        "text: \"t\" [kinds.other] { word: \"[scrubbed]\" kinds { text: \"[scrubbed]\" } }");
    row("a message type, gone", {rule(Place::MessageType, "kinds.Other", {}, Action::Remove)},
        "text: 't' [kinds.other] { word: 'w' }", "text: \"t\"");
    row("a pattern in any text", {text("sk_\\w+")}, "text: 'a sk_1 b sk_2' labels { key: 'sk_3' value: 'c' }",
        "text: \"a [scrubbed] b [scrubbed]\" labels { key: \"[scrubbed]\" value: \"c\" }");
    row("the group of a pattern", {text("id=(\\d+)")}, "text: 'id=12, id=x'",
        "text: \"id=[scrubbed], id=x\"");
    row("a pattern with anchors", {text("^(secret)$")}, "text: 'secret' email: 'a secret'",
        "text: \"[scrubbed]\" email: \"a secret\"");
    row("a pattern, taken out", {text(" sk_\\w+", Action::Remove)}, "text: 'a sk_1 b'", "text: \"a b\"");
    row("a pattern in a field", {rule(Place::Field, "email", "^[^@]+", Action::Mask)},
        "email: 'joe@x.com' text: 'joe@x.com'", "text: \"joe@x.com\" email: \"***@x.com\"");
    row("not within a mark", {text("[a-z]{4,}")}, "text: '[scrubbed] abcd'",
        "text: \"[scrubbed] [scrubbed]\"");
    row("any string", {rule(Place::AnyString, {}, {}, Action::Redact)},
        "text: 'a' raw: 'b' number: 3 labels { key: 'k' value: 'v' }",
        "text: \"[scrubbed]\" raw: \"b\" number: 3 labels { key: \"k\" value: \"[scrubbed]\" }");
    row("any bytes", {rule(Place::AnyBytes, {}, {}, Action::Redact)},
        "text: 'a' raw: '\\xff\\x01' raws: '\\x0a\\x01x\\x10\\x05' raws: 'b' raws: '{\"a\": 1}'",
        "text: \"a\" raw: \"\" raws: \"\\n\\001x\\020\\005\" raws: \"\" raws: \"{\\\"a\\\": 1}\"");
    row("removed", {at("children[0]", Action::Remove)}, "children { text: 'a' } children { text: 'b' }",
        "children { text: \"b\" }");
    row("replaced", {at("text", Action::Replace, "x"), at("number", Action::Replace, "7")},
        "text: 'a' number: 1", "text: \"x\" number: 7");
    row("one after the other", {text("abc", Action::Replace, "xyz"), text("y", Action::Replace, "-")},
        "text: 'abc'", "text: \"x-z\"");
    row("what a rule removes no other sees", {at("text", Action::Remove), text("abc")},
        "text: 'abc' email: 'abc'", "email: \"[scrubbed]\"");
    row("an empty text stays empty", {at("text")}, "text: ''", "unchanged");
    row("the names of JSON stay", {at("text.a")}, "text: '{\"a\": {\"b\": \"c\"}}'",
        "text: \"{\\\"a\\\": {\\\"b\\\": \\\"[scrubbed]\\\"}}\"");
  }
  void scrubsWhatARuleTakesHoldOf() {
    QFETCH(ScrubRules, rules);
    QFETCH(QString, before);
    QFETCH(QString, after);
    const auto changed = scrubbed(rules, kinds(before.toStdString()));
    QCOMPARE(changed ? QString::fromStdString(test::kindsText(*changed)) : "unchanged", after);
    // Once more changes nothing, but where a value moves up or is not what an action leaves.
    if (changed && rules.front().action.kind == Action::Redact)
      QVERIFY(!scrubbed(rules, *changed) || *scrubbed(rules, *changed) == *changed);
  }

  void reachesEveryFormOfText_data() {
    QTest::addColumn<QString>("before");
    const auto row = [](const char* name, const Bytes& before) {
      QTest::newRow(name) << QString::fromStdString(before);
    };
    const Bytes secret = "sk_live_4242";
    row("as it is", "text: 'x " + secret + "'");
    row("base64", "text: '" + toBase64("x " + secret + " y") + "'");
    row("base64 twice", "text: '" + toBase64(toBase64("x " + secret + " y")) + "'");
    row("base64 in a text", "text: 'token=" + toBase64(secret) + ";'");
    row("base64 behind a letter", "text: 'Z" + toBase64(secret + " and more") + "'");
    row("hex", "text: '" + QByteArray::fromStdString(secret).toHex().toStdString() + "'");
    row("URL escapes", "text: 'u?k=sk%5Flive%5F4242&x'");
    row("JSON", "text: '{\"a\": [\"" + secret + "\"]}'");
    row("JSON with escapes", "text: '{\"a\": \"sk\\\\u005flive_4242\"}'");
    row("base64 of JSON", "text: '" + toBase64("{\"a\": \"" + secret + "\"}") + "'");
    row("base64 with slashes escaped in JSON", "text: '{\"a\": \"\\\\/" +
                                                   toBase64("?"
                                                            "?>" +
                                                            secret) +
                                                   "\"}'");
    row("bytes", "raw: '\\xff\\xfe " + secret + " \\xfd'");
    row("a message in bytes", "raw: '\\x0a\\x0c" + secret + "\\x10\\x01'");
    row("a map's key", "labels { key: '" + secret + "' value: 'v' }");
    row("an Any", "any { " + other(secret) + " }");
    row("an Any of an unknown type", "any { type_url: 'x/no.Type' value: '\\x0a\\x0c" + secret + "' }");
    row("deep", "child { child { by_name { key: 'k' value { Grouped { text: '" + secret + "' } } } } }");
    row("an extension", "[kinds.other] { kinds { raws: '" + secret + "' } }");
  }
  void reachesEveryFormOfText() {
    QFETCH(QString, before);
    const Bytes message = kinds(before.toStdString());
    for (const auto& schema : {test::kindsSchema(), Schema::builtin()})
      for (const char* pattern : {"sk_live_\\d+", "\\bsk_live_\\d+\\b", "(?i)SK_LIVE_[0-9]{4}"}) {
        const auto changed = scrubbed({text(pattern)}, message, "kinds.Kinds", schema);
        QVERIFY2(changed, pattern);
        class Finder : public test::Listing {
        } finder;
        walkValues(*schema, schema->message("kinds.Kinds"), *changed, finder);
        QVERIFY2(finder.lines.find("sk_live_4242") == Bytes::npos, finder.lines.c_str());
        QVERIFY2(finder.lines.find("[scrubbed]") != Bytes::npos, finder.lines.c_str());
      }
  }

  void shiftsTimes() {
    ScrubRule shift = at("time", Action::ShiftTime);
    shift.action.shift = std::chrono::hours(1);
    const auto changed = scrubbed({shift}, kinds("time { seconds: 1700000000 nanos: 5 } number: 1"));
    QVERIFY(changed);
    QCOMPARE(QString::fromStdString(test::kindsText(*changed)),
             "number: 1 time { seconds: 1700003600 nanos: 5 }");
  }

  void worksWithoutASchemaByNumber() {
    const auto changed = scrubbed({at("4.1"), at("5[1]", Action::Remove)},
                                  field(4, field(1, "name") + field(2, 3)) + field(5, "a") + field(5, "b"),
                                  "no.Type", Schema::builtin());
    QVERIFY(changed);
    QCOMPARE(QString::fromStdString(*changed),
             QString::fromStdString(field(4, field(1, "[scrubbed]") + field(2, 3)) + field(5, "a")));
  }

  void scrubsStatusMetadataAndInitialState() {
    test::ReplayFile file("state of alice");
    file.unary(
        "/kinds.Service/Unary", {"kinds.Kinds", kinds("text: 'alice'")},
        Status{.code = 5,
               .message = "no alice",
               .details = {{.typeUrl = "type.googleapis.com/kinds.Other", .value = field(1, "alice")}}});
    file.trailers({{"who", "alice"}, {"token", "t"}, {"x-bin", field(1, "alice")}});
    const FilterInput in = input(file);
    const auto all = scrubber({text("alice"), rule(Place::MetadataKey, "token", {}, Action::Remove),
                               at("code"), at("message", Action::Replace, "m")});
    QStringList hits;
    const auto note = [&](ScrubHit&& hit) { hits << hitText(hit); };
    const auto entry = all->entry(in, 1, note);
    QVERIFY(entry && *entry);
    const auto fields = parseEntry(**entry);
    const auto status = parseStatus(fields->message);
    QCOMPARE(status->code, 5);
    QCOMPARE(QString::fromStdString(status->message), "m");
    QCOMPARE(QString::fromStdString(status->details[0].value),
             QString::fromStdString(field(1, "[scrubbed]")));
    const auto extras = parseExtras(**entry);
    QCOMPARE(extras->trailers->size(), std::size_t{2});
    QCOMPARE(QString::fromStdString((*extras->trailers)[0].value), "[scrubbed]");
    QCOMPARE(QString::fromStdString((*extras->trailers)[1].value),
             QString::fromStdString(field(1, "[scrubbed]")));
    QCOMPARE(hits,
             QStringList({"0 message: alice -> [scrubbed]", "3 message: no [scrubbed] -> m",
                          "0 details[0]<kinds.Other>.word: alice -> [scrubbed]", "0 who: alice -> [scrubbed]",
                          "1 token: t -> gone", "0 x-bin: alice -> [scrubbed]"}));
    QCOMPARE(QString::fromStdString(*all->initialState("state of alice")), "state of [scrubbed]");
    const auto whole = scrubber({rule(Place::InitialState, {}, {}, Action::Redact)});
    QCOMPARE(QString::fromStdString(*whole->initialState("state of alice")), "[scrubbed]");
    const auto named = scrubber({rule(Place::Field, "**.password", {}, Action::Redact)});
    QCOMPARE(QString::fromStdString(*named->initialState("{\"db\": {\"password\": \"p\", \"host\": \"h\"}}")),
             "{\"db\": {\"password\": \"[scrubbed]\", \"host\": \"h\"}}");
    QVERIFY(!named->initialState("password"));
    QVERIFY(!*whole->entry(in, 0));
  }

  void keepsToItsScope() {
    test::ReplayFile file;
    file.unary("/kinds.Service/Unary", {"kinds.Kinds", kinds("text: 'a'")},
               {"kinds.Kinds", kinds("text: 'b'")});
    file.unary("/kinds.Service/Other", {"kinds.Kinds", kinds("text: 'a'")},
               Status{.code = 5, .message = "a", .details = {}});
    const FilterInput in = input(file);
    const auto changes = [&](const Bytes& scope) {
      ScrubRule one = rule(Place::AnyString, {}, {}, Action::Redact);
      one.scope = scope;
      const auto scrub = scrubber({one});
      QString out;
      for (std::uint32_t i = 0; i < in.recording->size(); ++i) out += *scrub->entry(in, i) ? 'x' : '-';
      return out;
    };
    QCOMPARE(changes(""), "xxxx");
    QCOMPARE(changes("method:Other"), "--xx");
    QCOMPARE(changes("error"), "--xx");
    QCOMPARE(changes("dir:out"), "x-x-");
    QCOMPARE(changes("req.text=zzz"), "----");
    ScrubRule slow = at("text");
    slow.scope = "dur>1s";
    QCOMPARE(scrubber({at("text"), slow})->rulesWithoutLiveScope(), std::vector<std::uint32_t>{1});
    QVERIFY(scrubber({slow})->message({.typeName = "kinds.Kinds"}, kinds("text: 'a'")));
    ScrubRule method = at("text");
    method.scope = "method:Unary";
    const auto live = scrubber({method});
    QVERIFY(live->message({.method = "/kinds.Service/Unary"}, kinds("text: 'a'")));
    QVERIFY(!live->message({.method = "/kinds.Service/No", .typeName = "kinds.Kinds"}, kinds("text: 'a'")));
  }

  void saysWhatIsWrongWithARule_data() {
    QTest::addColumn<ScrubRules>("rules");
    QTest::addColumn<QString>("error");
    const auto row = [](const char* name, ScrubRule one, const QString& error) {
      one.name = "r";
      QTest::newRow(name) << ScrubRules{one} << error;
    };
    row("no such field", at("emial"), "did you mean \"email\"?");
    row("no such path", at("child.emial"), "did you mean \"email\"?");
    row("no path", at("a..b"), "column 3");
    row("no such type", rule(Place::MessageType, "kinds.Otter", {}, Action::Redact), "kinds.Other");
    row("a bad pattern", text("a("), "missing )");
    row("no pattern", text(""), "expected a pattern");
    ScrubRule scope = at("email");
    scope.scope = "dur>";
    row("a bad scope", scope, "scope: ");
    ScrubRule off = at("emial");
    off.on = false;
    row("a rule that is off", off, "did you mean");
  }
  void saysWhatIsWrongWithARule() {
    QFETCH(ScrubRules, rules);
    QFETCH(QString, error);
    const auto made = Scrubber::create(rules, test::kindsSchema(), &key());
    QVERIFY(!made);
    const QString message = QString::fromStdString(made.error().message);
    QVERIFY2(message.startsWith("scrub rule \"r\": "), qPrintable(message));
    QVERIFY2(message.contains(error), qPrintable(message));
  }

  void needsAKeyToHashWith() {
    QVERIFY(!Scrubber::create({at("text", Action::Hash)}, test::kindsSchema()));
    const auto scrub = scrubber({at("**.text", Action::Hash)});
    const auto one = scrub->message({.typeName = "kinds.Kinds"}, kinds("text: 'a' child { text: 'a' }"));
    QVERIFY(one);
    QVERIFY(!scrub->message({.typeName = "kinds.Kinds"}, *one));  // tokens are known
  }

  void leavesAloneWhatIsMarkedAndCannotBeTold() {
    ScrubRule shift = at("time", Action::ShiftTime);
    shift.action.shift = std::chrono::hours(1);
    ScrubRule shiftState = rule(Place::InitialState, {}, {}, Action::ShiftTime);
    shiftState.action.shift = std::chrono::hours(1);
    test::ReplayFile file("2024-03-01T00:00:00Z");
    file.unary("/kinds.Service/Unary", {"kinds.Kinds", kinds("text: 'a' time { seconds: 1 }")},
               {"kinds.Kinds", kinds("number: 5")});
    const auto scrub = scrubber({shift, at("number", Action::Hash), at("text"), shiftState});
    FilterInput in = input(file);
    const auto once = scrubRecording(in, *scrub);
    QVERIFY(once);
    QCOMPARE(once->edit.entries.size(), std::size_t{2});
    QCOMPARE(QString::fromStdString(once->edit.initialState.value_or("")), "2024-03-01T01:00:00Z");
    in.recording = std::make_shared<const Recording>(*apply(*in.recording, once->edit));
    const auto twice = scrubRecording(in, *scrub);
    QVERIFY(twice);
    QCOMPARE(twice->edit.entries.size(), std::size_t{0});
    QVERIFY(!twice->edit.initialState);
    QCOMPARE(twice->report.rules[0].leftAlone, std::uint64_t{2});  // of a type that has times
    QVERIFY(parseExtras(in.recording->bytes(0)->view)->scrubbed);
  }

  void countsAndApplies() {
    test::ReplayFile file;
    for (int i = 0; i < 3; ++i)
      file.unary("/kinds.Service/Unary",
                 {"kinds.Kinds", kinds("text: 'id " + std::to_string(i % 2) + "' email: 'a id 7'")},
                 {"kinds.Kinds", kinds("number: 1")});
    const FilterInput in = input(file);
    const auto scrub = scrubber({text("id \\d"), at("email", Action::Replace, "x"), at("real")});
    const auto counted = countScrubHits(in, *scrub);
    QVERIFY(counted);
    const auto& rules = counted->rules;
    QCOMPARE(rules[0].hits, std::uint64_t{6});
    QCOMPARE(rules[0].entries, std::uint64_t{3});
    QCOMPARE(rules[0].calls, std::uint64_t{3});
    QCOMPARE(rules[0].compared, std::uint64_t{6});
    QCOMPARE(rules[0].distinct, std::uint64_t{3});
    QCOMPARE(QString::fromStdString(rules[0].samples[0].before), "id 0");
    QCOMPARE(rules[0].samples[0].count, std::uint64_t{2});
    QCOMPARE(rules[1].overlaps, std::vector<std::uint32_t>{0});
    QCOMPARE(rules[2].hits, std::uint64_t{0});
    QCOMPARE(counted->hitsOfCall, (std::vector<std::uint32_t>{3, 3, 3}));
    QCOMPARE(counted->entries.size(), std::size_t{3});

    for (const bool mark : {true, false}) {
      const auto done = scrubRecording(in, *scrub, mark);
      QVERIFY(done);
      QCOMPARE(done->edit.entries.size(), std::size_t{3});
      const auto after = apply(*in.recording, done->edit);
      QVERIFY(after);
      QCOMPARE(parseExtras(after->bytes(0)->view)->scrubbed, mark);
      QVERIFY(!parseExtras(after->bytes(1)->view)->scrubbed);
      QCOMPARE(QString::fromStdString(test::kindsText(after->entry(0)->fields.message)),
               "text: \"[scrubbed]\" email: \"x\"");
    }
  }

  void stopsWhenItIsTold() {
    test::ReplayFile file;
    file.unary("/kinds.Service/Unary", {"kinds.Kinds", kinds("text: 'a'")}, {"kinds.Kinds", {}});
    std::stop_source stop;
    stop.request_stop();
    const auto counted = countScrubHits(input(file), *scrubber({at("text")}), {.stop = stop.get_token()});
    QVERIFY(counted);
    QVERIFY(counted->stopped);
  }
};

QTEST_APPLESS_MAIN(tst_Scrubber)
#include "tst_scrubber.moc"
