#include <QtTest>
#include <memory>

#include "base/result.h"

using namespace retake;

class tst_Result : public QObject {
  Q_OBJECT
 private slots:
  void holdsAValue() {
    const Result<int> result(7);
    QVERIFY(result);
    QVERIFY(result.has_value());
    QCOMPARE(*result, 7);
  }
  void holdsAnError() {
    const Result<int> result(Error{"calls.replay: gone", 12, 3});
    QVERIFY(!result);
    QCOMPARE(result.error().message, std::string("calls.replay: gone"));
    QCOMPARE(*result.error().offset, std::uint64_t{12});
    QCOMPARE(*result.error().entry, std::uint64_t{3});
  }
  void isNotConfusedByATypeThatIsAnError() {
    const Result<std::string> text(std::string("a value"));
    QVERIFY(text);
    QCOMPARE(text->size(), std::size_t{7});
  }
  void movesOut() {
    Result<std::unique_ptr<int>> result(std::make_unique<int>(5));
    const std::unique_ptr<int> taken = *std::move(result);
    QCOMPARE(*taken, 5);
  }
  void hasAFormWithoutAValue() {
    const Result<void> fine;
    QVERIFY(fine);
    const Result<void> bad(Error{"no"});
    QVERIFY(!bad);
    QCOMPARE(bad.error().message, std::string("no"));
  }
};

QTEST_APPLESS_MAIN(tst_Result)
#include "tst_result.moc"
