#include <QCheckBox>
#include <QComboBox>
#include <QDialog>
#include <QLineEdit>
#include <QPushButton>
#include <QStackedWidget>

#include "detail/note_bar.h"
#include "detail/text_label.h"
#include "document/selection.h"
#include "scrub/rules_model.h"
#include "scrub/scrub_panel.h"
#include "scrub/scrub_table.h"
#include "scrub_recording_fixture.h"
#include "theme/theme.h"

using namespace retake;
using namespace retake::gui;
using namespace retake::test;

namespace {

struct ShownPanel : CountedDocument {
  Selection selection{document};
  ScrubPanel panel{scrub, document, selection};

  ShownPanel() {
    panel.resize(1400, 320);
    panel.show();
  }
  template <typename T>
  T* child(const char* name) {
    auto* found = panel.findChild<T*>(QLatin1String(name));
    if (!found) qFatal("there is no %s", name);
    return found;
  }
  QAction* action(const char* name) {
    for (QAction* action : panel.actions())
      if (action->objectName() == QLatin1String(name)) return action;
    qFatal("there is no action %s", name);
  }
  bool idle() {
    return QTest::qWaitFor([this] { return !panel.tasks().isRunning(); }) && counted();
  }
  QString text(const char* label) { return child<TextLabel>(label)->text(); }
  QString cell(const char* table, int row, int column) {
    return child<ScrubTable>(table)->model()->index(row, column).data().toString();
  }
  int rows(const char* table) { return child<ScrubTable>(table)->model()->rowCount(); }
  void type(const char* field, const QString& text) {
    auto* edit = child<QLineEdit>(field);
    edit->setFocus();
    edit->selectAll();
    QTest::keyClicks(edit, text);
    QTest::keyClick(edit, Qt::Key_Return);
  }
  const ScrubRules& kept() { return document.snapshot().workspace->scrub.rules; }
  QString notes() { return child<NoteBar>("scrubNotes")->text(); }
};

}  // namespace

// The pane, as somebody uses it who has a recording full of secrets.
class tst_ScrubPanel : public QObject {
  Q_OBJECT
 private slots:
  void initTestCase() {
    QLocale::setDefault(QLocale::c());
    theme::apply(*qApp, theme::Mode::Light);
  }

  void fromTheFirstLookToTheCopy() {
    ShownPanel p;
    QVERIFY(p.opensSecrets());
    QCOMPARE(p.child<QStackedWidget>("scrubPages")->currentIndex(), 0);
    QTest::mouseClick(p.child<QPushButton>("scrubFirst"), Qt::LeftButton);
    QVERIFY(p.idle());
    QTRY_COMPARE(p.child<QStackedWidget>("scrubSide")->currentIndex(), 1);
    QVERIFY(p.rows("scrubFinds") > 0);
    QVERIFY2(p.cell("scrubFinds", 0, 2).contains("@shop-mail.io"), qPrintable(p.cell("scrubFinds", 0, 2)));

    // One click makes the rule.
    auto* table = p.child<ScrubTable>("scrubFinds");
    const QRect cell = table->visualRect(table->model()->index(0, 4));
    QTest::mouseClick(table->viewport(), Qt::LeftButton, {}, QPoint(cell.left() + 20, cell.center().y()));
    QCOMPARE(p.kept().size(), std::size_t{1});
    QVERIFY(p.idle());
    QVERIFY(p.scrub.countOf(0));
    QCOMPARE(p.scrub.countOf(0)->hits, std::uint64_t{2});

    p.action("scrubCheck")->trigger();
    QVERIFY(p.idle());
    QTRY_VERIFY(p.panel.tasks().left());
    QVERIFY2(p.panel.tasks().left()->isClean(), qPrintable(p.text("scrubLeftSentence")));
    QVERIFY2(p.text("scrubLeftSentence").startsWith("✓ Nothing is left"),
             qPrintable(p.text("scrubLeftSentence")));

    p.action("scrubExport")->trigger();
    auto* dialog = p.child<QDialog>("scrubExportDialog");
    const QString path = p.folder.filePath("copy.replay");
    dialog->findChild<QLineEdit*>("scrubExportPath")->setText(path);
    QTest::mouseClick(dialog->findChild<QPushButton*>("scrubExportButton"), Qt::LeftButton);
    QTRY_VERIFY(QFile::exists(path));
    QVERIFY(p.idle());
    const QByteArray written = OpenedDocument::read(path);
    QVERIFY(!written.contains("@shop-mail.io"));
    QVERIFY(written.contains("tok-1111"));  // no rule takes it out
    QVERIFY(QFile::exists(p.folder.filePath("copy.retake")));
    QVERIFY(!p.document.isRecordingModified());
  }

