#include "core/record/ping/callers.h"

#include <pinger.grpc.pb.h>

#include "core/record/ping/conversation.h"

namespace retake::test {
namespace {

using pinger::PingReply;
using pinger::PingRequest;

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

}  // namespace

std::unique_ptr<PingCaller> syncCaller(const std::shared_ptr<grpc::Channel>& channel) {
  return std::make_unique<SyncCaller>(channel);
}

}  // namespace retake::test
