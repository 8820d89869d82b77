#include "window/file_flow.h"

#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QMessageBox>
#include <QPushButton>
#include <QSettings>
#include <QTimer>

#include "document/document.h"
#include "window/close_guard.h"
#include "window/file_kind.h"
#include "window/message_bar.h"
#include "window/recent_files.h"
#include "window/sample.h"

namespace retake::gui {
namespace {

const auto kRecordingFolderKey = QStringLiteral("lastFolder");

QStringList schemaOf(const Workspace& workspace) {
  QStringList places;
  for (const std::string& place : workspace.schema) places << QFile::decodeName(place.c_str());
  return places;
}

}  // namespace

FileFlow::FileFlow(Document& document, CloseGuard& guard, MessageBar& bar, RecentFiles& recent,
                   QWidget* window)
    : QObject(window), m_document(document), m_guard(guard), m_bar(bar), m_recent(recent), m_window(window) {
  connect(&document, &Document::fileOpened, this, [this](const QString& path) {
    m_bar.dismiss();
    if (!m_document.path().isEmpty()) m_recent.add(m_document.path());
    // A schema that was named with the file counts more than what is kept with it.
    if (m_waiting.load.isEmpty()) m_waiting = {.load = schemaOf(*m_document.snapshot().workspace)};
    if (!m_document.workspaceError().isEmpty())
      m_bar.show(MessageBar::Kind::Error,
                 tr("The settings kept with %1 cannot be read, and are left as they are on disk.")
                         .arg(m_document.displayName()) +
                     u'\n' + m_document.workspaceError());
    if (path == m_shownPath) {
      m_waiting.forget.clear();
    } else {
      m_waiting.forget = std::exchange(m_schemaOfFile, {});
      m_shownPath = path;
    }
    loadWaitingSchema();
  });
  connect(&document, &Document::saved, this, [this](const QString& path) {
    m_shownPath = path;
    m_bar.dismiss();
    m_recent.add(path);
  });
  connect(&document, &Document::failed, this, [this](const QString& sentence) {
    m_bar.show(MessageBar::Kind::Error, sentence);
    if (!m_document.isBusy()) loadWaitingSchema();  // it was not another one that was refused
  });
  connect(&document, &Document::saveFailed, this, [this](const QString&, const QString& sentence) {
    m_bar.show(MessageBar::Kind::Error, sentence, {{tr("Save as…"), [this] { saveAs(); }}});
  });
  connect(&document, &Document::changedOnDisk, this, &FileFlow::askOverwriteChanged);
  document.setBeforeReplacing(
      [this](std::function<void()> replace) { m_guard.askAgain(std::move(replace)); });
  connect(&guard, &CloseGuard::saveRequested, this, &FileFlow::save);
}

void FileFlow::chooseAndOpen() {
  auto* dialog =
      new QFileDialog(m_window, tr("Open a recording"), QSettings().value(kRecordingFolderKey).toString(),
                      tr("Recordings (*.replay);;All files (*)"));
  dialog->setObjectName(QStringLiteral("openDialog"));
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setFileMode(QFileDialog::ExistingFile);
  connect(dialog, &QFileDialog::fileSelected, this, &FileFlow::open);
  dialog->open();
}

void FileFlow::open(const QString& path) {
  m_guard.ask([this, path] { begin(path, {}); });
}

void FileFlow::begin(const QString& path, const WaitingSchema& schema) {
  if (!m_document.isBusy()) m_waiting = schema;
  if (!QFileInfo::exists(path)) m_recent.remove(QFileInfo(path).absoluteFilePath());
  QSettings().setValue(kRecordingFolderKey, QFileInfo(path).absolutePath());
  m_document.open(path);
}

void FileFlow::openSample() {
  m_guard.ask([this] {
    const QString schema = sample::schemaPath();
    m_waiting = {.load = schema.isEmpty() ? QStringList() : QStringList{schema}};
    m_document.openSample(sample::recordingPath());
  });
}

void FileFlow::save() {
  if (m_document.path().isEmpty())
    saveAs();
  else
    m_document.save();
}

void FileFlow::saveAs() {
  const QString folder = QSettings().value(kRecordingFolderKey).toString();
  auto* dialog = new QFileDialog(m_window, tr("Save the recording as"), folder,
                                 tr("Recordings (*.replay);;All files (*)"));
  dialog->setObjectName(QStringLiteral("saveDialog"));
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setAcceptMode(QFileDialog::AcceptSave);
  dialog->setFileMode(QFileDialog::AnyFile);
  dialog->setDefaultSuffix(QStringLiteral("replay"));
  dialog->selectFile(m_document.path().isEmpty() ? QDir(folder).filePath(m_document.displayName())
                                                 : m_document.path());
  connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& path) {
    QSettings().setValue(kRecordingFolderKey, QFileInfo(path).absolutePath());
    m_document.saveAs(path);
  });
  connect(dialog, &QFileDialog::rejected, &m_guard, &CloseGuard::saveAbandoned);
  dialog->open();
}

