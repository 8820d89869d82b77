#include <QTest>
#include <bit>

#include "base/wire.h"
#include "detail/leaf_edit.h"
#include "detail_fixture.h"
#include "schema/json.h"

using namespace retake;
using namespace retake::gui;
using retake::test::field;
using retake::test::item;

namespace {

std::string fixed32(std::uint32_t number, std::uint32_t value) {
  std::string out;
  appendTag(out, number, WireType::Fixed32);
  for (int i = 0; i < 4; ++i) out.push_back(static_cast<char>(value >> (8 * i)));
  return out;
}

std::string packed(std::uint32_t number, std::initializer_list<std::uint64_t> values) {
  std::string inside;
  for (const auto value : values) appendVarint(inside, value);
  return field(number, inside);
}

std::string text(const std::string& bytes) {
  return QByteArray::fromStdString(bytes).toHex(' ').toStdString();
}

// The node that the names lead to, and its parent.
struct Found {
  const MessageNode* node = nullptr;
  const MessageNode* parent = nullptr;
};

Found find(const MessageTree& tree, const QStringList& names) {
  Found found;
  const std::vector<MessageNode>* level = &tree.fields;
  for (const QString& name : names) {
    found.parent = found.node;
    found.node = nullptr;
    for (const MessageNode& node : *level)
      if (QString::fromStdString(node.name) == name) found.node = &node;
    if (!found.node) return {};
    level = &found.node->children;
  }
  return found;
}

// Bytes that no schema names, which every edit has to keep.
std::string unknown() { return field(99, "kept") + fixed32(98, 5); }

}  // namespace

class tst_DetailLeafEdit : public QObject {
  Q_OBJECT
  std::shared_ptr<const Schema> m_shop;

 private slots:
  void initTestCase() { m_shop = test::shopSchema(); }

  void changesOneFieldAndNothingElse_data() {
    QTest::addColumn<std::string>("before");
    QTest::addColumn<QStringList>("path");
    QTest::addColumn<std::string>("value");
    QTest::addColumn<std::string>("after");
    const auto row = [](const char* name, const std::string& before, const QString& path,
                        const std::string& value, const std::string& after) {
      QTest::newRow(name) << unknown() + before + unknown() << path.split(u'/') << value
                          << unknown() + after + unknown();
    };
    row("string", item("A", 1), "sku", "Bärlauch", item("Bärlauch", 1));
    row("empty string", item("A", 1), "sku", "", item("", 1));
    row("longer than 127", item("A", 1), "sku", std::string(300, 'x'), item(std::string(300, 'x'), 1));
    row("int32", item("A", 1), "count", "300", item("A", 300));
    row("negative int32", item("A", 1), "count", "-1", field(1, "A") + field(2, ~std::uint64_t{0}));
    row("enum by name", field(3, std::uint64_t{1}), "state", "CLOSED", field(3, std::uint64_t{2}));
    row("enum by number", field(3, std::uint64_t{1}), "state", "7", field(3, std::uint64_t{7}));
    row("bool", field(4, std::uint64_t{1}), "gift", "false", field(4, std::uint64_t{0}));
    row("sint64", field(10, std::uint64_t{1}), "delta", "-3", field(10, std::uint64_t{5}));
    row("fixed32", fixed32(11, 1), "code", "4294967295", fixed32(11, 0xffffffffu));
    row("float", fixed32(16, 0), "weight", "1.5", fixed32(16, std::bit_cast<std::uint32_t>(1.5f)));
    row("inside a message", field(9, field(9, item("deep", 1)) + unknown()), "inner/inner/count", "200",
        field(9, field(9, item("deep", 200)) + unknown()));
    row("packed", packed(6, {1, 2, 3}), "sizes[1]", "300", packed(6, {1, 300, 3}));
    // Read as a message, these packed bytes are a field with another inside.
    row("packed that looks like a message", packed(6, {10, 3, 5, 6, 7}), "sizes[2]", "300",
        packed(6, {10, 3, 300, 6, 7}));
    row("packed in a message", field(9, packed(6, {10, 3, 5, 6, 7})), "inner/sizes[3]", "1000",
        field(9, packed(6, {10, 3, 5, 1000, 7})));
    row("packed fixed", field(15, std::string("\1\0\0\0\2\0\0\0", 8)), "marks[1]", "258",
        field(15, std::string("\1\0\0\0\2\1\0\0", 8)));
    row("not packed, though it could be", field(6, std::uint64_t{1}) + field(6, std::uint64_t{2}), "sizes[1]",
        "9", field(6, std::uint64_t{1}) + field(6, std::uint64_t{9}));
    row("map of numbers", field(7, field(1, "eu") + field(2, std::uint64_t{3})), "stock[\"eu\"]", "4000",
        field(7, field(1, "eu") + field(2, std::uint64_t{4000})));
    row("map entry without a value", field(7, field(1, "eu")), "stock[\"eu\"]", "4",
        field(7, field(1, "eu") + field(2, std::uint64_t{4})));
    row("map of strings", field(8, field(1, "env") + field(2, "test")), "labels[\"env\"]", "production",
        field(8, field(1, "env") + field(2, "production")));
    row("in a map's message", field(13, field(1, "lid") + field(2, item("L", 1) + packed(6, {8, 1}))),
        "parts[\"lid\"]/sizes[1]", "500",
        field(13, field(1, "lid") + field(2, item("L", 1) + packed(6, {8, 500}))));
    row("in an Any",
        field(14,
              field(1, "type.googleapis.com/shop.v1.Item") + field(2, item("inside", 1) + packed(6, {8, 1}))),
        "extra/value/sizes[0]", "77",
        field(14, field(1, "type.googleapis.com/shop.v1.Item") +
                      field(2, item("inside", 1) + packed(6, {77, 1}))));
    row("unknown string", field(50, "abc"), "50", "abcdef", field(50, "abcdef"));
    row("unknown varint", field(50, std::uint64_t{1}), "50", "-1", field(50, ~std::uint64_t{0}));
    row("unknown fixed32 as a real number", fixed32(50, std::bit_cast<std::uint32_t>(2.5f)), "50", "0.25",
        fixed32(50, std::bit_cast<std::uint32_t>(0.25f)));
    row("unknown, in a message", field(50, field(1, "abc") + field(2, std::uint64_t{4})), "50/2", "5",
        field(50, field(1, "abc") + field(2, std::uint64_t{5})));
  }
  void changesOneFieldAndNothingElse() {
    QFETCH(std::string, before);
    QFETCH(QStringList, path);
    QFETCH(std::string, value);
    QFETCH(std::string, after);
    const MessageTree tree = describeMessage(*m_shop, "shop.v1.Item", before);
    const Found found = find(tree, path);
    QVERIFY(found.node);
    const Leaf leaf{*found.node, found.parent, before};
    QVERIFY(canEditLeaf(*m_shop, leaf));
    const auto edited = withLeaf(*m_shop, leaf, value);
    QVERIFY2(edited, edited ? "" : edited.error().message.c_str());
    QCOMPARE(text(*edited), text(after));
  }

