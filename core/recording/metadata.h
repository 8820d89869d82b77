#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace retake {

// gRPC metadata (headers or trailers) in the order it was sent; a key may repeat. Keys are lower case.
// Values of keys that end in "-bin" are the bytes themselves, not their base64.
struct MetadataEntry {
  std::string key;
  std::string value;
  bool operator==(const MetadataEntry&) const = default;
};
using Metadata = std::vector<MetadataEntry>;

// False for keys that belong to one hop ("grpc-*", "content-type", "user-agent", "te", ":path" and the
// like): these are neither replayed, forwarded nor compared.
bool isEndToEnd(std::string_view key);

// Keys that end in "-bin": any bytes will do for their values.
bool isBinaryKey(std::string_view key);

// Why gRPC would refuse to send it, in one sentence; empty when it would not. It aborts the process that
// tries: check first. Source: grpc.io/docs/guides/metadata and PROTOCOL-HTTP2.md, "Custom-Metadata".
std::string whyNotSendable(const MetadataEntry& entry);

}  // namespace retake
