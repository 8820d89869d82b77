#include <QTest>

#include <random>

#include "protobuf_judge.h"
#include "random_message.h"
#include "schema/json.h"
#include "schema/message_tree.h"
#include "schema/sources.h"
#include "support/replay_file.h"

using namespace retake;
using namespace retake::test;

namespace {

std::shared_ptr<const Schema> kinds() {
  static const auto schema = [] {
    const std::vector<std::string> places = {std::string(RETAKE_SOURCE_DIR) + "/tests/data/schema"};
    auto loaded = loadSchema(places);
    if (!loaded) qFatal("%s", loaded.error().message.c_str());
    return *loaded;
  }();
  return schema;
}

// The bytes of a message given as JSON.
std::string make(const std::string& type, const std::string& json) {
  const JsonParse parse = fromJson(*kinds(), type, json);
  if (!parse.ok()) qFatal("%s", describe(parse.problems.front()).c_str());
  return parse.message;
}

}  // namespace

class tst_MessageJson : public QObject {
  Q_OBJECT

 private slots:
  void randomMessagesSurvive_data() {
    QTest::addColumn<QString>("type");
    for (const char* type : {"kinds.v1.Scalars", "kinds.v1.Optionals", "kinds.v1.Lists", "kinds.v1.Maps",
                             "kinds.v1.WellKnown", "kinds.v1.Everything", "kinds.legacy.Order"})
      QTest::newRow(type) << type;
  }
  void randomMessagesSurvive() {
    QFETCH(QString, type);
    const std::string name = type.toStdString();
    for (unsigned seed = 0; seed < 300; ++seed) {
      const std::string bytes = randomMessage(*kinds(), name, seed);
      const auto text = toJson(*kinds(), name, bytes);
      QVERIFY2(text.has_value(), text ? "" : text.error().message.c_str());

      const JsonParse same = fromJson(*kinds(), name, text->text, bytes);
      QVERIFY2(same.ok(), same.ok() ? "" : (describe(same.problems.front()) + "\n" + text->text).c_str());
      QVERIFY2(same.message == bytes, text->text.c_str());

      // An edit elsewhere does not touch the rest: the unknown fields are still there.
      const JsonParse fresh = fromJson(*kinds(), name, text->text);
      QVERIFY(fresh.ok());
      QCOMPARE(toJson(*kinds(), name, fresh.message)->text, text->text);
      // The judge does not look into an Any.
      if (name != "kinds.v1.WellKnown" && name != "kinds.v1.Maps" && name != "kinds.v1.Everything")
        QCOMPARE(QString::fromStdString(
                     difference(*kinds(), name, fresh.message, randomMessage(*kinds(), name, seed, false))),
                 QString());

      const MessageTree tree = describeMessage(*kinds(), name, bytes);
      QVERIFY2(tree.damage.empty(), tree.damage.c_str());
      for (const std::size_t limit : {0, 1, 7, 40, 160, 5000})
        QVERIFY(toJsonPreview(*kinds(), name, bytes, limit).size() <= limit);
    }
  }

  // Protobuf's own printer and parser are the judges of the mapping.
  void agreesWithProtobuf_data() {
    QTest::addColumn<QString>("type");
    for (const char* type : {"kinds.v1.Scalars", "kinds.v1.Lists", "kinds.v1.Optionals"})
      QTest::newRow(type) << type;
  }
  void agreesWithProtobuf() {
    QFETCH(QString, type);
    const std::string name = type.toStdString();
    int compared = 0;
    for (unsigned seed = 1000; seed < 1200; ++seed) {
      const std::string bytes = randomMessage(*kinds(), name, seed, false);
      const auto ours = toJson(*kinds(), name, bytes);
      QVERIFY(ours.has_value());
      const auto theirs = protobufToJson(*kinds(), name, bytes);
      if (!theirs) continue;
      const auto back = protobufFromJson(*kinds(), name, ours->text);
      QVERIFY2(back.has_value(), back ? "" : (back.error().message + "\n" + ours->text).c_str());
      QCOMPARE(QString::fromStdString(difference(*kinds(), name, *back, bytes)), QString());
      const JsonParse parse = fromJson(*kinds(), name, *theirs);
      QVERIFY2(parse.ok(), parse.ok() ? "" : (describe(parse.problems.front()) + "\n" + *theirs).c_str());
      QCOMPARE(QString::fromStdString(difference(*kinds(), name, parse.message, bytes)), QString());
      ++compared;
    }
    QVERIFY(compared > 20);
  }

