#include "initial_state/state_form.h"

#include <array>
#include <utility>
#include <vector>

#include "schema/suggest.h"
#include "schema/text.h"

namespace retake {
namespace {

using Kind = StateForm::Kind;

struct Named {
  Kind kind;
  std::string_view name;
  std::string_view description;
};
constexpr std::array kNamed{
    Named{Kind::Hex, "hex", "bytes"},
    Named{Kind::Base64, "base64", "bytes"},
    Named{Kind::Utf8, "utf8", "text"},
    Named{Kind::Json, "json", "JSON"},
    Named{Kind::GoTime, "go-time", "a Go time"},
    Named{Kind::Message, "message", "a message"},
};
constexpr std::string_view kTypePrefix = "message:";

const Named* named(Kind kind) {
  for (const Named& one : kNamed)
    if (one.kind == kind) return &one;
  return nullptr;
}

}  // namespace

std::string formName(const StateForm& form) {
  if (form.kind == Kind::Integer) return shapeName(form.integer);
  if (form.kind == Kind::Message && !form.type.empty()) return std::string(kTypePrefix) + form.type;
  return std::string(named(form.kind)->name);
}

Result<StateForm> formOfName(std::string_view name) {
  if (name.starts_with(kTypePrefix) && name.size() > kTypePrefix.size())
    return StateForm{.kind = Kind::Message, .type = std::string(name.substr(kTypePrefix.size()))};
  std::vector<std::string> names;
  for (const Named& one : kNamed) {
    if (one.name == name) return StateForm{.kind = one.kind};
    names.emplace_back(one.name);
  }
  for (const IntegerShape& shape : integerShapes()) {
    names.push_back(shapeName(shape));
    if (names.back() == name) return StateForm{.kind = Kind::Integer, .integer = shape};
  }
  std::string found;
  appendJsonString(found, utf8Prefix(name.substr(0, validUtf8(name)), 60));
  return Error{
      "expected hex, base64, utf8, json, go-time, message:TYPE, message (fields by number) or an integer "
      "such "
      "as uint64le or int32be, found " +
      found + didYouMean(name, names)};
}

std::string describe(const StateForm& form) {
  if (form.kind == Kind::Integer) return (form.integer.isSigned ? "an " : "a ") + shapeName(form.integer);
  if (form.kind == Kind::Message && !form.type.empty()) return "a " + form.type;
  return std::string(named(form.kind)->description);
}

}  // namespace retake
