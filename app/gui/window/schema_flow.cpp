#include "window/schema_flow.h"

#include <QFileDialog>
#include <QFileInfo>
#include <QInputDialog>
#include <QMenu>
#include <QSettings>
#include <algorithm>

#include "client/schema_places.h"
#include "document/document.h"
#include "schema/types_by_method.h"
#include "theme/theme.h"
#include "window/actions.h"

namespace retake::gui {
namespace {

const auto kSchemaFolderKey = QStringLiteral("lastSchemaFolder");

// Of a live server, and no file.
bool isServer(const QString& place) { return place.startsWith(QLatin1String(kReflectionPrefix)); }

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
  connect(actions.askForSchema, &QAction::triggered, this, &SchemaFlow::askServer);
  connect(actions.reloadSchema, &QAction::triggered, this,
          [this] { m_document.setSchemaPlaces(m_document.schemaPlaces()); });
  connect(actions.forgetSchema, &QAction::triggered, this, [this] { m_document.setSchemaPlaces({}); });
  connect(actions.keepSchema, &QAction::triggered, this, &SchemaFlow::keep);
  connect(actions.giveTypes, &QAction::triggered, this, &SchemaFlow::giveTypes);
  connect(&document, &Document::schemaLoaded, this, &SchemaFlow::updateActions);
  connect(&document, &Document::changed, this, [this](const SnapshotChange& change) {
    if (change.workspace || change.file) updateActions();
  });
  updateActions();
}

void SchemaFlow::updateActions() {
  const bool any = !m_document.schemaPlaces().isEmpty();
  m_actions.reloadSchema->setEnabled(any);
  m_actions.forgetSchema->setEnabled(any);
  m_actions.giveTypes->setEnabled(m_document.isOpen());
  m_actions.keepSchema->setEnabled(m_document.isOpen() && m_document.snapshot().workspace->schema !=
                                                              namesOf(m_document.schemaPlaces()));
}

void SchemaFlow::keep() {
  Workspace workspace = *m_document.snapshot().workspace;
  workspace.schema = namesOf(m_document.schemaPlaces());
  m_document.pushWorkspace(workspace, workspace.schema.empty() ? tr("no schema kept with the recording")
                                                               : tr("schema kept with the recording"));
}

void SchemaFlow::giveTypes() {
  if (!m_document.isOpen() || m_typing.isRunning()) return;
  if (m_document.schemaPlaces().isEmpty())
    return emit failed(
        tr("Load a schema first, or ask a server for its: it knows the types of the messages."));
  const Snapshot snapshot = m_document.snapshot();
  const auto work = [snapshot](const Task&) { return typesByMethod(*snapshot.recording, *snapshot.schema); };
  m_typing.start(tr("Giving types"), work, [this, snapshot](Result<std::vector<TypedEntry>> typed) {
    if (!typed) return emit failed(QString::fromStdString(typed.error().message));
    // It was edited, or has grown, meanwhile.
    if (snapshot.recording != m_document.snapshot().recording) return giveTypes();
    if (typed->empty()) return emit said(tr("No message lacks a type that the schema knows"));
    RewriteEntries rewrite;
    for (TypedEntry& one : *typed) rewrite.entries.push_back({one.entry, std::move(one.bytes)});
    const auto count =
        std::count_if(typed->begin(), typed->end(), [](const auto& one) { return one.hasType; });
    const QString types = tr("types of %n messages", nullptr, static_cast<int>(count));
    const QStringList refused = m_document.pushAll({rewrite}, count > 0 ? types : tr("kinds of calls"));
    if (!refused.isEmpty()) return emit failed(refused.first());
    if (count == 0)
      emit said(tr("The calls are of the kinds that the schema has"));
    else
      emit said(count == 1 ? tr("1 message has its type now")
                           : tr("%1 messages have their types now").arg(count));
  });
}

void SchemaFlow::add(const QStringList& added) { replace({}, added); }

void SchemaFlow::replace(const QStringList& gone, const QStringList& added) {
  QStringList places = m_document.schemaPlaces();
  for (const QString& place : gone) places.removeAll(place);
  for (const QString& place : added) {
    const QString path = isServer(place) ? place : QFileInfo(place).absoluteFilePath();
    if (!places.contains(path)) places << path;
  }
  if (!gone.isEmpty() && places == m_document.schemaPlaces()) return;
  m_document.setSchemaPlaces(places);
}

void SchemaFlow::chooseFiles() {
  auto* dialog =
      new QFileDialog(m_window, tr("Load schema"), QSettings().value(kSchemaFolderKey).toString(),
                      tr("Schemas (*.proto *.protoset *.pb *.binpb *.bin *.desc *.fds);;All files (*)"));
  dialog->setObjectName(QStringLiteral("schemaDialog"));
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setFileMode(QFileDialog::ExistingFiles);
  connect(dialog, &QFileDialog::filesSelected, this, [this](const QStringList& paths) {
    QSettings().setValue(kSchemaFolderKey, QFileInfo(paths.first()).absolutePath());
    add(paths);
  });
  dialog->open();
}

void SchemaFlow::chooseFolder() {
  auto* dialog =
      new QFileDialog(m_window, tr("Load schema folder"), QSettings().value(kSchemaFolderKey).toString());
  dialog->setObjectName(QStringLiteral("schemaFolderDialog"));
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setFileMode(QFileDialog::Directory);
  dialog->setOption(QFileDialog::ShowDirsOnly);
  connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& path) {
    QSettings().setValue(kSchemaFolderKey, path);
    add({path});
  });
  dialog->open();
}

void SchemaFlow::askServer() {
  auto* dialog = new QInputDialog(m_window);
  dialog->setObjectName(QStringLiteral("schemaServerDialog"));
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setWindowTitle(tr("Ask a server for its schema"));
  dialog->setLabelText(tr("Address of a server with reflection, as 127.0.0.1:50051:"));
  connect(dialog, &QInputDialog::textValueSelected, this, [this](const QString& address) {
    if (!address.trimmed().isEmpty()) add({QLatin1String(kReflectionPrefix) + address.trimmed()});
  });
  dialog->open();
}

void SchemaFlow::fillMenu(QMenu& menu) {
  menu.clear();
  menu.setToolTipsVisible(true);
  menu.addAction(m_actions.loadSchema);
  menu.addAction(m_actions.loadSchemaFolder);
  menu.addAction(m_actions.askForSchema);
  menu.addAction(m_actions.reloadSchema);
  menu.addAction(m_actions.forgetSchema);
  menu.addAction(m_actions.keepSchema);
  menu.addAction(m_actions.giveTypes);
  if (m_document.schemaPlaces().isEmpty()) return;
  menu.addSection(tr("Loaded"));
  for (const QString& place : m_document.schemaPlaces()) {
    const QFileInfo info(place);
    const QString name = isServer(place) ? place : info.isDir() ? info.fileName() + u'/' : info.fileName();
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
