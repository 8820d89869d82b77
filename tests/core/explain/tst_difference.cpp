#include <google/protobuf/util/field_comparator.h>
#include <google/protobuf/util/message_differencer.h>

#include <QElapsedTimer>
#include <QTest>

#include <bit>

#include "base/wire.h"
#include "core/schema/random_message.h"
#include "explain/difference.h"
#include "explain/list_alignment.h"
#include "match/message_forms.h"
#include "schema/json.h"
#include "schema/sources.h"
#include "schema/text.h"
#include "support/replay_file.h"

using namespace retake;
using test::field;
using Bytes = std::string;

namespace {

const Schema& everything() {
  static const auto kSchema = [] {
    const std::vector<std::string> places{RETAKE_SOURCE_DIR "/tests/core/match/everything.proto",
                                          RETAKE_SOURCE_DIR "/tests/data/schema/kinds.proto"};
    auto schema = loadSchema(places);
    if (!schema) qFatal("%s", schema.error().message.c_str());
    return *schema;
  }();
  return *kSchema;
}

Bytes fromText(const std::string& type, const char* json) {
  const JsonParse parsed = fromJson(everything(), type, json);
  if (!parsed.ok()) qFatal("%s: %s", json, describe(parsed.problems.front()).c_str());
  return parsed.message;
}

// One a line.
QString told(const Schema& schema, const char* type, const Bytes& recorded, const Bytes& sent,
             const char* ignore = "") {
  std::vector<FieldPath> paths;
  if (*ignore) paths.push_back(*parseFieldPath(ignore));
  const FieldPathSet set(paths);
  QString text;
  for (const Difference& one : differences(schema, schema.message(type), recorded, sent, set))
    text += (text.isEmpty() ? "" : "\n") + QString::fromStdString(describe(one));
  return text;
}

// Lists in lists, of `count` and of the other of 1 and 2 elements in turn.
Bytes nestedLists(int depth, int count, std::uint64_t leaf) {
  if (depth == 0) return field(1, leaf);
  Bytes out;
  for (int i = 0; i < count; ++i)
    out += field(8, nestedLists(depth - 1, 3 - count, leaf * 2 + static_cast<std::uint64_t>(i)));
  return out;
}

Bytes any(const Bytes& type, const Bytes& value) {
  return field(5, field(1, "type.googleapis.com/" + type) + field(2, value));
}

Bytes doubleField(std::uint32_t number, double value) {
  Bytes out;
  appendTag(out, number, WireType::Fixed64);
  const auto bits = std::bit_cast<std::uint64_t>(value);
  for (int shift = 0; shift < 64; shift += 8) out.push_back(static_cast<char>(bits >> shift));
  return out;
}

}  // namespace

class tst_Difference : public QObject {
  Q_OBJECT

