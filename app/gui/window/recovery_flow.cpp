#include "window/recovery_flow.h"

#include <QFileInfo>
#include <QLocale>
#include <QMessageBox>
#include <QPushButton>
#include <optional>

#include "document/selection.h"
#include "window/close_guard.h"
#include "window/message_bar.h"

namespace retake::gui {
namespace {

// Whether they can be put on what stands at their path: settings on whatever that is.
bool fit(const KeptEdits& edits) {
  const bool isForAny = edits.recording.isEmpty() && edits.drafts.empty();
  return isForAny ? QFileInfo::exists(edits.path) : isAsItWas(edits);
}

}  // namespace

RecoveryFlow::RecoveryFlow(Document& document, Selection& selection, Drafts& drafts, CloseGuard& guard,
                           MessageBar& bar, QWidget* window)
    : QObject(window),
      m_document(document),
      m_selection(selection),
      m_drafts(drafts),
      m_bar(bar),
      m_guard(guard),
      m_window(window),
      m_keeper(document, drafts, recoveryRoot(), this) {
  connect(&document, &Document::fileOpened, this, &RecoveryFlow::opened);
  connect(&document, &Document::busyChanged, this, [this](const QString& what) {
    if (what.isEmpty()) documentIsFree();
  });
  connect(&document, &Document::failed, this, [this] {
    if (!m_document.isBusy()) giveUp();
  });
  const auto releaseWhenEmpty = [this] {
    if (!m_keeper.hasEdits()) releaseHeld();
  };
  connect(&document, &Document::modifiedChanged, this, releaseWhenEmpty);
  connect(&drafts, &Drafts::changed, this, releaseWhenEmpty);
  connect(&m_keeper, &EditKeeper::kept, this, &RecoveryFlow::releaseHeld);
  connect(&m_keeper, &EditKeeper::failed, this,
          [this](const QString& sentence) { m_bar.show(MessageBar::Kind::Error, sentence); });
}

// Whoever closes the window has been asked.
RecoveryFlow::~RecoveryFlow() { releaseHeld(); }

void RecoveryFlow::releaseHeld() {
  if (const auto held = std::move(m_held)) held->remove();
}

void RecoveryFlow::offerAny() {
  m_any = true;
  offerWhenFree();
}

void RecoveryFlow::offerWhenFree() {
  m_offerDue = true;
  if (!m_document.isBusy()) offer();
}

void RecoveryFlow::documentIsFree() {
  if (std::exchange(m_openDue, false)) return open();
  if (m_document.job().isCancelled()) giveUp();
  if (m_offerDue) offer();
}

// What is wanted was not opened.
void RecoveryFlow::giveUp() {
  if (!m_wanted || m_openDue || m_job.isRunning()) return;
  m_wanted.reset();
  offerAny();
}

// Not in place of an error: then when something else has been done.
void RecoveryFlow::offer() {
  if (m_wanted || m_bar.showsError()) return;
  m_offerDue = false;
  const bool any = std::exchange(m_any, false);
  const auto isOwn = [this](const KeptEdits& edits) {
    return !edits.path.isEmpty() && edits.path == m_document.path();
  };
  std::optional<KeptEdits> found;
  QString foundIn;
  for (const QString& folder : abandonedFolders(recoveryRoot())) {
    auto edits = readKeptEdits(folder);
    if (!edits || !(any || isOwn(*edits))) continue;
    const auto rank = [&](const KeptEdits& one) { return std::pair(isOwn(one), one.when); };
    if (found && rank(*edits) <= rank(*found)) continue;
    found = *std::move(edits);
    foundIn = folder;
  }
  if (!found) return;
  const QString name = found->name;
  m_bar.show(MessageBar::Kind::Information,
             tr("Retake ended before the edits of %1 were saved. Those until %2 were kept.")
                 .arg(name, QLocale().toString(found->when, QLocale::ShortFormat)),
             {{tr("Recover"), [this, foundIn] { recover(foundIn); }},
              {tr("Throw away…"), [this, foundIn, name] { askToDiscard(foundIn, name); }}});
}

void RecoveryFlow::askToDiscard(const QString& folder, const QString& name) {
  auto* box = new QMessageBox(m_window);
  box->setObjectName(QStringLiteral("discardEditsQuestion"));
  box->setAttribute(Qt::WA_DeleteOnClose);
  box->setIcon(QMessageBox::Warning);
  box->setWindowTitle(tr("Unsaved edits"));
  box->setText(tr("Throw away the unsaved edits of %1?").arg(name));
  box->setInformativeText(tr("They cannot be recovered afterwards. The recording stays as it is on disk."));
  QPushButton* discard = box->addButton(tr("Throw them away"), QMessageBox::DestructiveRole);
  discard->setObjectName(QStringLiteral("discardEdits"));
  QPushButton* cancel = box->addButton(QMessageBox::Cancel);
  box->setDefaultButton(cancel);
  box->setEscapeButton(cancel);
  connect(box, &QMessageBox::finished, this, [this, box, discard, folder] {
    if (box->clickedButton() == discard)
      if (const auto taken = KeptFolder::take(folder)) taken->remove();
    offerAny();
  });
  box->open();
}

void RecoveryFlow::recover(const QString& folder) {
  offerAny();  // should the question be answered with Cancel
  m_guard.ask([this, folder] {
    m_bar.dismiss();
    auto taken = KeptFolder::take(folder);
    if (!taken) return fail(tr("Another Retake has recovered these edits meanwhile."));
    auto edits = readKeptEdits(folder);
    if (!edits) return fail(QString::fromStdString(edits.error().message));
    m_wanted = std::make_shared<Recovery>(Recovery{std::move(taken), *std::move(edits)});
    m_offerDue = m_any = false;
    open();
  });
}

void RecoveryFlow::open() {
  m_openDue = m_document.isBusy();
  if (m_openDue || !m_wanted) return;
  const KeptEdits& edits = m_wanted->edits;
  if (fit(edits))
    m_document.open(edits.path);
  else if (!edits.recording.isEmpty())
    openItsOwn();
  else
    fail(tr("%1 is not what it was when it was edited. What was typed and what was set is left in %2.")
             .arg(edits.name, m_wanted->folder->path()));
}

void RecoveryFlow::openItsOwn() { m_document.openUnsaved(m_wanted->edits.recording, m_wanted->edits.name); }

void RecoveryFlow::opened(const QString& path) {
  if (m_wanted && path == m_wanted->edits.path && fit(m_wanted->edits)) {
    m_openDue = false;
    return read();
  }
  if (m_openDue) return;
  if (!m_wanted || path != m_wanted->edits.recording) {
    m_wanted.reset();
    return offerWhenFree();
  }
  const auto recovery = std::exchange(m_wanted, nullptr);
  const KeptEdits& edits = recovery->edits;
  releaseHeld();
  m_held = std::move(recovery->folder);
  recoverDrafts(edits.drafts);
  m_bar.show(
      MessageBar::Kind::Information,
      edits.path.isEmpty()
          ? tr("The edited %1 is back. It is saved nowhere yet.").arg(edits.name)
          : tr("%1 is not what it was when it was edited: the edited one is a recording of its own now. "
               "Save it where you want to have it.")
                .arg(edits.name));
}

void RecoveryFlow::read() {
  m_readDue = m_job.isRunning();
  if (m_readDue) return m_job.cancel();
  const Snapshot file = m_document.snapshot();
  const auto work = [edits = m_wanted->edits, file](const Task& task) { return edited(edits, file, task); };
  m_job.start(tr("Recovering edits"), work, [this, read = m_wanted](const Result<Edited>& result) {
    if (std::exchange(m_readDue, false) && m_wanted) return this->read();
    if (m_wanted != read) return;
    if (result)
      apply(*result);
    else if (!read->edits.recording.isEmpty() && !m_document.isModified() && !m_document.isBusy())
      openItsOwn();  // without what tells its edits from the file
    else
      fail(tr("The edits cannot be recovered: %1").arg(QString::fromStdString(result.error().message)));
  });
}

Result<RecoveryFlow::Edited> RecoveryFlow::edited(const KeptEdits& edits, const Snapshot& file,
                                                  const Task& task) {
  Edited made{.from = file.workspace,
              .workspace = {},
              .recording = EditedRecording::compare(file.recording, file.calls, file.recording)};
  if (edits.isWorkspaceEdited) {
    auto workspace = readWorkspace(nameOf(edits.workspace), false);  // an empty one has no file
    if (!workspace) return workspace.error();
    made.workspace = std::make_shared<const Workspace>(*std::move(workspace));
  }
  if (edits.recording.isEmpty()) return made;
  const auto opened = openRecording(nameOf(edits.recording), task);
  if (!opened) return opened.error();
  auto recording = withOrigins(*opened->recording, edits.origins, *file.recording);
  if (!recording) return recording.error();
  made.recording = EditedRecording::compare(file.recording, file.calls,
                                            std::make_shared<const Recording>(*std::move(recording)));
  return made;
}

void RecoveryFlow::apply(const Edited& edited) {
  const Snapshot& now = m_document.snapshot();
  if (edited.recording.from != now.recording || edited.from != now.workspace)
    return fail(tr("%1 was edited while its kept edits were read: open it again to recover them.")
                    .arg(m_document.displayName()));
  const auto recovery = std::exchange(m_wanted, nullptr);
  const QString name = tr("recovered edits");
  const bool isBoth = edited.recording.recording != edited.recording.from && edited.workspace;
  // What shows an entry takes its draft as it begins to.
  m_selection.clear();
  if (isBoth) m_document.undoStack().beginMacro(name);
  (void)m_document.push(edited.recording, name);
  if (edited.workspace) m_document.pushWorkspace(*edited.workspace, name);
  if (isBoth) m_document.undoStack().endMacro();
  recoverDrafts(recovery->edits.drafts);
  releaseHeld();
  m_held = std::move(recovery->folder);
  if (!m_keeper.hasEdits()) releaseHeld();
  select();
  emit said(tr("The edits are back, and not saved yet"));
}

void RecoveryFlow::select() {
  const auto& edited = m_document.editedEntries();
  if (const auto draft = m_drafts.first())
    m_selection.selectEntry(*draft);
  else if (!edited.empty())
    m_selection.selectEntry(edited.front());
  else
    m_selection.selectCall(0);
}

void RecoveryFlow::recoverDrafts(const std::vector<KeptDraft>& drafts) {
  const Recording& recording = *m_document.snapshot().recording;
  for (const KeptDraft& kept : drafts) {
    if (kept.position && *kept.position >= recording.size()) continue;
    const EntryId entry = kept.position ? recording.info(*kept.position).id : kInitialStateDraft;
    if (kept.draft) m_drafts.set(entry, *kept.draft);
    for (const auto& [path, text] : kept.leaves) m_drafts.setLeaf(entry, path, text);
  }
}

void RecoveryFlow::fail(const QString& sentence) {
  m_wanted.reset();
  m_bar.show(MessageBar::Kind::Error, sentence);
}

}  // namespace retake::gui
