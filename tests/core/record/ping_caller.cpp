#include "core/record/ping_caller.h"

#include <grpcpp/generic/generic_stub.h>
#include <pinger.grpc.pb.h>

#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <map>
#include <mutex>

#include "base/tsan.h"

namespace retake::test {
namespace {

using pinger::PingReply;
using pinger::PingRequest;

PingRequest request(const std::string& text, int count) {
  PingRequest made;
  made.set_text(text);
  made.set_count(count);
  return made;
}

std::string line(const PingReply& reply) {
  return reply.text() + " " + std::to_string(reply.number()) + "\n";
}

std::string line(const grpc::Status& status) {
  return "status " + std::to_string(status.error_code()) + " " + status.error_message() +
         (status.error_details().empty() ? "" : " with details") + "\n";
}

void prepare(grpc::ClientContext& context, const PingCall& call) {
  context.set_deadline(std::chrono::system_clock::now() + call.timeout);
  for (const auto& [key, value] : call.metadata) context.AddMetadata(key, value);
}

// A stream, step by step, each of which blocks.
class Stream {
 public:
  virtual ~Stream() = default;
  virtual bool write(const PingRequest& request, grpc::WriteOptions options) = 0;
  virtual bool writesDone() = 0;
  virtual bool read(PingReply* reply) = 0;
  virtual grpc::Status finish() = 0;
};

std::string converse(Stream& stream, const PingCall& call) {
  std::string lines;
  PingReply reply;
  for (const std::string& text : call.texts) {
    grpc::WriteOptions options;
    if (call.kind == CallKind::ServerStream) options.set_last_message();  // as a generated stub has it
    if (!stream.write(request(text, call.count), options)) lines += "write failed\n";
    if (call.kind != CallKind::BidiStream) continue;
    for (int i = 0; i < call.count && stream.read(&reply); ++i) lines += line(reply);
  }
  if (call.kind != CallKind::ServerStream) stream.writesDone();
  while (stream.read(&reply)) lines += line(reply);
  return lines + line(stream.finish());
}

class SyncCaller final : public PingCaller {
 public:
  explicit SyncCaller(const std::shared_ptr<grpc::Channel>& channel)
      : m_stub(pinger::Pinger::NewStub(channel)) {}

  std::string call(const PingCall& call) override {
    grpc::ClientContext context;
    prepare(context, call);
    std::string lines;
    PingReply reply;
    if (call.kind == CallKind::Unary) {
      const auto status = m_stub->Ping(&context, request(call.texts[0], call.count), &reply);
      return (status.ok() ? line(reply) : "") + line(status);
    }
    if (call.kind == CallKind::ServerStream) {
      const auto reader = m_stub->PingStream(&context, request(call.texts[0], call.count));
      while (reader->Read(&reply)) lines += line(reply);
      return lines + line(reader->Finish());
    }
    if (call.kind == CallKind::ClientStream) {
      const auto writer = m_stub->PingCollect(&context, &reply);
      for (const std::string& text : call.texts)
        if (!writer->Write(request(text, call.count))) lines += "write failed\n";
      writer->WritesDone();
      const auto status = writer->Finish();
      return lines + (status.ok() ? line(reply) : "") + line(status);
    }
    class Chat final : public Stream {
     public:
      explicit Chat(std::unique_ptr<grpc::ClientReaderWriter<PingRequest, PingReply>> chat)
          : m_chat(std::move(chat)) {}
      bool write(const PingRequest& request, grpc::WriteOptions options) override {
        return m_chat->Write(request, options);
      }
      bool writesDone() override { return m_chat->WritesDone(); }
      bool read(PingReply* reply) override { return m_chat->Read(reply); }
      grpc::Status finish() override { return m_chat->Finish(); }

     private:
      const std::unique_ptr<grpc::ClientReaderWriter<PingRequest, PingReply>> m_chat;
    };
    Chat chat(m_stub->PingChat(&context));
    return converse(chat, call);
  }

 private:
  const std::unique_ptr<pinger::Pinger::Stub> m_stub;
};

// One operation at a time.
class Queue {
 public:
  ~Queue() {
    m_queue.Shutdown();
    void* tag = nullptr;
    bool ok = false;
    while (m_queue.Next(&tag, &ok)) {
    }
  }
  grpc::CompletionQueue* get() { return &m_queue; }
  bool wait() {
    void* tag = nullptr;
    bool ok = false;
    return m_queue.Next(&tag, &ok) && ok;
  }

 private:
  grpc::CompletionQueue m_queue;
};

class QueueCaller final : public PingCaller {
 public:
  explicit QueueCaller(const std::shared_ptr<grpc::Channel>& channel)
      : m_stub(pinger::Pinger::NewStub(channel)) {}

