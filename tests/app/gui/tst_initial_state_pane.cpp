#include <QComboBox>
#include <QTest>

#include "detail/code_edit.h"
#include "detail/edit_bar.h"
#include "detail/hex_view.h"
#include "detail/note_bar.h"
#include "detail/segmented_switch.h"
#include "detail/text_label.h"
#include "detail_fixture.h"
#include "panes/initial_state_pane.h"

using namespace retake;
using namespace retake::gui;
using retake::test::OpenedDocument;
using retake::test::OpenedShop;
using retake::test::ReplayFile;

namespace {

std::string bytes(const char* hex) { return QByteArray::fromHex(hex).toStdString(); }

// What Go 1.19 writes for 2019-05-12T16:18:56.5+02:00.
const std::string kTime = bytes("010000000ed46a2250 1dcd6500 0078");

struct Fixture : OpenedShop {
  InitialStatePane pane{document, drafts};
  CodeEdit* edit = pane.findChild<CodeEdit*>("initialStateText");
  EditBar* bar = pane.findChild<EditBar*>();
  Fixture() {
    pane.resize(900, 240);
    pane.show();
  }
  bool begin(const std::string& state) { return open(ReplayFile(state)); }
  std::string state() const { return std::string(document.snapshot().recording->initialState()->view); }
  QString form() const { return QString::fromStdString(formName(pane.form())); }
  void choose(const std::string& name) {
    const auto form = formOfName(name);
    if (!form) qFatal("%s", form.error().message.c_str());
    pane.setForm(*form);
  }
  void type(const QString& text) { edit->setPlainText(text); }
  QString size() const { return pane.findChild<TextLabel*>("initialStateSize")->text(); }
  QString notes() const { return pane.findChild<NoteBar*>()->text(); }
  QString meaning() const { return pane.findChild<TextLabel*>("initialStateMeaning")->text(); }
};

}  // namespace

class tst_InitialStatePane : public QObject {
  Q_OBJECT
 private slots:
  void isShownInTheFormThatIsGuessed() {
    Fixture f;
    QVERIFY(f.begin("seed"));
    QCOMPARE(f.form(), QString("utf8"));
    QCOMPARE(f.edit->toPlainText(), QStringLiteral("seed"));
    QCOMPARE(f.meaning(), QString("Guess: text (printable text in UTF-8)"));
    QVERIFY(f.begin(kTime));
    QCOMPARE(f.form(), QString("go-time"));
    QCOMPARE(f.edit->toPlainText(), QStringLiteral("2019-05-12T16:18:56.5+02:00"));
    QCOMPARE(
        f.meaning(),
        QString("Guess: a Go time (15 bytes as Go's time.MarshalBinary writes them, of the year 2019) · in "
                "UTC: 2019-05-12T14:18:56.5Z"));
    // A form that a person chose is no guess, and says what the guess would be.
    f.choose("hex");
    QCOMPARE(f.edit->toPlainText(), QStringLiteral("01 00 00 00 0e d4 6a 22  50 1d cd 65 00 00 78"));
    QVERIFY2(f.meaning().startsWith("Guess: perhaps a Go time: 2019-05-12T16:18:56.5+02:00 (15 bytes"),
             qPrintable(f.meaning()));
    QCOMPARE(f.pane.focusProxy(), f.edit);
    f.choose("go-time");
    QCOMPARE(f.meaning(), QString("in UTC: 2019-05-12T14:18:56.5Z"));
    QVERIFY(f.begin(bytes("f39a7cd1b8")));
    QCOMPARE(f.form(), QString("hex"));
    QCOMPARE(f.meaning(), QString());
    QVERIFY(f.begin("{\"a\":1}\n"));
    QCOMPARE(f.edit->toPlainText(), QString("{\n  \"a\": 1\n}"));
  }

