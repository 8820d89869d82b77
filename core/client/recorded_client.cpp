#include "client/recorded_client.h"

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>

#include <algorithm>

#include "client/grpc_lifetime.h"
#include "client/one_by_one.h"
#include "recording/status_code.h"

namespace retake {
namespace {

// A client that was recorded with DEADLINE_EXCEEDED had a deadline, which the recording does not tell: long
// enough for what it got before.
constexpr std::chrono::milliseconds kRecordedDeadline(1500);

Status toStatus(const grpc::Status& status) {
  Status made{.code = status.error_code(), .message = status.error_message(), .details = {}};
  if (auto parsed = parseStatus(status.error_details())) made.details = std::move(parsed->details);
  return made;
}

void playUnary(grpc::GenericStub& stub, grpc::ClientContext& context, const ClientScript& script,
               ClientOutcome& outcome) {
  OneByOne steps;
  const auto call =
      stub.PrepareUnaryCall(&context, script.method, bufferOf(script.steps.front().message), steps.queue());
  grpc::ByteBuffer reply;
  grpc::Status status;
  call->StartCall();
  call->Finish(&reply, &status, nullptr);
  steps.done();
  if (status.ok()) outcome.received.push_back(bytesOf(reply));
  outcome.end = toStatus(status);
}

void playStream(grpc::GenericStub& stub, grpc::ClientContext& context, const ClientScript& script,
                const std::function<void()>& beforeCancel, ClientOutcome& outcome) {
  OneByOne steps;
  const auto call = stub.PrepareCall(&context, script.method, steps.queue());
  call->StartCall(nullptr);
  bool open = steps.done();
  const auto read = [&] {
    grpc::ByteBuffer message;
    call->Read(&message, nullptr);
    open = steps.done();
    if (open) outcome.received.push_back(bytesOf(message));
  };
  const auto sends =
      std::count_if(script.steps.begin(), script.steps.end(), [](const auto& s) { return s.isSend; });
  const std::size_t expected = script.steps.size() - static_cast<std::size_t>(sends);
  auto sendsLeft = sends;
  const auto halfClose = [&] {
    call->WritesDone(nullptr);
    steps.done();
  };
  // With nothing to send, what comes before the half-close may be chosen by it.
  if (open && sendsLeft == 0) halfClose();
  for (const ClientScript::Step& step : script.steps) {
    if (!open) break;
    if (!step.isSend) {
      read();
      continue;
    }
    call->Write(bufferOf(step.message), nullptr);
    // False when the stream is over already: its end is read below.
    if (!steps.done()) break;
    if (--sendsLeft == 0) halfClose();
  }
  // An end that nobody recorded, or that was the client's own, is the client's again.
  const bool ownEnd = !script.endRecorded || script.end.code == status_code::kCancelled;
  if (open && ownEnd && outcome.received.size() >= expected) {
    if (beforeCancel) beforeCancel();
    context.TryCancel();
  }
  while (open) read();
  grpc::Status status;
  call->Finish(&status, nullptr);
  steps.done();
  outcome.end = toStatus(status);
}

}  // namespace

std::shared_ptr<grpc::Channel> channelTo(const std::string& address) {
  keepGrpc();
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(-1);
  return grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments);
}

ClientOutcome play(const std::shared_ptr<grpc::Channel>& channel, const ClientScript& script,
                   std::chrono::milliseconds timeout, const std::function<void()>& beforeCancel) {
  const auto begin = std::chrono::steady_clock::now();
  if (script.endRecorded && script.end.code == status_code::kDeadlineExceeded)
    timeout = std::min(timeout, kRecordedDeadline);
  ClientOutcome outcome;
  grpc::GenericStub stub(channel);
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + timeout);
  if (script.isStream)
    playStream(stub, context, script, beforeCancel, outcome);
  else
    playUnary(stub, context, script, outcome);
  outcome.duration = std::chrono::steady_clock::now() - begin;
  return outcome;
}

}  // namespace retake
