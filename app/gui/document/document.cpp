#include "document/document.h"

#include <QFile>
#include <QFileInfo>
#include <algorithm>

#include "client/schema_places.h"
#include "document/document_files.h"
#include "document/edit_command.h"
#include "schema/check.h"

namespace retake::gui {
namespace {

std::shared_ptr<const Recording> emptyRecording() {
  return std::make_shared<const Recording>(RecordingBuilder(sourceFromBytes({}, "empty")).build());
}

std::string absoluteNameOf(const QString& path) { return nameOf(QFileInfo(path).absoluteFilePath()); }

QString text(const Error& error) { return QString::fromStdString(error.message); }

// Whether the calls of `before` are those of `after` too: no entry came, went or turned from a message
// into an end, which the kind of a stream is inferred from.
bool sameCalls(const Recording& before, const Recording& after, const std::vector<EntryId>& changed) {
  if (before.size() != after.size()) return false;
  return std::all_of(changed.begin(), changed.end(), [&](EntryId id) {
    const auto was = before.position(id);
    const auto is = after.position(id);
    if (!was || was != is) return false;
    const EntryInfo a = before.info(*was);
    const EntryInfo b = after.info(*is);
    return a.kind == b.kind && (a.kind != EntryKind::Recv || a.isError == b.isError);
  });
}

bool sameBlob(const Result<Blob>& was, const Result<Blob>& is) { return was && is && was->view == is->view; }

// Whether both make the same file.
bool sameFile(const Recording& before, const Recording& after, const std::vector<EntryId>& changed) {
  if (before.size() != after.size() || before.tailSize() != after.tailSize() ||
      before.hasHeader() != after.hasHeader() || !sameBlob(before.initialState(), after.initialState()))
    return false;
  return std::all_of(changed.begin(), changed.end(), [&](EntryId id) {
    const auto was = before.position(id);
    return was && was == after.position(id) && sameBlob(before.bytes(*was), after.bytes(*was));
  });
}

}  // namespace

Document::Document(QObject* parent) : QObject(parent) {
  m_snapshot = {emptyRecording(), nullptr, Schema::builtin()};
  m_snapshot.calls = grouped(*m_snapshot.recording);
  m_opened = m_snapshot;
  m_version = m_savedVersion = makeVersion(m_snapshot.recording, m_snapshot.calls);
  m_savedWorkspace = m_snapshot.workspace;
  m_inspectionDue.setSingleShot(true);
  m_inspectionDue.setInterval(150);
  connect(&m_inspectionDue, &QTimer::timeout, this, &Document::findProblemsAgain);
  connect(&m_job, &Job::changed, this, [this] { emit busyChanged(m_job.what()); });
}

Document::~Document() {
  m_undo.disconnect();
  disconnect(&m_job, nullptr, this, nullptr);
}

QString Document::displayName() const {
  if (!isOpen()) return {};
  return m_path.isEmpty() ? m_unsavedName : QFileInfo(m_path).fileName();
}

EditedRecording EditedRecording::compare(const std::shared_ptr<const Recording>& from,
                                         const std::shared_ptr<const Calls>& calls,
                                         std::shared_ptr<const Recording> recording) {
  EditedRecording edited{.from = from, .recording = std::move(recording), .calls = calls};
  if (edited.recording == from) return edited;
  edited.entries = changedEntries(*from, *edited.recording);
  if (sameFile(*from, *edited.recording, edited.entries))
    return {.from = from, .recording = from, .calls = calls};
  if (!sameCalls(*from, *edited.recording, edited.entries)) edited.calls = grouped(*edited.recording);
  return edited;
}

std::optional<QString> Document::push(const Edit& edit) {
  if (!isOpen()) return tr("There is no recording open to edit.");
  const auto before = m_snapshot.recording;
  auto applied = retake::apply(before->withNewIdsFrom(m_nextId), edit);
  if (!applied) return text(applied.error());
  push(EditedRecording::compare(before, m_snapshot.calls,
                                std::make_shared<const Recording>(*std::move(applied))),
       QString::fromStdString(describe(*before, edit)));
  return std::nullopt;
}

bool Document::push(EditedRecording edited, const QString& name) {
  if (!isOpen() || edited.from != m_snapshot.recording) return false;
  if (edited.recording == edited.from) return true;
  State state{makeVersion(std::move(edited.recording), std::move(edited.calls)), m_snapshot.workspace};
  m_undo.push(new EditCommand(*this, std::move(state), std::move(edited.entries), name));
  return true;
}

QStringList Document::pushAll(const std::vector<Edit>& edits, const QString& name,
                              const std::optional<Workspace>& workspace) {
  if (!isOpen()) return {tr("There is no recording open to edit.")};
  const auto before = m_snapshot.recording;
  auto after = before;
  QStringList refused;
  for (const Edit& edit : edits) {
    auto applied = retake::apply(after->withNewIdsFrom(m_nextId), edit);
    if (applied)
      after = std::make_shared<const Recording>(*std::move(applied));
    else
      refused.push_back(text(applied.error()));
  }
  State state = this->state();
  EditedRecording edited = EditedRecording::compare(before, m_snapshot.calls, std::move(after));
  if (edited.recording != before)
    state.version = makeVersion(std::move(edited.recording), std::move(edited.calls));
  if (workspace && *workspace != *state.workspace)
    state.workspace = std::make_shared<const Workspace>(*workspace);
  else if (state.version == m_version)
    return refused;
  m_undo.push(new EditCommand(*this, std::move(state), std::move(edited.entries), name));
  return refused;
}

void Document::pushWorkspace(const Workspace& workspace, const QString& name) {
  (void)pushAll({}, name, workspace);
}

std::shared_ptr<Document::Version> Document::makeVersion(std::shared_ptr<const Recording> recording,
                                                         std::shared_ptr<const Calls> calls) const {
  return std::make_shared<Version>(Version{std::move(recording), std::move(calls), m_growth});
}

void Document::bringUp(Version& version) const {
  if (version.growth == m_growth) return;
  version.recording = std::make_shared<const Recording>(version.recording->withAppended(*m_opened.recording));
  version.calls = grouped(*version.recording);
  version.growth = m_growth;
}

std::shared_ptr<const Recording> Document::savedRecording() const {
  const auto& saved = *m_savedVersion;
  if (saved.growth == m_growth) return saved.recording;
  return std::make_shared<const Recording>(saved.recording->withAppended(*m_opened.recording));
}

std::uint32_t Document::nextId() const { return std::max(m_nextId, m_snapshot.recording->idLimit()); }

bool Document::append(const GrownFile& grown) {
  if (isBusy() || grown.from != m_snapshot.recording || grown.idsFrom != nextId()) return false;
  AppendedCalls appended{.first = m_snapshot.calls->size()};
  for (std::uint32_t position = m_snapshot.recording->size(); position < grown.shown->size(); ++position)
    if (const auto call = grown.calls->indexOf(*grown.shown, position); call && *call < appended.first)
      appended.grown.push_back(*call);
  std::sort(appended.grown.begin(), appended.grown.end());
  appended.grown.erase(std::unique(appended.grown.begin(), appended.grown.end()), appended.grown.end());
  m_opened.recording = grown.opened;
  m_opened.calls = grown.openedCalls;
  m_snapshot.recording = m_version->recording = grown.shown;
  m_snapshot.calls = m_version->calls = grown.calls;
  m_version->growth = ++m_growth;
  m_stamp = grown.stamp;
  m_nextId = nextId();
  emit changed({.calls = true, .appended = std::move(appended)});
  m_inspectionDue.start();
  return true;
}

void Document::setState(const State& state, const std::vector<EntryId>& entries) {
  const bool wasModified = isModified();
  bringUp(*state.version);
  const Version& version = *state.version;
  SnapshotChange change{.calls = version.calls != m_snapshot.calls,
                        .workspace = state.workspace != m_snapshot.workspace,
                        .entries = entries};
  const bool otherBytes = version.recording != m_snapshot.recording;
  m_version = state.version;
  m_snapshot.recording = version.recording;
  m_snapshot.calls = version.calls;
  m_snapshot.workspace = state.workspace;
  m_nextId = nextId();
  if (otherBytes) updateEdited();
  emit changed(change);
  if (isModified() != wasModified) emit modifiedChanged(isModified());
  if (otherBytes) m_inspectionDue.start();
}

void Document::updateEdited() {
  const Recording& now = *m_snapshot.recording;
  m_edited.clear();
  if (m_snapshot.recording == m_opened.recording) return;
  std::vector<std::pair<std::uint32_t, EntryId>> found;
  for (const EntryId id : changedEntries(*m_opened.recording, now))
    if (const auto position = now.position(id)) found.emplace_back(*position, id);
  std::sort(found.begin(), found.end());
  for (const auto& [position, id] : found)
    if (m_edited.empty() || m_edited.back() != id) m_edited.push_back(id);
}

bool Document::refuseWhenBusy() {
  if (!m_job.isRunning()) return false;
  emit failed(tr("%1 is not finished yet: wait for it or cancel it.").arg(m_job.what()));
  return true;
}

void Document::open(const QString& path) { openFile(path, Role::File, {}); }

void Document::openSample(const QString& path) { openFile(path, Role::Sample, QFileInfo(path).fileName()); }

void Document::openUnsaved(const QString& path, const QString& name) { openFile(path, Role::Unsaved, name); }

void Document::openFile(const QString& path, Role role, const QString& name) {
  if (refuseWhenBusy()) return;
  const auto work = [path, role](const Task& task) {
    return role == Role::Sample ? loadSample(path, task) : loadFiles(absoluteNameOf(path), task);
  };
  const auto before = m_snapshot.recording;
  m_job.start(tr("Opening %1").arg(QFileInfo(path).fileName()), work, [=, this](Result<LoadedFiles> loaded) {
    if (m_job.isCancelled()) return;
    if (!loaded) {
      emit failed(text(loaded.error()));
      return;
    }
    const auto replace = [=, this, loaded = *std::move(loaded)] {
      if (!refuseWhenBusy()) show(loaded, path, role, name);
    };
    if (m_beforeReplacing)
      m_beforeReplacing(replace);
    else if (isModified() && m_snapshot.recording != before)
      emit failed(tr("%1 was edited while %2 was opened: it stays open.")
                      .arg(displayName(), QFileInfo(path).fileName()));
    else
      replace();
  });
}

void Document::show(const LoadedFiles& files, const QString& path, Role role, const QString& name) {
  const bool wasModified = isModified();
  m_snapshot.recording = files.opened.recording;
  m_snapshot.calls = files.calls;
  m_snapshot.workspace = files.workspace;
  m_format = files.opened.format;
  m_stamp = files.opened.stamp;
  // What could not be read is another program's: saving asks before it replaces that.
  m_workspaceStamp = files.workspaceError.empty() ? files.workspaceStamp : std::nullopt;
  m_workspaceError = QString::fromStdString(files.workspaceError);
  m_path = role == Role::File ? QFileInfo(path).absoluteFilePath() : QString();
  m_unsavedName = name;
  startOver(wasModified);
  if (role == Role::Unsaved) {
    m_isUnsaved = true;
    emit modifiedChanged(true);
  }
  findProblemsAgain();
  emit fileOpened(path);
}

// The snapshot is that of another file, or of none.
void Document::startOver(bool wasModified) {
  m_opened = m_snapshot;
  m_growth = 0;
  m_isAsOpened = true;
  m_isFollowed = false;
  m_isUnsaved = false;
  m_version = m_savedVersion = makeVersion(m_snapshot.recording, m_snapshot.calls);
  m_savedWorkspace = m_snapshot.workspace;
  m_nextId = 0;
  m_edited.clear();
  m_problems.clear();
  m_undo.clear();
  emit fileChanged();
  emit changed({.file = true, .calls = true, .workspace = true});
  emit problemsChanged();
  if (wasModified) emit modifiedChanged(false);
}

QString Document::workspacePath() const {
  return m_path.isEmpty() ? QString() : QFile::decodeName(workspacePathOf(nameOf(m_path)).c_str());
}

void Document::save() { write(m_path, Check::Stamp); }

void Document::saveOver() { write(m_inTheWayOf, Check::None); }

void Document::saveAs(const QString& path) { write(QFileInfo(path).absoluteFilePath(), Check::Workspace); }

void Document::write(const QString& path, Check check) {
  if (!isOpen() || refuseWhenBusy()) return;
  if (path.isEmpty()) {
    emit failed(tr("%1 has no file yet: choose where to save it.").arg(displayName()));
    return;
  }
  const bool elsewhere = path != m_path;
  FilesToWrite files{.path = absoluteNameOf(path), .format = m_format, .recording = {}, .workspace = {}};
  // Who changed nothing but a setting need not wait for a gigabyte.
  if (elsewhere || isRecordingModified() || !isWorkspaceModified() || !QFileInfo::exists(path))
    files.recording = m_snapshot.recording;
  if (elsewhere || isWorkspaceModified()) files.workspace = m_snapshot.workspace;
  if (path == m_recordedInto && (files.recording || check == Check::None)) {
    emit saveFailed(path,
                    tr("%1 is being recorded into: saving over it would lose what is recorded from now on. "
                       "Save it elsewhere, or stop the recording first.")
                        .arg(QFileInfo(path).fileName()));
    return;
  }
  if (m_isFollowed && !elsewhere && (files.recording || check == Check::None)) {
    emit saveFailed(path, tr("%1 is being followed, and somebody may be writing to it: saving over it would "
                             "lose what is recorded from now on. Save it elsewhere, or stop following first.")
                              .arg(displayName()));
    return;
  }
  const auto version = m_version;
  if (check == Check::Stamp && m_stamp != FileStamp{}) files.recordingStamp = m_stamp;
  files.workspaceChecked = check != Check::None;
  if (!elsewhere) files.workspaceStamp = m_workspaceStamp;
  const auto work = [files](const Task& task) { return writeFiles(files, task); };
  m_job.start(tr("Saving %1").arg(QFileInfo(path).fileName()), work, [=, this](const WrittenFiles& written) {
    if (!written.inTheWay.empty()) {
      m_inTheWayOf = path;
      emit changedOnDisk(QFile::decodeName(written.inTheWay.c_str()));
      return;
    }
    const bool wasModified = isModified();
    if (written.recording) {
      m_stamp = *written.recording;
      m_path = path;
      m_unsavedName.clear();
      m_savedVersion = version;
      m_isUnsaved = false;
      m_isAsOpened = false;
    }
    if (!written.error && files.workspace) {
      m_workspaceStamp = written.workspace;
      m_workspaceError.clear();
      m_savedWorkspace = files.workspace;
    }
    if (isModified() != wasModified) emit modifiedChanged(isModified());
    if (written.recording) emit fileChanged();
    if (!written.error)
      emit saved(path);
    else if (!m_job.isCancelled())
      emit saveFailed(path, text(*written.error));
  });
}

void Document::setSchemaPlaces(const QStringList& places) {
  if (refuseWhenBusy()) return;
  std::vector<std::string> names;
  for (const QString& place : places) names.push_back(QFile::encodeName(place).toStdString());
  const auto work = [names](const Task&) -> Result<std::shared_ptr<const Schema>> {
    return names.empty() ? Schema::builtin() : loadSchemaPlaces(names);
  };
  m_job.start(tr("Loading the schema"), work, [=, this](Result<std::shared_ptr<const Schema>> schema) {
    if (m_job.isCancelled()) return;
    if (!schema) {
      emit failed(text(schema.error()));
      return;
    }
    m_schemaPlaces = places;
    m_snapshot.schema = *schema;
    m_opened.schema = *schema;
    emit changed({.schema = true});
    findProblemsAgain();
    emit schemaLoaded();
  });
}

void Document::close() {
  m_job.cancel();
  const bool wasModified = isModified();
  m_snapshot.recording = emptyRecording();
  m_snapshot.calls = grouped(*m_snapshot.recording);
  m_snapshot.workspace = std::make_shared<const Workspace>();
  m_format = nullptr;
  m_stamp = {};
  m_workspaceStamp.reset();
  m_workspaceError.clear();
  m_path.clear();
  m_unsavedName.clear();
  startOver(wasModified);
}

// What was found for a snapshot that is gone is thrown away; the last one is always looked at.
void Document::findProblemsAgain() {
  if (m_inspection.isRunning()) {
    m_inspection.cancel();
    m_inspectionDue.start();
    return;
  }
  const Snapshot snapshot = m_snapshot;
  const auto work = [snapshot](const Task& task) {
    auto problems = findProblems(*snapshot.recording, task);
    auto types = checkTypes(*snapshot.recording, *snapshot.schema, task);
    problems.insert(problems.end(), std::make_move_iterator(types.begin()),
                    std::make_move_iterator(types.end()));
    return problems;
  };
  m_inspection.start(tr("Looking for problems"), work, [snapshot, this](std::vector<Problem> problems) {
    if (m_inspection.isCancelled() || snapshot.recording != m_snapshot.recording ||
        snapshot.schema != m_snapshot.schema) {
      m_inspectionDue.start();
      return;
    }
    // A call under way is none as long as its answer may come.
    if (m_isFollowed)
      std::erase_if(problems, [](const Problem& p) { return p.repair.kind == Repair::Kind::AnswerRequest; });
    m_problems = std::move(problems);
    emit problemsChanged();
  });
}

}  // namespace retake::gui
