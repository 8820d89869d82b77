#include "serve/byte_buffers.h"

#include "base/tsan.h"

namespace retake {
namespace {

// Below this, copying bytes is cheaper than keeping their owner alive across threads.
constexpr std::size_t kCopyBelow = 4096;

}  // namespace

grpc::ByteBuffer toByteBuffer(const Blob& blob) {
  if (blob.view.size() < kCopyBelow || !blob.owner) {
    const grpc::Slice slice(blob.view.data(), blob.view.size());
    return grpc::ByteBuffer(&slice, 1);
  }
  auto* owner = new std::shared_ptr<const void>(blob.owner);
  const auto release = [](void* held) {
    { const TsanScope handedOver(held); }
    delete static_cast<std::shared_ptr<const void>*>(held);
  };
  const TsanScope handingOver(owner);
  // gRPC does not write to a slice that it does not own.
  const grpc::Slice slice(const_cast<char*>(blob.view.data()), blob.view.size(), release, owner);
  return grpc::ByteBuffer(&slice, 1);
}

}  // namespace retake
