// ServerController's recording: what starts with a file that it writes, and ends with it closed.
#include "server/listening.h"
#include "server/policy_words.h"
#include "server/record_start.h"
#include "server/server_controller.h"
#include "server/words.h"

#include "detail/strings.h"
#include "document/document.h"

namespace retake::gui {

void ServerController::record(const RecordSettings& settings) {
  if (m_state != State::Stopped) return;
  startOver();
  m_idsHold = false;
  m_began = {};
  run([this, settings, holding = m_holding] {
    auto started = startRecording(settings, logger(), recorderCallbacks());
    if (!started) {
      QMetaObject::invokeMethod(this, [this, why = toQString(started.error().message)] {
        if (m_state != State::Starting) return;  // stop() came first
        setState(State::Stopped);
        say(toUtf8(why));
        emit recordFailed(why);
      });
      return;
    }
    m_server = std::move(started->server);
    m_recorder = started->recorder;
    m_hadFile = started->hadFile;
    m_served = started->workspace;
    m_rules = started->rules;
    m_schemaOfRules = started->schema;
    m_server->gate().setPaused(holding);
    const Record record{.path = toQString(settings.path), .hadFile = started->hadFile};
    QMetaObject::invokeMethod(
        this, [this, record, endpoints = endpointsOf(started->workspace), addresses = started->addresses,
               warnings = started->warnings, notes = started->notes] {
          if (m_state != State::Starting) return;
          m_began.listen = endpoints;
          onRecordStarted(record, addresses, warnings, notes);
        });
  });
}

// Called on gRPC threads and the recorder's own, as long as there is a server.
RecorderOptions ServerController::recorderCallbacks() {
  RecorderOptions told;
  told.onFailure = [this](const Error& error) {
    const QString why = toQString(error.message);
    QMetaObject::invokeMethod(
        this,
        [this, why] {
          if (!m_record) return;
          m_record->failure = why;
          say(toUtf8(tr("nothing is recorded from here on, calls go on: %1").arg(why)));
          emit recordedChanged();
          emit recordingBroke(why);
        },
        Qt::QueuedConnection);
  };
  told.onNote = [this](const std::string& text) { say(text); };
  told.onWritten = [this] {
    if (m_writtenTold.exchange(true)) return;
    QMetaObject::invokeMethod(
        this, [this] { m_countsTimer.start(); }, Qt::QueuedConnection);
  };
  return told;
}

void ServerController::onRecordStarted(const Record& record, const QStringList& addresses,
                                       const QStringList& warnings, const QStringList& notes) {
  m_record = record;
  m_addresses = addresses;
  m_warnings = warnings + notes;
  m_began.addresses = addresses;
  m_heldTimer.start();
  setState(State::Running);
  say(toUtf8(tr("recording into %1 on %2").arg(record.path, addresses.join(QStringLiteral(", ")))));
  emit recordedChanged();
  emit recordingStarted(record.path);
}

void ServerController::onRecorded(EndedRecording& ended) {
  ended.path = recordPath();
  m_record.reset();
  m_countsTimer.stop();
  m_writtenTold = false;
  emit recordedChanged();
  say(toUtf8(ended.lost.isEmpty() ? tr("recorded %1").arg(recordedWords(ended.counts))
                                  : tr("not all of it was recorded: %1").arg(ended.lost)));
}

bool ServerController::isBeingRecorded() const { return m_record && m_document.path() == m_record->path; }

RecordMode ServerController::recordMode() const {
  return recordModeOf(*m_document.snapshot().workspace, m_record && m_record->hadFile);
}

// The file may be slow, and its recorder is asked elsewhere.
void ServerController::askRecorded() {
  run([this] {
    m_writtenTold = false;
    if (!m_recorder) return;
    QMetaObject::invokeMethod(this, [this, counts = m_recorder->counts()] {
      if (!m_record) return;
      m_record->counts = counts;
      emit recordedChanged();
    });
  });
}

}  // namespace retake::gui
