#pragma once

#if defined(__SANITIZE_THREAD__)
#define RETAKE_TSAN 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define RETAKE_TSAN 1
#endif
#endif

#ifdef RETAKE_TSAN
#include <sanitizer/tsan_interface.h>
#endif

namespace retake {

// Around each function that gRPC calls on an object: gRPC calls them one after another, but a Debian build of
// it is not instrumented, so the thread sanitizer does not see how. Tells it that what happened to the object
// in an earlier scope is done. Without the sanitizer it is nothing.
class TsanScope {
 public:
#ifdef RETAKE_TSAN
  explicit TsanScope(const void* object) : m_object(const_cast<void*>(object)) { __tsan_acquire(m_object); }
  ~TsanScope() { __tsan_release(m_object); }
#else
  explicit TsanScope(const void*) {}
  ~TsanScope() {}
#endif
  TsanScope(const TsanScope&) = delete;
  TsanScope& operator=(const TsanScope&) = delete;

#ifdef RETAKE_TSAN
 private:
  void* m_object;
#endif
};

}  // namespace retake
