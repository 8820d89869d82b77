#include <QtTest>

#include "base/utf8.h"

using namespace retake;

class tst_Utf8 : public QObject {
  Q_OBJECT
 private slots:
  void tellsTextFromBytes_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<bool>("isText");
    const auto row = [](const char* name, const QByteArray& bytes, bool isText) {
      QTest::newRow(name) << bytes << isText;
    };
    row("empty", "", true);
    row("ASCII", "/pkg.Service/Method", true);
    row("a zero byte", QByteArray("\0", 1), true);
    row("two bytes", "\xc3\xa4", true);
    row("three bytes", "\xe2\x82\xac", true);
    row("four bytes", "\xf0\x9f\x98\x80", true);
    row("the last rune", "\xf4\x8f\xbf\xbf", true);
    row("behind the last rune", "\xf4\x90\x80\x80", false);
    row("a lone continuation", "a\x80", false);
    row("cut after one byte", "\xc3", false);
    row("cut after three bytes", "\xf0\x9f\x98", false);
    row("overlong slash", "\xc0\xaf", false);
    row("overlong in three", "\xe0\x80\xaf", false);
    row("overlong in four", "\xf0\x80\x80\xaf", false);
    row("a surrogate", "\xed\xa0\x80", false);
    row("0xff", "\xff", false);
  }
  void tellsTextFromBytes() {
    QFETCH(QByteArray, bytes);
    QFETCH(bool, isText);
    QCOMPARE(isValidUtf8({bytes.constData(), static_cast<std::size_t>(bytes.size())}), isText);
  }
};

QTEST_APPLESS_MAIN(tst_Utf8)
#include "tst_utf8.moc"
