#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace google::protobuf {
class Descriptor;
class DescriptorPool;
class FileDescriptorSet;
class Message;
class MethodDescriptor;
}  // namespace google::protobuf

namespace retake {

struct SchemaFile;

// The message types and services of a user, in a pool of their own: nothing of them reaches
// protobuf's generated pool, so two schemas that disagree can be open at once. Always holds the
// well-known types (google.protobuf.*) and google.rpc.* (status and error details), so that these
// can be read where nothing else is known; a user's own version of these wins. Immutable; safe to use from
// any number of threads.
class Schema {
 public:
  ~Schema();
  Schema(const Schema&) = delete;
  Schema& operator=(const Schema&) = delete;

  // Knows the built-in types alone. The same object each time.
  static const std::shared_ptr<const Schema>& builtin();
  // Of one or more descriptor sets. A file that occurs twice with the same content counts once; an
  // Error names the file and the symbol that cannot be resolved or that two files define.
  static Result<std::shared_ptr<const Schema>> fromDescriptors(
      const google::protobuf::FileDescriptorSet& files);
  // The same of files as a source gives them (schema_file.h): complaints name their lines.
  static Result<std::shared_ptr<const Schema>> fromFiles(std::vector<SchemaFile> files);

  // By full name, "pkg.Message"; null when there is none. Lives as long as the Schema.
  const google::protobuf::Descriptor* message(std::string_view fullName) const;
  // By path, "/pkg.Service/Method"; null when there is none.
  const google::protobuf::MethodDescriptor* method(std::string_view path) const;
  // A mutable, empty message of that type. It must not outlive the Schema.
  std::unique_ptr<google::protobuf::Message> newMessage(const google::protobuf::Descriptor& type) const;
  const google::protobuf::DescriptorPool& pool() const;

  // Full names, sorted; without the built-in ones.
  std::vector<std::string> serviceNames() const;
  std::vector<std::string> messageNames() const;
  bool isBuiltinOnly() const;

 private:
  struct State;
  explicit Schema(std::unique_ptr<State> state);
  std::unique_ptr<State> m_state;
};

}  // namespace retake
