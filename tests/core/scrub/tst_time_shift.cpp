#include <QRandomGenerator>
#include <QtTest>
#include <random>

#include "scrub/time_shift.h"

using namespace retake;
using namespace std::chrono_literals;
using namespace std::string_literals;

class tst_TimeShift : public QObject {
  Q_OBJECT

 private slots:
  void keepsTheForm_data() {
    QTest::addColumn<QString>("before");
    QTest::addColumn<qint64>("seconds");
    QTest::addColumn<QString>("after");
    const auto row = [](const char* before, std::chrono::seconds shift, const char* after) {
      QTest::addRow("%s by %lld", before, static_cast<long long>(shift.count()))
          << before << qint64{shift.count()} << after;
    };
    row("2024-02-28T23:59:59Z", 1s, "2024-02-29T00:00:00Z");
    row("2024-03-01T00:00:00Z", -1s, "2024-02-29T23:59:59Z");
    row("2100-03-01T00:00:00Z", -1s, "2100-02-28T23:59:59Z");
    row("1999-12-31T23:00:00Z", 3600s, "2000-01-01T00:00:00Z");
    row("2024-01-02t03:04:05z", 60s, "2024-01-02t03:05:05z");
    row("2024-01-02 03:04:05", 60s, "2024-01-02 03:05:05");
    row("2024-01-02T03:04:05.000000001Z", 60s, "2024-01-02T03:05:05.000000001Z");
    row("2024-01-02T03:04:05,5Z", 60s, "2024-01-02T03:05:05,5Z");
    row("2024-01-02T03:04:05.123456789012345+05:30", -86400s, "2024-01-01T03:04:05.123456789012345+05:30");
    row("2024-01-02T03:04:05-0800", 3600s, "2024-01-02T04:04:05-0800");
    row("2024-01-02T03:04:05+02", 3600s, "2024-01-02T04:04:05+02");
    row("2016-12-31T23:59:60Z", 86400s, "2017-01-01T23:59:60Z");
    row("2016-12-31T23:59:60Z", 1s, "2017-01-01T00:00:00Z");
    row("1969-12-31T23:59:59Z", 2s, "1970-01-01T00:00:01Z");
    row("0001-01-01T00:00:00Z", 1s, "0001-01-01T00:00:01Z");
    row("9999-12-31T23:59:59Z", 1s, "0001-01-01T00:00:00Z");
    row("0001-01-01T00:00:00Z", -1s, "9999-12-31T23:59:59Z");
    row("2024-02-29", -86400s, "2024-02-28");
    row("2024-02-29", 86400s * 366, "2025-03-01");
    row("2024-02-29", 43200s, "2024-03-01");
    row("2024-02-29", -43200s, "2024-02-28");
    row("2024-02-29", 43199s, "2024-02-29");
    row("1700000000", -86400s, "1699913600");
    row("1700000000.25", 1s, "1700000001.25");
    row("1700000000123", 1s, "1700000001123");
    row("1700000000123456", 1s, "1700000001123456");
    row("1700000000123456789", 1s, "1700000001123456789");
    row("-500000000", 1s, "-499999999");
    // No times.
    for (const char* text : {"",
                             "x",
                             "2024-13-01",
                             "2024-02-30",
                             "2023-02-29T00:00:00Z",
                             "0000-01-01T00:00:00Z",
                             "2024-01-02T24:00:00Z",
                             "2024-01-02T03:60:00Z",
                             "2024-01-02T03:04:61Z",
                             "2024-01-02T03:04:05.Z",
                             "2024-01-02T03:04:05X",
                             "2024-01-02T03:04:05+2:00",
                             "2024-01-02T03:04",
                             "2024/01/02",
                             "12345678",
                             "0170000000",
                             "1700000000.",
                             "1700000000.x",
                             "+1700000000",
                             "99999999999999999999",
                             "9999999999999999999",
                             "2024-01-02T03:04:05Z and more",
                             "24-01-02"})
      row(text, 86400s, text);
  }
  void keepsTheForm() {
    QFETCH(QString, before);
    QFETCH(qint64, seconds);
    QTEST(QString::fromStdString(shiftTimeText(before.toStdString(), Seconds(seconds))), "after");
  }

