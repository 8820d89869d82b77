#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "recording/entry_extras.h"
#include "recording/recording.h"
#include "recording/status.h"

// Builds the bytes of a binary replay file in words. Calls give the 1-based place of their REQUEST or
// CREATE_STREAM; messages are payload bytes, wrapped in an Any of the given type.
namespace retake::test {

struct Message {
  std::string type;  // "pkg.Message"
  std::string bytes;
};

class ReplayFile {
 public:
  explicit ReplayFile(std::string initialState = {});

  // A whole unary call: REQUEST and RESPONSE, one after the other.
  std::uint32_t unary(std::string_view method, const Message& request, const Message& response);
  std::uint32_t unary(std::string_view method, const Message& request, const Status& status);
  // The parts, for calls that overlap and for streams.
  std::uint32_t request(std::string_view method, const Message& request);
  ReplayFile& response(std::uint32_t ref, const Message& response);
  ReplayFile& response(std::uint32_t ref, const Status& status);
  std::uint32_t createStream(std::string_view method);
  std::uint32_t createStream(std::string_view method, const Status& failure);
  ReplayFile& send(std::uint32_t ref, const Message& message);
  ReplayFile& sendFailed(std::uint32_t ref);  // io.EOF: is_error and no message
  ReplayFile& recv(std::uint32_t ref, const Message& message);
  ReplayFile& recv(std::uint32_t ref, const Status& status);
  ReplayFile& recvEnd(std::uint32_t ref);  // end of stream: is_error and no message
  // What the Go packages' files lack, said of the record that was added last: file.recv(…).at(5ms).
  ReplayFile& at(std::chrono::nanoseconds sinceBegin);  // counted from kBegin
  ReplayFile& requestMetadata(const Metadata& metadata);
  ReplayFile& timeout(std::chrono::nanoseconds timeout);
  ReplayFile& headers(const Metadata& headers);
  ReplayFile& trailers(const Metadata& trailers);
  ReplayFile& halfClosedBefore();
  ReplayFile& cancelledBy(EntryExtras::Canceller canceller);
  ReplayFile& extras(const EntryExtras& extras);  // in place of those said before

  static constexpr std::chrono::nanoseconds kBegin = std::chrono::seconds(1'700'000'000);

  // Any record at all.
  std::uint32_t record(std::string_view bytes);
  // Bytes without a length before them.
  ReplayFile& raw(std::string_view bytes);

  const std::string& bytes() const { return m_bytes; }
  std::shared_ptr<const Recording> recording() const;  // read back; aborts when that fails

 private:
  std::uint32_t add(EntryKind kind, std::string_view method, const std::optional<Message>& message,
                    bool isError, std::uint32_t ref);
  std::string m_bytes;
  std::uint32_t m_count = 0;
  std::size_t m_lastBegin = 0;  // of the last record, where its length stands
  std::string m_last;           // without m_extras
  EntryExtras m_extras;
};

inline std::string cut(std::string bytes, std::size_t count) {
  bytes.resize(bytes.size() - count);
  return bytes;
}

// A recording from bytes; aborts when they cannot be read at all.
std::shared_ptr<const Recording> readRecording(std::string bytes);

// Protobuf bytes for small messages: number and string, number and varint.
std::string field(std::uint32_t number, std::string_view value);
std::string field(std::uint32_t number, std::uint64_t value);

// Where the recordings lie that nobody here wrote (RETAKE_RECORDINGS, else ../shared/recordings beside
// the checkout); empty when there are none. A test that skips for want of them says so.
std::string recordingsFolder();

}  // namespace retake::test
