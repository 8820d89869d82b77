#include "recovery/kept_edits.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSaveFile>

#include "workspace/workspace.h"

namespace retake::gui {
namespace {

constexpr int kVersion = 1;

QString aboutOf(const QString& folder) { return folder + QStringLiteral("/edits.json"); }

std::string nameOf(const QString& path) { return QFile::encodeName(path).toStdString(); }

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

}  // namespace

Result<void> keepEdits(const EditsToKeep& edits, const Task& task) {
  const QString name = QString::number(edits.generation);
  const QString recording = edits.recording ? name + QStringLiteral(".replay") : QString();
  const QString workspace = edits.workspace ? name + QStringLiteral(".retake") : QString();
  QDir folder(edits.folder);
  const auto written = writeFiles({.path = nameOf(folder.filePath(name + QStringLiteral(".replay"))),
                                   .format = edits.format,
                                   .recording = edits.recording,
                                   .workspace = edits.workspace},
                                  task);
  if (written.error) return *written.error;

  QJsonObject about{{QStringLiteral("version"), kVersion},
                    {QStringLiteral("path"), edits.path},
                    {QStringLiteral("name"), edits.name},
                    {QStringLiteral("size"), textOf(static_cast<std::int64_t>(edits.stamp.size))},
                    {QStringLiteral("modified"), textOf(edits.stamp.modifiedNs)},
                    {QStringLiteral("recording"), recording},
                    {QStringLiteral("workspace"), workspace}};
  if (edits.recording)
    about.insert(QStringLiteral("origins"), jsonOf(originsOf(*edits.recording, *edits.file)));
  QSaveFile file(aboutOf(edits.folder));
  if (!file.open(QIODevice::WriteOnly) || file.write(QJsonDocument(about).toJson()) < 0 || !file.commit())
    return Error{nameOf(file.fileName()) + ": cannot be written: " + file.errorString().toStdString()};

  for (const QString& other :
       folder.entryList({QStringLiteral("*.replay"), QStringLiteral("*.retake")}, QDir::Files))
    if (other != recording && other != workspace) folder.remove(other);
  return {};
}

Result<KeptEdits> readKeptEdits(const QString& folder) {
  QFile file(aboutOf(folder));
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
                   .when = QFileInfo(file).lastModified(),
                   .origins = originsFrom(about.value(QStringLiteral("origins")).toArray())};
}

// Devices and inodes may have other numbers when the machine has been started again.
bool isAsItWas(const KeptEdits& edits) {
  if (edits.path.isEmpty()) return false;
  const auto now = fileStamp(nameOf(edits.path));
  return now && now->size == edits.stamp.size && now->modifiedNs == edits.stamp.modifiedNs;
}

}  // namespace retake::gui
