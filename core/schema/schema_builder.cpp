#include "schema/schema_builder.h"

#include <google/protobuf/stubs/logging.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/bytes.h"
#include "schema/file_signature.h"

namespace retake {

ByteView builtinDescriptorBytes();  // generated, see CMakeLists.txt

namespace {

using google::protobuf::DescriptorPool;
using google::protobuf::FileDescriptor;
using google::protobuf::FileDescriptorProto;

class PoolComplaints final : public DescriptorPool::ErrorCollector {
 public:
  void AddError(const std::string&, const std::string& element, const google::protobuf::Message* descriptor,
                ErrorLocation location, const std::string& message) override {
    int line = -1;
    int column = 0;
    if (file && file->lines) file->lines->Find(descriptor, location, &line, &column);
    std::string text = file ? file->shown : std::string();
    if (line >= 0) text += ":" + std::to_string(line + 1) + ":" + std::to_string(column + 1);
    text += ": ";
    // The compiler names the symbol in most of its sentences; where it does not, the place is the symbol.
    if (message.find(element) == std::string::npos && !element.empty()) text += element + ": ";
    add(text + message);
  }
  void add(std::string text) {
    if (++count <= kMaxComplaints) lines += (lines.empty() ? "" : "\n") + std::move(text);
  }
  Error error() const {
    if (count <= kMaxComplaints) return {lines};
    return {lines + "\n… and " + std::to_string(count - kMaxComplaints) + " more"};
  }

  const SchemaFile* file = nullptr;
  std::string lines;
  std::size_t count = 0;
};

void addSymbols(const FileDescriptorProto& file, std::set<std::string>& symbols) {
  const std::string scope = file.package().empty() ? "" : file.package() + ".";
  for (const auto& m : file.message_type()) symbols.insert(scope + m.name());
  for (const auto& e : file.enum_type()) symbols.insert(scope + e.name());
  for (const auto& s : file.service()) symbols.insert(scope + s.name());
}

class Builder {
 public:
  Result<BuiltPool> build(SchemaFiles files) {
    m_built.pool = std::make_unique<DescriptorPool>();
    for (auto& file : files) accept(std::move(file));
    if (m_complaints.count > 0) return m_complaints.error();
    for (auto& [name, file] : m_files) addSymbols(*file.proto, m_symbols);
    for (auto& [name, file] : m_files) visit(name);
    if (m_complaints.count > 0) return m_complaints.error();
    for (const auto& file : builtinFiles().file()) visitBuiltin(file.name());
    return std::move(m_built);
  }

 private:
  // Takes a file, unless its name is taken already by one that defines the same.
  void accept(SchemaFile file) {
    const std::string name = file.proto->name();
    const auto [at, isNew] = m_files.try_emplace(name, std::move(file));
    if (isNew || isBuiltinFile(name)) return;
    const std::string first = fileSignature(*at->second.proto);
    const std::string second = fileSignature(*file.proto);
    if (first != second)
      m_complaints.add(file.shown + ": expected the same file as " + at->second.shown +
                       ", found a difference in " + signatureDifference(first, second));
  }

  // Builds a file and before it what it imports. False when it cannot be built; that is said once.
  bool visit(const std::string& name) {
    const auto found = m_files.find(name);
    if (found == m_files.end()) return visitBuiltin(name);
    const auto [state, isNew] = m_states.try_emplace(name, State::Visiting);
    if (!isNew) return state->second == State::Done;
    SchemaFile& file = found->second;
    const bool built = importsOf(file) && buildFile(file);
    m_states[name] = built ? State::Done : State::Failed;
    return built;
  }

  bool importsOf(SchemaFile& file) {
    bool all = true;
    auto& imports = *file.proto->mutable_dependency();
    for (auto& import : imports) {
      const auto state = m_states.find(import);
      if (state != m_states.end() && state->second == State::Visiting) {
        complainOfImport(file, import, "imports go round in a circle");
        all = false;
      } else if (!visit(import)) {
        // A file that is there and broken was complained of already.
        if (!m_files.contains(import) && !m_states.contains(import))
          complainOfImport(file, import,
                           file.lines
                               ? "not found"
                               : "not in the descriptor set; protoc --include_imports writes such files too");
        all = false;
      }
      if (const auto alias = m_aliases.find(import); alias != m_aliases.end()) import = alias->second;
    }
    if (all) removeRepeatedImports(*file.proto);
    return all;
  }

