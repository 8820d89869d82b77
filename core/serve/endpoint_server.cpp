#include "serve/endpoint_server.h"

#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>

#include <algorithm>
#include <chrono>
#include <climits>

#include "serve/replay_service.h"

namespace retake {

int receiveLimit(const ServedRecording& served) {
  if (served.policy.extra != ExtraCalls::Fail) return -1;
  std::uint64_t largest = 32 << 20;
  const Recording& recording = *served.recording;
  for (std::uint32_t position = 0; position < recording.size(); ++position) {
    const EntryInfo info = recording.info(position);
    if (info.kind == EntryKind::Request || info.kind == EntryKind::Send)
      largest = std::max<std::uint64_t>(largest, info.length);
  }
  return static_cast<int>(std::min<std::uint64_t>(2 * largest, INT_MAX));
}

void prepareBuilder(grpc::ServerBuilder& builder, ReplayService& service) {
  builder.RegisterCallbackGenericService(&service);
  // Where there is an upstream, calls may be passed on later on, and it is for that to say.
  Serving& serving = *service.serving();
  builder.SetMaxReceiveMessageSize(serving.upstream() ? -1 : receiveLimit(*serving.replayer().served()));
  builder.SetMaxSendMessageSize(-1);
  builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, kMaxMetadataBytes);
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  // A client's keepalive was tuned to the real service: no GOAWAY for it here.
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MAX_PING_STRIKES, 0);
}

EndpointServer::EndpointServer(const std::shared_ptr<Serving>& serving,
                               std::shared_ptr<grpc::ServerCredentials> credentials)
    : m_credentials(std::move(credentials)), m_service(std::make_unique<ReplayService>(serving, true)) {}

EndpointServer::~EndpointServer() { shutDown(); }

bool EndpointServer::start(const std::string& target, const std::function<std::string(int port)>& name) {
  grpc::ServerBuilder builder;
  prepareBuilder(builder, *m_service);
  int port = 0;
  builder.AddListeningPort(target, m_credentials, &port);
  {
    const auto held = m_service->lock();  // a first call waits until its endpoint has a name
    m_server = builder.BuildAndStart();
    if (m_server && port > 0) m_address = name(port);
    m_service->setEndpoint(m_address);
  }
  if (m_address.empty()) shutDown();
  return !m_address.empty();
}

void EndpointServer::shutDown() {
  if (!m_server) return;
  // At once: a peer that connected and says nothing would make gRPC wait for all of a later deadline.
  m_server->Shutdown(std::chrono::system_clock::now());
  m_server->Wait();
  m_server.reset();
}

std::chrono::milliseconds EndpointServer::closeBound() const {
  return std::chrono::milliseconds(m_service->serving()->closedOverCalls() ? 200 : 0);
}

}  // namespace retake