  void takesEpochNumbersByTheirSize() {
    QCOMPARE(shiftEpoch(std::int64_t{0}, 1h), 0);
    QCOMPARE(shiftEpoch(std::int64_t{99'999'999}, 1h), 99'999'999);
    QCOMPARE(shiftEpoch(std::int64_t{1'700'000'000}, 1h), 1'700'003'600);
    QCOMPARE(shiftEpoch(std::int64_t{1'700'000'000'000}, 1h), 1'700'003'600'000);
    QCOMPARE(shiftEpoch(std::int64_t{1'700'000'000'000'000}, 1h), 1'700'003'600'000'000);
    QCOMPARE(shiftEpoch(std::int64_t{1'700'000'000'000'000'000}, 1h), 1'700'003'600'000'000'000);
    QCOMPARE(shiftEpoch(std::int64_t{-1'700'000'000}, 1h), -1'699'996'400);
    QCOMPARE(shiftEpoch(std::numeric_limits<std::int64_t>::min(), 1h),
             std::numeric_limits<std::int64_t>::min());
    QCOMPARE(shiftEpoch(~std::uint64_t{0}, 1h), ~std::uint64_t{0});
    QCOMPARE(shiftEpoch(1'700'000'000.5, 1h), 1'700'003'600.5);
    QCOMPARE(shiftEpoch(42.5, 1h), 42.5);
    QVERIFY(std::isnan(shiftEpoch(std::nan(""), 1h)));
    QCOMPARE(shiftEpoch(1e300, 1h), 1e300);
  }

  void shiftsBackToTheSame() {
    std::mt19937_64 random(7);
    for (int i = 0; i < 20'000; ++i) {
      const auto shift = Seconds(static_cast<std::int64_t>(random()) % 315'360'000'000);
      const auto number = static_cast<std::int64_t>(random()) >> (random() % 64);
      QCOMPARE(shiftEpoch(shiftEpoch(number, shift), -shift), number);
      const auto natural = random() >> (random() % 64);
      QCOMPARE(shiftEpoch(shiftEpoch(natural, shift), -shift), natural);
      const std::int64_t seconds = -62135596800 + static_cast<std::int64_t>(random() % 315'537'897'600);
      const std::int64_t moved = shiftTimestamp(seconds, shift);
      QVERIFY(moved >= -62135596800 && moved <= 253402300799);
      QCOMPARE(shiftTimestamp(moved, -shift), seconds);
      const std::string text = std::to_string(number);
      QCOMPARE(shiftTimeText(shiftTimeText(text, shift), -shift), text);
    }
  }

  // Against Qt's calendar.
  void knowsTheCalendar() {
    std::mt19937_64 random(11);
    for (int i = 0; i < 5'000; ++i) {
      const std::int64_t from = -62135596800 + static_cast<std::int64_t>(random() % 315'537'897'600);
      const std::int64_t to = -62135596800 + static_cast<std::int64_t>(random() % 315'537'897'600);
      const auto text = [](std::int64_t seconds) {
        return QDateTime::fromSecsSinceEpoch(seconds, Qt::UTC)
            .toString(u"yyyy-MM-ddTHH:mm:ss'Z'")
            .toStdString();
      };
      QCOMPARE(shiftTimeText(text(from), Seconds(to - from)), text(to));
    }
  }

  void takesTimestampsBeyondTheirRange() {
    for (const std::int64_t seconds : {-62135596801, 253402300800, std::numeric_limits<std::int64_t>::max(),
                                       std::numeric_limits<std::int64_t>::min()})
      QCOMPARE(shiftTimestamp(seconds, 1h), seconds);
  }

  // 2024-01-02T03:04:05.6Z as Go 1.20 and later write it.
  void takesGosBinaryTimes() {
    const std::string v1 = "\x01\x00\x00\x00\x0e\xdd\x26\xdc\x65\x23\xc3\x46\x00\xff\xff"s;
    const std::string shifted = shiftTimeBytes(v1, 1s);
    QCOMPARE(shifted, "\x01\x00\x00\x00\x0e\xdd\x26\xdc\x66\x23\xc3\x46\x00\xff\xff"s);
    QCOMPARE(shiftTimeBytes(shifted, -1s), v1);
    const std::string v2 = "\x02\x00\x00\x00\x0e\xdd\x26\xdc\xff\x23\xc3\x46\x00\x00\x10\x1e"s;
    QCOMPARE(shiftTimeBytes(v2, 1s), "\x02\x00\x00\x00\x0e\xdd\x26\xdd\x00\x23\xc3\x46\x00\x00\x10\x1e"s);
    QCOMPARE(shiftTimeBytes("2024-01-02T03:04:05Z", 1s), "2024-01-02T03:04:06Z");
    for (const std::string& other :
         {v1.substr(0, 14), "\x03"s + v1.substr(1), v2.substr(0, 15), "\xff\xfe"s, ""s})
      QCOMPARE(shiftTimeBytes(other, 1s), other);
  }
};

QTEST_GUILESS_MAIN(tst_TimeShift)
#include "tst_time_shift.moc"
