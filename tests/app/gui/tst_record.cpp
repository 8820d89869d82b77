#include <sys/resource.h>

#include <QClipboard>
#include <QToolBar>
#include <QToolButton>
#include <csignal>

#include "recording_window.h"
#include "stall_watchdog.h"
#include "timeline/timeline_view.h"

using namespace retake;
using namespace retake::test;

namespace {

const auto kApple = std::vector<std::string>{field(1, "apple")};
const auto kBanana = std::vector<std::string>{field(1, "banana")};

std::vector<std::string> answer(const QString& address, const char* sku) {
  return call(address, field(1, sku)).received;
}

// Files may not grow beyond `bytes`, as on a full disk.
class SmallDisk {
 public:
  explicit SmallDisk(rlim_t bytes) {
    std::signal(SIGXFSZ, SIG_IGN);
    if (::getrlimit(RLIMIT_FSIZE, &m_before) != 0) qFatal("no limit to be read");
    const rlimit limit{bytes, m_before.rlim_max};
    if (::setrlimit(RLIMIT_FSIZE, &limit) != 0) qFatal("no limit to be set");
  }
  ~SmallDisk() { ::setrlimit(RLIMIT_FSIZE, &m_before); }

 private:
  rlimit m_before = {};
};

}  // namespace

class tst_Record : public QObject {
  Q_OBJECT
 private slots:
  void init() { QSettings().clear(); }

  void callsAppearWhileTheyHappen() {
    RecordingWindow window;
    StallWatchdog watchdog;
    QVERIFY(window.records());
    QCOMPARE(window->document().path(), window.file());
    QCOMPARE(window->document().snapshot().calls->size(), 0u);
    auto* awaited = window.child<QWidget>("awaitedCalls");
    QTRY_VERIFY(awaited->isVisible());
    QCOMPARE(window.child<QLabel>("awaitedAddresses")->text(), window.proxy());
    QVERIFY(window.label("awaitedThen").contains(window.serviceAddress()));
    QTest::mouseClick(window.child<QPushButton>("awaitedCopy"), Qt::LeftButton);
    QCOMPARE(QGuiApplication::clipboard()->text(), window.proxy());
    QCOMPARE(answer(window.proxy(), "a"), kApple);
    QVERIFY(window.shows(1));
    QTRY_VERIFY(!awaited->isVisible());
    QVERIFY(window.child<TimelineView>("timelineView")->isVisible());
    QCOMPARE(answer(window.proxy(), "b"), kBanana);
    QVERIFY(window.shows(2));
    QTRY_COMPARE(window.child<TimelineView>("timelineView")->geometry().total(), 4u);
    QTRY_VERIFY(window.label("statusRecording").startsWith("● recording: 2 calls, 4 entries, "));
    QTRY_VERIFY(window.label("serverStatus").startsWith("● recording into live.replay: 2 calls"));
    QVERIFY(!window.child<QWidget>("statusFollowing")->isVisible());
    QVERIFY(!window->isWindowModified());
    QVERIFY(window.stops());
    QVERIFY(!window.child<QWidget>("statusRecording")->isVisible());
    QVERIFY2(window.barText().startsWith("Recorded 2 calls, 4 entries, "), qPrintable(window.barText()));
    QVERIFY(window->document().problems().empty());
    QVERIFY(watchdog.longest() < StallWatchdog::kLimitMs);
    // What was recorded is served, and no longer asked of the service.
    window->server().start();
    QTRY_VERIFY(window->server().isRunning());
    QCOMPARE(answer(window.proxy(), "a"), kApple);
    QCOMPARE(window.service().report().served, 2u);
  }

