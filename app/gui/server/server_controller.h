#pragma once

#include <QObject>
#include <QString>
#include <QStringList>
#include <QThreadPool>
#include <memory>
#include <mutex>
#include <optional>

#include "document/snapshot.h"
#include "match/policy.h"
#include "server/log_model.h"
#include "server/log_queue.h"

namespace retake {
class ReplayServer;
}

namespace retake::gui {

class Document;

// The stand-in of the open recording on a local endpoint. Starting, stopping and handing over an
// edited recording run on a thread of its own, in the order they were asked for; nothing blocks the
// GUI thread, where this object lives. When another recording is opened the server stops: a client
// must not be answered from a file that nobody chose to serve.
class ServerController : public QObject {
  Q_OBJECT
 public:
  enum class State { Stopped, Starting, Running, Stopping };
  Q_ENUM(State)
  struct Options {
    Reuse reuse = Reuse::Once;
    bool strictStreams = false;  // a later message that differs fails the call
    bool operator==(const Options&) const = default;
  };

  explicit ServerController(Document& document, QObject* parent = nullptr);
  // Ends calls under way at once, and waits for that.
  ~ServerController() override;

  // "127.0.0.1:0": any free port. Does nothing unless stopped. Answers with stateChanged() to Running,
  // or with failed() and Stopped.
  void start(const QString& address);
  // Lets calls under way end, five seconds at most. Also takes back a start under way.
  void stop();
  // Starts at address(), or stops.
  void toggle();
  // Every recorded call may be used again.
  void resetUsed();

  // Where toggle() starts.
  QString address() const { return m_address; }
  void setAddress(const QString& address);
  // Read at the next start.
  Options options() const { return m_options; }
  void setOptions(const Options& options);

  State state() const { return m_state; }
  bool isRunning() const { return m_state == State::Running; }
  bool isBusy() const { return m_state == State::Starting || m_state == State::Stopping; }
  // Those listened on, with the ports that were taken; empty unless running.
  QStringList addresses() const { return m_addresses; }

  // Since the last start; they stay after stopping.
  quint64 served() const { return m_queue.counts().served; }
  quint64 missed() const { return m_queue.counts().missed; }
  LogQueue::Counts counts() const { return m_queue.counts(); }
  // Recorded calls that no client asked for since the last start or resetUsed().
  quint64 neverAskedFor() const;

  LogModel& log() { return m_log; }

 signals:
  void stateChanged(retake::gui::ServerController::State state);
  void addressChanged(const QString& address);
  void optionsChanged();
  void countsChanged();
  // The server answers from the Document's newest snapshot from here on.
  void replaced();
  // A client was answered with these recorded calls: their REQUEST or CREATE_STREAM.
  void hit(const std::vector<retake::EntryId>& calls);
  void failed(const QString& sentence);

 private:
  struct Replacement {
    Snapshot snapshot;
    SnapshotChange change;  // of all edits since the last one that the server got
  };

  void setState(State state);
  void onDocumentChanged(const SnapshotChange& change);
  void onArrived(const std::vector<ReplayEvent>& events, std::uint64_t leftOut);
  void onStarted(const QStringList& addresses);
  void onStopped(const QString& sentence);
  void fail(const QString& sentence);
  void say(std::string text, ReplayEvent::Kind kind = ReplayEvent::Kind::Note,
           const Snapshot* snapshot = nullptr, EntryId entry = {});
  void run(std::function<void()> work);
  void replaceNow();  // on m_pool's thread

  Document& m_document;
  LogModel m_log;
  LogQueue m_queue;
  Options m_options;
  State m_state = State::Stopped;
  QString m_address;
  QString m_askedFor;  // the address of the last start,
  QString m_got;       // and the one it led to
  QStringList m_addresses;
  bool m_idsHold = true;  // false from another file on until the next start: events name its calls

  std::mutex m_mutex;
  std::optional<Replacement> m_next;  // guarded by m_mutex

  QThreadPool m_pool;                      // one thread
  std::unique_ptr<ReplayServer> m_server;  // touched on m_pool's thread only
};

}  // namespace retake::gui
