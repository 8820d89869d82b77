#include <QTest>

#include "scrub/detect/checksums.h"
#include "scrub/detect/text_finder.h"
#include "scrub/find_secrets.h"

using namespace retake;

// Numbers that issuers and states publish as examples of theirs.
class tst_Checksums : public QObject {
  Q_OBJECT

 private slots:
  void luhn() {
    QVERIFY(hasLuhn("79927398713"));
    QVERIFY(!hasLuhn("79927398710"));
  }

  void verhoeff() {
    QVERIFY(hasVerhoeff("2363"));
    QVERIFY(!hasVerhoeff("2364"));
    QVERIFY(!hasVerhoeff("3263"));  // neighbours swapped
  }

  void mod11_10() {
    QVERIFY(hasMod11_10("33392005961"));
    QVERIFY(!hasMod11_10("33392005962"));
  }

  void dates() {
    QVERIFY(isDate(2024, 2, 29));
    QVERIFY(!isDate(2023, 2, 29));
    QVERIFY(!isDate(1900, 2, 29));
    QVERIFY(isDate(0, 2, 29));
    QVERIFY(!isDate(70, 13, 1));
    QVERIFY(!isDate(70, 4, 31));
  }

  void numbersOfPeople_data() {
    QTest::addColumn<QString>("detector");
    QTest::addColumn<QString>("number");
    QTest::addColumn<QString>("field");
    const auto add = [](const char* what, const char* detector, const char* number, const char* field = "") {
      QTest::newRow(what) << detector << number << field;
    };
    add("Visa", "card-number", "4111111111111111");
    add("Visa in groups", "card-number", "4012 8888 8888 1881");
    add("Mastercard", "card-number", "5555555555554444");
    add("Mastercard of the new range", "card-number", "2223003122003222");
    add("American Express", "card-number", "378282246310005");
    add("American Express in groups", "card-number", "3782 822463 10005");
    add("Discover", "card-number", "6011111111111117");
    add("Diners Club", "card-number", "30569309025904");
    add("JCB", "card-number", "3530111333300000");
    add("IBAN of Britain", "iban", "GB82WEST12345698765432");
    add("IBAN of Germany", "iban", "DE89 3704 0044 0532 0130 00");
    add("IBAN of France", "iban", "FR1420041010050500013M02606");
    add("IBAN of Norway", "iban", "NO9386011117947");
    add("IBAN of Malta", "iban", "MT84MALT011000012345MTLCAST001S");
    add("China", "national-id", "11010519491231002X");
    add("Spain, DNI", "national-id", "12345678Z");
    add("Spain, NIE", "national-id", "X1234567L");
    add("Italy", "national-id", "RSSMRA85T10A562S");
    add("Finland", "national-id", "131052-308T");
    add("France", "national-id", "2 95 10 99 126 111 93");
    add("Brazil", "national-id", "111.444.777-35");
    add("Mexico", "national-id", "BOXW310820HNERXN09");
    add("Sweden", "national-id", "880320-0016");
    add("Norway", "national-id", "151086 95088");
    add("Belgium", "national-id", "85.07.30-033.28");
    add("Czechia", "national-id", "710319/2745");
    add("Korea", "national-id", "971013-9019902");
    add("Switzerland", "national-id", "756.9217.0769.85");
    add("Argentina", "national-id", "20-05536168-2");
    add("Singapore", "national-id", "S1234567D");
    add("India", "national-id", "2341 2341 2346");
    add("Germany", "national-id", "36 574 261 809");
    add("Britain, NHS", "national-id", "943 476 5919");
    add("Poland", "national-id", "44051401359", "pesel");
    add("Turkey", "national-id", "17291716060", "tckn");
    add("Croatia", "national-id", "33392005961", "oib");
    add("Netherlands", "national-id", "111222333", "bsn");
    add("South Africa", "national-id", "7503305044089", "id_number");
    add("USA by name", "national-id", "536-90-4399", "ssn");
  }
  void numbersOfPeople() {
    QFETCH(QString, detector);
    QFETCH(QString, number);
    QFETCH(QString, field);
    const std::string name = field.toStdString();
    const auto found = [&](const std::string& text) {
      for (const TextFind& find : TextFinder::get().find(text, {.name = name}, DetectorSet().set()))
        if (QString::fromStdString(std::string(secretDetectors()[find.detector].id)) == detector &&
            text.substr(find.at, find.size) == number.toStdString())
          return true;
      return false;
    };
    QVERIFY(found(number.toStdString()));
    if (field.isEmpty()) QVERIFY(found("it is " + number.toStdString() + ", thank you"));
    if (detector == "national-id" && name == "ssn") return;  // has no check digit
    // Another last digit, or letter: a check digit of 1 in 10 may not be the only one, so most of them.
    int wrong = 0;
    const QChar last = number.back();
    for (const char other : std::string(last.isDigit() ? "0123456789" : "ABCDEFGHJK"))
      if (other != last.toLatin1()) wrong += found((number.chopped(1) + other).toStdString()) ? 1 : 0;
    QVERIFY2(wrong <= 1, qPrintable(QString::number(wrong)));
  }
};

QTEST_GUILESS_MAIN(tst_Checksums)
#include "tst_checksums.moc"
