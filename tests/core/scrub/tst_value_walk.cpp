#include <QElapsedTimer>
#include <QTest>

#include "base/wire.h"
#include "schema/text.h"
#include "support/replay_file.h"
#include "walked.h"

using namespace retake;
using test::field;
using test::kinds;
using Bytes = std::string;

namespace {

Bytes hex(const char* text) { return QByteArray::fromHex(text).toStdString(); }

QString shown(const std::optional<Bytes>& bytes) {
  if (!bytes) return "unchanged";
  return QString::fromStdString(bytes->find_first_of('\0') == Bytes::npos && isPrintable(*bytes)
                                    ? *bytes
                                    : QByteArray::fromStdString(*bytes).toHex().toStdString());
}

QString listed(const google::protobuf::Descriptor* type, const Bytes& message) {
  test::Listing listing;
  if (walkValues(*test::kindsSchema(), type, message, listing)) return "changed";
  return QString::fromStdString(listing.lines);
}

// What "any" holds: an Other with that word.
Bytes other(const Bytes& word) { return "[type.googleapis.com/kinds.Other] { word: \"" + word + "\" }"; }

}  // namespace

class tst_ValueWalk : public QObject {
  Q_OBJECT

 private slots:
  void visitsEveryValue_data() {
    QTest::addColumn<QString>("message");
    QTest::addColumn<QString>("values");
    const auto row = [](const char* name, const QString& message, const QString& values) {
      QTest::newRow(name) << message << values;
    };
    row("numbers",
        "number: -5 zigzag: -6 real: 1.5 small: 0.1 flag: true color: GREEN fixed: 9 signed_fixed: -7",
        "number = -5\nzigzag = -6\nreal = 1.5\nsmall = 0.1\nflag = 1\ncolor = 1\nfixed = 9\n"
        "signed_fixed = -7\n");
    row("messages", "child { text: 'a' child { text: 'b' } }",
        "child.text = \"a\"\nchild.child.text = \"b\"\n");
    row("lists", "children { text: 'a' } children { text: 'b' } texts: 'c' texts: 'd'",
        "children[0].text = \"a\"\nchildren[1].text = \"b\"\ntexts[0] = \"c\"\ntexts[1] = \"d\"\n");
    row("packed or not", "numbers: [1, -1] loose: [2, 3] reals: [0.5]",
        "numbers[0] = 1\nnumbers[1] = -1\nloose[0] = 2\nloose[1] = 3\nreals[0] = 0.5\n");
    row("maps with keys of each kind",
        "labels { key: 'a b' value: 'c' } by_number { key: -3 value { text: 'd' } } "
        "by_flag { key: true value: 'e' }",
        "key labels[\"a b\"] = \"a b\"\nlabels[\"a b\"] = \"c\"\nkey by_number[-3] = -3\n"
        "by_number[-3].text = \"d\"\nkey by_flag[true] = 1\nby_flag[true] = \"e\"\n");
    row("an Any, not its type", "any { " + QString::fromStdString(other("w")) + " }",
        "any<kinds.Other>.word = \"w\"\n");
    row("an Any in an Any",
        "any { [type.googleapis.com/kinds.Other] { kinds { anys { " + QString::fromStdString(other("w")) +
            " } } } }",
        "any<kinds.Other>.kinds.anys[0]<kinds.Other>.word = \"w\"\n");
    row("an Any of a type that nobody knows", "any { type_url: 'x.com/no.Such' value: '\\x0a\\x03abc' }",
        "any<no.Such>.1 = \"abc\"\n");
    row("groups", "Grouped { text: 'a' }", "grouped.text = \"a\"\n");
    row("oneofs", "chosen_child { chosen_number: 4 }", "chosen_child.chosen_number = 4\n");
    row("extensions", "[kinds.note]: 'a' [kinds.other] { word: 'b' }",
        "[kinds.note] = \"a\"\n[kinds.other].word = \"b\"\n");
    row("bytes that hold text", "raw: 'abc'", "raw = \"abc\"\n");
    row("bytes that hold nothing known", "raw: '\\xff\\x00\\x01'", "raw = ff0001\n");
    row("text among bytes", "raw: '\\xff\\x00password\\x00'",
        "raw = ff0070617373776f726400\nraw (bytes) = \"password\"\n");
    row("bytes that hold a message", "raw: '\\x0a\\x03abc\\x10\\x05'",
        "raw = 0a036162631005\nraw.1 (message) = \"abc\"\nraw.2 (message) = 5\n");
    row("JSON in a string", "text: '{\"a\": {\"b c\": [1, \"x\", true, null]}}'",
        "key text.a (JSON) = \"a\"\n"
        "key text.a[\"b c\"] (JSON) = \"b c\"\ntext.a[\"b c\"][0] (JSON) = 1\n"
        "text.a[\"b c\"][1] (JSON) = \"x\"\ntext.a[\"b c\"][2] (JSON) = true\n");
    row("JSON in bytes", "raw: '[\"x\"]'", "raw[0] (JSON) = \"x\"\n");
    row("base64", "text: 'see aGVsbG8gd29ybGQ= there'",
        "text = \"see aGVsbG8gd29ybGQ= there\"\ntext (base64) = \"hello world\"\n");
    row("base64 for URLs, of JSON", "text: 'eyJhIjoiPz8_fn4ifQ'",
        "text = \"eyJhIjoiPz8_fn4ifQ\"\n"
        "key text.a (base64, JSON) = \"a\"\ntext.a (base64, JSON) = \"??"
        "?~~\"\n");
    row("hex", "text: '68656c6c6f20776f726c64'",
        "text = \"68656c6c6f20776f726c64\"\ntext (hex) = \"hello world\"\n");
    row("URL escapes", "text: 'q=a%40b.c&x'", "text = \"q=a%40b.c&x\"\ntext (URL-escaped) = \"q=a@b.c&x\"\n");
  }
  void visitsEveryValue() {
    QFETCH(QString, message);
    QFETCH(QString, values);
    QCOMPARE(listed(test::kindsType(), kinds(message.toStdString())), values);
  }

