#include "schema/schema.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/dynamic_message.h>

#include <algorithm>

#include "schema/schema_builder.h"

namespace retake {

using google::protobuf::Descriptor;
using google::protobuf::FileDescriptor;

struct Schema::State {
  explicit State(BuiltPool pool) : built(std::move(pool)), factory(built.pool.get()) {
    factory.SetDelegateToGeneratedFactory(false);
  }

  BuiltPool built;
  mutable google::protobuf::DynamicMessageFactory factory;  // locks by itself
};

Schema::Schema(std::unique_ptr<State> state) : m_state(std::move(state)) {}
Schema::~Schema() = default;

Result<std::shared_ptr<const Schema>> Schema::fromFiles(std::vector<SchemaFile> files) {
  auto built = buildPool(std::move(files));
  if (!built) return built.error();
  return std::shared_ptr<const Schema>(new Schema(std::make_unique<State>(*std::move(built))));
}

const std::shared_ptr<const Schema>& Schema::builtin() {
  static const std::shared_ptr<const Schema> schema = *fromFiles({});
  return schema;
}

Result<std::shared_ptr<const Schema>> Schema::fromDescriptors(
    const google::protobuf::FileDescriptorSet& files) {
  SchemaFiles given;
  for (const auto& file : files.file())
    given.push_back({.proto = std::make_unique<google::protobuf::FileDescriptorProto>(file),
                     .shown = file.name(),
                     .lines = nullptr});
  return fromFiles(std::move(given));
}

const Descriptor* Schema::message(std::string_view fullName) const {
  return pool().FindMessageTypeByName(std::string(fullName));
}

const google::protobuf::MethodDescriptor* Schema::method(std::string_view path) const {
  const std::size_t slash = path.rfind('/');
  if (path.empty() || path.front() != '/' || slash == 0) return nullptr;
  const auto* service = pool().FindServiceByName(std::string(path.substr(1, slash - 1)));
  return service ? service->FindMethodByName(std::string(path.substr(slash + 1))) : nullptr;
}

std::unique_ptr<google::protobuf::Message> Schema::newMessage(const Descriptor& type) const {
  return std::unique_ptr<google::protobuf::Message>(m_state->factory.GetPrototype(&type)->New());
}

const google::protobuf::DescriptorPool& Schema::pool() const { return *m_state->built.pool; }

namespace {

void addMessages(const Descriptor& type, std::vector<std::string>& names) {
  if (type.options().map_entry()) return;
  names.push_back(type.full_name());
  for (int i = 0; i < type.nested_type_count(); ++i) addMessages(*type.nested_type(i), names);
}

}  // namespace

std::vector<std::string> Schema::serviceNames() const {
  std::vector<std::string> names;
  for (const FileDescriptor* file : m_state->built.own)
    for (int i = 0; i < file->service_count(); ++i) names.push_back(file->service(i)->full_name());
  std::sort(names.begin(), names.end());
  return names;
}

std::vector<std::string> Schema::messageNames() const {
  std::vector<std::string> names;
  for (const FileDescriptor* file : m_state->built.own)
    for (int i = 0; i < file->message_type_count(); ++i) addMessages(*file->message_type(i), names);
  std::sort(names.begin(), names.end());
  return names;
}

bool Schema::isBuiltinOnly() const { return m_state->built.own.empty(); }

}  // namespace retake
