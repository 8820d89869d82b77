#include <QAction>
#include <QDockWidget>
#include <QLabel>
#include <QMainWindow>
#include <QPlainTextEdit>
#include <QScopeGuard>
#include <QSignalSpy>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <fstream>

#include "detail/drafts.h"
#include "detail/text_label.h"
#include "document/document.h"
#include "document/selection.h"
#include "server/check_model.h"
#include "server/server_controller.h"
#include "server/try_panel.h"
#include "support/replay_file.h"
#include "try_recordings.h"

using namespace retake;
using namespace retake::gui;
using test::ambiguous;
using test::field;
using test::ReplayFile;
using test::store;
using test::text;

class tst_Try : public QObject {
  Q_OBJECT
 private slots:
  void initTestCase() { QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates)); }
  void init();
  void cleanup();
  void panelShowsTheRecordedAnswer();
  void aTryIsAnsweredAsRecorded_data();
  void aTryIsAnsweredAsRecorded();
  void aTrySeesEdits();
  void aChangedRequestIsForTheTryOnly();
  void anInvalidRequestIsNotSent();
  void sendRightAfterSelectingWaits();
  void comesForwardToBeSeen();
  void aLongAnswerIsCut();
  void aLongRequestIsSentWhole();
  void triesUseNothingUp();
  void saysWhatDraftsAreNotApplied();
  void panelChecksAll();
  void aDifferenceLeadsToItsCallAndAnswer();

 private:
  void open(const std::string& bytes);
  void select(std::uint32_t number);
  template <typename T>
  T* child(const char* name) const {
    return m_panel->findChild<T*>(name);
  }
  QString result() const { return child<TextLabel>("tryResult")->text(); }
  QString answered() const { return child<QPlainTextEdit>("tryAnswered")->toPlainText(); }
  void send();

  QTemporaryDir m_folder;
  std::unique_ptr<Document> m_document;
  std::unique_ptr<Selection> m_selection;
  std::unique_ptr<Drafts> m_drafts;
  std::unique_ptr<ServerController> m_controller;
  std::unique_ptr<TryPanel> m_panel;
};

void tst_Try::init() {
  m_document = std::make_unique<Document>();
  m_selection = std::make_unique<Selection>(*m_document);
  m_drafts = std::make_unique<Drafts>(*m_document);
  m_controller = std::make_unique<ServerController>(*m_document);
  m_panel = std::make_unique<TryPanel>(*m_document, *m_selection, *m_drafts);
  m_panel->resize(1200, 500);
  m_panel->show();
  QVERIFY(QTest::qWaitForWindowActive(m_panel.get()));
}

void tst_Try::cleanup() {
  m_panel.reset();
  m_controller.reset();
  m_drafts.reset();
  m_selection.reset();
  m_document.reset();
}

void tst_Try::open(const std::string& bytes) {
  const QString path = m_folder.filePath("store.replay");
  std::ofstream(path.toStdString(), std::ios::binary) << bytes;
  QSignalSpy opened(m_document.get(), &Document::fileOpened);
  m_document->open(path);
  QTRY_COMPARE(opened.count(), 1);
}

void tst_Try::select(std::uint32_t number) {
  m_selection->selectCall(number - 1);
  QTRY_VERIFY(child<TextLabel>("tryTitle")->text().startsWith("#" + QString::number(number) + " "));
}

void tst_Try::send() {
  child<QAction>("trySend")->trigger();
  QTRY_COMPARE(child<QAction>("trySend")->text(), "Send");
}

void tst_Try::panelShowsTheRecordedAnswer() {
  QVERIFY(child<TextLabel>("tryHint")->isVisible());
  open(store().bytes());
  QVERIFY(child<TextLabel>("tryHint")->isVisible());
  select(2);
  QVERIFY(!child<TextLabel>("tryHint")->isVisible());
  QCOMPARE(child<QPlainTextEdit>("tryRequest")->toPlainText(), "\"z\"");
  QCOMPARE(child<QPlainTextEdit>("tryRecorded")->toPlainText(),
           "▸ status NOT_FOUND (5): no such key\n▸ detail google.protobuf.StringValue\n\"z\"");
  QCOMPARE(answered(), "");
}

