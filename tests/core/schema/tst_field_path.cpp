#include <google/protobuf/descriptor.h>

#include <QTest>

#include "schema/field_path.h"
#include "schema/sources.h"

using namespace retake;
namespace pb = google::protobuf;

namespace {

FieldPath path(const std::string& text) {
  const auto parsed = parseFieldPath(text);
  if (!parsed) qFatal("%s", parsed.error().message.c_str());
  return *parsed;
}

FieldPathSet set(const QString& texts) {
  std::vector<FieldPath> paths;
  for (const QString& text : texts.split(' ', Qt::SkipEmptyParts)) paths.push_back(path(text.toStdString()));
  return FieldPathSet(std::move(paths));
}

const Schema& schema() {
  const std::vector<std::string> places{RETAKE_SOURCE_DIR "/tests/core/match/everything.proto"};
  static const auto kSchema = loadSchema(places);
  if (!kSchema) qFatal("%s", kSchema.error().message.c_str());
  return **kSchema;
}

const pb::Descriptor& everything() { return *schema().message("everything.Everything"); }

// Steps separated by spaces: a name or number is a field, "[2]" an element, "[a]" a key, "<x>" into an Any.
// With a type, fields are looked up in it and in what they hold.
FieldPathSet::Walk walked(const FieldPathSet& paths, const QString& steps, const pb::Descriptor* type) {
  FieldPathSet::Walk walk = paths.begin();
  for (const QString& step : steps.split(' ', Qt::SkipEmptyParts)) {
    const QString inner = step.mid(1, step.size() - 2);
    bool isNumber = false;
    const auto number = inner.toLongLong(&isNumber);
    if (step.startsWith('[')) {
      walk = isNumber ? walk.element(static_cast<std::uint64_t>(number)) : walk.element(inner.toStdString());
    } else if (step.startsWith('<')) {
      walk = walk.any(inner.toStdString());
      type = schema().message(inner.toStdString());
    } else if (type) {
      const pb::FieldDescriptor* field = type->FindFieldByName(step.toStdString());
      if (!field) qFatal("no field %s", qPrintable(step));
      walk = walk.field(*field);
      type = field->is_map() ? field->message_type()->map_value()->message_type() : field->message_type();
    } else {
      walk = walk.field(step.toUInt());
    }
  }
  return walk;
}

}  // namespace

class tst_FieldPath : public QObject {
  Q_OBJECT

