#include <QtTest>
#include <random>

#include "initial_state/civil_time.h"
#include "initial_state/go_time.h"

using namespace retake;

namespace {

std::string bytes(const char* hex) { return QByteArray::fromHex(hex).toStdString(); }

QString said(const Result<GoTime>& time) {
  return QString::fromStdString(time ? goTimeText(*time) : time.error().message);
}

}  // namespace

class tst_GoTime : public QObject {
  Q_OBJECT
 private slots:
  // The bytes are what Go 1.19 writes for these times.
  void readsWhatGoWrites_data() {
    QTest::addColumn<std::string>("state");
    QTest::addColumn<QString>("text");
    const auto row = [](const char* name, const char* hex, const char* text) {
      QTest::newRow(name) << bytes(hex) << QString(text);
    };
    row("UTC", "01 0000000ed46a2250 00000000 ffff", "2019-05-12T14:18:56Z");
    row("nanoseconds, east", "01 0000000ed46a2250 1dcd6500 0078", "2019-05-12T16:18:56.5+02:00");
    row("west", "01 0000000ed46a2250 00000001 fe20", "2019-05-12T06:18:56.000000001-08:00");
    row("a zone at UTC that is not UTC", "01 0000000ed46a2250 00000000 0000", "2019-05-12T14:18:56+00:00");
    row("version 2", "02 0000000ed46a2250 00000000 0013 20", "2019-05-12T14:38:28+00:19:32");
    row("version 2, west", "02 0000000ed46a2250 00000000 ffed e0", "2019-05-12T13:59:24-00:19:32");
    row("version 2, seconds alone", "02 0000000ed46a2250 00000000 0000 e2", "2019-05-12T14:18:26-00:00:30");
    row("zero time", "01 0000000000000000 00000000 ffff", "0001-01-01T00:00:00Z");
    row("the year before", "01 ffffffffffffffff 3b9ac9ff ffff", "0000-12-31T23:59:59.999999999Z");
    row("the last of four digits", "01 000000497786387f 00000000 ffff", "9999-12-31T23:59:59Z");
    row("one more", "01 0000004977863880 00000000 ffff", "+10000-01-01T00:00:00Z");
    row("a year below 0", "01 fffffffef9bd2280 00000000 ffff", "-0139-07-27T22:15:28Z");
    row("the end of all time", "01 7fffffffffffffff 3b9ac9ff 7fff",
        "+292277024627-12-29T09:37:07.999999999+546:07");
    row("its beginning", "01 8000000000000000 00000000 8000", "-292277024626-01-04T14:21:52-546:08");
  }
  void readsWhatGoWrites() {
    QFETCH(std::string, state);
    QFETCH(QString, text);
    const auto time = readGoTime(state);
    QCOMPARE(said(time), text);
    GoTime typed;
    const auto problem = readGoTimeText(text.toStdString(), typed);
    QVERIFY2(!problem, problem ? describe(*problem).c_str() : "");
    QVERIFY(typed == *time);
    const auto back = writeGoTime(typed);
    QVERIFY(back);
    QCOMPARE(QByteArray::fromStdString(*back).toHex(), QByteArray::fromStdString(state).toHex());
  }