void tst_Try::aTryIsAnsweredAsRecorded_data() {
  QTest::addColumn<uint>("number");
  QTest::addColumn<QString>("words");
  QTest::addColumn<QString>("answer");
  QTest::newRow("unary") << 1u << "✓ answered as recorded · OK"
                         << "\"1\"\n▸ status OK (0)";
  QTest::newRow("error with details") << 2u << "✓ answered as recorded · ✗ NOT_FOUND"
                                      << "▸ status NOT_FOUND (5): no such key\n"
                                         "▸ detail google.protobuf.StringValue\n\"z\"";
  QTest::newRow("equal request, answered second") << 3u << "after 1 equal call before it"
                                                  << "\"second answer\"\n▸ status OK (0)";
  QTest::newRow("equal request, answered first") << 4u << "✓ answered as recorded · OK"
                                                 << "\"first answer\"\n▸ status OK (0)";
  QTest::newRow("server stream") << 5u << "✓ answered as recorded · OK"
                                 << "▸ message 1\n\"1\"\n▸ message 2\n\"2\"\n▸ status OK (0)";
  QTest::newRow("client stream") << 6u << "✓ answered as recorded"
                                 << "▸ message 1\n\"2 stored\"\n▸ status OK (0)";
  QTest::newRow("both ways") << 7u << "✓ answered as recorded · OK"
                             << "▸ message 1\n\"pong\"\n▸ message 2\n\"bye bye\"\n▸ status OK (0)";
}

void tst_Try::aTryIsAnsweredAsRecorded() {
  QFETCH(uint, number);
  QFETCH(QString, words);
  QFETCH(QString, answer);
  open(store().bytes());
  select(number);
  // Twice: each try has a stand-in of its own.
  for (int i = 0; i < 2; ++i) {
    send();
    QVERIFY2(result().startsWith("✓ "), qPrintable(result()));
    QVERIFY2(result().contains(words), qPrintable(result()));
    QCOMPARE(answered(), answer);
  }
}

void tst_Try::aTrySeesEdits() {
  open(store().bytes());
  select(1);
  send();
  QVERIFY(!m_document->push(ReplaceMessage{EntryId{2}, field(1, "one"), {}}));
  QTRY_COMPARE(child<QPlainTextEdit>("tryRecorded")->toPlainText(), "\"one\"\n▸ status OK (0)");
  QCOMPARE(answered(), "");
  send();
  QCOMPARE(answered(), "\"one\"\n▸ status OK (0)");
}

void tst_Try::aChangedRequestIsForTheTryOnly() {
  open(store().bytes());
  select(1);
  auto* request = child<QPlainTextEdit>("tryRequest");
  request->setPlainText("\"z\"");
  request->setFocus();
  QTest::keyClick(request, Qt::Key_Return, Qt::ControlModifier);
  QTRY_VERIFY2(result().startsWith("≠ "), qPrintable(result()));
  QVERIFY2(result().contains("by #2"), qPrintable(result()));
  QVERIFY(answered().contains("NOT_FOUND"));
  QVERIFY(!m_document->isModified());

  request->setPlainText("\"nowhere\"");
  send();
  QVERIFY2(result().startsWith("✗ missed"), qPrintable(result()));

  // It is kept while one looks elsewhere, and goes when one says so.
  select(2);
  select(1);
  QCOMPARE(request->toPlainText(), "\"nowhere\"");
  child<QAction>("tryReset")->trigger();
  QCOMPARE(request->toPlainText(), "\"a\"");
  QVERIFY(!child<QAction>("tryReset")->isEnabled());
}

void tst_Try::anInvalidRequestIsNotSent() {
  open(store().bytes());
  select(1);
  child<QPlainTextEdit>("tryRequest")->setPlainText("{\"nope\"");
  send();
  QVERIFY2(result().startsWith("✗ not sent"), qPrintable(result()));
  QVERIFY(child<TextLabel>("tryProblem")->isVisible());
  QVERIFY2(child<TextLabel>("tryProblem")->text().contains("line 1"),
           qPrintable(child<TextLabel>("tryProblem")->text()));
  QCOMPARE(answered(), "");
}

void tst_Try::sendRightAfterSelectingWaits() {
  open(store().bytes());
  m_selection->selectCall(0);
  child<QAction>("trySend")->trigger();
  QTRY_VERIFY2(result().startsWith("✓ "), qPrintable(result()));
}

