#include "serve/replay_service.h"

#include "serve/call_reactor.h"

namespace retake {

grpc::ServerGenericBidiReactor* ReplayService::CreateReactor(grpc::GenericCallbackServerContext* context) {
  auto* reactor = new CallReactor(*this, *context);
  // gRPC binds the reactor after this returns, and OnDone comes after that at the earliest.
  reactor->start();
  return reactor;
}

}  // namespace retake
