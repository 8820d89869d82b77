#include "server/answer_text.h"

#include "schema/json.h"

namespace retake::gui {

namespace {

void addMessage(QStringList& lines, const Schema& schema, const std::string& typeName,
                const std::string& message, std::size_t number, bool isStream) {
  if (isStream) lines += QStringLiteral("▸ message %1").arg(number);
  lines += messageText(schema, typeName, message).split(u'\n');
}

void addEnd(QStringList& lines, const Schema& schema, const Status& end) {
  QString line =
      QStringLiteral("▸ status %1 (%2)").arg(QString::fromStdString(statusCodeName(end.code))).arg(end.code);
  if (!end.message.empty()) line += QStringLiteral(": ") + QString::fromStdString(end.message);
  lines += line.split(u'\n');
  for (const Any& detail : end.details) {
    const std::string typeName(typeNameOf(detail.typeUrl));
    lines += QStringLiteral("▸ detail %1").arg(QString::fromStdString(typeName));
    lines += messageText(schema, typeName, detail.value).split(u'\n');
  }
}

}  // namespace

QString messageText(const Schema& schema, const std::string& typeName, const std::string& message) {
  const auto json = toJson(schema, typeName, message);
  if (!json)
    return QStringLiteral("▸ %1 bytes: %2")
        .arg(message.size())
        .arg(QString::fromStdString(json.error().message));
  if (json->text.size() <= kMaxMessageText) return QString::fromStdString(json->text);
  const std::size_t end = json->text.rfind('\n', kMaxMessageText);
  const std::size_t kept = end == std::string::npos ? kMaxMessageText : end;
  return QString::fromUtf8(json->text.data(), static_cast<qsizetype>(kept)) +
         QStringLiteral("\n▸ … %1 kB more").arg((json->text.size() - kept) / 1000 + 1);
}

QStringList recordedLines(const Schema& schema, const ClientScript& script) {
  QStringList lines;
  std::size_t number = 0;
  for (const ClientScript::Step& step : script.steps) {
    if (step.isSend) continue;
    addMessage(lines, schema, step.typeName, step.message, ++number, script.isStream);
  }
  if (script.endRecorded) {
    addEnd(lines, schema, script.end);
  } else {
    lines += QStringLiteral("▸ no end is recorded");
  }
  return lines;
}

QStringList answeredLines(const Schema& schema, const ClientScript& script, const ClientOutcome& outcome) {
  // Messages are of the type of the recorded one at their place; what comes after, of the last one's.
  std::vector<const std::string*> types;
  for (const ClientScript::Step& step : script.steps) {
    if (!step.isSend) types.push_back(&step.typeName);
  }
  static const std::string kNone;
  QStringList lines;
  for (std::size_t i = 0; i < outcome.received.size(); ++i) {
    const std::string& type = types.empty() ? kNone : *types[std::min(i, types.size() - 1)];
    addMessage(lines, schema, type, outcome.received[i], i + 1, script.isStream);
  }
  addEnd(lines, schema, outcome.end);
  return lines;
}

}  // namespace retake::gui