  // One command ends it: the tool bar has one button for that, and the pane the same.
  void oneCommandStopsIt() {
    RecordingWindow window;
    auto* serve = window.action("serverToggle");
    auto* record = window.action("record");
    const auto button = [&](QAction* action) {
      return window.child<QToolBar>("toolBar")->widgetForAction(action);
    };
    QVERIFY(window.records());
    QVERIFY(!serve->isVisible());
    QVERIFY(!button(serve)->isVisible());
    QVERIFY(button(record)->isVisible());
    auto* shown = qobject_cast<QToolButton*>(button(record));
    QCOMPARE(shown->toolButtonStyle(), Qt::ToolButtonTextBesideIcon);
    QCOMPARE(shown->text(), "Stop recording");
    QVERIFY(record->toolTip().startsWith("End the recording"));
    auto* inPane = window.child<QPushButton>("serverStart");
    QCOMPARE(inPane->text(), "Stop recording");
    QVERIFY(inPane->isEnabled());
    inPane->click();
    QTRY_COMPARE(window->server().state(), ServerController::State::Stopped);
    QVERIFY(serve->isVisible());
    QCOMPARE(shown->text(), "Record");
    window->server().start();
    QTRY_VERIFY(window->server().isRunning());
    QCOMPARE(serve->text(), "Stop serving");
    QVERIFY(button(serve)->isVisible());
  }

  void theServiceTellsItsTypes() {
    RecordingWindow window;
    QVERIFY(window.records());
    QCOMPARE(answer(window.proxy(), "a"), kApple);
    QVERIFY(window.shows(1));
    const QString kept = window.path("live.reflection.protoset");
    QVERIFY(QFile::exists(kept));
    QTRY_COMPARE(window->document().schemaPlaces(), QStringList{kept});
    const auto entry = window->document().snapshot().recording->entry(0);
    QVERIFY(entry);
    QCOMPARE(QString::fromUtf8(entry->fields.typeUrl.data(), int(entry->fields.typeUrl.size())),
             QString("type.googleapis.com/shop.v1.GetRequest"));
  }

  void withoutItsTypesItIsRecordedAllTheSame() {
    RecordingWindow window(Schema::builtin());
    QVERIFY(window.records());
    QCOMPARE(answer(window.proxy(), "a"), kApple);
    QVERIFY(window.shows(1));
    QVERIFY(!QFile::exists(window.path("live.reflection.protoset")));
    QVERIFY(window.stops());
    QTRY_COMPARE(window->document().problems().size(), 1u);

    // A schema that comes later gives them, as one edit.
    auto* give = window.child<QPushButton>("giveTypesButton");
    QVERIFY(give->isVisibleTo(give->parentWidget()));
    give->click();
    QVERIFY2(window.barText().startsWith("Load a schema first"), qPrintable(window.barText()));
    window->open({window.write("shop.proto", kShopProto)});
    QTRY_COMPARE(window->document().schemaPlaces().size(), 1);
    QVERIFY(window.idle());
    window.action("giveTypes")->trigger();
    QTRY_COMPARE(window->document().undoStack().count(), 1);
    QCOMPARE(window->document().editedEntries().size(), 2u);
    QTRY_VERIFY(window->document().problems().empty());
    window->document().undoStack().undo();
    QTRY_COMPARE(window->document().problems().size(), 1u);
  }

  void rulesThatComeMeanwhileCountForWhatIsRecorded() {
    RecordingWindow window;
    QVERIFY(window.records());
    QCOMPARE(answer(window.proxy(), "a"), kApple);
    QVERIFY(window.shows(1));
    Workspace workspace = *window->document().snapshot().workspace;
    ScrubRule rule;
    rule.name = "fruit";
    rule.where.pattern = "apple|banana";
    workspace.scrub.rules.push_back(rule);
    QSignalSpy replaced(&window->server(), &ServerController::replaced);
    window->document().pushWorkspace(workspace, QStringLiteral("rule"));
    QTRY_VERIFY(!replaced.isEmpty());
    QCOMPARE(answer(window.proxy(), "b"), kBanana);  // the client sees what the service says
    QVERIFY(window.shows(2));
    QVERIFY(window.stops());
    QFile file(window.file());
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray bytes = file.readAll();
    QVERIFY(bytes.contains("apple"));
    QVERIFY(!bytes.contains("banana"));
  }

