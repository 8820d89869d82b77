#include "core/record/ping/callers.h"

#include <grpcpp/generic/generic_stub.h>
#include <pinger.grpc.pb.h>

#include "client/one_by_one.h"
#include "core/record/ping/conversation.h"
#include "core/record/ping/reactors.h"

namespace retake::test {
namespace {

using pinger::PingReply;
using pinger::PingRequest;

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
    OneByOne queue;
    grpc::ClientContext context;
    prepare(context, call);
    if (call.kind == CallKind::Unary) {
      const grpc::ByteBuffer asked = bufferOf(request(call.texts[0], call.count));
      const auto reader = m_stub.PrepareUnaryCall(&context, methodOf(call.kind), asked, queue.queue());
      reader->StartCall();
      grpc::ByteBuffer buffer;
      grpc::Status status;
      reader->Finish(&buffer, &status, nullptr);
      std::string lines = queue.done() ? "" : "not ok\n";
      PingReply reply;
      if (status.ok() && parse(buffer, &reply)) lines += line(reply);
      return lines + line(status);
    }
    class Generic final : public Stream {
     public:
      Generic(std::unique_ptr<grpc::GenericClientAsyncReaderWriter> stream, OneByOne& queue)
          : m_queue(queue), m_stream(std::move(stream)) {
        m_stream->StartCall(nullptr);
        m_queue.done();
      }
      bool write(const PingRequest& request, grpc::WriteOptions options) override {
        m_stream->Write(bufferOf(request), options, nullptr);
        return m_queue.done();
      }
      bool writesDone() override {
        m_stream->WritesDone(nullptr);
        return m_queue.done();
      }
      bool read(PingReply* reply) override {
        grpc::ByteBuffer buffer;
        m_stream->Read(&buffer, nullptr);
        return m_queue.done() && parse(buffer, reply);
      }
      grpc::Status finish() override {
        grpc::Status status;
        m_stream->Finish(&status, nullptr);
        m_queue.done();
        return status;
      }

     private:
      OneByOne& m_queue;
      const std::unique_ptr<grpc::GenericClientAsyncReaderWriter> m_stream;
    };
    Generic stream(m_stub.PrepareCall(&context, methodOf(call.kind), queue.queue()), queue);
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

std::unique_ptr<PingCaller> genericQueueCaller(const std::shared_ptr<grpc::Channel>& channel) {
  return std::make_unique<GenericQueueCaller>(channel);
}

std::unique_ptr<PingCaller> genericCallbackCaller(const std::shared_ptr<grpc::Channel>& channel) {
  return std::make_unique<GenericCallbackCaller>(channel);
}

}  // namespace retake::test
