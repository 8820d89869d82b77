#include <QTest>

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

// One line a node: "name type = value @offset+length", indented; "?" marks a guess.
void draw(const std::vector<MessageNode>& nodes, int depth, std::string& out) {
  for (const MessageNode& node : nodes) {
    out += std::string(static_cast<std::size_t>(depth) * 2, ' ') + node.name + " " + node.type;
    if (node.guessed) out += "?";
    if (!node.value.empty()) out += " = " + node.value;
    if (node.truncated) out += "…";
    out += " @" + std::to_string(node.offset) + "+" + std::to_string(node.length) + "\n";
    draw(node.children, depth + 1, out);
  }
}

QString drawn(const std::string& type, const std::string& bytes, std::size_t maxNodes = 1000) {
  const MessageTree tree = describeMessage(*kinds(), type, bytes, maxNodes);
  std::string out;
  draw(tree.fields, 0, out);
  if (!tree.damage.empty()) out += "damage: " + tree.damage + "\n";
  if (tree.omitted > 0) out += "omitted: " + std::to_string(tree.omitted) + "\n";
  return QString::fromStdString(out);
}

std::string make(const std::string& type, const std::string& json) {
  const JsonParse parse = fromJson(*kinds(), type, json);
  if (!parse.ok()) qFatal("%s", describe(parse.problems.front()).c_str());
  return parse.message;
}

std::string group(std::uint32_t number, const std::string& content) {
  return field(number, std::uint64_t{0}).substr(0, 0) + static_cast<char>(number << 3 | 3) + content +
         static_cast<char>(number << 3 | 4);
}

std::string operator""_b(const char* text, std::size_t size) { return {text, size}; }

}  // namespace

class tst_MessageTree : public QObject {
  Q_OBJECT