  void saysWhatGoDoesNotWrite_data() {
    QTest::addColumn<std::string>("state");
    QTest::addColumn<QString>("why");
    const auto row = [](const char* name, const char* hex, const char* why) {
      QTest::newRow(name) << bytes(hex) << QString(why);
    };
    row("empty", "", "expected the 15 or 16 bytes of a Go time, found none");
    row("another version", "03 0000000ed46a2250 00000000 ffff",
        "byte 0: expected 1 or 2, the version of a Go time, found 3");
    row("too short", "01 0000000ed46a2250 00000000 ff",
        "expected 15 bytes of a Go time of version 1, found 14");
    row("too long", "01 0000000ed46a2250 00000000 ffff00",
        "expected 15 bytes of a Go time of version 1, found 16");
    row("version 2, too short", "02 0000000ed46a2250 00000000 0013",
        "expected 16 bytes of a Go time of version 2, found 15");
    row("nanoseconds", "01 0000000ed46a2250 3b9aca00 ffff",
        "byte 9: expected at most 999999999 nanoseconds, found 1000000000");
    row("version 2 without seconds", "02 0000000ed46a2250 00000000 0013 00",
        "byte 15: expected 1 to 59 seconds of the zone, with the sign of its minutes (19), found 0");
    row("version 2, seconds the other way", "02 0000000ed46a2250 00000000 0013 e0",
        "byte 15: expected 1 to 59 seconds of the zone, with the sign of its minutes (19), found -32");
    row("version 2, a minute of seconds", "02 0000000ed46a2250 00000000 0013 3c",
        "byte 15: expected 1 to 59 seconds of the zone, with the sign of its minutes (19), found 60");
    row("version 2 of UTC", "02 0000000ed46a2250 00000000 ffff e0",
        "byte 13: expected a zone of version 2, which has seconds, found -1, which is UTC");
  }
  void saysWhatGoDoesNotWrite() {
    QFETCH(std::string, state);
    QFETCH(QString, why);
    QCOMPARE(said(readGoTime(state)), why);
  }

