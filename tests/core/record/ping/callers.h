#pragma once

#include <grpcpp/channel.h>

#include <memory>

#include "core/record/ping/ping_caller.h"

// One for each of kPingApis.
namespace retake::test {

std::unique_ptr<PingCaller> syncCaller(const std::shared_ptr<grpc::Channel>& channel);
std::unique_ptr<PingCaller> queueCaller(const std::shared_ptr<grpc::Channel>& channel);
std::unique_ptr<PingCaller> callbackCaller(const std::shared_ptr<grpc::Channel>& channel);
std::unique_ptr<PingCaller> genericQueueCaller(const std::shared_ptr<grpc::Channel>& channel);
std::unique_ptr<PingCaller> genericCallbackCaller(const std::shared_ptr<grpc::Channel>& channel);

}  // namespace retake::test
