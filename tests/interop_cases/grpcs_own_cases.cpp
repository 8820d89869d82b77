#include "interop_cases/calls.h"
#include "interop_cases/interop_case.h"

// The cases of gRPC's interop-test-descriptions.md that need no account and no proxy of their own, with its
// numbers.
namespace retake::test {
namespace {

using grpc::testing::Empty;
using grpc::testing::SimpleResponse;
using Channel = std::shared_ptr<grpc::Channel>;

constexpr int kRequestSize = 271828;
constexpr int kResponseSize = 314159;
constexpr const char* kEchoText = "test_initial_metadata_value";
constexpr const char* kEchoBytes = "\xab\xab\xab";

std::string emptyUnary(const Channel& channel) {
  CaseContext context;
  Empty response;
  Verdict verdict;
  verdict.status(TestService::NewStub(channel)->EmptyCall(&context, {}, &response));
  verdict.same("bytes of the response", static_cast<long long>(response.ByteSizeLong()), 0);
  return verdict.text();
}

std::string largeUnary(const Channel& channel) {
  CaseContext context;
  SimpleResponse response;
  Verdict verdict;
  verdict.status(TestService::NewStub(channel)->UnaryCall(&context, unaryRequest(kRequestSize, kResponseSize),
                                                          &response));
  verdict.holds("all zeros", response.payload().body() == zeros(kResponseSize));
  return verdict.text();
}

std::string clientStreaming(const Channel& channel) {
  CaseContext context;
  grpc::testing::StreamingInputCallResponse response;
  const auto writer = TestService::NewStub(channel)->StreamingInputCall(&context, &response);
  Verdict verdict;
  for (const int size : {27182, 8, 1828, 45904}) {
    grpc::testing::StreamingInputCallRequest request;
    request.mutable_payload()->set_body(zeros(size));
    verdict.holds("the request is taken", writer->Write(request));
  }
  writer->WritesDone();
  verdict.status(writer->Finish());
  verdict.same("the sum", response.aggregated_payload_size(), 74922);
  return verdict.text();
}

std::string serverStreaming(const Channel& channel) {
  CaseContext context;
  const auto reader =
      TestService::NewStub(channel)->StreamingOutputCall(&context, outputRequest({31415, 9, 2653, 58979}));
  Verdict verdict;
  std::string sizes;
  for (StreamingOutputCallResponse response; reader->Read(&response);)
    sizes += std::to_string(response.payload().body().size()) + " ";
  verdict.same("lengths", sizes, "31415 9 2653 58979 ");
  return verdict.status(reader->Finish()).text();
}

std::string pingPong(const Channel& channel) {
  DuplexCall call(channel);
  Verdict verdict;
  constexpr int kSizes[][2] = {{27182, 31415}, {8, 9}, {1828, 2653}, {45904, 58979}};
  for (const auto& [there, back] : kSizes) {
    verdict.holds("the request is taken", call.ask({back}, there));
    verdict.same("length", call.read(), back);
  }
  return verdict.status(call.finish(verdict)).text();
}

std::string emptyStream(const Channel& channel) {
  DuplexCall call(channel);
  Verdict verdict;
  return verdict.status(call.finish(verdict)).text();
}

std::string cancelAfterBegin(const Channel& channel) {
  CaseContext context;
  grpc::testing::StreamingInputCallResponse response;
  const auto writer = TestService::NewStub(channel)->StreamingInputCall(&context, &response);
  context.TryCancel();
  return Verdict().status(writer->Finish(), grpc::StatusCode::CANCELLED).text();
}

std::string cancelAfterFirstResponse(const Channel& channel) {
  DuplexCall call(channel);
  Verdict verdict;
  verdict.holds("the request is taken", call.ask({31415}, 27182));
  verdict.same("length", call.read(), 31415);
  call.context.TryCancel();
  return verdict.status(call.stream->Finish(), grpc::StatusCode::CANCELLED).text();
}

std::string timeoutOnSleepingServer(const Channel& channel) {
  DuplexCall call(channel, {}, std::chrono::milliseconds(1));
  call.ask({}, 27182);  // it may be too late already
  return Verdict().status(call.stream->Finish(), grpc::StatusCode::DEADLINE_EXCEEDED).text();
}

std::string statusOfBoth(const Channel& channel, const std::string& message) {
  CaseContext context;
  SimpleResponse response;
  Verdict verdict;
  verdict.status(TestService::NewStub(channel)->UnaryCall(
                     &context, withStatus(grpc::testing::SimpleRequest(), 2, message), &response),
                 2, message);
  DuplexCall call(channel);
  verdict.holds("the request is taken",
                call.stream->Write(withStatus(StreamingOutputCallRequest(), 2, message)));
  return verdict.status(call.finish(verdict), 2, message).text();
}

std::string statusCodeAndMessage(const Channel& channel) {
  return statusOfBoth(channel, "test status message");
}

std::string specialStatusMessage(const Channel& channel) {
  return statusOfBoth(
      channel, "\t\ntest with whitespace\r\nand Unicode BMP \xe2\x98\xba and non-BMP \xf0\x9f\x98\x88\t\n");
}

void expectEchoes(Verdict& verdict, const grpc::ClientContext& context) {
  verdict.same("header", valueOf(context.GetServerInitialMetadata(), kEchoInitial), kEchoText);
  verdict.same("trailer", valueOf(context.GetServerTrailingMetadata(), kEchoTrailing), kEchoBytes);
}

std::string customMetadata(const Channel& channel) {
  CaseContext context;
  add(context, {{kEchoInitial, kEchoText}, {kEchoTrailing, kEchoBytes}});
  SimpleResponse response;
  Verdict verdict;
  verdict.status(TestService::NewStub(channel)->UnaryCall(&context, unaryRequest(kRequestSize, kResponseSize),
                                                          &response));
  expectEchoes(verdict, context);
  DuplexCall call(channel, {{kEchoInitial, kEchoText}, {kEchoTrailing, kEchoBytes}});
  verdict.holds("the request is taken", call.ask({kResponseSize}, kRequestSize));
  verdict.same("length", call.read(), kResponseSize);
  verdict.status(call.finish(verdict));
  expectEchoes(verdict, call.context);
  return verdict.text();
}

std::string unimplementedMethod(const Channel& channel) {
  CaseContext context;
  Empty response;
  return Verdict()
      .status(TestService::NewStub(channel)->UnimplementedCall(&context, {}, &response),
              grpc::StatusCode::UNIMPLEMENTED)
      .text();
}

std::string unimplementedService(const Channel& channel) {
  CaseContext context;
  Empty response;
  return Verdict()
      .status(
          grpc::testing::UnimplementedService::NewStub(channel)->UnimplementedCall(&context, {}, &response),
          grpc::StatusCode::UNIMPLEMENTED)
      .text();
}

constexpr InteropCase kCases[] = {
    {"empty_unary", emptyUnary},
    {"large_unary", largeUnary},
    {"client_streaming", clientStreaming},
    {"server_streaming", serverStreaming},
    {"ping_pong", pingPong},
    {"empty_stream", emptyStream},
    {"cancel_after_begin", cancelAfterBegin, false, true},
    {"cancel_after_first_response", cancelAfterFirstResponse},
    {"timeout_on_sleeping_server", timeoutOnSleepingServer, false, true},
    {"status_code_and_message", statusCodeAndMessage},
    {"special_status_message", specialStatusMessage},
    {"custom_metadata", customMetadata, true},
    {"unimplemented_method", unimplementedMethod},
    {"unimplemented_service", unimplementedService},
};

}  // namespace

std::span<const InteropCase> grpcsOwnCases() { return kCases; }

}  // namespace retake::test
