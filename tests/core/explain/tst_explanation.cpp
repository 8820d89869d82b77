#include <QTest>

#include "explain/explanation.h"
#include "recording/status.h"
#include "schema/json.h"
#include "schema/schema.h"
#include "schema/text.h"

using namespace retake;

namespace {

constexpr std::size_t kTrailers = 4096;
// Keys of the trailers, and what HPACK counts for each besides.
constexpr std::size_t kOverhead = 3 * 32 + 80;

Difference changed(const std::string& path, const std::string& recorded, const std::string& sent) {
  return {Difference::Kind::Changed, FieldPath{{PathSegment{.name = path}}}, recorded, sent};
}

Explanation nearOne(std::vector<Difference> differences, std::size_t more = 0) {
  Explanation out{.miss = {.why = Miss::Why::NothingEqual, .recorded = 3}, .method = "/t.S/M"};
  out.nearest = NearCall{.number = 12, .differences = std::move(differences), .more = more};
  return out;
}

}  // namespace

class tst_Explanation : public QObject {
  Q_OBJECT

 private slots:
  void theTextSaysWhatHappened_data() {
    QTest::addColumn<int>("row");
    QTest::addColumn<QString>("text");
    QTest::addRow("one field") << 0
                               << "retake: /t.S/M: 3 calls are recorded, none with an equal request\n"
                                  "nearest is call 12 (unused), which differs in 1 field:\n"
                                  "  order: recorded \"a\", sent \"b\"";
    QTest::addRow("used, several fields, long ones last")
        << 1
        << "retake: /t.S/M: 3 calls are recorded, none with an equal request\n"
           "nearest is call 12 (used already), which differs in 14 fields:\n"
           "  id: recorded 1, sent 2\n"
           "  text: recorded \"" +
               QString(100, 'x') + "\", sent \"" + QString(100, 'y') +
               "\"\n"
               "  … and 12 more";
    QTest::addRow("nothing near") << 2
                                  << "retake: /t.S/M: 1 call is recorded, none with an equal request\n"
                                     "no recorded call is near to it\n"
                                     "sent: {\"id\": 7}";
    QTest::addRow("not recorded") << 3
                                  << "retake: no call of /t.S/M is recorded\n"
                                     "did you mean /t.v2.S/M or /t.S/N?";
    QTest::addRow("diverged") << 4
                              << "retake: /t.S/M: diverged at message 3 from recorded call 12\n"
                                 "message 3 differs in 1 field:\n"
                                 "  id: recorded 1, sent 2";
    QTest::addRow("one too many") << 5
                                  << "retake: /t.S/M: message 3 is one too many: recorded call 12 has 2\n"
                                     "sent: {\"id\": 7}";
    QTest::addRow("an equal message")
        << 6
        << "retake: /t.S/M: 3 calls are recorded, none with an equal request\n"
           "nearest is call 12 (unused): its message is equal, but not the metadata "
           "that is compared, or what the stream had before";
    QTest::addRow("no field")
        << 7
        << "retake: /t.S/M: 3 calls are recorded, none with an equal request\n"
           "nearest is call 12 (unused): it differs, but in no field: one of the two is no "
           "message of its type, or longer than 4 MiB";
    QTest::addRow("used up") << 8
                             << "retake: /t.S/M: this request is recorded 2 times and used up: the last, "
                                "recorded call 12 was used by "
                                "call 5 of this run";
    QTest::addRow("no message")
        << 9
        << "retake: /t.S/M: 2 calls are recorded, each with a request message; this one ended without any";
    QTest::addRow("scrubbed, rules off")
        << 10
        << "retake: /t.S/M: 3 calls are recorded, none with an equal request\n"
           "call 12 is scrubbed, and scrub rules are off: a client with real values matches only with them "
           "on\n"
           "nearest is call 12 (unused), which differs in 1 field:\n"
           "  order: recorded \"a\", sent \"b\"";
    QTest::addRow("scrubbed, none near, rules off")
        << 11
        << "retake: /t.S/M: 3 calls are recorded, none with an equal request\n"
           "2 calls of these are scrubbed, and scrub rules are off: a client with real values matches only "
           "with "
           "them on\n"
           "no recorded call is near to it";
    QTest::addRow("scrubbed by other rules")
        << 12
        << "retake: /t.S/M: 3 calls are recorded, none with an equal request\n"
           "call 12 is scrubbed, but not by the rules that are on: by others, or with another key\n"
           "nearest is call 12 (unused), which differs in 1 field:\n"
           "  order: recorded \"a\", sent \"b\"";
    QTest::addRow("used up, without a message") << 13
                                                << "retake: /t.S/M: all 2 recorded streams that may answer "
                                                   "are used up: the last, recorded call 12 was used by "
                                                   "call 5 of this run";
    QTest::addRow("too few messages")
        << 14 << "retake: /t.S/M: half-closed after 1 message: recorded call 12 has 3";
    QTest::addRow("cut off") << 15 << "retake: no call of /t.S/M is recorded to its end; 2 were cut off";
  }
  void theTextSaysWhatHappened() {
    QFETCH(int, row);
    QFETCH(QString, text);
    const auto sent = std::make_shared<const std::string>("x");
    Explanation several =
        nearOne({changed("text", '"' + std::string(100, 'x') + '"', '"' + std::string(100, 'y') + '"'),
                 changed("id", "1", "2")},
                12);
    several.nearest->used = true;
    Explanation equal = nearOne({});
    equal.nearest->equal = true;
    Explanation diverged = nearOne({changed("id", "1", "2")});
    diverged.miss = {.why = Miss::Why::Diverged, .callNumber = 12, .message = 3};
    Explanation scrubbed = nearOne({changed("order", "\"a\"", "\"b\"")});
    scrubbed.nearest->scrubbed = true;
    scrubbed.scrubFit = ScrubFit::RulesOff;
    Explanation noneNear = scrubbed;
    noneNear.nearest.reset();
    noneNear.scrubbedCalls = 2;
    Explanation others = scrubbed;
    others.scrubFit = ScrubFit::OtherRules;
    const std::vector<Explanation> rows = {
        nearOne({changed("order", "\"a\"", "\"b\"")}),
        several,
        {.miss = {.why = Miss::Why::NothingEqual, .recorded = 1},
         .method = "/t.S/M",
         .sent = sent,
         .sentText = "{\"id\": 7}"},
        {.miss = {.why = Miss::Why::NotRecorded},
         .method = "/t.S/M",
         .methodsNearby = {"/t.v2.S/M", "/t.S/N"}},
        diverged,
        {.miss = {.why = Miss::Why::TooManyMessages, .recorded = 2, .callNumber = 12, .message = 3},
         .method = "/t.S/M",
         .sent = sent,
         .sentText = "{\"id\": 7}"},
        equal,
        nearOne({}),
        {.miss = {.why = Miss::Why::UsedUp, .recorded = 2, .callNumber = 12, .usedBy = 5},
         .method = "/t.S/M",
         .sent = sent,
         .sentText = "{\"id\": 7}"},
        {.miss = {.why = Miss::Why::NoMessage, .recorded = 2}, .method = "/t.S/M"},
        scrubbed,
        noneNear,
        others,
        {.miss = {.why = Miss::Why::UsedUp, .recorded = 2, .callNumber = 12, .usedBy = 5},
         .method = "/t.S/M"},
        {.miss = {.why = Miss::Why::TooFewMessages, .recorded = 3, .callNumber = 12, .message = 2},
         .method = "/t.S/M"},
        {.miss = {.why = Miss::Why::NotRecorded, .leftOut = 2}, .method = "/t.S/M"},
    };
    QCOMPARE(QString::fromStdString(statusText(rows[static_cast<std::size_t>(row)])), text);
  }

