#pragma once

#include <grpcpp/generic/async_generic_service.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>

#include "serve/call_log.h"
#include "serve/client_call.h"
#include "serve/played_call.h"
#include "serve/recycled.h"
#include "serve/serving.h"

namespace retake {

class ReplayService;

// One call of a client on the wire. gRPC calls it from several threads at once, and it tells the call's
// CallHandler, one thing at a time. It owns its buffers, calls Finish exactly once whatever happens, and
// deletes itself when gRPC is done with it (OnDone) and nobody else holds it any more.
class CallReactor final : public grpc::ServerGenericBidiReactor,
                          public Recycled<CallReactor>,
                          private ClientCall {
 public:
  // Both outlive OnDone.
  CallReactor(const ReplayService& service, grpc::GenericCallbackServerContext& context);
  // Begins; afterwards the object may be gone. Refuses the call when the server is stopping.
  void start();

  void OnReadDone(bool ok) override;
  void OnWriteDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override;

 private:
  CallReactor(const ReplayService& service, grpc::GenericCallbackServerContext& context,
              std::uint64_t sequence);
  ~CallReactor() override = default;

  void terminate() override;
  void cutOff() override;
  void retain() override { m_references.fetch_add(1, std::memory_order_relaxed); }
  void release() override {
    if (m_references.fetch_sub(1, std::memory_order_acq_rel) == 1) delete this;
  }

  Turn lock() override { return {*this, m_mutex}; }
  void endTurn(std::unique_lock<std::mutex>& held) override;
  bool isOver() const override { return m_finished; }
  const std::string& method() const override { return m_method; }
  Metadata metadata() const override;
  std::optional<std::chrono::system_clock::time_point> deadline() const override;
  void read() override;
  void setHeaders(const Metadata& metadata) override;
  void sendHeaders() override;
  bool headersSent() const override { return m_headersSent; }
  void write(grpc::ByteBuffer& message) override;
  bool isWriting() const override { return m_writing; }
  void finish(ReplayEnd&& end, grpc::ByteBuffer* last) override;
  bool isInMemory() const override;
  CallLog& log() override { return m_log; }
  void handOver(std::unique_ptr<CallHandler> next) override;
  void handlerOver() override;

  void abandon(bool byClient, grpc::Status status);
  void end(grpc::Status status);
  bool isSendable(const MetadataEntry& entry) const;

  // What holds this object last may do so when service and server are gone.
  const std::shared_ptr<Serving> m_serving;
  const ReplayService& m_service;                 // until OnDone
  grpc::GenericCallbackServerContext& m_context;  // until OnDone
  const std::string m_method;

  std::atomic<int> m_references{1};  // gRPC's own, until OnDone
  mutable std::mutex m_mutex;
  CallLog m_log;
  PlayedCall m_played;
  std::unique_ptr<CallHandler> m_next;  // what m_played has handed the call over to
  CallHandler* m_handler = &m_played;
  grpc::ByteBuffer m_read;
  grpc::ByteBuffer m_write;
  grpc::Status m_end;
  // What gRPC is still to be asked for: by one thread at a time, in this order.
  struct Due {
    bool headers = false;
    bool write = false;
    bool read = false;
    bool end = false;
    bool endWithWrite = false;
    bool any() const { return headers || write || read || end; }
  };
  Due m_due;
  bool m_asking = false;
  bool m_entered = false;
  bool m_reading = false;
  bool m_headersSent = false;
  bool m_writing = false;
  bool m_finished = false;  // the end is due, or was
  bool m_done = false;      // OnDone was
};

}  // namespace retake
