#pragma once

#include <QString>

namespace retake::gui {

enum class FileKind {
  Recording,  // also what is neither: opening it says what it is
  Schema      // a folder, a .proto file, a descriptor set
};

// By content; reads the file's first kilobytes.
FileKind fileKind(const QString& path);

}  // namespace retake::gui
