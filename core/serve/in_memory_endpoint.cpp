#include "serve/in_memory_endpoint.h"

#include <grpcpp/channel.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>
#include <grpcpp/support/client_interceptor.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "serve/endpoint_server.h"
#include "serve/replay_service.h"

namespace retake {

class InMemoryEndpoint::Server {
 public:
  explicit Server(const std::shared_ptr<Serving>& serving) : m_service(serving, false) {
    {
      const auto held = m_service.lock();
      m_service.setEndpoint("in memory");
    }
    grpc::ServerBuilder builder;
    prepareBuilder(builder, m_service);
    m_server = builder.BuildAndStart();
  }
  // Waits for calls under way, of which there are none: each holds its channel, and a channel the server.
  ~Server() {
    if (m_server) m_server->Shutdown();
  }
  grpc::Server* get() { return m_server.get(); }

 private:
  ReplayService m_service;
  std::unique_ptr<grpc::Server> m_server;
};

namespace {

// Destroys servers on a thread of its own: whoever lets go of the last channel may be one of gRPC's
// threads, and a server that is destroyed there waits for that very thread.
class Undertaker {
 public:
  static Undertaker& instance() {
    static Undertaker undertaker;
    return undertaker;
  }

  template <typename T>
  void bury(std::shared_ptr<T> body) {
    // The main thread is none of gRPC's.
    if (::syscall(SYS_gettid) == ::getpid()) return body.reset();
    {
      const std::lock_guard lock(m_mutex);
      ++m_pending;
    }
    std::thread([this, held = std::move(body)]() mutable {
      held.reset();
      const std::lock_guard lock(m_mutex);
      --m_pending;
      m_done.notify_all();
    }).detach();
  }

 private:
  Undertaker() = default;
  // The process does not end under a server that is being destroyed.
  ~Undertaker() {
    std::unique_lock lock(m_mutex);
    m_done.wait(lock, [this] { return m_pending == 0; });
  }

  std::mutex m_mutex;
  std::condition_variable m_done;
  int m_pending = 0;
};

// Intercepts nothing. A channel owns its interceptor factories, and destroys them last: so this keeps the
// server for exactly as long as the channel lives, whoever else holds that.
template <typename T>
class Keeper final : public grpc::experimental::ClientInterceptorFactoryInterface {
 public:
  explicit Keeper(std::shared_ptr<T> kept) : m_kept(std::move(kept)) {}
  ~Keeper() override { Undertaker::instance().bury(std::move(m_kept)); }
  grpc::experimental::Interceptor* CreateClientInterceptor(grpc::experimental::ClientRpcInfo*) override {
    return nullptr;
  }

 private:
  std::shared_ptr<T> m_kept;
};

}  // namespace

InMemoryEndpoint::InMemoryEndpoint(const std::shared_ptr<Serving>& serving)
    : m_server(std::make_shared<Server>(serving)) {
  Undertaker::instance();  // made before, so destroyed after, any static that holds a channel
}

InMemoryEndpoint::~InMemoryEndpoint() { Undertaker::instance().bury(std::move(m_server)); }

std::shared_ptr<grpc::Channel> InMemoryEndpoint::channel() {
  if (!m_server->get()) return nullptr;
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(-1);  // who calls in memory cannot say so, and the recorder could
  arguments.SetInt(GRPC_ARG_MAX_METADATA_SIZE, kMaxMetadataBytes);
  std::vector<std::unique_ptr<grpc::experimental::ClientInterceptorFactoryInterface>> keepers;
  keepers.push_back(std::make_unique<Keeper<Server>>(m_server));
  return m_server->get()->experimental().InProcessChannelWithInterceptors(arguments, std::move(keepers));
}

}  // namespace retake
