#pragma once

#include <grpc/testing/test.grpc.pb.h>

#include <initializer_list>
#include <memory>
#include <string>
#include <utility>

#include "interop_cases/test_service.h"
#include "interop_cases/verdict.h"

// Requests of grpc.testing.TestService. Only for files that speak its generated code.
namespace retake::test {

using grpc::testing::StreamingOutputCallRequest;
using grpc::testing::StreamingOutputCallResponse;
using grpc::testing::TestService;
using KeysAndValues = std::initializer_list<std::pair<std::string, std::string>>;

inline std::string zeros(int count) { return std::string(static_cast<std::size_t>(count), '\0'); }

inline grpc::testing::SimpleRequest unaryRequest(int requestSize, int responseSize) {
  grpc::testing::SimpleRequest request;
  request.set_response_size(responseSize);
  request.mutable_payload()->set_body(zeros(requestSize));
  return request;
}

inline StreamingOutputCallRequest outputRequest(std::initializer_list<int> responseSizes,
                                                int requestSize = 0) {
  StreamingOutputCallRequest request;
  for (const int size : responseSizes) request.add_response_parameters()->set_size(size);
  if (requestSize > 0) request.mutable_payload()->set_body(zeros(requestSize));
  return request;
}

template <typename Request>
Request withStatus(Request request, int code, const std::string& message) {
  request.mutable_response_status()->set_code(code);
  request.mutable_response_status()->set_message(message);
  return request;
}

inline void add(grpc::ClientContext& context, KeysAndValues metadata) {
  for (const auto& [key, value] : metadata) context.AddMetadata(key, value);
}

// A FullDuplexCall with that metadata.
class DuplexCall {
 public:
  DuplexCall(const std::shared_ptr<grpc::Channel>& channel, KeysAndValues metadata = {},
             std::chrono::milliseconds timeout = std::chrono::minutes(1)) {
    context.set_deadline(std::chrono::system_clock::now() + timeout);
    add(context, metadata);
    stream = TestService::NewStub(channel)->FullDuplexCall(&context);
  }
  // Bytes of the next message; -1 when there is none.
  int read() {
    StreamingOutputCallResponse response;
    return stream->Read(&response) ? static_cast<int>(response.payload().body().size()) : -1;
  }
  // Asks for a message of each of these lengths.
  bool ask(std::initializer_list<int> sizes, int requestSize = 0) {
    return stream->Write(outputRequest(sizes, requestSize));
  }
  // Once; finish() does it too.
  void halfClose() {
    if (!std::exchange(m_halfClosed, true)) stream->WritesDone();
  }
  // Half-closes, expects no further message, and gives the end.
  grpc::Status finish(Verdict& verdict) {
    halfClose();
    verdict.same("length of a message behind the last", read(), -1);
    return stream->Finish();
  }

  grpc::ClientContext context;
  std::unique_ptr<grpc::ClientReaderWriter<StreamingOutputCallRequest, StreamingOutputCallResponse>> stream;

 private:
  bool m_halfClosed = false;
};

// Asks the service how the call of that name ended there, and waits for it.
inline void expectEnded(Verdict& verdict, const std::shared_ptr<grpc::Channel>& channel,
                        const std::string& name, const std::string& how) {
  CaseContext context;
  context.AddMetadata(kHowEnded, name);
  grpc::testing::Empty response;
  verdict.status(TestService::NewStub(channel)->EmptyCall(&context, {}, &response));
  verdict.same("how the call ended at the service", valueOf(context.GetServerTrailingMetadata(), "t-ended"),
               how);
}

}  // namespace retake::test
