#pragma once

#include <grpcpp/grpcpp.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

// A server with one version of reflection and nothing else, that answers as a test says.
namespace retake::test {

struct Silence {};
// The bytes of a ServerReflectionResponse, the end of the call, or nothing at all.
using ReflectionReply = std::variant<std::string, grpc::Status, Silence>;

class ScriptedReflection {
 public:
  // Called on gRPC's threads with the field number of what is asked for, and its text.
  using Script = std::function<ReflectionReply(std::uint32_t ask, const std::string& text)>;
  // `package`: "grpc.reflection.v1alpha".
  ScriptedReflection(const std::string& package, Script script);
  ~ScriptedReflection();
  const std::string& address() const { return m_address; }

 private:
  class Service;
  std::unique_ptr<Service> m_service;
  std::unique_ptr<grpc::Server> m_server;
  std::string m_address;
};

// Bytes of responses.
std::string servicesAnswer(const std::vector<std::string>& names);
std::string filesAnswer(const std::vector<std::string>& files);
std::string refusalAnswer(std::int32_t code, const std::string& message);
// A FileDescriptorProto: package t, with an empty message M, and services with a method M each.
std::string fileBytes(const std::string& name, const std::vector<std::string>& services,
                      const std::vector<std::string>& imports = {});

}  // namespace retake::test
