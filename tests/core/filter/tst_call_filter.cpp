#include <QTest>
#include <chrono>

#include "filter/call_filter.h"
#include "schema/json.h"
#include "schema/sources.h"
#include "support/dump.h"
#include "support/replay_file.h"

using namespace retake;
using namespace retake::test;
using namespace std::chrono_literals;

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

Message scalars(const std::string& json) {
  const JsonParse parse = fromJson(*kinds(), "kinds.v1.Scalars", json);
  if (!parse.ok()) qFatal("%s", describe(parse.problems.front()).c_str());
  return {"kinds.v1.Scalars", parse.message};
}

FilterInput inputOf(std::shared_ptr<const Recording> recording) {
  auto calls = std::make_shared<const Calls>(groupCalls(*recording));
  return {std::move(recording), std::move(calls), kinds(), {}};
}

// 1 unary, OK, with times and metadata; 2 unary, NOT_FOUND; 3 a stream both ways; 4 an odd status; 5 open; 6
// a web socket; 7 bytes that are no Scalars.
const FilterInput& some() {
  static const FilterInput input = [] {
    ReplayFile file;
    const auto one = file.request("/shop.v1.Cart/Add", scalars(R"({"aString": "apples", "anInt32": 3})"));
    file.at(1s).requestMetadata({{"x-id", "R-77"}, {"x-id", "R-78"}});
    file.response(one, scalars(R"({"aString": "tick", "colour": "COLOUR_RED"})"));
    file.at(1s + 300ms)
        .trailers({{"retry", "no"}})
        .extras({.timeNanos = (ReplayFile::kBegin + 1s + 300ms).count(),
                 .trailers = Metadata{{"retry", "no"}},
                 .scrubbed = true});
    file.unary("/shop.v1.Cart/Remove", scalars(R"({"aString": "pears"})"),
               Status{5,
                      "no such sku",
                      {{std::string(kTypeUrlPrefix) + "kinds.v1.Scalars",
                        scalars(R"({"aString": "in a detail"})").bytes}}});
    const auto three = file.createStream("/kinds.v1.Kinds/Both");
    file.send(three, scalars(R"({"anInt32": 1})")).recv(three, scalars(R"({"aString": "ping"})"));
    file.send(three, scalars(R"({"aString": "pong"})")).recvEnd(three);
    file.unary("/shop.v1.Cart/Add", scalars("{}"), Status{77, "odd", {}});
    file.request("/shop.v1.Feed/Watch", scalars("{}"));
    const auto six = file.createStream("ws:/feed");
    file.send(six, scalars(R"({"aString": "tick"})")).recv(six, scalars(R"({"aString": "tock"})"));
    file.unary("/shop.v1.Cart/Add", scalars("{}"), Message{"kinds.v1.Scalars", "\xff\xff"});
    FilterInput made = inputOf(file.recording());
    made.flag = [](FilterFlag flag, std::uint32_t call) -> std::optional<bool> {
      if (flag == FilterFlag::Used) return call == 1;
      return std::nullopt;
    };
    return made;
  }();
  return input;
}

QString numbers(const std::vector<std::uint32_t>& calls) {
  QStringList list;
  for (const std::uint32_t call : calls) list << QString::number(call + 1);
  return list.join(u' ');
}

Query parsed(const QString& text) {
  const auto query = Query::parse(text.toStdString());
  if (!query) qFatal("%s", query.error().message.c_str());
  return *query;
}

}  // namespace

class tst_CallFilter : public QObject {
  Q_OBJECT

