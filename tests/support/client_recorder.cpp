#include "support/client_recorder.h"

#include <google/protobuf/message_lite.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/support/client_interceptor.h>

#include <optional>
#include <vector>

namespace retake::test {
namespace {

using grpc::experimental::ClientRpcInfo;
using grpc::experimental::InterceptionHookPoints;

Message messageOf(const void* message) {
  const auto* lite = static_cast<const google::protobuf::MessageLite*>(message);
  return {lite->GetTypeName(), lite->SerializeAsString()};
}

Status statusOf(const grpc::Status& status) {
  Status made{.code = status.error_code(), .message = status.error_message(), .details = {}};
  if (const auto parsed = parseStatus(status.error_details())) made.details = parsed->details;
  return made;
}

}  // namespace

class ClientRecorder::Interceptor final : public grpc::experimental::Interceptor {
 public:
  Interceptor(ClientRecorder& recorder, const ClientRpcInfo& info)
      : m_recorder(recorder), m_method(info.method()), m_type(info.type()) {
    if (m_type == ClientRpcInfo::Type::UNARY) return;
    const std::lock_guard lock(m_recorder.m_mutex);
    m_ref = m_recorder.m_file.createStream(m_method);
  }

  void Intercept(grpc::experimental::InterceptorBatchMethods* methods) override {
    {
      const std::lock_guard lock(m_recorder.m_mutex);
      record(*methods);
    }
    methods->Proceed();
  }

 private:
  void record(grpc::experimental::InterceptorBatchMethods& methods) {
    ReplayFile& file = m_recorder.m_file;
    const bool unary = m_type == ClientRpcInfo::Type::UNARY;
    if (methods.QueryInterceptionHookPoint(InterceptionHookPoints::PRE_SEND_MESSAGE)) {
      if (unary)
        m_ref = file.request(m_method, messageOf(methods.GetSendMessage()));
      else
        file.send(m_ref, messageOf(methods.GetSendMessage()));
    }
    // Null where the stream has ended.
    if (methods.QueryInterceptionHookPoint(InterceptionHookPoints::POST_RECV_MESSAGE) &&
        methods.GetRecvMessage()) {
      if (unary)
        m_reply = messageOf(methods.GetRecvMessage());
      else
        file.recv(m_ref, messageOf(methods.GetRecvMessage()));
    }
    if (!methods.QueryInterceptionHookPoint(InterceptionHookPoints::POST_RECV_STATUS)) return;
    const Status status = statusOf(*methods.GetRecvStatus());
    if (unary) {
      if (status.code != 0)
        file.response(m_ref, status);
      else
        file.response(m_ref, m_reply.value_or(Message{}));
    } else if (status.code != 0) {
      file.recv(m_ref, status);
    } else if (m_type != ClientRpcInfo::Type::CLIENT_STREAMING) {
      // Go's client of a client stream reads its one reply, and no end behind it.
      file.recvEnd(m_ref);
    }
  }

  ClientRecorder& m_recorder;
  std::string m_method;
  ClientRpcInfo::Type m_type;
  std::uint32_t m_ref = 0;
  std::optional<Message> m_reply;
};

class ClientRecorder::Factory final : public grpc::experimental::ClientInterceptorFactoryInterface {
 public:
  explicit Factory(ClientRecorder& recorder) : m_recorder(recorder) {}
  grpc::experimental::Interceptor* CreateClientInterceptor(ClientRpcInfo* info) override {
    return new Interceptor(m_recorder, *info);
  }

 private:
  ClientRecorder& m_recorder;
};

std::shared_ptr<grpc::Channel> ClientRecorder::channel(const std::string& address) {
  std::vector<std::unique_ptr<grpc::experimental::ClientInterceptorFactoryInterface>> factories;
  factories.push_back(std::make_unique<Factory>(*this));
  return grpc::experimental::CreateCustomChannelWithInterceptors(address, grpc::InsecureChannelCredentials(),
                                                                 {}, std::move(factories));
}

}  // namespace retake::test
