#include <QTest>

#include "filter/message_search.h"
#include "filter/query.h"
#include "filter/query_node.h"
#include "schema/json.h"
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

std::string make(const std::string& type, const std::string& json) {
  const JsonParse parse = fromJson(*kinds(), type, json);
  if (!parse.ok()) qFatal("%s", describe(parse.problems.front()).c_str());
  return parse.message;
}

// Of a query that is one term, "msg.PATH ..." or "text ...".
bool holds(const std::string& type, const std::string& bytes, const QString& text) {
  const auto query = Query::parse(text.toStdString());
  if (!query) qFatal("%s", query.error().message.c_str());
  const auto* descriptor = type.empty() ? nullptr : kinds()->message(type);
  if (const auto* path = std::get_if<PathTerm>(&query->root()->term))
    return hasValue(descriptor, bytes, path->path, path->tests, &kinds()->pool());
  return hasText(descriptor, bytes, std::get<TextTerm>(query->root()->term).tests, &kinds()->pool());
}

}  // namespace

class tst_MessageSearch : public QObject {
  Q_OBJECT

 private slots:
  void finds_data() {
    QTest::addColumn<QString>("type");
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("query");
    QTest::addColumn<bool>("found");
    std::string type;
    std::string bytes;
    const auto message = [&](const char* name, const char* json) {
      type = std::string("kinds.v1.") + name;
      bytes = make(type, json);
    };
    const auto row = [&](const char* query, bool found) {
      QTest::newRow((type + " " + query).c_str())
          << QString::fromStdString(type) << QByteArray::fromStdString(bytes) << query << found;
    };

    message("Scalars",
            R"({"anInt32": -1, "aSint32": -3, "aUint64": "18446744073709551615", "aFixed32": 7,
                "aFloat": 0.1, "aDouble": 1.5, "aBool": true, "aString": "Grüße aus Köln",
                "someBytes": "AAEC/w==", "colour": "COLOUR_BLUE", "anInt64": "9007199254740993"})");
    row("msg.an_int32=-1", true);
    row("msg.anInt32=-1", true);
    row("msg.an_int32<0", true);
    row("msg.an_int32>0", false);
    row("msg.an_int32:-5..-1", true);
    row("msg.an_int32:0..5", false);
    row("msg.a_sint32=-3", true);
    row("msg.a_uint64=18446744073709551615", true);
    row("msg.a_uint64>18446744073709551614", true);
    row("msg.a_uint64=-1", false);
    row("msg.an_int64=9007199254740993", true);
    row("msg.an_int64=9007199254740992", false);  // the same as a double
    row("msg.a_float=0.1", true);
    row("msg.a_float=0.2", false);
    row("msg.a_double>=1.5", true);
    row("msg.a_bool=true", true);
    row("msg.a_bool:TRUE", true);
    row("msg.a_bool=false", false);
    row("msg.a_string:grüsse", false);
    row("msg.a_string:GRÜSSE", false);
    row("msg.a_string:GRÜß", true);
    row("msg.a_string=\"grüße aus köln\"", true);
    row("msg.a_string=köln", false);
    row("msg.a_string~k.ln$", true);
    row("msg.a_string~/KÖLN/c", false);
    row("msg.a_string!=x", true);
    row("msg.a_string!~/k.ln/", false);
    row("msg.some_bytes=\"00 01 02 ff\"", true);
    row("msg.some_bytes:0102", true);
    row("msg.colour=colour_blue", true);
    row("msg.colour=-2", true);
    row("msg.colour~^COLOUR_", true);
    row("msg.colour=COLOUR_RED", false);
    row("msg.nothing=1", false);
    row("msg.*=7", true);
    row("msg.**:köln", true);
    row("text:köln", true);
    row("text:aus", true);
    row("text:7", false);  // text is text
    // What is not set has its default, where the path names it.
    row("msg.a_fixed64=0", true);
    row("msg.a_fixed64!=0", false);
    row("msg.**=0", false);

    message("Optionals", "{}");
    row("msg.an_int32=0", false);

