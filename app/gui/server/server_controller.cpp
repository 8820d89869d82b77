#include "server/server_controller.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "document/document.h"
#include "serve/replay_server.h"
#include "server/call_index.h"
#include "server/words.h"

namespace retake::gui {

namespace {

constexpr auto kGrace = std::chrono::seconds(5);

// What one replacement says of several edits.
void merge(SnapshotChange& into, const SnapshotChange& change) {
  into.schema |= change.schema;
  into.calls |= change.calls;
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

// At `again` where that is free, else at `at`.
Result<std::string> listen(ReplayServer& server, const std::string& again, const std::string& at) {
  if (!again.empty())
    if (auto listening = server.listen(again)) return listening;
  return server.listen(at);
}

}  // namespace

ServerController::ServerController(Document& document, QObject* parent)
    : QObject(parent),
      m_document(document),
      m_queue(LogModel::kCapacity),
      m_address(QStringLiteral("127.0.0.1:0")) {
  m_pool.setMaxThreadCount(1);
  connect(&document, &Document::changed, this, &ServerController::onDocumentChanged);
  connect(&m_queue, &LogQueue::arrived, this, &ServerController::onArrived);
}

ServerController::~ServerController() {
  run([this] {
    if (m_server) m_server->stop(std::chrono::milliseconds(0));
    m_server.reset();
  });
  m_pool.waitForDone();
}

void ServerController::run(std::function<void()> work) { m_pool.start(std::move(work)); }

void ServerController::start(const QString& address) {
  if (m_state != State::Stopped) return;
  setAddress(address);
  if (!m_document.isOpen()) return fail(tr("Nothing to serve: open a recording first"));

  {
    const std::lock_guard lock(m_mutex);
    m_next.reset();
  }
  m_idsHold = true;
  m_queue.resetCounts();
  emit countsChanged();
  setState(State::Starting);

  ReplayOptions options;
  options.policy.match.reuse = m_options.reuse;
  options.policy.strictStreams = m_options.strictStreams;
  options.log = [this](const ReplayEvent& event) {
    // replaceNow() tells of edits, with the entries' places.
    if (event.kind != ReplayEvent::Kind::Edited) m_queue.push(event);
  };
  // A client keeps its address from one start to the next, as far as nobody else took the port meanwhile.
  const QString again = m_askedFor == m_address ? m_got : QString();
  m_askedFor = m_address;
  run([this, snapshot = m_document.snapshot(), options = std::move(options), at = m_address.toStdString(),
       again = again.toStdString()] {
    QString error;
    QStringList addresses;
    auto server = ReplayServer::start(snapshot.recording, snapshot.schema, options);
    if (!server) {
      error = QString::fromStdString(server.error().message);
    } else if (const auto listening = listen(**server, again, at); !listening) {
      error = QString::fromStdString(listening.error().message);
    } else {
      m_server = std::move(*server);
      for (const std::string& one : m_server->addresses()) addresses += QString::fromStdString(one);
    }
    QMetaObject::invokeMethod(this, [this, error, addresses] {
      if (m_state != State::Starting) return;  // stop() came first, and its own answer is on the way
      if (error.isEmpty()) return onStarted(addresses);
      setState(State::Stopped);
      fail(error);
    });
  });
}

void ServerController::onStarted(const QStringList& addresses) {
  m_addresses = addresses;
  m_got = addresses.value(0);
  setState(State::Running);
  say(tr("serving %1 on %2")
          .arg(m_document.displayName(), addresses.join(QStringLiteral(", ")))
          .toStdString());
}

void ServerController::stop() {
  if (m_state != State::Running && m_state != State::Starting) return;
  m_addresses.clear();
  setState(State::Stopping);
  run([this] {
    QString sentence;
    if (m_server) {
      m_server->stop(kGrace);
      const ReplayReport report = m_server->report();
      m_server.reset();
      sentence = tr("stopped: %1 served, %2 missed, %3 never asked for")
                     .arg(countText(report.served), countText(report.missed),
                          countText(report.neverAskedFor.size()));
    }
    QMetaObject::invokeMethod(this, [this, sentence] { onStopped(sentence); });
  });
}

void ServerController::onStopped(const QString& sentence) {
  setState(State::Stopped);
  if (!sentence.isEmpty()) say(sentence.toStdString());
}

void ServerController::toggle() {
  if (m_state == State::Stopped) {
    start(m_address);
  } else {
    stop();
  }
}

void ServerController::resetUsed() {
  if (m_state != State::Running) return;
  run([this] {
    if (!m_server) return;
    m_server->resetUsed();
    m_queue.resetUsed();
    say("reset: every recorded call may be used again");
    QMetaObject::invokeMethod(this, [this] { emit countsChanged(); });
  });
}

void ServerController::setAddress(const QString& address) {
  const QString trimmed = address.trimmed();
  if (trimmed == m_address) return;
  m_address = trimmed;
  emit addressChanged(m_address);
}

void ServerController::setOptions(const Options& options) {
  if (options == m_options) return;
  m_options = options;
  emit optionsChanged();
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
  if (change.file) {
    if (m_state == State::Running || m_state == State::Starting) {
      say(m_document.isOpen() ? "another recording was opened: press Start to serve it"
                              : "the recording was closed");
      stop();
    }
    m_idsHold = false;
    m_log.forgetCalls();
    m_queue.resetCounts();
    emit countsChanged();
    return;
  }
  if (m_state != State::Running && m_state != State::Starting) return;
  // The initial state is no business of the server's: clients read it from the file.
  if (change.entries.empty() && !change.calls && !change.schema) return;
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
  const auto done = m_server->replace(next->snapshot.recording, next->snapshot.schema);
  if (!done) {
    const QString sentence = tr("The server still answers as before the edit: %1")
                                 .arg(QString::fromStdString(done.error().message));
    QMetaObject::invokeMethod(this, [this, sentence] { fail(sentence); });
    return;
  }
  say(describe(next->snapshot, next->change).toStdString(), ReplayEvent::Kind::Edited, &next->snapshot,
      next->change.entries.empty() ? EntryId{} : next->change.entries.front());
  QMetaObject::invokeMethod(this, [this] { emit replaced(); });
}

void ServerController::onArrived(const std::vector<ReplayEvent>& events, std::uint64_t leftOut) {
  if (!m_idsHold) {
    std::vector<ReplayEvent> stripped = events;
    for (ReplayEvent& event : stripped) event.call = {};
    m_log.append(stripped, leftOut);
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
