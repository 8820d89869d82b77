#include "detail/decoded_json.h"

#include "detail/strings.h"

namespace retake::gui {
namespace {

constexpr qsizetype kMostText = 1'000'000;
// QPlainTextEdit lays a line out as a whole: this long takes it about 10 ms.
constexpr qsizetype kLongestLine = 20'000;
constexpr qsizetype kElidedLine = 2'000;

bool hasLongLine(const QString& text) {
  qsizetype start = 0;
  while (start < text.size()) {
    qsizetype end = text.indexOf(u'\n', start);
    if (end < 0) end = text.size();
    if (end - start > kLongestLine) return true;
    start = end + 1;
  }
  return false;
}

QString beginningOf(const QString& text) {
  QString out;
  qsizetype start = 0;
  while (start < text.size() && out.size() < kMostText) {
    qsizetype end = text.indexOf(u'\n', start);
    if (end < 0) end = text.size();
    const QStringView line = QStringView(text).sliced(start, end - start);
    if (line.size() > kElidedLine) {
      out += line.first(kElidedLine);
      out += QStringLiteral("… (%1)").arg(sizeText(static_cast<std::uint64_t>(line.size())));
    } else {
      out += line;
    }
    out += u'\n';
    start = end + 1;
  }
  if (start < text.size()) out += u'…';
  return out;
}

}  // namespace

DecodedJson decodeJson(const Schema& schema, std::string_view typeName, ByteView message) {
  DecodedJson decoded;
  const auto json = toJson(schema, typeName, message);
  if (!json) {
    decoded.error = toQString(json.error().message);
    return decoded;
  }
  decoded.text = toQString(json->text);
  decoded.isWire = json->isWire;
  if (decoded.text.size() > kMostText || hasLongLine(decoded.text))
    decoded.beginning = beginningOf(decoded.text);
  return decoded;
}

}  // namespace retake::gui
