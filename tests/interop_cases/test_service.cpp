#include "interop_cases/test_service.h"

#include <grpc/testing/test.grpc.pb.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>

namespace retake::test {
namespace {

using namespace grpc::testing;
using Duplex = grpc::ServerReaderWriter<StreamingOutputCallResponse, StreamingOutputCallRequest>;

// What is awaited comes soon, or never.
constexpr std::chrono::seconds kPatience(30);

void fill(Payload& payload, int size) { payload.set_body(std::string(static_cast<std::size_t>(size), '\0')); }

}  // namespace

class LiveTestService::Service final : public TestService::Service {
 public:
  std::atomic<int> begun = 0;
  std::atomic<int> read = 0;
  std::atomic<int> written = 0;

  void stop() {
    const std::lock_guard lock(m_mutex);
    m_stopping = true;
    m_changed.notify_all();
  }

 private:
  // A call from its beginning to its end: what its metadata asks for.
  class Attended {
   public:
    Attended(Service& service, grpc::ServerContext& context) : m_service(service), m_context(context) {
      ++service.begun;
      for (const auto& [name, value] : context.client_metadata()) {
        const std::string key(name.data(), name.size());
        const std::string text(value.data(), value.size());
        if (key == kEchoInitial || key.starts_with(kHeaderPrefix)) context.AddInitialMetadata(key, text);
        if (key == kEchoTrailing || key.starts_with(kTrailerPrefix)) context.AddTrailingMetadata(key, text);
        m_asked.emplace(key, text);
      }
      if (const int bytes = number(kTrailerBytes); bytes > 0)
        context.AddTrailingMetadata("t-large", std::string(static_cast<std::size_t>(bytes), 'l'));
      if (asks(kTellDeadline)) context.AddTrailingMetadata("t-deadline-ms", deadline());
    }
    ~Attended() {
      if (const auto name = asks(kName)) m_service.ended(*name, m_context.IsCancelled());
    }
    std::optional<std::string> asks(const char* key) const {
      const auto found = m_asked.find(key);
      return found == m_asked.end() ? std::nullopt : std::optional(found->second);
    }
    int number(const char* key) const {
      const auto text = asks(key);
      return text ? std::stoi(*text) : 0;
    }
    grpc::Status status(const EchoStatus& asked) const {
      return {static_cast<grpc::StatusCode>(asked.code()), asked.message(), asks(kDetails).value_or("")};
    }

   private:
    std::string deadline() const {
      const auto at = m_context.deadline();
      if (at == std::chrono::system_clock::time_point::max()) return "none";
      const auto left = at - std::chrono::system_clock::now();
      return std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(left).count());
    }

    Service& m_service;
    grpc::ServerContext& m_context;
    std::multimap<std::string, std::string> m_asked;
  };

  grpc::Status EmptyCall(grpc::ServerContext* context, const Empty*, Empty*) override {
    const Attended attended(*this, *context);
    if (const auto name = attended.asks(kLetGo)) {
      const std::lock_guard lock(m_mutex);
      m_letGo[*name] = true;
      m_changed.notify_all();
    }
    if (const auto name = attended.asks(kHowEnded)) {
      std::unique_lock lock(m_mutex);
      const bool known =
          m_changed.wait_for(lock, kPatience, [&] { return m_stopping || m_ends.contains(*name); });
      const bool ended = known && m_ends.contains(*name);
      context->AddTrailingMetadata("t-ended", ended ? m_ends[*name] : "not at all");
    }
    return grpc::Status::OK;
  }

  grpc::Status UnaryCall(grpc::ServerContext* context, const SimpleRequest* request,
                         SimpleResponse* response) override {
    const Attended attended(*this, *context);
    if (request->response_compressed().value()) context->set_compression_algorithm(GRPC_COMPRESS_GZIP);
    if (request->has_response_status()) return attended.status(request->response_status());
    fill(*response->mutable_payload(), request->response_size());
    return grpc::Status::OK;
  }

  grpc::Status StreamingOutputCall(grpc::ServerContext* context, const StreamingOutputCallRequest* request,
                                   grpc::ServerWriter<StreamingOutputCallResponse>* writer) override {
    const Attended attended(*this, *context);
    if (attended.asks(kHeadersFirst)) writer->SendInitialMetadata();
    answer(*context, *request, *writer);
    if (request->has_response_status()) return attended.status(request->response_status());
    return grpc::Status::OK;
  }

