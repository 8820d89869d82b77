#include "support/pinger_service.h"

#include <pinger.grpc.pb.h>

#include <atomic>
#include <chrono>
#include <mutex>
#include <thread>

#include "recording/status.h"
#include "support/client_recorder.h"

namespace retake::test {

class LivePinger::Service final : public pinger::Pinger::Service {
 public:
  std::mutex seenMutex;
  Seen last;
  std::atomic<int> begun = 0;
  std::atomic<int> cancelled = 0;
  std::atomic<int> written = 0;

  // Does what a call's metadata asks for, and counts it.
  class Attended {
   public:
    Attended(Service& service, grpc::ServerContext& context) : m_service(service), m_context(context) {
      Seen seen{.metadata = {}, .deadline = context.deadline()};
      for (const auto& [key, value] : context.client_metadata()) {
        const std::string name(key.data(), key.size());
        const std::string text(value.data(), value.size());
        seen.metadata.emplace(name, text);
        const auto equals = text.find('=');
        if (name == "echo-header")
          context.AddInitialMetadata(text.substr(0, equals), text.substr(equals + 1));
        if (name == "echo-trailer")
          context.AddTrailingMetadata(text.substr(0, equals), text.substr(equals + 1));
        if (name == "headers-first") m_headersFirst = true;
        if (name == "size") m_size = static_cast<std::size_t>(std::stoul(text));
      }
      const std::lock_guard lock(service.seenMutex);
      service.last = std::move(seen);
      ++service.begun;
    }
    ~Attended() {
      if (m_context.IsCancelled()) ++m_service.cancelled;
    }
    bool headersFirst() const { return m_headersFirst; }
    std::string text(const std::string& said) const { return m_size > 0 ? std::string(m_size, 'x') : said; }

   private:
    Service& m_service;
    grpc::ServerContext& m_context;
    bool m_headersFirst = false;
    std::size_t m_size = 0;
  };

  grpc::Status Ping(grpc::ServerContext* context, const pinger::PingRequest* request,
                    pinger::PingReply* reply) override {
    const Attended attended(*this, *context);
    if (request->text().empty()) {
      const Status status{.code = 3,
                          .message = "a ping needs a text, \xc3\xa4\xe2\x82\xac 100%",
                          .details = {{std::string(kTypeUrlPrefix) + "pinger.PingRequest", "\x0a\x04more"}}};
      return {grpc::StatusCode::INVALID_ARGUMENT, status.message, serializeStatus(status)};
    }
    fill(*reply, attended.text(request->text()));
    return grpc::Status::OK;
  }

  grpc::Status PingStream(grpc::ServerContext* context, const pinger::PingRequest* request,
                          grpc::ServerWriter<pinger::PingReply>* writer) override {
    const Attended attended(*this, *context);
    if (attended.headersFirst()) writer->SendInitialMetadata();
    answer(*request, *writer, attended);
    if (request->count() < 0) return {grpc::StatusCode::OUT_OF_RANGE, "a count below zero"};
    return grpc::Status::OK;
  }

  grpc::Status PingCollect(grpc::ServerContext* context, grpc::ServerReader<pinger::PingRequest>* reader,
                           pinger::PingReply* reply) override {
    const Attended attended(*this, *context);
    if (attended.headersFirst()) reader->SendInitialMetadata();
    std::string all;
    pinger::PingRequest request;
    while (reader->Read(&request)) all += request.text();
    fill(*reply, attended.text(all));
    return grpc::Status::OK;
  }

  grpc::Status PingChat(grpc::ServerContext* context,
                        grpc::ServerReaderWriter<pinger::PingReply, pinger::PingRequest>* stream) override {
    const Attended attended(*this, *context);
    if (attended.headersFirst()) stream->SendInitialMetadata();
    pinger::PingRequest request;
    while (stream->Read(&request)) {
      if (request.text() == "enough") return {grpc::StatusCode::ABORTED, "enough"};
      if (request.text() == "overdue") {
        std::this_thread::sleep_until(context->deadline() - std::chrono::milliseconds(15));
        return {grpc::StatusCode::DEADLINE_EXCEEDED, "overdue"};
      }
      answer(request, *stream, attended);
    }
    return grpc::Status::OK;
  }

 private:
  void fill(pinger::PingReply& reply, const std::string& text) {
    const std::lock_guard lock(m_mutex);
    reply.set_text(text);
    reply.set_number(++m_count);
  }
  template <typename Writer>
  void answer(const pinger::PingRequest& request, Writer& writer, const Attended& attended) {
    pinger::PingReply reply;
    for (int i = 0; i < request.count(); ++i) {
      fill(reply, attended.text(request.text()));
      if (!writer.Write(reply)) return;
      ++written;
    }
  }