  std::string call(const PingCall& call) override {
    Queue queue;
    grpc::ClientContext context;
    prepare(context, call);
    std::string lines;
    PingReply reply;
    grpc::Status status;
    if (call.kind == CallKind::Unary) {
      const auto reader = m_stub->AsyncPing(&context, request(call.texts[0], call.count), queue.get());
      reader->Finish(&reply, &status, nullptr);
      if (!queue.wait()) lines += "not ok\n";
      return lines + (status.ok() ? line(reply) : "") + line(status);
    }
    if (call.kind == CallKind::ServerStream) {
      const auto reader =
          m_stub->AsyncPingStream(&context, request(call.texts[0], call.count), queue.get(), nullptr);
      queue.wait();
      for (reader->Read(&reply, nullptr); queue.wait(); reader->Read(&reply, nullptr)) lines += line(reply);
      reader->Finish(&status, nullptr);
      queue.wait();
      return lines + line(status);
    }
    if (call.kind == CallKind::ClientStream) {
      const auto writer = m_stub->AsyncPingCollect(&context, &reply, queue.get(), nullptr);
      queue.wait();
      for (const std::string& text : call.texts) {
        writer->Write(request(text, call.count), nullptr);
        if (!queue.wait()) lines += "write failed\n";
      }
      writer->WritesDone(nullptr);
      queue.wait();
      writer->Finish(&status, nullptr);
      queue.wait();
      return lines + (status.ok() ? line(reply) : "") + line(status);
    }
    class Chat final : public Stream {
     public:
      Chat(pinger::Pinger::Stub& stub, grpc::ClientContext& context, Queue& queue)
          : m_queue(queue), m_chat(stub.AsyncPingChat(&context, queue.get(), nullptr)) {
        m_queue.wait();
      }
      bool write(const PingRequest& request, grpc::WriteOptions options) override {
        m_chat->Write(request, options, nullptr);
        return m_queue.wait();
      }
      bool writesDone() override {
        m_chat->WritesDone(nullptr);
        return m_queue.wait();
      }
      bool read(PingReply* reply) override {
        m_chat->Read(reply, nullptr);
        return m_queue.wait();
      }
      grpc::Status finish() override {
        grpc::Status status;
        m_chat->Finish(&status, nullptr);
        m_queue.wait();
        return status;
      }

     private:
      Queue& m_queue;
      const std::unique_ptr<grpc::ClientAsyncReaderWriter<PingRequest, PingReply>> m_chat;
    };
    Chat chat(*m_stub, context, queue);
    return converse(chat, call);
  }

 private:
  const std::unique_ptr<pinger::Pinger::Stub> m_stub;
};

// What a reactor tells a thread that waits, by event, in order.
class Events {
 public:
  void tell(char event, bool ok) {
    const std::lock_guard lock(m_mutex);
    m_told[event].push_back(ok);
    m_changed.notify_all();
  }
  bool wait(char event) {
    std::unique_lock lock(m_mutex);
    auto& told = m_told[event];
    m_changed.wait(lock, [&] { return !told.empty(); });
    const bool ok = told.front();
    told.pop_front();
    return ok;
  }

 private:
  std::mutex m_mutex;
  std::condition_variable m_changed;
  std::map<char, std::deque<bool>> m_told;
};

// A reactor that always reads: gRPC's in-process transport loses the message that nobody has asked for when
// the status comes, and stops the server for good.
template <typename Reactor, typename Reply>
class Reading : public Reactor {
 public:
  Events events;
  grpc::Status status;

  void readOn() { this->StartRead(&m_reply); }
  bool read(Reply* reply) {
    if (m_over || !events.wait('r')) {
      m_over = true;
      return false;
    }
    const std::lock_guard lock(m_mutex);
    *reply = std::move(m_read.front());
    m_read.pop_front();
    return true;
  }
  void OnReadDone(bool ok) override {
    const TsanScope tsan(this);
    if (ok) {
      const std::lock_guard lock(m_mutex);
      m_read.push_back(std::move(m_reply));
    }
    events.tell('r', ok);
    if (ok) readOn();
  }
  void OnDone(const grpc::Status& end) override {
    const TsanScope tsan(this);
    status = end;
    events.tell('d', true);
  }

