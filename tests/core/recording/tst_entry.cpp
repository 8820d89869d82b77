#include <QtTest>

#include "recording/entry.h"
#include "recording/status.h"
#include "support/replay_file.h"

using namespace retake;
using namespace retake::test;

namespace {

std::string any(std::string_view typeUrl, std::string_view value) {
  return field(1, typeUrl) + field(2, value);
}

const std::string kTypeUrl = "type.googleapis.com/a.B";

}  // namespace

class tst_Entry : public QObject {
  Q_OBJECT
 private slots:
  void readsEveryField() {
    const std::string bytes =
        field(1, 2u) + field(2, "/a.S/M") + field(3, any(kTypeUrl, "payload")) + field(4, 1u) + field(5, 7u);
    const auto entry = parseEntry(bytes);
    QVERIFY(entry);
    QCOMPARE(entry->kind, EntryKind::Response);
    QCOMPARE(std::string(entry->method), std::string("/a.S/M"));
    QCOMPARE(std::string(entry->typeUrl), kTypeUrl);
    QCOMPARE(std::string(entry->message), std::string("payload"));
    QVERIFY(entry->isError);
    QVERIFY(entry->hasMessage);
    QCOMPARE(entry->refIndex, 7);
  }

  void readsTheStatusCodeOfAnError() {
    const auto entry = parseEntry(serializeEntry(
        EntryKind::Response, {},
        EntryMessage{kTypeUrl, serializeStatus({.code = 5, .message = "x", .details = {}})}, true, 1));
    QCOMPARE(entry->statusCode, 5);
  }

  void takesTheLastOfAFieldThatIsRepeated() {
    const std::string bytes = field(1, 1u) + field(1, 4u) + field(2, "/a") + field(2, "/b") +
                              field(3, any(kTypeUrl, "one")) + field(3, field(2, "two"));
    const auto entry = parseEntry(bytes);
    QCOMPARE(entry->kind, EntryKind::Send);
    QCOMPARE(std::string(entry->method), std::string("/b"));
    // A message field that is repeated is merged.
    QCOMPARE(std::string(entry->typeUrl), kTypeUrl);
    QCOMPARE(std::string(entry->message), std::string("two"));
  }

  void ignoresFieldsOfTheWrongWireType() {
    const auto entry =
        parseEntry(field(1, "REQUEST") + field(2, 1u) + field(3, 1u) + field(4, "x") + field(5, "y"));
    QVERIFY(entry);
    QCOMPARE(entry->kind, EntryKind::None);
    QVERIFY(!entry->hasMessage);
    QVERIFY(!entry->isError);
  }

  void tellsKindsItDoesNotKnow_data() {
    QTest::addColumn<quint64>("number");
    QTest::addColumn<int>("kind");
    QTest::newRow("none") << quint64{0} << static_cast<int>(EntryKind::None);
    QTest::newRow("the last") << quint64{5} << static_cast<int>(EntryKind::Recv);
    QTest::newRow("the next") << quint64{6} << static_cast<int>(EntryKind::Unknown);
    QTest::newRow("minus one") << ~quint64{0} << static_cast<int>(EntryKind::Unknown);
  }
  void tellsKindsItDoesNotKnow() {
    QFETCH(quint64, number);
    QFETCH(int, kind);
    QCOMPARE(static_cast<int>(parseEntry(field(1, number))->kind), kind);
  }

  void saysWhereItIsNoMessage() {
    const auto cut = parseEntry(field(1, 1u) + "\x12\x09/a");
    QVERIFY(!cut);
    QCOMPARE(*cut.error().offset, std::uint64_t{2});
    const auto inside = parseEntry(field(1, 1u) + field(3, "\x0a\x7f"));
    QVERIFY(!inside);
    QCOMPARE(*inside.error().offset, std::uint64_t{4});
  }

  void replacesTheMessageAndKeepsTheRest() {
    const std::string before = field(1, 2u) + field(2, "/m") + field(3, any(kTypeUrl, "old"));
    const std::string behind =
        field(5, 7u) + field(1000, "headers") + std::string("\xfd\x3e\x01\x02\x03\x04");
    const std::string after = withMessage(before + behind, EntryMessage{kTypeUrl, "new"}, false);
    QCOMPARE(after, field(1, 2u) + field(2, "/m") + field(3, any(kTypeUrl, "new")) + behind);
  }

  void turnsAMessageIntoAnErrorAndBack() {
    const std::string unknown = field(1000, "headers");
    const std::string message = field(1, 2u) + field(3, any(kTypeUrl, "m")) + field(5, 7u) + unknown;
    const std::string error = withMessage(message, EntryMessage{kTypeUrl, "e"}, true);
    QCOMPARE(error, field(1, 2u) + field(3, any(kTypeUrl, "e")) + field(4, 1u) + field(5, 7u) + unknown);
    QCOMPARE(withMessage(error, EntryMessage{kTypeUrl, "m"}, false), message);
    QCOMPARE(withMessage(error, std::nullopt, true), field(1, 2u) + field(4, 1u) + field(5, 7u) + unknown);
  }

  void keepsUnknownFieldsThatShareANumber() {
    const std::string odd = field(1, 2u) + field(3, 9u) + field(4, "x") + field(5, "y");
    const std::string after = withMessage(odd, EntryMessage{kTypeUrl, "m"}, true);
    for (const std::string& part : {field(3, 9u), field(4, "x"), field(5, "y")})
      QVERIFY(after.find(part) != std::string::npos);
    QVERIFY(withRefIndex(odd, 3).find(field(5, "y")) != std::string::npos);
  }

  void writesAnEmptyMessageAsOne() {
    const auto entry = parseEntry(
        withMessage(field(1, 1u), EntryMessage{"type.googleapis.com/google.protobuf.Empty", ""}, false));
    QVERIFY(entry->hasMessage);
    QVERIFY(entry->message.empty());
  }

  void replacesTheReference() {
    const std::string unknown = field(1000, "t");
    QCOMPARE(withRefIndex(field(1, 2u) + field(5, 300u) + unknown, 7), field(1, 2u) + field(5, 7u) + unknown);
    QCOMPARE(withRefIndex(field(1, 2u) + unknown, 7), field(1, 2u) + field(5, 7u) + unknown);
    QCOMPARE(withRefIndex(field(1, 2u) + field(5, 300u) + unknown, 0), field(1, 2u) + unknown);
  }

  void namesTypes() {
    QCOMPARE(std::string(typeNameOf("type.googleapis.com/a.B")), std::string("a.B"));
    QCOMPARE(std::string(typeNameOf("https://x/y/a.B")), std::string("a.B"));
    QCOMPARE(std::string(typeNameOf("a.B")), std::string("a.B"));
    QCOMPARE(std::string(typeNameOf("")), std::string());
  }
};

QTEST_APPLESS_MAIN(tst_Entry)
#include "tst_entry.moc"
