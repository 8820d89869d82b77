#include "core/record/ping/ping_caller.h"

#include <cstdio>
#include <cstdlib>

#include "core/record/ping/callers.h"

namespace retake::test {

std::unique_ptr<PingCaller> pingCaller(const std::string& api,
                                       const std::shared_ptr<grpc::Channel>& channel) {
  if (api == "sync") return syncCaller(channel);
  if (api == "queue") return queueCaller(channel);
  if (api == "callback") return callbackCaller(channel);
  if (api == "generic") return genericQueueCaller(channel);
  if (api == "generic callback") return genericCallbackCaller(channel);
  std::fprintf(stderr, "no API %s\n", api.c_str());
  std::abort();
}

}  // namespace retake::test
