#include <QtTest>

#include "recording/status.h"
#include "support/replay_file.h"

using namespace retake;
using namespace retake::test;

class tst_Status : public QObject {
  Q_OBJECT
 private slots:
  void readsBackWhatItWrote_data() {
    QTest::addColumn<int>("code");
    QTest::addColumn<QString>("message");
    QTest::addColumn<int>("details");
    QTest::newRow("code alone") << 5 << "" << 0;
    QTest::newRow("everything") << 9 << "nö" << 2;
    QTest::newRow("OK") << 0 << "" << 0;
    QTest::newRow("below zero") << -1 << "odd" << 0;
  }
  void readsBackWhatItWrote() {
    QFETCH(int, code);
    QFETCH(QString, message);
    QFETCH(int, details);
    Status status{.code = code, .message = message.toStdString(), .details = {}};
    for (int i = 0; i < details; ++i)
      status.details.push_back({"type.googleapis.com/a.B", std::string("\0\xff", 2) + std::to_string(i)});
    const auto read = parseStatus(serializeStatus(status));
    QVERIFY(read);
    QVERIFY(*read == status);
  }

  void refusesWhatIsNoStatus() {
    QVERIFY(!parseStatus("\x08"));
    QVERIFY(!parseStatus(field(3, "\x0a\x05x")));
  }

  void namesCodesBothWays() {
    for (std::int32_t code = 0; code <= 16; ++code)
      QCOMPARE(statusCodeFromName(statusCodeName(code)).value_or(-1), code);
    QCOMPARE(statusCodeName(17), std::string("CODE_17"));
    QCOMPARE(statusCodeName(-3), std::string("CODE_-3"));
  }

  void takesNamesAsPeopleWriteThem_data() {
    QTest::addColumn<QString>("name");
    QTest::addColumn<int>("code");
    QTest::newRow("as gRPC") << "NOT_FOUND" << 5;
    QTest::newRow("as Go") << "NotFound" << 5;
    QTest::newRow("small") << "not-found" << 5;
    QTest::newRow("number") << "5" << 5;
    QTest::newRow("with one l") << "CANCELED" << 1;
    QTest::newRow("ok") << "ok" << 0;
    QTest::newRow("nothing") << "" << -1;
    QTest::newRow("no code") << "MISSING" << -1;
    QTest::newRow("number too great") << "17" << -1;
    QTest::newRow("number below zero") << "-1" << -1;
    QTest::newRow("number and more") << "5x" << -1;
  }
  void takesNamesAsPeopleWriteThem() {
    QFETCH(QString, name);
    QFETCH(int, code);
    QCOMPARE(statusCodeFromName(name.toStdString()).value_or(-1), code);
  }
};

QTEST_APPLESS_MAIN(tst_Status)
#include "tst_status.moc"