 private slots:
  void finds_data() {
    QTest::addColumn<QString>("query");
    QTest::addColumn<QString>("calls");
    const auto row = [](const char* query, const char* calls) { QTest::newRow(query) << query << calls; };
    row("", "1 2 3 4 5 6 7");
    row("method:cart", "1 2 4 7");
    row("method=shop.v1.Cart/Add", "1 4 7");
    row("method=/shop.v1.Cart/Add", "1 4 7");
    row("method=add", "1 4 7");
    row("method!=add", "2 3 5 6");
    row("method~^.shop", "1 2 4 5 7");
    row("service=shop.v1.Cart", "1 2 4 7");
    row("service=cart", "1 2 4 7");
    row("service:kinds", "3");
    row("status:OK", "1 3 6 7");
    row("status:NOT_FOUND,77", "2 4");
    row("status!=OK", "2 4 5");
    row("-status:OK", "2 4 5");
    row("status:open", "5");
    row("status~FOUND$", "2");
    row("status:CODE_77", "4");
    row("kind:unary", "1 2 4 5 7");
    row("kind:bidi", "3");
    row("kind:stream", "3");
    row("kind:ws", "6");
    row("stream", "3 6");
    row("error", "2 4");
    row("-error", "1 3 5 6 7");
    row("dur>250ms", "1");
    row("dur=300ms", "1");
    row("-dur>250ms", "");  // of the others it is not known
    row("dur>250ms or -dur>250ms", "1");
    row("start=0", "1");
    row("msgs:3", "3");
    row("msgs>2 or msgs=1", "2 3 4 5");
    row("req.size=0", "4 5 7");
    row("resp.size:2B", "7");
    row("size>1kB", "");
    row("id:2,5..6", "2 5 6");
    row("#3", "3");
    row("text:tick", "1 6");
    row("text:TICK", "1 6");
    row("req.text:tick", "6");
    row("resp.text:tick", "1");
    row("resp.text:sku", "2");
    row("text:detail", "2");
    row("text:\"no\"", "1 2");  // in a trailer, and in a status
    row("tick", "1 6");
    row("cart", "1 2 4 7");
    row("-cart", "3 5 6");
    row("not_found", "2");
    row("bidi", "3");
    row("/^p[io]ng$/", "3");
    row("text~/^P[io]ng$/c", "");
    row("meta.x-id=R-78", "1");
    row("meta.X-ID:r", "1");
    row("meta.x-id=r-78", "1");
    row("meta.x-id!=R-77", "1");
    row("meta.*:78", "1");
    row("meta.y:1", "");
    row("-meta.y:1", "1");  // of the others it is not known
    row("trailer.retry=no", "1");
    row("req.an_int32=3", "1");
    row("req.an_int32<3", "2 3 4 5 6 7");
    row("req.a_string:a", "1 2");
    row("req.a_string!=pears", "1 3 4 5 6 7");
    row("-req.a_string=pears", "1 3 4 5 6 7");
    row("resp.colour=COLOUR_CRIMSON", "1");
    row("resp.colour=colour_blue", "");
    row("resp.code=5", "2");
    row("resp.message:sku", "2");
    row("resp.details[*].a_string:detail", "");
    row("resp.details<kinds.v1.Scalars>.a_string:detail", "2");
    row("resp.**.a_string:detail", "2");
    row("msg.a_string=tick", "1 6");
    row("msg.14=tick", "1 6");
    row("dir:in text:tick", "1");
    row("dir:out text:tick", "6");
    row("kind:ws dir:out text:tick", "6");
    row("kind:ws dir:in text:tick", "");
    row("dir:in msg.a_string=ping", "3");
    row("edited", "");
    row("scrubbed", "1");
    row("-scrubbed", "2 3 4 5 6 7");
    row("used", "2");
    row("-used", "1 3 4 5 6 7");
    row("missed", "");
    row("-missed", "");
    row("undecodable", "7");
    row("(status:OK or status:NOT_FOUND) method:cart -text:pears", "1 7");
    row("status:OK text:ping or used", "2 3");
    row("not (method:cart or kind:ws)", "3 5");
  }
  void finds() {
    QFETCH(QString, query);
    QTEST(numbers(filterCalls(parsed(query), some())), "calls");
  }

  // The shortcuts of a search: each call alone comes out the same.
  void agreesWithEachCallAlone() {
    const QStringList queries = {"cart",
                                 "-cart or text:tick",
                                 "text~/t.ck$/",
                                 "req.a_string=apples or #3",
                                 "status:open,OK kind:u",
                                 "msg.**=COLOUR_RED",
                                 "resp.colour=colour_red",
                                 "text:tick,ping",
                                 "dir:in (text:tick or text:ping)",
                                 "service:shop -text:i",
                                 "resp.a_string~^tick",
                                 "text!=tick",
                                 "msg.an_int32:1..3",
                                 "/.../",
                                 "/x?/"};
    for (const FilterInput& input : {some()})
      for (const QString& text : queries) {
        const Query query = parsed(text);
        std::vector<std::uint32_t> alone;
        for (std::uint32_t call = 0; call < input.calls->size(); ++call)
          if (matches(query, input, call)) alone.push_back(call);
        QVERIFY2(filterCalls(query, input) == alone, qPrintable(text));
      }
  }

  void agreesOnRealRecordings() {
    const auto files = realRecordings();
    if (files.empty()) QSKIP("no real recordings are here");
    const QStringList queries = {
        "a",        "text:project",         "status:NOT_FOUND", "text~/[a-z]+-\\d+$/", "msg.**:projects/",
        "resp.1:a", "size>200 -kind:unary", "undecodable"};
    for (const auto& file : files) {
      const FilterInput input = inputOf(readRecording(readFile(file)));
      for (const QString& text : queries) {
        const Query query = parsed(text);
        std::vector<std::uint32_t> alone;
        for (std::uint32_t call = 0; call < input.calls->size(); ++call)
          if (matches(query, input, call)) alone.push_back(call);
        QVERIFY2(filterCalls(query, input) == alone, qPrintable(text + " in " + file.c_str()));
      }
    }
  }

