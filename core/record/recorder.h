#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/byte_sink.h"
#include "base/result.h"
#include "format/format.h"
#include "record/call_recorder.h"
#include "schema/schema.h"
#include "scrub/scrubber.h"

namespace grpc {
class Channel;
class ChannelArguments;
class ChannelCredentials;
class Server;
}  // namespace grpc

namespace retake {

// A message on its way into a recording. Good for as long as the hook runs.
struct MessageToWrite {
  std::string_view method;    // "/pkg.Service/Method"
  bool isRequest = true;      // the client's; else the service's
  std::uint32_t number = 1;   // of this call, in its direction, from 1
  std::string_view typeName;  // "pkg.Message"; empty: not known
  ByteView bytes;
};

// Gives what is written in place of it, as the BeforeFunc of the Go packages does, but for streams as well.
// What goes to the service and to the client is never altered. An Error fails the call with its sentence and
// UNKNOWN, as there, and the message is not written. Called by many threads at once; must not throw.
using BeforeWrite = std::function<Result<std::string>(const MessageToWrite& message)>;

struct RecorderOptions {
  std::string initialState = {};
  // Times, metadata, deadlines, half-closes (recording/entry_extras.h). Without them the file is as the Go
  // packages write it.
  bool extras = true;
  // Tells types and kinds by method, where the caller does not.
  std::shared_ptr<const Schema> schema = Schema::builtin();
  // Applied behind beforeWrite; null: none. A rule whose scope asks for what is not known yet when an entry
  // is written, as the status of a call that runs, applies.
  std::shared_ptr<const Scrubber> rules = {};
  BeforeWrite beforeWrite = {};
  // Told once, when writing has failed, as on a full disk: nothing is recorded from then on, and calls go on.
  // Called by a thread that makes a call or by the recorder's own; must not block, nor close the recorder.
  std::function<void(const Error&)> onFailure = {};
  // What a person should know of what is recorded. Likewise.
  std::function<void(const std::string&)> onNote = {};
  // Behind what was written, an entry or some. Likewise.
  std::function<void()> onWritten = {};
};

struct RecorderCounts {
  std::uint64_t calls = 0;    // of which something is written
  std::uint64_t entries = 0;  // written
  std::uint64_t bytes = 0;    // likewise, without the initial state
  std::uint32_t open = 0;     // calls under way
};

// Makes a recording of calls while they are made: the twin of the Go packages' Recorder. All of a call is
// written before its client hears of its end, its first message before the service gets it, and what is said
// in between some milliseconds later; but of a call of which nothing tells whether it is unary, only when it
// has shown (call_recorder.h). A proxy outlives its client and its service, and does not hold them up: what
// is written of its call waits like what is said in between, the end until the client has been told. After
// kill -9 the file holds it, after a power cut within a second. Order in the file is the order in which
// threads got here. All functions may be called from any thread.
class Recorder {
 public:
  // A new file: one that is there is replaced at once. An Error where it cannot be made, or another recorder
  // is writing to it.
  static Result<std::unique_ptr<Recorder>> create(const std::string& path, RecorderOptions options = {});
  // Goes on behind the calls of a file as it was opened: a whole one, with its own initial state.
  static Result<std::unique_ptr<Recorder>> goOn(const std::string& path, const OpenedRecording& opened,
                                                RecorderOptions options = {});
  static std::unique_ptr<Recorder> create(std::unique_ptr<ByteSink> sink, RecorderOptions options = {});
  ~Recorder();  // close(), whose Error is lost
  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;

  // In place of what the options had. An Error once there is an entry.
  Result<void> setInitialState(std::string bytes);
  // Likewise, for all that is written from now on; null: none. What stands in the file stays as it is.
  void setRules(std::shared_ptr<const Scrubber> rules);

  // A channel that records what generated stubs do on it, synchronous, asynchronous or callback ones; it may
  // outlive the recorder, and records nothing then (recording_channel.cpp: how). Of an answer the bytes are
  // those of its message, serialized again.
  //
  // A hook's Error for a request keeps it from the service, and for any message ends the call; but of a
  // stream the answer it is about has reached the client by then, and of one that has sent something before,
  // the service sees a cancellation.
  std::shared_ptr<grpc::Channel> channel(const std::string& target,
                                         const std::shared_ptr<grpc::ChannelCredentials>& credentials,
                                         const grpc::ChannelArguments* arguments = nullptr);
  // To a server in the same process. No call may be made on it when the server has been shut down.
  std::shared_ptr<grpc::Channel> channel(grpc::Server& server);
  // The same for generic stubs, whose messages are byte buffers: grpc::GenericStub and no other.
  std::shared_ptr<grpc::Channel> genericChannel(const std::string& target,
                                                const std::shared_ptr<grpc::ChannelCredentials>& credentials,
                                                const grpc::ChannelArguments* arguments = nullptr);
  std::shared_ptr<grpc::Channel> genericChannel(grpc::Server& server);

  // For those who see calls themselves, as a proxy. Never null; records nothing once the recorder is closed.
  std::shared_ptr<CallRecorder> begin(CallBegin begin);

  RecorderCounts counts() const;

  // Ends the recording: calls under way are recorded no further, and a REQUEST that has no answer yet gets
  // UNAVAILABLE "recording ended", so that the Go packages load the file. The Error is that not everything
  // was written, and why. A second close() gives the same.
  Result<void> close();

 private:
  explicit Recorder(std::shared_ptr<RecorderState> state) : m_state(std::move(state)) {}
  static Result<std::unique_ptr<Recorder>> start(std::shared_ptr<RecorderState> state);

  const std::shared_ptr<RecorderState> m_state;
};

}  // namespace retake
