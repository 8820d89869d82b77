#include "serve/grpc_log.h"

#include <grpc/support/log.h>

#include <utility>

namespace retake {
namespace {

std::function<void(const std::string&)>& current() {
  // Never destroyed: gRPC's threads may log while the process ends.
  static auto* log = new std::function<void(const std::string&)>;
  return *log;
}

void forward(gpr_log_func_args* args) {
  if (current()) current()(args->message);
}

}  // namespace

void setGrpcLog(std::function<void(const std::string&)> log) {
  current() = std::move(log);
  gpr_set_log_function(forward);
}

}  // namespace retake