 private slots:
  void namesTheFieldsThatDiffer_data() {
    QTest::addColumn<QString>("type");
    QTest::addColumn<QString>("recorded");
    QTest::addColumn<QString>("sent");
    QTest::addColumn<QString>("told");
    const auto row = [](const char* name, const char* type, const char* recorded, const char* sent,
                        const char* text) { QTest::addRow("%s", name) << type << recorded << sent << text; };
    const char* const e = "everything.Everything";
    const char* const s = "kinds.v1.Scalars";
    const char* const o = "kinds.v1.Optionals";
    const char* const l = "kinds.v1.Lists";
    const char* const m = "kinds.v1.Maps";
    const char* const w = "kinds.v1.WellKnown";
    row("equal", e, "{'number': 1}", "{'number': 1}", "");
    row("a number", e, "{'number': 1}", "{'number': -2}", "number: recorded 1, sent -2");
    row("a default", e, "{'number': 1}", "{}", "number: recorded 1, sent 0");
    row("a text", e, "{'text': 'a'}", "{'text': 'b'}", R"(text: recorded "a", sent "b")");
    row("a text with line ends", e, R"({'text': 'a\n'})", R"({'text': 'a\t'})",
        R"(text: recorded "a\n", sent "a\t")");
    row("bytes", e, "{'raw': 'AGE='}", "{'raw': '/2E='}", R"(raw: recorded b"\x00a", sent b"\xffa")");
    row("an enum", s, "{'colour': 'COLOUR_RED'}", "{'colour': 'COLOUR_BLUE'}",
        "colour: recorded COLOUR_RED, sent COLOUR_BLUE");
    row("an enum without a name", s, "{'colour': 7}", "{'colour': 8}", "colour: recorded 7, sent 8");
    row("a bool", s, "{'aBool': true}", "{}", "a_bool: recorded true, sent false");
    row("reals", s, "{'aDouble': 1.5, 'aFloat': 0.1}", "{'aDouble': -1.5, 'aFloat': 0.2}",
        "a_float: recorded 0.1, sent 0.2\na_double: recorded 1.5, sent -1.5");
    row("large numbers", s, "{'aUint64': '18446744073709551615'}", "{'aUint64': '1'}",
        "a_uint64: recorded 18446744073709551615, sent 1");
    row("presence", o, "{'anInt32': 0}", "{}", "an_int32: recorded 0, sent nothing");
    row("one of two", o, "{'name': 'a'}", "{'id': '7'}",
        "name: recorded \"a\", sent nothing\nid: recorded nothing, sent 7");
    row("a submessage", e, "{'child': {'number': 1}}", "{'child': {'number': 2}}",
        "child.number: recorded 1, sent 2");
    row("a submessage that is missing", e, "{'child': {'number': 1, 'text': 'a'}}", "{'text': 'b'}",
        "child: recorded {\"number\": 1, \"text\": \"a\"}, sent nothing\ntext: recorded \"\", sent \"b\"");
    row("an empty submessage", e, "{'child': {}}", "{}", "child: recorded {}, sent nothing");
    row("a list's element", e, "{'numbers': [1, 2, 3]}", "{'numbers': [1, 5, 3]}",
        "numbers[1]: recorded 2, sent 5");
    row("an element inserted", e, "{'numbers': [1, 2, 3]}", "{'numbers': [1, 9, 2, 3]}",
        "numbers[1]: recorded nothing, sent 9");
    row("an element removed", e, "{'numbers': [1, 2, 3, 4]}", "{'numbers': [1, 3, 4]}",
        "numbers[1]: recorded 2, sent nothing");
    row("an element inserted before one that changed", e,
        "{'children': [{'text': 'abc', 'number': 7}, {'text': 'z'}]}",
        "{'children': [{'text': 'q'}, {'text': 'abc', 'number': 8}, {'text': 'z'}]}",
        "children[0]: recorded nothing, sent {\"text\": \"q\"}\nchildren[1].number: recorded 7, sent 8");
    row("elements that changed", e, "{'children': [{'number': 1}, {'number': 2}]}",
        "{'children': [{'number': 3}, {'number': 4}]}",
        "children[0].number: recorded 1, sent 3\nchildren[1].number: recorded 2, sent 4");
    row("a list that is missing", e, "{'numbers': [1, 2, 3]}", "{}",
        "numbers: recorded [1, 2, 3], sent nothing");
    row("a list of strings", l, "{'strings': ['a', 'b']}", "{'strings': ['a', 'c']}",
        R"(strings[1]: recorded "b", sent "c")");
    row("a map's value", e, "{'counts': {'a': 1, 'b': 2}}", "{'counts': {'b': 2, 'a': 3}}",
        R"(counts["a"]: recorded 1, sent 3)");
    row("a map's key", e, "{'counts': {'a': 1, 'b': 2}}", "{'counts': {'c': 1, 'b': 2}}",
        "counts[\"a\"]: recorded 1, sent nothing\ncounts[\"c\"]: recorded nothing, sent 1");
    row("a map by number", e, "{'nested': {'-1': {'number': 1}}}", "{'nested': {'-1': {'number': 2}}}",
        "nested[-1].number: recorded 1, sent 2");
    row("a map by bool", m, "{'byBool': {'true': 'COLOUR_RED'}}", "{'byBool': {'true': 'COLOUR_NONE'}}",
        "by_bool[1]: recorded COLOUR_RED, sent COLOUR_NONE");
    row("a map in a map", m, "{'byFixed32': {'1': {'labels': {'a.b': 'x'}}}}",
        "{'byFixed32': {'1': {'labels': {'a.b': 'y'}}}}",
        R"(by_fixed32[1].labels["a.b"]: recorded "x", sent "y")");
    row("an Any", w, "{'any': {'@type': 'type.googleapis.com/kinds.v1.Scalars', 'aString': 'a'}}",
        "{'any': {'@type': 'type.googleapis.com/kinds.v1.Scalars', 'aString': 'b'}}",
        R"(any<kinds.v1.Scalars>.a_string: recorded "a", sent "b")");
    row("an Any in a map", m,
        "{'anys': {'k': {'@type': 'type.googleapis.com/kinds.v1.Scalars', 'aBool': true}}}",
        "{'anys': {'k': {'@type': 'type.googleapis.com/kinds.v1.Scalars'}}}",
        R"(anys["k"]<kinds.v1.Scalars>.a_bool: recorded true, sent false)");
    row("an Any of another prefix", w, "{'any': {'@type': 'a.com/kinds.v1.Scalars'}}",
        "{'any': {'@type': 'b.com/kinds.v1.Scalars'}}",
        R"(any.type_url: recorded "a.com/kinds.v1.Scalars", sent "b.com/kinds.v1.Scalars")");
    row("an Any of another type", w, "{'any': {'@type': 'x/kinds.v1.Scalars', 'aBool': true}}",
        "{'any': {'@type': 'x/kinds.v1.Lists'}}",
        "any: recorded {\"@type\": \"x/kinds.v1.Scalars\", \"aBool\": true}, sent {\"@type\": "
        "\"x/kinds.v1.Lists\"}");
    row("a timestamp", w, "{'time': '2026-01-02T03:04:05Z'}", "{'time': '2026-01-02T03:04:06Z'}",
        "time.seconds: recorded 1767323045, sent 1767323046");
  }
  void namesTheFieldsThatDiffer() {
    QFETCH(QString, type);
    QFETCH(QString, recorded);
    QFETCH(QString, sent);
    QFETCH(QString, told);
    const auto bytes = [&](QString& json) {
      return fromText(type.toStdString(), json.replace('\'', '"').toUtf8().constData());
    };
    QCOMPARE(::told(everything(), type.toUtf8().constData(), bytes(recorded), bytes(sent)), told);
  }