  void visitsByNumberWithoutASchema_data() {
    QTest::addColumn<Bytes>("message");
    QTest::addColumn<QString>("values");
    const auto row = [](const char* name, const Bytes& message, const QString& values) {
      QTest::newRow(name) << message << values;
    };
    row("fields", field(1, "abc") + field(3, 5), "1 = \"abc\"\n3 = 5\n");
    row("a list", field(1, "abc") + field(1, "def"), "1[0] = \"abc\"\n1[1] = \"def\"\n");
    row("messages", field(4, field(1, 7) + field(2, "x")), "4.1 = 7\n4.2 = \"x\"\n");
    row("fixed numbers",
        hex("0d010000001102000000"
            "00000000"),
        "1 = 1\n2 = 2\n");
    row("a group", hex("1b0a01611c"), "3.1 = \"a\"\n");
    row("an Any of a known type",
        field(6, field(1, "type.googleapis.com/kinds.Other") + field(2, field(1, "w"))),
        "6<kinds.Other>.word = \"w\"\n");
    row("what only looks as an Any", field(6, field(1, "http://a/b") + field(2, "c")),
        "6.1 = \"http://a/b\"\n6.2 = \"c\"\n");
  }
  void visitsByNumberWithoutASchema() {
    QFETCH(Bytes, message);
    QFETCH(QString, values);
    QCOMPARE(listed(nullptr, message), values);
  }

