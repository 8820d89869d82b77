#include <QElapsedTimer>
#include <QTest>
#include <bit>
#include <cstring>
#include <limits>

#include "base/wire.h"
#include "match/leave_out.h"
#include "match/message_forms.h"
#include "match/wire_form.h"
#include "schema/sources.h"
#include "support/replay_file.h"

using namespace retake;
using test::field;
using Bytes = std::string;

Q_DECLARE_METATYPE(retake::Equality)

namespace {

Bytes hex(const char* text) { return QByteArray::fromHex(text).toStdString(); }

Bytes fixed64(std::uint32_t number, std::uint64_t bits) {
  Bytes out;
  appendTag(out, number, WireType::Fixed64);
  for (int shift = 0; shift < 64; shift += 8) out.push_back(static_cast<char>(bits >> shift));
  return out;
}

Bytes entry(const Bytes& key, std::uint64_t value) { return field(3, field(1, key) + field(2, value)); }

Bytes any(const Bytes& type, const Bytes& value) {
  return field(5, field(1, "type.googleapis.com/" + type) + field(2, value));
}

Bytes deep(int levels, Bytes inner) {
  for (int i = 0; i < levels; ++i) inner = field(6, inner);
  return inner;
}

const Schema& everything() {
  const std::vector<std::string> places{RETAKE_SOURCE_DIR "/tests/core/match/everything.proto"};
  static const auto kSchema = loadSchema(places);
  if (!kSchema) qFatal("%s", kSchema.error().message.c_str());
  return **kSchema;
}

}  // namespace

class tst_MessageForms : public QObject {
  Q_OBJECT

