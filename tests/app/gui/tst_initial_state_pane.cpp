#include <QPushButton>
#include <QTest>

#include "detail/code_edit.h"
#include "detail/edit_bar.h"
#include "detail/hex_view.h"
#include "detail/segmented_switch.h"
#include "detail/text_label.h"
#include "detail_fixture.h"
#include "panes/go_time.h"
#include "panes/hex_text.h"
#include "panes/initial_state_pane.h"

using namespace retake;
using namespace retake::gui;
using retake::test::OpenedShop;
using retake::test::ReplayFile;

namespace {

std::string bytes(const char* hex) { return QByteArray::fromHex(hex).toStdString(); }

struct Fixture : OpenedShop {
  InitialStatePane pane{document, drafts};
  CodeEdit* edit = pane.findChild<CodeEdit*>("initialStateText");
  Fixture() {
    pane.resize(700, 200);
    pane.show();
  }
  bool begin(const std::string& state) { return open(ReplayFile(state)); }
  std::string state() const { return std::string(document.snapshot().recording->initialState()->view); }
  QString meaning() const { return pane.findChild<TextLabel*>("initialStateMeaning")->text(); }
};

}  // namespace

class tst_InitialStatePane : public QObject {
  Q_OBJECT
 private slots:
  // The bytes are what Go 1.19 writes for these times.
  void readsGoTimes_data() {
    QTest::addColumn<std::string>("state");
    QTest::addColumn<QString>("text");
    QTest::newRow("UTC") << bytes("010000000ed46a2250 00000000 ffff") << "2019-05-12T14:18:56Z";
    QTest::newRow("nanoseconds, east")
        << bytes("010000000ed46a2250 1dcd6500 0078") << "2019-05-12T16:18:56.5+02:00";
    QTest::newRow("west") << bytes("010000000ed46a2250 00000001 fe20")
                          << "2019-05-12T06:18:56.000000001-08:00";
    QTest::newRow("version 2") << bytes("020000000ed46a2250 00000000 0013 20")
                               << "2019-05-12T14:38:28+00:19:32";
    QTest::newRow("version 2, west") << bytes("020000000ed46a2250 00000000 ffed e0")
                                     << "2019-05-12T13:59:24-00:19:32";
    QTest::newRow("zero time") << bytes("01 0000000000000000 00000000 ffff") << "0001-01-01T00:00:00Z";
    QTest::newRow("another version") << bytes("030000000ed46a225000000000ffff") << QString();
    QTest::newRow("too long") << bytes("010000000ed46a225000000000ffff00") << QString();
    QTest::newRow("too many nanoseconds") << bytes("010000000ed46a22503b9aca00ffff") << QString();
    QTest::newRow("far future") << bytes("017fffffffffffffff00000000ffff") << QString();
    QTest::newRow("before all time") << bytes("018000000000000000 00000000 ffff") << QString();
    QTest::newRow("empty") << std::string() << QString();
  }
  void readsGoTimes() {
    QFETCH(std::string, state);
    QFETCH(QString, text);
    const auto time = parseGoTime(state);
    QCOMPARE(time ? QString::fromStdString(goTimeText(*time)) : QString(), text);
  }

  void hexadecimalTextReadsBack() {
    std::string all;
    for (int i = 0; i < 256; ++i) all.push_back(static_cast<char>(i));
    for (std::size_t size :
         {std::size_t{0}, std::size_t{1}, std::size_t{8}, std::size_t{17}, std::size_t{256}}) {
      HexPlace place;
      const auto back = parseHexText(hexText(std::string_view(all).substr(0, size)), place);
      QVERIFY(back);
      QCOMPARE(*back, all.substr(0, size));
    }
    QCOMPARE(hexText("0123456789abcdefX"),
             std::string("30 31 32 33 34 35 36 37  38 39 61 62 63 64 65 66\n58"));
  }