 private:
  Reply m_reply;
  bool m_over = false;  // as read() has told
  std::mutex m_mutex;
  std::deque<Reply> m_read;
};

using Reader = Reading<grpc::ClientReadReactor<PingReply>, PingReply>;

class Writer final : public grpc::ClientWriteReactor<PingRequest> {
 public:
  Events events;
  grpc::Status status;
  void OnWriteDone(bool ok) override {
    const TsanScope tsan(this);
    events.tell('w', ok);
  }
  void OnDone(const grpc::Status& end) override {
    const TsanScope tsan(this);
    status = end;
    events.tell('d', true);
  }
};

template <typename Request, typename Reply>
class Chatter final : public Reading<grpc::ClientBidiReactor<Request, Reply>, Reply> {
 public:
  void OnWriteDone(bool ok) override {
    const TsanScope tsan(this);
    this->events.tell('w', ok);
  }
  void OnWritesDoneDone(bool ok) override {
    const TsanScope tsan(this);
    this->events.tell('h', ok);
  }
};

// From the client's thread, by a hold.
template <typename Reactor>
class Held {
 public:
  explicit Held(Reactor& reactor) : m_reactor(reactor) {
    { const TsanScope made(&m_reactor); }
    m_reactor.AddHold();
    if constexpr (requires { m_reactor.readOn(); }) m_reactor.readOn();
    m_reactor.StartCall();
  }
  grpc::Status finish() {
    m_reactor.RemoveHold();
    m_reactor.events.wait('d');
    const TsanScope done(&m_reactor);
    return m_reactor.status;
  }

 private:
  Reactor& m_reactor;
};

class CallbackCaller final : public PingCaller {
 public:
  explicit CallbackCaller(const std::shared_ptr<grpc::Channel>& channel)
      : m_stub(pinger::Pinger::NewStub(channel)) {}

  std::string call(const PingCall& call) override {
    grpc::ClientContext context;
    prepare(context, call);
    std::string lines;
    PingReply reply;
    if (call.kind == CallKind::Unary) {
      Events events;
      grpc::Status status;
      const PingRequest asked = request(call.texts[0], call.count);
      m_stub->async()->Ping(&context, &asked, &reply, [&](const grpc::Status& end) {
        status = end;
        events.tell('d', true);
      });
      events.wait('d');
      return (status.ok() ? line(reply) : "") + line(status);
    }
    if (call.kind == CallKind::ServerStream) {
      Reader reader;
      const PingRequest asked = request(call.texts[0], call.count);
      m_stub->async()->PingStream(&context, &asked, &reader);
      Held held(reader);
      while (reader.read(&reply)) lines += line(reply);
      return lines + line(held.finish());
    }
    if (call.kind == CallKind::ClientStream) {
      Writer writer;
      m_stub->async()->PingCollect(&context, &reply, &writer);
      Held held(writer);
      for (const std::string& text : call.texts) {
        const PingRequest asked = request(text, call.count);
        writer.StartWrite(&asked);
        if (!writer.events.wait('w')) lines += "write failed\n";
      }
      writer.StartWritesDone();
      const auto status = held.finish();
      return lines + (status.ok() ? line(reply) : "") + line(status);
    }
    class Chat final : public Stream {
     public:
      Chat(pinger::Pinger::Stub& stub, grpc::ClientContext& context) {
        stub.async()->PingChat(&context, &m_chatter);
        m_held.emplace(m_chatter);
      }
      bool write(const PingRequest& request, grpc::WriteOptions options) override {
        m_chatter.StartWrite(&request, options);
        return m_chatter.events.wait('w');
      }
      bool writesDone() override {
        m_chatter.StartWritesDone();
        return m_chatter.events.wait('h');
      }
      bool read(PingReply* reply) override { return m_chatter.read(reply); }
      grpc::Status finish() override { return m_held->finish(); }

     private:
      Chatter<PingRequest, PingReply> m_chatter;
      std::optional<Held<Chatter<PingRequest, PingReply>>> m_held;
    };
    Chat chat(*m_stub, context);
    return converse(chat, call);
  }

 private:
  const std::unique_ptr<pinger::Pinger::Stub> m_stub;
};

grpc::ByteBuffer bufferOf(const PingRequest& request) {
  grpc::ByteBuffer buffer;
  bool own = false;
  if (!grpc::SerializationTraits<PingRequest>::Serialize(request, &buffer, &own).ok()) std::abort();
  return buffer;
}

bool parse(grpc::ByteBuffer& buffer, PingReply* reply) {
  return grpc::SerializationTraits<PingReply>::Deserialize(&buffer, reply).ok();
}

const char* methodOf(CallKind kind) {
  switch (kind) {
    case CallKind::Unary:
      return "/pinger.Pinger/Ping";
    case CallKind::ServerStream:
      return "/pinger.Pinger/PingStream";
    case CallKind::ClientStream:
      return "/pinger.Pinger/PingCollect";
    case CallKind::BidiStream:
      break;
  }
  return "/pinger.Pinger/PingChat";
}

class GenericQueueCaller final : public PingCaller {
 public:
  explicit GenericQueueCaller(const std::shared_ptr<grpc::Channel>& channel) : m_stub(channel) {}

