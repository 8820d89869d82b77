#include <thread>

#include "interop_cases/calls.h"
#include "interop_cases/interop_case.h"

// Who speaks when, how much, and how it ends.
namespace retake::test {
namespace {

using grpc::testing::SimpleResponse;
using Channel = std::shared_ptr<grpc::Channel>;

std::string headersBeforeAnything(const Channel& channel) {
  DuplexCall call(channel, {{kHeadersFirst, "1"}, {kEchoInitial, "early"}});
  Verdict verdict;
  call.stream->WaitForInitialMetadata();
  verdict.same("header", valueOf(call.context.GetServerInitialMetadata(), kEchoInitial), "early");
  verdict.holds("the request is taken", call.ask({7}));
  verdict.same("length", call.read(), 7);
  return verdict.status(call.finish(verdict)).text();
}

std::string serviceSpeaksFirst(const Channel& channel) {
  DuplexCall call(channel, {{kFirst, "3"}});
  Verdict verdict;
  for (int i = 1; i <= 3; ++i) verdict.same("length", call.read(), i);
  verdict.holds("the request is taken", call.ask({11}));
  verdict.same("length", call.read(), 11);
  return verdict.status(call.finish(verdict)).text();
}

std::string halfCloseIsSeen(const Channel& channel) {
  DuplexCall call(channel, {{kLast, "2"}});
  Verdict verdict;
  verdict.holds("the request is taken", call.ask({9}));
  verdict.same("length", call.read(), 9);
  call.halfClose();
  for (int i = 1; i <= 2; ++i) verdict.same("length", call.read(), i);
  return verdict.status(call.finish(verdict)).text();
}

std::string serviceEndsFirst(const Channel& channel) {
  DuplexCall call(channel);
  Verdict verdict;
  verdict.holds("the request is taken", call.stream->Write(withStatus(outputRequest({4, 5}), 10, "enough")));
  verdict.same("length", call.read(), 4);
  verdict.same("length", call.read(), 5);
  verdict.same("length of a message behind the last", call.read(), -1);
  return verdict.status(call.stream->Finish(), 10, "enough").text();
}

std::string cancelReachesTheService(const Channel& channel) {
  Verdict verdict;
  {
    DuplexCall call(channel, {{kName, "left"}});
    verdict.holds("the request is taken", call.ask({6}));
    verdict.same("length", call.read(), 6);
    call.context.TryCancel();
    verdict.status(call.stream->Finish(), grpc::StatusCode::CANCELLED);
  }
  expectEnded(verdict, channel, "left", "cancelled");
  {
    DuplexCall call(channel, {{kName, "stayed"}});
    verdict.status(call.finish(verdict));
  }
  expectEnded(verdict, channel, "stayed", "done");
  return verdict.text();
}

std::string twentyMegabytes(const Channel& channel) {
  constexpr int kSize = 20 << 20;
  CaseContext context;
  SimpleResponse response;
  Verdict verdict;
  verdict.status(TestService::NewStub(channel)->UnaryCall(&context, unaryRequest(kSize, kSize), &response));
  verdict.holds("all zeros", response.payload().body() == zeros(kSize));
  DuplexCall call(channel);
  verdict.holds("the request is taken", call.ask({kSize}, kSize));
  verdict.same("length", call.read(), kSize);
  return verdict.status(call.finish(verdict)).text();
}

std::string aThousandMessages(const Channel& channel) {
  constexpr int kCount = 1000;
  CaseContext context;
  StreamingOutputCallRequest request;
  for (int i = 0; i < kCount; ++i) request.add_response_parameters()->set_size(i);
  const auto reader = TestService::NewStub(channel)->StreamingOutputCall(&context, request);
  Verdict verdict;
  int count = 0;
  for (StreamingOutputCallResponse response; reader->Read(&response); ++count)
    if (static_cast<int>(response.payload().body().size()) != count)
      verdict.holds("messages in order", false);
  verdict.same("messages", count, kCount);
  return verdict.status(reader->Finish()).text();
}

// Both sides at once: the client writes on, whatever comes.
std::string bothWaysAtOnce(const Channel& channel) {
  constexpr int kCount = 1000;
  DuplexCall call(channel);
  Verdict verdict;
  std::thread writer([&call] {
    for (int i = 0; i < kCount && call.ask({i, i}); ++i) {
    }
    call.stream->WritesDone();
  });
  int count = 0;
  for (int size = call.read(); size >= 0; size = call.read(), ++count)
    if (size != count / 2) verdict.holds("messages in order", false);
  writer.join();
  verdict.same("messages", count, 2 * kCount);
  return verdict.status(call.stream->Finish()).text();
}

std::string halfDuplex(const Channel& channel) {
  CaseContext context;
  const auto stream = TestService::NewStub(channel)->HalfDuplexCall(&context);
  Verdict verdict;
  for (const int size : {31415, 9, 2653}) stream->Write(outputRequest({size}));
  stream->WritesDone();
  std::string sizes;
  for (StreamingOutputCallResponse response; stream->Read(&response);)
    sizes += std::to_string(response.payload().body().size()) + " ";
  verdict.same("lengths", sizes, "31415 9 2653 ");
  return verdict.status(stream->Finish()).text();
}

std::string gzip(const Channel& channel) {
  Verdict verdict;
  CaseContext context;
  context.set_compression_algorithm(GRPC_COMPRESS_GZIP);
  auto request = unaryRequest(271828, 314159);
  request.mutable_response_compressed()->set_value(true);
  SimpleResponse response;
  verdict.status(TestService::NewStub(channel)->UnaryCall(&context, request, &response));
  verdict.holds("all zeros", response.payload().body() == zeros(314159));
  return verdict.text();
}

std::string manyAtOnce(const Channel& channel) {
  constexpr int kThreads = 8;
  constexpr int kCalls = 20;
  std::string found[kThreads];
  std::vector<std::thread> threads;
  for (int thread = 0; thread < kThreads; ++thread)
    threads.emplace_back([&channel, &mine = found[thread], thread] {
      Verdict verdict;
      for (int i = 0; i < kCalls; ++i) {
        const int size = 1000 * thread + i;
        CaseContext context;
        SimpleResponse response;
        verdict.status(
            TestService::NewStub(channel)->UnaryCall(&context, unaryRequest(size, size), &response));
        verdict.same("length", static_cast<long long>(response.payload().body().size()), size);
      }
      mine = verdict.text();
    });
  for (std::thread& thread : threads) thread.join();
  std::string all;
  for (const std::string& text : found) all += text;
  return all;
}

std::string pausesInBetween(const Channel& channel) {
  CaseContext context;
  StreamingOutputCallRequest request;
  for (int i = 1; i <= 3; ++i) {
    request.add_response_parameters()->set_size(i);
    request.mutable_response_parameters(i - 1)->set_interval_us(20000);
  }
  const auto reader = TestService::NewStub(channel)->StreamingOutputCall(&context, request);
  Verdict verdict;
  StreamingOutputCallResponse response;
  for (int i = 1; i <= 3; ++i) {
    verdict.holds("a message", reader->Read(&response));
    verdict.same("length", static_cast<long long>(response.payload().body().size()), i);
  }
  verdict.holds("no further message", !reader->Read(&response));
  return verdict.status(reader->Finish()).text();
}

constexpr InteropCase kCases[] = {
    {"headers before anything", headersBeforeAnything, true},
    {"the service speaks first", serviceSpeaksFirst},
    {"half-close is seen", halfCloseIsSeen},
    {"the service ends first", serviceEndsFirst},
    {"cancel reaches the service", cancelReachesTheService, true},
    {"20 MB", twentyMegabytes},
    {"a thousand messages", aThousandMessages},
    {"both ways at once", bothWaysAtOnce},
    {"half duplex", halfDuplex},
    {"gzip", gzip},
    {"many at once", manyAtOnce},
    {"pauses in between", pausesInBetween},
};

}  // namespace

std::span<const InteropCase> streamCases() { return kCases; }

}  // namespace retake::test
