#include "schema/proto_files.h"

#include <google/protobuf/compiler/parser.h>
#include <google/protobuf/io/tokenizer.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/stubs/logging.h>

#include <algorithm>

#include "base/byte_source.h"
#include "schema/schema_builder.h"

namespace retake {
namespace {

namespace fs = std::filesystem;
using google::protobuf::FileDescriptorProto;
using google::protobuf::compiler::SourceLocationTable;

// The parser goes down the stack with every level of braces and knows no bound.
constexpr int kMaxBraces = 100;

class ParserComplaints final : public google::protobuf::io::ErrorCollector {
 public:
  ParserComplaints(std::string file, std::vector<std::string>& lines)
      : m_file(std::move(file)), m_lines(lines) {}
  void AddError(int line, google::protobuf::io::ColumnNumber column, const std::string& message) override {
    std::string text = m_file;
    if (line >= 0) text += ":" + std::to_string(line + 1) + ":" + std::to_string(column + 1);
    m_lines.push_back(text + ": " + message);
  }

 private:
  std::string m_file;
  std::vector<std::string>& m_lines;
};

// False, with a complaint, for a text that nests too deep.
bool checkDepth(ByteView text, ParserComplaints& complaints) {
  class Unheard final : public google::protobuf::io::ErrorCollector {
    void AddError(int, google::protobuf::io::ColumnNumber, const std::string&) override {}
  } unheard;
  google::protobuf::io::ArrayInputStream stream(text.data(), static_cast<int>(text.size()));
  google::protobuf::io::Tokenizer tokenizer(&stream, &unheard);
  int depth = 0;
  while (tokenizer.Next()) {
    const auto& token = tokenizer.current();
    if (token.type != google::protobuf::io::Tokenizer::TYPE_SYMBOL) continue;
    if (token.text == "{" || token.text == "[" || token.text == "<") ++depth;
    if (token.text == "}" || token.text == "]" || token.text == ">") --depth;
    if (depth > kMaxBraces) {
      complaints.AddError(token.line, token.column, "Expected at most 100 levels of braces, found more.");
      return false;
    }
  }
  return true;
}

void parseProto(ByteView text, const std::string& shown, FileDescriptorProto& file,
                SourceLocationTable* table, std::vector<std::string>& complaints) {
  const google::protobuf::LogSilencer quiet;  // of a file that names no syntax
  ParserComplaints collector(shown, complaints);
  if (!checkDepth(text, collector)) return;
  google::protobuf::io::ArrayInputStream stream(text.data(), static_cast<int>(text.size()));
  google::protobuf::io::Tokenizer tokenizer(&stream, &collector);
  google::protobuf::compiler::Parser parser;
  parser.RecordErrorsTo(&collector);
  if (table) parser.RecordSourceLocationsTo(table);
  const std::size_t before = complaints.size();
  if (!parser.Parse(&tokenizer, &file) && complaints.size() == before)
    complaints.push_back(shown + ": cannot be parsed");
}

Result<Blob> readText(const fs::path& path) {
  auto source = openSource(path.string());
  if (!source) return source.error();
  if ((*source)->size() > INT32_MAX)
    return Error{path.string() + ": expected a .proto file, found more than 2 GiB"};
  return (*source)->read(0, (*source)->size());
}

bool endsInPath(const std::string& path, const std::string& import) {
  return path.ends_with(import) &&
         (path.size() == import.size() || path[path.size() - import.size() - 1] == '/');
}

}  // namespace

fs::path ImportRoots::find(const std::string& import) const {
  std::error_code ignored;
  if (import.empty() || import.front() == '/') return {};
  if (fs::path path = root / import; fs::is_regular_file(path, ignored)) return path;
  const fs::path* found = nullptr;
  for (const fs::path& file : files)
    if (endsInPath(file.generic_string(), import) &&
        (!found || file.native().size() < found->native().size()))
      found = &file;
  if (found) return *found;
  for (const fs::path& folder : above)
    if (fs::path path = folder / import; fs::is_regular_file(path, ignored)) return path;
  return {};
}

void ProtoParser::add(const std::string& name, const fs::path& path) {
  if (m_seen.insert(name).second) m_waiting.emplace_back(name, path);
}

Result<SchemaFiles> ProtoParser::finish() && {
  while (!m_waiting.empty()) {
    const auto [name, path] = std::move(m_waiting.back());
    m_waiting.pop_back();
    parse(name, path);
  }
  if (m_complaints.empty()) return std::move(m_files);
  std::string text;
  for (std::size_t i = 0; i < std::min(m_complaints.size(), kMaxComplaints); ++i)
    text += (i > 0 ? "\n" : "") + m_complaints[i];
  if (m_complaints.size() > kMaxComplaints)
    text += "\n… and " + std::to_string(m_complaints.size() - kMaxComplaints) + " more";
  return Error{text};
}

void ProtoParser::parse(const std::string& name, const fs::path& path) {
  const std::string shown = path.string();
  const auto text = readText(path);
  if (!text) {
    m_complaints.push_back(text.error().message);
    return;
  }
  SchemaFile file{.proto = std::make_unique<FileDescriptorProto>(),
                  .shown = shown,
                  .lines = std::make_unique<SourceLocationTable>()};
  parseProto(text->view, shown, *file.proto, file.lines.get(), m_complaints);
  file.proto->set_name(name);
  for (const std::string& import : file.proto->dependency())
    if (const fs::path found = m_roots.find(import); !found.empty()) add(import, found);
  m_files.push_back(std::move(file));
}

ProtoHead readProtoHead(const fs::path& path) {
  const auto text = readText(path);
  if (!text) return {};
  FileDescriptorProto file;
  std::vector<std::string> unheard;
  parseProto(text->view, {}, file, nullptr, unheard);
  return {file.package(), {file.dependency().begin(), file.dependency().end()}};
}

}  // namespace retake
