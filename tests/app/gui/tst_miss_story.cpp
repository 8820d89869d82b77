#include <QTest>

#include "miss_explanations.h"
#include "server/miss_rows.h"
#include "server/miss_story.h"

using namespace retake;
using namespace retake::gui;
using test::changed;
using test::kMethod;
using test::nothingEqual;

Q_DECLARE_METATYPE(retake::Explanation)

// What a miss is called, and where two values differ.
class tst_MissStory : public QObject {
  Q_OBJECT

 private slots:
  void initTestCase() { QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates)); }

  void saysWhyInASentence_data() {
    using Why = Miss::Why;
    QTest::addColumn<Explanation>("explanation");
    QTest::addColumn<QString>("sentence");
    QTest::newRow("not recorded") << changed([](Explanation& e) {
      e.miss = {.why = Why::NotRecorded};
      e.method = "/shop.v1.Cart/Gte";
      e.nearest.reset();
      e.methodsNearby = {kMethod};
    }) << "No call of shop.v1.Cart/Gte is recorded. Recorded with a similar name: shop.v1.Cart/Get.";
    QTest::newRow("one used up") << changed([](Explanation& e) {
      e.miss = {.why = Why::UsedUp, .recorded = 1, .callNumber = 3, .usedBy = 17};
      e.nearest.reset();
    }) << "The one recorded call that equals it, #3, has been used by call 17 of this run.";
    QTest::newRow("all used up") << changed([](Explanation& e) {
      e.miss = {.why = Why::UsedUp, .recorded = 4, .callNumber = 9, .usedBy = 1204};
      e.nearest.reset();
    })
                                 << "All 4 recorded calls that equal it have been used; the last of them, "
                                    "#9, by call 1,204 of this run.";
    QTest::newRow("nearest")
        << nothingEqual()
        << "None of the 2 recorded calls of shop.v1.Cart/Get equals it. Nearest is #1: one "
           "field differs.";
    QTest::newRow("nearest, used") << changed([](Explanation& e) {
      e.miss.recorded = 1;
      e.nearest->used = true;
      e.nearest->more = 12;
    })
                                   << "The one recorded call of shop.v1.Cart/Get is not equal to it. Nearest "
                                      "is #1: 13 fields differ. It has "
                                      "been used already.";
    QTest::newRow("none near") << changed([](Explanation& e) {
      e.nearest.reset();
    }) << "None of the 2 recorded calls of shop.v1.Cart/Get equals it, and none is near.";
    QTest::newRow("nearest is scrubbed")
        << changed([](Explanation& e) {
             e.nearest->scrubbed = true;
             e.scrubFit = ScrubFit::RulesOff;
           })
        << "None of the 2 recorded calls of shop.v1.Cart/Get equals it. Nearest is #1: one field differs. #1 "
           "is "
           "scrubbed, and scrub rules are off: real values match only with them on.";
    QTest::newRow("none near, scrubbed by others")
        << changed([](Explanation& e) {
             e.nearest.reset();
             e.scrubFit = ScrubFit::RulesOff;
             e.scrubbedCalls = 2;
           })
        << "None of the 2 recorded calls of shop.v1.Cart/Get equals it, and none is near. 2 of these are "
           "scrubbed, "
           "and scrub rules are off: real values match only with them on.";
    QTest::newRow("none near, and no message of its type")
        << changed([](Explanation& e) {
             e.nearest.reset();
             e.sentDamage = "no shop.v1.GetRequest: a number is cut off (byte 0)";
           })
        << "None of the 2 recorded calls of shop.v1.Cart/Get equals it, and none is near. What was sent is "
           "no "
           "shop.v1.GetRequest: a number is cut off (byte 0).";
    QTest::newRow("no message") << changed([](Explanation& e) {
      e.miss.why = Why::NoMessage;
      e.nearest.reset();
    })
                                << "The client ended its side without a message; recorded calls of "
                                   "shop.v1.Cart/Get are told apart by it.";
    QTest::newRow("diverged") << changed([](Explanation& e) {
      e.miss = {.why = Why::Diverged, .callNumber = 3, .message = 2};
    }) << "The stream plays #3. Its message 2 is another one than was recorded: one field differs.";
    QTest::newRow("too many") << changed([](Explanation& e) {
      e.miss = {.why = Why::TooManyMessages, .recorded = 2, .callNumber = 3, .message = 3};
      e.nearest.reset();
    }) << "The stream plays #3, in which the client sent 2 messages; this one sent more.";
    QTest::newRow("too few") << changed([](Explanation& e) {
      e.miss = {.why = Why::TooFewMessages, .recorded = 2, .callNumber = 3, .message = 2};
      e.nearest.reset();
    }) << "The stream plays #3, in which the client sent 2 messages; this one half-closed before message 2.";
    QTest::newRow("cut off")
        << changed([](Explanation& e) { e.nearest->equal = e.nearest->cutOff = true; })
        << "None of the 2 recorded calls of shop.v1.Cart/Get equals it, but #1, which was "
           "cut off before its end.";
    QTest::newRow("all cut off") << changed([](Explanation& e) {
      e.miss = {.why = Why::NotRecorded, .leftOut = 1};
      e.nearest.reset();
    }) << "No call of shop.v1.Cart/Get is recorded to its end: 1 call was cut off.";
  }

  void saysWhyInASentence() {
    QFETCH(Explanation, explanation);
    QFETCH(QString, sentence);
    QCOMPARE(missSentence(explanation), sentence);
  }

  void showsWhereValuesDiffer_data() {
    QTest::addColumn<QString>("value");
    QTest::addColumn<QString>("other");
    QTest::addColumn<QString>("shown");
    QTest::addColumn<QString>("marked");
    const QString front(200, u'x');
    QTest::newRow("short") << "\"A-17\""
                           << "\"A-18\""
                           << "\"A-17\""
                           << "7";
    QTest::newRow("all of it") << "1"
                               << "2"
                               << "1"
                               << "1";
    QTest::newRow("one has more") << "\"ab\""
                                  << "\"abc\""
                                  << "\"ab\""
                                  << "";
    QTest::newRow("the other") << "\"abc\""
                               << "\"ab\""
                               << "\"abc\""
                               << "c";
    QTest::newRow("far behind") << front + "7 and so on" << front + "8 and so on"
                                << "…" + QString(10, u'x') + "7 and so on"
                                << "7";
    QTest::newRow("the rest is long") << "7" + front << "8" + front << "7" + front << "7";
    QTest::newRow("a character of two halves") << "a😀b"
                                               << "a😁b"
                                               << "a😀b"
                                               << "😀";
    QTest::newRow("equal") << "same"
                           << "same"
                           << "same"
                           << "";
    QTest::newRow("repetition") << "aaa"
                                << "aa"
                                << "aaa"
                                << "a";
  }

  void showsWhereValuesDiffer() {
    QFETCH(QString, value);
    QFETCH(QString, other);
    QFETCH(QString, shown);
    QFETCH(QString, marked);
    const ValuePart part = differingPart(value, other, 40);
    QCOMPARE(part.text, shown);
    QCOMPARE(part.text.mid(part.markBegin, part.markLength), marked);
  }
};

QTEST_MAIN(tst_MissStory)
#include "tst_miss_story.moc"
