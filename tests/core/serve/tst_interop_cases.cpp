#include <QTest>

#include "interop_cases/interop_case.h"
#include "interop_ways.h"

using namespace retake;
using test::InteropCase;
using test::NamedWay;

// gRPC's own interop cases, and more like them: a client cannot tell who answers.
class tst_InteropCases : public QObject {
  Q_OBJECT

 private slots:
  void eachCaseEachWay_data() {
    QTest::addColumn<const InteropCase*>("theCase");
    QTest::addColumn<const NamedWay*>("way");
    for (const NamedWay& way : test::interopWays())
      for (const InteropCase& each : test::interopCases())
        if (way.hasExtras || !each.needsExtras) QTest::addRow("%s: %s", way.name, each.name) << &each << &way;
  }
  void eachCaseEachWay() {
    QFETCH(const InteropCase*, theCase);
    QFETCH(const NamedWay*, way);
    const auto made = way->make();
    QCOMPARE(QString::fromStdString(made->before(*theCase)), QString());
    {
      const auto channel = made->channel();
      QVERIFY(channel);
      QCOMPARE(QString::fromStdString(theCase->run(channel)), QString());
    }
    QCOMPARE(QString::fromStdString(made->after(*theCase)), QString());
  }
};

QTEST_GUILESS_MAIN(tst_InteropCases)
#include "tst_interop_cases.moc"
