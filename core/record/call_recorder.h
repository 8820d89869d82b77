#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "recording/calls.h"
#include "recording/entry.h"
#include "recording/entry_extras.h"
#include "recording/metadata.h"
#include "recording/status.h"

namespace google::protobuf {
class MethodDescriptor;
}

namespace retake {

class RecorderState;

// What is known of a call when it begins.
struct CallBegin {
  std::string method;                     // "/pkg.Service/Method"
  std::optional<CallKind> kind = {};      // empty: the recorder's schema tells; else it is inferred
  std::optional<Metadata> metadata = {};  // the client's; what belongs to a hop is left out here
  std::optional<std::chrono::nanoseconds> timeout = {};
  // Client and service are other processes, which this one outlives: its first message and its end may wait,
  // too, to be written with what comes next. Its end until endTold(), or some milliseconds.
  bool isProxied = false;
};

// Records one call. It is told of each thing when it has happened; of the client's messages before they go to
// the service, of the service's before they go to the client. All functions may be called from any thread,
// and take as long as the disk does. What comes behind the end is not recorded.
//
// Where nothing tells whether the call is unary, it is held back until it shows: one message and then one
// answer or an error is what a unary call looks like. Anything else is a stream, and so is what has not shown
// within half a second, unless other calls of the method have been unary: then it is waited for. A client
// cannot tell a unary call from such a stream, and all of a method are one or the other.
class CallRecorder {
 public:
  static std::shared_ptr<CallRecorder> begin(const std::shared_ptr<RecorderState>& recorder, CallBegin begin);
  CallRecorder(std::shared_ptr<RecorderState> recorder, CallBegin begin);  // for begin()
  ~CallRecorder();  // not ended: the client has let go of it
  CallRecorder(const CallRecorder&) = delete;
  CallRecorder& operator=(const CallRecorder&) = delete;

  // An Error is the hook's: the call has to fail with it, and is recorded no further but for its end. Types
  // are names, "pkg.Message"; empty: the schema tells.
  Result<void> sent(ByteView message, std::string_view typeName = {});
  Result<void> received(ByteView message, std::string_view typeName = {});
  // As Go's Send that fails, and nobody knows yet why.
  void sendFailed();
  void halfClosed();
  void headers(const Metadata& headers);
  void ended(const Status& status, const Metadata& trailers = {},
             EntryExtras::Canceller canceller = EntryExtras::Canceller::Nobody);
  // Of a proxied call, behind ended(), when the client has been told: what waits is written now.
  void endTold();

  // For the recorder. It is closing.
  void recordingEnded();
  // A call that began before that is a stream, if it has not shown what it is.
  void decide(std::chrono::steady_clock::time_point begunBefore);

 private:
  enum class Shape : std::uint8_t { Undecided, Unary, Stream, Over };
  // An entry, but for its kind and its place.
  struct Draft {
    std::optional<EntryMessage> message = {};
    bool isError = false;
    EntryExtras extras = {};
  };

  Result<Draft> draft(bool isRequest, ByteView message, std::string_view typeName);
  Draft statusDraft(const Status& status) const;
  Metadata metadataToWrite(const Metadata& metadata, bool isRequest, bool isTrailers,
                           EntryExtras& extras) const;
  void becomeUnary();
  void becomeStream();
  void writeBegin(EntryKind kind, Draft&& draft);
  void writeRecv(Draft&& draft, bool endsCall = false);
  void write(EntryKind kind, Draft&& draft, bool endsCall = false);
  // What is said of the end of a call, in that order.
  void end(const Status& status, const Metadata& trailers, EntryExtras::Canceller canceller);
  void over();
  void tellStream(const std::string& what);

  const std::shared_ptr<RecorderState> m_recorder;
  const google::protobuf::MethodDescriptor* const m_known;  // null: not by the schema
  const CallBegin m_begin;
  const std::int64_t m_beganNanos;
  const std::chrono::steady_clock::time_point m_began;

  std::mutex m_mutex;
  Shape m_shape = Shape::Undecided;
  std::uint32_t m_first = 0;  // where its REQUEST or CREATE_STREAM stands, from 1; 0: nowhere yet
  std::uint32_t m_sent = 0;   // messages
  std::uint32_t m_received = 0;
  std::optional<Draft> m_request;  // held back while the shape is not known
  std::optional<Draft> m_reply;    // likewise; of a unary call and of a client stream until the end
  std::optional<Metadata> m_headers;
  bool m_halfClosed = false;
  bool m_halfCloseTold = false;
};

}  // namespace retake
