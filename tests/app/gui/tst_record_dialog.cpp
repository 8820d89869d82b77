#include <QDir>
#include <QScreen>

#include "detail/text_label.h"
#include "recording_window.h"

using namespace retake;
using namespace retake::test;

// Where clients find the proxy, as a person says it.
class tst_RecordDialog : public QObject {
  Q_OBJECT
 private slots:
  void init() { QSettings().clear(); }

  void severalAddressesAreListenedOn() {
    RecordingWindow window;
    QVERIFY(QDir(window.path(".")).mkdir("work"));
    const QString file = window.path("work/live.replay");
    auto* dialog = window.dialog(file);
    QCOMPARE(shown(window), QStringList{"127.0.0.1:0"});
    const QString socket = "unix:" + window.path("shop.sock");
    window.listensOn({"127.0.0.1:0", "[::1]:0", socket});
    QVERIFY(dialog->isVisible());  // Enter adds, and does not begin
    QVERIFY(!window->server().isRunning());
    window.press();
    QTRY_VERIFY(window->server().isRecording());
    const QStringList addresses = window->server().addresses();
    QCOMPARE(addresses.size(), 3);
    QCOMPARE(addresses[2], socket);
    QCOMPARE(window.child<QLabel>("addressText")->text(), addresses[0] + " +2");
    for (const QString& address : addresses)
      QCOMPARE(call(address, field(1, "a")).received, std::vector<std::string>{field(1, "apple")});
    QVERIFY(window.shows(3));
    QVERIFY(!window->server().needsRestart());
    QVERIFY(window.stops());
    QCOMPARE(keptEndpoints(window, "work/live.retake").size(), 3u);
    // And are there again the next time.
    window.dialog(file);
    QCOMPARE(shown(window), QStringList({"127.0.0.1:0", "[::1]:0", socket}));
  }

  void anAddressIsChangedAndRemoved() {
    RecordingWindow window;
    window.dialog(window.file());
    window.listensOn({"127.0.0.1:0", "[::1]:0"});
    auto* list = window.child<QListWidget>("recordEndpointsList");
    QCOMPARE(list->currentRow(), 1);
    QTest::keyClick(list, Qt::Key_Delete);
    QCOMPARE(shown(window), QStringList{"127.0.0.1:0"});
    typeInRow(list, "localhost:0");
    QTest::keyClick(list->findChild<QLineEdit*>(), Qt::Key_Return);
    QTRY_COMPARE(shown(window), QStringList{"localhost:0"});
    QVERIFY(!window->server().isRunning());
    // Without any there is the one that a fresh workspace has.
    QTest::keyClick(list, Qt::Key_Delete);
    QCOMPARE(shown(window), QStringList{"127.0.0.1:0"});
  }

  void whatIsStillTypedCounts() {
    RecordingWindow window;
    window.dialog(window.file());
    QTest::keyClicks(window.child<QLineEdit>("recordEndpointsField"), "[::1]:0");
    window.child<QPushButton>("recordButton")->click();
    QTRY_VERIFY(window->server().isRecording());
    QCOMPARE(window->server().addresses().size(), 2);
  }

  void aRowThatIsStillEditedCounts() {
    RecordingWindow window;
    auto* dialog = window.dialog(window.file());
    dialog->activateWindow();
    QTRY_COMPARE(QApplication::activeWindow(), dialog);
    auto* list = window.child<QListWidget>("recordEndpointsList");
    typeInRow(list, "no address");
    window.child<QPushButton>("recordButton")->click();
    QVERIFY(noteOf(window)->isVisible());
    QVERIFY(!window->server().isRunning());
    QTRY_VERIFY(!list->findChild<QLineEdit*>());
    typeInRow(list, "[::1]:0");
    window.child<QPushButton>("recordButton")->click();
    QTRY_VERIFY(window->server().isRecording());
    QVERIFY(window.proxy().startsWith("[::1]:"));
  }

  void whatIsNoAddressStaysToBeMended() {
    RecordingWindow window;
    auto* dialog = window.dialog(window.file());
    auto* field = window.child<QLineEdit>("recordEndpointsField");
    QTest::keyClicks(field, "unix:");
    window.press();
    QVERIFY(dialog->isVisible());
    QVERIFY(!window->server().isRunning());
    QCOMPARE(field->text(), QString("unix:"));
    QVERIFY2(noteOf(window)->text().contains("expected a path"), qPrintable(noteOf(window)->text()));
  }