  void aCopyWithSomethingLeftIsRefusedUnlessInsisted() {
    ShownPanel p;
    QVERIFY(p.opensSecrets());
    p.action("scrubExport")->trigger();
    auto* dialog = p.child<QDialog>("scrubExportDialog");
    const QString path = p.folder.filePath("copy.replay");
    dialog->findChild<QLineEdit*>("scrubExportPath")->setText(path);
    QTest::mouseClick(dialog->findChild<QPushButton*>("scrubExportButton"), Qt::LeftButton);
    auto* insist = dialog->findChild<QPushButton*>("scrubExportInsist");
    QTRY_VERIFY(insist->isVisible());
    QVERIFY(!QFile::exists(path));
    QVERIFY(dialog->findChild<TextLabel*>("scrubExportSentence")->text().contains("Nothing was written"));
    QTest::mouseClick(insist, Qt::LeftButton);
    QTRY_VERIFY(QFile::exists(path));
    QVERIFY(p.idle());
  }

  void theRecordingItselfIsNoCopy() {
    ShownPanel p;
    QVERIFY(p.opensSecrets());
    const QByteArray before = OpenedDocument::read(p.document.path());
    p.action("scrubExport")->trigger();
    auto* dialog = p.child<QDialog>("scrubExportDialog");
    dialog->findChild<QLineEdit*>("scrubExportPath")->setText(p.document.path());
    QTest::mouseClick(dialog->findChild<QPushButton*>("scrubExportButton"), Qt::LeftButton);
    QVERIFY(dialog->findChild<TextLabel*>("scrubExportSentence")->text().contains("recording itself"));
    QVERIFY(!p.panel.tasks().isRunning());
    QCOMPARE(OpenedDocument::read(p.document.path()), before);
  }

  void aRuleIsTypedSeenAndThenKept() {
    ShownPanel p;
    QVERIFY(p.opensSecrets());
    p.action("scrubNewRule")->trigger();
    QCOMPARE(p.rows("scrubRules"), 1);
    QVERIFY(p.kept().empty());
    auto* pattern = p.child<QLineEdit>("scrubRulePattern");
    QTest::keyClicks(pattern, "tok-[0-9]+");
    QTRY_COMPARE(p.rows("scrubValues"), 3);  // before it is kept
    QVERIFY(p.kept().empty());
    QCOMPARE(p.cell("scrubValues", 0, 0), QString("tok-1111"));
    QCOMPARE(p.cell("scrubValues", 0, 1), QString("[scrubbed]"));
    QCOMPARE(p.cell("scrubValues", 0, 2), QString("2"));
    QCOMPARE(p.cell("scrubValues", 0, 3), QString("#1"));
    QTest::keyClick(pattern, Qt::Key_Return);
    QCOMPARE(p.kept().size(), std::size_t{1});
    QCOMPARE(p.document.undoStack().count(), 1);
    QCOMPARE(p.rows("scrubRules"), 1);
    QVERIFY(p.idle());
    QVERIFY2(p.cell("scrubRules", 0, 2).contains('5'), qPrintable(p.cell("scrubRules", 0, 2)));
    p.type("scrubRuleName", "tokens");
    QCOMPARE(p.kept()[0].name, std::string("tokens"));
    p.document.undoStack().undo();
    p.document.undoStack().undo();
    QCOMPARE(p.rows("scrubRules"), 0);
  }

  void fieldsBelowEachOtherBeginInOneLine() {
    ShownPanel p;
    QVERIFY(p.opensSecrets());
    p.action("scrubNewRule")->trigger();
    const auto left = [&](const char* field) {
      return p.child<QWidget>(field)->mapTo(&p.panel, QPoint()).x();
    };
    for (const char* field : {"scrubRulePlace", "scrubRulePattern", "scrubRuleScope", "scrubRuleAction"})
      QCOMPARE(left(field), left("scrubRuleName"));
  }

  void whatIsNoRuleIsSaidAndNotKept_data() {
    QTest::addColumn<QString>("pattern");
    QTest::addColumn<QString>("said");
    QTest::newRow("nothing") << ""
                             << "Type a pattern";
    QTest::newRow("bad pattern") << "tok-[0-9"
                                 << "regular expression";
  }
  void whatIsNoRuleIsSaidAndNotKept() {
    QFETCH(QString, pattern);
    QFETCH(QString, said);
    ShownPanel p;
    QVERIFY(p.opensSecrets());
    p.action("scrubNewRule")->trigger();
    p.type("scrubRulePattern", pattern);
    QVERIFY(p.kept().empty());
    QVERIFY2(p.text("scrubRuleNote").contains(said), qPrintable(p.text("scrubRuleNote")));
    // Applying refuses, and says so.
    p.action("scrubApply")->trigger();
    QVERIFY2(p.notes().contains("not finished"), qPrintable(p.notes()));
    QTest::keyClick(p.child<QLineEdit>("scrubRulePattern"), Qt::Key_Escape);
    QCOMPARE(p.rows("scrubRules"), 0);
  }

