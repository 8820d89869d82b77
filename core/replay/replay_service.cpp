#include "replay/replay_service.h"

#include "replay/call_reactor.h"

namespace retake {

grpc::ServerGenericBidiReactor* ReplayService::CreateReactor(grpc::GenericCallbackServerContext* context) {
  std::shared_ptr<const std::string> endpoint;
  {
    const auto held = lock();
    endpoint = m_endpoint;
  }
  auto* reactor = new CallReactor(m_serving, *context, std::move(endpoint), m_trailersLimited);
  // gRPC binds the reactor after this returns, and OnDone comes after that at the earliest.
  reactor->start();
  return reactor;
}

}  // namespace retake