  void worksWithoutASchema() {
    const std::string before = field(1, "cart") + field(2, item("A-1", 2));
    const Schema& none = *Schema::builtin();
    const MessageTree tree = describeMessage(none, "shop.v1.Cart", before);
    const Found found = find(tree, {"2", "2"});
    QVERIFY(found.node);
    QVERIFY(found.node->guessed);
    const auto edited = withLeaf(none, {*found.node, found.parent, before}, "900");
    QVERIFY(edited);
    QCOMPARE(text(*edited), text(field(1, "cart") + field(2, item("A-1", 900))));
  }

  void saysWhatItExpected_data() {
    QTest::addColumn<QString>("name");
    QTest::addColumn<std::string>("value");
    QTest::addColumn<QString>("expected");
    QTest::newRow("int32, text") << "count" << std::string("many") << "whole number of 32 bits";
    QTest::newRow("int32, too large") << "count" << std::string("2147483648") << "whole number of 32 bits";
    QTest::newRow("int32, empty") << "count" << std::string() << "whole number";
    QTest::newRow("enum") << "state" << std::string("AJAR") << "shop.v1.State";
    QTest::newRow("bool") << "gift" << std::string("maybe") << "true or false";
    QTest::newRow("fixed32, negative") << "code" << std::string("-1") << "from 0";
  }
  void saysWhatItExpected() {
    QFETCH(QString, name);
    QFETCH(std::string, value);
    QFETCH(QString, expected);
    const std::string before =
        item("A", 1) + field(3, std::uint64_t{1}) + field(4, std::uint64_t{1}) + fixed32(11, 1);
    const MessageTree tree = describeMessage(*m_shop, "shop.v1.Item", before);
    const Found found = find(tree, {name});
    QVERIFY(found.node);
    const auto edited = withLeaf(*m_shop, {*found.node, found.parent, before}, value);
    QVERIFY(!edited);
    const QString message = QString::fromStdString(edited.error().message);
    QVERIFY2(message.contains(expected) && message.startsWith(name), qPrintable(message));
    QVERIFY(!checkLeaf(*m_shop, *found.node, value));
  }

  void leavesToJsonWhatALineCannotShow() {
    const std::string before = field(1, "two\nlines") + field(12, "bytes") + field(6, "") + field(9, "");
    const MessageTree tree = describeMessage(*m_shop, "shop.v1.Item", before);
    QCOMPARE(tree.fields.size(), std::size_t{4});
    for (const MessageNode& node : tree.fields)
      QVERIFY2(!canEditLeaf(*m_shop, {node, nullptr, before}), node.name.c_str());
  }

  void beginsWithTheValueAlone() {
    const std::string before = field(1, "a \\n b (c)") + field(3, std::uint64_t{1}) +
                               fixed32(60, std::bit_cast<std::uint32_t>(1.5f));
    const MessageTree tree = describeMessage(*m_shop, "shop.v1.Item", before);
    QCOMPARE(leafText(*m_shop, {tree.fields[0], nullptr, before}), std::string("a \\n b (c)"));
    QCOMPARE(leafText(*m_shop, {tree.fields[1], nullptr, before}), std::string("OPEN"));
    QCOMPARE(leafText(*m_shop, {tree.fields[2], nullptr, before}), std::string("1069547520"));
    QCOMPARE(leafChoices(*m_shop, tree.fields[1]), (std::vector<std::string>{"UNKNOWN", "OPEN", "CLOSED"}));
  }
};

QTEST_GUILESS_MAIN(tst_DetailLeafEdit)
#include "tst_detail_leaf_edit.moc"
