#include "protobuf_judge.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/message.h>
#include <google/protobuf/stubs/logging.h>
#include <google/protobuf/text_format.h>
#include <google/protobuf/util/json_util.h>
#include <google/protobuf/util/message_differencer.h>
#include <google/protobuf/util/type_resolver_util.h>

#include <cstdlib>
#include <functional>
#include <set>

namespace retake::test {
namespace {

namespace util = google::protobuf::util;

std::unique_ptr<google::protobuf::Message> parsed(const Schema& schema, const std::string& type,
                                                  const std::string& bytes) {
  auto message = schema.newMessage(*schema.message(type));
  if (!message->ParsePartialFromString(bytes)) message = nullptr;
  return message;
}

std::unique_ptr<util::TypeResolver> resolverOf(const Schema& schema) {
  return std::unique_ptr<util::TypeResolver>(
      util::NewTypeResolverForDescriptorPool("type.googleapis.com", &schema.pool()));
}

}  // namespace

Result<std::string> protobufToJson(const Schema& schema, const std::string& type, const std::string& bytes) {
  const google::protobuf::LogSilencer quiet;
  std::string json;
  const auto status =
      util::BinaryToJsonString(resolverOf(schema).get(), "type.googleapis.com/" + type, bytes, &json);
  if (!status.ok()) return Error{status.ToString()};
  return json;
}

Result<std::string> protobufFromJson(const Schema& schema, const std::string& type, const std::string& json) {
  std::string bytes;
  const auto status =
      util::JsonToBinaryString(resolverOf(schema).get(), "type.googleapis.com/" + type, json, &bytes);
  if (!status.ok()) return Error{status.ToString()};
  return bytes;
}

bool protobufParses(const Schema& schema, const std::string& type, const std::string& bytes) {
  const google::protobuf::LogSilencer quiet;
  return parsed(schema, type, bytes) != nullptr;
}

std::string difference(const Schema& schema, const std::string& type, const std::string& a,
                       const std::string& b) {
  const auto left = parsed(schema, type, a);
  const auto right = parsed(schema, type, b);
  if (!left || !right) return "one of the two is no message";
  util::DefaultFieldComparator comparator;
  comparator.set_treat_nan_as_equal(true);
  util::MessageDifferencer differencer;
  differencer.set_field_comparator(&comparator);
  std::string text;
  differencer.ReportDifferencesToString(&text);
  return differencer.Compare(*left, *right) ? std::string() : text;
}

std::string descriptorSet(const Schema& schema) {
  google::protobuf::FileDescriptorSet set;
  std::set<const google::protobuf::FileDescriptor*> seen;
  const std::function<void(const google::protobuf::FileDescriptor*)> add = [&](const auto* file) {
    if (!seen.insert(file).second) return;
    for (int i = 0; i < file->dependency_count(); ++i) add(file->dependency(i));
    file->CopyTo(set.add_file());
  };
  for (const auto& name : schema.messageNames()) add(schema.message(name)->file());
  return set.SerializeAsString();
}

std::string descriptorSetOf(const std::vector<std::string>& files) {
  google::protobuf::FileDescriptorSet set;
  for (const auto& text : files)
    if (!google::protobuf::TextFormat::ParseFromString(text, set.add_file())) std::abort();
  return set.SerializeAsString();
}

}  // namespace retake::test
