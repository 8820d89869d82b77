#include "interop_cases/calls.h"
#include "interop_cases/interop_case.h"
#include "recording/status.h"

// What goes along with the messages: headers, trailers, status, deadline.
namespace retake::test {
namespace {

using grpc::testing::SimpleResponse;
using Channel = std::shared_ptr<grpc::Channel>;

const std::string kBytes("\0\xff\x80,= ", 6);

std::string everyKindOfMetadata(const Channel& channel) {
  const KeysAndValues sent = {{"h-text", "one"},     {"h-text", "two"},
                              {"h-text", "one"},     {"h-empty", ""},
                              {"h-raw-bin", kBytes}, {"h-raw-bin", ""},
                              {"h-comma", "a, b,c"}, {"h-blanks", "in  between"},
                              {"t-text", "one"},     {"t-text", "two"},
                              {"t-empty", ""},       {"t-raw-bin", kBytes},
                              {"t-raw-bin", kBytes}, {"t-under_score.1", "~!\"#$%&'()*+-./:;<=>?@[]^`{|}"}};
  Verdict verdict;
  const auto expectAll = [&](const grpc::ClientContext& context) {
    for (const auto& [key, value] : sent) {
      std::string expected, found;
      for (const auto& [other, text] : sent)
        if (other == key) expected += text + "|";
      const bool isHeader = key.starts_with(kHeaderPrefix);
      for (const auto& text :
           valuesOf(isHeader ? context.GetServerInitialMetadata() : context.GetServerTrailingMetadata(), key))
        found += text + "|";
      verdict.same(key, found, expected);
    }
  };
  CaseContext context;
  add(context, sent);
  SimpleResponse response;
  verdict.status(TestService::NewStub(channel)->UnaryCall(&context, unaryRequest(1, 1), &response));
  expectAll(context);
  DuplexCall call(channel, sent);
  verdict.status(call.finish(verdict));
  expectAll(call.context);
  return verdict.text();
}

std::string manyBytesOfTrailers(const Channel& channel) {
  Verdict verdict;
  for (const bool fails : {false, true}) {
    CaseContext context;
    context.AddMetadata(kTrailerBytes, "7000");
    auto request = unaryRequest(1, 1);
    if (fails) request = withStatus(request, 5, "not here");
    SimpleResponse response;
    verdict.status(TestService::NewStub(channel)->UnaryCall(&context, request, &response), fails ? 5 : 0);
    verdict.same("trailer", valueOf(context.GetServerTrailingMetadata(), "t-large"), std::string(7000, 'l'));
  }
  return verdict.text();
}

std::string statusDetails(const Channel& channel) {
  const Status sent{.code = 9,
                    .message = "not now, \xc3\xa4\xe2\x82\xac 100%",
                    .details = {{std::string(kTypeUrlPrefix) + "grpc.testing.EchoStatus", "\x08\x07"},
                                {std::string(kTypeUrlPrefix) + "grpc.testing.Empty", ""}}};
  const std::string details = serializeStatus(sent);
  Verdict verdict;
  CaseContext context;
  add(context, {{kDetails, details}});
  SimpleResponse response;
  const auto unary = TestService::NewStub(channel)->UnaryCall(
      &context, withStatus(unaryRequest(1, 1), sent.code, sent.message), &response);
  verdict.status(unary, sent.code, sent.message).same("details", unary.error_details(), details);
  DuplexCall call(channel, {{kDetails, details}});
  verdict.holds("the request is taken",
                call.stream->Write(withStatus(outputRequest({3}), sent.code, sent.message)));
  verdict.same("length", call.read(), 3);
  const auto stream = call.finish(verdict);
  verdict.status(stream, sent.code, sent.message).same("details", stream.error_details(), details);
  return verdict.text();
}

std::string codesWithoutText(const Channel& channel, std::initializer_list<int> codes) {
  Verdict verdict;
  for (const int code : codes) {
    CaseContext context;
    SimpleResponse response;
    const auto end = TestService::NewStub(channel)->UnaryCall(
        &context, withStatus(grpc::testing::SimpleRequest(), code, ""), &response);
    verdict.status(end, code).same("status message", end.error_message(), "");
  }
  return verdict.text();
}

// The last is one that gRPC does not name.
std::string everyStatusCode(const Channel& channel) {
  return codesWithoutText(channel, {2, 3, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 20});
}

// CANCELLED and DEADLINE_EXCEEDED, with no cancel and no deadline of the client's.
std::string codesThatAreAClients(const Channel& channel) { return codesWithoutText(channel, {1, 4}); }

std::string headersOfAnError(const Channel& channel) {
  DuplexCall call(channel, {{kHeadersFirst, "1"}, {kEchoInitial, "early"}, {kEchoTrailing, "late"}});
  Verdict verdict;
  verdict.holds("the request is taken", call.stream->Write(withStatus(outputRequest({}), 13, "broken")));
  verdict.status(call.finish(verdict), 13, "broken");
  verdict.same("header", valueOf(call.context.GetServerInitialMetadata(), kEchoInitial), "early");
  verdict.same("trailer", valueOf(call.context.GetServerTrailingMetadata(), kEchoTrailing), "late");
  return verdict.text();
}

std::string deadlineAsTheServiceSeesIt(const Channel& channel) {
  constexpr int kMs = 20000;
  Verdict verdict;
  for (const bool has : {true, false}) {
    grpc::ClientContext context;
    if (has) context.set_deadline(std::chrono::system_clock::now() + std::chrono::milliseconds(kMs));
    context.AddMetadata(kTellDeadline, "1");
    SimpleResponse response;
    verdict.status(
        TestService::NewStub(channel)->UnaryCall(&context, unaryRequest(has ? 1 : 2, 1), &response));
    const std::string told = valueOf(context.GetServerTrailingMetadata(), "t-deadline-ms");
    if (!has)
      verdict.same("deadline", told, "none");
    else
      // What is left is rounded up on each hop, by up to a hundredth.
      verdict.holds("15 to 21 seconds are left, found " + told,
                    std::atoi(told.c_str()) > 15000 && std::atoi(told.c_str()) <= 21000);
  }
  return verdict.text();
}

std::string deadlineEndsAStream(const Channel& channel) {
  Verdict verdict;
  {
    DuplexCall call(channel, {{kName, "late"}}, std::chrono::milliseconds(500));
    verdict.holds("the request is taken", call.ask({5}));
    verdict.same("length", call.read(), 5);
    verdict.same("length of a message that is not there", call.read(), -1);
    verdict.status(call.stream->Finish(), grpc::StatusCode::DEADLINE_EXCEEDED);
  }
  expectEnded(verdict, channel, "late", "cancelled");
  return verdict.text();
}

constexpr InteropCase kCases[] = {
    {"every kind of metadata", everyKindOfMetadata, true},
    {"7,000 bytes of trailers", manyBytesOfTrailers, true},
    {"status details", statusDetails},
    {"every status code", everyStatusCode},
    {"codes that are a client's", codesThatAreAClients, true},
    {"headers of an error", headersOfAnError, true},
    {"the deadline as the service sees it", deadlineAsTheServiceSeesIt, true},
    {"a deadline ends a stream", deadlineEndsAStream, true},
};

}  // namespace

std::span<const InteropCase> metadataCases() { return kCases; }

}  // namespace retake::test