  void theDetailsSayItToPrograms() {
    Explanation missed = nearOne({changed("order", "\"a\"", "\"b\""), changed("id", "1", "2")}, 3);
    const std::string text = statusText(missed);
    const auto status = parseStatus(statusDetails(missed, 2, text));
    QVERIFY(status);
    QCOMPARE(status->code, 2);
    QCOMPARE(status->message, text);
    QCOMPARE(status->details.size(), std::size_t{2});
    const auto json = [&](std::size_t i, const char* type) {
      return QString::fromStdString(toJsonPreview(*Schema::builtin(), type, status->details[i].value, 2000));
    };
    QCOMPARE(status->details[0].typeUrl, std::string("type.googleapis.com/google.rpc.ErrorInfo"));
    QCOMPARE(
        json(0, "google.rpc.ErrorInfo"),
        QString(
            R"({"reason": "NOTHING_EQUAL", "domain": "retake", "metadata": {"differences": "5", "method": )"
            R"("/t.S/M", "nearest_call": "12", "nearest_call_used": "false", "recorded_calls": "3"}})"));
    QCOMPARE(status->details[1].typeUrl, std::string("type.googleapis.com/google.rpc.DebugInfo"));
    const QString debug = json(1, "google.rpc.DebugInfo");
    QVERIFY2(debug.contains(R"("order: recorded \"a\", sent \"b\"", "id: recorded 1, sent 2")"),
             qPrintable(debug));
    QVERIFY2(debug.contains(R"("detail": "retake: /t.S/M: 3 calls are recorded)"), qPrintable(debug));
  }

  void everyKindOfMissHasItsReason() {
    for (const auto& [why, reason] : {std::pair(Miss::Why::NotRecorded, "METHOD_NOT_RECORDED"),
                                      {Miss::Why::UsedUp, "USED_UP"},
                                      {Miss::Why::NoMessage, "NO_MESSAGE"},
                                      {Miss::Why::Diverged, "DIVERGED"},
                                      {Miss::Why::TooManyMessages, "TOO_MANY_MESSAGES"},
                                      {Miss::Why::TooFewMessages, "TOO_FEW_MESSAGES"}}) {
      const Explanation missed{.miss = {.why = why}, .method = "/t.S/M"};
      const auto status = parseStatus(statusDetails(missed, 2, statusText(missed)));
      QVERIFY(status && !status->details.empty());
      QVERIFY(status->details[0].value.find(reason) != std::string::npos);
    }
  }

  // The path of a request, and what a file says, may be any bytes.
  void aMethodOfAnyBytesIsText() {
    const Explanation missed{
        .miss = {.why = Miss::Why::NotRecorded}, .method = "/t.S/\xff\nM", .methodsNearby = {"/t.S/\xfeM"}};
    const std::string text = statusText(missed);
    QCOMPARE(QString::fromUtf8(text.c_str()),
             QString("retake: no call of \"/t.S/\\xff\\nM\" is recorded\ndid you mean \"/t.S/\\xfeM\"?"));
    QVERIFY(isUtf8(fullText(missed)));
    const auto status = parseStatus(statusDetails(missed, 12, text));
    QVERIFY(status && status->details[0].value.find('\xff') == std::string::npos);
    QVERIFY(status->details[0].value.find('\xfe') == std::string::npos);
  }

  void textAndDetailsFitIntoTheTrailers_data() {
    QTest::addColumn<std::string>("part");
    QTest::addRow("ASCII") << std::string("abc ");
    QTest::addRow("line ends") << std::string("\n");
    QTest::addRow("percent") << std::string("%");
    QTest::addRow("two bytes a character") << std::string("ä");
    QTest::addRow("four bytes a character") << std::string("\xf0\x9f\x8e\xac");
    QTest::addRow("quotes") << std::string("\"\\");
    QTest::addRow("no UTF-8") << std::string("\xff");
  }
  void textAndDetailsFitIntoTheTrailers() {
    QFETCH(std::string, part);
    std::string text;
    while (text.size() < 900) text += part;
    for (const std::size_t count : {0u, 1u, 2u, 40u, 1000u}) {
      for (const auto& method : {std::string("/t.S/M"), "/" + text + "/" + text}) {
        for (const auto& name : {std::string("name"), text}) {
          std::vector<Difference> differences(
              count, changed(name, '"' + text + 'a' + text + '"', '"' + text + 'b' + text + '"'));
          Explanation missed = nearOne(differences, 7);
          missed.method = method;
          missed.sent = std::make_shared<const std::string>(text);
          missed.sentText = text;
          missed.methodsNearby = {method, method, method};
          for (int why = 0; why <= static_cast<int>(Miss::Why::TooFewMessages); ++why) {
            missed.miss.why = static_cast<Miss::Why>(why);
            for (const bool isNear : {true, false}) {
              if (!isNear) missed.nearest.reset();
              const std::string status = statusText(missed);
              const std::string details = statusDetails(missed, 2, status);
              QVERIFY(status.starts_with("retake: "));
              QVERIFY(sizeInTrailers(status) <= kMaxStatusText);
              QVERIFY(!details.empty());
              QVERIFY((details.size() + 2) / 3 * 4 <= kMaxStatusDetails + 4);
              QVERIFY(sizeInTrailers(status) + (details.size() + 2) / 3 * 4 + kOverhead < kTrailers);
              if (isUtf8(part)) QVERIFY2(isUtf8(status), status.c_str());
              const auto parsed = parseStatus(details);
              QVERIFY(parsed && parsed->message == status && !parsed->details.empty());
              // One difference at least is told, and how many are not.
              if (isNear && count > 0 && missed.miss.why == Miss::Why::NothingEqual) {
                QVERIFY2(status.find(": recorded ") != std::string::npos, status.c_str());
                QVERIFY2(status.find("… and ") != std::string::npos, status.c_str());
              }
            }
            missed.nearest = nearOne(differences, 7).nearest;
          }
        }
      }
    }
  }

  void smallLimitsAreKept() {
    const Explanation missed = nearOne({changed("näme", "\"ä\"", "\"ö\"")});
    for (std::size_t limit = 0; limit < 400; ++limit) {
      const std::string text = statusText(missed, limit);
      QVERIFY(sizeInTrailers(text) <= limit);
      QVERIFY(isUtf8(text));
      QVERIFY(statusDetails(missed, 2, text, limit).size() <= limit);
    }
  }

  void theFullTextHasEverythingToABound() {
    const Explanation some =
        nearOne(std::vector(300, changed("name", '"' + std::string(900, 'a') + '"', "\"b\"")));
    const std::string text = fullText(some);
    QCOMPARE(QString::fromStdString(text).count("\n  name: recorded"), 300);
    QVERIFY(text.find("… and") == std::string::npos);
    const Explanation many =
        nearOne(std::vector(1000, changed("name", '"' + std::string(5000, 'a') + '"', "\"b\"")), 5);
    QVERIFY(fullText(many).size() < (std::size_t{1} << 20) + 100);
    QVERIFY(fullText(many).find("… and") != std::string::npos);
  }
};

QTEST_APPLESS_MAIN(tst_Explanation)
#include "tst_explanation.moc"