 private slots:
  void equalMessagesAreEqualHoweverTheyAreWritten_data() {
    QTest::addColumn<std::string>("a");
    QTest::addColumn<std::string>("b");
    QTest::addColumn<Equality>("withSchema");
    QTest::addColumn<Equality>("without");
    constexpr auto kEqual = Equality::Equal;
    constexpr auto kGuessed = Equality::Guessed;
    constexpr auto kDifferent = Equality::Different;
    const Bytes ab = entry("a", 1) + entry("b", 2);
    const Bytes ba = entry("b", 2) + entry("a", 1);
    const Bytes both = field(1, 1) + field(9, "x");
    const Bytes swapped = field(9, "x") + field(1, 1);
    const auto row = [](const char* name, const Bytes& a, const Bytes& b, Equality with, Equality without) {
      QTest::addRow("%s", name) << a << b << with << without;
    };
    row("the same bytes", both, both, kEqual, kEqual);
    row("both empty", "", "", kEqual, kEqual);
    row("another value", field(1, 1), field(1, 2), kDifferent, kDifferent);
    row("another field", field(1, 1), field(7, 1), kDifferent, kDifferent);
    row("field order", both, swapped, kEqual, kEqual);
    row("the order of one field's values", field(2, 1) + field(2, 2), field(2, 2) + field(2, 1), kDifferent,
        kDifferent);
    row("a value longer than it need be", hex("0801"), hex("088100"), kEqual, kEqual);
    row("a tag longer than it need be", hex("0801"), hex("880001"), kEqual, kEqual);
    row("a length longer than it need be", hex("4a0178"), hex("4a810078"), kEqual, kEqual);
    row("packed or not", field(2, 1) + field(2, 2), hex("12020102"), kEqual, kDifferent);
    row("an explicit default", field(1, 0), "", kEqual, kDifferent);
    row("an explicit default with presence", field(7, 0), "", kDifferent, kDifferent);
    row("an empty submessage and none", field(6, ""), "", kDifferent, kDifferent);
    row("map order", ab, ba, kEqual, kGuessed);
    row("a map with another value", ab, entry("a", 1) + entry("b", 3), kDifferent, kDifferent);
    row("map order with another field between", entry("a", 1) + field(1, 7) + entry("b", 2), ba + field(1, 7),
        kEqual, kGuessed);
    row("a map's key twice", entry("a", 1) + entry("a", 2), entry("a", 2), kEqual, kDifferent);
    row("a map's default key left out", field(3, field(2, 2)), field(3, field(1, "") + field(2, 2)), kEqual,
        kDifferent);
    row("map order inside of a map", field(12, field(1, 5) + field(2, ab)),
        field(12, field(1, 5) + field(2, ba)), kEqual, kGuessed);
    row("a list that looks like a map", field(8, field(1, 1)) + field(8, field(1, 2)),
        field(8, field(1, 2)) + field(8, field(1, 1)), kDifferent, kGuessed);
    row("a list that does not", field(8, field(9, "x")) + field(8, field(9, "y")),
        field(8, field(9, "y")) + field(8, field(9, "x")), kDifferent, kDifferent);
    row("field order in a submessage", field(6, both), field(6, swapped), kEqual, kGuessed);
    row("a submessage in two parts", field(6, field(1, 1)) + field(6, field(9, "x")), field(6, both), kEqual,
        kDifferent);
    row("text that reads as fields", field(9, "8001"), field(9, "0180"), kDifferent, kGuessed);
    row("bytes that read as fields", field(10, "8001"), field(10, "0180"), kDifferent, kGuessed);
    row("the order of unknown fields", field(100, 1) + field(101, 2), field(101, 2) + field(100, 1), kEqual,
        kEqual);
    row("an unknown field more", field(100, 1), "", kDifferent, kDifferent);
    row("unknown fields in a submessage", field(6, field(100, 1) + field(101, 2)),
        field(6, field(101, 2) + field(100, 1)), kEqual, kGuessed);
    row("two kinds of NaN", fixed64(4, 0x7ff8000000000000), fixed64(4, 0xfff8000000000001), kEqual,
        kDifferent);
    row("NaN and a number", fixed64(4, 0x7ff8000000000000), fixed64(4, std::bit_cast<std::uint64_t>(1.0)),
        kDifferent, kDifferent);
    row("the sign of a zero", field(11, Bytes(8, '\0')), field(11, Bytes(7, '\0') + '\x80'), kEqual,
        kDifferent);
    row("an Any by its content", any("everything.Everything", ab), any("everything.Everything", ba), kEqual,
        kGuessed);
    row("an Any with other content", any("everything.Everything", ab), any("everything.Everything", ""),
        kDifferent, kDifferent);
    row("an Any of another type", any("everything.Everything", ab), any("google.protobuf.Empty", ab),
        kDifferent, kDifferent);
    row("an Any of unknown type", any("no.Such", ab), any("no.Such", ba), kDifferent, kGuessed);
    row("an Any in an Any", any("google.protobuf.Any", any("everything.Everything", ab).substr(2)),
        any("google.protobuf.Any", any("everything.Everything", ba).substr(2)), kEqual, kGuessed);
    row("no message at all, the same", hex("ff"), hex("ff"), kEqual, kEqual);
    row("no message at all, another", hex("ff"), hex("fe"), kDifferent, kDifferent);
    row("text that is no UTF-8, in another order", field(1, 1) + field(9, "\xff"),
        field(9, "\xff") + field(1, 1), kEqual, kEqual);
    row("deeper than a parser goes", deep(200, "") + field(1, 1), field(1, 1) + deep(200, ""), kEqual,
        kEqual);
    row("deeper than a parser goes, another", deep(200, field(1, 1)), deep(200, field(1, 2)), kDifferent,
        kDifferent);
    row("a group in another order", hex("0b") + both + hex("0c"), hex("0b") + swapped + hex("0c"), kEqual,
        kEqual);
  }

  void equalMessagesAreEqualHoweverTheyAreWritten() {
    QFETCH(std::string, a);
    QFETCH(std::string, b);
    QFETCH(Equality, withSchema);
    QFETCH(Equality, without);
    const auto* type = everything().message("everything.Everything");
    QVERIFY(type);
    QCOMPARE(compareMessages(everything(), type, a, b), withSchema);
    QCOMPARE(compareMessages(everything(), type, b, a), withSchema);
    QCOMPARE(compareMessages(*Schema::builtin(), nullptr, a, b), without);
    QCOMPARE(compareMessages(*Schema::builtin(), nullptr, b, a), without);
  }

