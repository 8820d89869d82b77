#pragma once

#include <grpcpp/completion_queue.h>

namespace retake::test {

// One operation at a time.
class Queue {
 public:
  ~Queue() {
    m_queue.Shutdown();
    void* tag = nullptr;
    bool ok = false;
    while (m_queue.Next(&tag, &ok)) {
    }
  }
  grpc::CompletionQueue* get() { return &m_queue; }
  bool wait() {
    void* tag = nullptr;
    bool ok = false;
    return m_queue.Next(&tag, &ok) && ok;
  }

 private:
  grpc::CompletionQueue m_queue;
};

}  // namespace retake::test