 private slots:
  void whatIsParsedIsPrintedAgain_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("printed");
    const auto row = [](const char* text, const char* printed = nullptr) {
      QTest::addRow("%s", text) << text << (printed ? printed : text);
    };
    row("a");
    row("a.b_c.dE2");
    row("1.2[*].3");
    row("536870911");
    row("a.b[2].c");
    row("a[*]");
    row("a[-5].b");
    row("a[18446744073709551611]", "a[-5]");
    row("a[true].b[false]", "a[1].b[0]");
    row("a[\"\"]");
    row("a[\"x.y]\"].b");
    row("a[\"\\\"\\\\\\n\\r\\t\\x00\\x7f\"]");
    row("a[\"\\x41\\x4A\"]", "a[\"AJ\"]");
    row("a[\"\\xff\"]");
    row("a[\"\u00e4\"].\u00e4");
    row("any<pkg.Type>.x");
    row("any[*]<pkg.Type>.x<Other>");
    row("[pkg.extension].x");
    row("*");
    row("*[2].a");
    row("**");
    row("**.a.**.b");
    row("a.**");
    row("display-name.$x");
  }
  void whatIsParsedIsPrintedAgain() {
    QFETCH(QString, text);
    QFETCH(QString, printed);
    const auto parsed = parseFieldPath(text.toStdString());
    QVERIFY2(parsed, parsed ? "" : parsed.error().message.c_str());
    QCOMPARE(QString::fromStdString(toString(*parsed)), printed);
    QVERIFY(path(toString(*parsed)) == *parsed);
  }

  void anErrorNamesTheColumn_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("says");
    const auto row = [](const char* text, const char* says) { QTest::addRow("%s", text) << text << says; };
    row("", "column 1: expected a field's name or number, \"*\" or \"**\", found the end");
    row("a..b", "column 3: expected a field's name or number, \"*\" or \"**\", found \".\"");
    row("a.", "column 3: expected a field's name or number, \"*\" or \"**\", found the end");
    row("a b", "column 2: expected \".\" or the end, found \" \"");
    row("a[", "column 3: expected a number, a key in quotes or \"*\", found the end");
    row("a[]", "column 3: expected a number, a key in quotes or \"*\", found \"]\"");
    row("a[b]", "column 3: expected a number, a key in quotes or \"*\", found \"b\"");
    row("a[-]", "column 4: expected a number, found \"]\"");
    row("a[2", "column 4: expected \"]\", found the end");
    row("a[2]]", "column 5: expected \".\" or the end, found \"]\"");
    row("a[2][3]", "column 5: expected \".\" or the end, found \"[\"");
    row("a[18446744073709551616]", "column 3: expected a number of 64 bits, found \"1\"");
    row("a[-9223372036854775809]", "column 3: expected a number of 64 bits, found \"-\"");
    row("a[\"x", "column 5: expected the key's closing quote, found the end");
    row("a[\"\\q\"]", "column 5: expected one of \\\" \\\\ \\n \\r \\t \\xNN, found \"q\"");
    row("a[\"\\x4\"]", "column 5: expected one of \\\" \\\\ \\n \\r \\t \\xNN, found \"x\"");
    row("0", "column 1: expected a field number from 1 to 536870911, found \"0\"");
    row("a.536870912", "column 3: expected a field number from 1 to 536870911, found \"5\"");
    row("1a", "column 2: expected \".\" or the end, found \"a\"");
    row("a<", "column 3: expected the full name of a message type, found the end");
    row("a<b", "column 4: expected \">\", found the end");
    row("**[2]", "column 3: expected \".\" or the end, found \"[\"");
    row("***", "column 3: expected \".\" or the end, found \"*\"");
    row("[a", "column 3: expected \"]\", found the end");
    row("a.\xe2\x82\xac=", "column 6: expected \".\" or the end, found \"=\"");
  }
  void anErrorNamesTheColumn() {
    QFETCH(QString, text);
    QFETCH(QString, says);
    const auto parsed = parseFieldPath(text.toStdString());
    QVERIFY(!parsed);
    QCOMPARE(QString::fromStdString(parsed.error().message), "field path \"" + text + "\": " + says);
  }

  void aPathHasABound() {
    std::string text = "a";
    for (std::size_t i = 1; i < kMaxPathSegments; ++i) text += ".a";
    QVERIFY(parseFieldPath(text));
    QVERIFY(!parseFieldPath(text + ".a"));
  }

  // "covered", "dead", or "on": it leads on from there.
  void aPlaceIsCovered_data() {
    QTest::addColumn<QString>("paths");
    QTest::addColumn<QString>("steps");
    QTest::addColumn<bool>("typed");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char* paths, const char* steps, const char* typed, const char* untyped) {
      if (typed) QTest::addRow("%s at %s", paths, steps) << paths << steps << true << typed;
      if (untyped) QTest::addRow("%s at %s, untyped", paths, steps) << paths << steps << false << untyped;
    };
    row("", "text", "dead", nullptr);
    row("text", "", "on", "on");
    row("text", "text", "covered", nullptr);
    row("text", "number", "dead", nullptr);
    row("9", "text", "covered", nullptr);
    row("9", "9", nullptr, "covered");
    row("text", "9", nullptr, "dead");
    row("displayName", "display_name", "covered", nullptr);
    row("display_name", "display_name", "covered", nullptr);
    row("child.text", "child", "on", nullptr);
    row("child.text", "child text", "covered", nullptr);
    row("child", "child text", "covered", nullptr);
    row("child.text", "text", "dead", nullptr);
    row("6.9", "6 [0] 9 [0]", nullptr, "covered");
    row("children[1]", "children", "on", nullptr);
    row("children[1]", "children [1]", "covered", nullptr);
    row("children[1]", "children [0]", "dead", nullptr);
    row("children[1]", "children text", "dead", nullptr);
    row("children[1].text", "children [1] text", "covered", nullptr);
    row("children[*].text", "children [7] text", "covered", nullptr);
    row("children.text", "children [7] text", "covered", nullptr);
    row("8[1].9", "8 [1] 9 [0]", nullptr, "covered");
    row("8[1].9", "8 [2] 9 [0]", nullptr, "dead");
    row("counts", "counts [a]", "covered", nullptr);
    row("counts[*]", "counts [a]", "covered", nullptr);
    row("counts[\"a\"]", "counts [a]", "covered", nullptr);
    row("counts[\"a\"]", "counts [b]", "dead", nullptr);
    row("nested[7].text", "nested [7] text", "covered", nullptr);
    row("nested[-7].text", "nested [-7] text", "covered", nullptr);
    row("nested.text", "nested [1] text", "covered", nullptr);
    row("nested[\"7\"].text", "nested [7] text", "dead", nullptr);
    row("any<everything.Everything>.text", "any <everything.Everything> text", "covered", nullptr);
    row("any<everything.Everything>.text", "any <google.protobuf.Any> value", "dead", nullptr);
    row("any<everything.Everything>", "any", "on", nullptr);
    row("any<everything.Everything>.text", "any value", "dead", nullptr);
    row("any.value", "any value", "covered", nullptr);
    row("any.text", "any <everything.Everything> text", "dead", nullptr);
    row("any.*", "any <everything.Everything> text", "dead", nullptr);
    row("any.**.text", "any <everything.Everything> text", "covered", nullptr);
    row("*", "text", "covered", nullptr);
    row("*", "", "on", nullptr);
    row("*.text", "child text", "covered", nullptr);
    row("*.text", "text", "on", nullptr);
    row("*.text", "child child text", "dead", nullptr);
    row("*[0].text", "children [0] text", "covered", nullptr);
    row("**", "", "covered", "covered");
    row("**.text", "text", "covered", nullptr);
    row("**.text", "child child text", "covered", nullptr);
    row("**.text", "children [3] nested [4] text", "covered", nullptr);
    row("**.text", "child number", "on", nullptr);
    row("child.**", "child", "covered", nullptr);
    row("child.**.text", "child child text", "covered", nullptr);
    row("child.**.text", "text", "dead", nullptr);
    row("**.child.**.text", "child text", "covered", nullptr);
    row("**.child.**.text", "children [0] child children [1] text", "covered", nullptr);
    row("**.child.**.text", "text", "on", nullptr);
    row("**.9", "6 [0] 6 [0] 9 [0]", nullptr, "covered");
    row("number child.text", "child text", "covered", nullptr);
    row("number child.text", "child number", "dead", nullptr);
  }
  void aPlaceIsCovered() {
    QFETCH(QString, paths);
    QFETCH(QString, steps);
    QFETCH(bool, typed);
    QFETCH(QString, expected);
    const FieldPathSet followed = set(paths);
    const auto walk = walked(followed, steps, typed ? &everything() : nullptr);
    QCOMPARE(walk.covered() ? "covered" : walk.dead() ? "dead" : "on", expected);
  }

  void whatIsBehindAnyDepthAloneIsKnown() {
    const FieldPathSet both = set("**.9 6.1");
    QVERIFY(!both.begin().onlyByAnyDepth());
    QVERIFY(!both.begin().field(6).onlyByAnyDepth());
    QVERIFY(both.begin().field(7).onlyByAnyDepth());
  }

  // Each "**" may end at each level: states, not ways through them, are what is kept.
  void manyAnyDepthsStayCheap() {
    QString text;
    for (int i = 0; i < 40; ++i) text += "**.*.";
    const FieldPathSet followed = set(text + "none");
    FieldPathSet::Walk walk = followed.begin();
    for (std::uint32_t level = 0; level < 2000; ++level) walk = walk.field(level % 3 + 1).element(level);
    QVERIFY(!walk.covered() && !walk.dead());
  }

  void aPathThatLeadsNowhereIsTold_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("says");
    const auto row = [](const char* text, const char* says) { QTest::addRow("%s", text) << text << says; };
    row("text", "");
    row("displayName", "");
    row("child.children[2].nested[-3].text", "");
    row("counts[\"a\"]", "");
    row("counts[*]", "");
    row("flags[true]", "");
    row("9", "");
    row("12345.6", "");
    row("*.text", "");
    row("**.text", "");
    row("**.maybe", "");
    row("any<everything.Everything>.text", "");
    row("any<no.Such>.x.y", "");
    row("any.value", "");
    row("**.typeName", "");  // may be in some Any
    row("txet", "everything.Everything has no field \"txet\"; did you mean \"text\"?");
    row("child.txet", "everything.Everything has no field \"txet\"; did you mean \"text\"?");
    row("zzzzzzzzzzzzzz", "everything.Everything has no field \"zzzzzzzzzzzzzz\"; it has number, numbers, ");
    row("text.x", "\"text\" is no message, so nothing is inside of it");
    row("counts[\"a\"].x", "\"counts[\"a\"]\" is no message, so nothing is inside of it");
    row("text[1]", "\"text\" of everything.Everything is not repeated, so it takes no subscript");
    row("numbers[\"a\"]", "is a list, so its subscript is a number or \"*\"");
    row("counts[1]", "is a map whose keys are strings, so its subscript is a key in quotes, or \"*\"");
    row("nested[\"a\"]", "is a map whose keys are numbers, so its subscript is one, or \"*\"");
    row("child<x.Y>",
        "\"child<x.Y>\": expected a google.protobuf.Any before \"<\", found everything.Everything");
    row("text<x.Y>", "expected a google.protobuf.Any before \"<\", found a string");
    row("any.text", "google.protobuf.Any has no field \"text\"");
    row("any<everything.Everything>.txet", "everything.Everything has no field \"txet\"");
  }
  void aPathThatLeadsNowhereIsTold() {
    QFETCH(QString, text);
    QFETCH(QString, says);
    const auto checked = checkFieldPath(everything(), path(text.toStdString()));
    const QString found = checked ? QString() : QString::fromStdString(checked.error().message);
    if (says.isEmpty())
      QCOMPARE(found, QString());
    else
      QVERIFY2(found.startsWith("field path \"" + text + "\": ") && found.contains(says), qPrintable(found));
  }
};

QTEST_APPLESS_MAIN(tst_FieldPath)
#include "tst_field_path.moc"
