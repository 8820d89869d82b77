#include "print_extras.h"

#include "command.h"
#include "schema/text.h"
#include "schema/well_known.h"

namespace retake::cli {
namespace {

constexpr std::int64_t kNanos = 1'000'000'000;

// 64 bits of nanoseconds are 292 years before or behind 1970, which both forms can hold.
std::string timeText(std::int64_t nanos) {
  const std::int64_t past = (nanos % kNanos + kNanos) % kNanos;
  return timestampText((nanos - past) / kNanos, static_cast<std::int32_t>(past)).value_or("");
}

std::string timeoutText(std::int64_t nanos) {
  return durationText(nanos / kNanos, static_cast<std::int32_t>(nanos % kNanos)).value_or("");
}

const char* cancellerName(EntryExtras::Canceller canceller) {
  switch (canceller) {
    case EntryExtras::Canceller::Nobody:
      return "";
    case EntryExtras::Canceller::Client:
      return "client";
    case EntryExtras::Canceller::Deadline:
      return "deadline";
    case EntryExtras::Canceller::Server:
      return "server";
    case EntryExtras::Canceller::Recorder:
      break;
  }
  return "recorder";
}

std::string metadataText(const char* what, const std::optional<Metadata>& metadata) {
  if (!metadata) return {};
  if (metadata->empty()) return std::string("  no ") + what + "\n";
  std::string text;
  for (const MetadataEntry& entry : *metadata)
    text += std::string("  ") + what + " " + printable(entry.key) + ": " +
            (isBinaryKey(entry.key) ? toBase64(entry.value) : inQuotes(entry.value)) + "\n";
  return text;
}

void addMetadata(JsonWriter& json, const char* key, const std::optional<Metadata>& metadata) {
  if (!metadata) return;
  json.key(key);
  json.beginArray();
  for (const MetadataEntry& entry : *metadata) {
    json.beginObject();
    json.key("key");
    json.string(printable(entry.key));
    json.key("value");
    json.string(isBinaryKey(entry.key) ? toBase64(entry.value) : printable(entry.value));
    json.endObject();
  }
  json.endArray();
}

void addText(JsonWriter& json, const char* key, const std::string& value) {
  json.key(key);
  json.string(value);
}

}  // namespace

std::string extrasText(const EntryExtras& extras) {
  std::string text;
  if (extras.timeNanos) text += "  time " + timeText(*extras.timeNanos) + "\n";
  if (extras.timeoutNanos) text += "  timeout " + timeoutText(*extras.timeoutNanos) + "\n";
  text += metadataText("metadata", extras.requestMetadata);
  text += metadataText("header", extras.headers);
  text += metadataText("trailer", extras.trailers);
  if (extras.halfClosedBefore) text += "  the client half-closed before\n";
  if (extras.canceller == EntryExtras::Canceller::Recorder)
    text += "  the recorder's own word, not the service's\n";
  else if (extras.canceller != EntryExtras::Canceller::Nobody)
    text += std::string("  cancelled by the ") + cancellerName(extras.canceller) + "\n";
  if (extras.inferred) text += "  unary or a stream: inferred, no schema told\n";
  return text;
}

void addExtras(JsonWriter& json, const EntryExtras& extras) {
  if (extras.timeNanos) addText(json, "time", timeText(*extras.timeNanos));
  if (extras.timeoutNanos) addText(json, "timeout", timeoutText(*extras.timeoutNanos));
  addMetadata(json, "metadata", extras.requestMetadata);
  addMetadata(json, "headers", extras.headers);
  addMetadata(json, "trailers", extras.trailers);
  if (extras.halfClosedBefore) {
    json.key("half_closed_before");
    json.literal("true");
  }
  if (extras.canceller != EntryExtras::Canceller::Nobody)
    addText(json, "canceller", cancellerName(extras.canceller));
  if (extras.inferred) {
    json.key("inferred");
    json.literal("true");
  }
}

}  // namespace retake::cli