void FileFlow::closeFile() {
  m_guard.ask([this] {
    m_bar.dismiss();
    m_document.close();
  });
}

void FileFlow::askOverwriteChanged(const QString& path) {
  auto* box = new QMessageBox(m_window);
  box->setObjectName(QStringLiteral("changedOnDiskQuestion"));
  box->setAttribute(Qt::WA_DeleteOnClose);
  box->setIcon(QMessageBox::Warning);
  box->setWindowTitle(tr("Changed on disk"));
  const QString name = QFileInfo(path).fileName();
  box->setInformativeText(tr("Saving over it replaces what that program wrote with what you see here."));
  if (path == m_document.path() ||
      (path == m_document.workspacePath() && m_document.workspaceError().isEmpty())) {
    box->setText(tr("Another program has written %1 since it was opened here.").arg(name));
  } else if (path == m_document.workspacePath()) {
    box->setText(tr("%1 could not be read when the recording was opened.").arg(name));
    box->setInformativeText(m_document.workspaceError() + u'\n' +
                            tr("Saving over it replaces all of it with the settings you see here."));
  } else {
    box->setText(tr("%1 is there already, and holds other settings.").arg(name));
    box->setInformativeText(tr("It would be used with the recording from now on."));
  }
  QPushButton* over = box->addButton(tr("Save over it"), QMessageBox::DestructiveRole);
  QPushButton* elsewhere = box->addButton(tr("Save as…"), QMessageBox::AcceptRole);
  QPushButton* cancel = box->addButton(QMessageBox::Cancel);
  over->setObjectName(QStringLiteral("saveOver"));
  elsewhere->setObjectName(QStringLiteral("saveElsewhere"));
  box->setDefaultButton(elsewhere);
  box->setEscapeButton(cancel);
  connect(box, &QMessageBox::finished, this, [this, box, over, elsewhere] {
    if (box->clickedButton() == over)
      m_document.saveOver();
    else if (box->clickedButton() == elsewhere)
      saveAs();
  });
  box->open();
}

void FileFlow::openAll(const QStringList& paths) {
  QStringList recordings;
  QStringList schemas;
  for (const QString& path : paths) (fileKind(path) == FileKind::Schema ? schemas : recordings) << path;
  openAfterAsking(recordings, {.load = schemas});
}

void FileFlow::openWith(const QStringList& recordings, const QStringList& schemas) {
  openAfterAsking(recordings, {.load = schemas, .stays = true});
}

void FileFlow::openAfterAsking(const QStringList& recordings, const WaitingSchema& schema) {
  if (recordings.isEmpty()) {
    if (!schema.load.isEmpty()) emit schemaFound({}, schema.load);
    return;
  }
  m_guard.ask([this, recordings, schema] {
    begin(recordings.first(), schema);
    if (recordings.size() > 1)
      m_bar.show(MessageBar::Kind::Information,
                 tr("One window shows one recording: of %n files, %1 is opened.", nullptr,
                    static_cast<int>(recordings.size()))
                     .arg(QFileInfo(recordings.first()).fileName()));
  });
}

// After opening, since the document does one thing at a time.
void FileFlow::loadWaitingSchema() {
  if (m_waiting.load.isEmpty() && m_waiting.forget.isEmpty()) return;
  QTimer::singleShot(0, this, [this] {
    const WaitingSchema waiting = std::exchange(m_waiting, {});
    if (!waiting.stays)
      for (const QString& place : waiting.load)
        if (const QString full = QFileInfo(place).absoluteFilePath();
            waiting.forget.contains(full) || !m_document.schemaPlaces().contains(full))
          m_schemaOfFile << full;
    if (!waiting.load.isEmpty() || !waiting.forget.isEmpty()) emit schemaFound(waiting.forget, waiting.load);
  });
}

}  // namespace retake::gui