  void saysWhereHexadecimalIsWrong_data() {
    QTest::addColumn<std::string>("text");
    QTest::addColumn<QString>("place");
    QTest::newRow("letter") << std::string("00 0g") << "line 1, column 5: expected a hexadecimal digit";
    QTest::newRow("half a byte") << std::string("00\n1 2") << "line 2, column 2: expected the second digit";
    QTest::newRow("at the end") << std::string("00\n11 2") << "line 2, column 5: expected the second digit";
    QTest::newRow("behind an umlaut") << std::string("ä") << "line 1, column 1: expected a hexadecimal digit";
  }
  void saysWhereHexadecimalIsWrong() {
    QFETCH(std::string, text);
    QFETCH(QString, place);
    HexPlace at;
    const auto parsed = parseHexText(text, at);
    QVERIFY(!parsed);
    QVERIFY2(QString::fromStdString(parsed.error().message).startsWith(place),
             parsed.error().message.c_str());
  }

  void showsTextAsTextAndTheRestAsBytes() {
    Fixture f;
    QVERIFY(f.begin("seed"));
    QCOMPARE(f.pane.form(), InitialStatePane::Form::Text);
    QCOMPARE(f.edit->toPlainText(), QStringLiteral("seed"));
    QVERIFY(f.begin(bytes("010000000ed46a225000000000ffff")));
    QCOMPARE(f.pane.form(), InitialStatePane::Form::Hex);
    QVERIFY2(f.meaning().contains("perhaps a Go time: 2019-05-12T14:18:56Z"), qPrintable(f.meaning()));
    f.pane.setForm(InitialStatePane::Form::Text);
    QCOMPARE(f.pane.form(), InitialStatePane::Form::Hex);
  }

  void isEditedAsBytesOrText() {
    Fixture f;
    QVERIFY(f.begin("seed"));
    f.edit->setPlainText("seeds");
    QVERIFY(f.pane.hasDraft());
    QCOMPARE(f.state(), std::string("seed"));
    f.pane.setForm(InitialStatePane::Form::Hex);
    QCOMPARE(f.edit->toPlainText(), QStringLiteral("73 65 65 64 73"));
    f.edit->setPlainText("73 65 65 64 00");
    f.pane.apply();
    QCOMPARE(f.state(), std::string("seed\0", 5));
    QVERIFY(!f.pane.hasDraft());
    QCOMPARE(f.document.undoStack().count(), 1);
    f.document.undoStack().undo();
    QCOMPARE(f.state(), std::string("seed"));
    QCOMPARE(f.edit->toPlainText(), QStringLiteral("73 65 65 64"));
    f.document.undoStack().redo();
    QCOMPARE(f.edit->toPlainText(), QStringLiteral("73 65 65 64 00"));
  }

  void keepsWhatIsNotValid() {
    Fixture f;
    QVERIFY(f.begin(bytes("0102")));
    f.edit->setPlainText("01 0");
    QCOMPARE(f.pane.findChild<EditBar*>()->state(), EditBar::State::Invalid);
    f.pane.apply();
    QCOMPARE(f.state(), bytes("0102"));
    QVERIFY(f.pane.hasDraft());
    QCOMPARE(f.drafts.count(), 1);
    QCOMPARE(f.drafts.text(kInitialStateDraft), std::optional<QString>("01 0"));
    QCOMPARE(f.edit->toPlainText(), QStringLiteral("01 0"));
    f.pane.discard();
    QCOMPARE(f.edit->toPlainText(), QStringLiteral("01 02"));
    QVERIFY(!f.pane.hasDraft());
    QCOMPARE(f.drafts.count(), 0);
  }

  void showsALargeOneToRead() {
    Fixture f;
    QVERIFY(f.begin(std::string(500'000, '\1')));
    QVERIFY(f.pane.findChild<HexView*>("initialStateHex")->isVisible());
    QVERIFY(!f.edit->isVisible());
  }

  void saysWhatWouldBeHere() {
    Fixture f;
    QVERIFY(f.pane.findChild<TextLabel*>("initialStateEmpty")->isVisible());
    QVERIFY(f.begin({}));
    QVERIFY(!f.pane.findChild<TextLabel*>("initialStateEmpty")->isVisible());
    QVERIFY(f.edit->placeholderText().contains("no initial state"));
  }
};

QTEST_MAIN(tst_InitialStatePane)
#include "tst_initial_state_pane.moc"
