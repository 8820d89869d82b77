#include "window/schema_flow.h"

#include <QFileDialog>
#include <QFileInfo>
#include <QMenu>
#include <QSettings>

#include "document/document.h"
#include "theme/theme.h"
#include "window/actions.h"

namespace retake::gui {
namespace {

const auto kFolderKey = QStringLiteral("lastSchemaFolder");

std::vector<std::string> namesOf(const QStringList& places) {
  std::vector<std::string> names;
  for (const QString& place : places) names.push_back(QFile::encodeName(place).toStdString());
  return names;
}

}  // namespace

SchemaFlow::SchemaFlow(Document& document, Actions& actions, QWidget* window)
    : QObject(window), m_document(document), m_actions(actions), m_window(window) {
  connect(actions.loadSchema, &QAction::triggered, this, &SchemaFlow::chooseFiles);
  connect(actions.loadSchemaFolder, &QAction::triggered, this, &SchemaFlow::chooseFolder);
  connect(actions.reloadSchema, &QAction::triggered, this,
          [this] { m_document.setSchemaPlaces(m_document.schemaPlaces()); });
  connect(actions.forgetSchema, &QAction::triggered, this, [this] { m_document.setSchemaPlaces({}); });
  connect(actions.keepSchema, &QAction::triggered, this, &SchemaFlow::keep);
  connect(&document, &Document::schemaLoaded, this, &SchemaFlow::updateActions);
  connect(&document, &Document::changed, this, [this](const SnapshotChange& change) {
    if (change.workspace) updateActions();
  });
  updateActions();
}

void SchemaFlow::updateActions() {
  const bool any = !m_document.schemaPlaces().isEmpty();
  m_actions.reloadSchema->setEnabled(any);
  m_actions.forgetSchema->setEnabled(any);
  m_actions.keepSchema->setEnabled(m_document.isOpen() && m_document.snapshot().workspace->schema !=
                                                              namesOf(m_document.schemaPlaces()));
}

void SchemaFlow::keep() {
  Workspace workspace = *m_document.snapshot().workspace;
  workspace.schema = namesOf(m_document.schemaPlaces());
  m_document.pushWorkspace(workspace, workspace.schema.empty() ? tr("no schema kept with the recording")
                                                               : tr("schema kept with the recording"));
}

void SchemaFlow::add(const QStringList& added) { replace({}, added); }

void SchemaFlow::replace(const QStringList& gone, const QStringList& added) {
  QStringList places = m_document.schemaPlaces();
  for (const QString& place : gone) places.removeAll(place);
  for (const QString& place : added) {
    const QString path = QFileInfo(place).absoluteFilePath();
    if (!places.contains(path)) places << path;
  }
  if (!gone.isEmpty() && places == m_document.schemaPlaces()) return;
  m_document.setSchemaPlaces(places);
}

void SchemaFlow::chooseFiles() {
  auto* dialog =
      new QFileDialog(m_window, tr("Load schema"), QSettings().value(kFolderKey).toString(),
                      tr("Schemas (*.proto *.protoset *.pb *.binpb *.bin *.desc *.fds);;All files (*)"));
  dialog->setObjectName(QStringLiteral("schemaDialog"));
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setFileMode(QFileDialog::ExistingFiles);
  connect(dialog, &QFileDialog::filesSelected, this, [this](const QStringList& paths) {
    QSettings().setValue(kFolderKey, QFileInfo(paths.first()).absolutePath());
    add(paths);
  });
  dialog->open();
}

void SchemaFlow::chooseFolder() {
  auto* dialog =
      new QFileDialog(m_window, tr("Load schema folder"), QSettings().value(kFolderKey).toString());
  dialog->setObjectName(QStringLiteral("schemaFolderDialog"));
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setFileMode(QFileDialog::Directory);
  dialog->setOption(QFileDialog::ShowDirsOnly);
  connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& path) {
    QSettings().setValue(kFolderKey, path);
    add({path});
  });
  dialog->open();
}

void SchemaFlow::fillMenu(QMenu& menu) {
  menu.clear();
  menu.setToolTipsVisible(true);
  menu.addAction(m_actions.loadSchema);
  menu.addAction(m_actions.loadSchemaFolder);
  menu.addAction(m_actions.reloadSchema);
  menu.addAction(m_actions.forgetSchema);
  menu.addAction(m_actions.keepSchema);
  if (m_document.schemaPlaces().isEmpty()) return;
  menu.addSection(tr("Loaded"));
  for (const QString& place : m_document.schemaPlaces()) {
    const QFileInfo info(place);
    const QString name = info.isDir() ? info.fileName() + u'/' : info.fileName();
    QAction* remove = menu.addAction(theme::icon(QStringLiteral("close")), tr("Take out %1").arg(name), this,
                                     [this, place] {
                                       QStringList rest = m_document.schemaPlaces();
                                       rest.removeAll(place);
                                       m_document.setSchemaPlaces(rest);
                                     });
    remove->setToolTip(place);
  }
}

}  // namespace retake::gui
