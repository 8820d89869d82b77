#pragma once

#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/slice.h>

#include "base/bytes.h"

namespace retake {

// A message for the wire. Keeps the owner of a large one in place of a copy.
grpc::ByteBuffer toByteBuffer(const Blob& blob);

inline ByteView viewOf(const grpc::Slice& slice) {
  return {reinterpret_cast<const char*>(slice.begin()), slice.size()};
}

}  // namespace retake
