#pragma once

#include <grpcpp/support/byte_buffer.h>

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "recording/metadata.h"
#include "replay/reaction.h"
#include "serve/live_call.h"

namespace retake {

class CallHandler;
class CallLog;

// A client's call as whatever answers it sees it. Its functions are called in a turn: a CallHandler that is
// told of something has one, all others take lock(). When the call is over they do nothing.
class ClientCall : public LiveCall {
 public:
  // Holds the call's mutex. What was asked of the call meanwhile is done as the turn ends and without the
  // mutex: what gRPC does takes long, and its other threads have something to tell.
  class Turn {
   public:
    Turn(ClientCall& call, std::mutex& mutex) : m_call(call), m_held(mutex) {}
    ~Turn() { m_call.endTurn(m_held); }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;

   private:
    ClientCall& m_call;
    std::unique_lock<std::mutex> m_held;
  };
  virtual Turn lock() = 0;
  // Its end is on its way: nothing else goes out.
  virtual bool isOver() const = 0;

  virtual const std::string& method() const = 0;
  virtual Metadata metadata() const = 0;  // what is not a hop's own
  virtual std::optional<std::chrono::system_clock::time_point> deadline() const = 0;

  // Asks for the client's next message or half-close. While that is under way it does nothing.
  virtual void read() = 0;
  // What the headers will hold; they go now, or with whatever goes out first. After that, it is too late.
  virtual void setHeaders(const Metadata& metadata) = 0;
  virtual void sendHeaders() = 0;
  virtual bool headersSent() const = 0;
  // Swaps it out. One at a time: CallHandler::written() tells when the next may go.
  virtual void write(grpc::ByteBuffer& message) = 0;
  virtual bool isWriting() const = 0;
  // With a last message, if there is one, which is swapped out. Not while a write is under way.
  virtual void finish(ReplayEnd&& end, grpc::ByteBuffer* last = nullptr) = 0;

  // Its client is of this process.
  virtual bool isInMemory() const = 0;

  virtual CallLog& log() = 0;
  // Another one answers from now on, and begins. The first stays where it is, and is told nothing more.
  virtual void handOver(std::unique_ptr<CallHandler> next) = 0;
  // Of a handler that was not over when its call was: now it is.
  virtual void handlerOver() = 0;

 private:
  virtual void endTurn(std::unique_lock<std::mutex>& held) = 0;
};

// Answers a client's call. Called in a turn of the call, by gRPC's threads.
class CallHandler {
 public:
  virtual ~CallHandler() = default;
  virtual void begin() = 0;
  virtual void message(grpc::ByteBuffer& message) = 0;  // may be swapped out
  virtual void halfClosed() = 0;
  virtual void written() = 0;
  // The client has left, or the call is ended from outside: nothing goes out any more. How it is over.
  virtual ReplayEvent::Outcome abandoned(bool byClient) = 0;
  // The client has its end. False when there is still something to end: handlerOver() tells.
  virtual bool close() = 0;
};

}  // namespace retake