  void applyingIsOneUndoStep() {
    ShownPanel p;
    QVERIFY(p.opensSecrets({tokenRule()}));
    const auto before = p.document.snapshot().recording;
    QSignalSpy applied(&p.panel.tasks(), &ScrubTasks::applied);
    p.action("scrubApply")->trigger();
    QTRY_COMPARE(applied.size(), 1);
    QCOMPARE(applied[0][0].toULongLong(), 5ull);
    QCOMPARE(p.document.undoStack().count(), 2);
    QCOMPARE(p.document.editedEntries().size(), std::size_t{5});
    for (std::uint32_t i = 0; i < p.document.snapshot().recording->size(); ++i)
      QVERIFY(!QByteArray::fromStdString(std::string(p.document.snapshot().recording->bytes(i)->view))
                   .contains("tok-1"));
    QVERIFY(p.idle());
    QCOMPARE(p.scrub.countOf(0)->hits, std::uint64_t{0});
    p.document.undoStack().undo();
    QCOMPARE(p.document.snapshot().recording, before);
  }

  void aValueThatStandsElsewhereIsLeft() {
    ShownPanel p;
    ScrubRule rule = tokenRule();
    rule.scope = "method:Login";  // and in the cart as well
    QVERIFY(p.opensSecrets({rule}));
    p.action("scrubCheck")->trigger();
    QTRY_VERIFY(p.panel.tasks().left());
    const LeftReport& left = *p.panel.tasks().left();
    QVERIFY(std::any_of(left.values.begin(), left.values.end(),
                        [](const LeftSecrets::Value& value) { return value.value == "tok-1111"; }));
    QVERIFY2(p.text("scrubLeftSentence").startsWith("✗"), qPrintable(p.text("scrubLeftSentence")));
    // Another rule: what was checked is not what would be written any more.
    setScrubRuleOn(p.document, 0, false);
    QTRY_VERIFY(!p.panel.tasks().isLeftCurrent());
  }

  void aHashNeedsAKeyAndSaysSo() {
    ShownPanel p;
    ScrubRule hash = tokenRule();
    hash.action.kind = ScrubAction::Kind::Hash;
    QVERIFY(p.opensSecrets({hash}));
    p.child<ScrubTable>("scrubRules")->selectRow(0);
    QTRY_VERIFY2(p.text("scrubRuleNote").contains("key"), qPrintable(p.text("scrubRuleNote")));
    QSignalSpy failed(&p.panel.tasks(), &ScrubTasks::failed);
    p.action("scrubApply")->trigger();
    QCOMPARE(failed.size(), 1);
    p.type("scrubKeyField", p.write("scrub.key", "0123456789abcdef"));
    QVERIFY(p.idle());
    QCOMPARE(p.scrub.countOf(0)->hits, std::uint64_t{5});
    QVERIFY(p.text("scrubRuleNote").isEmpty());
  }

  void rulesThatDoNothingOrOverlapAreFlagged() {
    ShownPanel p;
    ScrubRule idle = tokenRule("idle");
    idle.where.pattern = "nowhere-to-be-found";
    ScrubRule again = tokenRule("again");
    again.where.pattern = "1111|scrubbed";
    ScrubRule first = tokenRule("first");
    first.action.kind = ScrubAction::Kind::Replace;
    first.action.with = "1111";
    QVERIFY(p.opensSecrets({idle, first, again}));
    const auto flags = ruleFlags(p.scrub, 0);
    QVERIFY(!flags.empty());
    QVERIFY(flags[0].text.contains("Hits nothing"));
    const auto overlapping = ruleFlags(p.scrub, 2);
    QVERIFY(std::any_of(overlapping.begin(), overlapping.end(),
                        [](const RuleFlag& flag) { return flag.text.contains("“first”"); }));
    const auto compared = ruleFlags(p.scrub, 1);
    QVERIFY(std::any_of(compared.begin(), compared.end(),
                        [](const RuleFlag& flag) { return flag.text.contains("compares"); }));
  }

  void rulesComeAndGoWithTheKeyboard() {
    ShownPanel p;
    QVERIFY(p.opensSecrets({tokenRule("a"), tokenRule("b")}));
    auto* table = p.child<ScrubTable>("scrubRules");
    table->selectRow(0);
    p.action("scrubDown")->trigger();
    QCOMPARE(p.kept()[1].name, std::string("a"));
    QCOMPARE(table->currentRow(), 1);
    p.action("scrubDuplicate")->trigger();
    QCOMPARE(p.kept().size(), std::size_t{3});
    p.action("scrubRemove")->trigger();
    QCOMPARE(p.kept().size(), std::size_t{2});
    QCOMPARE(p.rows("scrubRules"), 2);
  }

  void saysWhatItIsForWithoutARecording() {
    ShownPanel p;
    QVERIFY(p.text("scrubEmpty").contains("Open a recording"));
    QVERIFY(!p.child<QPushButton>("scrubFirst")->isEnabled());
    for (QAction* action : p.panel.actions())
      if (!action->isSeparator()) QVERIFY2(!action->isEnabled(), qPrintable(action->objectName()));
  }
};

QTEST_MAIN(tst_ScrubPanel)
#include "tst_scrub_panel.moc"
