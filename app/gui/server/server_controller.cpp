#include "server/server_controller.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "detail/strings.h"
#include "document/document.h"
#include "record/recorder.h"
#include "scrub/open_scrubber.h"
#include "serve/replay_server.h"
#include "server/call_index.h"
#include "server/listening.h"
#include "server/policy_words.h"
#include "server/record_start.h"
#include "server/words.h"

namespace retake::gui {

namespace {

constexpr auto kGrace = std::chrono::seconds(5);
constexpr int kAskHeldMs = 100;
constexpr int kAskCountsMs = 100;

// What one replacement says of several edits.
void merge(SnapshotChange& into, const SnapshotChange& change) {
  // Only as long as nothing else happens: then it is an edit, and told as one.
  if (change.appended && !into.calls && into.entries.empty() && !into.schema) into.appended = change.appended;
  if (!change.appended) into.appended.reset();
  into.file |= change.file;
  into.schema |= change.schema;
  into.calls |= change.calls;
  into.workspace |= change.workspace;
  for (const EntryId entry : change.entries) {
    if (std::find(into.entries.begin(), into.entries.end(), entry) == into.entries.end()) {
      into.entries.push_back(entry);
    }
  }
}

QString describe(const Snapshot& snapshot, const SnapshotChange& change) {
  QString what = entryWords(*snapshot.recording, change.entries);
  if (what.isEmpty() && change.calls) what = QStringLiteral("entries added or removed");
  if (!what.isEmpty()) what.prepend(QStringLiteral("edited: "));
  if (change.schema)
    what += what.isEmpty() ? QStringLiteral("another schema") : QStringLiteral(", another schema");
  return what + QStringLiteral(" — counts from the next call on");
}

// What is asked of the recording, not of the sockets.
bool isReplaced(const SnapshotChange& change) {
  return change.calls || change.schema || !change.entries.empty();
}

// A file that grows would fill the log; one that has just been opened to be recorded into is no edit, nor is
// its schema.
bool isTold(const SnapshotChange& change) { return isReplaced(change) && !change.appended && !change.file; }

}  // namespace

ServerController::ServerController(Document& document, QObject* parent)
    : QObject(parent), m_document(document), m_queue(LogModel::kCapacity) {
  m_pool.setMaxThreadCount(1);
  m_heldTimer.setInterval(kAskHeldMs);
  connect(&m_heldTimer, &QTimer::timeout, this, &ServerController::askHeld);
  m_countsTimer.setSingleShot(true);
  m_countsTimer.setInterval(kAskCountsMs);
  connect(&m_countsTimer, &QTimer::timeout, this, &ServerController::askRecorded);
  connect(&document, &Document::changed, this, &ServerController::onDocumentChanged);
  connect(&m_queue, &LogQueue::arrived, this, &ServerController::onArrived);
}

ServerController::~ServerController() {
  run([this] {
    if (m_server) m_server->stop(std::chrono::milliseconds(0));
    m_server.reset();
    m_recorder.reset();
  });
  m_pool.waitForDone();
}

void ServerController::run(std::function<void()> work) { m_pool.start(std::move(work)); }

// replaceNow() tells of edits, with the entries' places.
ReplayLog ServerController::logger() {
  return [this](const ReplayEvent& event) {
    if (event.kind != ReplayEvent::Kind::Edited) m_queue.push(event);
  };
}

void ServerController::startOver() {
  {
    const std::lock_guard lock(m_mutex);
    m_next.reset();
  }
  m_queue.resetCounts();
  emit usedForgotten();
  emit countsChanged();
  setState(State::Starting);
}

void ServerController::start() {
  if (m_state != State::Stopped) return;
  if (!m_document.isOpen()) return fail(tr("Nothing to serve: open a recording first"));
  startOver();
  m_idsHold = true;

  const Workspace workspace = *m_document.snapshot().workspace;
  ReplayOptions options;
  options.policy = workspace.policy;
  options.upstream = workspace.upstream;
  options.log = logger();
  const auto endpoints = endpointsOf(workspace);
  QStringList again;
  for (std::size_t i = 0; i < std::min(endpoints.size(), m_began.listen.size()); ++i) {
    const bool same = endpoints[i] == m_began.listen[i];
    again += same ? m_began.addresses.value(static_cast<qsizetype>(i)) : QString();
  }
  m_began = {endpoints, {}};
  run([this, snapshot = m_document.snapshot(), options = std::move(options), workspace, endpoints, again,
       holding = m_holding] {
    QString error;
    QStringList addresses;
    QStringList warnings;
    ReplayOptions served = options;
    const auto rules = openScrubber(workspace.scrub, snapshot.schema);
    if (rules) served.rules = *rules;
    auto server = ReplayServer::start(snapshot.recording, snapshot.schema, std::move(served));
    if (!rules) {
      error = tr("Scrub rules: %1").arg(QString::fromStdString(rules.error().message));
    } else if (!server) {
      error = QString::fromStdString(server.error().message);
    } else {
      (*server)->gate().setPaused(holding);
      auto listening = listenOn(**server, endpoints, again);
      if (listening) {
        addresses = *std::move(listening);
        warnings = warningsOf(**server);
        m_server = std::move(*server);
        m_served = workspace;
        m_rules = *rules;
        m_schemaOfRules = snapshot.schema;
      } else {
        error = QString::fromStdString(listening.error().message);
      }
    }
    QMetaObject::invokeMethod(this, [this, error, addresses, warnings] {
      if (m_state != State::Starting) return;  // stop() came first, and its own answer is on the way
      if (error.isEmpty()) return onStarted(addresses, warnings);
      setState(State::Stopped);
      fail(error);
    });
  });
}

void ServerController::onStarted(const QStringList& addresses, const QStringList& warnings) {
  m_addresses = addresses;
  m_warnings = warnings;
  m_began.addresses = addresses;
  m_heldTimer.start();
  setState(State::Running);
  say(tr("serving %1 on %2")
          .arg(m_document.displayName(), addresses.join(QStringLiteral(", ")))
          .toStdString());
}

void ServerController::stop() {
  if (m_state != State::Running && m_state != State::Starting) return;
  m_addresses.clear();
  m_warnings.clear();
  m_heldTimer.stop();
  setState(State::Stopping);
  run([this] {
    QString sentence;
    std::optional<EndedRecording> ended;
    if (m_server) {
      m_server->stop(kGrace);
      const ReplayReport report = m_server->report();
      m_server.reset();
      sentence = tr("stopped: %1 served, %2 missed, %3 never asked for")
                     .arg(countText(report.served), countText(report.missed),
                          countText(report.neverAskedFor.size()));
    }
    if (m_recorder) {
      const auto closed = m_recorder->close();
      ended = {.counts = m_recorder->counts(),
               .lost = closed ? QString() : toQString(closed.error().message)};
      m_recorder.reset();
    }
    QMetaObject::invokeMethod(this, [this, sentence, ended]() mutable {
      const bool isKnown = ended && m_record;  // else it was stopped before it had begun
      if (isKnown) onRecorded(*ended);
      onStopped(sentence);
      if (isKnown) emit recordingEnded(*ended);
    });
  });
}

void ServerController::onStopped(const QString& sentence) {
  m_held = 0;
  emit holdingChanged();
  setState(State::Stopped);
  if (!sentence.isEmpty()) say(sentence.toStdString());
  if (std::exchange(m_startAgain, false)) start();
}

void ServerController::toggle() {
  m_startAgain = false;
  if (m_state == State::Stopped) {
    start();
  } else {
    stop();
  }
}

void ServerController::restart() {
  if (m_state == State::Stopped) return start();
  stop();
  m_startAgain = true;
}

bool ServerController::needsRestart() const {
  return (m_state == State::Running || m_state == State::Starting) &&
         endpointsOf(*m_document.snapshot().workspace) != m_began.listen;
}

void ServerController::setHolding(bool hold) {
  if (hold == m_holding) return;
  m_holding = hold;
  run([this, hold] {
    if (m_server) m_server->gate().setPaused(hold);
  });
  askHeld();
  emit holdingChanged();
}

void ServerController::step() {
  run([this] {
    if (m_server) m_server->gate().step();
  });
  askHeld();
}

void ServerController::askHeld() {
  if (!m_holding && m_held == 0) return;
  run([this] {
    const quint32 held = m_server ? static_cast<quint32>(m_server->gate().held()) : 0;
    QMetaObject::invokeMethod(this, [this, held] {
      if (held == m_held) return;
      m_held = held;
      emit holdingChanged();
    });
  });
}

void ServerController::resetUsed() {
  if (m_state != State::Running) return;
  run([this] {
    if (!m_server) return;
    m_server->resetUsed();
    m_queue.resetUsed();
    say("reset: every recorded call may be used again");
    QMetaObject::invokeMethod(this, [this] {
      emit usedForgotten();
      emit countsChanged();
    });
  });
}

quint64 ServerController::neverAskedFor() const {
  const auto& calls = m_document.snapshot().calls;
  const quint64 total = calls ? calls->size() : 0;
  return total - std::min<quint64>(total, m_queue.counts().callsUsed);
}

void ServerController::setState(State state) {
  if (state == m_state) return;
  m_state = state;
  emit stateChanged(state);
}

void ServerController::onDocumentChanged(const SnapshotChange& change) {
  if (change.file && isBeingRecorded() && !m_record->isShown) {
    m_record->isShown = m_idsHold = true;
  } else if (change.file) {
    if (m_state == State::Running || m_state == State::Starting) {
      say(m_document.isOpen() ? "another recording was opened: press Start to serve it"
                              : "the recording was closed");
      stop();
    }
    m_startAgain = false;
    m_idsHold = false;
    m_log.forgetCalls();
    m_queue.resetCounts();
    emit usedForgotten();
    emit countsChanged();
    return;
  }
  if (m_state != State::Running && m_state != State::Starting) return;
  // The initial state is no business of the server's: clients read it from the file.
  if (!isReplaced(change) && !change.workspace) return;
  if (m_record && change.schema && change.entries.empty() && !change.calls) {
    SnapshotChange quiet = change;
    quiet.file = true;
    return handOver(quiet);
  }
  // What is recorded does not answer the next call like it: only the service knows what it says then.
  if (m_record && change.appended) return;
  handOver(change);
}

void ServerController::handOver(const SnapshotChange& change) {
  {
    const std::lock_guard lock(m_mutex);
    const bool queued = m_next.has_value();
    if (!queued) m_next.emplace();
    m_next->snapshot = m_document.snapshot();
    merge(m_next->change, change);
    if (queued) return;
  }
  run([this] { replaceNow(); });
}

void ServerController::replaceNow() {
  std::optional<Replacement> next;
  {
    const std::lock_guard lock(m_mutex);
    next.swap(m_next);
  }
  if (!next || !m_server) return;
  QString failure;
  const Workspace& workspace = *next->snapshot.workspace;
  const bool otherMode = m_recorder && workspace.record.mode != m_served.record.mode;
  if (isReplaced(next->change) || otherMode) {
    const auto done = m_server->replace(next->snapshot.recording, next->snapshot.schema);
    if (!done) {
      failure = tr("The server still answers as before the edit: %1")
                    .arg(QString::fromStdString(done.error().message));
    } else if (isTold(next->change)) {
      say(describe(next->snapshot, next->change).toStdString(), ReplayEvent::Kind::Edited, &next->snapshot,
          next->change.entries.empty() ? EntryId{} : next->change.entries.front());
    }
  }
  if (failure.isEmpty() && next->change.workspace) failure = servePolicy(workspace);
  if (failure.isEmpty()) failure = serveRules(next->snapshot);
  QMetaObject::invokeMethod(this, [this, failure] { failure.isEmpty() ? emit replaced() : fail(failure); });
}

// Empty, or why it goes by the old one.
QString ServerController::servePolicy(const Workspace& workspace) {
  const QString what = changeWords(m_served, workspace);
  if (workspace.upstream != m_served.upstream) {
    if (const auto done = m_server->setUpstream(workspace.upstream); !done)
      return tr("The server still forwards as before: %1").arg(QString::fromStdString(done.error().message));
  }
  if (workspace.policy != m_served.policy || workspace.record.mode != m_served.record.mode) {
    const ReplayPolicy policy =
        m_recorder ? inMode(workspace.policy, recordModeOf(workspace, m_hadFile)) : workspace.policy;
    if (const auto done = m_server->setPolicy(policy); !done)
      return tr("The server still goes by the old options: %1")
          .arg(QString::fromStdString(done.error().message));
  }
  m_served.policy = workspace.policy;
  m_served.upstream = workspace.upstream;
  m_served.record = workspace.record;
  if (!what.isEmpty())
    say((what + tr(" — counts from the next call on")).toStdString(), ReplayEvent::Kind::Edited);
  return {};
}

// Likewise. Rules know message types by the schema.
QString ServerController::serveRules(const Snapshot& snapshot) {
  const ScrubSettings& scrub = snapshot.workspace->scrub;
  if (scrub == m_served.scrub && (snapshot.schema == m_schemaOfRules || !m_rules)) return {};
  auto rules = openScrubber(scrub, snapshot.schema);
  if (rules) {
    if (const auto done = m_server->setRules(*rules); !done) rules = done.error();
  }
  if (!rules)
    return tr("The server still goes by the old scrub rules: %1")
        .arg(QString::fromStdString(rules.error().message));
  if (m_recorder) m_recorder->setRules(*rules);
  const bool wereOn = m_rules != nullptr;
  m_rules = *rules;
  m_schemaOfRules = snapshot.schema;
  m_served.scrub = scrub;
  if (m_rules || wereOn)
    say((!m_rules  ? tr("scrub rules are off")
         : !wereOn ? tr("scrub rules are on")
                   : tr("scrub rules changed"))
            .append(m_recorder ? tr(" — counts from the next call on, and for what is recorded from now on")
                               : tr(" — counts from the next call on"))
            .toStdString(),
        ReplayEvent::Kind::Edited);
  return {};
}

void ServerController::onArrived(const std::vector<ReplayEvent>& events, std::uint64_t leftOut) {
  if (!m_idsHold) {
    std::vector<ReplayEvent> stripped = events;
    for (ReplayEvent& event : stripped) event.call = {};
    m_log.append(std::move(stripped), leftOut);
    emit countsChanged();
    return;
  }
  m_log.append(events, leftOut);
  emit countsChanged();
  std::vector<EntryId> calls;
  for (const ReplayEvent& event : events) {
    if (event.kind == ReplayEvent::Kind::Call && event.call) calls.push_back(event.call);
  }
  if (!calls.empty()) emit hit(calls);
}

void ServerController::fail(const QString& sentence) {
  say(sentence.toStdString());
  emit failed(sentence);
}

// From any thread. With an `entry` of `snapshot`, the line leads to its call.
void ServerController::say(std::string text, ReplayEvent::Kind kind, const Snapshot* snapshot,
                           EntryId entry) {
  ReplayEvent line;
  line.kind = kind;
  line.time = std::chrono::system_clock::now();
  line.text = std::move(text);
  if (snapshot != nullptr && entry) {
    if (const auto index = callIndex(*snapshot, entry)) {
      const Recording& recording = *snapshot->recording;
      const Call call = (*snapshot->calls)[*index];
      line.call = recording.info(call.first).id;
      line.callNumber = call.number;
      line.method = recording.methodName(recording.info(call.first).method);
    }
  }
  m_queue.push(std::move(line));
}

}  // namespace retake::gui
