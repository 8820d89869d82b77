#pragma once

#include <QFile>
#include <QTemporaryDir>

#include "schema/sources.h"

namespace retake::test {

// A schema of what follows "package t;".
inline std::shared_ptr<const Schema> schemaOf(const char* messages) {
  const QTemporaryDir folder;
  QFile file(folder.filePath(QStringLiteral("t.proto")));
  if (!file.open(QIODevice::WriteOnly)) qFatal("cannot write the schema");
  file.write("syntax = \"proto3\";\npackage t;\n");
  file.write(messages);
  file.close();
  const std::vector<std::string> places{file.fileName().toStdString()};
  auto schema = loadSchema(places);
  if (!schema) qFatal("%s", schema.error().message.c_str());
  return *schema;
}

}  // namespace retake::test