  void eachHasTlsOfItsOwn() {
    RecordingWindow window;
    window.dialog(window.file());
    window.listensOn({"127.0.0.1:0", "[::1]:0"});
    auto* cert = window.child<QLineEdit>("recordTlsCert");
    auto* key = window.child<QLineEdit>("recordTlsKey");
    QVERIFY(!key->isVisible());
    cert->setText("/no/such.pem");
    emit cert->editingFinished();
    QVERIFY(key->isVisible());
    auto* list = window.child<QListWidget>("recordEndpointsList");
    list->setCurrentRow(0);
    QVERIFY(cert->text().isEmpty());
    QVERIFY(!key->isVisible());
    list->setCurrentRow(1);
    QCOMPARE(cert->text(), QString("/no/such.pem"));
    window.press();
    QTRY_VERIFY2(window.label("recordSentence").contains("expected both files, found no key"),
                 qPrintable(window.label("recordSentence")));
    QTRY_COMPARE(window->server().state(), ServerController::State::Stopped);
    cert->clear();  // still in the field when one presses
    window.child<QPushButton>("recordButton")->click();
    QTRY_VERIFY(window->server().isRecording());
    QCOMPARE(window->server().addresses().size(), 2);
  }

  void keysLeadToTheFields() {
    RecordingWindow window;
    auto* dialog = window.dialog(window.file());
    dialog->activateWindow();
    QTRY_COMPARE(QApplication::activeWindow(), dialog);
    QTest::keyClick(dialog, Qt::Key_A, Qt::AltModifier);
    QVERIFY(window.child<QLineEdit>("recordEndpointsField")->hasFocus());
    QTest::keyClick(dialog, Qt::Key_I, Qt::AltModifier);
    QVERIFY(window.child<QLineEdit>("recordTlsCert")->hasFocus());
  }

  // However much is to be filled in: the screen of these tests is 800 by 800.
  void theButtonsStayInReach() {
    RecordingWindow window;
    auto* dialog = window.dialog(window.file());
    const int before = dialog->height();
    window.child<QCheckBox>("recordUpstreamTls")->click();
    QTRY_VERIFY(dialog->height() > before);
    window.listensOn({"127.0.0.1:0", "[::1]:0", "[::1]:1", "[::1]:2", "[::1]:3", "[::1]:4"});
    auto* cert = window.child<QLineEdit>("recordTlsCert");
    cert->setText("server.pem");
    emit cert->editingFinished();
    auto* record = window.child<QPushButton>("recordButton");
    QTRY_VERIFY(window.child<QWidget>("recordTlsKey")->isVisible());
    const QRect room = dialog->screen()->availableGeometry();
    QTRY_VERIFY2(room.contains(QRect(record->mapToGlobal(QPoint()), record->size())),
                 qPrintable(QStringLiteral("%1 of %2").arg(dialog->geometry().bottom()).arg(room.bottom())));
  }

  // The file's own settings, unless a person has said otherwise.
  void theyComeWithTheFile() {
    RecordingWindow window;
    Workspace kept;
    kept.upstream.address = "example.com:443";
    const QString socket = "unix:" + window.path("shop.sock");
    kept.listen = {{"127.0.0.1:0", {}},
                   {socket.toStdString(), {.certFile = "server.pem", .keyFile = "key.pem"}}};
    QVERIFY(writeWorkspace(window.path("there.retake").toStdString(), kept));
    auto* dialog = window.dialog(window.file());
    auto* path = window.child<QLineEdit>("recordPath");
    path->setText(window.path("there.replay"));
    QCOMPARE(shown(window), QStringList({"127.0.0.1:0", socket}));
    QCOMPARE(window.child<QLineEdit>("recordUpstream")->text(), window.serviceAddress());
    path->setText(window.file());
    QCOMPARE(shown(window), QStringList{"127.0.0.1:0"});
    window.listensOn({"[::1]:0"});
    path->setText(window.path("there.replay"));
    QCOMPARE(shown(window), QStringList{"[::1]:0"});
    dialog->reject();
  }

 private:
  static QStringList shown(RecordingWindow& window) {
    QStringList rows;
    const auto* list = window.child<QListWidget>("recordEndpointsList");
    for (int row = 0; row < list->count(); ++row) rows += list->item(row)->text();
    return rows;
  }
  static TextLabel* noteOf(RecordingWindow& window) { return window.child<TextLabel>("recordEndpointsNote"); }
  static void typeInRow(QListWidget* list, const QString& text) {
    list->setFocus();
    QTest::keyClick(list, Qt::Key_F2);
    auto* editor = list->findChild<QLineEdit*>();
    if (!editor) qFatal("no row is edited");
    editor->selectAll();
    QTest::keyClicks(editor, text);
  }
  static std::vector<Workspace::Listen> keptEndpoints(RecordingWindow& window, const char* name) {
    const auto kept = readWorkspace(window.path(name).toStdString(), true);
    if (!kept) qFatal("%s", kept.error().message.c_str());
    return kept->listen;
  }

  TestSettings m_settings;
};

QTEST_MAIN(tst_RecordDialog)
#include "tst_record_dialog.moc"
