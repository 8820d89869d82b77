#include "recovery/edit_keeper.h"

#include <algorithm>

namespace retake::gui {
namespace {

constexpr int kDelayMs = 500;
// Of the time, writing may take this part at most: a tenth.
constexpr qint64 kShare = 10;
// Until a disk may have room again.
constexpr qint64 kRetryMs = 10'000;
constexpr qint64 kLongestPauseMs = 600'000;

}  // namespace

EditKeeper::EditKeeper(Document& document, Drafts& drafts, const QString& root, QObject* parent)
    : QObject(parent), m_document(document), m_drafts(drafts), m_root(root) {
  m_job.emplace();
  m_due.setSingleShot(true);
  connect(&m_due, &QTimer::timeout, this, &EditKeeper::keep);
  // Who reads a file that grows has edited nothing by that; but what was typed is of a longer file now.
  connect(&document, &Document::changed, this, [this](const SnapshotChange& change) {
    if (!change.schema && !(change.appended && m_document.isRecordingModified())) changed();
  });
  connect(&document, &Document::modifiedChanged, this, &EditKeeper::look);
  // Places are those in the file, which is another one now.
  connect(&document, &Document::fileChanged, this, &EditKeeper::changed);
  connect(&drafts, &Drafts::changed, this, &EditKeeper::changed);
}

EditKeeper::~EditKeeper() {
  m_job.reset();
  if (m_folder) m_folder->remove();
}

void EditKeeper::changed() {
  m_changed = true;
  look();
}

void EditKeeper::look() {
  if (m_job->isRunning()) return;  // done() looks again
  if (!hasEdits()) {
    m_due.stop();
    if (const auto folder = std::move(m_folder)) folder->remove();
  } else if (m_changed && !m_due.isActive()) {
    // Who types a draft does not have the recording written with each key, nor wait for that.
    const qint64 rested = m_ended.isValid() ? m_ended.elapsed() : m_pauseMs;
    const qint64 pause = m_folder && filesToKeep() == m_files ? 0 : m_pauseMs - rested;
    m_due.start(static_cast<int>(std::max<qint64>(kDelayMs, pause)));
  }
}

void EditKeeper::keep() {
  if (m_job->isRunning() || !hasEdits()) return;
  m_changed = false;
  m_took.start();
  if (!m_folder) m_files = {};
  if (!m_folder) m_folder = KeptFolder::make(m_root);
  if (!m_folder) return done(Error{m_root.toStdString() + ": cannot be made"});
  EditsToKeep edits{.folder = m_folder->path(),
                    .path = m_document.path(),
                    .name = m_document.displayName(),
                    .stamp = m_document.stamp(),
                    .format = m_document.format(),
                    .drafts = keptDrafts()};
  const Files files = filesToKeep();
  edits.recording = files.recording;
  edits.file = files.file;
  edits.workspace = files.workspace;
  edits.isWorkspaceEdited = m_document.isWorkspaceModified();
  edits.areFilesKept = files == m_files;
  edits.generation = edits.areFilesKept ? m_filesOf : ++m_generation;
  m_job->start(
      tr("Keeping unsaved edits"), [edits](const Task& task) { return keepEdits(edits, task); },
      [this, files, generation = edits.generation](const Result<void>& result) {
        if (result) m_files = files;
        if (result) m_filesOf = generation;
        done(result);
      });
}

EditKeeper::Files EditKeeper::filesToKeep() const {
  Files files;
  if (m_document.isRecordingModified() || m_document.path().isEmpty()) {
    files.recording = m_document.snapshot().recording;
    files.file = m_document.savedRecording();
  }
  if (files.recording || m_document.isWorkspaceModified()) files.workspace = m_document.snapshot().workspace;
  return files;
}

// Those of entries that were deleted meanwhile have no place.
std::vector<KeptDraft> EditKeeper::keptDrafts() const {
  std::vector<KeptDraft> kept;
  for (const EntryId entry : m_drafts.entries()) {
    const auto position = m_document.snapshot().recording->position(entry);
    if (position || entry == kInitialStateDraft)
      kept.push_back(
          {.position = position, .draft = m_drafts.draft(entry), .leaves = m_drafts.leaves(entry)});
  }
  return kept;
}

void EditKeeper::done(const Result<void>& result) {
  const qint64 took = m_took.elapsed();
  m_pauseMs = std::min(std::max<qint64>(result ? 0 : kRetryMs, kShare * took), kLongestPauseMs);
  m_ended.start();
  if (result)
    m_hasFailed = false;
  else
    m_changed = true;
  if (!result && !std::exchange(m_hasFailed, true))
    emit failed(tr("Unsaved edits cannot be kept on disk, and would be lost if Retake ended unexpectedly: %1")
                    .arg(QString::fromStdString(result.error().message)));
  look();
  if (hasEdits() && !m_changed) emit kept();
}

}  // namespace retake::gui
