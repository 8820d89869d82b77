#include "interop_ways.h"

#include "format/format.h"
#include "interop_cases/test_service.h"
#include "record/recorder.h"
#include "replay/record_mode.h"
#include "served.h"
#include "support/client_recorder.h"
#include "support/replay_file.h"

namespace retake::test {
namespace {

class Live final : public Way {
 public:
  std::shared_ptr<grpc::Channel> channel() override {
    return dial(m_live.address(), grpc::InsecureChannelCredentials());
  }

 private:
  LiveTestService m_live;
};

// Through a server that has nothing recorded, and passes each call on.
class Forwarded final : public Way {
 public:
  explicit Forwarded(QString endpoint)
      : m_endpoint(std::move(endpoint)),
        m_server(serve(ReplayFile().recording(), {.policy = {.extra = ExtraCalls::Forward},
                                                  .upstream = {.address = m_live.address()}})) {}
  std::shared_ptr<grpc::Channel> channel() override { return channelOf(*m_server, m_endpoint); }
  std::string after(const InteropCase&) override {
    m_server->stop();  // waits for calls that are under way
    const ReplayReport report = m_server->report();
    if (report.served + report.missed + report.aborted == 0) return {};
    return std::to_string(report.served) + " served, " + std::to_string(report.missed) + " missed, " +
           std::to_string(report.aborted) + " aborted";
  }

 private:
  const QString m_endpoint;
  const LiveTestService m_live;
  const std::unique_ptr<ReplayServer> m_server;
};

// What a recorder in the client wrote while the service was there, which is gone.
class Replayed final : public Way {
 public:
  std::string before(const InteropCase& theCase) override {
    ClientRecorder recorder("");
    {
      const LiveTestService live;
      if (const std::string why = theCase.run(recorder.channel(live.address())); !why.empty())
        return "while it was recorded: " + why;
    }
    m_server = serve(readRecording(recorder.bytes()));
    return {};
  }
  std::shared_ptr<grpc::Channel> channel() override { return channelOf(*m_server, "127.0.0.1:0"); }
  std::string after(const InteropCase& theCase) override {
    m_server->stop();
    if (theCase.mayNotArrive) return {};
    const ReplayReport report = m_server->report();
    if (report.missed + report.neverAskedFor.size() == 0) return {};
    return std::to_string(report.missed) + " missed, " + std::to_string(report.neverAskedFor.size()) +
           " never asked for";
  }

 private:
  std::unique_ptr<ReplayServer> m_server;
};

// A service, and a proxy before it that records every call into a file.
class Proxied {
 public:
  explicit Proxied(const std::string& path) {
    auto recorder = Recorder::create(path);
    if (!recorder) return;
    m_recorder = *std::move(recorder);
    m_server = serve(ReplayFile().recording(), {.policy = inMode({}, RecordMode::All),
                                                .upstream = {.address = m_live.address()},
                                                .recorder = m_recorder});
  }
  ReplayServer& server() { return *m_server; }
  bool hasCall() const {
    const RecorderCounts counts = m_recorder->counts();
    return counts.entries > 0 || counts.open > 0;
  }
  // Ends the recording. What of it is not as it has to be.
  std::string end() {
    m_server->stop();  // waits for calls that are under way
    const ReplayReport report = m_server->report();
    if (const auto closed = m_recorder->close(); !closed) return closed.error().message;
    if (report.served + report.missed + report.aborted == 0) return {};
    return told(report);
  }
  static std::string told(const ReplayReport& report) {
    return std::to_string(report.served) + " served, " + std::to_string(report.missed) + " missed, " +
           std::to_string(report.aborted) + " aborted, " + std::to_string(report.neverAskedFor.size()) +
           " never asked for";
  }

 private:
  const LiveTestService m_live;
  std::shared_ptr<Recorder> m_recorder;
  std::unique_ptr<ReplayServer> m_server;
};

class ThroughProxy final : public Way {
 public:
  explicit ThroughProxy(QString endpoint)
      : m_endpoint(std::move(endpoint)), m_proxied(socketPath("proxied.replay")) {}
  std::shared_ptr<grpc::Channel> channel() override { return channelOf(m_proxied.server(), m_endpoint); }
  std::string after(const InteropCase&) override { return m_proxied.end(); }

 private:
  const QString m_endpoint;
  Proxied m_proxied;
};

// How often a case is tried whose call may not arrive, until one has.
constexpr int kMostTries = 1000;

// What the proxy wrote while the service was there, which is gone.
class ReplayedFromProxy final : public Way {
 public:
  explicit ReplayedFromProxy(QString endpoint) : m_endpoint(std::move(endpoint)) {}
  std::string before(const InteropCase& theCase) override {
    const std::string path = socketPath("recorded.replay");
    Proxied proxied(path);
    const auto channel = channelOf(proxied.server(), m_endpoint);
    if (!channel) return "the proxy cannot listen";
    std::string why;
    for (int tries = 0; tries < kMostTries; ++tries) {
      why = theCase.run(channel);
      if (!why.empty() || !theCase.mayNotArrive || proxied.hasCall()) break;
    }
    if (why.empty()) why = proxied.end();
    if (!why.empty()) return "while it was recorded: " + why;
    const auto opened = openRecording(path);
    if (!opened) return opened.error().message;
    m_server = serve(opened->recording);
    return {};
  }
  std::shared_ptr<grpc::Channel> channel() override { return channelOf(*m_server, m_endpoint); }
  std::string after(const InteropCase& theCase) override {
    m_server->stop();
    if (theCase.mayNotArrive) return {};
    const ReplayReport report = m_server->report();
    return report.missed + report.neverAskedFor.size() == 0 ? std::string() : Proxied::told(report);
  }

 private:
  const QString m_endpoint;
  std::unique_ptr<ReplayServer> m_server;
};

template <typename Made, typename... Arguments>
std::function<std::unique_ptr<Way>()> make(Arguments... arguments) {
  return [=] { return std::make_unique<Made>(arguments...); };
}

}  // namespace

const std::vector<NamedWay>& interopWays() {
  static const std::vector<NamedWay> ways = {
      {"live", make<Live>()},
      {"forwarded, in memory", make<Forwarded>(kInMemory)},
      {"forwarded, TCP", make<Forwarded>(QString("127.0.0.1:0"))},
      {"forwarded, Unix", make<Forwarded>(kUnix)},
      {"forwarded, TLS", make<Forwarded>(kTls)},
      {"through the proxy, in memory", make<ThroughProxy>(kInMemory)},
      {"through the proxy, TCP", make<ThroughProxy>(QString("127.0.0.1:0"))},
      {"through the proxy, Unix", make<ThroughProxy>(kUnix)},
      {"through the proxy, TLS", make<ThroughProxy>(kTls)},
      {"replayed from the proxy, in memory", make<ReplayedFromProxy>(kInMemory)},
      {"replayed from the proxy, TCP", make<ReplayedFromProxy>(QString("127.0.0.1:0"))},
      {"replayed from the proxy, Unix", make<ReplayedFromProxy>(kUnix)},
      {"replayed from a client's recording", make<Replayed>(), false},
  };
  return ways;
}

}  // namespace retake::test
