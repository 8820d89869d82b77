#pragma once

#include <mutex>
#include <unordered_set>

namespace retake {

class BuiltinReactor;

// The calls of built-in services under way. Some stay open for as long as their client lives (a health
// watch), so nobody waits for them: when the server stops they are ended. Safe to use from any thread.
class BuiltinCalls {
 public:
  // False once endAll() was called: then the call is to be refused, and leave() is not called.
  bool enter(BuiltinReactor& call);
  void leave(BuiltinReactor& call);
  // With UNAVAILABLE, and whatever comes later.
  void endAll();

 private:
  std::mutex m_mutex;
  std::unordered_set<BuiltinReactor*> m_calls;
  bool m_ended = false;
};

}  // namespace retake