    message("Lists", R"({"strings": ["a", "b"], "int32s": [1, 2, 3], "doubles": [1.5]})");
    row("msg.strings=b", true);
    row("msg.strings[*]=b", true);
    row("msg.strings[1]=b", true);
    row("msg.strings[0]=b", false);
    row("msg.strings!=b", true);
    row("msg.int32s=3", true);
    row("msg.int32s[2]=3", true);
    row("msg.int32s[1]=3", false);
    row("msg.int32s>3", false);
    row("msg.doubles=1.5", true);

    message("Maps", R"({"labels": {"env": "prod"}, "byNumber": {"-3": {"anInt32": 5}}, "byBool": {"true": 1},
                "bySint64": {"-2": 0.5}})");
    row("msg.labels[\"env\"]=prod", true);
    row("msg.labels[\"x\"]=prod", false);
    row("msg.labels[*]=prod", true);
    row("msg.labels=prod", true);
    row("msg.labels=env", true);  // the whole map: keys too
    row("msg.labels[*]=env", false);
    row("msg.by_number[-3].an_int32=5", true);
    row("msg.by_bool[true]=COLOUR_CRIMSON", true);
    row("msg.by_sint64[-2]=0.5", true);
    row("text:env", true);

    message("Everything", R"({"wellKnown": {"time": "2026-01-02T03:04:05.5Z", "duration": "1.5s",
                "any": {"@type": "type.googleapis.com/kinds.v1.Scalars", "aString": "inside"}}})");
    row("msg.**.time:2026-01", true);
    row("msg.**.time>2026-01-02", true);
    row("msg.**.time>=2026-01-02T03:04:05.5Z", true);
    row("msg.**.time=2026-01-02T04:04:05.5+01:00", true);
    row("msg.**.time<2026-01-02", false);
    row("msg.**.time:2026-01-01..2026-02-01", true);
    row("msg.**.time:2026-01-02T03:04:05.5Z..2026-01-02T03:04:05.5Z", true);
    row("msg.**.time:2026-01-03..", false);
    row("msg.**.time:..2026-01-02", false);
    row("msg.**.time:..2026-01-03", true);
    row("msg.**:1970-01-01..1970-01-02", false);
    row("msg.**.duration>1s", true);
    row("msg.**.duration<=1500ms", true);
    row("msg.**.duration=1.5s", true);
    row("msg.**.a_string=inside", true);
    row("msg.**.any<kinds.v1.Scalars>.a_string=inside", true);
    row("msg.**.any<kinds.v1.Lists>.a_string=inside", false);
    row("text:INSIDE", true);
    row("text:googleapis", false);

    // Without a schema: by number, as guessed.
    type = "";
    bytes = field(1, "hello") + field(2, std::uint64_t{7}) +
            field(3, field(1, "deep") + field(2, std::uint64_t{1})) +
            field(4, std::string_view("\xff\x00", 2)) + field(2, std::uint64_t{0} - 5);
    row("msg.1=hello", true);
    row("msg.2=7", true);
    row("msg.2[0]=7", true);
    row("msg.2[1]=7", false);
    row("msg.2=-5", true);
    row("msg.2>6", true);
    row("msg.3.1:dee", true);
    row("msg.3.2=true", true);
    row("msg.3[*].1=deep", true);
    row("msg.4=ff00", true);
    row("msg.**=deep", true);
    row("msg.name=hello", false);
    row("text:deep", true);
    row("text:7", false);

    bytes = "\x0a\x05hel";  // runs past its end
    row("msg.1=hel", false);
  }
  void finds() {
    QFETCH(QString, type);
    QFETCH(QByteArray, bytes);
    QFETCH(QString, query);
    QTEST(holds(type.toStdString(), bytes.toStdString(), query), "found");
  }

  // Half a minute and more, where each of them is looked for among all.
  void aMessageOfManyFieldsTakesNoLonger() {
    constexpr std::uint32_t kFields = 300'000;
    std::string message;
    for (std::uint32_t number = 1; number <= kFields; ++number)
      message += field(number, std::uint64_t{number});
    QVERIFY(holds("", message, "msg.299999=299999"));
    QVERIFY(!holds("", message, "msg.5[1]=5"));
    QVERIFY(holds("", message + field(kFields, std::uint64_t{7}), "msg.300000[1]=7"));
  }
};

QTEST_GUILESS_MAIN(tst_MessageSearch)
#include "tst_message_search.moc"
