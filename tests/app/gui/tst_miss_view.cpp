#include <QListWidget>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <QUndoStack>

#include "detail/note_bar.h"
#include "detail/text_label.h"
#include "miss_explanations.h"
#include "served_shop.h"
#include "server/log_view.h"
#include "server/miss_rows.h"
#include "server/miss_table.h"
#include "server/miss_view.h"
#include "server/remedies.h"
#include "server/server_panel.h"

using namespace retake;
using namespace retake::gui;
using test::call;
using test::changed;
using test::differs;
using test::field;
using test::item;
using test::kMethod;
using test::nothingEqual;
using test::ReplayFile;
using test::request;
using test::ServedShop;
using test::shared;

Q_DECLARE_METATYPE(retake::Explanation)

class tst_MissView : public QObject {
  Q_OBJECT
 private slots:
  void initTestCase() { QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates)); }
  void init();
  void cleanup();
  void showsFieldsSideBySide();
  void saysHowManyFieldsAreNotListed();
  void showsWhatWouldHaveBeenAnswered();
  void theNearestCallIsAClickAway();
  void eachRemedySaysWhatItChanges();
  void aRemedyThatCannotBeSaysWhy_data();
  void aRemedyThatCannotBeSaysWhy();
  void withoutANearCallAnEmptyOneIsAdded();
  void aStreamThatWentAnotherWayIsCopiedWithItsMessage();
  void undoInTheNoteTakesTheRemedyBack();
  void whatWasForgottenIsSaid();
  void aMissArrivesWithItsExplanation();
  void aRemedyAnswersTheSameRequest_data();
  void aRemedyAnswersTheSameRequest();
  void aNearestCallUsedMeanwhileIsSaid();
  void usedUpCallsCanRepeat();
  void theFirstMissOfAnotherFileIsShown();
  void theNextMissIsAKeyAway();

 private:
  QPushButton* button(const char* name) const { return m_panel->findChild<QPushButton*>(name); }
  QString sentence() const { return m_panel->findChild<TextLabel*>("missSentence")->text(); }
  MissView* view() const { return m_panel->findChild<MissView*>("missView"); }
  const Workspace& workspace() const { return *m_shop->document().snapshot().workspace; }

  std::unique_ptr<ServedShop> m_shop;
  std::unique_ptr<ServerPanel> m_panel;
};

void tst_MissView::init() {
  m_shop = std::make_unique<ServedShop>();
  m_panel = std::make_unique<ServerPanel>(m_shop->server(), m_shop->document(), m_shop->selection());
  m_panel->resize(1200, 400);
  m_panel->show();
}

void tst_MissView::cleanup() {
  m_panel.reset();
  m_shop.reset();
}

void tst_MissView::showsFieldsSideBySide() {
  Explanation explanation = nothingEqual();
  explanation.nearest->differences.push_back({.kind = Difference::Kind::OnlyRecorded,
                                              .path = *parseFieldPath("2"),
                                              .recorded = "\"old\"",
                                              .sent = {}});
  explanation.nearest->differences.push_back(
      {.kind = Difference::Kind::OnlySent, .path = *parseFieldPath("3[1]"), .recorded = {}, .sent = "7"});
  view()->showMiss(shared(explanation), {});
  const auto* model = m_panel->findChild<MissTable*>("missFields")->model();
  const auto row = [model](int number) {
    QStringList cells;
    for (int column = 0; column < kMissColumns; ++column)
      cells += model->index(number, column).data().toString();
    return cells.join(" | ");
  };
  QCOMPARE(model->rowCount(), 3);
  QCOMPARE(row(0), "1 | \"a\" | \"c\" | Ignore");
  QCOMPARE(row(1), "2 | \"old\" | – not sent | Ignore");
  QCOMPARE(row(2), "3[1] | – not recorded | 7 | Ignore");
}

void tst_MissView::saysHowManyFieldsAreNotListed() {
  view()->showMiss(shared(changed([](Explanation& e) { e.nearest->more = 12; })), {});
  const auto* model = m_panel->findChild<MissTable*>("missFields")->model();
  QCOMPARE(model->rowCount(), 2);
  QCOMPARE(model->index(1, 0).data().toString(), "… and 12 more");
  QCOMPARE(model->index(1, 3).data().toString(), "");
}

