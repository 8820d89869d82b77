#include "serve_log.h"

#include <cstdio>

#include "command.h"
#include "recording/status.h"
#include "schema/json_writer.h"
#include "schema/text.h"

namespace retake::cli {
namespace {

bool isMiss(const ReplayEvent& event) {
  return event.outcome == ReplayEvent::Outcome::Missed && event.counted;
}

const char* outcomeName(const ReplayEvent& event) {
  switch (event.outcome) {
    case ReplayEvent::Outcome::Served:
      return event.counted ? "served" : "builtin";
    case ReplayEvent::Outcome::Missed:
      return isMiss(event) ? "missed" : "unrecorded";
    case ReplayEvent::Outcome::Forwarded:
      return "forwarded";
    case ReplayEvent::Outcome::Refused:
      return "refused";
    case ReplayEvent::Outcome::Aborted:
      break;
  }
  return "aborted";
}

// Text as it is, where JSON can hold it.
std::string forJson(std::string_view text) { return isUtf8(text) ? std::string(text) : printable(text); }

// An object under construction.
class Object {
 public:
  explicit Object(JsonWriter& json) : m_json(json) { m_json.beginObject(); }
  ~Object() { m_json.endObject(); }
  Object(const Object&) = delete;
  Object& operator=(const Object&) = delete;

  void number(const char* key, std::int64_t value) { literal(key, std::to_string(value)); }
  void flag(const char* key, bool value) { literal(key, value ? "true" : "false"); }
  void literal(const char* key, const std::string& value) {
    m_json.key(key);
    m_json.literal(value);
  }
  void text(const char* key, std::string_view value) {
    m_json.key(key);
    m_json.string(forJson(value));
  }
  void texts(const char* key, const std::vector<std::string>& values) {
    if (values.empty()) return;
    m_json.key(key);
    m_json.beginArray();
    for (const std::string& value : values) m_json.string(forJson(value));
    m_json.endArray();
  }

 private:
  JsonWriter& m_json;
};

void addNearest(JsonWriter& json, const NearCall& nearest) {
  Object object(json);
  object.number("call", nearest.number);
  object.flag("used", nearest.used);
  json.key("differences");
  json.beginArray();
  for (const Difference& difference : nearest.differences) {
    Object one(json);
    one.text("path", toString(difference.path));
    if (difference.kind != Difference::Kind::OnlySent) one.text("recorded", difference.recorded);
    if (difference.kind != Difference::Kind::OnlyRecorded) one.text("sent", difference.sent);
  }
  json.endArray();
  if (nearest.more > 0) object.number("more_differences", static_cast<std::int64_t>(nearest.more));
}

void addExplanation(JsonWriter& json, const Explanation& explanation) {
  const Miss& miss = explanation.miss;
  Object object(json);
  object.text("reason", reasonOf(miss.why));
  object.text("text", fullText(explanation));
  if (miss.recorded != 0)
    object.number(miss.countsMessages() ? "recorded_messages" : "recorded_calls", miss.recorded);
  if (miss.callNumber != 0) object.number("call", miss.callNumber);
  if (miss.usedBy != 0) object.number("used_by", static_cast<std::int64_t>(miss.usedBy));
  if (miss.message != 0) object.number("message", miss.message);
  if (explanation.scrubFit != ScrubFit::Fits)
    object.text("scrub_rules", explanation.scrubFit == ScrubFit::RulesOff ? "off" : "others");
  object.texts("similar_methods", explanation.methodsNearby);
  if (explanation.nearest) {
    json.key("nearest");
    addNearest(json, *explanation.nearest);
  }
}

// The lines behind the first one stand below it. What is said to a client begins with our name.
std::string lines(const std::string& first, std::string_view text) {
  constexpr std::string_view kName = "retake: ";
  if (text.starts_with(kName)) text.remove_prefix(kName.size());
  std::string out = "retake-cli: " + first;
  for (bool begun = false; !text.empty() || !begun; begun = true) {
    const std::size_t length = std::min(text.find('\n'), text.size());
    out += (begun ? "  " : "") + printable(text.substr(0, length)) + "\n";
    text.remove_prefix(std::min(length + 1, text.size()));
  }
  return out;
}

}  // namespace

void ServeLog::begin() {
  m_out.begin();
  m_error.begin();
}

void ServeLog::finish(const std::string& report) {
  m_out.finish();
  m_error.finish(report);
}

void ServeLog::take(const ReplayEvent& event) {
  const std::string call = "call " + std::to_string(event.sequence) + " ";
  if (event.kind == ReplayEvent::Kind::Note) {
    if (m_json) m_notes[event.sequence].push_back(event.text);
    m_error.write(lines(call + printable(event.method) + ": ", event.text));
  } else if (event.kind == ReplayEvent::Kind::Call) {
    if (isMiss(event))
      m_error.write(lines(call + "missed: ", event.explanation ? fullText(*event.explanation) : event.text));
    if (m_json) writeObject(event);
  }
}

void ServeLog::writeObject(const ReplayEvent& event) {
  JsonWriter json(JsonWriter::Style::OneLine);
  {
    Object object(json);
    object.number("call", static_cast<std::int64_t>(event.sequence));
    object.text("endpoint", event.endpoint);
    object.text("method", event.method);
    if (event.callNumber != 0) object.number("recorded", event.callNumber);
    object.text("outcome", outcomeName(event));
    object.number("code", event.statusCode);
    object.text("status", statusCodeName(event.statusCode));
    object.text("message", event.text);
    if (!event.forwarded.empty()) object.text("forwarded", event.forwarded);
    using std::chrono::duration_cast;
    object.number("began", duration_cast<std::chrono::milliseconds>(event.time.time_since_epoch()).count());
    char duration[32];
    std::snprintf(duration, sizeof duration, "%.3f",
                  std::chrono::duration<double, std::milli>(event.duration).count());
    object.literal("duration_ms", duration);
    if (event.explanation) {
      json.key("explanation");
      addExplanation(json, *event.explanation);
    }
    if (const auto notes = m_notes.extract(event.sequence)) object.texts("notes", notes.mapped());
  }
  m_out.write(json.take() + "\n");
}

}  // namespace retake::cli
