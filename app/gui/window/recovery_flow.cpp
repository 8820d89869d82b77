#include "window/recovery_flow.h"

#include <QFile>
#include <QFileInfo>
#include <QLocale>
#include <QMessageBox>
#include <QPushButton>
#include <optional>

#include "window/close_guard.h"
#include "window/message_bar.h"

namespace retake::gui {
namespace {

std::string nameOf(const QString& path) { return QFile::encodeName(path).toStdString(); }

}  // namespace

RecoveryFlow::RecoveryFlow(Document& document, CloseGuard& guard, MessageBar& bar, QWidget* window)
    : QObject(window),
      m_document(document),
      m_bar(bar),
      m_guard(guard),
      m_window(window),
      m_keeper(document, recoveryRoot(), this) {
  connect(&document, &Document::fileOpened, this, &RecoveryFlow::opened);
  connect(&document, &Document::failed, this, [this] {
    if (!m_document.isBusy()) m_wanted.reset();
  });
  connect(&document, &Document::modifiedChanged, this, [this](bool modified) {
    if (!modified) releaseHeld();
  });
  connect(&m_keeper, &EditKeeper::kept, this, [this] {
    if (!m_isHeldShown) releaseHeld();
  });
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
  if (!m_document.isBusy()) offer();
}

void RecoveryFlow::offer() {
  const bool any = std::exchange(m_any, false);
  std::optional<KeptEdits> found;
  QString foundIn;
  for (const QString& folder : abandonedFolders(recoveryRoot())) {
    auto edits = readKeptEdits(folder);
    if (!edits) continue;
    const bool isOwn = m_document.isOpen() && edits->path == m_document.path() && !edits->path.isEmpty();
    if (!isOwn && (!any || found)) continue;
    found = *std::move(edits);
    foundIn = folder;
    if (isOwn) break;
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
  auto taken = KeptFolder::take(folder);
  if (!taken) return fail(tr("Another Retake has recovered these edits meanwhile."));
  auto edits = readKeptEdits(folder);
  if (!edits) return fail(QString::fromStdString(edits.error().message));
  const auto recovery = std::make_shared<Recovery>(Recovery{std::move(taken), *std::move(edits)});
  m_guard.ask([this, recovery] { open(recovery); });
}

void RecoveryFlow::open(const std::shared_ptr<Recovery>& recovery) {
  const KeptEdits& edits = recovery->edits;
  m_wanted = recovery;
  // Settings are good for whatever stands there.
  if (edits.recording.isEmpty() ? QFileInfo::exists(edits.path) : isAsItWas(edits))
    m_document.open(edits.path);
  else if (!edits.recording.isEmpty())
    m_document.openUnsaved(edits.recording, edits.name);
  else
    fail(tr("%1 is no longer there. Its settings were kept as %2.").arg(edits.path, edits.workspace));
}

void RecoveryFlow::opened(const QString& path) {
  if (m_wanted && path == m_wanted->edits.path) return read();
  if (m_wanted && path == m_wanted->edits.recording) {
    const auto recovery = std::exchange(m_wanted, nullptr);
    releaseHeld();
    m_held = std::move(recovery->folder);
    m_isHeldShown = true;
    m_bar.show(MessageBar::Kind::Information,
               tr("%1 is not what it was when it was edited: the edited one is a recording of its own now. "
                  "Save it where you want to have it.")
                   .arg(recovery->edits.name));
    return;
  }
  m_wanted.reset();
  offer();
}

void RecoveryFlow::read() {
  const Snapshot file = m_document.snapshot();
  m_job.start(
      tr("Recovering edits"), [edits = m_wanted->edits, file](const Task&) { return edited(edits, file); },
      [this](const Result<Edited>& result) {
        if (result)
          apply(*result);
        else
          fail(tr("The edits cannot be recovered: %1").arg(QString::fromStdString(result.error().message)));
      });
}

Result<RecoveryFlow::Edited> RecoveryFlow::edited(const KeptEdits& edits, const Snapshot& file) {
  Edited made{.workspace = {},
              .recording = EditedRecording::compare(file.recording, file.calls, file.recording)};
  if (!edits.workspace.isEmpty()) {
    auto workspace = readWorkspace(nameOf(edits.workspace), true);
    if (!workspace) return workspace.error();
    made.workspace = std::make_shared<const Workspace>(*std::move(workspace));
  }
  if (edits.recording.isEmpty()) return made;
  const auto opened = openRecording(nameOf(edits.recording));
  if (!opened) return opened.error();
  auto recording = withOrigins(*opened->recording, edits.origins, *file.recording);
  if (!recording) return recording.error();
  made.recording = EditedRecording::compare(file.recording, file.calls,
                                            std::make_shared<const Recording>(*std::move(recording)));
  return made;
}

void RecoveryFlow::apply(const Edited& edited) {
  if (!m_wanted) return;
  if (edited.recording.from != m_document.snapshot().recording)
    return fail(tr("%1 was edited while its kept edits were read: open it again to recover them.")
                    .arg(m_document.displayName()));
  const auto recovery = std::exchange(m_wanted, nullptr);
  releaseHeld();
  m_held = std::move(recovery->folder);
  m_isHeldShown = false;
  const QString name = tr("recovered edits");
  m_document.undoStack().beginMacro(name);
  (void)m_document.push(edited.recording, name);
  if (edited.workspace) m_document.pushWorkspace(*edited.workspace, name);
  m_document.undoStack().endMacro();
  if (!m_document.isModified()) releaseHeld();
  emit recovered();
}

void RecoveryFlow::fail(const QString& sentence) {
  m_wanted.reset();
  m_bar.show(MessageBar::Kind::Error, sentence);
}

}  // namespace retake::gui
