#include "schema/sources.h"

#include <array>
#include <vector>

#include "base/byte_source.h"
#include "schema/schema_source.h"

namespace retake {
namespace {

// In the order in which they are asked.
constexpr std::array<const SchemaSource*, 3> kFileSources = {&kProtoFolderSource, &kDescriptorSetSource,
                                                             &kProtoFileSource};
using Sources = std::vector<const SchemaSource*>;

// Why no source takes a file.
Error explain(const std::string& place, ByteView bytes, const Sources& sources) {
  std::string expected = place + ": expected ";
  for (std::size_t i = 0; i < sources.size(); ++i)
    expected += std::string(i == 0                   ? ""
                            : i + 1 < sources.size() ? ", "
                                                     : " or ") +
                std::string(sources[i]->what);
  if (bytes.empty()) return {expected + ", found an empty file"};
  if (bytes.starts_with("RPCRe")) return {expected + ", found a recording"};
  if (bytes.starts_with("\x1f\x8b")) return {expected + ", found a gzip file; unpack it first"};
  return {expected + ", found bytes that are neither"};
}

Result<SchemaFiles> readPlace(const std::string& name, const Sources& sources) {
  const auto source = openSource(name);
  const auto bytes = source ? (*source)->read(0, (*source)->size()) : Result<Blob>(source.error());
  SchemaPlace place{.name = name, .bytes = {}};
  if (bytes) place.bytes = bytes->view;
  for (const SchemaSource* kind : sources)
    if (auto files = kind->read(place)) return *std::move(files);
  return bytes ? explain(name, bytes->view, sources) : bytes.error();
}

}  // namespace

Result<std::shared_ptr<const Schema>> loadSchema(std::span<const std::string> places,
                                                 std::span<const SchemaSource* const> more) {
  if (places.empty()) return Schema::builtin();
  Sources sources(kFileSources.begin(), kFileSources.end());
  sources.insert(sources.end(), more.begin(), more.end());
  SchemaFiles all;
  for (const std::string& place : places) {
    auto files = readPlace(place, sources);
    if (!files) return files.error();
    for (SchemaFile& file : *files) all.push_back(std::move(file));
  }
  return Schema::fromFiles(std::move(all));
}

}  // namespace retake