  void writes_data() {
    QTest::addColumn<QString>("type");
    QTest::addColumn<QString>("json");  // as read, and as written again in one line
    const auto row = [](const char* type, const char* json) { QTest::newRow(json) << type << json; };
    row("kinds.v1.Scalars", R"({"anInt64": "-9223372036854775808", "aUint64": "18446744073709551615"})");
    row("kinds.v1.Scalars", R"({"aFloat": 0.1, "aDouble": 1e+20})");
    row("kinds.v1.Scalars", R"({"aFloat": -0, "aDouble": -0})");
    row("kinds.v1.Scalars", R"({"aFloat": "NaN", "aDouble": "-Infinity"})");
    row("kinds.v1.Scalars", "{\"aString\": \"tab\\there \\u2028 \\\\ \\\" ü 😀\", \"someBytes\": \"AAH/\"}");
    row("kinds.v1.Scalars", R"({"colour": "COLOUR_BLUE", "new name": "x"})");
    row("kinds.v1.Scalars", R"({"colour": 77})");
    row("kinds.v1.Optionals", R"({"anInt32": 0, "aString": "", "colour": "COLOUR_NONE"})");
    row("kinds.v1.Optionals", R"({"nothing": null})");
    row("kinds.v1.Optionals", R"({"value": null})");
    row("kinds.v1.Lists",
        R"({"values": [null, true, 1.5, "x", {}, [], {"a": [null]}], "nulls": [null, null]})");
    row("kinds.v1.Maps",
        R"({"byNumber": {"-3": {}, "2": {}, "10": {}}, "byBool": {"false": "COLOUR_NONE"}})");
    row("kinds.v1.WellKnown", R"({"time": "2024-02-29T23:59:59.000000006Z", "duration": "-0.500s"})");
    row("kinds.v1.WellKnown", R"({"time": {"nanos": -1}})");
    row("kinds.v1.WellKnown", R"({"mask": "name,user.displayName"})");
    row("kinds.v1.WellKnown", R"({"mask": {"paths": ["Odd"]}})");
    row("kinds.v1.WellKnown", R"({"anInt64": "5", "aString": "", "someBytes": ""})");
    row("kinds.v1.WellKnown",
        R"({"any": {"@type": "type.googleapis.com/google.protobuf.Duration", "value": "1s"}})");
    row("kinds.v1.WellKnown", R"({"any": {"@type": "type.googleapis.com/kinds.v1.Scalars", "anInt32": 1}})");
    row("kinds.v1.WellKnown", R"({"any": {"@type": "type.googleapis.com/not.Known", "1:string": "x"}})");
    row("kinds.v1.WellKnown", R"({"any": {}})");
    row("kinds.v1.WellKnown", R"({"any": {"value": "AAAA"}})");
    row("kinds.legacy.Order",
        R"({"id": "1", "line": [{"sku": "a", "prices": [1, 2]}], "note": {"text": "n"}})");
    row("kinds.legacy.Order",
        R"({"id": "1", "[kinds.legacy.remark]": "r", "[kinds.legacy.more_sizes]": ["LARGE"]})");
    row("kinds.legacy.Order", R"({"id": "", "[kinds.legacy.Address.billing]": {"street": "s"}})");
    row("kinds.legacy.Order",
        R"({"id": "1", "displayName": "first", "[kinds.legacy.Order.displayName]": "second"})");
  }
  void writes() {
    QFETCH(QString, type);
    QFETCH(QString, json);
    const std::string name = type.toStdString();
    const std::string bytes = make(name, json.toStdString());
    QCOMPARE(QString::fromStdString(toJsonPreview(*kinds(), name, bytes, 10'000)), json);
    QVERIFY(fromJson(*kinds(), name, toJson(*kinds(), name, bytes)->text).message == bytes);
  }

  void reads_data() {
    QTest::addColumn<QString>("type");
    QTest::addColumn<QString>("json");
    QTest::addColumn<QString>("written");
    const auto row = [](const char* type, const char* json, const char* written) {
      QTest::newRow(json) << type << json << written;
    };
    row("kinds.v1.Scalars", R"({"an_int32": 1.0, "anInt64": 1e3})", R"({"anInt32": 1, "anInt64": "1000"})");
    row("kinds.v1.Scalars", R"({"anInt32": "7", "aFloat": "1.5"})", R"({"anInt32": 7, "aFloat": 1.5})");
    row("kinds.v1.Scalars", R"({"colour": "COLOUR_CRIMSON"})", R"({"colour": "COLOUR_RED"})");
    row("kinds.v1.Scalars", R"({"colour": -2, "anInt32": null})", R"({"colour": "COLOUR_BLUE"})");
    row("kinds.v1.Scalars", R"({"someBytes": "_-8"})", R"({"someBytes": "/+8="})");
    row("kinds.v1.Scalars", R"({"aDouble": 1e-400})", R"({})");
    row("kinds.v1.Scalars", R"({"aString": "\ud83d\ude00\u0041"})", R"({"aString": "😀A"})");
    row("kinds.v1.WellKnown", R"({"time": "2026-01-02T04:04:05+01:00"})",
        R"({"time": "2026-01-02T03:04:05Z"})");
    row("kinds.v1.WellKnown", R"({"duration": "1.5s", "anInt32": 4})",
        R"({"duration": "1.500s", "anInt32": 4})");
    row("kinds.v1.Optionals", R"({"name": null, "id": 3})", R"({"id": "3"})");
    row("kinds.v1.Lists", R"({"strings": null, "int32s": [1, "2"]})", R"({"int32s": [1, 2]})");
  }
  void reads() {
    QFETCH(QString, type);
    QFETCH(QString, json);
    QFETCH(QString, written);
    const std::string name = type.toStdString();
    QCOMPARE(QString::fromStdString(toJsonPreview(*kinds(), name, make(name, json.toStdString()), 10'000)),
             written);
  }

  void saysWhatDoesNotFit_data() {
    QTest::addColumn<QString>("type");
    QTest::addColumn<QString>("json");
    QTest::addColumn<QString>("sentence");
    const auto row = [](const char* type, const char* json, const char* sentence) {
      QTest::newRow(QByteArray(json).replace('\n', ' ').constData()) << type << json << sentence;
    };
    const char* scalars = "kinds.v1.Scalars";
    row(scalars, "", "line 1, column 1: expected a JSON object, found nothing");
    row(scalars, "[]", "line 1, column 1: expected an object (kinds.v1.Scalars), found a list");
    row(scalars, "{\"anInt32\": 1,}", "line 1, column 14: expected no comma before the closing \"}\"");
    row(scalars, "{anInt32: 1}",
        "line 1, column 2: expected a field name in double quotes, found \"anInt32\"");
    row(scalars, "{'anInt32': 1}",
        "line 1, column 2: expected a field name in double quotes, found a single quote; JSON strings stand "
        "in "
        "double quotes");
    row(scalars, "{\n  \"aString\": \"üx\n}",
        "line 2, column 14, aString: a string begins here and has no closing quote on its line");
    row(scalars, "{\"aString\": \"ü\", \"anInt32\": \"x\"}",
        "line 1, column 29, anInt32: expected an int32, found \"x\"");
    row(scalars, "{\"anInt32\": 1, \"anInt32\": 2}",
        "line 1, column 16, anInt32: the field stands here a second time");
    row(scalars, "{\"anInt32\": 1, \"an_int32\": 2}",
        "line 1, column 16, an_int32: the field stands here already, as \"anInt32\"");
    row(scalars, "{\"anInt32\": 2147483648}",
        "line 1, column 13, anInt32: expected an int32 from -2147483648 to 2147483647, found 2147483648");
    row(scalars, "{\"anInt32\": 1.5}",
        "line 1, column 13, anInt32: expected an int32 from -2147483648 to 2147483647, found 1.5");
    row(scalars, "{\"aUint64\": -1}",
        "line 1, column 13, aUint64: expected a uint64 from 0 to 18446744073709551615, found -1");
    row(scalars, "{\"aFloat\": 1e39}",
        "line 1, column 12, aFloat: expected a number within the range of a float, found 1e39");
    row(scalars, "{\"aBool\": 1}", "line 1, column 11, aBool: expected true or false, found 1");
    row(scalars, "{\"aString\": 1}", "line 1, column 13, aString: expected a string, found 1");
    row(scalars, "{\"someBytes\": \"*\"}", "line 1, column 15, someBytes: expected base64, found \"*\"");
    row(scalars, "{\"aStrin\": \"x\"}",
        "line 1, column 2: expected a field of kinds.v1.Scalars, found \"aStrin\"; did you mean "
        "\"aString\"?");
    row(scalars, "{\"inner\": {\"inner\": {\"aBool\": \"no\"}}}",
        "line 1, column 31, inner.inner.aBool: expected true or false, found \"no\"");
    row(scalars, "{\"colour\": \"COLOUR_REDD\"}",
        "line 1, column 12, colour: expected a value of kinds.v1.Colour, found \"COLOUR_REDD\"; did you mean "
        "\"COLOUR_RED\"?");
    row(scalars, "{\"colour\": \"green\"}",
        "line 1, column 12, colour: expected a value of kinds.v1.Colour (COLOUR_NONE, COLOUR_RED, "
        "COLOUR_CRIMSON, "
        "COLOUR_BLUE), found \"green\"");
    row(scalars, "{\"anInt32\": 01}", "line 1, column 13, anInt32: expected a number without leading zeros");
    row(scalars, "{\"aDouble\": NaN}",
        "line 1, column 13, aDouble: expected a value, found NaN; it stands in quotes in JSON");
    row(scalars, "{} // x",
        "line 1, column 4: expected the end, found a comment, which JSON does not have behind the value");
    row(scalars, "{\"aString\": \"\\x\"}",
        "line 1, column 14, aString: expected one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX, found "
        "another escape");
    row(scalars, "{\"aString\": \"\\ud83d\"}",
        "line 1, column 14, aString: expected a pair of surrogates such as \\ud83d\\ude00, found half of "
        "one");
    row(scalars, "{\"inner\": {",
        "line 1, column 11, inner: an object begins here and is never closed by \"}\"");
    row("kinds.v1.Optionals", "{\"name\": \"x\", \"id\": 1}",
        "line 1, column 15, id: expected one field of the oneof \"choice\", found \"name\" beside it");
    row("kinds.v1.Lists", "{\"strings\": \"x\"}",
        "line 1, column 13, strings: expected a list, since the field is repeated, found \"x\"");
    row("kinds.v1.Lists", "{\"strings\": [\"a\", null]}",
        "line 1, column 19, strings[1]: expected a value, found null, which a list cannot hold");
    row("kinds.v1.Maps", "{\"labels\": {\"a.b\": 3}}",
        "line 1, column 20, labels[\"a.b\"]: expected a string, found 3");
    row("kinds.v1.Maps", "{\"byNumber\": {\"x\": {}}}",
        "line 1, column 15, byNumber[\"x\"]: expected an int32 as the key, found \"x\"");
    row("kinds.v1.WellKnown", "{\"time\": \"yesterday\"}",
        "line 1, column 10, time: expected a time such as \"2026-01-02T03:04:05.5Z\", found \"yesterday\"");
    row("kinds.v1.WellKnown", "{\"time\": \"2025-02-29T00:00:00Z\"}",
        "line 1, column 10, time: expected a time such as \"2026-01-02T03:04:05.5Z\", found "
        "\"2025-02-29T00:00:00Z\"");
    row("kinds.v1.WellKnown", "{\"duration\": \"1\"}",
        "line 1, column 14, duration: expected a duration such as \"1.5s\", found \"1\"");
    row("kinds.v1.WellKnown", "{\"any\": {\"x\": 1}}",
        "line 1, column 9, any: expected \"@type\" in a google.protobuf.Any, found none");
    row("kinds.v1.WellKnown", "{\"any\": {\"@type\": \"type.googleapis.com/not.Known\", \"x\": 1}}",
        "line 1, column 52, any.x: expected a field's number and kind such as \"1:string\" (varint, fixed32, "
        "fixed64, string, bytes, message, group), since the type is not in the schema; found \"x\"");
    row("kinds.legacy.Order", "{\"count\": 1}",
        "line 1, column 1: expected the required field \"id\" in a kinds.legacy.Order, found none");
    row("kinds.legacy.Order", "{\"id\": \"1\", \"[kinds.legacy.nothing]\": 1}",
        "line 1, column 13: expected an extension of kinds.legacy.Order, found \"[kinds.legacy.nothing]\", "
        "which the "
        "schema does not know");
    row("kinds.legacy.Order", "{\"id\": \"1\", \"size\": 9}",
        "line 1, column 21, size: expected a value of kinds.legacy.Size (SMALL, LARGE), found 9");
    row("not.Known", "{\"1:varint\": -1, \"2:fixed32\": 4294967296}",
        "line 1, column 31, 2:fixed32: expected a whole number of 32 bits, found 4294967296");
    row("not.Known", "{\"0:varint\": 1}",
        "line 1, column 2, 0:varint: expected a field number from 1 to 536870911, found 0");
  }
  void saysWhatDoesNotFit() {
    QFETCH(QString, type);
    QFETCH(QString, json);
    QFETCH(QString, sentence);
    const JsonParse parse = fromJson(*kinds(), type.toStdString(), json.toStdString());
    QVERIFY(!parse.ok());
    QVERIFY(parse.message.empty());
    QCOMPARE(QString::fromStdString(describe(parse.problems.front())), sentence);
  }

  void tellsSeveralFaultsApart() {
    const JsonParse parse =
        fromJson(*kinds(), "kinds.v1.Scalars", "{\n\"anInt32\": \"x\",\n\"aBool\": 3,\n\"nope\": 1\n}");
    QCOMPARE(parse.problems.size(), std::size_t{3});
    QCOMPARE(parse.problems[0].line, 2u);
    QCOMPARE(parse.problems[1].line, 3u);
    QCOMPARE(parse.problems[2].line, 4u);
  }

  void refusesWhatNestsTooDeep_data() {
    QTest::addColumn<QString>("type");
    QTest::addColumn<QString>("open");
    QTest::addColumn<QString>("close");
    QTest::newRow("objects") << "kinds.v1.Scalars"
                             << "{\"inner\":"
                             << "}";
    QTest::newRow("lists") << "google.protobuf.ListValue"
                           << "["
                           << "]";
    QTest::newRow("wire") << "not.Known"
                          << "{\"1:message\":"
                          << "}";
    QTest::newRow("any") << "google.protobuf.Any"
                         << R"({"@type":"t/google.protobuf.Any","value":)"
                         << "}";
  }
  void refusesWhatNestsTooDeep() {
    QFETCH(QString, type);
    QFETCH(QString, open);
    QFETCH(QString, close);
    for (const int depth : {101, 150, 201, 100'000}) {
      const QString json = open.repeated(depth) + "{}" + close.repeated(depth);
      const JsonParse parse = fromJson(*kinds(), type.toStdString(), json.toStdString());
      QVERIFY(!parse.ok());
      QVERIFY2(parse.problems.front().message.find("levels of nesting") != std::string::npos,
               parse.problems.front().message.c_str());
    }
  }

  // What is taken can be read back by every protobuf parser.
  void takesNoMoreThanProtobufReads() {
    for (int depth = 90; depth <= 110; ++depth) {
      const QString json = QString("{\"inner\":").repeated(depth) + "{}" + QString("}").repeated(depth);
      const JsonParse parse = fromJson(*kinds(), "kinds.v1.Scalars", json.toStdString());
      if (!parse.ok()) continue;
      QVERIFY(toJson(*kinds(), "kinds.v1.Scalars", parse.message).has_value());
      QVERIFY(describeMessage(*kinds(), "kinds.v1.Scalars", parse.message).damage.empty());
    }
    QVERIFY(fromJson(*kinds(), "kinds.v1.Scalars", "{\"inner\": {}}").ok());
  }

  void saysWhatJsonCannotSay_data() {
    QTest::addColumn<QString>("type");
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("sentence");
    QTest::newRow("proto2 string")
        << "kinds.legacy.Order" << QByteArray("\x0a\x02\xff\x41", 4)
        << "kinds.legacy.Order: id: expected UTF-8, found a byte that is none at 0 of "
           "the string; JSON cannot say it";
    QTest::newRow("proto3 string")
        << "kinds.v1.Scalars" << QByteArray("\x72\x02\x41\xff", 4)
        << "expected a message of type kinds.v1.Scalars, found 4 bytes that are none: "
           "a_string: expected UTF-8, found a byte that is none (byte 3)";
    QTest::newRow("cut")
        << "kinds.v1.Scalars" << QByteArray("\x08\x01\x72\x09\x41", 5)
        << "expected a message of type kinds.v1.Scalars, found 5 bytes that are none: a field's "
           "length runs past the end (byte 2)";
    QTest::newRow("cut within")
        << "kinds.v1.Everything" << QByteArray("\x0a\x04\x08\x01\x72\x09", 6)
        << "expected a message of type kinds.v1.Everything, found 6 bytes that are none: "
           "scalars: a field's length runs past the end (byte 4)";
    QTest::newRow("value") << "google.protobuf.Value" << QByteArray()
                           << "google.protobuf.Value: a google.protobuf.Value of no kind; JSON cannot say it";
    QTest::newRow("unknown type")
        << "not.Known" << QByteArray("\x0a", 1)
        << "expected a message of type not.Known, found 1 byte that is none: a number "
           "is cut off (byte 0)";
  }
  void saysWhatJsonCannotSay() {
    QFETCH(QString, type);
    QFETCH(QByteArray, bytes);
    QFETCH(QString, sentence);
    const auto text = toJson(*kinds(), type.toStdString(), bytes.toStdString());
    QVERIFY(!text);
    QCOMPARE(QString::fromStdString(text.error().message), sentence);
    QVERIFY(toJsonPreview(*kinds(), type.toStdString(), bytes.toStdString()).size() <= 160);
  }

  // Fields that JSON cannot show, at the top, in a submessage, a list, a map, an Any.
  void keepsUnknownFields() {
    const std::string unknown = field(9000, "kept");
    const std::string scalars = field(1, std::uint64_t{5}) + unknown;
    const std::string entry = field(1, std::uint64_t{3}) + field(2, scalars);
    const std::string any = field(1, "t/kinds.v1.Scalars") + field(2, scalars);
    const std::string original = field(1, scalars) + field(3, field(10, scalars) + field(10, scalars)) +
                                 field(4, field(2, entry)) + field(5, field(7, any)) + unknown;
    auto text = toJson(*kinds(), "kinds.v1.Everything", original)->text;
    std::size_t changed = 0;
    for (std::size_t at = 0; (at = text.find("\"anInt32\": 5", at)) != std::string::npos; at += 12, ++changed)
      text.replace(at, 12, "\"anInt32\": 6");
    QCOMPARE(changed, std::size_t{5});
    const JsonParse parse = fromJson(*kinds(), "kinds.v1.Everything", text, original);
    QVERIFY(parse.ok());
    std::string wanted = original;
    for (std::size_t at = 0; (at = wanted.find("\x08\x05", at)) != std::string::npos; ++at)
      wanted[at + 1] = 6;
    QCOMPARE(parse.message.size(), wanted.size());
    std::size_t kept = 0;
    for (std::size_t at = 0; (at = parse.message.find("kept", at)) != std::string::npos; ++at) ++kept;
    QCOMPARE(kept, std::size_t{6});
    QVERIFY(parse.message == wanted);
  }

  // Where protobuf's parser refuses the bytes, the tree says what is wrong and where.
  void spoiltBytesNeverCrash() {
    int refused = 0;
    for (unsigned seed = 0; seed < 800; ++seed) {
      std::mt19937 random(seed);
      const std::string type = seed % 4 == 0 ? "kinds.legacy.Order" : "kinds.v1.Everything";
      std::string bytes = randomMessage(*kinds(), type, seed % 50);
      if (bytes.size() > 2000) bytes.resize(2000);
      for (int i = 0; i < 3 && !bytes.empty(); ++i)
        bytes[random() % bytes.size()] = static_cast<char>(random());
      if (random() % 3 == 0) bytes.resize(random() % (bytes.size() + 1));
      const MessageTree tree = describeMessage(*kinds(), type, bytes);
      const bool parses = protobufParses(*kinds(), type, bytes);
      // The tree finds more: within an Any, and a tag of more than 32 bits, which protobuf cuts to 32.
      QVERIFY2(parses || !tree.damage.empty(), std::to_string(seed).c_str());
      refused += parses ? 0 : 1;
      QVERIFY(!toJson(*kinds(), type, bytes) || parses);
      QVERIFY(toJsonPreview(*kinds(), type, bytes).size() <= 160);
      (void)describeMessage(*kinds(), "not.Known", bytes);
      if (const auto wire = toJson(*kinds(), "not.Known", bytes))
        QVERIFY(fromJson(*kinds(), "not.Known", wire->text, bytes).message == bytes);
    }
    QVERIFY(refused > 50);
  }

  void spoiltJsonNeverCrashes() {
    for (unsigned seed = 0; seed < 800; ++seed) {
      std::mt19937 random(seed);
      const std::string bytes = randomMessage(*kinds(), "kinds.v1.Everything", seed % 50);
      std::string json = toJsonPreview(*kinds(), "kinds.v1.Everything", bytes, 3000);
      for (int i = 0; i < 2; ++i) json[random() % json.size()] = "{}[]\",:x\\0-e.\xff"[random() % 15];
      const JsonParse parse = fromJson(*kinds(), "kinds.v1.Everything", json, bytes);
      if (parse.ok()) continue;
      for (const JsonProblem& problem : parse.problems) {
        QVERIFY(problem.offset <= json.size());
        QVERIFY(problem.line == 1 && problem.column >= 1 && !problem.message.empty());
      }
      (void)fromJson(*kinds(), "not.Known", json, bytes);
    }
  }

  void previewsAreShortAndQuick() {
    const std::string bytes = make("kinds.v1.Scalars", "{\"anInt32\": 1}") +
                              field(14, std::string(50'000'000, 'x')) + field(1, std::uint64_t{2});
    const std::string text = toJsonPreview(*kinds(), "kinds.v1.Scalars", bytes);
    QVERIFY(text.starts_with("{\"anInt32\": 1, \"aString\": \"xxx"));
    QVERIFY(text.ends_with("…"));
    QCOMPARE(text.size(), std::size_t{160});
    QCOMPARE(toJsonPreview(*kinds(), "not.Known", field(1, "a") + field(2, std::uint64_t{7})),
             std::string("{\"1:string\": \"a\", \"2:varint\": 7}"));
    QCOMPARE(toJsonPreview(*kinds(), "kinds.v1.Scalars", ""), std::string("{}"));
    // Damaged: what can be read before it.
    QCOMPARE(toJsonPreview(*kinds(), "kinds.v1.Scalars", "\x08\x01\x72\x09x"),
             std::string("{\"anInt32\": 1, …"));
    QCOMPARE(toJsonPreview(*kinds(), "kinds.v1.Scalars", "\x08"), std::string("{…"));
  }
};

QTEST_GUILESS_MAIN(tst_MessageJson)
#include "tst_message_json.moc"
