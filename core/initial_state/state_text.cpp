#include "initial_state/state_text.h"

#include "initial_state/go_time.h"
#include "initial_state/hex_text.h"
#include "initial_state/json_layout.h"
#include "schema/json.h"
#include "schema/json_reader.h"
#include "schema/suggest.h"
#include "schema/text.h"

namespace retake {
namespace {

using Kind = StateForm::Kind;

std::string placeIn(ByteView bytes, std::size_t offset) {
  return "byte " + std::to_string(offset) + ": expected UTF-8, found " + foundAt(bytes, offset);
}

std::optional<TextProblem> readJsonText(std::string_view text) {
  JsonProblem problem;
  if (readJson(text, problem)) return std::nullopt;
  return TextProblem{(problem.path.empty() ? "" : problem.path + ": ") + problem.message, problem.line,
                     problem.column};
}

std::optional<std::string> unknownType(const StateForm& form, const Schema& schema) {
  if (form.type.empty() || schema.message(form.type)) return std::nullopt;
  std::string found;
  appendJsonString(found, utf8Prefix(std::string_view(form.type).substr(0, validUtf8(form.type)), 100));
  return "expected a type of the schema, found " + found + didYouMean(form.type, schema.messageNames()) +
         (schema.isBuiltinOnly() ? "; no schema is loaded" : "");
}

Result<std::string> messageText(ByteView bytes, const StateForm& form, const Schema& schema) {
  if (const auto why = unknownType(form, schema)) return Error{*why};
  const auto json = toJson(schema, form.type, bytes);
  if (!json) return json.error();
  return json->text;
}

Result<std::string> jsonText(ByteView bytes) {
  if (const std::size_t valid = validUtf8(bytes); valid != bytes.size()) return Error{placeIn(bytes, valid)};
  if (const auto problem = readJsonText(bytes)) return Error{describe(*problem)};
  return isCompactJson(bytes) ? indentedJson(bytes) : std::string(bytes);
}

// JSON behind which, and on one line within which, blanks are as in the original.
StateParse jsonBytes(std::string_view text, ByteView original) {
  StateParse parse;
  if ((parse.problem = readJsonText(text))) return parse;
  parse.bytes = text;
  if (original.empty() || !isUtf8(original) || readJsonText(original)) return parse;
  const auto behind = [](std::string_view json) {
    std::size_t at = json.size();
    while (at > 0 && isBlank(json[at - 1])) --at;
    return at;
  };
  if (isCompactJson(original)) parse.bytes = compactJson(text);
  parse.bytes.resize(behind(parse.bytes));
  parse.bytes += original.substr(behind(original));
  return parse;
}

StateParse messageBytes(std::string_view text, const StateForm& form, const Schema& schema,
                        ByteView original) {
  StateParse parse;
  if (const auto why = unknownType(form, schema)) {
    parse.problem = TextProblem{*why};
    return parse;
  }
  // What was no such message has no fields to keep.
  const auto before = toJson(schema, form.type, original);
  if (!before) original = {};
  JsonParse json = fromJson(schema, form.type, text, original);
  if (!json.ok()) {
    const JsonProblem& first = json.problems.front();
    parse.problem =
        TextProblem{(first.path.empty() ? "" : first.path + ": ") + first.message, first.line, first.column};
    return parse;
  }
  parse.bytes = std::move(json.message);
  // The same message may be written in many ways: one that says the same keeps the one it has.
  if (before && parse.bytes != original)
    if (const auto after = toJson(schema, form.type, parse.bytes); after && after->text == before->text)
      parse.bytes = original;
  return parse;
}

}  // namespace

Result<std::string> stateText(ByteView bytes, const StateForm& form, const Schema& schema) {
  if (bytes.empty()) return std::string();
  switch (form.kind) {
    case Kind::Hex:
      return hexText(bytes);
    case Kind::Base64:
      return toBase64(bytes);
    case Kind::Utf8:
      if (const std::size_t valid = validUtf8(bytes); valid != bytes.size())
        return Error{placeIn(bytes, valid)};
      return std::string(bytes);
    case Kind::Json:
      return jsonText(bytes);
    case Kind::GoTime: {
      const auto time = readGoTime(bytes);
      if (!time) return time.error();
      return goTimeText(*time);
    }
    case Kind::Integer:
      return integerText(bytes, form.integer);
    case Kind::Message:
      return messageText(bytes, form, schema);
  }
  return std::string();
}

StateParse stateBytes(std::string_view text, const StateForm& form, const Schema& schema, ByteView original) {
  StateParse parse;
  if (form.kind != Kind::Utf8 && isBlank(text)) return parse;
  if (const std::size_t valid = validUtf8(text); valid != text.size()) {
    parse.problem = problemAt(text, valid, "expected UTF-8, found " + foundAt(text, valid));
    return parse;
  }
  switch (form.kind) {
    case Kind::Hex:
      parse.problem = readHex(text, parse.bytes);
      break;
    case Kind::Base64:
      parse.problem = readBase64(text, parse.bytes);
      break;
    case Kind::Utf8:
      parse.bytes = text;
      break;
    case Kind::Json:
      return jsonBytes(text, original);
    case Kind::GoTime: {
      GoTime time;
      if ((parse.problem = readGoTimeText(text, time))) break;
      // The zones that Go does not write are a problem of the text already.
      if (auto bytes = writeGoTime(time))
        parse.bytes = *std::move(bytes);
      else
        parse.problem = TextProblem{bytes.error().message};
      break;
    }
    case Kind::Integer:
      parse.problem = readInteger(text, form.integer, parse.bytes);
      break;
    case Kind::Message:
      return messageBytes(text, form, schema, original);
  }
  return parse;
}

}  // namespace retake
