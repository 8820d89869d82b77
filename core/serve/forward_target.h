#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "client/upstream.h"
#include "recording/metadata.h"

namespace grpc {
class Channel;
}

namespace retake {

class Recorder;
class Scrubber;

// The real service, as long as calls go there.
struct OpenUpstream {
  std::string address;
  std::shared_ptr<grpc::Channel> channel;
  std::string mark;  // goes along with its calls, as metadata: one that has it has come back
};

// Null for an upstream without an address.
Result<std::shared_ptr<const OpenUpstream>> openUpstream(const Upstream& upstream);
// The key of marks. As HTTP has "via", which is not taken: proxies on the way act upon it.
inline constexpr const char* kMarkKey = "retake-via";
// What a call takes along by which it is known when it comes back.
MetadataEntry markOf(const OpenUpstream& upstream);
// Whether a call with that metadata has been to `upstream`, which leads back here.
bool hasComeBack(const OpenUpstream& upstream, const Metadata& metadata);

// Where a call goes that nothing recorded answers.
struct ForwardTarget {
  std::shared_ptr<const OpenUpstream> upstream;
  std::shared_ptr<Recorder> recorder;     // null: it is not recorded
  std::shared_ptr<const Scrubber> rules;  // for what the log has of the answer; null: none
};

}  // namespace retake