  std::string call(const PingCall& call) override {
    Queue queue;
    grpc::ClientContext context;
    prepare(context, call);
    if (call.kind == CallKind::Unary) {
      const grpc::ByteBuffer asked = bufferOf(request(call.texts[0], call.count));
      const auto reader = m_stub.PrepareUnaryCall(&context, methodOf(call.kind), asked, queue.get());
      reader->StartCall();
      grpc::ByteBuffer buffer;
      grpc::Status status;
      reader->Finish(&buffer, &status, nullptr);
      std::string lines = queue.wait() ? "" : "not ok\n";
      PingReply reply;
      if (status.ok() && parse(buffer, &reply)) lines += line(reply);
      return lines + line(status);
    }
    class Generic final : public Stream {
     public:
      Generic(std::unique_ptr<grpc::GenericClientAsyncReaderWriter> stream, Queue& queue)
          : m_queue(queue), m_stream(std::move(stream)) {
        m_stream->StartCall(nullptr);
        m_queue.wait();
      }
      bool write(const PingRequest& request, grpc::WriteOptions options) override {
        m_stream->Write(bufferOf(request), options, nullptr);
        return m_queue.wait();
      }
      bool writesDone() override {
        m_stream->WritesDone(nullptr);
        return m_queue.wait();
      }
      bool read(PingReply* reply) override {
        grpc::ByteBuffer buffer;
        m_stream->Read(&buffer, nullptr);
        return m_queue.wait() && parse(buffer, reply);
      }
      grpc::Status finish() override {
        grpc::Status status;
        m_stream->Finish(&status, nullptr);
        m_queue.wait();
        return status;
      }

     private:
      Queue& m_queue;
      const std::unique_ptr<grpc::GenericClientAsyncReaderWriter> m_stream;
    };
    Generic stream(m_stub.PrepareCall(&context, methodOf(call.kind), queue.get()), queue);
    return converse(stream, call);
  }

 private:
  grpc::GenericStub m_stub;
};

class GenericCallbackCaller final : public PingCaller {
 public:
  explicit GenericCallbackCaller(const std::shared_ptr<grpc::Channel>& channel) : m_stub(channel) {}

  std::string call(const PingCall& call) override {
    grpc::ClientContext context;
    prepare(context, call);
    if (call.kind == CallKind::Unary) {
      const grpc::ByteBuffer asked = bufferOf(request(call.texts[0], call.count));
      grpc::ByteBuffer buffer;
      grpc::Status status;
      Events events;
      m_stub.UnaryCall(&context, methodOf(call.kind), {}, &asked, &buffer, [&](const grpc::Status& end) {
        status = end;
        events.tell('d', true);
      });
      events.wait('d');
      PingReply reply;
      return (status.ok() && parse(buffer, &reply) ? line(reply) : "") + line(status);
    }
    class Generic final : public Stream {
     public:
      Generic(grpc::GenericStub& stub, grpc::ClientContext& context, CallKind kind) {
        stub.PrepareBidiStreamingCall(&context, methodOf(kind), {}, &m_chatter);
        m_held.emplace(m_chatter);
      }
      bool write(const PingRequest& request, grpc::WriteOptions options) override {
        const grpc::ByteBuffer buffer = bufferOf(request);
        m_chatter.StartWrite(&buffer, options);
        return m_chatter.events.wait('w');
      }
      bool writesDone() override {
        m_chatter.StartWritesDone();
        return m_chatter.events.wait('h');
      }
      bool read(PingReply* reply) override {
        grpc::ByteBuffer buffer;
        return m_chatter.read(&buffer) && parse(buffer, reply);
      }
      grpc::Status finish() override { return m_held->finish(); }

     private:
      Chatter<grpc::ByteBuffer, grpc::ByteBuffer> m_chatter;
      std::optional<Held<Chatter<grpc::ByteBuffer, grpc::ByteBuffer>>> m_held;
    };
    Generic stream(m_stub, context, call.kind);
    return converse(stream, call);
  }

 private:
  grpc::GenericStub m_stub;
};

}  // namespace

std::unique_ptr<PingCaller> pingCaller(const std::string& api,
                                       const std::shared_ptr<grpc::Channel>& channel) {
  if (api == "sync") return std::make_unique<SyncCaller>(channel);
  if (api == "queue") return std::make_unique<QueueCaller>(channel);
  if (api == "callback") return std::make_unique<CallbackCaller>(channel);
  if (api == "generic") return std::make_unique<GenericQueueCaller>(channel);
  if (api == "generic callback") return std::make_unique<GenericCallbackCaller>(channel);
  std::fprintf(stderr, "no API %s\n", api.c_str());
  std::abort();
}

}  // namespace retake::test
