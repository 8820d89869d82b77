#pragma once

#include <grpcpp/channel.h>

#include <memory>
#include <string>

#include "record/recorder.h"

namespace retake::test {

// A recorder into memory, on the client's side. What it writes is as the Go packages' Recorder writes it.
class ClientRecorder {
 public:
  explicit ClientRecorder(std::string initialState);
  ~ClientRecorder();

  // For generated stubs.
  std::shared_ptr<grpc::Channel> channel(const std::string& address);
  // What has been written by now.
  std::string bytes() const;

 private:
  class Memory;
  const std::shared_ptr<Memory> m_memory;
  const std::unique_ptr<Recorder> m_recorder;
};

}  // namespace retake::test
