#include "info_command.h"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <map>

#include "base/fd_sink.h"
#include "command.h"
#include "filter_option.h"
#include "initial_state_options.h"
#include "json_fields.h"
#include "recording/calls.h"
#include "recording/status.h"
#include "schema/call_kind.h"
#include "schema/json_writer.h"
#include "workspace_options.h"

namespace retake::cli {
namespace {

struct InfoOptions {
  std::string file;
  WorkspaceOptions workspace;
  bool json = false;
  std::string filter;
};

// Calls of one method and kind.
struct MethodRow {
  std::string method;
  CallKind kind = CallKind::Unary;
  std::uint64_t calls = 0;
  std::vector<std::pair<std::string, std::uint64_t>> statuses;  // OK first, open last, codes between
};

struct Info {
  std::uint64_t calls = 0;
  std::string filter;          // in words; empty: there is none
  std::uint64_t matching = 0;  // calls that it asks for
  std::vector<MethodRow> methods;
};

std::string statusName(const CallEnd& end) {
  if (end.kind == CallEnd::Kind::Open) return "open";
  return statusCodeName(end.kind == CallEnd::Kind::Ok ? 0 : end.code);
}

// 31 stands for all codes that gRPC does not name (recording.h).
constexpr std::int32_t kOtherCode = 31;
constexpr std::int32_t kOpen = 100;

Result<Info> gather(const FilterInput& input, const std::string& filter) {
  const Recording& recording = *input.recording;
  const Schema& schema = *input.schema;
  const Calls& calls = *input.calls;
  const auto asked = filteredCalls(filter, input);
  if (!asked) return asked.error();
  Info info;
  info.calls = calls.size();
  info.filter = asked->query.inWords();
  info.matching = asked->calls.size();
  std::map<std::pair<std::uint32_t, CallKind>, std::size_t> rowOf;
  std::vector<std::map<std::int32_t, std::pair<std::string, std::uint64_t>>> counts;
  for (const std::uint32_t index : asked->calls) {
    const Call call = calls[index];
    const std::uint32_t method = recording.info(call.first).method;
    const CallKind kind = callKind(schema, recording, call);
    const auto [found, isNew] = rowOf.emplace(std::pair(method, kind), info.methods.size());
    if (isNew) {
      info.methods.push_back(
          {.method = recording.methodName(method), .kind = kind, .calls = 0, .statuses = {}});
      counts.emplace_back();
    }
    ++info.methods[found->second].calls;
    const CallEnd end = callEnd(recording, call);
    const std::int32_t order = end.kind == CallEnd::Kind::Open ? kOpen : end.code;
    auto& count = counts[found->second][order];
    count.first = order == kOtherCode ? "other" : statusName(end);
    ++count.second;
  }
  for (std::size_t i = 0; i < counts.size(); ++i)
    for (auto& [order, count] : counts[i]) info.methods[i].statuses.push_back(std::move(count));
  return info;
}

std::string asJson(const OpenedFile& file, const Info& info) {
  JsonWriter json(JsonWriter::Style::Lines);
  json.beginObject();
  putText(json, "format", file.format->name());
  putNumber(json, "initial_state_bytes", file.recording->initialStateSize());
  putNumber(json, "entries", file.recording->size());
  putNumber(json, "calls", info.calls);
  if (!info.filter.empty()) {
    putText(json, "filter", info.filter);
    putNumber(json, "matching_calls", info.matching);
  }
  json.key("methods");
  json.beginArray();
  for (const MethodRow& row : info.methods) {
    json.beginObject();
    putText(json, "method", row.method);
    putText(json, "kind", callKindName(row.kind));
    putNumber(json, "calls", row.calls);
    json.key("statuses");
    json.beginObject();
    for (const auto& [name, count] : row.statuses) putNumber(json, name, count);
    json.endObject();
    json.endObject();
  }
  json.endArray();
  json.key("problems");
  json.beginArray();
  for (const Problem& problem : file.problems) {
    json.beginObject();
    putText(json, "text", problem.text);
    putNumber(json, "offset", problem.offset);
    if (problem.position) putNumber(json, "entry", *problem.position + 1);
    if (problem.repair.kind != Repair::Kind::None) putText(json, "repair", describe(problem.repair));
    json.endObject();
  }
  json.endArray();
  json.endObject();
  return json.take() + "\n";
}

std::string counted(std::uint64_t count, const char* thing) {
  return std::to_string(count) + " " + thing + (count == 1 ? "" : "s");
}

std::string asText(const OpenedFile& file, const Schema& schema, const Info& info) {
  std::string out = printable(file.name) + ": " + std::string(file.format->title()) + ", " +
                    counted(file.recording->size(), "entry");
  if (file.recording->size() != 1) out.replace(out.size() - 6, 6, "entries");
  out += ", " + counted(info.calls, "call") + "\n";
  const std::uint64_t size = file.recording->initialStateSize();
  out += "initial state: " + (size == 0 ? "empty" : counted(size, "byte"));
  if (const auto state = file.recording->initialState()) out += perhapsText(state->view, schema);
  out += "\n";
  if (!info.filter.empty())
    out += std::to_string(info.matching) + " of them, where " + printable(info.filter) + "\n";
  if (!file.problems.empty()) out += counted(file.problems.size(), "problem") + ", named on standard error\n";

  std::vector<std::array<std::string, 4>> rows = {{"method", "kind", "calls", "status"}};
  for (const MethodRow& row : info.methods) {
    std::string statuses;
    for (const auto& [name, count] : row.statuses) {
      if (!statuses.empty()) statuses += ", ";
      statuses += row.statuses.size() == 1 ? name : std::to_string(count) + " " + name;
    }
    rows.push_back({row.method.empty() ? "(no method)" : printable(row.method),
                    std::string(callKindName(row.kind)), std::to_string(row.calls), statuses});
  }
  if (rows.size() == 1) return out;
  std::array<std::size_t, 3> widths{};
  for (const auto& row : rows)
    for (std::size_t column = 0; column < widths.size(); ++column)
      widths[column] = std::max(widths[column], row[column].size());
  out += "\n";
  for (const auto& row : rows) {
    out += row[0] + std::string(widths[0] - row[0].size() + 2, ' ');
    out += row[1] + std::string(widths[1] - row[1].size() + 2, ' ');
    out += std::string(widths[2] - row[2].size(), ' ') + row[2] + "  " + row[3] + "\n";
  }
  return out;
}

int run(const InfoOptions& options) {
  const auto schema = openSchema(options.workspace);
  if (!schema) return fail(schema.error());
  const auto file = openFile(options.file, **schema);
  if (!file) return fail(file.error());
  const auto calls = std::make_shared<const Calls>(groupCalls(*file->recording));
  const auto info = gather({file->recording, calls, *schema, {}}, options.filter);
  if (!info) return fail(info.error());
  FdSink out(STDOUT_FILENO, "standard output");
  if (auto done = out.write(options.json ? asJson(*file, *info) : asText(*file, **schema, *info)); !done)
    return fail(done.error());
  const auto done = out.flush();
  return done ? kDone : fail(done.error());
}

}  // namespace

void addInfoCommand(CLI::App& app, int& exitCode) {
  auto options = std::make_shared<InfoOptions>();
  CLI::App* command = app.add_subcommand("info", "Tells what a recording holds and what is wrong with it");
  command->add_option("FILE", options->file, "A recording; - is standard input")->required();
  command->add_flag("--json", options->json,
                    "As one JSON object: format, initial_state_bytes, entries, calls, methods, problems");
  addFilterOption(*command, options->filter, "Methods, kinds and statuses of those calls that this asks for");
  addWorkspaceOptions(*command, options->workspace);
  command->callback([options, &exitCode] { exitCode = run(*options); });
}

}  // namespace retake::cli
