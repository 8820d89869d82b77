#include "calls/call_text.h"

#include <QCoreApplication>
#include <array>

#include "recording/status.h"

namespace retake::gui {

QString kindLetter(CallKind kind) {
  static constexpr std::array<char, 4> kLetters = {'U', 'S', 'C', 'B'};
  return QString(QLatin1Char(kLetters[static_cast<std::size_t>(kind)]));
}

QString kindTitle(CallKind kind) {
  const auto name = callKindName(kind);
  return QString::fromUtf8(name.data(), static_cast<qsizetype>(name.size()));
}

QString statusText(const CallEnd& end) {
  switch (end.kind) {
    case CallEnd::Kind::Ok:
      return QStringLiteral("✓ OK");
    case CallEnd::Kind::Error:
      // 31 stands for every code that gRPC does not name.
      return QStringLiteral("✗ ") + (end.code == 31 ? QStringLiteral("other code")
                                                    : QString::fromStdString(statusCodeName(end.code)));
    case CallEnd::Kind::Open:
      break;
  }
  return QStringLiteral("… open");
}

MethodParts methodParts(const std::string& path) {
  const auto slash = path.rfind('/');
  if (path.size() < 2 || path.front() != '/' || slash == 0 || slash + 1 == path.size())
    return {{}, QString::fromStdString(path)};
  return {QString::fromUtf8(path.data() + 1, static_cast<qsizetype>(slash - 1)),
          QString::fromUtf8(path.data() + slash + 1, static_cast<qsizetype>(path.size() - slash - 1))};
}

}  // namespace retake::gui