  void fieldsThatNoSchemaKnows_data() {
    QTest::addColumn<Bytes>("recorded");
    QTest::addColumn<Bytes>("sent");
    QTest::addColumn<QString>("withSchema");
    QTest::addColumn<QString>("without");
    const auto row = [](const char* name, const Bytes& recorded, const Bytes& sent, const char* with,
                        const char* without) {
      QTest::addRow("%s", name) << recorded << sent << with << without;
    };
    row("a number", field(100, 1), field(100, 2), "100: recorded 1, sent 2", "100: recorded 1, sent 2");
    row("a text", field(9, "ab"), field(9, "ac"), "text: recorded \"ab\", sent \"ac\"",
        "9: recorded \"ab\", sent \"ac\"");
    row("bytes", field(10, Bytes("\x00\xff", 2)), field(10, Bytes("\x00\xfe", 2)),
        R"(raw: recorded b"\x00\xff", sent b"\x00\xfe")", R"(10: recorded b"\x00\xff", sent b"\x00\xfe")");
    row("nested", field(6, field(101, field(1, 7))), field(6, field(101, field(1, 8))),
        "child.101.1: recorded 7, sent 8", "6.101.1: recorded 7, sent 8");
    row("one more", "", field(100, "x"), "100: recorded nothing, sent \"x\"",
        "100: recorded nothing, sent \"x\"");
    row("a group", "\x0b" + field(1, 1) + "\x0c", "\x0b" + field(1, 2) + "\x0c", "1.1: recorded 1, sent 2",
        "1.1: recorded 1, sent 2");
    row("another wire type", field(100, 1), field(100, "x"),
        "100: recorded 1, sent nothing\n100: recorded nothing, sent \"x\"",
        "100: recorded 1, sent nothing\n100: recorded nothing, sent \"x\"");
    row("an inserted element", field(100, "a") + field(100, "c"),
        field(100, "a") + field(100, "b") + field(100, "c"), "100[1]: recorded nothing, sent \"b\"",
        "100[1]: recorded nothing, sent \"b\"");
    row("an unknown submessage in another order, which is unknown and so other bytes",
        field(100, field(1, 1) + field(2, 2)), field(100, field(2, 2) + field(1, 1)),
        R"(100: recorded b"\x08\x01\x10\x02", sent b"\x10\x02\x08\x01")", "");
    row("an Any of an unknown type", any("no.Such", field(1, "a")), any("no.Such", field(1, "b")),
        "any<no.Such>.1: recorded \"a\", sent \"b\"", "5.2.1: recorded \"a\", sent \"b\"");
    row("a map's value", field(3, field(1, "a") + field(2, 1)) + field(3, field(1, "b") + field(2, 2)),
        field(3, field(1, "b") + field(2, 2)) + field(3, field(1, "a") + field(2, 3)),
        "counts[\"a\"]: recorded 1, sent 3", "3[1].2: recorded 1, sent 3");
    row("a real", doubleField(4, 1.5), doubleField(4, 2.5), "ratio: recorded 1.5, sent 2.5",
        "4: recorded 4609434218613702656 (double 1.5), sent 4612811918334230528 (double 2.5)");
    row("no message at all", "\xff", "\xfe", "", "");
  }
  void fieldsThatNoSchemaKnows() {
    QFETCH(Bytes, recorded);
    QFETCH(Bytes, sent);
    QFETCH(QString, withSchema);
    QFETCH(QString, without);
    QCOMPARE(told(everything(), "everything.Everything", recorded, sent), withSchema);
    QCOMPARE(told(*Schema::builtin(), "no.Such", recorded, sent), without);
  }