  void whatIsIgnoredDoesNotCount_data() {
    QTest::addColumn<QString>("paths");
    QTest::addColumn<std::string>("a");
    QTest::addColumn<std::string>("b");
    QTest::addColumn<Equality>("withSchema");
    QTest::addColumn<Equality>("without");
    constexpr auto kEqual = Equality::Equal;
    constexpr auto kGuessed = Equality::Guessed;
    constexpr auto kDifferent = Equality::Different;
    const auto row = [](const char* paths, const char* name, const Bytes& a, const Bytes& b, Equality with,
                        Equality without) {
      QTest::addRow("%s: %s", paths, name) << paths << a << b << with << without;
    };
    const auto text = [](const Bytes& value) { return field(9, value); };
    const auto items = [](const Bytes& values) {
      Bytes all;
      for (const char value : values) all += field(8, field(9, Bytes(1, value)) + field(1, 5));
      return all;
    };
    const Bytes ab = entry("a", 1) + entry("b", 2);
    row("**", "everything", text("x"), field(1, 3), kEqual, kEqual);
    row("text", "by name", text("x"), text("y"), kEqual, kDifferent);
    row("9", "by number", text("x"), text("y"), kEqual, kEqual);
    row("9", "there or not", text("x"), "", kEqual, kEqual);
    row("9", "another field", text("x") + field(1, 1), text("y"), kDifferent, kDifferent);
    row("9 1", "several", text("x") + field(1, 1), text("y"), kEqual, kEqual);
    row("displayName", "by JSON name", field(13, "x"), field(13, "y"), kEqual, kDifferent);
    row("display_name", "by its name in the .proto", field(13, "x"), field(13, "y"), kEqual, kDifferent);
    row("9", "field order in what is left", text("x") + field(13, "q") + field(1, 1),
        field(1, 1) + field(13, "q") + text("y"), kEqual, kEqual);
    row("6.9", "in a submessage", field(6, text("x") + field(1, 1)), field(6, text("y") + field(1, 1)),
        kEqual, kEqual);
    row("6.9", "in a submessage, another field", field(6, text("x") + field(1, 1)),
        field(6, text("y") + field(1, 2)), kDifferent, kDifferent);
    row("6.9", "in a submessage, another order", field(6, text("x") + field(1, 1)),
        field(6, field(1, 1) + text("y")), kEqual, kEqual);
    row("6.9", "a submessage and none", field(6, text("x")), "", kDifferent, kDifferent);
    row("6.9", "not outside of it", field(6, text("x")) + text("1"), field(6, text("y")) + text("2"),
        kDifferent, kDifferent);
    row("6", "a whole submessage", field(6, text("x")), "", kEqual, kEqual);
    row("6.6.6.9", "deep", deep(3, text("x")), deep(3, text("y")), kEqual, kEqual);
    row("**.9", "at any depth", deep(3, text("x")) + text("z"), deep(3, text("y")) + text("w"), kEqual,
        kEqual);
    row("**.9", "at any depth, another field", deep(3, field(1, 1)), deep(3, field(1, 2)), kDifferent,
        kDifferent);
    row("*.9", "one level down", field(6, text("x")) + items("a"), field(6, text("y")) + items("b"), kEqual,
        kEqual);
    row("*.9", "not here", text("x"), text("y"), kDifferent, kDifferent);
    row("8[1]", "an element", items("axc"), items("ayc"), kEqual, kEqual);
    row("8[1]", "an element, there or not", items("ax"), items("a"), kEqual, kEqual);
    row("8[1]", "another element", items("axc"), items("axd"), kDifferent, kDifferent);
    row("8[1]", "an element where another stands there", items("axc"), items("acc"), kEqual, kEqual);
    row("8[1]", "an element less", items("axc"), items("ac"), kDifferent, kDifferent);
    row("8[1].9", "a field of an element", items("axc"), items("ayc"), kEqual, kEqual);
    row("8[1].9", "a field of another element", items("axc"), items("bxc"), kDifferent, kDifferent);
    row("8[*].9", "a field of each element", items("abc"), items("xyz"), kEqual, kEqual);
    row("8.9", "a field of each element, without a subscript", items("abc"), items("xyz"), kEqual, kEqual);
    row("8[*].9", "a field of each element, one element more", items("ab"), items("abc"), kDifferent,
        kDifferent);
    row("8[*]", "each element", items("ab"), items("xyz"), kEqual, kEqual);
    row("2[0]", "an element of a packed list", hex("12020102"), hex("12020302"), kEqual, kEqual);
    row("2[0]", "another element of a packed list", hex("12020102"), hex("12020103"), kDifferent, kEqual);
    row("2[0]", "packed or not", hex("12020102"), field(2, 3) + field(2, 2), kEqual, kDifferent);
    row("counts", "a whole map", ab, "", kEqual, kDifferent);
    row("3", "a whole map by number", ab, "", kEqual, kEqual);
    row("counts[\"b\"]", "an entry by key", ab, entry("a", 1) + entry("b", 7), kEqual, kDifferent);
    row("counts[\"b\"]", "an entry by key, there or not", ab, entry("a", 1), kEqual, kDifferent);
    row("counts[\"b\"]", "an entry by key, in another order", ab, entry("b", 7) + entry("a", 1), kEqual,
        kDifferent);
    row("counts[\"b\"]", "another entry", ab, entry("a", 2) + entry("b", 2), kDifferent, kDifferent);
    row("counts[\"b\"]", "a key more", ab, ab + entry("c", 3), kDifferent, kDifferent);
    row("3.2", "values without a schema", ab, entry("a", 7) + entry("b", 8), kDifferent, kEqual);
    row("3.1", "keys without a schema", ab, entry("x", 1) + entry("y", 2), kDifferent, kEqual);
    row("3.2", "values without a schema, in another order", ab, entry("b", 8) + entry("a", 7), kDifferent,
        kGuessed);
    row("nested[5].text", "in a map's value", field(12, field(1, 5) + field(2, text("x"))),
        field(12, field(1, 5) + field(2, text("y"))), kEqual, kDifferent);
    row("nested[6].text", "in another value of the map", field(12, field(1, 5) + field(2, text("x"))),
        field(12, field(1, 5) + field(2, text("y"))), kDifferent, kDifferent);
    row("nested[-1].text", "in a value with a negative key",
        field(12, hex("08ffffffffffffffffff01") + field(2, text("x"))),
        field(12, hex("08ffffffffffffffffff01") + field(2, text("y"))), kEqual, kDifferent);
    row("nested.9", "in each value of the map", field(12, field(1, 5) + field(2, text("x"))),
        field(12, field(1, 5) + field(2, text("y"))), kEqual, kDifferent);
    row("12.2.9", "in each value without a schema", field(12, field(1, 5) + field(2, text("x"))),
        field(12, field(1, 5) + field(2, text("y"))), kDifferent, kEqual);
    row("flags[true]", "an entry by a bool", field(14, field(1, 1) + field(2, 1)), "", kEqual, kDifferent);
    row("flags[false]", "an entry by a bool that is left out", field(14, field(2, 1)), "", kEqual,
        kDifferent);
    row("any<everything.Everything>.text", "in an Any", any("everything.Everything", text("x")),
        any("everything.Everything", text("y")), kEqual, kDifferent);
    row("any<everything.Everything>.9", "in an Any by number", any("everything.Everything", text("x")),
        any("everything.Everything", text("y")), kEqual, kDifferent);
    row("5<everything.Everything>.9", "in an Any, all by number", any("everything.Everything", text("x")),
        any("everything.Everything", text("y")), kEqual, kEqual);
    row("5<everything.Everything>.9", "in an Any, another field", any("everything.Everything", field(1, 1)),
        any("everything.Everything", field(1, 2)), kDifferent, kDifferent);
    row("5.2.9", "in an Any as it is written", any("everything.Everything", text("x")),
        any("everything.Everything", text("y")), kEqual, kEqual);
    row("any<google.protobuf.Empty>.9", "in an Any of another type", any("everything.Everything", text("x")),
        any("everything.Everything", text("y")), kDifferent, kDifferent);
    row("5<no.Such>.9", "in an Any of unknown type", any("no.Such", text("x")), any("no.Such", text("y")),
        kEqual, kEqual);
    row("**.9", "through an Any", any("everything.Everything", text("x")),
        any("everything.Everything", text("y")), kEqual, kEqual);
    row("any<google.protobuf.Any>.**.9", "in an Any in an Any",
        any("google.protobuf.Any", any("everything.Everything", text("x")).substr(2)),
        any("google.protobuf.Any", any("everything.Everything", text("y")).substr(2)), kEqual, kDifferent);
    row("5.1", "the type of an Any", any("everything.Everything", text("x")), any("no.Such", text("x")),
        kDifferent, kEqual);
    row("5.2", "the content of an Any", any("everything.Everything", text("x")),
        any("everything.Everything", text("y")), kEqual, kEqual);
    row("100", "an unknown field", field(100, 1), field(100, 2), kEqual, kEqual);
    row("100", "an unknown field, there or not", field(100, 1), "", kEqual, kEqual);
    row("100", "another unknown field", field(101, 1), field(101, 2), kDifferent, kDifferent);
    row("100.1", "in an unknown field", field(100, field(1, 1)), field(100, field(1, 2)), kEqual, kEqual);
    row("6.100", "an unknown field of a submessage", field(6, field(100, 1)), field(6, field(100, 2)), kEqual,
        kEqual);
    row("1.9", "in a group", hex("0b") + text("x") + hex("0c"), hex("0b") + text("y") + hex("0c"), kEqual,
        kEqual);
    row("**.7", "text that reads as fields is text", text("81"), text("82"), kDifferent, kDifferent);
    row("9.7", "unless the path leads into it", text("81"), text("82"), kDifferent, kEqual);
    row("9.7", "what does not parse is bytes", text("\xff\x01"), text("\xff\x02"), kDifferent, kDifferent);
    row("9", "no message at all", hex("ff"), hex("fe"), kDifferent, kDifferent);
  }
  void whatIsIgnoredDoesNotCount() {
    QFETCH(QString, paths);
    QFETCH(std::string, a);
    QFETCH(std::string, b);
    QFETCH(Equality, withSchema);
    QFETCH(Equality, without);
    std::vector<FieldPath> parsed;
    for (const QString& path : paths.split(' ')) parsed.push_back(*parseFieldPath(path.toStdString()));
    const FieldPathSet ignored(std::move(parsed));
    const auto* type = everything().message("everything.Everything");
    QCOMPARE(compareMessages(everything(), type, a, b, ignored), withSchema);
    QCOMPARE(compareMessages(everything(), type, b, a, ignored), withSchema);
    QCOMPARE(compareMessages(*Schema::builtin(), nullptr, a, b, ignored), without);
    QCOMPARE(compareMessages(*Schema::builtin(), nullptr, b, a, ignored), without);
  }

