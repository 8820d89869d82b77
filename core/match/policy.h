#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "schema/field_path.h"

namespace retake {

// What happens when a request is equal to recorded ones that have all been used.
enum class Reuse : std::uint8_t {
  Once,  // it is missed, as in the Go packages
  Last,  // the last one answers again
  Cycle  // they start again from the first
};

// Methods by name: "/pkg.Service/Method" (the slash in front may be left out), "pkg.Service/*" or "*".
bool methodMatches(std::string_view pattern, std::string_view method);

// A part of first messages, and of later ones with strict streams, that is not compared.
struct IgnoreRule {
  std::string method;
  FieldPath path;
  bool operator==(const IgnoreRule&) const = default;
};

// A metadata key that is compared, with all its values in their order, where the recording has metadata;
// without a rule none is.
struct MetadataRule {
  std::string method;
  std::string key;  // lower case
  bool operator==(const MetadataRule&) const = default;
};

// "METHOD:PATH" and "METHOD:KEY". An Error says what was expected, and where.
Result<IgnoreRule> parseIgnoreRule(std::string_view text);
std::string toString(const IgnoreRule& rule);
Result<MetadataRule> parseMetadataRule(std::string_view text);
std::string toString(const MetadataRule& rule);

struct MatchPolicy {
  Reuse reuse = Reuse::Once;
  std::vector<IgnoreRule> ignore = {};
  std::vector<MetadataRule> compareMetadata = {};
  bool operator==(const MatchPolicy&) const = default;
};

// What the rules have for one method: paths, and keys, sorted, each once.
FieldPathSet ignoredIn(const MatchPolicy& policy, std::string_view method);
std::vector<std::string> comparedMetadata(const MatchPolicy& policy, std::string_view method);

}  // namespace retake