  void theModeIsSwitchedMeanwhile() {
    RecordingWindow window;
    QVERIFY(window.records());
    auto* mode = window.child<QComboBox>("serverRecordMode");
    QCOMPARE(mode->currentText(), QString("all"));
    QCOMPARE(answer(window.proxy(), "a"), kApple);
    QCOMPARE(answer(window.proxy(), "a"), kApple);
    QVERIFY(window.shows(2));
    const auto served = [&window] { return window.service().report().served; };
    QCOMPARE(served(), 2u);

    QSignalSpy replaced(&window->server(), &ServerController::replaced);
    window.choose(mode, "none");
    QTRY_VERIFY(!replaced.isEmpty());
    QCOMPARE(answer(window.proxy(), "a"), kApple);
    QCOMPARE(call(window.proxy(), field(1, "b")).end.code, 2);
    QCOMPARE(served(), 2u);

    replaced.clear();
    window.choose(mode, "new_episodes");
    QTRY_VERIFY(!replaced.isEmpty());
    QCOMPARE(answer(window.proxy(), "a"), kApple);
    QCOMPARE(served(), 2u);
    QCOMPARE(answer(window.proxy(), "b"), kBanana);
    QCOMPARE(served(), 3u);
    // What has just been recorded does not stand in for the service yet.
    QCOMPARE(answer(window.proxy(), "b"), kBanana);
    QCOMPARE(served(), 4u);
    QVERIFY(window.shows(4));
  }

  void whatTheFileHasIsTreatedAsTheModeSays_data() {
    QTest::addColumn<QByteArray>("mode");
    QTest::addColumn<int>("calls");
    QTest::addColumn<quint64>("asked");
    QTest::newRow("all") << QByteArray("all") << 2 << quint64{3};
    QTest::newRow("new_episodes") << QByteArray("new_episodes") << 2 << quint64{2};
    QTest::newRow("once") << QByteArray("once") << 1 << quint64{1};
    QTest::newRow("none") << QByteArray("none") << 1 << quint64{1};
  }
  void whatTheFileHasIsTreatedAsTheModeSays() {
    QFETCH(QByteArray, mode);
    QFETCH(int, calls);
    QFETCH(quint64, asked);
    RecordingWindow window;
    QVERIFY(window.records("once"));
    QCOMPARE(answer(window.proxy(), "a"), kApple);
    QVERIFY(window.shows(1));
    QVERIFY(window.stops());
    QVERIFY(window.records(mode.constData()));
    QCOMPARE(window->document().snapshot().calls->size(), mode == "all" ? 0u : 1u);
    QCOMPARE(answer(window.proxy(), "a"), kApple);
    const bool passes = mode == "all" || mode == "new_episodes";
    QCOMPARE(answer(window.proxy(), "b"), passes ? kBanana : std::vector<std::string>{});
    QCOMPARE(window.service().report().served, asked);
    QVERIFY(window.shows(calls));
    QVERIFY(window.stops());
    const auto kept = readWorkspace(window.path("live.retake").toStdString(), true);
    QVERIFY(kept);
    QCOMPARE(std::string(recordModeName(kept->record.mode.value())), mode.toStdString());
    QCOMPARE(kept->upstream.address, window.serviceAddress().toStdString());
  }

  void aMistakeCostsNoRecording_data() {
    QTest::addColumn<QString>("what");
    QTest::addColumn<QString>("sentence");
    QTest::newRow("no service") << "upstream"
                                << "Give the address of the service";
    QTest::newRow("no such address") << "nowhere"
                                     << "cannot use nowhere as an upstream";
    QTest::newRow("a port that is taken") << "listen"
                                          << "cannot listen";
  }
  void aMistakeCostsNoRecording() {
    QFETCH(QString, what);
    QFETCH(QString, sentence);
    RecordingWindow window;
    const QString there = window.write("there.replay", shop().bytes());
    auto* dialog = window.dialog(there, "all");
    QVERIFY(window.label("recordFile").contains("is lost"));
    if (what == "upstream") window.child<QLineEdit>("recordUpstream")->clear();
    if (what == "nowhere") window.child<QLineEdit>("recordUpstream")->setText("nowhere");
    if (what == "listen") window.listensOn({window.serviceAddress()});
    window.press();
    QTRY_VERIFY2(window.label("recordSentence").contains(sentence),
                 qPrintable(window.label("recordSentence")));
    QTRY_COMPARE(window->server().state(), ServerController::State::Stopped);
    QVERIFY(dialog->isVisible());
    QCOMPARE(OpenedDocument::read(there).toStdString(), shop().bytes());
    QVERIFY(!QFile::exists(window.path("there.retake")));
    // And can be mended.
    window.child<QLineEdit>("recordUpstream")->setText(window.serviceAddress());
    window.listensOn({"127.0.0.1:0"});
    window.press();
    QTRY_VERIFY(window->server().isRecording());
  }

