#include <QtTest>

#include "base/wire.h"

using namespace retake;

namespace {

// "1:varint=5 2:length=6162 3:group(1:varint=5)", and what is wrong with the rest and where.
std::string describe(ByteView bytes) {
  static constexpr const char* kNames[] = {"varint", "fixed64", "length", "group", "?", "fixed32"};
  std::string out;
  WireCursor cursor(bytes);
  while (const auto field = cursor.next()) {
    if (!out.empty()) out += " ";
    out += std::to_string(field->number) + ":" + kNames[static_cast<std::size_t>(field->type)];
    if (field->type == WireType::Group)
      out += "(" + describe(field->bytes) + ")";
    else if (field->type == WireType::Length)
      out += "=" + std::string(field->bytes);
    else
      out += "=" + std::to_string(field->value);
  }
  if (cursor.failed())
    out += (out.empty() ? "" : " ") + std::string("! ") + cursor.failure() + " at " +
           std::to_string(cursor.offset());
  return out;
}

QByteArray q(const char* hex) { return QByteArray::fromHex(hex); }

}  // namespace

class tst_Wire : public QObject {
  Q_OBJECT
 private slots:
  void walksFields_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("expected");
    QTest::newRow("nothing") << q("") << "";
    QTest::newRow("varint") << q("0805") << "1:varint=5";
    QTest::newRow("varint of two bytes") << q("089601") << "1:varint=150";
    QTest::newRow("minus one") << q("08ffffffffffffffffff01") << "1:varint=18446744073709551615";
    QTest::newRow("length") << q("12026162") << "2:length=ab";
    QTest::newRow("empty length") << q("1200") << "2:length=";
    QTest::newRow("fixed64") << q("190100000000000080") << "3:fixed64=9223372036854775809";
    QTest::newRow("fixed32") << q("25ffffffff") << "4:fixed32=4294967295";
    QTest::newRow("group") << q("0b08050c") << "1:group(1:varint=5)";
    QTest::newRow("group in a group") << q("0b13140c") << "1:group(2:group())";
    QTest::newRow("greatest field number") << q("f8ffffff0f01") << "536870911:varint=1";
    QTest::newRow("field number 1000") << q("c23e0161") << "1000:length=a";
    QTest::newRow("field number 0") << q("0001")
                                    << "! a tag has a field number that protobuf does not allow at 0";
    QTest::newRow("field number too great")
        << q("0805f8ffffff1f01") << "1:varint=5 ! a tag has a field number that protobuf does not allow at 2";
    QTest::newRow("cut tag") << q("080580") << "1:varint=5 ! a number is cut off at 2";
    QTest::newRow("cut varint") << q("0896") << "! a number is cut off at 0";
    QTest::newRow("varint of eleven bytes")
        << q("08ffffffffffffffffffff01") << "! a number is longer than ten bytes at 0";
    QTest::newRow("cut fixed64") << q("1901") << "! a fixed-width number is cut off at 0";
    QTest::newRow("cut fixed32") << q("25010203") << "! a fixed-width number is cut off at 0";
    QTest::newRow("length past the end")
        << q("080512036162") << "1:varint=5 ! a field's length runs past the end at 2";
    QTest::newRow("length of 2^64 - 1")
        << q("12ffffffffffffffffff01") << "! a field's length runs past the end at 0";
    QTest::newRow("group without end") << q("0b0805") << "! a number is cut off at 0";
    QTest::newRow("group ended by another") << q("0b14") << "! a group is closed by another field's end at 0";
    QTest::newRow("end without group") << q("0c") << "! a group ends that was never begun at 0";
    QTest::newRow("wire type 6") << q("0e") << "! a tag has an unknown wire type at 0";
    QTest::newRow("wire type 7") << q("0f") << "! a tag has an unknown wire type at 0";
  }
  void walksFields() {
    QFETCH(QByteArray, bytes);
    QFETCH(QString, expected);
    const ByteView view(bytes.constData(), static_cast<std::size_t>(bytes.size()));
    QCOMPARE(QString::fromStdString(describe(view)), expected);
    QCOMPARE(isWireMessage(view), !expected.contains('!'));
  }

  void givesEachFieldsBytes() {
    const std::string bytes =
        "\x08\x05\x12\x02"
        "ab"
        "\x0b\x08\x05\x0c";
    WireCursor cursor(bytes);
    std::string joined;
    while (const auto field = cursor.next()) joined.append(field->raw);
    QCOMPARE(joined, bytes);
  }

  // 100 deep is what protobuf's own parsers take; a stack that a file can exhaust is a crash.
  void refusesGroupsThatNestTooDeep() {
    const auto nested = [](std::size_t depth) {
      return std::string(depth, '\x0b') + std::string(depth, '\x0c');
    };
    QVERIFY(isWireMessage(nested(100)));
    QVERIFY(!isWireMessage(nested(102)));
    QVERIFY(!isWireMessage(std::string(1'000'000, '\x0b')));
  }

  void readsBackWhatItAppends_data() {
    QTest::addColumn<quint64>("value");
    for (const quint64 value : {quint64{0}, quint64{127}, quint64{128}, quint64{16383}, quint64{16384},
                                quint64{0xffffffff}, ~quint64{0}})
      QTest::addRow("%llu", static_cast<unsigned long long>(value)) << value;
  }
  void readsBackWhatItAppends() {
    QFETCH(quint64, value);
    std::string bytes;
    appendVarintField(bytes, 1001, value);
    appendBytesField(bytes, 5, "abc");
    QCOMPARE(describe(bytes), "1001:varint=" + std::to_string(value) + " 5:length=abc");
  }
};

QTEST_APPLESS_MAIN(tst_Wire)
#include "tst_wire.moc"