  void whatIsIgnoredIsNoDifference_data() {
    QTest::addColumn<QString>("ignore");
    QTest::addColumn<QString>("told");
    QTest::addRow("nothing")
        << ""
        << "number: recorded 1, sent 2\ncounts[\"a\"]: recorded 1, sent 2\nany<everything."
           "Everything>.text: recorded \"x\", sent \"y\"\nchildren[0].number: recorded 1, sent 2";
    QTest::addRow("a field")
        << "number"
        << "counts[\"a\"]: recorded 1, sent 2\nany<everything.Everything>.text: recorded \"x\", "
           "sent \"y\"\nchildren[0].number: recorded 1, sent 2";
    QTest::addRow("a field everywhere")
        << "**.number"
        << "counts[\"a\"]: recorded 1, sent 2\nany<everything.Everything>.text: "
           "recorded \"x\", sent \"y\"";
    QTest::addRow("a map's entry")
        << "counts[\"a\"]"
        << "number: recorded 1, sent 2\nany<everything.Everything>.text: recorded \"x\", "
           "sent \"y\"\nchildren[0].number: recorded 1, sent 2";
    QTest::addRow("in an Any")
        << "any<everything.Everything>.text"
        << "number: recorded 1, sent 2\ncounts[\"a\"]: recorded 1, sent 2\nchildren[0].number: "
           "recorded 1, sent 2";
    for (const char* path : {"any.value", "any.*", "any.2.9"})
      QTest::addRow("in an Any, %s", path)
          << path
          << "number: recorded 1, sent 2\ncounts[\"a\"]: recorded 1, sent 2\nchildren[0].number: "
             "recorded 1, sent 2";
    QTest::addRow("elements")
        << "children[*].number"
        << "number: recorded 1, sent 2\ncounts[\"a\"]: recorded 1, sent 2\nany<everything."
           "Everything>.text: recorded \"x\", sent \"y\"";
    QTest::addRow("everything") << "*"
                                << "";
  }
  void whatIsIgnoredIsNoDifference() {
    QFETCH(QString, ignore);
    QFETCH(QString, told);
    const auto message = [](int number, const Bytes& text) {
      const auto n = static_cast<std::uint64_t>(number);
      return field(1, n) + field(3, field(1, "a") + field(2, n)) +
             any("everything.Everything", field(9, text)) + field(8, field(1, n));
    };
    QCOMPARE(
        ::told(everything(), "everything.Everything", message(1, "x"), message(2, "y"), qPrintable(ignore)),
        told);
  }

  void allOfAnAnyIsIgnored() {
    const Bytes text = any("everything.Everything", field(9, "x"));
    const Bytes other = any("no.Such", field(9, "x"));
    QCOMPARE(told(everything(), "everything.Everything", text, other, "any.*"), QString());
    QVERIFY(!told(everything(), "everything.Everything", text, other, "any.value").isEmpty());
  }