  void savingOverItIsRefused() {
    RecordingWindow window;
    QVERIFY(window.records());
    QCOMPARE(answer(window.proxy(), "a"), kApple);
    QVERIFY(window.shows(1));
    window.edit();
    window.action("save")->trigger();
    QTRY_VERIFY2(window.barText().contains("is being recorded into"), qPrintable(window.barText()));
    window.action("follow")->trigger();  // follows no more
    QVERIFY(!window->following().isFollowing());
    window.action("save")->trigger();
    QVERIFY(window.barText().contains("is being recorded into"));
    window.action("follow")->trigger();
    // Edits stay while calls come, and are saved when it has ended.
    QCOMPARE(answer(window.proxy(), "b"), kBanana);
    QVERIFY(window.shows(2));
    QVERIFY(window->isWindowModified());
    QVERIFY(window.stops());
    window.action("save")->trigger();
    QTRY_VERIFY(!window->isWindowModified());
    const auto saved = openRecording(window.file().toStdString());
    QVERIFY(saved);
    QCOMPARE(saved->recording->size(), 4u);
    QVERIFY(saved->recording->initialState()->view == "other seed");
  }

  void closingAsks() {
    RecordingWindow window;
    QVERIFY(window.records());
    QCOMPARE(answer(window.proxy(), "a"), kApple);
    window->close();
    QVERIFY(window->isVisible());
    window.answer("recordQuestion", QMessageBox::Cancel);
    QTRY_VERIFY(!window->findChild<QMessageBox*>("recordQuestion"));
    QVERIFY(window->server().isRecording());
    QCOMPARE(answer(window.proxy(), "b"), kBanana);
    window->close();
    auto* question = window.find<QMessageBox>("recordQuestion");
    QVERIFY(question);
    QTest::mouseClick(question->findChild<QPushButton*>("stopRecording"), Qt::LeftButton);
    QTRY_VERIFY(!window->isVisible());
    const auto saved = openRecording(window.file().toStdString());
    QVERIFY(saved);
    QCOMPARE(saved->recording->size(), 4u);
  }

  void anotherFileAsksToo() {
    RecordingWindow window;
    QVERIFY(window.records());
    QCOMPARE(answer(window.proxy(), "a"), kApple);
    window->open({window.write("other.replay", shop().bytes())});
    auto* question = window.find<QMessageBox>("recordQuestion");
    QVERIFY(question);
    QTest::mouseClick(question->findChild<QPushButton*>("stopRecording"), Qt::LeftButton);
    QTRY_COMPARE(window->document().displayName(), QString("other.replay"));
    QVERIFY(!window->server().isRecording());
    QVERIFY(QFile::exists(window.file()));
  }

  void aFullDiskIsToldAndCallsGoOn() {
    RecordingWindow window;
    QVERIFY(window.records());
    // Larger than anything else that is written meanwhile.
    (void)call(window.proxy(), field(1, std::string(200'000, 'x')));
    QVERIFY(window.shows(1));
    {
      const SmallDisk disk(static_cast<rlim_t>(QFileInfo(window.file()).size()) + 10);
      QCOMPARE(answer(window.proxy(), "a"), kApple);
      QTRY_VERIFY2(window.barText().contains("Nothing is recorded any more, while calls go on"),
                   qPrintable(window.barText()));
    }
    QCOMPARE(answer(window.proxy(), "b"), kBanana);
    QVERIFY(window.label("statusRecording").startsWith("✗ recorded no further"));
    QVERIFY(window.stops());
    QVERIFY2(window.barText().startsWith("Not all of it was recorded"), qPrintable(window.barText()));
    const auto saved = openRecording(window.file().toStdString());
    QVERIFY(saved);
    QCOMPARE(saved->recording->tailSize(), 0u);
  }

  void servingStopsForARecording() {
    RecordingWindow window;
    QVERIFY(window.opens(window.write("there.replay", shop().bytes())));
    window->server().start();
    QTRY_VERIFY(window->server().isRunning());
    QVERIFY(window.records());
    QCOMPARE(answer(window.proxy(), "b"), kBanana);
    QCOMPARE(window.service().report().served, 1u);
  }

 private:
  TestSettings m_settings;
};

QTEST_MAIN(tst_Record)
#include "tst_record.moc"
