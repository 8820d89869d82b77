#include "scrub_report.h"

#include "command.h"
#include "json_fields.h"
#include "recording/entry.h"
#include "schema/json_writer.h"
#include "schema/text.h"

namespace retake::cli {
namespace {

// Of a value that is shown to be recognized and not to be used.
constexpr std::size_t kShownBytes = 4;

std::string counted(std::uint64_t count, const char* thing, const char* things) {
  return std::to_string(count) + ' ' + (count == 1 ? thing : things);
}

// "ann@" and more: enough to find it, too little to use it.
std::string shown(std::string_view value, bool whole) {
  if (whole) return inQuotes(value);
  const std::string_view begin = utf8Prefix(value, value.size() < 3 * kShownBytes ? 1 : kShownBytes);
  return inQuotes(begin) + "... (" + counted(value.size(), "byte", "bytes") + ")";
}

const char* nameOf(ScrubHit::In in) {
  switch (in) {
    case ScrubHit::In::Message:
      return "message";
    case ScrubHit::In::Status:
      return "status";
    case ScrubHit::In::Headers:
      return "headers";
    case ScrubHit::In::Trailers:
      return "trailers";
    case ScrubHit::In::InitialState:
      break;
  }
  return "initial state";
}

struct EntryPlace {
  std::optional<std::uint32_t> call;   // its number
  std::optional<std::uint32_t> entry;  // from 1
};
EntryPlace placeOf(const FilterInput& input, EntryId id) {
  EntryPlace place;
  const auto position = id ? input.recording->position(id) : std::nullopt;
  if (!position) return place;
  place.entry = *position + 1;
  if (const auto call = input.calls->indexOf(*input.recording, *position))
    place.call = (*input.calls)[*call].number;
  return place;
}

// "call 3, entry 7, message user.mail"
std::string where(const FilterInput& input, EntryId id, ScrubHit::In in, const std::string& path) {
  const EntryPlace place = placeOf(input, id);
  std::string out;
  if (place.call) out += "call " + std::to_string(*place.call) + ", ";
  if (place.entry) out += "entry " + std::to_string(*place.entry) + ", ";
  if (!place.entry && in != ScrubHit::In::InitialState) return "behind the last entry";
  out += nameOf(in);
  if (!path.empty()) out += ' ' + printable(path);
  return out;
}

std::string_view nameOfDetector(std::string_view id) {
  for (const SecretDetector& detector : secretDetectors())
    if (detector.id == id) return detector.name;
  return id;
}

const std::string& ruleName(const ScrubRules& rules, std::uint32_t rule) { return rules[rule].name; }

void place(JsonWriter& json, const FilterInput& input, EntryId id, ScrubHit::In in, const std::string& path) {
  const EntryPlace at = placeOf(input, id);
  if (at.call) putNumber(json, "call", *at.call);
  if (at.entry) putNumber(json, "entry", *at.entry);
  putText(json, "in", nameOf(in));
  putText(json, "path", path);
}

void value(JsonWriter& json, std::string_view value, bool whole) {
  putText(json, "value", whole ? value : utf8Prefix(value, value.size() < 3 * kShownBytes ? 1 : kShownBytes));
  putNumber(json, "bytes", value.size());
}

void values(JsonWriter& json, std::string_view key, const ScrubTold& told,
            const std::vector<LeftSecrets::Value>& all) {
  json.key(key);
  json.beginArray();
  for (const LeftSecrets::Value& left : all) {
    json.beginObject();
    putText(json, "rule", ruleName(told.rules, left.rule));
    putText(json, "form", left.form);
    place(json, told.input, left.entry, left.in, left.path);
    value(json, left.value, told.whole);
    json.endObject();
  }
  json.endArray();
}

}  // namespace

std::string asText(const ScrubTold& told) {
  std::string out;
  if (told.report) {
    for (std::size_t i = 0; i < told.report->rules.size(); ++i) {
      const ScrubReport::Rule& rule = told.report->rules[i];
      if (!told.rules[i].on) continue;
      out += "rule " + inQuotes(told.rules[i].name) + ": ";
      out += rule.hits == 0
                 ? "no value"
                 : counted(rule.hits, "value", "values") + " in " + counted(rule.entries, "entry", "entries");
      if (rule.initialState) out += ", the initial state among them";
      out += '\n';
    }
  }
  for (const LeftSecrets::Value& left : told.left.values)
    out += where(told.input, left.entry, left.in, left.path) + ": what rule " +
           inQuotes(ruleName(told.rules, left.rule)) + " took out is left " + left.form + ": " +
           shown(left.value, told.whole) + '\n';
  for (const SecretFind& find : told.left.finds.finds) {
    out +=
        where(told.input, find.entry, find.in, find.path) + ": " + std::string(nameOfDetector(find.detector));
    if (!find.inside.empty()) out += " (" + find.inside + ")";
    out += ": " + shown(find.value, told.whole) + '\n';
  }
  if (!told.left.shortValues.empty())
    out += counted(told.left.shortValues.size(), "value", "values") + " of fewer than " +
           std::to_string(kMinLeftBytes) + " bytes that rules took out: too short to look for\n";
  for (const auto& [id, count] : told.left.finds.counts)
    out += std::string(id) + ": " + std::to_string(count) + '\n';
  if (!told.left.values.empty())
    out += "left of what rules took out: " + std::to_string(told.left.values.size()) + '\n';
  return out;
}

std::string asJson(const ScrubTold& told) {
  JsonWriter json(JsonWriter::Style::Lines);
  json.beginObject();
  json.key("clean");
  json.literal(told.left.isClean() ? "true" : "false");
  if (told.report) {
    json.key("rules");
    json.beginArray();
    for (std::size_t i = 0; i < told.report->rules.size(); ++i) {
      const ScrubReport::Rule& rule = told.report->rules[i];
      json.beginObject();
      putText(json, "name", told.rules[i].name);
      putNumber(json, "values", rule.hits);
      putNumber(json, "entries", rule.entries);
      putNumber(json, "calls", rule.calls);
      json.endObject();
    }
    json.endArray();
  }
  values(json, "left", told, told.left.values);
  values(json, "short_values", told, told.left.shortValues);
  json.key("finds");
  json.beginArray();
  for (const SecretFind& find : told.left.finds.finds) {
    json.beginObject();
    putText(json, "detector", find.detector);
    place(json, told.input, find.entry, find.in, find.path);
    if (!find.inside.empty()) putText(json, "inside", find.inside);
    value(json, find.value, told.whole);
    json.endObject();
  }
  json.endArray();
  json.key("counts");
  json.beginObject();
  for (const auto& [id, count] : told.left.finds.counts) putNumber(json, id, count);
  json.endObject();
  json.endObject();
  return json.take() + "\n";
}

}  // namespace retake::cli
