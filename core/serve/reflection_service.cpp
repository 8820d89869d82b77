#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>

#include <algorithm>
#include <set>
#include <type_traits>

#include "base/wire.h"
#include "recording/status_code.h"
#include "serve/builtin_service.h"

// grpc.reflection (proto/grpc/reflection): the schema that calls are served with, as real servers tell it. v1
// and v1alpha are the same bytes.
namespace retake {
namespace {

using google::protobuf::DescriptorPool;
using google::protobuf::FieldDescriptor;
using google::protobuf::FileDescriptor;

// Field numbers of ServerReflectionRequest's oneof, and of the response's.
enum Ask : std::uint32_t { kFile = 3, kSymbol = 4, kExtension = 5, kExtensionNumbers = 6, kServices = 7 };
enum Answer : std::uint32_t { kFiles = 4, kNumbers = 5, kServiceList = 6, kError = 7 };

struct Request {
  std::string host;
  std::uint32_t ask = 0;
  std::string text;                  // a file, a symbol or a type
  std::int32_t extensionNumber = 0;  // of kExtension
};

// False when that is no such message. Of a oneof the last one counts.
bool readExtension(ByteView bytes, Request& request) {
  WireCursor cursor(bytes);
  while (const auto field = cursor.next()) {
    if (field->number == 1 && field->type == WireType::Length) request.text = field->bytes;
    if (field->number == 2 && field->type == WireType::Varint)
      request.extensionNumber = static_cast<std::int32_t>(field->value);
  }
  return !cursor.failed();
}

bool readRequest(ByteView bytes, Request& request) {
  WireCursor cursor(bytes);
  while (const auto field = cursor.next()) {
    if (field->type != WireType::Length) continue;
    if (field->number == 1) request.host = field->bytes;
    if (field->number < kFile || field->number > kServices) continue;
    if (request.ask != field->number) request.text.clear(), request.extensionNumber = 0;
    request.ask = field->number;
    if (request.ask != kExtension)
      request.text = field->bytes;
    else if (!readExtension(field->bytes, request))
      return false;
  }
  return !cursor.failed();
}

std::string descriptorBytes(const FileDescriptor& file) {
  google::protobuf::FileDescriptorProto proto;
  file.CopyTo(&proto);
  file.CopyJsonNameTo(&proto);
  return proto.SerializePartialAsString();
}

class ReflectionCall final : public BuiltinCall {
 public:
  explicit ReflectionCall(std::shared_ptr<const ServedRecording> served) : m_served(std::move(served)) {}

  BuiltinReply message(ByteView message) override {
    Request request;
    if (!readRequest(message, request))
      return {.end = ServedStatus{
                  status_code::kInternal, "retake: the ServerReflectionRequest cannot be read", {}}};
    if (request.ask == 0)
      return {
          .end = ServedStatus{status_code::kInvalidArgument,
                              "retake: expected a message_request in the ServerReflectionRequest, found none",
                              {}}};
    BuiltinReply reply;
    std::string& out = reply.message.emplace();
    if (!request.host.empty()) appendBytesField(out, 1, request.host);
    appendBytesField(out, 2, message);
    answer(request, out);
    return reply;
  }

  BuiltinReply halfClosed() override { return {.end = ServedStatus{}}; }

 private:
  void answer(const Request& request, std::string& out) {
    switch (request.ask) {
      case kServices: {
        std::string services;
        for (const std::string& name : servicesOf(*m_served)) {
          std::string service;
          appendBytesField(service, 1, name);
          appendBytesField(services, 1, service);
        }
        return appendBytesField(out, kServiceList, services);
      }
      case kExtensionNumbers:
        return numbers(request, out);
      case kFile:
        return files(find([&](const DescriptorPool& pool) { return pool.FindFileByName(request.text); }),
                     "a file " + quoted(request.text), out);
      case kSymbol:
        return files(
            find([&](const DescriptorPool& pool) { return pool.FindFileContainingSymbol(request.text); }),
            "a symbol " + quoted(request.text), out);
      default:
        return files(
            find([&](const DescriptorPool& pool) -> const FileDescriptor* {
              const auto* type = pool.FindMessageTypeByName(request.text);
              const auto* extension =
                  type ? pool.FindExtensionByNumber(type, request.extensionNumber) : nullptr;
              return extension ? extension->file() : nullptr;
            }),
            "an extension " + std::to_string(request.extensionNumber) + " of " + quoted(request.text), out);
    }
  }

  // In the user's schema; what that does not know, in our own.
  template <typename Look>
  std::invoke_result_t<Look, const DescriptorPool&> find(const Look& look) const {
    const auto* found = look(m_served->schema->pool());
    return found ? found : look(builtinServicesSchema().pool());
  }

  // The file, and what it imports, directly or not; each once a stream, but for a file that is asked for
  // again.
  void files(const FileDescriptor* file, const std::string& what, std::string& out) {
    if (!file) return notFound(what, out);
    std::string found;
    std::vector<const FileDescriptor*> queue{file};
    std::set<const FileDescriptor*> seen{file};
    for (std::size_t at = 0; at < queue.size(); ++at) {
      const FileDescriptor& next = *queue[at];
      if (m_sent.insert(next.name()).second || at == 0) appendBytesField(found, 1, descriptorBytes(next));
      for (int i = 0; i < next.dependency_count(); ++i)
        if (seen.insert(next.dependency(i)).second) queue.push_back(next.dependency(i));
    }
    appendBytesField(out, kFiles, found);
  }

  void numbers(const Request& request, std::string& out) const {
    const auto* type =
        find([&](const DescriptorPool& pool) { return pool.FindMessageTypeByName(request.text); });
    if (!type) return notFound("a type " + quoted(request.text), out);
    std::vector<const FieldDescriptor*> extensions;
    type->file()->pool()->FindAllExtensions(type, &extensions);
    std::string packed;
    for (const auto* extension : extensions)
      appendVarint(packed, static_cast<std::uint64_t>(extension->number()));
    std::string found;
    appendBytesField(found, 1, request.text);
    if (!packed.empty()) appendBytesField(found, 2, packed);
    appendBytesField(out, kNumbers, found);
  }

  static std::string quoted(const std::string& text) { return "\"" + text + "\""; }

  void notFound(const std::string& what, std::string& out) const {
    std::string error;
    appendVarintField(error, 1, status_code::kNotFound);
    appendBytesField(error, 2,
                     m_served->schema->isBuiltinOnly()
                         ? "retake: the recording is served without a schema, so there is no " +
                               what.substr(what.find(' ') + 1)
                         : "retake: the schema does not have " + what);
    appendBytesField(out, kError, error);
  }

  const std::shared_ptr<const ServedRecording> m_served;
  std::set<std::string> m_sent;  // files by name
};

std::unique_ptr<BuiltinCall> openReflection(std::shared_ptr<const ServedRecording> served) {
  return std::make_unique<ReflectionCall>(std::move(served));
}

}  // namespace

extern const BuiltinMethod kReflectionV1;
extern const BuiltinMethod kReflectionV1alpha;
const BuiltinMethod kReflectionV1 = {"/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
                                     openReflection};
const BuiltinMethod kReflectionV1alpha = {"/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
                                          openReflection};

}  // namespace retake
