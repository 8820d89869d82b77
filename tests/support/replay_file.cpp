#include "support/replay_file.h"

#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "base/wire.h"
#include "format/replay_binary.h"

namespace retake::test {
namespace {

void appendRecord(std::string& out, std::string_view bytes) {
  const auto length = static_cast<std::uint32_t>(bytes.size());
  for (int i = 0; i < 4; ++i) out.push_back(static_cast<char>(length >> (8 * i)));
  out.append(bytes);
}

Message statusMessage(const Status& status) { return {std::string(kStatusType), serializeStatus(status)}; }

}  // namespace

ReplayFile::ReplayFile(std::string initialState) : m_bytes("RPCReplay") {
  appendRecord(m_bytes, initialState);
}

std::uint32_t ReplayFile::add(EntryKind kind, std::string_view method, const std::optional<Message>& message,
                              bool isError, std::uint32_t ref) {
  std::optional<EntryMessage> wrapped;
  if (message) wrapped = EntryMessage{std::string(kTypeUrlPrefix) + message->type, message->bytes};
  return record(serializeEntry(kind, method, wrapped, isError, ref));
}

std::uint32_t ReplayFile::record(std::string_view bytes) {
  m_lastBegin = m_bytes.size();
  m_last = bytes;
  m_extras = {};
  appendRecord(m_bytes, bytes);
  return ++m_count;
}

ReplayFile& ReplayFile::extras(const EntryExtras& extras) {
  m_extras = extras;
  m_bytes.resize(m_lastBegin);
  appendRecord(m_bytes, m_last + serializeExtras(m_extras));
  return *this;
}

ReplayFile& ReplayFile::at(std::chrono::nanoseconds sinceBegin) {
  m_extras.timeNanos = (kBegin + sinceBegin).count();
  return extras(m_extras);
}

ReplayFile& ReplayFile::requestMetadata(const Metadata& metadata) {
  m_extras.requestMetadata = metadata;
  return extras(m_extras);
}

ReplayFile& ReplayFile::timeout(std::chrono::nanoseconds timeout) {
  m_extras.timeoutNanos = timeout.count();
  return extras(m_extras);
}

ReplayFile& ReplayFile::headers(const Metadata& headers) {
  m_extras.headers = headers;
  return extras(m_extras);
}

ReplayFile& ReplayFile::trailers(const Metadata& trailers) {
  m_extras.trailers = trailers;
  return extras(m_extras);
}

ReplayFile& ReplayFile::halfClosedBefore() {
  m_extras.halfClosedBefore = true;
  return extras(m_extras);
}

ReplayFile& ReplayFile::cancelledBy(EntryExtras::Canceller canceller) {
  m_extras.canceller = canceller;
  return extras(m_extras);
}

ReplayFile& ReplayFile::raw(std::string_view bytes) {
  m_bytes.append(bytes);
  return *this;
}

std::uint32_t ReplayFile::unary(std::string_view method, const Message& request, const Message& response) {
  const std::uint32_t ref = this->request(method, request);
  this->response(ref, response);
  return ref;
}

std::uint32_t ReplayFile::unary(std::string_view method, const Message& request, const Status& status) {
  const std::uint32_t ref = this->request(method, request);
  response(ref, status);
  return ref;
}

std::uint32_t ReplayFile::request(std::string_view method, const Message& request) {
  return add(EntryKind::Request, method, request, false, 0);
}

ReplayFile& ReplayFile::response(std::uint32_t ref, const Message& response) {
  add(EntryKind::Response, {}, response, false, ref);
  return *this;
}

ReplayFile& ReplayFile::response(std::uint32_t ref, const Status& status) {
  add(EntryKind::Response, {}, statusMessage(status), true, ref);
  return *this;
}

std::uint32_t ReplayFile::createStream(std::string_view method) {
  return add(EntryKind::CreateStream, method, std::nullopt, false, 0);
}

std::uint32_t ReplayFile::createStream(std::string_view method, const Status& failure) {
  return add(EntryKind::CreateStream, method, statusMessage(failure), true, 0);
}

ReplayFile& ReplayFile::send(std::uint32_t ref, const Message& message) {
  add(EntryKind::Send, {}, message, false, ref);
  return *this;
}

ReplayFile& ReplayFile::sendFailed(std::uint32_t ref) {
  add(EntryKind::Send, {}, std::nullopt, true, ref);
  return *this;
}

ReplayFile& ReplayFile::recv(std::uint32_t ref, const Message& message) {
  add(EntryKind::Recv, {}, message, false, ref);
  return *this;
}

ReplayFile& ReplayFile::recv(std::uint32_t ref, const Status& status) {
  add(EntryKind::Recv, {}, statusMessage(status), true, ref);
  return *this;
}

ReplayFile& ReplayFile::recvEnd(std::uint32_t ref) {
  add(EntryKind::Recv, {}, std::nullopt, true, ref);
  return *this;
}

std::shared_ptr<const Recording> ReplayFile::recording() const { return readRecording(m_bytes); }

std::shared_ptr<const Recording> readRecording(std::string bytes) {
  auto recording = replayBinaryFormat().read(sourceFromBytes(std::move(bytes), "test.replay"), {});
  if (!recording) {
    std::fprintf(stderr, "readRecording: %s\n", recording.error().message.c_str());
    std::abort();
  }
  return std::make_shared<const Recording>(*std::move(recording));
}

std::string field(std::uint32_t number, std::string_view value) {
  std::string out;
  appendBytesField(out, number, value);
  return out;
}

std::string field(std::uint32_t number, std::uint64_t value) {
  std::string out;
  appendVarintField(out, number, value);
  return out;
}

std::string recordingsFolder() {
  const char* configured = std::getenv("RETAKE_RECORDINGS");
  const std::filesystem::path folder =
      configured && *configured ? configured
                                : std::filesystem::path(RETAKE_SOURCE_DIR) / ".." / "shared" / "recordings";
  std::error_code ignored;
  return std::filesystem::is_directory(folder, ignored)
             ? std::filesystem::weakly_canonical(folder, ignored).string()
             : std::string();
}

}  // namespace retake::test
