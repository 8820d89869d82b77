#include "served.h"

#include <grpcpp/grpcpp.h>

#include "support/replay_file.h"

namespace retake::test {

void addEndpoints() {
  QTest::addColumn<QString>("endpoint");
  QTest::addRow("in memory") << kInMemory;
  QTest::addRow("TCP") << "127.0.0.1:0";
  QTest::addRow("TCP by name") << "localhost:0";
  QTest::addRow("TCP, IPv6") << "[::1]:0";
}

std::shared_ptr<grpc::Channel> channelOf(ReplayServer& server, const QString& endpoint) {
  if (endpoint == kInMemory) return server.channel();
  const auto address = server.listen(endpoint.toStdString());
  if (!address) return nullptr;
  std::string target = *address;
  // Debian's c-ares loses ten bytes with each name that a client resolves, which LeakSanitizer sees.
  if (target.starts_with("localhost:")) target.replace(0, 9, "127.0.0.1");
  // A subchannel of its own: gRPC shares connections to one address, also with those of a test before.
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetMaxReceiveMessageSize(-1);
  return grpc::CreateCustomChannel(target, grpc::InsecureChannelCredentials(), arguments);
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