  void isEditedInEveryForm_data() {
    QTest::addColumn<QString>("form");
    QTest::addColumn<QString>("text");
    QTest::addColumn<std::string>("state");
    QTest::newRow("hex") << "hex"
                         << "00 ff" << bytes("00ff");
    QTest::newRow("base64") << "base64"
                            << "AP8=" << bytes("00ff");
    QTest::newRow("text") << "utf8"
                          << "seeds" << std::string("seeds");
    QTest::newRow("JSON") << "json"
                          << "{\"a\": 1}" << std::string("{\"a\": 1}");
    QTest::newRow("Go time") << "go-time"
                             << "2019-05-12 16:18:56.5+02:00" << kTime;
    QTest::newRow("integer") << "int16be"
                             << "-2" << bytes("fffe");
    QTest::newRow("message") << "message:shop.v1.Event"
                             << "{\"text\": \"a\"}" << bytes("0a0161");
    QTest::newRow("fields by number") << "message"
                                      << "{\"1:string\": \"a\"}" << bytes("0a0161");
    QTest::newRow("nothing") << "go-time"
                             << " " << std::string();
  }
  void isEditedInEveryForm() {
    QFETCH(QString, form);
    QFETCH(QString, text);
    QFETCH(std::string, state);
    for (const std::string& before : {std::string(), std::string("seed"), bytes("0a0162")}) {
      Fixture f;
      QVERIFY(f.begin(before) && f.loadSchemaToo());
      f.choose(form.toStdString());
      QCOMPARE(f.form(), form);
      f.type(text);
      f.pane.apply();
      // A blank text over what that form cannot say is nothing typed.
      const bool nothing = state.empty() && before != "";
      QCOMPARE(f.state(), nothing ? before : state);
      QVERIFY(!f.pane.hasDraft());
      QCOMPARE(f.document.undoStack().count(), f.state() == before ? 0 : 1);
      f.document.undoStack().undo();
      QCOMPARE(f.state(), before);
    }
  }

  void aDraftGoesAlongToAnotherForm() {
    Fixture f;
    QVERIFY(f.begin("seed"));
    f.type("seeds");
    QVERIFY(f.pane.hasDraft());
    QCOMPARE(f.state(), std::string("seed"));
    QCOMPARE(f.size(), QStringLiteral("4\u2009B → 5\u2009B"));
    f.choose("hex");
    QCOMPARE(f.edit->toPlainText(), QStringLiteral("73 65 65 64 73"));
    f.choose("go-time");
    QCOMPARE(f.form(), QString("hex"));
    QVERIFY2(f.notes().contains("The draft cannot be said so: byte 0: expected 1 or 2"),
             qPrintable(f.notes()));
    f.type("73 65 65 64 00");
    f.pane.apply();
    QCOMPARE(f.state(), std::string("seed\0", 5));
    QVERIFY(!f.pane.hasDraft());
    QCOMPARE(f.document.undoStack().count(), 1);
    f.document.undoStack().undo();
    QCOMPARE(f.edit->toPlainText(), QStringLiteral("73 65 65 64"));
    f.document.undoStack().redo();
    QCOMPARE(f.edit->toPlainText(), QStringLiteral("73 65 65 64 00"));
    // Back to what is recorded, in another form, is no draft.
    f.type("73 65 65 64 01");
    f.choose("base64");
    f.type("c2VlZAA=");
    QVERIFY(!f.pane.hasDraft());
  }

  void aNumberStaysInAnotherWidth() {
    Fixture f;
    QVERIFY(f.begin(bytes("2a00000000000000")));
    QCOMPARE(f.form(), QString("uint64le"));
    f.choose("uint64be");
    QCOMPARE(f.edit->toPlainText(), QString("3026418949592973312"));
    QVERIFY(!f.pane.hasDraft());
    f.choose("uint64le");
    f.choose("int32be");
    QCOMPARE(f.edit->toPlainText(), QString("42"));
    QVERIFY(f.pane.hasDraft());
    f.pane.apply();
    QCOMPARE(f.state(), bytes("0000002a"));
  }

  void jsonStaysWhereTheTypeWasWrong() {
    Fixture f;
    QVERIFY(f.begin({}) && f.loadSchemaToo());
    f.choose("message:shop.v1.Evnt");
    f.type("{\"text\": \"a\"}");
    QVERIFY2(f.bar->text().contains("did you mean \"shop.v1.Event\"?"), qPrintable(f.bar->text()));
    f.choose("message:shop.v1.Event");
    QCOMPARE(f.bar->state(), EditBar::State::Draft);
    f.pane.apply();
    QCOMPARE(f.state(), bytes("0a0161"));
  }

