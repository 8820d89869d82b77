#pragma once

#include <grpcpp/channel.h>
#include <grpcpp/security/credentials.h>

#include <QTest>
#include <memory>
#include <string>

#include "client/recorded_client.h"
#include "core/replay/script.h"
#include "serve/replay_server.h"

// Rows of endpoints, and channels to a ReplayServer over them.
namespace retake::test {

inline const QString kInMemory = "in memory";
inline const QString kUnix = "Unix";
inline const QString kTls = "TLS";
inline const QString kMutualTlsUnix = "mutual TLS, Unix";

// A column "endpoint" with a row each: in memory, TCP by address, by name, and over IPv6, a Unix socket, TLS,
// and mutual TLS over a Unix socket.
void addEndpoints();
// In a folder that is gone with the program.
std::string socketPath(const char* name);
// Trusts the authority of support/certificates.h; `withCertificate` shows the client's certificate.
std::shared_ptr<grpc::ChannelCredentials> clientCredentials(bool withCertificate);
// A channel to an address that listen() gave, with a connection of its own.
std::shared_ptr<grpc::Channel> dial(std::string target,
                                    const std::shared_ptr<grpc::ChannelCredentials>& credentials);

// A channel to `server` over that endpoint, which is opened; null where it cannot be.
std::shared_ptr<grpc::Channel> channelOf(ReplayServer& server, const QString& endpoint);

// A server without a schema; null when it cannot start.
std::unique_ptr<ReplayServer> serve(std::shared_ptr<const Recording> recording, ReplayOptions options = {});

// A client's unary call, as play() takes it.
ClientScript unary(const std::string& request, const std::string& method = kMethod);

// One call: {1: "a"} is answered with {1: "answer"}.
std::shared_ptr<const Recording> simple();

}  // namespace retake::test

// Declares `channel` to `server` for the row's endpoint.
#define WITH_CHANNEL(server, channel)                                                      \
  QFETCH(QString, endpoint);                                                               \
  const auto channel = retake::test::channelOf(*server, endpoint);                         \
  if (!channel && endpoint.startsWith('[')) QSKIP("no IPv6 on this machine: row skipped"); \
  QVERIFY(channel)
