#pragma once

#include <grpcpp/client_context.h>
#include <grpcpp/impl/codegen/call_op_set.h>
#include <grpcpp/support/status.h>
#include <pinger.pb.h>

#include <string>

#include "core/record/ping/ping_caller.h"

// What every API of grpc++ has in common when a call of the pinger is made through it.
namespace retake::test {

pinger::PingRequest request(const std::string& text, int count);
std::string line(const pinger::PingReply& reply);
std::string line(const grpc::Status& status);
void prepare(grpc::ClientContext& context, const PingCall& call);

// A stream, step by step, each of which blocks.
class Stream {
 public:
  virtual ~Stream() = default;
  virtual bool write(const pinger::PingRequest& request, grpc::WriteOptions options) = 0;
  virtual bool writesDone() = 0;
  virtual bool read(pinger::PingReply* reply) = 0;
  virtual grpc::Status finish() = 0;
};
std::string converse(Stream& stream, const PingCall& call);

}  // namespace retake::test
