#include "server/answer_text.h"

#include <algorithm>

#include "schema/json.h"
#include "server/words.h"

namespace retake::gui {

namespace {

class Lines {
 public:
  Lines(const Schema& schema, bool isStream) : m_schema(schema), m_isStream(isStream) {}

  void message(const std::string& typeName, const std::string& message) {
    ++m_messages;
    if (m_size >= kMaxAnswerText) {
      ++m_leftOut;
      return;
    }
    if (m_isStream) say(QStringLiteral("message %1").arg(m_messages));
    json(typeName, message);
  }

  void end(const Status& end) {
    flush();
    QString line =
        QStringLiteral("status %1 (%2)").arg(QString::fromStdString(statusCodeName(end.code))).arg(end.code);
    if (!end.message.empty()) line += QStringLiteral(": ") + QString::fromStdString(end.message);
    say(line);
    m_size = 0;  // details are shown, however long the messages were
    for (const Any& detail : end.details) {
      const std::string typeName(typeNameOf(detail.typeUrl));
      say(QStringLiteral("detail %1").arg(QString::fromStdString(typeName)));
      json(typeName, detail.value);
    }
  }

  void say(const QString& text) { add(QStringLiteral("▸ ") + text); }

  QStringList take() {
    flush();
    return std::move(m_lines);
  }

 private:
  void json(const std::string& typeName, const std::string& message) {
    const QString text = messageText(m_schema, typeName, message);
    const auto room = static_cast<qsizetype>(kMaxAnswerText - std::min(m_size, kMaxAnswerText));
    if (text.size() <= room) return add(text);
    const qsizetype lineEnd = text.lastIndexOf(u'\n', room);
    const qsizetype kept = lineEnd > 0 ? lineEnd : room;
    add(text.left(kept));
    say(QStringLiteral("… %1 kB more")
            .arg(countText(static_cast<std::uint64_t>((text.size() - kept) / 1000 + 1))));
  }
  void add(const QString& text) {
    m_size += static_cast<std::size_t>(text.size());
    m_lines += text.split(u'\n');
  }
  void flush() {
    if (m_leftOut == 0) return;
    say(QStringLiteral("… %1").arg(
        countWords(m_leftOut, QStringLiteral("more message"), QStringLiteral("more messages"))));
    m_leftOut = 0;
  }

  const Schema& m_schema;
  const bool m_isStream;
  QStringList m_lines;
  std::size_t m_size = 0;
  std::uint64_t m_messages = 0;
  std::uint64_t m_leftOut = 0;
};

}  // namespace

QString messageText(const Schema& schema, const std::string& typeName, const std::string& message) {
  const auto json = toJson(schema, typeName, message);
  if (json) return QString::fromStdString(json->text);
  return QStringLiteral("▸ %1 bytes: %2")
      .arg(message.size())
      .arg(QString::fromStdString(json.error().message));
}

QStringList recordedLines(const Schema& schema, const ClientScript& script) {
  Lines lines(schema, script.isStream);
  for (const ClientScript::Step& step : script.steps) {
    if (!step.isSend) lines.message(step.typeName, step.message);
  }
  if (script.endRecorded) {
    lines.end(script.end);
  } else {
    lines.say(QStringLiteral("no end is recorded"));
  }
  return lines.take();
}

QStringList answeredLines(const Schema& schema, const ClientScript& script, const ClientOutcome& outcome) {
  // Messages are of the type of the recorded one at their place; what comes after, of the last one's.
  std::vector<const std::string*> types;
  for (const ClientScript::Step& step : script.steps) {
    if (!step.isSend) types.push_back(&step.typeName);
  }
  static const std::string kNone;
  Lines lines(schema, script.isStream);
  for (std::size_t i = 0; i < outcome.received.size(); ++i) {
    lines.message(types.empty() ? kNone : *types[std::min(i, types.size() - 1)], outcome.received[i]);
  }
  lines.end(outcome.end);
  return lines.take();
}

}  // namespace retake::gui