 private slots:
  void draws_data() {
    QTest::addColumn<QString>("type");
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("tree");
    const auto row = [](const char* name, const char* type, const std::string& bytes, const char* tree) {
      QTest::newRow(name) << type << QByteArray::fromStdString(bytes) << tree;
    };
    row("scalars", "kinds.v1.Scalars",
        make(
            "kinds.v1.Scalars",
            R"({"anInt32": -1, "aSint32": -3, "aFixed32": 7, "aFloat": 1.5, "aBool": true, "colour": "COLOUR_BLUE"})"),
        "an_int32 int32 = -1 @0+11\n"
        "a_sint32 sint32 = -3 @11+2\n"
        "a_fixed32 fixed32 = 7 @13+5\n"
        "a_float float = 1.5 @18+5\n"
        "a_bool bool = true @23+2\n"
        "colour kinds.v1.Colour = COLOUR_BLUE (-2) @25+12\n");
    row("enum that is not known", "kinds.v1.Scalars", field(16, std::uint64_t{9}),
        "colour kinds.v1.Colour = 9 @0+3\n");
    row("default written out", "kinds.v1.Scalars", field(1, std::uint64_t{0}), "an_int32 int32 = 0 @0+2\n");
    row("string", "kinds.v1.Scalars", field(14, "a\n\tü\x01\\\""),
        "a_string string = a\\n\\tü\\x01\\\" @0+10\n");
    row("bytes that are text", "kinds.v1.Scalars", field(15, "abc"), "some_bytes bytes = \"abc\" @0+5\n");
    row("bytes", "kinds.v1.Scalars", field(15, "\x00\xffz"_b), "some_bytes bytes = 00 ff 7a @0+5\n");
    row("packed", "kinds.v1.Lists", field(1, "\x01\xac\x02\x03"_b),
        "int32s[0] int32 = 1 @2+1\nint32s[1] int32 = 300 @3+2\nint32s[2] int32 = 3 @5+1\n");
    row("packed, empty", "kinds.v1.Lists", field(1, ""), "int32s int32 = [] @0+2\n");
    row("packed and not, mixed", "kinds.v1.Lists", field(1, std::uint64_t{4}) + field(1, "\x05"),
        "int32s[0] int32 = 4 @0+2\nint32s[1] int32 = 5 @4+1\n");
    row("unpacked read as packed", "kinds.v1.Lists", field(11, "\x05"), "unpacked[0] uint64 = 5 @2+1\n");
    row("packed, cut", "kinds.v1.Lists", field(1, "\x01\xac"),
        "int32s[0] int32 = 1 @2+1\ndamage: int32s: a packed number is cut off (byte 3)\n");
    row("map", "kinds.v1.Maps", field(1, field(1, "a\"b") + field(2, "v")),
        "labels[\"a\\\"b\"] string = v @0+10\n");
    row("map without key or value", "kinds.v1.Maps", field(4, "") + field(1, ""),
        "by_bool[\"false\"] kinds.v1.Colour = COLOUR_NONE (0) @0+2\nlabels[\"\"] string @2+2\n");
    row("map of messages", "kinds.v1.Maps",
        field(2, field(1, std::uint64_t{7}) + field(2, field(1, std::uint64_t{3}))),
        "by_number[\"7\"] kinds.v1.Scalars @0+8\n  an_int32 int32 = 3 @6+2\n");
    row("time", "kinds.v1.WellKnown", make("kinds.v1.WellKnown", R"({"time": "2026-01-02T03:04:05Z"})"),
        "time google.protobuf.Timestamp = 2026-01-02T03:04:05Z @0+8\n  seconds int64 = 1767323045 @2+6\n");
    row("any", "kinds.v1.WellKnown",
        field(7, field(1, "t/kinds.v1.Scalars") + field(2, field(1, std::uint64_t{3}))),
        "any google.protobuf.Any @0+26\n"
        "  type_url string = t/kinds.v1.Scalars @2+20\n"
        "  value kinds.v1.Scalars @22+4\n"
        "    an_int32 int32 = 3 @24+2\n");
    row("any before its type", "google.protobuf.Any",
        field(2, field(1, std::uint64_t{3})) + field(1, "t/kinds.v1.Scalars"),
        "value kinds.v1.Scalars @0+4\n  an_int32 int32 = 3 @2+2\ntype_url string = t/kinds.v1.Scalars "
        "@4+20\n");
    row("any of an unknown type", "google.protobuf.Any",
        field(1, "t/x.Y") + field(2, field(1, std::uint64_t{3})),
        "type_url string = t/x.Y @0+7\nvalue bytes = 08 03 @7+4\n");
    row("group", "kinds.legacy.Order", group(4, field(5, "s")),
        "line[0] kinds.legacy.Order.Line @0+5\n  sku string = s @1+3\n");
    row("extension", "kinds.legacy.Order", field(100, "r"), "[kinds.legacy.remark] string = r @0+4\n");
    row("unknown field", "kinds.v1.Scalars", field(99, "x") + field(1, std::uint64_t{2}),
        "99 string? = x @0+4\nan_int32 int32 = 2 @4+2\n");
    row("wrong wire type", "kinds.v1.Scalars", field(1, "x"), "1 string? = x @0+3\n");
    row("no schema", "not.Known",
        field(1, "abc") + field(2, "\x08\x01") + field(2, "\x08\x02") + field(3, "\x00\xff"_b) +
            field(4, ~std::uint64_t{0}) + "\x29\x00\x00\x00\x00\x00\x00\xf8\x3f"_b + group(6, field(1, "g")),
        "1 string? = abc @0+5\n"
        "2[0] message? @5+4\n"
        "  1 varint? = 1 @7+2\n"
        "2[1] message? @9+4\n"
        "  1 varint? = 2 @11+2\n"
        "3 bytes? = 00 ff @13+4\n"
        "4 varint? = 18446744073709551615 (-1) @17+11\n"
        "5 fixed64? = 4609434218613702656 (double 1.5) @28+9\n"
        "6 group? @37+5\n"
        "  1 string? = g @38+3\n");
    row("cut", "kinds.v1.Scalars", field(1, std::uint64_t{1}) + "\x72\x09x",
        "an_int32 int32 = 1 @0+2\ndamage: a field's length runs past the end (byte 2)\n");
    row("cut within", "kinds.v1.Everything", field(1, "\x08\x01\x72\x09") + field(6, ""),
        "scalars kinds.v1.Scalars @0+6\n  an_int32 int32 = 1 @2+2\nmore[0] kinds.v1.Everything @6+2\n"
        "damage: scalars: a field's length runs past the end (byte 4)\n");
    row("no UTF-8", "kinds.v1.Scalars", field(14, "a\xff"),
        "a_string string = a\\xff @0+4\n"
        "damage: a_string: expected UTF-8, found a byte that is none (byte 3)\n");
    row("empty", "kinds.v1.Scalars", "", "");
  }
  void draws() {
    QFETCH(QString, type);
    QFETCH(QByteArray, bytes);
    QFETCH(QString, tree);
    QCOMPARE(drawn(type.toStdString(), bytes.toStdString()), tree);
  }