  // Of times since 1970, of which a double holds every 256th nanosecond.
  void timesAreExact() {
    ReplayFile file;
    for (const auto begin : {0ns, 1ns, 129ns}) {
      const auto ref = file.request("/t.S/M", {"t.Q", field(1, "x")});
      file.at(begin).response(ref, {"t.A", field(1, "y")});
      file.at(begin + 300ns);
    }
    const FilterInput input = inputOf(file.recording());
    QCOMPARE(numbers(filterCalls(parsed("dur=300ns"), input)), QStringLiteral("1 2 3"));
    QCOMPARE(numbers(filterCalls(parsed("start=129ns"), input)), QStringLiteral("3"));
  }

  void looksAmongSomeInTheirOrder() {
    const std::vector<std::uint32_t> among = {6, 3, 2, 0};
    QCOMPARE(numbers(filterCalls(parsed("method:add"), some(), &among)), QStringLiteral("7 4 1"));
  }

  void tellsWhatItFindsOnTheWay() {
    ReplayFile file;
    for (int i = 0; i < 20'000; ++i)
      file.unary("/t.S/M", {"t.Q", field(1, "x")}, Message{"t.A", field(1, "y")});
    const FilterInput input = inputOf(file.recording());
    std::vector<std::uint32_t> told;
    const auto all = filterCalls(parsed("undecodable or text:y"), input, nullptr, {},
                                 [&](std::vector<std::uint32_t> some) {
                                   QVERIFY(!some.empty());
                                   told.insert(told.end(), some.begin(), some.end());
                                 });
    QCOMPARE(all.size(), std::size_t{20'000});
    QCOMPARE(told, all);
  }

  void stopsWhenItIsTold() {
    ReplayFile file;
    for (int i = 0; i < 1000; ++i)
      file.unary("/t.S/M", {"t.Q", field(1, "x")}, Message{"t.A", field(1, "y")});
    const FilterInput input = inputOf(file.recording());
    std::stop_source stop;
    stop.request_stop();
    QVERIFY(filterCalls(parsed("text:y"), input, nullptr, {.stop = stop.get_token()}).size() < 1000);
  }

  void asksOneMessageOfACall() {
    const FilterInput& input = some();
    const Call call = (*input.calls)[2];
    const auto truths = [&](const char* text) {
      QString all;
      for (const std::uint32_t position : call.rest) {
        if (!input.recording->info(position).hasMessage) continue;
        const Truth truth = parsed(text).evaluate(MessageSubject(input, 2, position));
        all += truth == Truth::Yes ? u'y' : truth == Truth::No ? u'n' : u'?';
      }
      return all;
    };
    QCOMPARE(truths("dir:out"), QStringLiteral("yny"));
    QCOMPARE(truths("msg.a_string:p"), QStringLiteral("nyy"));
    QCOMPARE(truths("text:pong"), QStringLiteral("nny"));
    QCOMPARE(truths("req.a_string=pong"), QStringLiteral("yyy"));  // of its call
    QCOMPARE(truths("kind:bidi status:OK id:3"), QStringLiteral("yyy"));
    QCOMPARE(truths("dur>1s"), QStringLiteral("???"));
  }

  void asksALiveCall_data() {
    QTest::addColumn<QString>("query");
    QTest::addColumn<QChar>("unary");
    QTest::addColumn<QChar>("stream");
    const auto row = [](const char* query, char unary, char stream) {
      QTest::newRow(query) << query << QChar::fromLatin1(unary) << QChar::fromLatin1(stream);
    };
    row("method:kinds", 'y', 'y');
    row("kind:unary", 'y', 'n');
    row("stream", 'n', 'y');
    row("dir:out", 'y', 'y');
    row("req.a_string=x", 'y', 'y');
    row("req.a_string=y", 'n', '?');  // a stream may have said so before
    row("msg.a_string=y", 'n', 'n');
    row("text:x", 'y', 'y');
    row("x-ray", 'n', 'n');
    row("ok", '?', '?');  // a status may come that has it in its name
    row("req.size>0", 'y', '?');
    row("meta.a=1", 'y', 'y');
    row("meta.a=2", 'n', 'n');
    row("status:OK", '?', '?');
    row("-status:OK", '?', '?');
    row("resp.a_string=x", '?', '?');
    row("trailer.a=1", '?', '?');
    row("status:OK or method:kinds", 'y', 'y');
    row("status:OK method:other", 'n', 'n');
    row("used", '?', '?');
    row("id:1", '?', '?');
  }
  void asksALiveCall() {
    QFETCH(QString, query);
    const Metadata metadata = {{"a", "1"}};
    const std::string message = scalars(R"({"aString": "x"})").bytes;
    const auto truth = [&](std::string_view method) {
      const LiveSubject subject(*kinds(), {.method = method, .message = message, .metadata = &metadata});
      const Truth t = parsed(query).evaluate(subject);
      return QChar(t == Truth::Yes ? u'y' : t == Truth::No ? u'n' : u'?');
    };
    QTEST(truth("/kinds.v1.Kinds/Unary"), "unary");
    QTEST(truth("/kinds.v1.Kinds/Both"), "stream");
  }
};

QTEST_GUILESS_MAIN(tst_CallFilter)
#include "tst_call_filter.moc"
