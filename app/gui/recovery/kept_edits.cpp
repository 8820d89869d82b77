#include "recovery/kept_edits.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSaveFile>

#include "recovery/kept_folder.h"
#include "workspace/workspace.h"

namespace retake::gui {
namespace {

constexpr int kVersion = 1;

// What JSON's numbers, which are doubles, do not hold.
QString textOf(std::int64_t number) { return QString::number(number); }

QJsonArray jsonOf(const std::vector<OriginRun>& origins) {
  QJsonArray array;
  for (const OriginRun& run : origins) {
    const QJsonValue first =
        run.first ? QJsonValue(static_cast<qint64>(*run.first)) : QJsonValue(QJsonValue::Null);
    array.append(QJsonArray{first, static_cast<qint64>(run.count)});
  }
  return array;
}

std::vector<OriginRun> originsFrom(const QJsonArray& array) {
  std::vector<OriginRun> origins;
  for (const auto& value : array) {
    const QJsonArray run = value.toArray();
    OriginRun origin{.count = static_cast<std::uint32_t>(run.at(1).toInteger())};
    if (!run.at(0).isNull()) origin.first = static_cast<std::uint32_t>(run.at(0).toInteger());
    origins.push_back(origin);
  }
  return origins;
}

QJsonArray jsonOf(const std::vector<KeptDraft>& drafts) {
  QJsonArray array;
  for (const KeptDraft& kept : drafts) {
    QJsonObject one;
    if (kept.position) one.insert(QStringLiteral("position"), static_cast<qint64>(*kept.position));
    if (kept.draft) {
      one.insert(QStringLiteral("kind"), static_cast<int>(kept.draft->kind));
      one.insert(QStringLiteral("text"), kept.draft->text);
      one.insert(QStringLiteral("form"), kept.draft->form);
    }
    QJsonObject leaves;
    for (const auto& [path, text] : kept.leaves) leaves.insert(path, text);
    if (!leaves.isEmpty()) one.insert(QStringLiteral("leaves"), leaves);
    array.append(one);
  }
  return array;
}

std::vector<KeptDraft> draftsFrom(const QJsonArray& array) {
  std::vector<KeptDraft> drafts;
  for (const auto& value : array) {
    const QJsonObject one = value.toObject();
    KeptDraft kept;
    if (one.contains(QStringLiteral("position")))
      kept.position = static_cast<std::uint32_t>(one.value(QStringLiteral("position")).toInteger());
    const int kind = one.value(QStringLiteral("kind")).toInt(-1);
    if (kind >= 0 && kind <= static_cast<int>(Draft::Kind::InitialState))
      kept.draft = Draft{.kind = static_cast<Draft::Kind>(kind),
                         .text = one.value(QStringLiteral("text")).toString(),
                         .form = one.value(QStringLiteral("form")).toString()};
    const QJsonObject leaves = one.value(QStringLiteral("leaves")).toObject();
    for (auto leaf = leaves.begin(); leaf != leaves.end(); ++leaf)
      kept.leaves.emplace(leaf.key(), leaf.value().toString());
    drafts.push_back(std::move(kept));
  }
  return drafts;
}

}  // namespace

Result<void> keepEdits(const EditsToKeep& edits, const Task& task) {
  const QString name = QString::number(edits.generation);
  const QString recording = edits.recording ? name + QStringLiteral(".replay") : QString();
  const QString workspace = edits.workspace ? name + QStringLiteral(".retake") : QString();
  QDir folder(edits.folder);
  const auto onlyLeave = [&folder](const auto& isKept) {
    const auto files =
        folder.entryList({QStringLiteral("*.replay"), QStringLiteral("*.retake")}, QDir::Files);
    for (const QString& file : files)
      if (!isKept(file)) folder.remove(file);
  };
  const auto fail = [&](const Error& error) {
    if (!edits.areFilesKept)
      onlyLeave([&](const QString& file) { return file != recording && file != workspace; });
    return error;
  };
  if (!edits.areFilesKept) {
    const auto written = writeFiles({.path = nameOf(folder.filePath(name + QStringLiteral(".replay"))),
                                     .format = edits.format,
                                     .recording = edits.recording,
                                     .workspace = edits.workspace},
                                    task);
    if (written.error) return fail(*written.error);
  }

  QJsonObject about{{QStringLiteral("version"), kVersion},
                    {QStringLiteral("path"), edits.path},
                    {QStringLiteral("name"), edits.name},
                    {QStringLiteral("size"), textOf(static_cast<std::int64_t>(edits.stamp.size))},
                    {QStringLiteral("modified"), textOf(edits.stamp.modifiedNs)},
                    {QStringLiteral("recording"), recording},
                    {QStringLiteral("workspace"), workspace},
                    {QStringLiteral("workspaceEdited"), edits.isWorkspaceEdited},
                    {QStringLiteral("drafts"), jsonOf(edits.drafts)}};
  if (edits.recording)
    about.insert(QStringLiteral("origins"), jsonOf(originsOf(*edits.recording, *edits.file)));
  QSaveFile file(keptEditsOf(edits.folder));
  if (!file.open(QIODevice::WriteOnly) ||
      file.write(QJsonDocument(about).toJson(QJsonDocument::Compact)) < 0 || !file.commit())
    return fail(Error{nameOf(file.fileName()) + ": cannot be written: " + file.errorString().toStdString()});
  onlyLeave([&](const QString& other) { return other == recording || other == workspace; });
  return {};
}

Result<KeptEdits> readKeptEdits(const QString& folder) {
  QFile file(keptEditsOf(folder));
  if (!file.open(QIODevice::ReadOnly))
    return Error{nameOf(file.fileName()) + ": cannot be read: " + file.errorString().toStdString()};
  const QJsonObject about = QJsonDocument::fromJson(file.readAll()).object();
  if (about.value(QStringLiteral("version")).toInt() != kVersion)
    return Error{nameOf(file.fileName()) + ": expected kept edits of version " + std::to_string(kVersion) +
                 ", found other ones"};
  const auto text = [&about](const char* key) { return about.value(QLatin1String(key)).toString(); };
  const auto beside = [&](const QString& name) {
    return name.isEmpty() ? QString() : QDir(folder).filePath(name);
  };
  return KeptEdits{.path = text("path"),
                   .name = text("name"),
                   .stamp = {.size = text("size").toULongLong(), .modifiedNs = text("modified").toLongLong()},
                   .recording = beside(text("recording")),
                   .workspace = beside(text("workspace")),
                   .isWorkspaceEdited = about.value(QStringLiteral("workspaceEdited")).toBool(),
                   .when = QFileInfo(file).lastModified(),
                   .origins = originsFrom(about.value(QStringLiteral("origins")).toArray()),
                   .drafts = draftsFrom(about.value(QStringLiteral("drafts")).toArray())};
}

// Devices and inodes may have other numbers when the machine has been started again.
bool isAsItWas(const KeptEdits& edits) {
  if (edits.path.isEmpty()) return false;
  const auto now = fileStamp(nameOf(edits.path));
  return now && now->size == edits.stamp.size && now->modifiedNs == edits.stamp.modifiedNs;
}

}  // namespace retake::gui
