#include <filesystem>

#include "base/atomic_file.h"
#include "base/byte_source.h"
#include "client/schema_places.h"
#include "schema/text_format.h"
#include "scrub/rule_library.h"
#include "workspace/workspace.h"

namespace retake {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kUnix = "unix:";

// Applies `change` to every name of a file in the workspace.
template <typename Change>
Workspace withFiles(Workspace workspace, const Change& change) {
  const auto file = [&](std::string& name) {
    if (!name.empty()) name = change(fs::path(name)).string();
  };
  const auto address = [&](std::string& text) {
    if (!text.starts_with(kUnix)) return;
    std::string path = text.substr(kUnix.size());
    file(path);
    text = std::string(kUnix) + path;
  };
  for (std::string& place : workspace.schema) {
    if (place.starts_with(kReflectionPrefix)) {
      std::string asked = place.substr(kReflectionPrefix.size());
      address(asked);
      place = std::string(kReflectionPrefix) + asked;
    } else {
      file(place);
    }
  }
  for (Workspace::Listen& listen : workspace.listen) {
    address(listen.address);
    for (std::string* name : {&listen.tls.certFile, &listen.tls.keyFile, &listen.tls.clientCaFile})
      file(*name);
  }
  for (std::string& name : workspace.scrub.ruleFiles)
    if (!name.starts_with(kLibraryPrefix)) file(name);
  file(workspace.scrub.keyFile);
  address(workspace.upstream.address);
  ClientTls& tls = workspace.upstream.tls;
  for (std::string* name : {&tls.caFile, &tls.certFile, &tls.keyFile}) file(*name);
  return workspace;
}

// Of a file as seen from `folder`; absolute where the two have the root alone in common.
fs::path seenFrom(const fs::path& folder, const fs::path& file) {
  std::error_code ignored;
  const fs::path from = fs::absolute(folder, ignored).lexically_normal();
  const fs::path to = fs::absolute(file, ignored).lexically_normal();
  const auto first = [](const fs::path& path) {
    const fs::path inside = path.relative_path();
    return inside.empty() ? fs::path() : *inside.begin();
  };
  if (first(from) != first(to)) return to;
  const fs::path relative = to.lexically_relative(from);
  return relative.empty() ? to : relative;
}

}  // namespace

std::string workspacePathOf(std::string_view recordingPath) {
  const fs::path path(recordingPath);
  if (path.extension() == ".replay") return fs::path(path).replace_extension(".retake").string();
  return std::string(recordingPath) + ".retake";
}

Result<Workspace> readWorkspace(const std::string& path, bool required) {
  std::error_code error;
  if (!required && fs::status(path, error).type() == fs::file_type::not_found) return Workspace();
  const auto source = openSource(path, {.wholeUpTo = ~std::uint64_t{0}});
  if (!source) return source.error();
  auto workspace = parseWorkspace((*source)->buffer());
  if (!workspace) return Error{withPath((*source)->name(), workspace.error().message)};
  const fs::path folder = fs::path(path).parent_path();
  return withFiles(*std::move(workspace),
                   [&](const fs::path& file) { return (folder / file).lexically_normal(); });
}

Result<void> writeWorkspace(const std::string& path, const Workspace& workspace) {
  const fs::path folder = fs::path(path).parent_path();
  const std::string text = printWorkspace(withFiles(
      workspace, [&](const fs::path& file) { return seenFrom(folder.empty() ? "." : folder, file); }));
  AtomicFile file(path);
  if (auto opened = file.open(); !opened) return opened;
  if (auto written = file.write(text); !written) return written;
  return file.commit();
}

}  // namespace retake