  // After aliases were put in place a file may import another one twice, which the pool refuses.
  static void removeRepeatedImports(FileDescriptorProto& file) {
    std::set<std::string> seen;
    bool repeated = false;
    for (const auto& import : file.dependency()) repeated = !seen.insert(import).second || repeated;
    if (!repeated) return;
    std::set<std::string> isPublic;
    for (const int index : file.public_dependency())
      if (index >= 0 && index < file.dependency_size()) isPublic.insert(file.dependency(index));
    file.clear_dependency();
    file.clear_public_dependency();
    file.clear_weak_dependency();
    for (const auto& import : seen) {
      if (isPublic.contains(import)) file.add_public_dependency(file.dependency_size());
      file.add_dependency(import);
    }
  }

  void complainOfImport(const SchemaFile& file, const std::string& import, const std::string& what) {
    int line = -1;
    int column = 0;
    if (file.lines) file.lines->FindImport(file.proto.get(), import, &line, &column);
    std::string text = file.shown;
    if (line >= 0) text += ":" + std::to_string(line + 1) + ":" + std::to_string(column + 1);
    m_complaints.add(text + ": import \"" + import + "\": " + what);
  }

  bool buildFile(SchemaFile& file) {
    const std::string& name = file.proto->name();
    if (const std::string signature = fileSignature(*file.proto); !signature.empty()) {
      const auto [same, isNew] = m_bySignature.try_emplace(signature, name);
      if (!isNew) {
        m_aliases[name] = same->second;
        return true;
      }
    }
    m_complaints.file = &file;
    const std::size_t before = m_complaints.count;
    const FileDescriptor* built = m_built.pool->BuildFileCollectingErrors(*file.proto, &m_complaints);
    if (!built) {
      if (m_complaints.count == before) m_complaints.add(file.shown + ": cannot be compiled");
      return false;
    }
    if (!isBuiltinFile(name)) m_built.own.push_back(built);
    return true;
  }

  // A built-in file whose symbols the user defines elsewhere is left out, and so is one that does not
  // fit the user's version of what it imports: neither is a fault of the user.
  bool visitBuiltin(const std::string& name) {
    if (m_files.contains(name)) return m_states[name] == State::Done;
    const auto& files = builtinFiles().file();
    const auto builtin =
        std::find_if(files.begin(), files.end(), [&](const auto& file) { return file.name() == name; });
    if (builtin == files.end()) return false;
    const auto [state, isNew] = m_states.try_emplace(name, State::Visiting);
    if (!isNew) return state->second == State::Done;
    FileDescriptorProto file = *builtin;
    bool usable = true;
    for (auto& import : *file.mutable_dependency()) {
      usable = visit(import) && usable;
      if (const auto alias = m_aliases.find(import); alias != m_aliases.end()) import = alias->second;
    }
    std::set<std::string> symbols;
    addSymbols(file, symbols);
    for (const auto& symbol : symbols) usable = usable && !m_symbols.contains(symbol);
    PoolComplaints unheard;
    usable = usable && m_built.pool->BuildFileCollectingErrors(file, &unheard) != nullptr;
    m_states[name] = usable ? State::Done : State::Failed;
    return usable;
  }

  enum class State { Visiting, Done, Failed };

  BuiltPool m_built;
  PoolComplaints m_complaints;
  std::map<std::string, SchemaFile> m_files;  // ordered, so that complaints are
  std::map<std::string, State> m_states;
  std::map<std::string, std::string> m_aliases;  // a file's name → the name of its double
  std::map<std::string, std::string> m_bySignature;
  std::set<std::string> m_symbols;  // top-level ones of the user
};

}  // namespace

const google::protobuf::FileDescriptorSet& builtinFiles() {
  static const auto* const files = [] {
    auto* set = new google::protobuf::FileDescriptorSet;  // lives as long as the program
    const ByteView bytes = builtinDescriptorBytes();
    set->ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
    return set;
  }();
  return *files;
}

bool isBuiltinFile(const std::string& name) {
  const auto& files = builtinFiles().file();
  return std::any_of(files.begin(), files.end(), [&](const auto& file) { return file.name() == name; });
}

Result<BuiltPool> buildPool(SchemaFiles files) {
  const google::protobuf::LogSilencer quiet;  // what it logs are the complaints that we collect
  return Builder().build(std::move(files));
}

}  // namespace retake
