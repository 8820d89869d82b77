#include "filter/byte_scan.h"

#include <google/protobuf/descriptor.h>
#include <re2/filtered_re2.h>
#include <re2/re2.h>

#include <algorithm>

namespace retake {
namespace {

using Op = ValueTest::Op;

// Shorter texts occur in nearly any bytes.
constexpr int kLeastAtom = 3;

bool hasName(const google::protobuf::EnumDescriptor& type, std::string_view name) {
  for (int i = 0; i < type.value_count(); ++i)
    if (equalsIgnoringCase(type.value(i)->name(), name)) return true;
  return false;
}

bool hasEnumName(const google::protobuf::Descriptor& type, std::string_view name) {
  for (int i = 0; i < type.field_count(); ++i)
    if (const auto* values = type.field(i)->enum_type(); values && hasName(*values, name)) return true;
  for (int i = 0; i < type.extension_count(); ++i)
    if (const auto* values = type.extension(i)->enum_type(); values && hasName(*values, name)) return true;
  for (int i = 0; i < type.nested_type_count(); ++i)
    if (hasEnumName(*type.nested_type(i), name)) return true;
  return false;
}

// The bytes of an enum are a number: its name is in none.
bool isEnumName(const Schema& schema, std::string_view name) {
  const auto isNameChar = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  };
  if (!std::all_of(name.begin(), name.end(), isNameChar)) return false;
  const auto fileHas = [name](const google::protobuf::FileDescriptor* file) {
    if (!file) return false;
    for (int i = 0; i < file->message_type_count(); ++i)
      if (hasEnumName(*file->message_type(i), name)) return true;
    for (int i = 0; i < file->extension_count(); ++i)
      if (const auto* values = file->extension(i)->enum_type(); values && hasName(*values, name)) return true;
    return false;
  };
  std::vector<const google::protobuf::FileDescriptor*> files;
  for (const char* builtin : {"descriptor", "struct", "type", "api"})
    files.push_back(schema.pool().FindFileByName("google/protobuf/" + std::string(builtin) + ".proto"));
  for (const std::string& type : schema.messageNames()) {
    const auto* file = schema.message(type)->file();
    if (std::find(files.begin(), files.end(), file) == files.end()) files.push_back(file);
  }
  return std::any_of(files.begin(), files.end(), fileHas);
}

// Whether the value may stand in a message as something other than its text: a number, a bool, bytes that
// were written in hexadecimal, a point in time, the name of an enum.
bool isOnlyText(const ValueTest& test, const Schema& schema) {
  if (test.op != Op::Contains && test.op != Op::Equals) return false;
  if (test.number || test.seconds || test.bytes || test.text.size() < 2) return false;
  if (equalsIgnoringCase(test.text, "true") || equalsIgnoringCase(test.text, "false")) return false;
  if (test.text.find_first_not_of("0123456789-+:.TtZzSs") == std::string::npos) return false;
  return !isEnumName(schema, test.text);
}

}  // namespace

ByteScan::ByteScan() = default;
ByteScan::~ByteScan() = default;

bool ByteScan::add(const ValueTest& test) {
  if (test.op == Op::Contains || test.op == Op::Equals) {
    if (test.text.empty()) return false;
    m_texts.push_back(test.finder);
    return true;
  }
  if (test.op != Op::Matches) return false;
  Pattern pattern{std::make_unique<re2::FilteredRE2>(kLeastAtom), {}};
  int id = 0;
  if (pattern.needed->Add(test.text, test.pattern->options(), &id) != re2::RE2::NoError) return false;
  std::vector<std::string> atoms;
  pattern.needed->Compile(&atoms);
  // One that needs none of them is a candidate everywhere.
  std::vector<int> candidates;
  pattern.needed->AllPotentials({}, &candidates);
  if (!candidates.empty()) return false;
  for (const std::string& atom : atoms) pattern.atoms.emplace_back(atom);
  m_patterns.push_back(std::move(pattern));
  return true;
}

std::shared_ptr<const ByteScan> ByteScan::of(const TextTerm& term) {
  if (term.tests.negated) return nullptr;
  std::shared_ptr<ByteScan> scan(new ByteScan);
  for (const ValueTest& test : term.tests.any)
    if (!scan->add(test)) return nullptr;
  return scan;
}

std::shared_ptr<const ByteScan> ByteScan::of(const PathTerm& term, const Schema& schema) {
  if (term.tests.negated) return nullptr;
  std::shared_ptr<ByteScan> scan(new ByteScan);
  for (const ValueTest& test : term.tests.any)
    if (!isOnlyText(test, schema) || !scan->add(test)) return nullptr;
  return scan;
}

bool ByteScan::mayHold(ByteView bytes) const {
  for (const auto& text : m_texts)
    if (text->occursIn(bytes)) return true;
  std::vector<int> present;
  std::vector<int> candidates;
  for (const Pattern& pattern : m_patterns) {
    present.clear();
    for (std::size_t i = 0; i < pattern.atoms.size(); ++i)
      if (pattern.atoms[i].occursIn(bytes)) present.push_back(static_cast<int>(i));
    if (present.empty()) continue;
    pattern.needed->AllPotentials(present, &candidates);
    if (!candidates.empty()) return true;
  }
  return false;
}

}  // namespace retake
