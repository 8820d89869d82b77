#include <absl/container/inlined_vector.h>
#include <absl/strings/ascii.h>
#include <google/protobuf/descriptor.h>

#include <algorithm>

#include "schema/field_path.h"
#include "scrub/value_walk.h"

namespace retake {
namespace {

namespace pb = google::protobuf;
using Kind = ValueStep::Kind;

// As field_path.h has it: a key in quotes.
void appendSubscript(std::string& out, std::string_view key) {
  FieldPath path{{PathSegment{.kind = PathSegment::Kind::AnyField, .key = std::string(key)}}};
  out += toString(path).substr(1);
}

void appendName(std::string& out, std::string_view name) {
  if (!out.empty()) out += '.';
  out += name;
}

bool isPlainName(std::string_view name) {
  return !name.empty() && !absl::ascii_isdigit(name.front()) &&
         std::all_of(name.begin(), name.end(),
                     [&](char c) { return absl::ascii_isalnum(c) || c == '_' || c == '-' || c == '$'; });
}

bool isBool(const ValueStep& key) {
  const pb::FieldDescriptor* map = key.parent ? key.parent->field : nullptr;
  return map && map->is_map() && map->message_type()->map_key()->type() == pb::FieldDescriptor::TYPE_BOOL;
}

void appendInBrackets(std::string& out, std::string_view text) {
  out += '[';
  out += text;
  out += ']';
}

void appendField(std::string& out, const ValueStep& step) {
  if (!step.field) return appendName(out, std::to_string(step.number));
  if (!step.field->is_extension()) return appendName(out, step.field->name());
  appendName(out, {});
  appendInBrackets(out, step.field->full_name());
}

void appendStep(std::string& out, const ValueStep& step) {
  switch (step.kind) {
    case Kind::Field:
      appendField(out, step);
      break;
    case Kind::Element:
      if (!step.isOnly) appendInBrackets(out, std::to_string(step.index));
      break;
    case Kind::Key:
      if (step.hasText)
        appendSubscript(out, step.text);
      else if (isBool(step))
        out += step.index ? "[true]" : "[false]";
      else
        appendInBrackets(out, std::to_string(static_cast<std::int64_t>(step.index)));
      break;
    case Kind::Any:
      out += "<" + std::string(step.text) + ">";
      break;
    case Kind::Member:
      if (isPlainName(step.text))
        appendName(out, step.text);
      else
        appendSubscript(out, step.text);
      break;
    case Kind::Item:
      appendInBrackets(out, std::to_string(step.index));
      break;
    case Kind::Inside:
      break;
  }
}

}  // namespace

std::string ValuePlace::path() const {
  // Most are not deep.
  absl::InlinedVector<const ValueStep*, 16> steps;
  for (const ValueStep* step = m_last; step; step = step->parent) steps.push_back(step);
  std::string out;
  out.reserve(steps.size() * 8);
  for (auto step = steps.rbegin(); step != steps.rend(); ++step) appendStep(out, **step);
  return out;
}

std::string ValuePlace::fieldName() const {
  for (const ValueStep* step = m_last; step; step = step->parent) {
    if (step->kind == Kind::Member) return std::string(step->text);
    if (step->kind == Kind::Field) return step->field ? step->field->name() : std::to_string(step->number);
  }
  return {};
}

const pb::FieldDescriptor* ValuePlace::field() const {
  for (const ValueStep* step = m_last; step; step = step->parent)
    if (step->kind == Kind::Field) return step->field;
  return nullptr;
}

std::string ValuePlace::inside() const {
  std::string out;
  for (const ValueStep* step = m_last; step; step = step->parent)
    if (step->kind == Kind::Inside) out = std::string(step->text) + (out.empty() ? "" : ", ") + out;
  return out;
}

}  // namespace retake