void tst_MissView::showsWhatWouldHaveBeenAnswered() {
  view()->showMiss(shared(nothingEqual()), {});
  const QString answer = m_panel->findChild<TextLabel*>("missAnswer")->text();
  QVERIFY2(answer.startsWith("✓ OK  {"), qPrintable(answer));
  QVERIFY2(answer.contains("apple"), qPrintable(answer));
}

void tst_MissView::theNearestCallIsAClickAway() {
  view()->showMiss(shared(changed([](Explanation& e) { e.nearest->id = EntryId{3}; })), {});
  auto* nearest = m_panel->findChild<TextLabel*>("missNearest");
  QCOMPARE(nearest->text(), "#2 answers");
  QTest::keyClick(nearest, Qt::Key_Return);
  QCOMPARE(m_shop->selection().call(), std::optional<std::uint32_t>(1));
}

void tst_MissView::eachRemedySaysWhatItChanges() {
  view()->showMiss(shared(nothingEqual()), {});
  QCOMPARE(button("missIgnore")->text(), "Ignore this field");
  QVERIFY(button("missIgnore")->toolTip().contains("shop.v1.Cart/Get:1"));
  QCOMPARE(button("missAnswerWith")->text(), "Answer with #1");
  QVERIFY(button("missAnswerWith")->toolTip().contains("The request of #1 (entry 1)"));
  QVERIFY(button("missAdd")->toolTip().contains("copy of #1"));
  QVERIFY(!button("missRepeat")->isVisibleTo(m_panel.get()));
}

void tst_MissView::aRemedyThatCannotBeSaysWhy_data() {
  QTest::addColumn<Explanation>("explanation");
  QTest::addColumn<QString>("name");
  QTest::addColumn<QString>("why");
  const Explanation far = changed([](Explanation& e) { e.nearest.reset(); });
  QTest::newRow("nothing to ignore") << far << "missIgnore"
                                     << "no field to ignore";
  QTest::newRow("nothing near") << far << "missAnswerWith"
                                << "No recorded call is near";
  QTest::newRow("nothing sent") << changed([](Explanation& e) { e.sent = nullptr; }) << "missAnswerWith"
                                << "sent no message";
  QTest::newRow("no call without a message") << changed([](Explanation& e) { e.sent = nullptr; }) << "missAdd"
                                             << "sent no message";
  QTest::newRow("a method that nobody knows") << changed([](Explanation& e) {
    e.method = "/shop.v1.Cart/Unheard";
    e.miss = {.why = Miss::Why::NotRecorded};
    e.nearest.reset();
  }) << "missAdd"
                                              << "load its schema";
  QTest::newRow("gone meanwhile") << changed([](Explanation& e) {
    e.nearest->id = e.nearest->message = EntryId{77};
  }) << "missAnswerWith"
                                  << "not in the recording any more";
}

void tst_MissView::aRemedyThatCannotBeSaysWhy() {
  QFETCH(Explanation, explanation);
  QFETCH(QString, name);
  QFETCH(QString, why);
  view()->showMiss(shared(explanation), {});
  const QPushButton* remedy = button(qPrintable(name));
  QVERIFY(!remedy->isEnabled());
  QVERIFY2(remedy->toolTip().contains(why), qPrintable(remedy->toolTip()));
  QVERIFY2(!remedy->text().contains("0"), qPrintable(remedy->text()));
}

void tst_MissView::withoutANearCallAnEmptyOneIsAdded() {
  view()->showMiss(shared(changed([](Explanation& e) { e.nearest.reset(); })), {});
  QSignalSpy edit(m_panel.get(), &ServerPanel::editWanted);
  button("missAdd")->click();
  QCOMPARE(edit.count(), 1);
  const Snapshot& snapshot = m_shop->document().snapshot();
  QCOMPARE(snapshot.calls->size(), 4u);
  QCOMPARE(m_shop->selection().call(), std::optional<std::uint32_t>(3));
  const Call added = (*snapshot.calls)[3];
  const auto answer = snapshot.recording->entry(added.rest[0]);
  QVERIFY(answer);
  QCOMPARE(std::string(typeNameOf(answer->fields.typeUrl)), "shop.v1.Item");
  QCOMPARE(answer->fields.message.size(), 0u);
}