  grpc::Status StreamingInputCall(grpc::ServerContext* context,
                                  grpc::ServerReader<StreamingInputCallRequest>* reader,
                                  StreamingInputCallResponse* response) override {
    const Attended attended(*this, *context);
    if (attended.asks(kHeadersFirst)) reader->SendInitialMetadata();
    if (attended.asks(kHold)) {
      const std::string name = attended.asks(kName).value_or("");
      std::unique_lock lock(m_mutex);
      m_changed.wait_for(lock, kPatience, [&] { return m_stopping || m_letGo[name]; });
    }
    std::size_t total = 0;
    StreamingInputCallRequest request;
    while (reader->Read(&request)) {
      ++read;
      total += request.payload().body().size();
    }
    response->set_aggregated_payload_size(static_cast<int>(total));
    return grpc::Status::OK;
  }

  grpc::Status FullDuplexCall(grpc::ServerContext* context, Duplex* stream) override {
    const Attended attended(*this, *context);
    if (attended.asks(kHeadersFirst)) stream->SendInitialMetadata();
    say(*stream, attended.number(kFirst));
    StreamingOutputCallRequest request;
    while (stream->Read(&request)) {
      ++read;
      answer(*context, request, *stream);
      if (request.has_response_status()) return attended.status(request.response_status());
    }
    say(*stream, attended.number(kLast));
    return grpc::Status::OK;
  }

  grpc::Status HalfDuplexCall(grpc::ServerContext* context, Duplex* stream) override {
    const Attended attended(*this, *context);
    std::vector<StreamingOutputCallRequest> requests;
    for (StreamingOutputCallRequest request; stream->Read(&request);) requests.push_back(request);
    for (const StreamingOutputCallRequest& request : requests) answer(*context, request, *stream);
    return grpc::Status::OK;
  }

  // Messages of one byte, two bytes and so on.
  void say(Duplex& stream, int count) {
    StreamingOutputCallResponse response;
    for (int i = 1; i <= count; ++i) {
      fill(*response.mutable_payload(), i);
      if (stream.Write(response)) ++written;
    }
  }

  template <typename Writer>
  void answer(grpc::ServerContext& context, const StreamingOutputCallRequest& request, Writer& writer) {
    auto due = std::chrono::steady_clock::now();
    StreamingOutputCallResponse response;
    for (const ResponseParameters& asked : request.response_parameters()) {
      if (context.IsCancelled()) return;
      due += std::chrono::microseconds(asked.interval_us());
      if (asked.interval_us() > 0) {
        std::unique_lock lock(m_mutex);
        m_changed.wait_until(lock, due, [this] { return m_stopping; });
      }
      fill(*response.mutable_payload(), asked.size());
      if (!writer.Write(response)) return;
      ++written;
    }
  }

  void ended(const std::string& name, bool cancelled) {
    const std::lock_guard lock(m_mutex);
    m_ends[name] = cancelled ? "cancelled" : "done";
    m_changed.notify_all();
  }

  std::mutex m_mutex;
  std::condition_variable m_changed;
  std::map<std::string, bool> m_letGo;
  std::map<std::string, std::string> m_ends;
  bool m_stopping = false;
};

LiveTestService::LiveTestService(const std::string& address,
                                 const std::shared_ptr<grpc::ServerCredentials>& credentials)
    : m_service(std::make_unique<Service>()), m_address(address) {
  int port = 0;
  grpc::ServerBuilder builder;
  builder.AddListeningPort(address, credentials, &port);
  builder.RegisterService(m_service.get());
  builder.SetMaxReceiveMessageSize(-1);
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  m_server = builder.BuildAndStart();
  if (m_address.ends_with(":0")) m_address.replace(m_address.size() - 1, 1, std::to_string(port));
}

LiveTestService::~LiveTestService() {
  m_service->stop();
  m_server->Shutdown(std::chrono::system_clock::now());
}

int LiveTestService::callsBegun() const { return m_service->begun; }
int LiveTestService::messagesRead() const { return m_service->read; }
int LiveTestService::messagesWritten() const { return m_service->written; }

}  // namespace retake::test
