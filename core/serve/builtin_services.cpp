#include <google/protobuf/descriptor.pb.h>

#include <algorithm>
#include <set>

#include "serve/builtin_service.h"

namespace retake {

ByteView builtinServiceBytes();  // generated, see CMakeLists.txt

extern const BuiltinMethod kHealthCheck;
extern const BuiltinMethod kHealthWatch;
extern const BuiltinMethod kReflectionV1;
extern const BuiltinMethod kReflectionV1alpha;

namespace {

constexpr const BuiltinMethod* kMethods[] = {&kHealthCheck, &kHealthWatch, &kReflectionV1,
                                             &kReflectionV1alpha};

// "pkg.Service" of "/pkg.Service/Method"; empty where that is no such name.
std::string_view serviceIn(std::string_view method) {
  const std::size_t slash = method.rfind('/');
  if (!method.starts_with('/') || slash == 0) return {};
  return method.substr(1, slash - 1);
}

}  // namespace

const BuiltinMethod* builtinMethod(std::string_view path) {
  if (!path.starts_with("/grpc.")) return nullptr;  // nearly every call there is
  const auto at = std::find_if(std::begin(kMethods), std::end(kMethods),
                               [path](const BuiltinMethod* method) { return method->path == path; });
  return at == std::end(kMethods) ? nullptr : *at;
}

const Schema& builtinServicesSchema() {
  static const std::shared_ptr<const Schema> schema = [] {
    google::protobuf::FileDescriptorSet files;
    const ByteView bytes = builtinServiceBytes();
    files.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
    return *Schema::fromDescriptors(files);
  }();
  return *schema;
}

std::vector<std::string> servicesOf(const ServedRecording& served) {
  std::set<std::string> names;
  const auto add = [&names](std::vector<std::string> more) {
    for (std::string& name : more) names.insert(std::move(name));
  };
  add(builtinServicesSchema().serviceNames());
  add(served.schema->serviceNames());
  for (std::uint32_t i = 0; i < served.recording->methodCount(); ++i) {
    const std::string& method = served.recording->methodName(i);
    // An edit may have removed the calls of one that still has a number.
    if (const auto service = serviceIn(method); !service.empty() && served.index().method(method))
      names.emplace(service);
  }
  return {names.begin(), names.end()};
}

}  // namespace retake