  void readsOnWhereAMessageIsDamaged_data() {
    QTest::addColumn<Bytes>("message");
    QTest::addColumn<QString>("values");
    QTest::newRow("cut off") << field(1, "abc") + hex("0a09") + "the rest"
                             << "text = \"abc\"\n = \"\n\tthe rest\"\n";
    QTest::newRow("no field at all") << hex("ff") << " = ff\n";
    QTest::newRow("within") << field(11, field(1, "a") + hex("0a7f01")) + field(29, "e")
                            << "child.text = \"a\"\nchild = 0a7f01\nemail = \"e\"\n";
    QTest::newRow("another wire type") << field(1, 5) + field(3, "abc") << "1 = 5\n3 = \"abc\"\n";
    QTest::newRow("no UTF-8 in a string") << field(1, hex("ff61")) << "text = ff61\n";
    QTest::newRow("packed and cut off") << field(14, hex("01ff")) << "numbers[0] = 1\nnumbers = ff\n";
    QTest::newRow("unknown fields") << field(77, "abc") + field(78, field(1, 3))
                                    << "77 = \"abc\"\n78.1 = 3\n";
    QTest::newRow("a map entry without its key")
        << field(16, field(2, "v")) << "key labels[\"\"] = \"\"\nlabels[\"\"] = \"v\"\n";
    QTest::newRow("a map entry with more") << field(16, field(1, "k") + field(2, "v") + field(3, "x"))
                                           << "labels.key = \"k\"\nlabels.value = \"v\"\nlabels.3 = \"x\"\n";
  }
  void readsOnWhereAMessageIsDamaged() {
    QFETCH(Bytes, message);
    QFETCH(QString, values);
    QCOMPARE(listed(test::kindsType(), message), values);
  }

  void changesWhatItIsToldAndNothingElse_data() {
    QTest::addColumn<QString>("before");
    QTest::addColumn<QString>("after");
    const auto row = [](const char* name, const QString& before, const QString& after) {
      QTest::newRow(name) << before << after;
    };
    row("nothing", "text: 'abc' number: 4", "unchanged");
    row("a string", "text: 'a secret one' email: 'e'", "text: \"a *** one\" email: \"e\"");
    row("numbers", "number: 42 zigzag: 42 real: 42 small: 42 fixed: 42 signed_fixed: 42",
        "number: 7 zigzag: 7 real: 7 small: 7 fixed: 7 signed_fixed: 7");
    row("packed", "numbers: [1, 42, 3] loose: 42 reals: [42, 1]",
        "numbers: 1 numbers: 7 numbers: 3 loose: 7 reals: 7 reals: 1");
    row("messages and lists", "child { text: 'secret' } texts: 'a' texts: 'secret'",
        "child { text: \"***\" } texts: \"a\" texts: \"***\"");
    row("groups", "Grouped { text: 'secret' }", "Grouped { text: \"***\" }");
    row("a map's value", "labels { key: 'a' value: 'secret' }", "labels { key: \"a\" value: \"***\" }");
    row("a map's key", "labels { key: 'secret' value: 'v' }", "labels { key: \"***\" value: \"v\" }");
    row("keys that become equal", "labels { key: 'secret' value: 'a' } labels { key: '***' value: 'b' }",
        "labels { key: \"***\" value: \"b\" } labels { key: \"***~2\" value: \"a\" }");
    row("numbers as keys that become equal",
        "by_number { key: 42 value { number: 1 } } by_number { key: 7 value { number: 2 } }",
        "by_number { key: 7 value { number: 2 } } by_number { key: 8 value { number: 1 } }");
    row("in an Any", "any { " + QString::fromStdString(other("secret")) + " }",
        "any { type_url: \"type.googleapis.com/kinds.Other\" value: \"\\n\\003***\" }");
    row("extensions", "[kinds.note]: 'secret'", "[kinds.note]: \"***\"");
    row("among bytes", "raw: '\\xff\\x00a secret\\x00'", "raw: \"\\377\\000a ***\\000\"");
    row("a message in bytes", "raw: '\\x0a\\x06secret\\x10\\x05'", "raw: \"\\n\\003***\\020\\005\"");
    const QString forty(34, 'x');
    row("a message in bytes that are all printable", "raw: '\\n(" + forty + "secret'",
        "raw: \"\\n%" + forty + "***\"");
    row("a message in bytes that begins as text does", "raw: '\"(" + forty + "secret'",
        "raw: \"\\\"%" + forty + "***\"");
    row("text in bytes that is none", "raw: '\"(" + forty + "a secret'", "raw: \"\\\"(" + forty + "a ***\"");
    row("a member of JSON", "text: '{ \"a\" : \"\\\\u00e4 secret \\\\/\" , \"b\":1}'",
        "text: \"{ \\\"a\\\" : \\\"\\\\u00e4 *** \\\\/\\\" , \\\"b\\\":1}\"");
    row("a number in JSON", "text: '[42, 1]'", "text: \"[7, 1]\"");
    row("keys of JSON that become equal", "text: '{\"secret\":1,\"***\":2}'",
        "text: \"{\\\"***~2\\\":1,\\\"***\\\":2}\"");
    row("JSON in JSON", "text: '{\"a\":\"{\\\\\"b\\\\\":\\\\\"secret\\\\\"}\"}'",
        "text: \"{\\\"a\\\":\\\"{\\\\\\\"b\\\\\\\":\\\\\\\"***\\\\\\\"}\\\"}\"");
  }
  void changesWhatItIsToldAndNothingElse() {
    QFETCH(QString, before);
    QFETCH(QString, after);
    test::SecretChanger changer;
    const auto changed =
        walkValues(*test::kindsSchema(), test::kindsType(), kinds(before.toStdString()), changer);
    QCOMPARE(changed ? QString::fromStdString(test::kindsText(*changed)) : "unchanged", after);
  }

