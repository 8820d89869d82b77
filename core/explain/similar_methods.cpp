#include "explain/similar_methods.h"

#include <algorithm>
#include <optional>
#include <set>

#include "schema/text.h"

namespace retake {
namespace {

constexpr std::size_t kShown = 3;
// Distances take the product of two lengths: a file may hold any number of names of any length.
constexpr std::size_t kMaxLength = 160;
constexpr std::uint32_t kMaxNames = 5000;

struct MethodName {
  std::string_view service;  // "pkg.Service"
  std::string_view simple;   // "Service"
  std::string_view method;
};

std::optional<MethodName> partsOf(std::string_view path) {
  if (path.size() > kMaxLength) return std::nullopt;
  if (path.starts_with('/')) path.remove_prefix(1);
  const std::size_t slash = path.rfind('/');
  if (slash == path.npos) return std::nullopt;
  MethodName name{path.substr(0, slash), path.substr(0, slash), path.substr(slash + 1)};
  if (const std::size_t dot = name.simple.rfind('.'); dot != name.simple.npos)
    name.simple.remove_prefix(dot + 1);
  return name;
}

bool isNear(std::string_view a, std::string_view b, std::size_t distance) {
  return distance <= std::max<std::size_t>(1, std::min(a.size(), b.size()) / 3);
}

// Smaller is nearer; none where one is not meant to be the other.
std::optional<std::size_t> distanceOf(const MethodName& a, const MethodName& b) {
  const std::size_t service = editDistance(a.service, b.service);
  const std::size_t method = editDistance(a.method, b.method);
  // Another version or package of one service, or a service of another name in which the method is the same.
  const bool sameService = a.simple == b.simple || isNear(a.service, b.service, service);
  if (method == 0) return sameService ? service : 500 + service;
  if (!sameService || !isNear(a.method, b.method, method)) return std::nullopt;
  return 10 * method + service;
}

}  // namespace

std::vector<std::string> similarMethods(const Recording& recording, std::string_view method) {
  const auto wanted = partsOf(method);
  if (!wanted) return {};
  std::set<std::pair<std::size_t, std::string>> near;
  for (std::uint32_t number = 0; number < std::min(recording.methodCount(), kMaxNames); ++number) {
    const std::string& name = recording.methodName(number);
    const auto parts = partsOf(name);
    if (!parts || name == method) continue;
    if (const auto distance = distanceOf(*wanted, *parts)) near.emplace(*distance, name);
  }
  std::vector<std::string> names;
  for (const auto& [distance, name] : near)
    if (names.size() < kShown) names.push_back(name);
  return names;
}

}  // namespace retake
