#include "serve/replay_server.h"

#include <grpcpp/channel.h>
#include <grpcpp/create_channel.h>

#include <mutex>

#include "client/grpc_lifetime.h"
#include "format/format.h"
#include "serve/change_text.h"
#include "serve/forward_target.h"
#include "serve/in_memory_endpoint.h"
#include "serve/serving.h"

namespace retake {
namespace {

// What a client that reads needs to take the end of its call, and more. In memory, nothing goes out to one
// that does not.
constexpr std::chrono::milliseconds kEndBound(500);
constexpr std::chrono::seconds kCutOffBound(2);

void logEdit(Serving& serving, std::string text) {
  ReplayEvent event;
  event.kind = ReplayEvent::Kind::Edited;
  event.time = std::chrono::system_clock::now();
  event.text = std::move(text) + "; counts from the next call on";
  serving.log(event);
}

}  // namespace

struct ReplayServer::State {
  std::shared_ptr<Serving> serving;
  std::mutex stopping;       // so that one stop() waits for another
  mutable std::mutex mutex;  // of what follows
  std::unique_ptr<InMemoryEndpoint> inMemory;
  std::vector<std::unique_ptr<Endpoint>> endpoints;
  bool stopped = false;
};

ReplayServer::ReplayServer() : m_state(std::make_unique<State>()) {}
ReplayServer::~ReplayServer() { stop(); }

Result<std::unique_ptr<ReplayServer>> ReplayServer::open(const std::string& path, ReplayOptions options,
                                                         std::shared_ptr<const Schema> schema) {
  auto opened = openRecording(path);
  if (!opened) return opened.error();
  return start(std::move(opened->recording), std::move(schema), std::move(options));
}

Result<std::unique_ptr<ReplayServer>> ReplayServer::start(std::shared_ptr<const Recording> recording,
                                                          std::shared_ptr<const Schema> schema,
                                                          ReplayOptions options) {
  auto replayer = Replayer::create(std::move(recording), std::move(schema), options.policy);
  if (!replayer) return replayer.error();
  if (options.beforeMatch) (*replayer)->useBeforeMatch(std::move(options.beforeMatch));
  if (options.rules)
    if (auto set = (*replayer)->setRules(std::move(options.rules)); !set) return set.error();
  keepGrpc();
  std::unique_ptr<ReplayServer> server(new ReplayServer);
  server->m_state->serving = std::make_shared<Serving>(*std::move(replayer), std::move(options.log));
  if (auto set = server->setUpstream(options.upstream); !set) return set.error();
  server->setRecorder(std::move(options.recorder));
  return server;
}

std::shared_ptr<grpc::Channel> ReplayServer::channel() {
  const std::lock_guard lock(m_state->mutex);
  if (!m_state->inMemory) m_state->inMemory = std::make_unique<InMemoryEndpoint>(m_state->serving);
  if (auto channel = m_state->inMemory->channel()) return channel;
  // All of its calls fail, with a status, where gRPC cannot start a server at all.
  return grpc::CreateChannel("unix:/nonexistent/retake", grpc::InsecureChannelCredentials());
}

Result<std::string> ReplayServer::listen(std::string_view address, const ServerTls& tls) {
  const std::lock_guard lock(m_state->mutex);
  if (m_state->stopped)
    return Error{"cannot listen on " + std::string(address) + ": the stand-in has been stopped"};
  auto endpoint = openEndpoint(address, tls, m_state->serving);
  if (!endpoint) return endpoint.error();
  m_state->endpoints.push_back(*std::move(endpoint));
  return m_state->endpoints.back()->address();
}

std::vector<std::string> ReplayServer::addresses() const {
  const std::lock_guard lock(m_state->mutex);
  std::vector<std::string> addresses;
  for (const auto& endpoint : m_state->endpoints) addresses.push_back(endpoint->address());
  return addresses;
}

std::vector<std::string> ReplayServer::warnings() const {
  const std::lock_guard lock(m_state->mutex);
  std::vector<std::string> warnings;
  for (const auto& endpoint : m_state->endpoints)
    if (auto warning = endpoint->warning(); !warning.empty()) warnings.push_back(std::move(warning));
  return warnings;
}

Result<void> ReplayServer::replace(std::shared_ptr<const Recording> recording,
                                   std::shared_ptr<const Schema> schema) {
  Serving& serving = *m_state->serving;
  const bool otherSchema = serving.replayer().served()->schema != schema;
  auto changed = serving.replayer().replace(recording, std::move(schema));
  if (!changed) return changed.error();
  if (serving.hasLog() && (!changed->empty() || otherSchema))
    logEdit(serving,
            changed->empty() ? "schema changed" : "recording edited: " + changeText(*recording, *changed));
  return {};
}

Result<void> ReplayServer::setPolicy(const ReplayPolicy& policy) {
  Serving& serving = *m_state->serving;
  const ReplayPolicy before = serving.replayer().served()->policy;
  if (auto set = serving.replayer().setPolicy(policy); !set) return set.error();
  if (const std::string text = changeText(before, policy); serving.hasLog() && !text.empty())
    logEdit(serving, "policy changed: " + text);
  return {};
}

Result<void> ReplayServer::setRules(std::shared_ptr<const Scrubber> rules) {
  Serving& serving = *m_state->serving;
  const std::string text = rules ? "scrub rules are on" : "scrub rules are off";
  if (auto set = serving.replayer().setRules(std::move(rules)); !set) return set.error();
  if (serving.hasLog()) logEdit(serving, text);
  return {};
}

Result<void> ReplayServer::setUpstream(const Upstream& upstream) {
  auto target = openUpstream(upstream);
  if (!target) return target.error();
  m_state->serving->setUpstream(*std::move(target));
  return {};
}

void ReplayServer::setRecorder(std::shared_ptr<Recorder> recorder) {
  m_state->serving->setRecorder(std::move(recorder));
}

Result<std::string> ReplayServer::initialState() const {
  const auto state = m_state->serving->replayer().served()->recording->initialState();
  if (!state) return state.error();
  return std::string(state->view);
}

AnswerGate& ReplayServer::gate() { return m_state->serving->replayer().gate(); }
void ReplayServer::resetUsed() { m_state->serving->replayer().resetUsed(); }
ReplayReport ReplayServer::report() const { return m_state->serving->report(); }
std::uint32_t ReplayServer::callsUnderWay() const { return m_state->serving->callsUnderWay(); }

void ReplayServer::stop(std::chrono::milliseconds grace) {
  const std::lock_guard once(m_state->stopping);
  {
    const std::lock_guard lock(m_state->mutex);
    if (m_state->stopped) return;
    m_state->stopped = true;
  }
  Serving& serving = *m_state->serving;
  serving.close();
  serving.builtinCalls().endAll();
  gate().setPaused(false);  // nobody will step any more
  if (!serving.waitUntilIdle(grace)) {
    serving.terminateAll();
    if (!serving.waitUntilIdle(kEndBound)) {
      serving.cutOffAll();
      serving.waitUntilIdle(kCutOffBound);
    }
  }
  std::vector<std::unique_ptr<Endpoint>> closing;
  {
    const std::lock_guard lock(m_state->mutex);
    closing.swap(m_state->endpoints);
  }
  closing.clear();
  serving.stopExplaining();
  serving.closeLog();
}

}  // namespace retake