  // At each level one list is twice as long as the other, so that the likeness of their elements is asked
  // for: of 600 bytes that took twenty seconds.
  void listsInListsTakeNoLonger() {
    for (const Schema* schema : {&everything(), Schema::builtin().get()}) {
      QElapsedTimer timer;
      timer.start();
      QVERIFY(!differences(*schema, schema->message("everything.Everything"), nestedLists(12, 2, 1),
                           nestedLists(12, 1, 100'000))
                   .empty());
      QVERIFY2(timer.elapsed() < 2'000, qPrintable(QString::number(timer.elapsed())));
    }
  }

  // Each of these is equal as message_forms.h has it.
  void whatEqualityPassesOverIsNoDifference() {
    const Bytes ab = field(3, field(1, "a") + field(2, 1)) + field(3, field(1, "b") + field(2, 2));
    const Bytes ba = field(3, field(1, "b") + field(2, 2)) + field(3, field(1, "a") + field(2, 1));
    const Bytes packed("\x12\x02\x01\x02", 4);
    const std::vector<std::pair<Bytes, Bytes>> equal = {
        {ab, ba},
        {field(1, 1) + field(9, "x"), field(9, "x") + field(1, 1)},
        {field(2, 1) + field(2, 2), packed},
        {field(1, 0), ""},
        {any("everything.Everything", ab), any("everything.Everything", ba)},
        {field(8, ab) + field(8, field(1, 1)), field(8, ba) + field(8, field(1, 1))},
        {field(3, field(1, "a") + field(2, 1)) + field(3, field(1, "a") + field(2, 2)),
         field(3, field(1, "a") + field(2, 2))},
        {field(100, 1) + field(101, 2), field(101, 2) + field(100, 1)},
        {doubleField(4, std::bit_cast<double>(0x7ff8000000000000)),
         doubleField(4, std::bit_cast<double>(0xfff8000000000001))},
        {field(11, Bytes(8, '\0')), field(11, Bytes(7, '\0') + '\x80')},
    };
    const auto* type = everything().message("everything.Everything");
    for (const auto& [a, b] : equal) {
      QCOMPARE(compareMessages(everything(), type, a, b), Equality::Equal);
      QCOMPARE(told(everything(), "everything.Everything", a, b), QString());
      if (compareMessages(*Schema::builtin(), nullptr, a, b) != Equality::Different)
        QCOMPARE(told(*Schema::builtin(), "no.Such", a, b), QString());
    }
  }

  // protobuf's own judge agrees on whether there is a difference, where it can tell: it does not open an Any
  // of a schema's own pool as equality does, and counts the order of unknown fields.
  void randomMessagesDifferAsProtobufSays() {
    int different = 0;
    for (const char* type : {"kinds.v1.Scalars", "kinds.v1.Optionals", "kinds.v1.Lists", "kinds.v1.Maps"}) {
      const auto* descriptor = everything().message(type);
      for (unsigned seed = 0; seed < 60; ++seed) {
        const Bytes a = test::randomMessage(everything(), type, seed, false);
        // Now and then the two are alike, but for what the first one has besides.
        const Bytes b = seed % 3 == 0 ? test::randomMessage(everything(), type, seed + 1, false) : a + a;
        const auto left = everything().newMessage(*descriptor);
        const auto right = everything().newMessage(*descriptor);
        QVERIFY(left->ParsePartialFromString(a) && right->ParsePartialFromString(b));
        google::protobuf::util::MessageDifferencer judge;
        google::protobuf::util::DefaultFieldComparator fields;
        fields.set_treat_nan_as_equal(true);
        judge.set_field_comparator(&fields);
        const bool equal = compareMessages(everything(), descriptor, a, b) == Equality::Equal;
        const bool none = differences(everything(), descriptor, a, b).empty();
        QCOMPARE(none, equal);
        if (Bytes(type) != "kinds.v1.Maps") QCOMPARE(none, judge.Compare(*left, *right));
        QVERIFY(differences(everything(), descriptor, a, a).empty());
        different += none ? 0 : 1;
      }
    }
    QVERIFY(different > 60);
  }

  void longValuesAreShownWhereTheyDiffer_data() {
    QTest::addColumn<Bytes>("part");
    QTest::addRow("ASCII") << Bytes("lorem ipsum ");
    QTest::addRow("two bytes a character") << Bytes("äöü");
    QTest::addRow("four bytes a character") << Bytes("\xf0\x9f\x8e\xac");
    QTest::addRow("control characters") << Bytes("\n\x01");
    QTest::addRow("no UTF-8") << Bytes("\xff\x80");
  }
  void longValuesAreShownWhereTheyDiffer() {
    QFETCH(Bytes, part);
    Bytes text;
    while (text.size() < 20'000) text += part;
    for (const std::size_t at : {std::size_t{0}, text.size() / part.size() / 2 * part.size(), text.size()}) {
      const Bytes recorded = text.substr(0, at) + "HERE" + text.substr(at);
      const Bytes sent = text.substr(0, at) + "THERE" + text.substr(at);
      for (const std::uint32_t number : {9u, 10u}) {
        const auto found = differences(everything(), everything().message("everything.Everything"),
                                       field(number, recorded), field(number, sent));
        if (number == 9 && !isUtf8(part) && found.empty()) continue;  // not read as its type
        QCOMPARE(found.size(), std::size_t{1});
        QCOMPARE(found.front().recordedSize, recorded.size());
        QVERIFY(found.front().recorded.size() < 6000);
        for (const std::size_t limit : {80u, 240u, 1000u}) {
          const std::string line = describe(found.front(), limit);
          QVERIFY2(line.size() <= std::max<std::size_t>(limit, 200), line.c_str());
          QVERIFY2(isUtf8(line), line.c_str());
          QVERIFY2(QString::fromStdString(line).remove("⟨").remove("⟩").contains("HE"), line.c_str());
          QVERIFY2(line.find("(20") != std::string::npos, line.c_str());
          QVERIFY(line.find('\n') == std::string::npos);
        }
      }
    }
  }

  void noMoreAreDescribedThanAskedFor() {
    Bytes recorded;
    Bytes sent;
    for (std::uint32_t number = 1; number <= 700; ++number) {
      recorded += field(number, std::uint64_t{1});
      sent += field(number, std::uint64_t{2});
    }
    std::size_t more = 0;
    QCOMPARE(differences(*Schema::builtin(), nullptr, recorded, sent, {}, 100, &more).size(),
             std::size_t{100});
    QCOMPARE(more, std::size_t{600});
  }

  // What nests, repeats or lies about itself is compared in reasonable time.
  void hostileMessagesAreCompared() {
    Bytes deep = field(1, 1);
    for (int i = 0; i < 3000; ++i) deep = field(6, deep);
    QVERIFY(
        !differences(everything(), everything().message("everything.Everything"), deep, field(1, 1)).empty());
    QVERIFY(!differences(*Schema::builtin(), nullptr, deep, field(6, deep)).empty());
    Bytes many;
    for (std::uint64_t i = 0; i < 100'000; ++i) many += field(2, i);
    QCOMPARE(told(everything(), "everything.Everything", many, field(2, 7777777) + many),
             QString("numbers[0]: recorded nothing, sent 7777777"));
    QVERIFY(!differences(*Schema::builtin(), nullptr, many, many.substr(many.size() / 2)).empty());
  }

  void listsAreAligned() {
    const auto text = [](const std::vector<std::uint64_t>& a, const std::vector<std::uint64_t>& b) {
      QString out;
      for (const auto& [i, j] : alignLists(a, b, [](auto, auto) { return 0.0; }))
        out += (i == kNoElement ? QString("-") : QString::number(i)) +
               (j == kNoElement ? QString("-") : QString::number(j)) + " ";
      return out.trimmed();
    };
    QCOMPARE(text({}, {}), QString());
    QCOMPARE(text({1, 2}, {1, 2}), QString("00 11"));
    QCOMPARE(text({1, 2, 3}, {1, 3}), QString("00 1- 21"));
    QCOMPARE(text({1, 3}, {1, 2, 3}), QString("00 -1 12"));
    QCOMPARE(text({1, 2, 3, 4, 5}, {9, 2, 8, 4, 7}), QString("00 11 22 33 44"));
    QCOMPARE(text({1, 2, 3}, {}), QString("0- 1- 2-"));
    QCOMPARE(text({1, 2, 3, 4}, {2, 3, 4, 1}), QString("0- 10 21 32 -3"));
  }
};

QTEST_APPLESS_MAIN(tst_Difference)
#include "tst_difference.moc"