  void aFormIsItsOwnForm() {
    for (const Bytes& message :
         {field(9, "x") + field(1, 1), hex("088100"), entry("b", 1) + entry("a", 2), hex("ff"), Bytes()}) {
      std::string storage;
      std::string again;
      const ByteView once = exactForm(message, storage);
      QCOMPARE(exactForm(once, again).data(), once.data());
      std::string guessedStorage;
      const ByteView guessed = guessedForm(once, guessedStorage);
      QCOMPARE(guessedForm(guessed, again), guessed);
      QCOMPARE(guessedForm(message, again), guessed);
    }
  }

  // What is in its form already is not copied.
  void aMessageInItsFormIsLeftWhereItIs() {
    const Bytes message = field(1, "some text") + field(2, 7) + field(3, field(1, 1) + field(2, 2));
    std::string storage;
    QCOMPARE(exactForm(message, storage).data(), message.data());
    QCOMPARE(guessedForm(message, storage).data(), message.data());
  }

  // Each level could be a message: a form is linear in them, not exponential.
  void nestingDoesNotExplode() {
    std::string storage;
    Bytes message = deep(5000, field(1, 1));
    QVERIFY(!guessedForm(message, storage).empty());
    for (int i = 0; i < 5; ++i) message = field(1, message) + field(1, message);
    QVERIFY(!guessedForm(message, storage).empty());
  }

