#include "support/dump.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "support/replay_file.h"

namespace retake::test {
namespace {

constexpr std::string_view kMagic = "RPCReplay";

std::string hex(std::string_view bytes) {
  std::string out;
  char pair[3];
  for (const char c : bytes) {
    std::snprintf(pair, sizeof pair, "%02x", static_cast<unsigned>(static_cast<unsigned char>(c)));
    out += pair;
  }
  return out.empty() ? "-" : out;
}

[[noreturn]] void fail(const std::string& what) {
  std::fprintf(stderr, "tests/support: %s\n", what.c_str());
  std::abort();
}

}  // namespace

std::string dump(const Recording& recording) {
  const auto state = recording.initialState();
  std::string out = "initial " +
                    (!recording.hasHeader() ? "none"
                     : state                ? hex(state->view)
                                            : state.error().message) +
                    "\n";
  for (std::uint32_t position = 0; position < recording.size(); ++position) {
    out += std::to_string(position + 1) + " ";
    const auto entry = recording.entry(position);
    if (!entry) {
      out += entry.error().message + "\n";
      continue;
    }
    out += std::string(entryKindName(entry->fields.kind)) + " " + std::string(entry->callMethod);
    if (entry->ref) {
      const auto owner = recording.position(entry->ref);
      out += " ref " + (owner ? std::to_string(*owner + 1) : "gone");
    }
    if (entry->fields.isError) out += " error";
    if (entry->fields.hasMessage)
      out += " " + std::string(typeNameOf(entry->fields.typeUrl)) + " " + hex(entry->fields.message);
    if (entry->fields.kind == EntryKind::Unreadable) out += hex(entry->bytes.view);
    out += "\n";
  }
  if (recording.tailSize() > 0) out += "tail of " + std::to_string(recording.tailSize()) + " bytes\n";
  return out;
}

std::string dump(const Recording& recording, const Calls& calls) {
  std::string out;
  for (std::uint32_t index = 0; index < calls.size(); ++index) {
    const Call call = calls[index];
    out += std::to_string(call.number) + " " + std::string(callKindName(call.kind)) + " " +
           recording.methodName(recording.info(call.first).method) + ": " + std::to_string(call.first + 1);
    for (const std::uint32_t position : call.rest) out += " " + std::to_string(position + 1);
    out += "\n";
  }
  return out;
}

std::vector<std::string> recordsOf(std::string_view file) {
  if (!file.starts_with(kMagic)) fail("recordsOf: no replay file");
  file.remove_prefix(kMagic.size());
  std::vector<std::string> records;
  while (file.size() >= 4) {
    std::uint32_t length = 0;
    for (std::size_t i = 0; i < 4; ++i)
      length |= static_cast<std::uint32_t>(static_cast<unsigned char>(file[i])) << (8 * i);
    if (length > file.size() - 4) break;
    records.emplace_back(file.substr(4, length));
    file.remove_prefix(4 + std::size_t{length});
  }
  if (!file.empty()) records.emplace_back(file);
  return records;
}

std::vector<std::string> realRecordings() {
  std::vector<std::string> paths;
  const std::string folder = recordingsFolder();
  if (folder.empty()) return paths;
  for (const auto& item : std::filesystem::recursive_directory_iterator(folder))
    if (item.path().extension() == ".replay") paths.push_back(item.path().string());
  std::sort(paths.begin(), paths.end());
  return paths;
}

std::string readFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) fail("cannot read " + path);
  return {std::istreambuf_iterator<char>(file), {}};
}

void writeFile(const std::string& path, std::string_view bytes) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (!file.flush()) fail("cannot write " + path);
}

}  // namespace retake::test