  void putsTextsBackInTheFormTheyHad_data() {
    QTest::addColumn<Bytes>("before");
    QTest::addColumn<Bytes>("after");
    const auto row = [](const char* name, const Bytes& before, const Bytes& after) {
      QTest::newRow(name) << before << after;
    };
    const auto b64 = [](const Bytes& text) { return toBase64(text); };
    const auto hexText = [](const Bytes& text) {
      return QByteArray::fromStdString(text).toHex().toStdString();
    };
    row("base64", b64("a secret!"), b64("a ***!"));
    row("base64, padded as it must be", "x " + b64("my secret") + " y", "x " + b64("my ***") + " y");
    row("base64, two marks of padding", b64("a secret 12"), b64("a *** 12"));
    row("base64 without its padding", "bXkgc2VjcmV0IDE", "bXkgKioqIDE");
    row("base64 behind a path", "/v1/bXkgc2VjcmV0/x", "/v1/bXkgKioq/x");
    row("base64 of JSON", b64("{\"a\": \"secret\"}"), b64("{\"a\": \"***\"}"));
    row("base64 of base64", b64("x " + b64("a secret one") + " y"), b64("x " + b64("a *** one") + " y"));
    row("base64 of a message", b64(field(1, "secret") + field(2, 300)), b64(field(1, "***") + field(2, 300)));
    row("base64 of a message that is all printable", b64(field(1, Bytes(35, 'x') + "secret")),
        b64(field(1, Bytes(35, 'x') + "***")));
    row("base64 of other bytes", b64("\x01\x02\xff a secret \xfe\xfd"), b64("\x01\x02\xff a *** \xfe\xfd"));
    row("base64 of no certain begin", "a" + b64("my secret is here"), "a" + b64("my *** is here"));
    row("base64 behind other base64", "aGVsbG8gd29ybGQ/a" + b64("my secret is here"),
        "aGVsbG8gd29ybGQ/a" + b64("my *** is here"));
    row("base64 of more than one begin", "a" + b64("my secret is he") + "abc/a" + b64("my secret is he"),
        "a" + b64("my *** is he") + "abc/a" + b64("my *** is he"));
    row("hex behind base64", "aGVsbG8gd29ybGQ/6d7920736563726574", "aGVsbG8gd29ybGQ/6d79202a2a2a");
    row("hex of a message that is all printable", hexText(field(1, Bytes(35, 'x') + "secret")),
        hexText(field(1, Bytes(35, 'x') + "***")));
    row("hex", "x 6d7920736563726574 y", "x 6d79202a2a2a y");
    row("hex in capitals", "0x6D7920736563726574FE", "0x6D79202A2A2AFE");
    row("URL escapes", "a=%6dy%20secret%2f&b=%2f", "a=%6dy%20***%2f&b=%2f");
    row("an escape in the middle", "a=sec%72et&b=%2f", "a=***&b=%2f");
    row("base64 in a URL", "u=bXkgc2VjcmV0IG8%3D&v", "u=bXkgKioqIG8%3D&v");
    row("JSON in a URL", "q=%7B%22a%22%3A%22secret%22%7D", "q=%7B%22a%22%3A%22***%22%7D");
    row("nothing", "aGVsbG8gd29ybGQ= %41 68656c6c6f20776f726c64", "");
  }
  void putsTextsBackInTheFormTheyHad() {
    QFETCH(Bytes, before);
    QFETCH(Bytes, after);
    test::SecretChanger changer;
    const auto changed = walkText(before, changer);
    QCOMPARE(shown(changed), after.empty() ? "unchanged" : shown(after));
  }

