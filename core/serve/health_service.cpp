#include <algorithm>

#include "base/wire.h"
#include "recording/status_code.h"
#include "serve/builtin_service.h"

// grpc.health.v1 (proto/grpc/health/v1/health.proto): what is served is SERVING for as long as the server
// runs.
namespace retake {
namespace {

constexpr std::uint64_t kServing = 1;
constexpr std::uint64_t kServiceUnknown = 3;

class HealthCall final : public BuiltinCall {
 public:
  HealthCall(std::shared_ptr<const ServedRecording> served, bool watches)
      : m_served(std::move(served)), m_watches(watches) {}

  BuiltinReply message(ByteView message) override {
    if (m_asked) return {};  // one more than these methods have
    m_asked = true;
    std::string service;
    WireCursor cursor(message);
    while (const auto field = cursor.next())
      if (field->number == 1 && field->type == WireType::Length) service = field->bytes;
    if (cursor.failed())
      return {.end = ServedStatus{
                  status_code::kInternal,
                  "retake: the HealthCheckRequest cannot be read: " + std::string(cursor.failure()),
                  {}}};
    const bool known = service.empty() || isServed(service);
    if (!known && !m_watches)
      return {.end = ServedStatus{
                  status_code::kNotFound,
                  "retake: no service \"" + service + "\" is recorded, and the schema has none of that name",
                  {}}};
    BuiltinReply reply;
    reply.message.emplace();
    appendVarintField(*reply.message, 1, known ? kServing : kServiceUnknown);
    if (!m_watches) reply.end.emplace();
    return reply;
  }

  BuiltinReply halfClosed() override {
    if (m_asked) return {};  // a watch ends with its client or with the server
    return {
        .end = ServedStatus{status_code::kInternal, "retake: expected a HealthCheckRequest, found none", {}}};
  }

 private:
  bool isServed(const std::string& service) const {
    const auto names = servicesOf(*m_served);
    return std::binary_search(names.begin(), names.end(), service);
  }

  const std::shared_ptr<const ServedRecording> m_served;
  const bool m_watches;
  bool m_asked = false;
};

template <bool watches>
std::unique_ptr<BuiltinCall> openHealth(std::shared_ptr<const ServedRecording> served) {
  return std::make_unique<HealthCall>(std::move(served), watches);
}

}  // namespace

extern const BuiltinMethod kHealthCheck;
extern const BuiltinMethod kHealthWatch;
const BuiltinMethod kHealthCheck = {"/grpc.health.v1.Health/Check", openHealth<false>};
const BuiltinMethod kHealthWatch = {"/grpc.health.v1.Health/Watch", openHealth<true>};

}  // namespace retake
