// A test in C++ that records its service once, and from then on needs none:
//   greeter_test record calls.replay     against the service, here one in the same process
//   greeter_test replay calls.replay     against the recording

#include <greeter.grpc.pb.h>
#include <grpcpp/grpcpp.h>
#include <retake/record/recorder.h>
#include <retake/serve/replay_server.h>

#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>

namespace {

void check(bool isTrue, const std::string& what) {
  std::printf("%s - %s\n", isTrue ? "ok" : "not ok", what.c_str());
  if (!isTrue) std::exit(1);
}

template <typename T>
T must(retake::Result<T> result) {
  if (!result) check(false, result.error().message);
  return *std::move(result);
}

class Greeter final : public greeter::Greeter::Service {
  grpc::Status Greet(grpc::ServerContext*, const greeter::GreetRequest* request,
                     greeter::GreetReply* reply) override {
    if (request->name().empty()) return {grpc::StatusCode::INVALID_ARGUMENT, "who?"};
    reply->set_text("Hello " + request->name());
    return grpc::Status::OK;
  }
};

// The test itself, whatever the channel leads to.
void greet(const std::shared_ptr<grpc::Channel>& channel, const std::string& name) {
  const auto stub = greeter::Greeter::NewStub(channel);
  for (const std::string& who : {name, std::string()}) {
    greeter::GreetRequest request;
    request.set_name(who);
    request.set_sent_at(std::time(nullptr) ^ std::rand());
    grpc::ClientContext context;
    greeter::GreetReply reply;
    const auto status = stub->Greet(&context, request, &reply);
    if (who.empty())
      check(status.error_code() == grpc::StatusCode::INVALID_ARGUMENT && status.error_message() == "who?",
            "nobody is not greeted");
    else
      check(status.ok() && reply.text() == "Hello " + who, "greets " + who);
  }
}

// What differs from run to run is neither recorded nor matched.
retake::Result<std::string> withoutTime(retake::ByteView bytes) {
  greeter::GreetRequest request;
  if (!request.ParseFromString(std::string(bytes))) return retake::Error{"no GreetRequest"};
  request.clear_sent_at();
  return request.SerializeAsString();
}

void record(const std::string& path) {
  Greeter service;
  grpc::ServerBuilder builder;
  builder.RegisterService(&service);
  const auto server = builder.BuildAndStart();

  const auto recorder = must(retake::Recorder::create(
      path, {.initialState = "Ada", .beforeWrite = [](const retake::MessageToWrite& message) {
               return message.isRequest ? withoutTime(message.bytes)
                                        : retake::Result<std::string>(std::string(message.bytes));
             }}));
  greet(recorder->channel(*server), "Ada");
  check(recorder->close().has_value(), "everything was written");
}

void replay(const std::string& path) {
  const auto server = must(retake::ReplayServer::open(
      path, {.beforeMatch = [](const retake::LiveMessage& message) { return withoutTime(message.bytes); }}));
  greet(server->channel(), must(server->initialState()));
  const retake::ReplayReport report = server->report();
  check(report.served == 2 && report.missed == 0 && report.neverAskedFor.empty(), "all was asked for");
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  if (argv[1] == std::string("record")) record(argv[2]);
  if (argv[1] == std::string("replay")) replay(argv[2]);
}
