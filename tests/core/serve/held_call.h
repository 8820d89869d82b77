#pragma once

#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

#include <memory>

#include "core/replay/script.h"
#include "support/replay_file.h"

namespace retake::test {

// Streams that the server holds: each has two answers, and then nothing is recorded.
inline std::shared_ptr<const Recording> held(int streams) {
  ReplayFile file;
  for (int i = 0; i < streams; ++i) {
    const auto ref = file.createStream(kMethod);
    file.send(ref, {"t.M", field(1, "a")}).recv(ref, Message{"t.M", "1"}).recv(ref, Message{"t.M", "2"});
  }
  return file.recording();
}

// A client that has opened a stream of held() and got its two messages.
struct HeldCall {
  explicit HeldCall(const std::shared_ptr<grpc::Channel>& channel) : stub(channel) {
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(30));
    call = stub.PrepareCall(&context, kMethod, &queue);
    call->StartCall(nullptr);
    next();
    const std::string bytes = field(1, "a");
    const grpc::Slice slice(bytes);
    call->Write(grpc::ByteBuffer(&slice, 1), nullptr);
    next();
    for (int i = 0; i < 2; ++i) {
      call->Read(&message, nullptr);
      next();
    }
  }
  ~HeldCall() {
    queue.Shutdown();
    while (next()) {
    }
  }
  bool next() {
    void* tag = nullptr;
    bool ok = false;
    return queue.Next(&tag, &ok);
  }
  grpc::Status finish() {
    grpc::Status status;
    call->Finish(&status, nullptr);
    next();
    return status;
  }

  grpc::GenericStub stub;
  grpc::ClientContext context;
  grpc::CompletionQueue queue;
  grpc::ByteBuffer message;
  std::unique_ptr<grpc::GenericClientAsyncReaderWriter> call;
};

}  // namespace retake::test