  std::mutex m_mutex;
  int m_count = 0;
};

LivePinger::LivePinger(const std::string& address,
                       const std::shared_ptr<grpc::ServerCredentials>& credentials)
    : m_service(std::make_unique<Service>()) {
  int port = 0;
  grpc::ServerBuilder builder;
  builder.AddListeningPort(address, credentials, &port);
  builder.RegisterService(m_service.get());
  builder.SetMaxReceiveMessageSize(-1);
  builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, 1 << 20);
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  m_server = builder.BuildAndStart();
  m_address = address;
  if (m_address.ends_with(":0")) m_address.replace(m_address.size() - 1, 1, std::to_string(port));
}

LivePinger::Seen LivePinger::lastCall() const {
  const std::lock_guard lock(m_service->seenMutex);
  return m_service->last;
}

int LivePinger::callsBegun() const { return m_service->begun; }
int LivePinger::callsCancelled() const { return m_service->cancelled; }
int LivePinger::messagesWritten() const { return m_service->written; }

LivePinger::~LivePinger() {
  m_server->Shutdown(std::chrono::system_clock::now());
  m_server->Wait();
}

namespace {

pinger::PingRequest request(const std::string& text, int count) {
  pinger::PingRequest made;
  made.set_text(text);
  made.set_count(count);
  // Maps are written in any order. Not in a request that is made twice: without a schema, one of the same
  // bytes is preferred, and the order of the answers with it.
  if (text == "again" || text == "many")
    for (const char* label : {"one", "two", "three"}) (*made.mutable_labels())[label] = text;
  return made;
}

std::string line(const pinger::PingReply& reply) {
  return "  " + reply.text() + " " + std::to_string(reply.number()) + "\n";
}

std::string line(const grpc::Status& status) {
  std::string text = "  status " + std::to_string(status.error_code()) + " " + status.error_message();
  if (!status.error_details().empty()) text += " details " + status.error_details();
  return text + "\n";
}

void prepare(grpc::ClientContext& context) {
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(30));
}

std::string ping(pinger::Pinger::Stub& stub, const std::string& text) {
  grpc::ClientContext context;
  prepare(context);
  pinger::PingReply reply;
  const grpc::Status status = stub.Ping(&context, request(text, 0), &reply);
  return "Ping\n" + (status.ok() ? line(reply) : line(status));
}

std::string pingStream(pinger::Pinger::Stub& stub, const std::string& text, int count) {
  grpc::ClientContext context;
  prepare(context);
  const auto stream = stub.PingStream(&context, request(text, count));
  std::string lines = "PingStream\n";
  pinger::PingReply reply;
  while (stream->Read(&reply)) lines += line(reply);
  return lines + line(stream->Finish());
}

std::string pingCollect(pinger::Pinger::Stub& stub, std::initializer_list<const char*> texts) {
  grpc::ClientContext context;
  prepare(context);
  pinger::PingReply reply;
  const auto stream = stub.PingCollect(&context, &reply);
  for (const char* text : texts) stream->Write(request(text, 0));
  stream->WritesDone();
  const grpc::Status status = stream->Finish();
  return "PingCollect\n" + (status.ok() ? line(reply) : line(status));
}

std::string pingChat(pinger::Pinger::Stub& stub, std::initializer_list<const char*> texts, int count) {
  grpc::ClientContext context;
  prepare(context);
  const auto stream = stub.PingChat(&context);
  std::string lines = "PingChat\n";
  pinger::PingReply reply;
  for (const char* text : texts) {
    stream->Write(request(text, count));
    for (int i = 0; i < count && stream->Read(&reply); ++i) lines += line(reply);
  }
  stream->WritesDone();
  while (stream->Read(&reply)) lines += line(reply);
  return lines + line(stream->Finish());
}

struct Recorded {
  std::string bytes;
  std::string transcript;
};

const Recorded& recorded() {
  static const Recorded kRecorded = [] {
    LivePinger live;
    ClientRecorder recorder("ping");
    Recorded made;
    made.transcript = runPingClient(recorder.channel(live.address()));
    made.bytes = recorder.bytes();
    return made;
  }();
  return kRecorded;
}

}  // namespace

std::string runPingClient(const std::shared_ptr<grpc::Channel>& channel) {
  const auto stub = pinger::Pinger::NewStub(channel);
  std::string lines;
  lines += ping(*stub, "hello");
  lines += ping(*stub, "again");
  lines += ping(*stub, "hello");  // equal to the first, and answered with another number
  lines += ping(*stub, "");
  lines += pingStream(*stub, "many", 5);
  lines += pingStream(*stub, "none", 0);
  lines += pingStream(*stub, "less", -1);
  lines += pingCollect(*stub, {"a", "b", "c"});
  lines += pingCollect(*stub, {});
  lines += pingChat(*stub, {"x", "y", "z"}, 2);
  lines += pingChat(*stub, {"x", "enough"}, 1);
  lines += pingChat(*stub, {}, 1);
  return lines;
}

const std::string& recordedPingClient() { return recorded().bytes; }
const std::string& livePingTranscript() { return recorded().transcript; }

}  // namespace retake::test