  void isDoneInTimeThatGrowsWithTheText_data() {
    QTest::addColumn<Bytes>("text");
    const auto row = [](const char* name, const Bytes& begin, const Bytes& part, const Bytes& end) {
      Bytes text = begin;
      while (text.size() < 2'000'000) text += part;
      QTest::newRow(name) << text + end;
    };
    row("words with escapes, words without", "", "%41b abcdefgh ", "");
    row("many members that go", "[", "{\"a\":42,\"b\":1},", "1]");
    row("many members whose key changes", "[", "{\"secret\":42},", "1]");
    row("one run of base64", "A", "c2VjcmV0", "");
    row("one run of hex", "", "736563726574", "");
    row("escapes of escapes", "", "%2525252541", "");
    row("lists in lists", "", "[", "");
  }
  void isDoneInTimeThatGrowsWithTheText() {
    QFETCH(Bytes, text);
    class Remover : public test::SecretChanger {
      ValueChange number(const ValuePlace&, std::string_view value) override {
        return {.kind = value == "42" ? ValueChange::Kind::Remove : ValueChange::Kind::Keep};
      }
    } remover;
    QElapsedTimer timer;
    timer.start();
    walkText(text, remover);
    // A second or less; minutes where it grows with the square.
    QVERIFY2(timer.elapsed() < 20'000, qPrintable(QString::number(timer.elapsed())));
  }

  void takesValuesOut_data() {
    QTest::addColumn<QString>("before");
    QTest::addColumn<QString>("after");
    const auto row = [](const char* name, const QString& before, const QString& after) {
      QTest::newRow(name) << before << after;
    };
    row("a field", "text: 'secret' number: 1", "number: 1");
    row("an element", "texts: 'a' texts: 'secret' texts: 'b'", "texts: \"a\" texts: \"b\"");
    row("a packed number", "numbers: [1, 42, 2]", "numbers: 1 numbers: 2");
    row("the only packed number", "numbers: 42 number: 1", "number: 1");
    row("a map entry by its key", "labels { key: 'secret' value: 'v' }", "");
    row("a map entry by its value", "labels { key: 'k' value: 'secret' } number: 1", "number: 1");
    row("the first of JSON", "text: '{\"a\": \"secret\", \"b\": 1}'", "text: \"{\\\"b\\\": 1}\"");
    row("the last of JSON", "text: '{\"b\": 1, \"a\": \"secret\" }'", "text: \"{\\\"b\\\": 1 }\"");
    row("between in JSON", "text: '[ 1, 42, \"secret\", [2] , \"x\"]'", "text: \"[ 1, [2] , \\\"x\\\"]\"");
    row("all of JSON", "text: '[42, \"secret\" ]'", "text: \"[ ]\"");
    row("what base64 holds", "texts: 'c2VjcmV0' number: 1", "number: 1");
  }
  void takesValuesOut() {
    QFETCH(QString, before);
    QFETCH(QString, after);
    class Remover : public ValueVisitor {
      ValueChange text(const ValuePlace&, std::string_view value) override {
        return {.kind = value == "secret" ? ValueChange::Kind::Remove : ValueChange::Kind::Keep};
      }
      ValueChange number(const ValuePlace&, std::string_view value) override {
        return {.kind = value == "42" ? ValueChange::Kind::Remove : ValueChange::Kind::Keep};
      }
    } remover;
    const auto changed =
        walkValues(*test::kindsSchema(), test::kindsType(), kinds(before.toStdString()), remover);
    QVERIFY(changed);
    QCOMPARE(QString::fromStdString(test::kindsText(*changed)), after);
  }

  void keepsOrderAndBytesOfEverythingElse() {
    // Fields out of order, a length and a number longer than they need be, an unknown field, a group.
    const Bytes rest =
        field(29, "e") + hex("9a06810061") + hex("18818000") + field(500, "u") + hex("1b08011c");
    const Bytes message = rest + field(1, "secret") + rest;
    for (const auto* type : {test::kindsType(), static_cast<const google::protobuf::Descriptor*>(nullptr)}) {
      test::SecretChanger changer;
      QCOMPARE(shown(walkValues(*test::kindsSchema(), type, message, changer)),
               shown(rest + field(1, "***") + rest));
    }
  }

  void whichKeyGetsWhichNumberDoesNotDependOnTheirOrder() {
    const auto keys = [](const Bytes& message) {
      class Equal : public ValueVisitor {
        ValueChange text(const ValuePlace& place, std::string_view) override {
          return {.kind = place.isMapKey() ? ValueChange::Kind::Set : ValueChange::Kind::Keep, .value = "x"};
        }
      } equal;
      const auto once = walkValues(*test::kindsSchema(), test::kindsType(), message, equal);
      const auto twice = walkValues(*test::kindsSchema(), test::kindsType(), *once, equal);
      // What was told apart once stays as it is.
      return twice && *twice == *once ? QString::fromStdString(test::kindsText(*once)) : "another";
    };
    Bytes forward;
    Bytes backward;
    for (int i = 0; i < 12; ++i) {
      const Bytes entry = field(16, field(1, "k" + std::to_string(i)) + field(2, std::to_string(i)));
      forward = forward + entry;
      backward = entry + backward;
    }
    QCOMPARE(keys(forward), keys(backward));
    QCOMPARE(keys(forward).count("key"), 12);
    QVERIFY(keys(forward).contains("key: \"x~12\""));
  }

  void walksAHundredLevels() {
    const auto deep = [](int levels, Bytes inner) {
      for (int i = 0; i < levels; ++i) inner = field(11, inner);
      return inner;
    };
    for (const int levels : {10, 99, 100, 101, 150}) {
      test::SecretChanger changer;
      const auto changed = walkValues(*test::kindsSchema(), test::kindsType(),
                                      deep(levels, field(1, "a secret text")), changer);
      QVERIFY(changed);
      // Deeper than that it is text among bytes, whose lengths nobody keeps.
      if (levels <= 100) QCOMPARE(shown(changed), shown(deep(levels, field(1, "a *** text"))));
      QVERIFY(changed->find("secret") == Bytes::npos);
    }
  }

  void doesNotVisitWhatItNeedNot() {
    class Outside : public test::Listing {
      bool enters(const ValuePlace& place, const google::protobuf::Descriptor*) override {
        return place.path() != "child" && place.path() != "labels";
      }
      bool looksInto(const ValuePlace&, std::string_view) override { return false; }
    } outside;
    walkValues(*test::kindsSchema(), test::kindsType(),
               kinds("text: '[1] %41' child { text: 'a' } labels { key: 'b' } Grouped { text: 'c' }"),
               outside);
    QCOMPARE(outside.lines, "text = \"[1] %41\"\ngrouped.text = \"c\"\n");
  }

  void endsOnAnyInput() {
    // Random bytes, and bytes of a message with some of them changed.
    unsigned state = 1;
    const auto next = [&state] { return state = state * 1664525u + 1013904223u; };
    const Bytes sound = kinds(
        "text: '{\"a\":[1,\"secret\"]}' child { raw: 'c2VjcmV0 %41' } labels { key: 'secret' value: 'x' } "
        "numbers: [1, 42] any { " +
        other("secret") + " } Grouped { text: 'secret' }");
    for (int round = 0; round < 3000; ++round) {
      Bytes bytes = sound;
      for (unsigned i = 0; i < 1 + round % 8u; ++i)
        bytes[(next() >> 8) % bytes.size()] = static_cast<char>(next() >> 16);
      if (round % 3 == 0) bytes.resize((next() >> 8) % bytes.size());
      for (const auto* type :
           {test::kindsType(), static_cast<const google::protobuf::Descriptor*>(nullptr)}) {
        test::Listing listing;
        QVERIFY(!walkValues(*test::kindsSchema(), type, bytes, listing));
        test::SecretChanger changer;
        walkValues(*test::kindsSchema(), type, bytes, changer);
      }
    }
  }
};

QTEST_APPLESS_MAIN(tst_ValueWalk)
#include "tst_value_walk.moc"
