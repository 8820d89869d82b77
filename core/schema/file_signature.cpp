#include "schema/file_signature.h"

#include <algorithm>
#include <set>
#include <sstream>

namespace retake {
namespace {

using google::protobuf::DescriptorProto;
using google::protobuf::EnumDescriptorProto;
using google::protobuf::FieldDescriptorProto;

// A parsed .proto has types as written ("Item"), a compiled one in full (".shop.v1.Item").
std::string lastName(const std::string& name) { return name.substr(name.rfind('.') + 1); }

class Signature {
 public:
  void field(const std::string& scope, const FieldDescriptorProto& field) {
    m_out << scope << field.name() << " = " << field.number() << ' ' << field.label();
    if (field.has_type_name()) {
      m_out << ' ' << lastName(field.type_name());
    } else {
      m_out << " type " << field.type();
    }
    if (field.has_oneof_index()) m_out << " oneof " << field.oneof_index();
    if (field.has_extendee()) m_out << " extends " << lastName(field.extendee());
    if (field.has_default_value()) m_out << " default " << field.default_value();
    m_out << '\n';
  }

  void enumeration(const std::string& scope, const EnumDescriptorProto& type) {
    m_out << scope << type.name() << " enum\n";
    for (const auto& value : type.value())
      m_out << scope << type.name() << '.' << value.name() << " = " << value.number() << '\n';
  }

  void message(const std::string& scope, const DescriptorProto& type) {
    const std::string inner = scope + type.name() + ".";
    m_out << scope << type.name() << " message\n";
    for (const auto& f : type.field()) field(inner, f);
    for (const auto& oneof : type.oneof_decl()) m_out << inner << oneof.name() << " oneof\n";
    for (const auto& e : type.extension()) field(inner, e);
    for (const auto& e : type.enum_type()) enumeration(inner, e);
    for (const auto& m : type.nested_type()) message(inner, m);
  }

  std::ostringstream m_out;
};

std::set<std::string> linesOf(const std::string& text) {
  std::set<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.insert(line);
  return lines;
}

}  // namespace

std::string fileSignature(const google::protobuf::FileDescriptorProto& file) {
  Signature signature;
  const std::string scope = file.package().empty() ? "" : file.package() + ".";
  for (const auto& m : file.message_type()) signature.message(scope, m);
  for (const auto& e : file.enum_type()) signature.enumeration(scope, e);
  for (const auto& e : file.extension()) signature.field(scope, e);
  for (const auto& service : file.service()) {
    signature.m_out << scope << service.name() << " service\n";
    for (const auto& method : service.method())
      signature.m_out << scope << service.name() << '.' << method.name() << ' ' << method.client_streaming()
                      << lastName(method.input_type()) << ' ' << method.server_streaming()
                      << lastName(method.output_type()) << '\n';
  }
  return signature.m_out.str();
}

std::string signatureDifference(const std::string& a, const std::string& b) {
  const auto left = linesOf(a);
  const auto right = linesOf(b);
  for (const auto& [some, other] : {std::pair(&left, &right), std::pair(&right, &left)})
    for (const auto& line : *some)
      if (!other->contains(line)) return line.substr(0, line.find(' '));
  return "their order";
}

}  // namespace retake
