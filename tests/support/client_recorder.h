#pragma once

#include <grpcpp/channel.h>

#include <memory>
#include <mutex>
#include <string>

#include "support/replay_file.h"

namespace retake::test {

// Records what generated, synchronous stubs do on its channels, as the Go packages' Recorder would write it:
// an interceptor on the client. For tests: no other kind of stub is understood.
class ClientRecorder {
 public:
  explicit ClientRecorder(std::string initialState) : m_file(std::move(initialState)) {}

  // Must not be used any more when the recorder is destroyed.
  std::shared_ptr<grpc::Channel> channel(const std::string& address);
  std::string bytes() const {
    const std::lock_guard lock(m_mutex);
    return m_file.bytes();
  }

 private:
  class Interceptor;
  class Factory;
  mutable std::mutex m_mutex;
  ReplayFile m_file;
};

}  // namespace retake::test
