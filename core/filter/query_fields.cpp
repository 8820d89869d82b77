#include "filter/query_fields.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "filter/caseless_text.h"
#include "recording/calls.h"
#include "recording/status.h"

namespace retake {
namespace {

using Kind = QueryField::Kind;

constexpr std::array<QueryField, 16> kFields = {{
    {.name = "method", .kind = Kind::Word, .field = FilterField::Method, .words = "method"},
    {.name = "service", .kind = Kind::Word, .field = FilterField::Service, .words = "service"},
    {.name = "status", .kind = Kind::Word, .field = FilterField::Status, .words = "status"},
    {.name = "kind", .kind = Kind::Word, .field = FilterField::Kind, .words = "kind"},
    {.name = "dir", .kind = Kind::Word, .field = FilterField::Direction, .words = "direction"},
    {.name = "dur", .kind = Kind::Time, .field = FilterField::Duration, .words = "duration"},
    {.name = "start", .kind = Kind::Time, .field = FilterField::Start, .words = "time since the beginning"},
    {.name = "size", .kind = Kind::Size, .field = FilterField::Size, .words = "size"},
    {.name = "req.size", .kind = Kind::Size, .field = FilterField::RequestSize, .words = "request size"},
    {.name = "resp.size", .kind = Kind::Size, .field = FilterField::ResponseSize, .words = "response size"},
    {.name = "msgs", .kind = Kind::Count, .field = FilterField::Messages, .words = "number of messages"},
    {.name = "id", .kind = Kind::Count, .field = FilterField::Id, .words = "call number"},
    {.name = "text", .kind = Kind::Text, .side = FilterSide::Any, .words = "text"},
    {.name = "req.text", .kind = Kind::Text, .side = FilterSide::Request, .words = "request text"},
    {.name = "resp.text", .kind = Kind::Text, .side = FilterSide::Response, .words = "response text"},
    {.name = "is", .kind = Kind::Is, .words = "it"},
}};

struct FlagName {
  std::string_view name;
  FilterFlag flag;
};
constexpr std::array<FlagName, 7> kFlags = {{{"edited", FilterFlag::Edited},
                                             {"scrubbed", FilterFlag::Scrubbed},
                                             {"error", FilterFlag::Error},
                                             {"stream", FilterFlag::Stream},
                                             {"used", FilterFlag::Used},
                                             {"missed", FilterFlag::Missed},
                                             {"undecodable", FilterFlag::Undecodable}}};

struct KindName {
  std::string_view name;  // as people write it
  CallKind kind;
};
constexpr std::array<KindName, 9> kKinds = {{{"unary", CallKind::Unary},
                                             {"u", CallKind::Unary},
                                             {"server", CallKind::ServerStream},
                                             {"s", CallKind::ServerStream},
                                             {"client", CallKind::ClientStream},
                                             {"c", CallKind::ClientStream},
                                             {"bidi", CallKind::BidiStream},
                                             {"bidirectional", CallKind::BidiStream},
                                             {"b", CallKind::BidiStream}}};

template <typename Rows>
std::vector<std::string> namesOf(const Rows& rows) {
  std::vector<std::string> names;
  for (const auto& row : rows) names.emplace_back(row.name);
  return names;
}

std::vector<std::string> kindsOf(std::string_view text) {
  std::string name = asciiLower(text);
  std::replace_if(
      name.begin(), name.end(), [](char c) { return c == '-' || c == '_'; }, ' ');
  if (name == "ws" || name == "w" || name == kWebSocketKind) return {std::string(kWebSocketKind)};
  std::vector<std::string> kinds;
  if (name == "stream" || name == "streaming")
    for (const auto kind : {CallKind::ServerStream, CallKind::ClientStream, CallKind::BidiStream})
      kinds.emplace_back(callKindName(kind));
  for (const KindName& known : kKinds)
    if (name == known.name) kinds.emplace_back(callKindName(known.kind));
  for (const auto kind :
       {CallKind::Unary, CallKind::ServerStream, CallKind::ClientStream, CallKind::BidiStream})
    if (kinds.empty() && name == callKindName(kind)) kinds.emplace_back(callKindName(kind));
  return kinds;
}

std::vector<std::string> statusesOf(std::string_view text) {
  if (const auto code = statusCodeFromName(text)) return {statusCodeName(*code)};
  if (equalsIgnoringCase(text, kOpenStatus)) return {std::string(kOpenStatus)};
  if (asciiLower(text).starts_with("code_")) text.remove_prefix(5);  // as it is shown
  std::int32_t code = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), code);
  if (failure != std::errc() || end != text.data() + text.size() || code < 0) return {};
  return {statusCodeName(code)};
}

}  // namespace

const QueryField* queryField(std::string_view name) {
  const auto found = std::find_if(kFields.begin(), kFields.end(), [name](const QueryField& field) {
    return equalsIgnoringCase(field.name, name);
  });
  return found == kFields.end() ? nullptr : &*found;
}

const QueryField& queryField(FilterField field) {
  return *std::find_if(kFields.begin(), kFields.end(), [field](const QueryField& known) {
    return known.kind != Kind::Text && known.kind != Kind::Is && known.field == field;
  });
}

const std::vector<std::string>& queryFieldNames() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all = namesOf(kFields);
    for (const char* prefix : {"meta.", "trailer.", "req.", "resp.", "msg."}) all.emplace_back(prefix);
    return all;
  }();
  return names;
}

std::optional<FilterFlag> queryFlag(std::string_view name) {
  for (const FlagName& known : kFlags)
    if (equalsIgnoringCase(name, known.name)) return known.flag;
  return std::nullopt;
}

std::string_view flagName(FilterFlag flag) {
  return std::find_if(kFlags.begin(), kFlags.end(), [flag](const FlagName& f) { return f.flag == flag; })
      ->name;
}

const std::vector<std::string>& queryFlagNames() {
  static const std::vector<std::string> names = namesOf(kFlags);
  return names;
}

std::vector<std::string> canonicalValues(FilterField field, std::string_view text) {
  if (field == FilterField::Kind) return kindsOf(text);
  if (field == FilterField::Status) return statusesOf(text);
  const std::string name = asciiLower(text);
  if (name == "in" || name == "out") return {name};
  return {};
}

const std::vector<std::string>& knownValues(FilterField field) {
  static const std::vector<std::string> directions = {"in", "out"};
  static const std::vector<std::string> kinds = {"unary", "server stream", "client stream",
                                                 "bidirectional stream", std::string(kWebSocketKind)};
  static const std::vector<std::string> statuses = [] {
    std::vector<std::string> all = {std::string(kOpenStatus)};
    for (std::int32_t code = 0; code <= 16; ++code) all.push_back(statusCodeName(code));
    return all;
  }();
  return field == FilterField::Kind ? kinds : field == FilterField::Status ? statuses : directions;
}

}  // namespace retake
