#pragma once

#include <grpcpp/support/byte_buffer.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "recording/metadata.h"

namespace grpc {
class Channel;
}

namespace retake {

// One call on its way to an upstream, message by message: what a proxy does on its client side. Flow control
// is the caller's by asking: one read and one write at a time, and no buffer in between. Owned by shared_ptr;
// keeps itself alive until the upstream's end has been told.
class ForwardedCall {
 public:
  struct Begin {
    std::string method;
    Metadata metadata;  // keys that belong to a hop are left out
    std::optional<std::chrono::system_clock::time_point> deadline;
  };
  struct End {
    std::int32_t code = 0;
    std::string message;
    std::string details;  // of grpc-status-details-bin
    Metadata trailers;
  };
  // Called on gRPC's threads, one at a time. onRead(null) says that no further message comes; onEnd is last,
  // once.
  struct Events {
    std::function<void(Metadata)> onHeaders;
    std::function<void(const grpc::ByteBuffer*)> onRead;
    std::function<void(bool ok)> onWritten;
    std::function<void(End)> onEnd;
  };
  static std::shared_ptr<ForwardedCall> start(const std::shared_ptr<grpc::Channel>& channel, Begin begin,
                                              Events events);

  void read();
  void write(const grpc::ByteBuffer& message);
  void halfClose();
  void cancel();

  ~ForwardedCall();

 private:
  ForwardedCall();
  class Reactor;
  Reactor* m_reactor = nullptr;
};

}  // namespace retake
