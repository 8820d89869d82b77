#include "serve/forward_target.h"

#include <grpcpp/channel.h>

#include <algorithm>
#include <cstdio>
#include <random>

namespace retake {
namespace {

// Another one for each target, in whichever process.
std::string newMark() {
  std::random_device random;
  char text[17];
  std::snprintf(text, sizeof text, "%08x%08x", random(), random());
  return text;
}

}  // namespace

Result<std::shared_ptr<const OpenUpstream>> openUpstream(const Upstream& upstream) {
  if (upstream.address.empty()) return std::shared_ptr<const OpenUpstream>();
  auto channel = openChannel(upstream);
  if (!channel) return channel.error();
  return std::make_shared<const OpenUpstream>(OpenUpstream{upstream.address, *std::move(channel), newMark()});
}

MetadataEntry markOf(const OpenUpstream& upstream) { return {kMarkKey, upstream.mark}; }

bool hasComeBack(const OpenUpstream& upstream, const Metadata& metadata) {
  return std::find(metadata.begin(), metadata.end(), markOf(upstream)) != metadata.end();
}

}  // namespace retake
