#include "upstreams.h"

#include <grpcpp/grpcpp.h>
#include <pinger.pb.h>

#include <QTemporaryDir>

#include "support/certificates.h"

namespace retake::test {
namespace {

// What is awaited comes at once, or never.
constexpr std::chrono::seconds kPatience(30);

std::shared_ptr<grpc::ServerCredentials> serverCredentials(bool mutual) {
  const Certificates& made = Certificates::get();
  grpc::SslServerCredentialsOptions options(mutual
                                                ? GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY
                                                : GRPC_SSL_DONT_REQUEST_CLIENT_CERTIFICATE);
  options.pem_key_cert_pairs.push_back({contentOf(made.serverKey), contentOf(made.server)});
  if (mutual) options.pem_root_certs = contentOf(made.ca);
  return grpc::SslServerCredentials(options);
}

std::string toString(const grpc::ByteBuffer& buffer) {
  std::vector<grpc::Slice> slices;
  std::string bytes;
  if (!buffer.Dump(&slices).ok()) return bytes;
  for (const grpc::Slice& slice : slices)
    bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  return bytes;
}

}  // namespace

void addTransports() {
  QTest::addColumn<QString>("transport");
  for (const char* transport : {"TCP", "Unix", "TLS", "mutual TLS"})
    QTest::addRow("%s", transport) << transport;
}

LiveUpstream::LiveUpstream(const QString& transport) {
  static const QTemporaryDir folder;
  const bool mutual = transport == "mutual TLS";
  if (transport == "Unix") {
    pinger = std::make_unique<LivePinger>("unix:" + folder.filePath("upstream.sock").toStdString());
  } else if (mutual || transport == "TLS") {
    pinger = std::make_unique<LivePinger>("127.0.0.1:0", serverCredentials(mutual));
    upstream.tls = {.enabled = true, .caFile = Certificates::get().ca};
    if (mutual) {
      upstream.tls.certFile = Certificates::get().client;
      upstream.tls.keyFile = Certificates::get().clientKey;
    }
  } else {
    pinger = std::make_unique<LivePinger>();
  }
  upstream.address = pinger->address();
}

struct SteppedCall::State {
  std::mutex mutex;
  std::condition_variable changed;
  std::optional<Metadata> headers;
  std::deque<std::optional<std::string>> reads;
  std::deque<bool> writes;
  std::optional<ForwardedCall::End> end;

  template <typename Ready>
  bool await(Ready ready) {
    std::unique_lock lock(mutex);
    return changed.wait_for(lock, kPatience, ready);
  }
  template <typename Change>
  void tell(Change change) {
    const std::lock_guard lock(mutex);
    change();
    changed.notify_all();
  }
};

SteppedCall::SteppedCall(const std::shared_ptr<grpc::Channel>& channel, ForwardedCall::Begin begin)
    : m_state(std::make_shared<State>()) {
  ForwardedCall::Events events;
  events.onHeaders = [state = m_state](Metadata headers) { state->tell([&] { state->headers = headers; }); };
  events.onRead = [state = m_state](grpc::ByteBuffer* message) {
    std::optional<std::string> bytes;
    if (message) bytes = toString(*message);
    state->tell([&] { state->reads.push_back(std::move(bytes)); });
  };
  events.onWritten = [state = m_state](bool ok) { state->tell([&] { state->writes.push_back(ok); }); };
  events.onEnd = [state = m_state](ForwardedCall::End end) { state->tell([&] { state->end = end; }); };
  m_call = ForwardedCall::start(channel, std::move(begin), std::move(events));
}

SteppedCall::~SteppedCall() {
  m_call->cancel();
  m_state->await([this] { return m_state->end.has_value(); });
}

std::optional<std::string> SteppedCall::read() {
  m_call->read();
  if (!m_state->await([this] { return !m_state->reads.empty() || m_state->end; })) return "TIMED OUT";
  const std::lock_guard lock(m_state->mutex);
  if (m_state->reads.empty()) return std::nullopt;
  auto message = std::move(m_state->reads.front());
  m_state->reads.pop_front();
  return message;
}

bool SteppedCall::write(const std::string& message) {
  const grpc::Slice slice(message);
  m_call->write(grpc::ByteBuffer(&slice, 1));
  if (!m_state->await([this] { return !m_state->writes.empty() || m_state->end; })) return false;
  const std::lock_guard lock(m_state->mutex);
  if (m_state->writes.empty()) return false;
  const bool ok = m_state->writes.front();
  m_state->writes.pop_front();
  return ok;
}

ForwardedCall::End SteppedCall::end() {
  while (read()) {
  }
  if (!m_state->await([this] { return m_state->end.has_value(); }))
    return {.code = -1, .message = "TIMED OUT"};
  const std::lock_guard lock(m_state->mutex);
  return *m_state->end;
}

std::optional<Metadata> SteppedCall::headers() const {
  const std::lock_guard lock(m_state->mutex);
  return m_state->headers;
}

std::string pingRequest(const std::string& text, int count) {
  pinger::PingRequest request;
  request.set_text(text);
  request.set_count(count);
  return request.SerializeAsString();
}

std::string textOf(const std::string& pingReply) {
  pinger::PingReply reply;
  return reply.ParseFromString(pingReply) ? reply.text() : "NO REPLY";
}

std::string valueOf(const Metadata& metadata, const std::string& key) {
  for (const MetadataEntry& entry : metadata)
    if (entry.key == key) return entry.value;
  return {};
}

}  // namespace retake::test
