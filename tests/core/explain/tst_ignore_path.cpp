#include <google/protobuf/descriptor.h>

#include <QTest>

#include "core/schema/random_message.h"
#include "explain/ignore_path.h"
#include "match/message_forms.h"
#include "schema/sources.h"

using namespace retake;

namespace {

const Schema& schema() {
  const std::vector<std::string> places{RETAKE_SOURCE_DIR "/tests/data/schema"};
  static const auto kSchema = loadSchema(places);
  if (!kSchema) qFatal("%s", kSchema.error().message.c_str());
  return **kSchema;
}

std::string hex(const std::string& bytes) { return QByteArray::fromStdString(bytes).toHex().toStdString(); }

}  // namespace

// What the panel's "ignore this field" does: with every difference ignored, a call matches.
class tst_IgnorePath : public QObject {
  Q_OBJECT

 private slots:
  void withEveryDifferenceIgnoredMessagesAreEqual_data() {
    QTest::addColumn<std::string>("name");
    QTest::addColumn<bool>("typed");
    for (const char* name : {"kinds.v1.Scalars", "kinds.v1.Optionals", "kinds.v1.Lists", "kinds.v1.Maps",
                             "kinds.v1.WellKnown", "kinds.v1.Everything", "kinds.legacy.Order"}) {
      QTest::addRow("%s", name) << std::string(name) << true;
      QTest::addRow("%s without a schema", name) << std::string(name) << false;
    }
  }
  void withEveryDifferenceIgnoredMessagesAreEqual() {
    QFETCH(std::string, name);
    QFETCH(bool, typed);
    const Schema& used = typed ? schema() : *Schema::builtin();
    const auto* type = typed ? schema().message(name) : nullptr;
    int compared = 0;
    for (unsigned seed = 0; seed < 60; ++seed) {
      // Of two seeds messages have little in common; with the first half of one behind the other, much.
      const std::string a = test::randomMessage(schema(), name, seed, true);
      std::string b = test::randomMessage(schema(), name, seed + 1, true);
      if (seed % 2 == 1) b = a + b;
      if (compareMessages(used, type, a, b) != Equality::Different) continue;
      const auto found = differences(used, type, a, b, {}, 100'000);
      QVERIFY2(!found.empty(), (hex(a) + "\n" + hex(b)).c_str());
      std::vector<FieldPath> paths;
      std::string text;
      for (const Difference& difference : found) {
        paths.push_back(ignorePath(type, difference));
        const auto again = parseFieldPath(toString(paths.back()));
        QVERIFY2(again && *again == paths.back(), toString(paths.back()).c_str());
        text += toString(paths.back()) + "\n";
      }
      // With half of them ignored as well, both see the same.
      std::vector<FieldPath> half;
      for (std::size_t i = seed % 3; i < paths.size(); i += 2) half.push_back(paths[i]);
      const FieldPathSet some(std::move(half));
      const bool differs = compareMessages(used, type, a, b, some) == Equality::Different;
      const bool told = !differences(used, type, a, b, some, 100'000).empty();
      QCOMPARE(told, differs);
      const bool equal =
          compareMessages(used, type, a, b, FieldPathSet(std::move(paths))) != Equality::Different;
      QVERIFY2(equal, ("seed " + std::to_string(seed) + "\n" + hex(a) + "\n" + hex(b) + "\n" + text).c_str());
      ++compared;
    }
    QVERIFY(compared > 30);
  }

  void oneRuleIsEnoughForOneField_data() {
    QTest::addColumn<QString>("path");
    QTest::addColumn<int>("kind");
    QTest::addColumn<bool>("moved");
    QTest::addColumn<bool>("typed");
    QTest::addColumn<QString>("expected");
    constexpr int kChanged = static_cast<int>(Difference::Kind::Changed);
    constexpr int kSent = static_cast<int>(Difference::Kind::OnlySent);
    const auto row = [](const char* path, int kind, bool moved, bool typed, const char* expected) {
      QTest::addRow("%s, kind %d%s%s", path, kind, moved ? ", moved" : "", typed ? "" : ", untyped")
          << path << kind << moved << typed << expected;
    };
    row("lists.scalars[2].a_bool", kChanged, false, true, "lists.scalars[2].a_bool");
    row("lists.scalars[2].a_bool", kSent, false, true, "lists.scalars[2].a_bool");
    row("lists.scalars[2]", kChanged, false, true, "lists.scalars[2]");
    row("lists.scalars[2]", kSent, false, true, "lists.scalars");
    row("more[1].lists.scalars[2].a_bool", kChanged, true, true, "more.lists.scalars.a_bool");
    row("more[1].maps.by_number[2].a_bool", kChanged, true, true, "more.maps.by_number[2].a_bool");
    row("maps.by_number[2]", kSent, false, true, "maps.by_number[2]");
    row("well_known.any<kinds.v1.Lists>.int32s[1]", kSent, false, true,
        "well_known.any<kinds.v1.Lists>.int32s");
    row("3[2]", kSent, false, false, "3");
    row("3[2].1", kSent, false, false, "3[2].1");
    row("3[2].1", kChanged, true, false, "3.1");
  }
  void oneRuleIsEnoughForOneField() {
    QFETCH(QString, path);
    QFETCH(int, kind);
    QFETCH(bool, moved);
    QFETCH(bool, typed);
    QFETCH(QString, expected);
    Difference difference;
    difference.kind = static_cast<Difference::Kind>(kind);
    difference.path = *parseFieldPath(path.toStdString());
    difference.moved = moved;
    const auto* type = typed ? schema().message("kinds.v1.Everything") : nullptr;
    QCOMPARE(QString::fromStdString(toString(ignorePath(type, difference))), expected);
  }
};

QTEST_APPLESS_MAIN(tst_IgnorePath)
#include "tst_ignore_path.moc"
