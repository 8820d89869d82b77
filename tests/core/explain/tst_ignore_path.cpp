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
      const bool equal =
          compareMessages(used, type, a, b, FieldPathSet(std::move(paths))) != Equality::Different;
      if (!equal) fprintf(stderr, "seed\n%s\n%s\n%s\n", hex(a).c_str(), hex(b).c_str(), text.c_str());
      QVERIFY2(equal, ("seed " + std::to_string(seed) + "\n" + hex(a) + "\n" + hex(b) + "\n" + text).c_str());
      ++compared;
    }
    QVERIFY(compared > 30);
  }
};

QTEST_APPLESS_MAIN(tst_IgnorePath)
#include "tst_ignore_path.moc"
