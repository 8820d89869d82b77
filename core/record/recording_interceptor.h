#pragma once

#include <grpcpp/support/client_interceptor.h>

#include <array>
#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "record/recorder_state.h"

namespace retake {

// What gRPC's untyped pointers to the messages of a channel point to.
enum class MessagePointers : std::uint8_t {
  MessageLite,  // of generated stubs
  ByteBuffer    // of generic ones
};

// Records one call of a stub, of any API. gRPC makes one with each call, runs it on each batch of operations,
// on its way to the core and on its way back, on the client's threads or its own, and destroys it with the
// call's ClientContext.
//
// Batches come back in any order: headers behind the first message, the last message behind the status. One
// is held up until what belongs before it is there. All of it comes: nobody can ask for a message or a status
// without having asked for the headers.
class RecordingInterceptor final : public grpc::experimental::Interceptor {
 public:
  RecordingInterceptor(std::shared_ptr<RecorderState> recorder, MessagePointers pointers,
                       grpc::experimental::ClientRpcInfo& info);
  ~RecordingInterceptor() override;

  void Intercept(grpc::experimental::InterceptorBatchMethods* batch) override;

 private:
  using Batch = grpc::experimental::InterceptorBatchMethods;

  // What is to be done with no lock held, in that order: gRPC may run this interceptor within each of them.
  struct Next {
    bool cancel = false;
    Batch* hijack = nullptr;
    std::array<Batch*, 3> proceed = {};
    void add(Batch* batch);
  };

  Next onTheWay(Batch& batch);
  Next onTheWayBack(Batch& batch);
  void answerHijacked(Batch& batch);
  void begin(Batch& batch);
  Result<void> messageGoes(Batch& batch);
  Result<void> messageCame(Batch& batch);
  void tellHeaders();
  void end(Batch& batch);

  const std::shared_ptr<RecorderState> m_recorder;
  const MessagePointers m_pointers;
  const std::string m_method;
  const grpc::experimental::ClientRpcInfo::Type m_type;
  grpc::ClientContext& m_context;  // not in the destructor

  std::atomic<bool> m_cancelled = false;  // by the client

  std::mutex m_mutex;
  std::shared_ptr<CallRecorder> m_call;  // null: nothing has been sent
  std::string m_requestType;             // empty: the recorder's schema knows it, or nobody does
  std::string m_responseType;
  std::optional<Error> m_failure;     // the hook's
  std::optional<Metadata> m_headers;  // not told of yet
  bool m_hijacked = false;            // gRPC's word: nothing goes to the service, and the answers are ours
  bool m_headersKnown = false;
  bool m_sawEnd = false;  // a read failed
  bool m_ended = false;
  int m_reads = 0;  // under way
  Batch* m_heldMessage = nullptr;
  Batch* m_heldStatus = nullptr;
};

}  // namespace retake
