// cppclient ADDR OUT: has the conversation with the int store at ADDR that the Go program has with it, and
// records it into OUT as the Go packages write it. Exits 0 when every answer was the expected one and all was
// written.

#include <grpcpp/grpcpp.h>
#include <intstore.grpc.pb.h>

#include <chrono>
#include <cstdio>
#include <stdexcept>
#include <string>

#include "record/recorder.h"

namespace {

using intstore::IntStore;
using intstore::Item;

class Context : public grpc::ClientContext {
 public:
  Context() { set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20)); }
};

void expect(bool isTrue, const char* what) {
  if (!isTrue) throw std::runtime_error(what);
}

Item item(const std::string& name, int value) {
  Item made;
  made.set_name(name);
  made.set_value(value);
  return made;
}

void unaryCalls(IntStore::Stub& stub) {
  {
    Context context;
    intstore::SetResponse reply;
    expect(stub.Set(&context, item("a", 1), &reply).ok() && reply.prev_value() == 0, "Set a");
  }
  intstore::GetRequest request;
  Item reply;
  {
    Context context;
    request.set_name("a");
    expect(stub.Get(&context, request, &reply).ok() && reply.name() == "a", "Get a");
  }
  Context context;
  request.set_name("x");
  expect(stub.Get(&context, request, &reply).error_code() == grpc::StatusCode::NOT_FOUND, "Get x");
}

void streams(IntStore::Stub& stub) {
  {
    Context context;
    const auto reader = stub.ListItems(&context, {});
    int count = 0;
    for (Item listed; reader->Read(&listed);) ++count;
    expect(reader->Finish().ok() && count == 1, "ListItems");
  }
  {
    Context context;
    intstore::Summary summary;
    const auto writer = stub.SetStream(&context, &summary);
    expect(writer->Write(item("b", 2)) && writer->Write(item("c", 3)), "SetStream: Write");
    writer->WritesDone();
    expect(writer->Finish().ok() && summary.count() == 2, "SetStream");
  }
  Context context;
  const auto chat = stub.StreamChat(&context);
  int value = 4;
  for (const char* name : {"d", "e"}) {
    Item answer;
    expect(chat->Write(item(name, value)) && chat->Read(&answer), "StreamChat");
    expect(answer.name() == name && answer.value() == value, "StreamChat: the answer");
    ++value;
  }
  chat->WritesDone();
  Item none;
  expect(!chat->Read(&none) && chat->Finish().ok(), "StreamChat: the end");
}

}  // namespace

int main(int argc, char** argv) {
  try {
    expect(argc == 3, "usage: cppclient ADDR OUT");
    auto recorder = retake::Recorder::create(argv[2], {.initialState = "recorded in C++", .extras = false});
    if (!recorder) throw std::runtime_error(recorder.error().message);
    const auto stub = IntStore::NewStub((*recorder)->channel(argv[1], grpc::InsecureChannelCredentials()));
    unaryCalls(*stub);
    streams(*stub);
    if (auto done = (*recorder)->close(); !done) throw std::runtime_error(done.error().message);
  } catch (const std::exception& failed) {
    std::fprintf(stderr, "cppclient: %s\n", failed.what());
    return 1;
  }
  return 0;
}
