#pragma once

#include <grpcpp/client_context.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/client_callback.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "recording/metadata.h"

namespace grpc {
class Channel;
}

namespace retake {

// One call on its way to an upstream, message by message: what a proxy does on its client side. Flow control
// is the caller's by asking: one read and one write at a time, and no buffer in between. Owned by shared_ptr;
// keeps itself alive until the upstream's end has been told. All functions may be called from any thread,
// from within an event too; behind the end they do nothing.
class ForwardedCall final : private grpc::ClientBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer> {
 public:
  struct Begin {
    std::string method;
    Metadata metadata = {};  // what belongs to a hop, and what gRPC would not send, is left out
    std::optional<std::chrono::system_clock::time_point> deadline = {};
  };
  struct End {
    std::int32_t code = 0;
    std::string message = {};
    std::string details = {};  // of grpc-status-details-bin
    Metadata trailers = {};    // end to end, by key
    bool reached = true;       // false: there was no connection
    // False: the status is gRPC's own, as of a deadline that ran out here. That of a connection which was lost
    // looks like the service's.
    bool isService = true;
  };
  // Called on gRPC's threads, with no lock held. onHeaders comes before all else, once, and not at all where
  // the upstream sent none before its end; onRead(null) says that no further message comes; onEnd is last,
  // once. onRead and onWritten may come at the same time. What they hold is let go of behind onEnd.
  struct Events {
    std::function<void(Metadata)> onHeaders;
    std::function<void(grpc::ByteBuffer*)> onRead;  // may be moved from
    std::function<void(bool ok)> onWritten;         // not ok: the call is over, reads tell how
    std::function<void(End)> onEnd;
  };
  static std::shared_ptr<ForwardedCall> start(const std::shared_ptr<grpc::Channel>& channel, Begin begin,
                                              Events events);

  // Asks for the next message. The end comes behind the last one: to hear of it, read on.
  void read();
  void write(grpc::ByteBuffer message);
  // Behind the last write, and not before that is done.
  void halfClose();
  // Nothing but onEnd comes behind it, and what was under way.
  void cancel();

  // Made by start().
  ForwardedCall(const std::shared_ptr<grpc::Channel>& channel, Begin begin, Events events);
  ~ForwardedCall();

 private:
  void OnReadInitialMetadataDone(bool ok) override;
  void OnReadDone(bool ok) override;
  void OnWriteDone(bool ok) override;
  void OnDone(const grpc::Status& status) override;
  void letGo();

  const std::shared_ptr<grpc::Channel> m_channel;
  const std::string m_method;
  Events m_events;
  std::shared_ptr<ForwardedCall> m_self;  // until OnDone
  grpc::ClientContext m_context;

  std::mutex m_mutex;
  grpc::ByteBuffer m_read;
  grpc::ByteBuffer m_write;
  bool m_headersKnown = false;
  bool m_readWanted = false;  // before the headers were there
  bool m_halfClosed = false;
  bool m_over = false;  // nothing is started any more
};

}  // namespace retake
