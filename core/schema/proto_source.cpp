#include <algorithm>
#include <filesystem>

#include "schema/proto_files.h"
#include "schema/schema_builder.h"
#include "schema/schema_source.h"

namespace retake {
namespace {

namespace fs = std::filesystem;

// More than any API has; a person who drops their home folder waits no longer than this takes.
constexpr std::size_t kMaxFiles = 20'000;

fs::path folderOf(const fs::path& path) {
  return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

// The folders above `folder`, from the nearest.
void addParents(const fs::path& folder, std::vector<fs::path>& roots) {
  std::error_code ignored;
  fs::path at = fs::weakly_canonical(fs::absolute(folder, ignored), ignored);
  while (at.has_relative_path()) {
    at = at.parent_path();
    roots.push_back(at);
  }
}

// Which of `roots` the file's own name counts from: the one its package says (package shop.v1 in
// …/shop/v1), else the first in which all its imports are found. So that a file that imports this one
// in turn means the same file.
std::size_t rootOf(const fs::path& file, const std::vector<fs::path>& roots) {
  const ProtoHead head = readProtoHead(file);
  std::string folder = head.package;
  std::replace(folder.begin(), folder.end(), '.', '/');
  const auto depth = static_cast<std::size_t>(std::count(folder.begin(), folder.end(), '/')) + 1;
  std::error_code ignored;
  const std::string own =
      fs::weakly_canonical(fs::absolute(roots.front(), ignored), ignored).generic_string();
  const auto allFoundIn = [&](const fs::path& root) {
    return std::all_of(head.imports.begin(), head.imports.end(), [&](const std::string& import) {
      return isBuiltinFile(import) || fs::is_regular_file(root / import, ignored);
    });
  };
  if (!folder.empty() && own.ends_with("/" + folder) && depth < roots.size() && allFoundIn(roots[depth]))
    return depth;
  for (std::size_t i = 0; i < roots.size(); ++i)
    if (allFoundIn(roots[i])) return i;
  return 0;
}

// Text in any encoding that protobuf's tokenizer gets along with: comments may be in Latin-1.
bool looksLikeProto(ByteView text) {
  return !text.empty() && !text.starts_with("RPCRe") && std::none_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 &&
           std::string_view("\t\n\v\f\r").find(c) == std::string_view::npos;
  });
}

std::optional<Result<SchemaFiles>> readFile(const SchemaPlace& place) {
  if (!place.bytes || !looksLikeProto(*place.bytes)) return std::nullopt;
  const fs::path path(place.name);
  std::vector<fs::path> roots = {folderOf(path)};
  addParents(roots.front(), roots);
  const std::size_t root = rootOf(path, roots);
  std::error_code ignored;
  const fs::path name =
      root == 0 ? path.filename()
                : fs::weakly_canonical(fs::absolute(path, ignored), ignored).lexically_relative(roots[root]);
  ProtoParser parser({.root = roots.front(), .files = {}, .above = {roots.begin() + 1, roots.end()}});
  parser.add(name.generic_string(), path);
  return std::move(parser).finish();
}

// All .proto files below `folder`, by name. Folders that begin with a dot (.git) are passed over, and so
// is what may not be read.
std::vector<fs::path> protoFilesIn(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code error;
  fs::recursive_directory_iterator at(folder, fs::directory_options::skip_permission_denied, error);
  for (; !error && at != fs::recursive_directory_iterator() && files.size() < kMaxFiles;
       at.increment(error)) {
    std::error_code ignored;
    if (at->is_directory(ignored) && at->path().filename().string().starts_with('.')) {
      at.disable_recursion_pending();
    } else if (at->path().extension() == ".proto" && at->is_regular_file(ignored)) {
      files.push_back(at->path());
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::optional<Result<SchemaFiles>> readFolder(const SchemaPlace& place) {
  std::error_code ignored;
  if (place.bytes || !fs::is_directory(place.name, ignored)) return std::nullopt;
  const fs::path folder(place.name);
  ImportRoots imports{.root = folder, .files = protoFilesIn(folder), .above = {}};
  if (imports.files.empty())
    return Error{place.name + ": expected a folder of .proto files, found none in it"};
  addParents(folder, imports.above);
  const std::vector<fs::path> files = imports.files;
  ProtoParser parser(std::move(imports));
  for (const fs::path& file : files) parser.add(file.lexically_relative(folder).generic_string(), file);
  return std::move(parser).finish();
}

}  // namespace

const SchemaSource kProtoFolderSource = {"a folder of .proto files", readFolder};
const SchemaSource kProtoFileSource = {"a .proto file", readFile};

}  // namespace retake