void tst_MissView::aStreamThatWentAnotherWayIsCopiedWithItsMessage() {
  const auto explanation = shared(changed([](Explanation& e) {
    e.miss = {.why = Miss::Why::Diverged, .callNumber = 3, .message = 2};
    e.method = "/shop.v1.Feed/Watch";
    e.nearest = NearCall{.id = EntryId{5},
                         .number = 3,
                         .message = EntryId{8},
                         .used = true,
                         .differences = {differs("1", "\"more\"", "\"c\"")}};
  }));
  view()->showMiss(explanation, {});
  button("missAdd")->click();
  const Snapshot& snapshot = m_shop->document().snapshot();
  QCOMPARE(snapshot.calls->size(), 4u);
  const Call added = (*snapshot.calls)[3];
  QCOMPARE(added.rest.size(), 3u);
  const auto message = [&](std::size_t at) {
    return std::string(std::string_view(snapshot.recording->entry(added.rest[at])->fields.message));
  };
  QCOMPARE(message(0), field(1, "all"));
  QCOMPARE(message(2), field(1, "c"));
}

void tst_MissView::undoInTheNoteTakesTheRemedyBack() {
  view()->showMiss(shared(nothingEqual()), {});
  auto* note = m_panel->findChild<NoteBar*>("missNote");
  auto* table = m_panel->findChild<MissTable*>("missFields");
  table->setFocus();
  QTest::keyClick(table, Qt::Key_Space);
  QCOMPARE(workspace().policy.match.ignore.size(), 1u);
  QVERIFY(note->isVisibleTo(view()));
  QVERIFY2(note->text().contains("counts from the next call on"), qPrintable(note->text()));
  QCOMPARE(table->model()->index(0, 3).data().toString(), "✓ ignored");
  QVERIFY(!button("missIgnore")->isEnabled());
  note->findChild<QPushButton*>("noteAction")->click();
  QVERIFY(workspace().policy.match.ignore.empty());
  QVERIFY(!note->isVisibleTo(view()));
  QVERIFY(button("missIgnore")->isEnabled());
}

void tst_MissView::whatWasForgottenIsSaid() {
  view()->showMiss(nullptr, "no call equals it");
  QVERIFY(sentence().contains("not kept any more"));
  QCOMPARE(m_panel->findChild<QPlainTextEdit*>("missText")->toPlainText(), "no call equals it");
  QVERIFY(!button("missAdd")->isVisibleTo(m_panel.get()));
}

void tst_MissView::aMissArrivesWithItsExplanation() {
  m_shop->start();
  QVERIFY(!view()->isVisible());
  QCOMPARE(call(m_shop->address(), field(1, "appel")).end.code, 2);
  // The first miss is shown without being asked for.
  QTRY_VERIFY(view()->isVisible());
  QVERIFY(view()->miss());
  QCOMPARE(view()->miss()->miss.why, Miss::Why::NothingEqual);
  QCOMPARE(QString::fromStdString(view()->miss()->method), kMethod);
  QVERIFY(view()->miss()->sent);
  QCOMPARE(*view()->miss()->sent, field(1, "appel"));
}

void tst_MissView::aRemedyAnswersTheSameRequest_data() {
  QTest::addColumn<QString>("remedy");
  QTest::addColumn<bool>("isWorkspace");
  QTest::newRow("ignore") << "missIgnore" << true;
  QTest::newRow("answer with") << "missAnswerWith" << false;
  QTest::newRow("add") << "missAdd" << false;
}

