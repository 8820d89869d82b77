#include "recovery/edit_keeper.h"

#include <algorithm>

namespace retake::gui {
namespace {

constexpr int kDelayMs = 500;
// Of the time, writing may take this part at most: a tenth.
constexpr qint64 kShare = 10;

}  // namespace

EditKeeper::EditKeeper(Document& document, const QString& root, QObject* parent)
    : QObject(parent), m_document(document), m_root(root) {
  m_job.emplace();
  m_due.setSingleShot(true);
  m_due.setInterval(kDelayMs);
  connect(&m_due, &QTimer::timeout, this, &EditKeeper::keep);
  connect(&document, &Document::changed, this, [this](const SnapshotChange& change) {
    m_changed = m_changed || change.file || change.calls || change.workspace || !change.entries.empty();
    look();
  });
  connect(&document, &Document::modifiedChanged, this, &EditKeeper::look);
  // Places are those in the file, which is another one now.
  connect(&document, &Document::fileChanged, this, [this] {
    m_changed = true;
    look();
  });
}

EditKeeper::~EditKeeper() {
  m_job.reset();
  if (m_folder) m_folder->remove();
}

void EditKeeper::look() {
  if (m_job->isRunning()) return;  // done() looks again
  if (!m_document.isModified()) {
    m_due.stop();
    if (const auto folder = std::move(m_folder)) folder->remove();
  } else if (m_changed && !m_due.isActive()) {
    m_due.start();
  }
}

void EditKeeper::keep() {
  if (m_job->isRunning() || !m_document.isModified()) return;
  m_changed = false;
  if (!m_folder) m_folder = KeptFolder::make(m_root);
  if (!m_folder) return done(Error{m_root.toStdString() + ": cannot be made"});
  EditsToKeep edits{.folder = m_folder->path(),
                    .generation = ++m_generation,
                    .path = m_document.path(),
                    .name = m_document.displayName(),
                    .stamp = m_document.stamp(),
                    .format = m_document.format()};
  if (m_document.isRecordingModified() || m_document.path().isEmpty()) {
    edits.recording = m_document.snapshot().recording;
    edits.file = m_document.savedRecording();
  }
  if (m_document.isWorkspaceModified()) edits.workspace = m_document.snapshot().workspace;
  m_took.start();
  m_job->start(
      tr("Keeping unsaved edits"), [edits](const Task& task) { return keepEdits(edits, task); },
      [this](const Result<void>& result) { done(result); });
}

void EditKeeper::done(const Result<void>& result) {
  if (m_took.isValid())
    m_due.setInterval(static_cast<int>(std::max<qint64>(kDelayMs, kShare * m_took.elapsed())));
  if (!result && !std::exchange(m_hasFailed, true))
    emit failed(tr("Unsaved edits cannot be kept on disk, and would be lost if Retake ended unexpectedly: %1")
                    .arg(QString::fromStdString(result.error().message)));
  look();
  if (result && m_document.isModified() && !m_changed) emit kept();
}

}  // namespace retake::gui
