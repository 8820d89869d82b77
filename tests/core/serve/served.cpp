#include "served.h"

#include <grpcpp/grpcpp.h>

#include <QTemporaryDir>

#include "support/certificates.h"
#include "support/replay_file.h"

namespace retake::test {

void addEndpoints() {
  QTest::addColumn<QString>("endpoint");
  QTest::addRow("in memory") << kInMemory;
  QTest::addRow("TCP") << "127.0.0.1:0";
  QTest::addRow("TCP by name") << "localhost:0";
  QTest::addRow("TCP, IPv6") << "[::1]:0";
  QTest::addRow("Unix") << kUnix;
  QTest::addRow("TLS") << kTls;
  QTest::addRow("mutual TLS, Unix") << kMutualTlsUnix;
}

std::string socketPath(const char* name) {
  static const QTemporaryDir folder;
  return folder.filePath(name).toStdString();
}

std::shared_ptr<grpc::ChannelCredentials> clientCredentials(bool withCertificate) {
  const Certificates& made = Certificates::get();
  grpc::SslCredentialsOptions options;
  options.pem_root_certs = contentOf(made.ca);
  if (withCertificate) {
    options.pem_private_key = contentOf(made.clientKey);
    options.pem_cert_chain = contentOf(made.client);
  }
  return grpc::SslCredentials(options);
}

std::shared_ptr<grpc::Channel> dial(std::string target,
                                    const std::shared_ptr<grpc::ChannelCredentials>& credentials) {
  grpc::ChannelArguments arguments;
  // Debian's c-ares loses ten bytes with each name that a client resolves, which LeakSanitizer sees.
  if (target.starts_with("localhost:")) target.replace(0, 9, "127.0.0.1");
  // The name in the certificate: a path is none.
  if (target.starts_with("unix:")) arguments.SetSslTargetNameOverride("localhost");
  // A subchannel of its own: gRPC shares connections to one address, also with those of a test before.
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetMaxReceiveMessageSize(-1);
  return grpc::CreateCustomChannel(target, credentials, arguments);
}

std::shared_ptr<grpc::Channel> channelOf(ReplayServer& server, const QString& endpoint) {
  if (endpoint == kInMemory) return server.channel();
  const bool isTls = endpoint == kTls || endpoint == kMutualTlsUnix;
  std::string address = endpoint.toStdString();
  if (endpoint == kTls) address = "127.0.0.1:0";
  if (endpoint == kUnix || endpoint == kMutualTlsUnix) address = "unix:" + socketPath("served.sock");
  ServerTls tls;
  if (isTls) tls = {.certFile = Certificates::get().server, .keyFile = Certificates::get().serverKey};
  if (endpoint == kMutualTlsUnix) tls.clientCaFile = Certificates::get().ca;
  const auto listening = server.listen(address, tls);
  if (!listening) return nullptr;
  return dial(*listening,
              isTls ? clientCredentials(endpoint == kMutualTlsUnix) : grpc::InsecureChannelCredentials());
}

ClientScript unary(const std::string& request, const std::string& method) {
  return {
      .method = method, .isStream = false, .steps = {{.message = request}}, .end = {}, .endRecorded = true};
}

std::unique_ptr<ReplayServer> serve(std::shared_ptr<const Recording> recording, ReplayOptions options) {
  auto server = ReplayServer::start(std::move(recording), Schema::builtin(), std::move(options));
  return server ? *std::move(server) : nullptr;
}

std::shared_ptr<const Recording> simple() {
  ReplayFile file;
  file.unary(kMethod, {"t.M", field(1, "a")}, Message{"t.M", field(1, "answer")});
  return file.recording();
}

}  // namespace retake::test