void tst_Try::comesForwardToBeSeen() {
  QMainWindow window;
  auto* front = new QDockWidget("Messages");
  front->setWidget(new QLabel("messages"));
  auto* dock = new QDockWidget("Try");
  dock->setWidget(m_panel.get());
  const auto keep = qScopeGuard([this] { m_panel->setParent(nullptr); });
  window.addDockWidget(Qt::BottomDockWidgetArea, dock);
  window.addDockWidget(Qt::BottomDockWidgetArea, front);
  window.tabifyDockWidget(dock, front);
  window.show();
  QVERIFY(QTest::qWaitForWindowExposed(&window));
  front->raise();
  QTRY_VERIFY(m_panel->visibleRegion().isEmpty());
  open(store().bytes());
  QVERIFY(!child<QAction>("trySend")->isEnabled());
  m_selection->selectCall(0);
  QVERIFY(child<QAction>("trySend")->isEnabled());
  child<QAction>("trySend")->trigger();
  QTRY_VERIFY2(result().startsWith("✓ "), qPrintable(result()));
  QTRY_VERIFY(!m_panel->visibleRegion().isEmpty());
  front->raise();
  QTRY_VERIFY(m_panel->visibleRegion().isEmpty());
  child<QAction>("checkAll")->trigger();
  QTRY_VERIFY(!m_panel->visibleRegion().isEmpty());
}

void tst_Try::aLongAnswerIsCut() {
  ReplayFile file;
  const auto stream = file.createStream("/store.Store/List");
  file.send(stream, text("all"));
  for (int i = 0; i < 3000; ++i) file.recv(stream, text(std::string(100, 'x')));
  file.recvEnd(stream);
  open(file.bytes());
  select(1);
  const QString shown = child<QPlainTextEdit>("tryRecorded")->toPlainText();
  QVERIFY(shown.size() < 200'000);
  QVERIFY(shown.contains("more messages"));
  QVERIFY(shown.endsWith("▸ status OK (0)"));
  send();
  QVERIFY2(result().startsWith("✓ "), qPrintable(result()));
  QCOMPARE(answered(), shown);
}

void tst_Try::aLongRequestIsSentWhole() {
  ReplayFile file;
  file.unary("/store.Store/Get", text(std::string(2'000'000, 'x')), text("1"));
  const auto stream = file.createStream("/store.Store/PutAll");
  for (int i = 0; i < 1200; ++i) file.send(stream, text(std::to_string(i)));
  file.recv(stream, text("stored"));
  open(file.bytes());
  select(1);
  QTRY_VERIFY(child<QPlainTextEdit>("tryRequest")->isReadOnly());
  send();
  QTRY_VERIFY2(result().startsWith("✓ "), qPrintable(result()));
  select(2);
  QCOMPARE(child<TextLabel>("tryRequestTitle")->text(),
           "to send · google.protobuf.StringValue · the first 1,000 of 1,200 messages");
  send();
  QTRY_VERIFY2(result().startsWith("✓ "), qPrintable(result()));
}

void tst_Try::triesUseNothingUp() {
  open(store().bytes());
  m_controller->start();
  QTRY_VERIFY(m_controller->isRunning());
  select(1);
  send();
  QVERIFY2(result().startsWith("✓ "), qPrintable(result()));
  QCOMPARE(m_controller->neverAskedFor(), 8u);
  QCOMPARE(m_controller->served(), 0u);
}

void tst_Try::saysWhatDraftsAreNotApplied() {
  open(store().bytes());
  select(1);
  m_drafts->set(EntryId{2}, {Draft::Kind::Message, "\"half"});
  send();
  QCOMPARE(child<TextLabel>("tryNotes")->text(),
           "✎ the stand-in answers without the 1 draft of this call that is not applied");
}

void tst_Try::panelChecksAll() {
  open(store().bytes());
  child<QAction>("checkAll")->trigger();
  QTRY_COMPARE(child<TextLabel>("checkSentence")->text(),
               "✓ 7 of 8 calls answered as recorded · 1 without a recorded answer");
  QVERIFY(!child<QTableView>("checkTable")->isVisible());
  QVERIFY(!m_document->push(ReplaceMessage{EntryId{2}, field(1, "one"), {}}));
  QCOMPARE(child<TextLabel>("checkSentence")->text(), "edited since the last check");
}

void tst_Try::aDifferenceLeadsToItsCallAndAnswer() {
  open(ambiguous().bytes());
  child<QAction>("checkAll")->trigger();
  auto* table = child<QTableView>("checkTable");
  QTRY_VERIFY(table->isVisible());
  const QModelIndex cell = table->model()->index(0, 0);
  QTest::mouseClick(table->viewport(), Qt::LeftButton, {}, table->visualRect(cell).center());
  const EntryId call{cell.data(CheckModel::IdRole).toUInt()};
  QTRY_VERIFY2(result().startsWith("≠ ") || result().startsWith("✗ "), qPrintable(result()));
  const auto selected = m_selection->call();
  QVERIFY(selected);
  QCOMPARE(m_document->snapshot().recording->info((*m_document->snapshot().calls)[*selected].first).id, call);
  QVERIFY(!answered().isEmpty());
}

QTEST_MAIN(tst_Try)
#include "tst_try.moc"
