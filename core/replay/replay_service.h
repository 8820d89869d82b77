#pragma once

#include <grpcpp/generic/async_generic_service.h>

#include <memory>
#include <mutex>
#include <string>

#include "replay/serving.h"

namespace retake {

// Takes every call of every method on one endpoint. Must outlive its grpc::Server.
class ReplayService final : public grpc::CallbackGenericService {
 public:
  ReplayService(std::shared_ptr<Serving> serving, bool trailersLimited)
      : m_serving(std::move(serving)), m_trailersLimited(trailersLimited) {}

  // As the log names it. Calls that come before it is known wait for it while `lock()` is held.
  void setEndpoint(std::string name) { m_endpoint = std::make_shared<const std::string>(std::move(name)); }
  std::unique_lock<std::mutex> lock() { return std::unique_lock(m_mutex); }

  grpc::ServerGenericBidiReactor* CreateReactor(grpc::GenericCallbackServerContext* context) override;

 private:
  const std::shared_ptr<Serving> m_serving;
  const bool m_trailersLimited;
  std::mutex m_mutex;
  std::shared_ptr<const std::string> m_endpoint;
};

}  // namespace retake
