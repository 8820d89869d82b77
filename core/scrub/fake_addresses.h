#pragma once

#include <string>
#include <string_view>

#include "base/bytes.h"
#include "scrub/key.h"

// Fakes of UUIDs and IP addresses; what is none gets one all the same. They prove themselves.
namespace retake {

// 32 hex digits, alone or in groups of 8-4-4-4-12; these also in braces or behind "urn:uuid:".
bool looksLikeUuid(std::string_view value);
std::string fakeUuid(const ScrubKey& key, std::string_view value);
std::string fakeUuidBytes(const ScrubKey& key, ByteView sixteen);

// "10.0.0.1", "fe80::1%eth0"; with a port ("10.0.0.1:80", "[::1]:80") or a prefix length ("10.0.0.0/8").
bool looksLikeIpAddress(std::string_view value);
std::string fakeIpAddress(const ScrubKey& key, std::string_view value);
std::string fakeIpBytes(const ScrubKey& key, ByteView fourOrSixteen);

}  // namespace retake
