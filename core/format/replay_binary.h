#pragma once

#include <array>
#include <string>

#include "format/format.h"

namespace retake {

const Format& replayBinaryFormat();

// The pieces of such a file, for those who write it while it is made: what it begins with, and then record by
// record, each an Entry message behind its length. `bytes` is less than 4 GiB.
std::string replayFileHead(ByteView initialState);
std::array<char, 4> replayRecordLength(std::size_t bytes);

}  // namespace retake
