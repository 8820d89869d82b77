#include "core/record/ping/callers.h"

#include <pinger.grpc.pb.h>

#include "client/one_by_one.h"
#include "core/record/ping/conversation.h"

namespace retake::test {
namespace {

using pinger::PingReply;
using pinger::PingRequest;

class QueueCaller final : public PingCaller {
 public:
  explicit QueueCaller(const std::shared_ptr<grpc::Channel>& channel)
      : m_stub(pinger::Pinger::NewStub(channel)) {}

  std::string call(const PingCall& call) override {
    OneByOne queue;
    grpc::ClientContext context;
    prepare(context, call);
    std::string lines;
    PingReply reply;
    grpc::Status status;
    if (call.kind == CallKind::Unary) {
      const auto reader = m_stub->AsyncPing(&context, request(call.texts[0], call.count), queue.queue());
      reader->Finish(&reply, &status, nullptr);
      if (!queue.done()) lines += "not ok\n";
      return lines + (status.ok() ? line(reply) : "") + line(status);
    }
    if (call.kind == CallKind::ServerStream) {
      const auto reader =
          m_stub->AsyncPingStream(&context, request(call.texts[0], call.count), queue.queue(), nullptr);
      queue.done();
      for (reader->Read(&reply, nullptr); queue.done(); reader->Read(&reply, nullptr)) lines += line(reply);
      reader->Finish(&status, nullptr);
      queue.done();
      return lines + line(status);
    }
    if (call.kind == CallKind::ClientStream) {
      const auto writer = m_stub->AsyncPingCollect(&context, &reply, queue.queue(), nullptr);
      queue.done();
      for (const std::string& text : call.texts) {
        writer->Write(request(text, call.count), nullptr);
        if (!queue.done()) lines += "write failed\n";
      }
      writer->WritesDone(nullptr);
      queue.done();
      writer->Finish(&status, nullptr);
      queue.done();
      return lines + (status.ok() ? line(reply) : "") + line(status);
    }
    class Chat final : public Stream {
     public:
      Chat(pinger::Pinger::Stub& stub, grpc::ClientContext& context, OneByOne& queue)
          : m_queue(queue), m_chat(stub.AsyncPingChat(&context, queue.queue(), nullptr)) {
        m_queue.done();
      }
      bool write(const PingRequest& request, grpc::WriteOptions options) override {
        m_chat->Write(request, options, nullptr);
        return m_queue.done();
      }
      bool writesDone() override {
        m_chat->WritesDone(nullptr);
        return m_queue.done();
      }
      bool read(PingReply* reply) override {
        m_chat->Read(reply, nullptr);
        return m_queue.done();
      }
      grpc::Status finish() override {
        grpc::Status status;
        m_chat->Finish(&status, nullptr);
        m_queue.done();
        return status;
      }

     private:
      OneByOne& m_queue;
      const std::unique_ptr<grpc::ClientAsyncReaderWriter<PingRequest, PingReply>> m_chat;
    };
    Chat chat(*m_stub, context, queue);
    return converse(chat, call);
  }

 private:
  const std::unique_ptr<pinger::Pinger::Stub> m_stub;
};

}  // namespace

std::unique_ptr<PingCaller> queueCaller(const std::shared_ptr<grpc::Channel>& channel) {
  return std::make_unique<QueueCaller>(channel);
}

}  // namespace retake::test
