#include "serve/forwarding.h"

#include <grpcpp/channel.h>

#include <algorithm>
#include <cstdio>
#include <random>

#include "serve/call_log.h"

namespace retake {
namespace {

constexpr std::int32_t kUnavailable = 14;

// As HTTP has "via", which is not taken: proxies on the way act upon it.
constexpr const char* kMarkKey = "retake-via";

// Another one for each target, in whichever process.
std::string newMark() {
  std::random_device random;
  char text[17];
  std::snprintf(text, sizeof text, "%08x%08x", random(), random());
  return text;
}

}  // namespace

Result<std::shared_ptr<const ForwardTarget>> openForwardTarget(const Upstream& upstream) {
  if (upstream.address.empty()) return std::shared_ptr<const ForwardTarget>();
  auto channel = openChannel(upstream);
  if (!channel) return channel.error();
  return std::make_shared<const ForwardTarget>(
      ForwardTarget{upstream.address, *std::move(channel), newMark()});
}

bool hasComeBack(const ForwardTarget& target, const Metadata& metadata) {
  return std::find(metadata.begin(), metadata.end(), MetadataEntry{kMarkKey, target.mark}) != metadata.end();
}

Bridge::Bridge(ClientCall& call, std::shared_ptr<const ForwardTarget> target, std::string why)
    : m_call(call), m_target(std::move(target)), m_why(std::move(why)) {}

void Bridge::begin() {
  m_call.log().setForwarded("forwarded to " + m_target->address + ": " + m_why);
  m_call.retain();  // until upstreamEnded()
  ForwardedCall::Events events;
  events.onHeaders = [this](const Metadata& metadata) {
    const auto lock = m_call.lock();
    m_call.setHeaders(metadata);
    m_call.sendHeaders();
  };
  events.onRead = [this](grpc::ByteBuffer* message) {
    if (!message) return;
    const auto lock = m_call.lock();
    m_call.write(*message);
  };
  events.onWritten = [this](bool ok) {
    const auto lock = m_call.lock();
    m_writing = false;
    if (!ok) return;
    if (m_halfClosed)
      m_upstream->halfClose();
    else
      m_call.read();
  };
  events.onEnd = [this](ForwardedCall::End end) { upstreamEnded(std::move(end)); };
  Metadata metadata = m_call.metadata();
  metadata.push_back({kMarkKey, m_target->mark});
  m_upstream = ForwardedCall::start(
      m_target->channel,
      {.method = m_call.method(), .metadata = std::move(metadata), .deadline = m_call.deadline()},
      std::move(events));
  m_upstream->read();
  if (m_first) {
    m_writing = true;
    m_upstream->write(*std::exchange(m_first, {}));
  } else if (m_halfClosed) {
    m_upstream->halfClose();
  } else {
    m_call.read();
  }
}

void Bridge::message(grpc::ByteBuffer& message) {
  m_writing = true;
  m_upstream->write(message);
}

void Bridge::halfClosed() {
  m_halfClosed = true;
  if (!m_writing) m_upstream->halfClose();
}

ReplayEvent::Outcome Bridge::abandoned(bool byClient) {
  m_upstream->cancel();
  return byClient ? ReplayEvent::Outcome::Forwarded : ReplayEvent::Outcome::Aborted;
}

void Bridge::upstreamEnded(ForwardedCall::End end) {
  {
    const auto lock = m_call.lock();
    m_over = true;
    ServedStatus status{end.code, std::move(end.message), std::move(end.details)};
    auto outcome = ReplayEvent::Outcome::Forwarded;
    if (!end.reached && end.code == kUnavailable) {
      status.message = "retake: the upstream " + m_target->address + " cannot be reached (" + status.message +
                       "), and nothing recorded answers: " + m_why;
      outcome = ReplayEvent::Outcome::Missed;
    }
    m_call.finish({std::move(status), outcome, std::move(end.trailers)});
    m_call.handlerOver();
  }
  m_call.release();
}

}  // namespace retake