void tst_MissView::aRemedyAnswersTheSameRequest() {
  QFETCH(QString, remedy);
  QFETCH(bool, isWorkspace);
  // Of two fields one differs: near enough for anybody.
  ReplayFile file;
  const auto asks = [](std::string_view sku, std::string_view tenant) {
    return field(1, sku) + field(2, tenant);
  };
  file.unary(kMethod, {"shop.v1.GetRequest", asks("apple", "t1")}, item("an apple"));
  file.unary(kMethod, {"shop.v1.GetRequest", asks("banana", "t1")}, item("a banana"));
  m_shop->open(file.bytes(), "near.replay");
  m_shop->start();
  const std::string sent = asks("apple", "t2");
  QCOMPARE(call(m_shop->address(), sent).end.code, 2);
  QTRY_VERIFY(view()->isVisible());
  QVERIFY2(view()->miss()->nearest, qPrintable(sentence()));
  QCOMPARE(view()->miss()->nearest->number, 1u);
  QSignalSpy replaced(&m_shop->server(), &ServerController::replaced);
  QVERIFY2(button(qPrintable(remedy))->isEnabled(), qPrintable(button(qPrintable(remedy))->toolTip()));
  button(qPrintable(remedy))->click();
  QTRY_COMPARE(replaced.count(), 1);
  QCOMPARE(call(m_shop->address(), sent).received, std::vector<std::string>{field(1, "an apple")});
  QCOMPARE(m_shop->document().isWorkspaceModified(), isWorkspace);

  m_shop->document().undoStack().undo();
  QTRY_COMPARE(replaced.count(), 2);
  m_shop->server().resetUsed();
  QTRY_COMPARE(m_shop->server().counts().callsUsed, 0u);
  QCOMPARE(call(m_shop->address(), sent).end.code, 2);
}

void tst_MissView::aNearestCallUsedMeanwhileIsSaid() {
  m_shop->start();
  view()->showMiss(shared(nothingEqual()), {});
  QSignalSpy hit(&m_shop->server(), &ServerController::hit);
  QCOMPARE(call(m_shop->address(), field(1, "a")).end.code, 0);
  QTRY_COMPARE(hit.count(), 1);
  button("missAnswerWith")->click();
  const auto said = [this] { return m_panel->findChild<NoteBar*>("missNote")->text(); };
  QVERIFY2(said().contains("has been used"), qPrintable(said()));
  QSignalSpy forgotten(&m_shop->server(), &ServerController::usedForgotten);
  m_shop->server().resetUsed();
  QTRY_COMPARE(forgotten.count(), 1);
  m_shop->document().undoStack().undo();
  button("missAnswerWith")->click();
  QVERIFY2(!said().contains("has been used"), qPrintable(said()));
}

void tst_MissView::usedUpCallsCanRepeat() {
  m_shop->start();
  QCOMPARE(call(m_shop->address(), field(1, "a")).end.code, 0);
  QCOMPARE(call(m_shop->address(), field(1, "a")).end.code, 2);
  QTRY_VERIFY(view()->isVisible());
  QCOMPARE(view()->miss()->miss.why, Miss::Why::UsedUp);
  QVERIFY2(sentence().contains("#1, has been used by call 1"), qPrintable(sentence()));
  QSignalSpy replaced(&m_shop->server(), &ServerController::replaced);
  QVERIFY(button("missRepeat")->isVisible());
  button("missRepeat")->click();
  QTRY_COMPARE(replaced.count(), 1);
  QCOMPARE(call(m_shop->address(), field(1, "a")).end.code, 0);
}

void tst_MissView::theFirstMissOfAnotherFileIsShown() {
  m_shop->start();
  call(m_shop->address(), field(1, "x"));
  QTRY_VERIFY(view()->isVisible());
  m_shop->open(test::shop().bytes(), "other.replay");
  QVERIFY(!view()->isVisible());
  QTRY_COMPARE(m_shop->server().state(), ServerController::State::Stopped);
  m_shop->start();
  call(m_shop->address(), field(1, "y"));
  QTRY_VERIFY(view()->isVisible());
  QCOMPARE(*view()->miss()->sent, field(1, "y"));
}

void tst_MissView::theNextMissIsAKeyAway() {
  m_shop->start();
  call(m_shop->address(), field(1, "x"));
  call(m_shop->address(), field(1, "a"));
  call(m_shop->address(), field(1, "y"));
  QTRY_COMPARE(m_shop->server().log().rowCount(), 4);
  auto* log = m_panel->findChild<LogView*>("logTable");
  QTRY_VERIFY(view()->isVisible());
  m_panel->activateWindow();
  QVERIFY(QTest::qWaitForWindowActive(m_panel.get()));
  log->setFocus();
  QCOMPARE(*view()->miss()->sent, field(1, "x"));
  QTest::keyClick(log, Qt::Key_U);
  QCOMPARE(*view()->miss()->sent, field(1, "y"));
  QTest::keyClick(log, Qt::Key_U);
  QCOMPARE(*view()->miss()->sent, field(1, "x"));
}

QTEST_MAIN(tst_MissView)
#include "tst_miss_view.moc"
