#pragma once

#include <grpcpp/completion_queue.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/slice.h>

#include <string>
#include <vector>

namespace retake {

// A completion queue of which one operation is under way at a time. The call's deadline bounds each.
class OneByOne {
 public:
  ~OneByOne() {
    m_queue.Shutdown();
    void* tag = nullptr;
    bool ok = false;
    while (m_queue.Next(&tag, &ok)) {
    }
  }
  grpc::CompletionQueue* queue() { return &m_queue; }
  bool done() {
    void* tag = nullptr;
    bool ok = false;
    return m_queue.Next(&tag, &ok) && ok;
  }

 private:
  grpc::CompletionQueue m_queue;
};

inline grpc::ByteBuffer bufferOf(const std::string& message) {
  const grpc::Slice slice(message.data(), message.size());
  return grpc::ByteBuffer(&slice, 1);
}

inline std::string bytesOf(const grpc::ByteBuffer& buffer) {
  std::vector<grpc::Slice> slices;
  std::string bytes;
  if (!buffer.Dump(&slices).ok()) return bytes;
  for (const grpc::Slice& slice : slices)
    bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  return bytes;
}

}  // namespace retake
