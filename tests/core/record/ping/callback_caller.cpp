#include "core/record/ping/callers.h"

#include <pinger.grpc.pb.h>

#include "core/record/ping/conversation.h"
#include "core/record/ping/reactors.h"

namespace retake::test {
namespace {

using pinger::PingReply;
using pinger::PingRequest;

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

}  // namespace

std::unique_ptr<PingCaller> callbackCaller(const std::shared_ptr<grpc::Channel>& channel) {
  return std::make_unique<CallbackCaller>(channel);
}

}  // namespace retake::test
