#include "core/record/ping/conversation.h"

#include <chrono>

namespace retake::test {

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

}  // namespace retake::test
