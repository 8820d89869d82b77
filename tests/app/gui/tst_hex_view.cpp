#include <QClipboard>
#include <QElapsedTimer>
#include <QScrollBar>
#include <QTest>

#include "detail/hex_view.h"
#include "opened_document.h"
#include "theme/theme.h"

using namespace retake;
using namespace retake::gui;

namespace {

Blob blob(std::string bytes) {
  const auto owner = std::make_shared<const std::string>(std::move(bytes));
  return {*owner, owner};
}

}  // namespace

class tst_HexView : public QObject {
  Q_OBJECT

 private slots:
  void paintsOnlyWhatIsSeen() {
    HexView view;
    view.resize(900, 400);
    view.setBytes(blob(std::string(100'000'000, '\x5a')));
    QElapsedTimer clock;
    clock.start();
    view.show();
    QVERIFY(QTest::qWaitForWindowExposed(&view));
    view.verticalScrollBar()->setValue(view.verticalScrollBar()->maximum());
    view.viewport()->grab();
    QVERIFY(view.paintedRows() > 5);
    QVERIFY2(view.paintedRows() < 60, qPrintable(QString::number(view.paintedRows())));
    QVERIFY2(clock.elapsed() < 5000, qPrintable(QString::number(clock.elapsed())));
    QCOMPARE(view.rowCount(), 100'000'000u / 16);
    // The last row is on the screen, whole.
    QVERIFY(view.viewport()->rect().contains(view.byteRect(99'999'999)));
  }

  void takesEightBytesWhereItIsNarrow() {
    HexView view;
    view.setBytes(blob(std::string(100, 'x')));
    view.resize(900, 200);
    view.show();
    QCOMPARE(view.bytesPerRow(), 16);
    view.resize(320, 200);
    QCOMPARE(view.bytesPerRow(), 8);
    QCOMPARE(view.rowCount(), 13u);
  }

  void marksARangeAndScrollsToIt() {
    HexView view;
    view.resize(900, 200);
    view.setBytes(blob(std::string(10'000, 'x')));
    view.show();
    view.highlight(9'000, 5);
    QCOMPARE(view.highlightOffset(), 9'000u);
    QCOMPARE(view.highlightLength(), 5u);
    const QRect marked = view.byteRect(9'002);
    QVERIFY(view.viewport()->rect().contains(marked));
    const QImage image = view.viewport()->grab().toImage();
    const auto at = [&](std::uint64_t byte) {
      return image.pixelColor(
          (QPointF(view.byteRect(byte).topRight() + QPoint(2, 2)) * image.devicePixelRatio()).toPoint());
    };
    QCOMPARE(at(9'002), theme::color(theme::Role::SelectionFill));
    QCOMPARE(at(9'006), theme::color(theme::Role::Surface));
    view.highlight(9'999, 50);
    QCOMPARE(view.highlightLength(), 1u);
  }

  void selectsAndCopies() {
    HexView view;
    view.resize(900, 200);
    view.setBytes(blob("Hello, World"));
    view.show();
    view.select(0, 5);
    view.copyText();
    QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("Hello"));
    view.copyHex();
    QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("48 65 6c 6c 6f"));
    QTest::mouseClick(view.viewport(), Qt::LeftButton, {}, view.byteRect(7).center());
    QCOMPARE(view.selectionOffset(), 7u);
    QTest::keyClick(&view, Qt::Key_End, Qt::ShiftModifier);
    QCOMPARE(view.selectionLength(), 5u);
    QTest::keyClick(&view, Qt::Key_Home, Qt::ControlModifier);
    QCOMPARE(view.selectionOffset(), 0u);
    QTest::keyClick(&view, Qt::Key_Left);
    QCOMPARE(view.selectionOffset(), 0u);
    QTest::keyClick(&view, Qt::Key_A, Qt::ControlModifier);
    QCOMPARE(view.selectionLength(), 12u);
  }

  void anEmptyMessageIsNoTrouble() {
    HexView view;
    view.resize(300, 100);
    view.setBytes({});
    view.show();
    view.viewport()->grab();
    QCOMPARE(view.selectionLength(), 0u);
    QTest::keyClick(&view, Qt::Key_Down);
    QTest::keyClick(&view, Qt::Key_PageDown);
    QTest::mouseClick(view.viewport(), Qt::LeftButton);
    view.copyHex();
    view.highlight(3, 4);
    QCOMPARE(view.highlightLength(), 0u);
  }
};

QTEST_MAIN(tst_HexView)
#include "tst_hex_view.moc"