  void cutsLongValues() {
    const std::string text = std::string(4095, 'x') + "ü" + std::string(5000, 'y');
    const MessageTree tree = describeMessage(*kinds(), "kinds.v1.Scalars", field(14, text));
    QCOMPARE(tree.fields[0].value.size(), std::size_t{4095});
    QVERIFY(tree.fields[0].truncated);
    QVERIFY(!describeMessage(*kinds(), "kinds.v1.Scalars", field(14, "x")).fields[0].truncated);
  }

  void countsWhatItLeavesOut() {
    std::string bytes;
    for (int i = 0; i < 10; ++i) bytes += field(7, "x");
    QVERIFY(drawn("kinds.v1.Lists", bytes, 4).endsWith("strings[3] string = x @9+3\nomitted: 6\n"));
    const MessageTree packed =
        describeMessage(*kinds(), "kinds.v1.Lists", field(1, std::string(1000, '\1')), 100);
    QCOMPARE(packed.fields.size(), std::size_t{100});
    QCOMPARE(packed.omitted, std::uint64_t{900});
  }

  void deepNestingHasAnEnd_data() {
    QTest::addColumn<QString>("type");
    QTest::addColumn<int>("number");
    QTest::newRow("known") << "kinds.v1.Scalars" << 17;
    QTest::newRow("unknown") << "not.Known" << 1;
  }
  void deepNestingHasAnEnd() {
    QFETCH(QString, type);
    QFETCH(int, number);
    std::string bytes;
    for (int i = 0; i < 20'000; ++i) bytes = field(static_cast<std::uint32_t>(number), bytes);
    const MessageTree tree = describeMessage(*kinds(), type.toStdString(), bytes);
    int depth = 0;
    for (const auto* nodes = &tree.fields; !nodes->empty(); nodes = &nodes->front().children) ++depth;
    QVERIFY(depth >= 100 && depth <= 102);
    QVERIFY(toJsonPreview(*kinds(), type.toStdString(), bytes).size() <= 160);
    if (tree.known) {
      QVERIFY(tree.damage.find("nests more than 100 deep") != std::string::npos);
      QVERIFY(!toJson(*kinds(), type.toStdString(), bytes));
    } else {
      const auto text = toJson(*kinds(), type.toStdString(), bytes);
      QVERIFY(text.has_value());
      QVERIFY(fromJson(*kinds(), type.toStdString(), text->text).message == bytes);
    }
  }

  // Every node lies within its parent, and every byte of the top level in a node.
  void offsetsCoverTheBytes() {
    const std::string bytes =
        make("kinds.v1.Everything",
             R"({"scalars": {"aString": "x", "inner": {"aBool": true}}, "more": [{}, {"lists":
                                   {"strings": ["a", "b"]}}]})") +
        field(900, "unknown");
    const MessageTree tree = describeMessage(*kinds(), "kinds.v1.Everything", bytes);
    std::size_t end = 0;
    for (const MessageNode& node : tree.fields) {
      QCOMPARE(node.offset, end);
      end += node.length;
    }
    QCOMPARE(end, bytes.size());
    const std::function<void(const MessageNode&)> check = [&](const MessageNode& node) {
      for (const MessageNode& child : node.children) {
        QVERIFY(child.offset > node.offset);
        QVERIFY(child.offset + child.length <= node.offset + node.length);
        check(child);
      }
    };
    for (const MessageNode& node : tree.fields) check(node);
  }
};

QTEST_GUILESS_MAIN(tst_MessageTree)
#include "tst_message_tree.moc"
