#pragma once

#include <google/protobuf/descriptor.h>

#include <string>

#include "base/bytes.h"

namespace retake {

// The beginning of a message as a message of its own, of about `budget` bytes: whole fields first, then
// the first one that is too long, cut within. `type` may be null. Says whether anything was left out.
// Takes time in proportion to `budget`, not to the message.
std::string messageHead(const google::protobuf::Descriptor* type, ByteView message, std::size_t budget,
                        bool& cut);

}  // namespace retake
