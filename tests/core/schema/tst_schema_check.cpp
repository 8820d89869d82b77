#include <QTest>

#include "recording/calls.h"
#include "schema/call_kind.h"
#include "schema/check.h"
#include "schema/sources.h"
#include "support/replay_file.h"

using namespace retake;
using namespace retake::test;

namespace {

std::shared_ptr<const Schema> kinds() {
  const std::vector<std::string> places = {std::string(RETAKE_SOURCE_DIR) + "/tests/data/schema"};
  auto loaded = loadSchema(places);
  if (!loaded) qFatal("%s", loaded.error().message.c_str());
  return *loaded;
}

QStringList textsOf(const std::vector<Problem>& problems) {
  QStringList texts;
  for (const Problem& problem : problems) texts << QString::fromStdString(problem.text);
  return texts;
}

}  // namespace

class tst_SchemaCheck : public QObject {
  Q_OBJECT

 private slots:
  void namesEachUnknownTypeOnce() {
    ReplayFile file;
    file.unary("/kinds.v1.Kinds/Unary", {"kinds.v1.Scalars", ""}, Message{"shop.Cart", "x"});
    file.unary("/kinds.v1.Kinds/Unary", {"shop.Item", ""}, Message{"shop.Cart", ""});
    file.unary("/kinds.v1.Kinds/Unary", {"kinds.v1.Scalars", ""}, Status{5, "gone", {}});
    file.unary("/kinds.v1.Kinds/Unary", {"kinds.v1.Scalars", ""}, Message{"shop.Cart", ""});
    const auto problems = checkTypes(*file.recording(), *kinds());
    QCOMPARE(
        textsOf(problems),
        (QStringList{"entry 2 at byte 86 (RESPONSE /kinds.v1.Kinds/Unary): expected a type of the schema, "
                     "found \"shop.Cart\", here and in 2 more entries",
                     "entry 3 at byte 130 (REQUEST /kinds.v1.Kinds/Unary): expected a type of the schema, "
                     "found \"shop.Item\""}));
    QCOMPARE(*problems[0].position, 1u);
    QVERIFY(problems[0].repair == Repair{});
  }

  void namesEachMessageThatDoesNotDecode() {
    ReplayFile file;
    file.unary("/a.B/C", {"kinds.v1.Scalars", field(14, "\xff")}, Message{"kinds.v1.Scalars", "\x08"});
    file.unary("/a.B/C", {"kinds.v1.Scalars", field(1, "not a number")}, Message{"kinds.legacy.Order", ""});
    const auto problems = checkTypes(*file.recording(), *kinds());
    QCOMPARE(problems.size(), std::size_t{2});
    QVERIFY(problems[0].text.ends_with(
        "(REQUEST /a.B/C): expected a message of type kinds.v1.Scalars, found bytes "
        "that are none: a_string: expected UTF-8, found a byte that is none (byte 2)"));
    QVERIFY(problems[1].text.ends_with("found bytes that are none: a number is cut off (byte 0)"));
  }

  void saysNothingWhereNothingWasPromised() {
    ReplayFile file;
    file.unary("/a.B/C", {"not.Known", "\xff"}, Status{5, "gone", {}});
    QVERIFY(checkTypes(*file.recording(), *Schema::builtin()).empty());
  }

  void stopsWhenAsked() {
    ReplayFile file;
    file.unary("/a.B/C", {"not.Known", ""}, Message{"not.Known", ""});
    std::stop_source stop;
    stop.request_stop();
    QVERIFY(checkTypes(*file.recording(), *kinds(), {.stop = stop.get_token(), .progress = {}}).empty());
  }

  void kindsComeFromTheSchemaElseAreInferred_data() {
    QTest::addColumn<QString>("method");
    QTest::addColumn<int>("kind");
    QTest::newRow("server") << "/kinds.v1.Kinds/ServerStream" << static_cast<int>(CallKind::ServerStream);
    QTest::newRow("client") << "/kinds.v1.Kinds/ClientStream" << static_cast<int>(CallKind::ClientStream);
    QTest::newRow("both") << "/kinds.v1.Kinds/Both" << static_cast<int>(CallKind::BidiStream);
    QTest::newRow("unary, recorded as a stream")
        << "/kinds.v1.Kinds/Unary" << static_cast<int>(CallKind::Unary);
    QTest::newRow("not known") << "/a.B/C" << static_cast<int>(CallKind::ServerStream);
  }
  void kindsComeFromTheSchemaElseAreInferred() {
    QFETCH(QString, method);
    QFETCH(int, kind);
    ReplayFile file;
    const auto stream = file.createStream(method.toStdString());
    file.send(stream, {"kinds.v1.Scalars", ""}).recv(stream, Message{"kinds.v1.Lists", ""}).recvEnd(stream);
    const auto recording = file.recording();
    const Calls calls = groupCalls(*recording);
    QCOMPARE(static_cast<int>(callKind(*kinds(), *recording, calls[0])), kind);
  }
};

QTEST_GUILESS_MAIN(tst_SchemaCheck)
#include "tst_schema_check.moc"
