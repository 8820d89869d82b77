#pragma once

#include <QObject>
#include <QString>
#include <QStringList>
#include <QThreadPool>
#include <QTimer>
#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "document/snapshot.h"
#include "record/recorder.h"
#include "server/log_model.h"
#include "server/log_queue.h"
#include "workspace/workspace.h"

namespace retake {
class ReplayServer;
class Scrubber;
}  // namespace retake

namespace retake::gui {

class Document;
struct RecordSettings;
struct StartedRecording;

// What became of a recording.
struct EndedRecording {
  QString path = {};
  RecorderCounts counts = {};
  QString lost = {};  // why not all of it was written; empty: all was
};

// The stand-in of the open recording on the endpoints of its workspace, by its policy. Starting, stopping and
// handing over what was edited run on a thread of its own, in the order they were asked for; nothing blocks
// the GUI thread, where this object lives. Another policy, and other scrub rules, count from the next call
// on; other endpoints count from the next start on. When another recording is opened the server stops: a
// client must not be answered from a file that nobody chose to serve.
class ServerController : public QObject {
  Q_OBJECT
 public:
  enum class State { Stopped, Starting, Running, Stopping };
  Q_ENUM(State)
  explicit ServerController(Document& document, QObject* parent = nullptr);
  // Ends calls under way at once, and waits for that.
  ~ServerController() override;

  // Does nothing unless stopped. Answers with stateChanged() to Running, or with failed() and Stopped.
  void start();
  // Lets calls under way end, five seconds at most. Also takes back a start under way.
  void stop();
  // Starts, or stops.
  void toggle();
  // Begins a recording, and serves as its mode says: starts with the file that it is recorded into, which the
  // document has to open when recordingStarted() comes. Does nothing unless stopped. Otherwise answers with
  // recordFailed(), and the file is as it was. The mode is the workspace's, and counts from the next call on;
  // what is recorded answers calls when an edit or another mode has the server take the document's newest
  // snapshot. stop() ends it, with recordingEnded().
  void record(const RecordSettings& settings);
  // From recordingStarted() to recordingEnded().
  bool isRecording() const { return m_record.has_value(); }
  // The document has its file open.
  bool isRecordingShown() const { return m_record && m_record->isShown; }
  QString recordPath() const { return m_record ? m_record->path : QString(); }
  // As it is understood: never `once`.
  RecordMode recordMode() const;
  RecorderCounts recorded() const { return m_record ? m_record->counts : RecorderCounts{}; }
  // Why nothing is recorded any more, while calls go on; empty as long as it is.
  QString recordFailure() const { return m_record ? m_record->failure : QString(); }

  // Stops, and starts again with what the workspace has now.
  void restart();
  // Every recorded call may be used again.
  void resetUsed();

  // While it holds, no answer goes out; step() lets the one go that has waited longest. Stays as it is from
  // one start to the next.
  void setHolding(bool hold);
  bool isHolding() const { return m_holding; }
  void step();
  // Answers that are held back; as of a tenth of a second ago.
  quint32 held() const { return m_held; }

  State state() const { return m_state; }
  bool isRunning() const { return m_state == State::Running; }
  bool isBusy() const { return m_state == State::Starting || m_state == State::Stopping; }
  // Those listened on, with the ports that were taken; empty unless running.
  QStringList addresses() const { return m_addresses; }

  // The endpoints of the workspace are not those of the start any more: restart() takes them.
  bool needsRestart() const;

  // What a person should know of the endpoints, a sentence each; empty unless running.
  QStringList warnings() const { return m_warnings; }

  // Since the last start; they stay after stopping.
  quint64 served() const { return m_queue.counts().served; }
  quint64 missed() const { return m_queue.counts().missed; }
  LogQueue::Counts counts() const { return m_queue.counts(); }
  // Recorded calls that no client asked for since the last start or resetUsed().
  quint64 neverAskedFor() const;

  LogModel& log() { return m_log; }

 signals:
  void stateChanged(retake::gui::ServerController::State state);
  void countsChanged();
  void holdingChanged();  // isHolding() or held()
  // The server answers from the Document's newest snapshot, by its policy, from here on.
  void replaced();
  // A client was answered with these recorded calls: their REQUEST or CREATE_STREAM.
  void hit(const std::vector<retake::EntryId>& calls);
  // No recorded call counts as used any more: started, reset, another file.
  void usedForgotten();
  void failed(const QString& sentence);
  void recordingStarted(const QString& path);
  void recordFailed(const QString& sentence);  // it has not begun
  void recordedChanged();                      // recorded() or recordFailure()
  void recordingBroke(const QString& sentence);
  void recordingNoted(const QString& sentence);
  void recordingEnded(const retake::gui::EndedRecording& ended);

 private:
  struct Record {
    QString path;
    bool hadFile = false;
    bool isShown = false;  // the document has it open
    RecorderCounts counts = {};
    QString failure = {};
  };
  struct Replacement {
    Snapshot snapshot;
    SnapshotChange change;  // of all edits since the last one that the server got
  };
  struct Began {  // with which endpoints, and where these turned out to be
    std::vector<Workspace::Listen> listen;
    QStringList addresses;
  };

  void setState(State state);
  void startOver();
  ReplayLog logger();
  RecorderOptions recorderCallbacks();
  void onRecordStarted(const Record& record, const QStringList& addresses, const QStringList& warnings,
                       const QStringList& notes);
  void onRecorded(EndedRecording& ended);
  bool isBeingRecorded() const;  // what the document has open
  void askRecorded();
  void onDocumentChanged(const SnapshotChange& change);
  void handOver(const SnapshotChange& change);
  void onArrived(const std::vector<ReplayEvent>& events, std::uint64_t leftOut);
  void onStarted(const QStringList& addresses, const QStringList& warnings);
  void onStopped(const QString& sentence);
  void fail(const QString& sentence);
  void say(std::string text, ReplayEvent::Kind kind = ReplayEvent::Kind::Note,
           const Snapshot* snapshot = nullptr, EntryId entry = {});
  void run(std::function<void()> work);
  void askHeld();
  // On m_pool's thread:
  void replaceNow();
  QString servePolicy(const Workspace& workspace);
  QString serveRules(const Snapshot& snapshot);

  Document& m_document;
  LogModel m_log;
  LogQueue m_queue;
  State m_state = State::Stopped;
  bool m_startAgain = false;  // when it has stopped
  Began m_began;
  QStringList m_addresses;
  QStringList m_warnings;
  bool m_holding = false;
  quint32 m_held = 0;
  QTimer m_heldTimer;
  std::optional<Record> m_record;
  QTimer m_countsTimer;
  std::atomic<bool> m_writtenTold = false;  // since the counts were asked for
  bool m_idsHold = true;  // false from another file on until the next start: events name its calls

  std::mutex m_mutex;
  std::optional<Replacement> m_next;  // guarded by m_mutex

  QThreadPool m_pool;                             // one thread
  std::unique_ptr<ReplayServer> m_server;         // touched on m_pool's thread only
  std::shared_ptr<Recorder> m_recorder;           // likewise; null: it does not record
  bool m_hadFile = false;                         // likewise: before it recorded
  Workspace m_served;                             // likewise: what it goes by
  std::shared_ptr<const Scrubber> m_rules;        // likewise; null: none are on
  std::shared_ptr<const Schema> m_schemaOfRules;  // likewise
};

}  // namespace retake::gui
