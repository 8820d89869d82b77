#include "schema/sources.h"

#include <array>

#include "base/byte_source.h"
#include "schema/schema_source.h"

namespace retake {
namespace {

// In the order in which they are asked.
constexpr std::array<const SchemaSource*, 3> kSources = {&kProtoFolderSource, &kDescriptorSetSource,
                                                         &kProtoFileSource};

// Why no source takes a place.
Error explain(const std::string& place) {
  const auto source = openSource(place);
  if (!source) return source.error();
  const auto head = (*source)->read(0, std::min<std::uint64_t>((*source)->size(), 64));
  if (!head) return head.error();
  std::string expected = place + ": expected ";
  for (std::size_t i = 0; i < kSources.size(); ++i)
    expected += std::string(i == 0                    ? ""
                            : i + 1 < kSources.size() ? ", "
                                                      : " or ") +
                std::string(kSources[i]->what);
  if (head->view.empty()) return {expected + ", found an empty file"};
  if (head->view.starts_with("RPCRe")) return {expected + ", found a recording"};
  if (head->view.starts_with("\x1f\x8b")) return {expected + ", found a gzip file; unpack it first"};
  return {expected + ", found bytes that are neither"};
}

Result<SchemaFiles> readPlace(const std::string& place) {
  for (const SchemaSource* source : kSources)
    if (auto files = source->read(place)) return *std::move(files);
  return explain(place);
}

}  // namespace

Result<std::shared_ptr<const Schema>> loadSchema(std::span<const std::string> places) {
  if (places.empty()) return Schema::builtin();
  SchemaFiles all;
  for (const std::string& place : places) {
    auto files = readPlace(place);
    if (!files) return files.error();
    for (SchemaFile& file : *files) all.push_back(std::move(file));
  }
  return Schema::fromFiles(std::move(all));
}

}  // namespace retake
