#pragma once

#include <functional>
#include <string>

namespace retake {

// Where gRPC's own log lines go, for the whole process; without this they are written to standard error.
// Called on any thread. Not to be called while gRPC is at work.
void setGrpcLog(std::function<void(const std::string&)> log);

}  // namespace retake
