#include "window/file_kind.h"

#include <QFile>
#include <QFileInfo>
#include <QRegularExpression>
#include <algorithm>

#include "format/format.h"

namespace retake::gui {
namespace {

// A .proto may open with a long licence.
constexpr qint64 kHead = 16 * 1024;

bool looksLikeProto(const QByteArray& head) {
  static const QRegularExpression statement(
      QStringLiteral("^\\s*(syntax|edition|package|import|option|message|enum|service|extend)\\b"),
      QRegularExpression::MultilineOption);
  return !head.contains('\0') && statement.match(QString::fromUtf8(head)).hasMatch();
}

// FileDescriptorSet: files (field 1), each of which begins with its name (field 1).
bool looksLikeDescriptorSet(const QByteArray& head) {
  if (head.size() < 4 || head[0] != '\x0a') return false;
  qsizetype at = 1;
  while (at < head.size() && at < 6 && static_cast<unsigned char>(head[at]) >= 0x80) ++at;
  return at + 1 < head.size() && head[at + 1] == '\x0a';
}

}  // namespace

FileKind fileKind(const QString& path) {
  if (QFileInfo(path).isDir()) return FileKind::Schema;
  QFile file(path);
  if (!file.open(QIODevice::ReadOnly)) return FileKind::Recording;
  const QByteArray head = file.read(kHead);
  const ByteView sniffed(head.constData(), std::min(static_cast<std::size_t>(head.size()), kSniffBytes));
  const auto known = formats();
  if (std::any_of(known.begin(), known.end(), [&](const Format* format) { return format->sniff(sniffed); }))
    return FileKind::Recording;
  return looksLikeDescriptorSet(head) || looksLikeProto(head) ? FileKind::Schema : FileKind::Recording;
}

}  // namespace retake::gui
