#include <grpcpp/channel.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/server.h>
#include <grpcpp/support/channel_arguments.h>

#include <utility>
#include <vector>

#include "record/recorder.h"
#include "record/recording_interceptor.h"

// A channel that records is one of gRPC's own, with an interceptor: what a stub sends and what the service
// answers passes by, in whatever way the stub is used. The channel keeps what the recorder's calls share,
// which records nothing once the recorder is closed.
namespace retake {
namespace {

using grpc::experimental::ClientInterceptorFactoryInterface;
using Interceptors = std::vector<std::unique_ptr<ClientInterceptorFactoryInterface>>;

class Factory final : public ClientInterceptorFactoryInterface {
 public:
  Factory(std::shared_ptr<RecorderState> recorder, MessagePointers pointers)
      : m_recorder(std::move(recorder)), m_pointers(pointers) {}
  grpc::experimental::Interceptor* CreateClientInterceptor(grpc::experimental::ClientRpcInfo* info) override {
    return new RecordingInterceptor(m_recorder, m_pointers, *info);
  }

 private:
  const std::shared_ptr<RecorderState> m_recorder;
  const MessagePointers m_pointers;
};

Interceptors interceptors(const std::shared_ptr<RecorderState>& recorder, MessagePointers pointers) {
  Interceptors made;
  made.push_back(std::make_unique<Factory>(recorder, pointers));
  return made;
}

std::shared_ptr<grpc::Channel> toTarget(const std::string& target,
                                        const std::shared_ptr<grpc::ChannelCredentials>& credentials,
                                        const grpc::ChannelArguments* arguments, Interceptors interceptors) {
  return grpc::experimental::CreateCustomChannelWithInterceptors(
      target, credentials, arguments ? *arguments : grpc::ChannelArguments(), std::move(interceptors));
}

std::shared_ptr<grpc::Channel> inProcess(grpc::Server& server, Interceptors interceptors) {
  return server.experimental().InProcessChannelWithInterceptors({}, std::move(interceptors));
}

}  // namespace

std::shared_ptr<grpc::Channel> Recorder::channel(const std::string& target,
                                                 const std::shared_ptr<grpc::ChannelCredentials>& credentials,
                                                 const grpc::ChannelArguments* arguments) {
  return toTarget(target, credentials, arguments, interceptors(m_state, MessagePointers::MessageLite));
}

std::shared_ptr<grpc::Channel> Recorder::channel(grpc::Server& server) {
  return inProcess(server, interceptors(m_state, MessagePointers::MessageLite));
}

std::shared_ptr<grpc::Channel> Recorder::genericChannel(
    const std::string& target, const std::shared_ptr<grpc::ChannelCredentials>& credentials,
    const grpc::ChannelArguments* arguments) {
  return toTarget(target, credentials, arguments, interceptors(m_state, MessagePointers::ByteBuffer));
}

std::shared_ptr<grpc::Channel> Recorder::genericChannel(grpc::Server& server) {
  return inProcess(server, interceptors(m_state, MessagePointers::ByteBuffer));
}

}  // namespace retake
