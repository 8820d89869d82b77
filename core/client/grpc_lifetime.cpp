#include "client/grpc_lifetime.h"

#include <grpc/grpc.h>
#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>

#include <memory>

namespace retake {
namespace {

struct EmptyCall {
  grpc::ClientContext context;
  grpc::Slice nothing;
  grpc::ByteBuffer request{&nothing, 1};
  grpc::ByteBuffer reply;
};

// A channel that has made a call by callback, and so holds the threads. Its end is not waited for: the first
// calls of a proxy come here on these very threads, on all of them at once.
std::shared_ptr<grpc::Channel> usedChannel() {
  auto channel = grpc::CreateChannel("unix:/nonexistent/retake", grpc::InsecureChannelCredentials());
  auto call = std::make_shared<EmptyCall>();
  call->context.TryCancel();
  grpc::GenericStub(channel).UnaryCall(&call->context, "/retake/Nothing", {}, &call->request, &call->reply,
                                       [call](const grpc::Status&) {});
  return channel;
}

}  // namespace

void keepGrpc() {
  static const bool kKept = (grpc_init(), true);
  (void)kKept;
}

void keepCallbackThreads() {
  keepGrpc();
  static const std::shared_ptr<grpc::Channel> kUsed = usedChannel();
}

}  // namespace retake
