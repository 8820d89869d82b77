#include "schema/json.h"

#include <google/protobuf/arena.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <google/protobuf/stubs/logging.h>

#include "schema/json_reader.h"
#include "schema/message_from_json.h"
#include "schema/message_to_json.h"
#include "schema/message_tree.h"
#include "schema/preview.h"
#include "schema/text.h"
#include "schema/unknown_fields.h"
#include "schema/wire_json.h"

namespace retake {
namespace {

using google::protobuf::Arena;
using google::protobuf::LogSilencer;
using google::protobuf::Message;

// On an arena: a large message is tens of thousands of small ones.
Message* newOn(Arena& arena, const Schema& schema, const google::protobuf::Descriptor& type) {
  return schema.newMessage(type)->New(&arena);
}

// Null where the bytes are no message of that type.
Message* parse(Arena& arena, const Schema& schema, const google::protobuf::Descriptor& type, ByteView bytes) {
  const LogSilencer quiet;  // of strings that are no UTF-8
  Message* message = newOn(arena, schema, type);
  const bool parsed = bytes.size() <= INT32_MAX &&
                      message->ParsePartialFromArray(bytes.data(), static_cast<int>(bytes.size()));
  return parsed ? message : nullptr;
}

Error damage(const Schema& schema, std::string_view typeName, ByteView bytes) {
  const MessageTree tree = describeMessage(schema, typeName, bytes);
  return {
      "expected a message of type " + std::string(typeName) + ", found " +
      (bytes.size() == 1 ? "1 byte that is none" : std::to_string(bytes.size()) + " bytes that are none") +
      (tree.damage.empty() ? "" : ": " + tree.damage)};
}

std::string fromWire(const JsonValue& json, ByteView original, std::vector<JsonProblem>& problems) {
  std::string bytes = readWireJson(json, problems);
  if (!problems.empty() || original.empty() || !isWireMessage(original)) return bytes;
  // What was not changed keeps the bytes it had, in their order.
  JsonWriter writer(JsonWriter::Style::OneLine);
  writeWireJson(original, writer);
  const std::string text = writer.take();
  JsonProblem none;
  if (const auto same = readJson(text, none); same && readWireJson(*same, problems) == bytes)
    return std::string(original);
  return bytes;
}

}  // namespace

std::string describe(const JsonProblem& problem) {
  return "line " + std::to_string(problem.line) + ", column " + std::to_string(problem.column) +
         (problem.path.empty() ? "" : ", " + problem.path) + ": " + problem.message;
}

Result<JsonText> toJson(const Schema& schema, std::string_view typeName, ByteView message) {
  JsonWriter writer(JsonWriter::Style::Lines);
  const auto* type = schema.message(typeName);
  if (!type) {
    if (!isWireMessage(message)) return damage(schema, typeName, message);
    writeWireJson(message, writer);
    return JsonText{writer.take(), true};
  }
  Arena arena;
  const Message* parsed = parse(arena, schema, *type, message);
  if (!parsed) return damage(schema, typeName, message);
  if (const auto written = writeMessageJson(schema, *parsed, writer); !written)
    return Error{std::string(typeName) + ": " + written.error().message};
  return JsonText{writer.take(), false};
}

JsonParse fromJson(const Schema& schema, std::string_view typeName, std::string_view json,
                   ByteView original) {
  JsonParse result;
  JsonProblem syntax;
  const auto value = readJson(json, syntax);
  if (!value) {
    result.problems.push_back(std::move(syntax));
    return result;
  }
  if (const auto* type = schema.message(typeName); !type) {
    result.message = fromWire(*value, original, result.problems);
  } else {
    Arena arena;
    Message* message = newOn(arena, schema, *type);
    readMessageJson(schema, *value, *message, result.problems);
    Message* before = original.empty() || !result.ok() ? nullptr : parse(arena, schema, *type, original);
    if (before) keepUnknownFields(schema, *message, *before);
    if (result.ok()) result.message = canonicalBytes(*message);
    // What was not changed keeps the bytes it had, the order of maps too.
    if (before && result.message.size() == before->ByteSizeLong() &&
        result.message == canonicalBytes(*before))
      result.message = original;
  }
  for (JsonProblem& problem : result.problems) locate(problem, json);
  if (!result.ok()) result.message.clear();
  return result;
}

std::string toJsonPreview(const Schema& schema, std::string_view typeName, ByteView message,
                          std::size_t limit) {
  const auto* type = schema.message(typeName);
  bool cut = false;
  const std::string head = messageHead(type, message, std::max<std::size_t>(4 * limit, 1024), cut);
  JsonWriter writer(JsonWriter::Style::OneLine, limit);
  Arena arena;
  const Message* parsed = type ? parse(arena, schema, *type, head) : nullptr;
  if (!parsed || !writeMessageJson(schema, *parsed, writer)) {
    writer = JsonWriter(JsonWriter::Style::OneLine, limit);
    writeWireJson(head, writer);
  }
  std::string text = writer.take();
  if (cut) {
    while (text.ends_with('}') || text.ends_with(']')) text.pop_back();
    text += text.ends_with('{') || text.ends_with('[') ? "…" : ", …";
  }
  if (text.size() <= limit) return text;
  constexpr std::string_view kEllipsis = "…";
  if (limit < kEllipsis.size()) return {};
  return std::string(utf8Prefix(text, limit - kEllipsis.size())) + std::string(kEllipsis);
}

}  // namespace retake
