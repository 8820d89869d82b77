#include "window/sample.h"

#include <QFile>
#include <QTemporaryDir>

static void initSamples() { Q_INIT_RESOURCE(samples); }

namespace retake::gui::sample {

QString recordingPath() {
  initSamples();
  return QStringLiteral(":/samples/depot.replay");
}

QString schemaPath() {
  initSamples();
  static const QTemporaryDir folder;
  const QString path = folder.filePath(QStringLiteral("depot.proto"));
  if (!folder.isValid()) return {};
  if (!QFile::exists(path) && !QFile::copy(QStringLiteral(":/samples/depot.proto"), path)) return {};
  return path;
}

}  // namespace retake::gui::sample
