#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "schema/schema_file.h"

namespace retake {

// Where imports are looked up, in this order: in `root`; among `files`, where the path of one ends in the
// import's ("shop/v1/cart.proto" is found in "src/proto/shop/v1/cart.proto", the shortest such path counts);
// in each of `above`.
struct ImportRoots {
  std::filesystem::path root;
  std::vector<std::filesystem::path> files;
  std::vector<std::filesystem::path> above;

  // The file that an import leads to; empty when there is none.
  std::filesystem::path find(const std::string& import) const;
};

// Parses .proto files and what they import, each once. Complaints are one a line, "FILE:LINE:COLUMN: what",
// counted from 1. Imports that are found nowhere are left to the builder, which knows the built-in ones.
class ProtoParser {
 public:
  explicit ProtoParser(ImportRoots roots) : m_roots(std::move(roots)) {}

  // `name` is what others import it by.
  void add(const std::string& name, const std::filesystem::path& path);
  Result<SchemaFiles> finish() &&;

 private:
  void parse(const std::string& name, const std::filesystem::path& path);

  ImportRoots m_roots;
  SchemaFiles m_files;
  std::set<std::string> m_seen;
  std::vector<std::pair<std::string, std::filesystem::path>> m_waiting;
  std::vector<std::string> m_complaints;
};

// The package and imports of a .proto file, as far as it can be parsed.
struct ProtoHead {
  std::string package;
  std::vector<std::string> imports;
};
ProtoHead readProtoHead(const std::filesystem::path& path);

}  // namespace retake