  // Bytes that are a time give the same bytes again, whatever they are.
  void everyTimeGoesThroughText() {
    std::mt19937_64 random(4);
    int times = 0;
    for (int i = 0; i < 200'000; ++i) {
      std::string state(1, random() % 2 == 0 ? '\1' : '\2');
      const auto append = [&state](std::uint64_t value, int size) {
        for (int shift = 8 * (size - 1); shift >= 0; shift -= 8)
          state += static_cast<char>(value >> shift & 0xff);
      };
      append(random() >> random() % 64, 8);
      append(random() % 1'000'000'000, 4);
      append(random() % 4 == 0 ? 0xffff - random() % 3 : random(), 2);
      if (state[0] == 2) append(random() % 121 - 60, 1);
      const auto time = readGoTime(state);
      if (!time) continue;
      ++times;
      GoTime typed;
      const auto problem = readGoTimeText(goTimeText(*time), typed);
      QVERIFY2(!problem, (goTimeText(*time) + ": " + (problem ? describe(*problem) : "")).c_str());
      const auto back = writeGoTime(typed);
      QVERIFY2(back && *back == state, goTimeText(*time).c_str());
    }
    QVERIFY(times > 100'000);
  }

  void readsWhatPeopleType_data() {
    QTest::addColumn<QString>("typed");
    QTest::addColumn<QString>("text");
    QTest::newRow("a blank for the T") << "2019-05-12 14:18:56Z"
                                       << "2019-05-12T14:18:56Z";
    QTest::newRow("small letters") << "2019-05-12t14:18:56z"
                                   << "2019-05-12T14:18:56Z";
    QTest::newRow("blanks around") << "\n 2019-05-12T14:18:56Z \n"
                                   << "2019-05-12T14:18:56Z";
    QTest::newRow("zeros behind") << "2019-05-12T14:18:56.500Z"
                                  << "2019-05-12T14:18:56.5Z";
    QTest::newRow("minus zero") << "2019-05-12T14:18:56-00:00"
                                << "2019-05-12T14:18:56+00:00";
    QTest::newRow("no seconds of the zone") << "2019-05-12T14:18:56+02:00:00"
                                            << "2019-05-12T14:18:56+02:00";
    QTest::newRow("a leap day") << "2020-02-29T00:00:00Z"
                                << "2020-02-29T00:00:00Z";
    QTest::newRow("a year of five digits, as Go prints it") << "12019-05-12T14:18:56Z"
                                                            << "+12019-05-12T14:18:56Z";
    QTest::newRow("a year with its sign") << "+2019-05-12T14:18:56Z"
                                          << "2019-05-12T14:18:56Z";
  }
  void readsWhatPeopleType() {
    QFETCH(QString, typed);
    QFETCH(QString, text);
    GoTime time;
    const auto problem = readGoTimeText(typed.toStdString(), time);
    QVERIFY2(!problem, problem ? describe(*problem).c_str() : "");
    QCOMPARE(QString::fromStdString(goTimeText(time)), text);
  }

  void saysWhereATextIsNoTime_data() {
    QTest::addColumn<QString>("typed");
    QTest::addColumn<QString>("why");
    const auto row = [](const char* typed, const char* why) {
      QTest::newRow(typed) << QString(typed) << QString(why);
    };
    row("soon",
        "line 1, column 1: expected a time such as 2006-01-02T15:04:05Z, which begins with a year of "
        "four digits, found \"s\"");
    row("19-05-12",
        "line 1, column 1: expected a time such as 2006-01-02T15:04:05Z, which begins with a year "
        "of four digits, found \"19\"");
    row("2019", "line 1, column 5: expected a \"-\" behind the year, found the end");
    row("2019-13-01T00:00:00Z", "line 1, column 6: expected a month, 01 to 12, found \"13\"");
    row("2019-5-12T00:00:00Z", "line 1, column 6: expected a month, 01 to 12, found \"5\"");
    row("2019-02-29T00:00:00Z", "line 1, column 9: expected a day of that month, 01 to 28, found \"29\"");
    row("1900-02-29T00:00:00Z", "line 1, column 9: expected a day of that month, 01 to 28, found \"29\"");
    row("2019-05-12", "line 1, column 11: expected a \"T\" and the time of day, found the end");
    row("2019-05-12T24:00:00Z", "line 1, column 12: expected an hour, 00 to 23, found \"24\"");
    row("2019-05-12T14:18:60Z", "line 1, column 18: expected a second, 00 to 59, found \"60\"");
    row("2019-05-12T14:18:56.Z", "line 1, column 21: expected one to nine digits of a second, found \"Z\"");
    row("2019-05-12T14:18:56.1234567890Z",
        "line 1, column 21: expected one to nine digits of a second, found 10");
    row("2019-05-12T14:18:56", "line 1, column 20: expected a zone, Z or one such as +02:00, found the end");
    row("2019-05-12T14:18:56+2",
        "line 1, column 21: expected the hours of the zone, as in +02:00, found \"2\"");
    row("2019-05-12T14:18:56+0200",
        "line 1, column 21: expected the hours of the zone, as in +02:00, found \"0200\"");
    row("2019-05-12T14:18:56+02:60",
        "line 1, column 24: expected the minutes of the zone, 00 to 59, found \"60\"");
    row("2019-05-12T14:18:56-00:01",
        "line 1, column 20: expected a zone that Go can write: a minute west of UTC is how it writes UTC "
        "itself, found -00:01");
    row("2019-05-12T14:18:56+546:08",
        "line 1, column 20: expected a zone of at most 546 hours, found +546:08");
    row("2019-05-12T14:18:56Z[Europe/Berlin]",
        "line 1, column 21: expected the end of the time, found \"[\"");
    row("2019-05-12T14:18:56Z m=+0.5", "line 1, column 22: expected the end of the time, found \"m\"");
    row("+292277024628-01-01T00:00:00Z",
        "line 1, column 1: expected a time whose seconds fit 64 bits, as Go counts them, found another");
  }
  void saysWhereATextIsNoTime() {
    QFETCH(QString, typed);
    QFETCH(QString, why);
    GoTime time;
    const auto problem = readGoTimeText(typed.toStdString(), time);
    QVERIFY(problem);
    QCOMPARE(QString::fromStdString(describe(*problem)), why);
  }

  void daysAreThoseOfTheCalendar() {
    // Two eras and the edges between months; Qt counts from another day.
    const qint64 first = QDate(1, 1, 1).toJulianDay();
    for (std::int64_t day = -1000; day < 300'000; ++day) {
      const CivilDate date = dateOfDay(day);
      QCOMPARE(dayOfDate(date), day);
      const QDate judge = QDate::fromJulianDay(first + day);
      // Qt has no year 0.
      const int year = judge.year() < 0 ? judge.year() + 1 : judge.year();
      QVERIFY(date.year == year && date.month == judge.month() && date.day == judge.day());
      QVERIFY(date.day <= daysInMonth(date.year, date.month));
    }
  }
};

QTEST_APPLESS_MAIN(tst_GoTime)
#include "tst_go_time.moc"