  // Two bytes are a field, so 64 MiB are 33 million of them: what a server may get of anybody.
  void garbageIsNotTakenApart() {
    const Bytes garbage(std::size_t{64} << 20, 'x');
    std::string storage;
    QCOMPARE(static_cast<const void*>(exactForm(garbage, storage).data()),
             static_cast<const void*>(garbage.data()));
    QCOMPARE(static_cast<const void*>(guessedForm(garbage, storage).data()),
             static_cast<const void*>(garbage.data()));
    const Bytes unordered = garbage.substr(0, garbage.size() / 2) + field(1, 1);
    QCOMPARE(exactForm(unordered, storage).size(), unordered.size());
    QVERIFY(storage.empty());
  }

  // Nobody who serves may be held up: these took minutes.
  void ignoringTakesNoLongerForGarbage_data() {
    QTest::addColumn<std::string>("garbage");
    QTest::addColumn<QString>("path");
    Bytes numbers;
    for (std::uint32_t number = 1; number <= 60'000; ++number) appendVarintField(numbers, number * 3, 1);
    for (const char* path : {"*.7777", "**.7777"}) {
      QTest::addRow("very many numbers, %s", path) << numbers << path;
      QTest::addRow("very many fields, %s", path) << Bytes(std::size_t{64} << 20, 'x') << path;
    }
  }
  void ignoringTakesNoLongerForGarbage() {
    QFETCH(std::string, garbage);
    QFETCH(QString, path);
    const FieldPathSet ignored({*parseFieldPath(path.toStdString())});
    QElapsedTimer timer;
    timer.start();
    QVERIFY(leaveOut(garbage, ignored.begin()) == garbage);
    QVERIFY2(timer.elapsed() < 5'000, qPrintable(QString::number(timer.elapsed())));
  }

  void longTextIsNoMillionFields() {
    std::string storage;
    const Bytes text = field(9, Bytes(1 << 20, 'x')) + field(9, Bytes(1 << 20, 'x'));
    QCOMPARE(guessedForm(text, storage).size(), text.size());
  }
};

QTEST_APPLESS_MAIN(tst_MessageForms)
#include "tst_message_forms.moc"