  void theWidgetsChooseTheForm() {
    Fixture f;
    QVERIFY(f.begin(bytes("0a0161")) && f.loadSchemaToo());
    auto* segments = f.pane.findChild<SegmentedSwitch*>("initialStateForm");
    auto* types = f.pane.findChild<QComboBox*>("initialStateType");
    auto* shapes = f.pane.findChild<QComboBox*>("initialStateInteger");
    const auto click = [segments](StateForm::Kind kind) {
      QTest::mouseClick(segments->findChild<QWidget*>(QString("segment%1").arg(static_cast<int>(kind))),
                        Qt::LeftButton);
    };
    click(StateForm::Kind::Hex);
    QCOMPARE(f.form(), QString("hex"));
    QVERIFY(!types->isVisible() && !shapes->isVisible());
    click(StateForm::Kind::Message);
    QVERIFY(types->isVisible());
    // Those that the bytes fit come first: Event and Item have a string in field 1, and so has Cart.
    QCOMPARE(types->itemText(0), QString("shop.v1.Cart"));
    types->setFocus();
    types->setEditText("shop.v1.Event");
    QTest::keyClick(types, Qt::Key_Return);
    QCOMPARE(f.form(), QString("message:shop.v1.Event"));
    QCOMPARE(f.edit->toPlainText(), QString("{\n  \"text\": \"a\"\n}"));
    click(StateForm::Kind::Integer);
    QCOMPARE(f.form(), QString("uint64le"));
    QVERIFY(shapes->isVisible() && !types->isVisible());
    QVERIFY2(f.notes().contains("cannot be shown so: expected 8 bytes, found 3"), qPrintable(f.notes()));
    QCOMPARE(f.edit->toPlainText(), QString());
    QVERIFY(!f.pane.hasDraft());
  }

  void whatAnEditorWouldLoseIsShownAsBytes() {
    for (const std::string& state : {std::string("a\r\n"), std::string("{\"a\": \"\u00a0\"}")}) {
      Fixture f;
      QVERIFY(f.begin(state));
      QCOMPARE(f.form(), QString("hex"));
      f.choose("utf8");
      QVERIFY2(f.notes().contains("characters that an editor of text would lose"), qPrintable(f.notes()));
      QVERIFY(!f.pane.hasDraft());
    }
  }

  void saysWhatGoMakesOfSecondsInTheWest() {
    Fixture f;
    QVERIFY(f.begin(bytes("020000000ed46a2250 00000000 ffed e0")));
    QCOMPARE(f.edit->toPlainText(), QString("2019-05-12T13:59:24-00:19:32"));
    QVERIFY2(f.notes().contains("2019-05-12T14:03:40-00:15:16, the same moment"), qPrintable(f.notes()));
    f.type("2019-05-12T25");
    QCOMPARE(f.notes() + f.meaning(), QString());
    f.type("2019-05-12T15:00:00-00:19");
    QCOMPARE(f.notes(), QString());
    QCOMPARE(f.meaning(), QString("in UTC: 2019-05-12T15:19:00Z"));
  }

  void goesFromAndToAFile() {
    Fixture f;
    QVERIFY(f.begin("seed"));
    const QString path = f.write("state", kTime);
    f.pane.loadFrom(path);
    QCOMPARE(f.state(), kTime);
    QCOMPARE(f.form(), QString("go-time"));
    QCOMPARE(f.document.undoStack().count(), 1);
    const QString saved = f.folder.filePath("saved");
    f.pane.saveTo(saved);
    QCOMPARE(OpenedDocument::read(saved), QByteArray::fromStdString(kTime));
    f.document.undoStack().undo();
    QCOMPARE(f.edit->toPlainText(), QString("seed"));
    f.pane.loadFrom(f.folder.path());
    QVERIFY2(f.notes().contains("expected a regular file"), qPrintable(f.notes()));
    f.pane.saveTo(f.folder.filePath("no/where"));
    QVERIFY2(f.notes().contains("No such file"), qPrintable(f.notes()));
    QCOMPARE(f.state(), std::string("seed"));
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
    QVERIFY2(f.notes().contains("save it to a file"), qPrintable(f.notes()));
    f.pane.loadFrom(f.write("state", "seed"));
    QVERIFY(f.edit->isVisible());
    QCOMPARE(f.edit->toPlainText(), QString("seed"));
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
