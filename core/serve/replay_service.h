#pragma once

#include <grpcpp/generic/async_generic_service.h>

#include <memory>
#include <mutex>
#include <string>

#include "base/tsan.h"
#include "serve/serving.h"

namespace retake {

inline constexpr const char* kStoppedText = "retake: the stand-in has been stopped";

// Takes every call of every method on one endpoint. Must outlive its grpc::Server.
class ReplayService final : public grpc::CallbackGenericService {
 public:
  ReplayService(std::shared_ptr<Serving> serving, bool trailersLimited)
      : m_serving(std::move(serving)), m_trailersLimited(trailersLimited) {
    const TsanScope made(this);
  }

  // As the log names it; under lock(), which an endpoint that listens before it knows its port holds meanwhile.
  void setEndpoint(std::string name) { m_endpoint = std::move(name); }
  std::unique_lock<std::mutex> lock() const { return std::unique_lock(m_mutex); }
  std::string endpoint() const {
    const auto held = lock();
    return m_endpoint;
  }
  const std::shared_ptr<Serving>& serving() const { return m_serving; }
  // Its clients take 8 KiB of trailers (all but in-memory ones).
  bool trailersLimited() const { return m_trailersLimited; }
  bool isInMemory() const { return !m_trailersLimited; }

  grpc::ServerGenericBidiReactor* CreateReactor(grpc::GenericCallbackServerContext* context) override;

 private:
  const std::shared_ptr<Serving> m_serving;
  const bool m_trailersLimited;
  mutable std::mutex m_mutex;
  std::string m_endpoint;
};

}  // namespace retake
