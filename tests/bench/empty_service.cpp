#include "bench/empty_service.h"

#include <mutex>

namespace retake::test {
namespace {

class UnaryReactor final : public grpc::ServerGenericBidiReactor {
 public:
  explicit UnaryReactor(const grpc::ByteBuffer& reply) : m_reply(reply) { StartRead(&m_request); }
  void OnReadDone(bool) override { StartWriteAndFinish(&m_reply, {}, grpc::Status::OK); }
  void OnDone() override { delete this; }

 private:
  grpc::ByteBuffer m_request;
  grpc::ByteBuffer m_reply;
};

// What both streams share: a read is always under way, as in any service that wants to see what the client
// does while it writes, and writes go out one at a time.
class DuplexReactor : public grpc::ServerGenericBidiReactor {
 public:
  explicit DuplexReactor(const grpc::ByteBuffer& reply) : m_reply(reply) { StartRead(&m_request); }
  void OnReadDone(bool ok) override {
    {
      const std::lock_guard lock(m_mutex);
      if (ok) owes();
      m_halfClosed = m_halfClosed || !ok;
      next();
    }
    if (ok) StartRead(&m_request);
  }
  void OnWriteDone(bool) override {
    const std::lock_guard lock(m_mutex);
    m_writing = false;
    next();
  }
  void OnDone() override { delete this; }

 protected:
  // A message came: how many it owes, and whether the end may come behind them.
  virtual void owes() = 0;
  virtual bool mayEnd() const = 0;
  int m_owed = 0;
  bool m_halfClosed = false;

 private:
  void next() {
    if (m_writing || m_finished) return;
    if (m_owed > 0) {
      --m_owed;
      m_writing = true;
      m_write = m_reply;
      return StartWrite(&m_write);
    }
    if (!mayEnd()) return;
    m_finished = true;
    Finish(grpc::Status::OK);
  }

  grpc::ByteBuffer m_request;
  const grpc::ByteBuffer& m_reply;
  grpc::ByteBuffer m_write;
  std::mutex m_mutex;
  bool m_writing = false;
  bool m_finished = false;
};

class StreamReactor final : public DuplexReactor {
 public:
  using DuplexReactor::DuplexReactor;

 private:
  void owes() override {
    m_owed = kStreamMessages;
    m_began = true;
  }
  bool mayEnd() const override { return m_began; }
  bool m_began = false;
};

class ChatReactor final : public DuplexReactor {
 public:
  using DuplexReactor::DuplexReactor;

 private:
  void owes() override { ++m_owed; }
  bool mayEnd() const override { return m_halfClosed; }
};

}  // namespace

std::string benchAnswer() { return std::string("\x0a\x28", 2) + std::string(40, 'x'); }

grpc::ServerGenericBidiReactor* EmptyService::CreateReactor(grpc::GenericCallbackServerContext* context) {
  if (context->method() == kStreamMethod) return new StreamReactor(m_reply);
  if (context->method() == kChatMethod) return new ChatReactor(m_reply);
  return new UnaryReactor(m_reply);
}

}  // namespace retake::test
