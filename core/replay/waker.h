#pragma once

#include <functional>
#include <memory>

namespace retake {

// How a session that holds an answer back hears that it may go out. Lives as long as anybody may call it;
// what it wakes may be gone by then.
class Waker {
 public:
  virtual ~Waker() = default;
  // From any thread, never from within a call of the session's. Leads to ReplaySession::woken(), at once or
  // later.
  virtual void wake() = 0;
};

// Where a session gets its Waker from when it holds something back, which few ever do.
using WakerSource = std::function<std::shared_ptr<Waker>()>;

}  // namespace retake
