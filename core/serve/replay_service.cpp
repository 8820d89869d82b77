#include "serve/replay_service.h"

#include "serve/builtin_reactor.h"
#include "serve/call_reactor.h"

namespace retake {

grpc::ServerGenericBidiReactor* ReplayService::CreateReactor(grpc::GenericCallbackServerContext* context) {
  const TsanScope tsan(this);
  if (const BuiltinMethod* method = builtinMethod(context->method())) {
    auto served = m_serving->replayer().served();
    if (!served->index().method(context->method())) {
      auto* builtin = new BuiltinReactor(*this, *context, method->open(std::move(served)));
      builtin->start();
      return builtin;
    }
  }
  auto* reactor = new CallReactor(*this, *context);
  // gRPC binds the reactor after this returns, and OnDone comes after that at the earliest.
  reactor->start();
  return reactor;
}

}  // namespace retake
