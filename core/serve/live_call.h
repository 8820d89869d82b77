#pragma once

namespace retake {

// A call under way, as whoever stops the server sees it.
class LiveCall {
 public:
  virtual ~LiveCall() = default;
  // Ends with UNAVAILABLE. Does not wait. Does nothing to a call that is over.
  virtual void terminate() = 0;
  // Where the end does not go out because the client does not read: cuts the call off.
  virtual void cutOff() = 0;
  // For as long as somebody other than its transport looks at it.
  virtual void retain() = 0;
  virtual void release() = 0;

 private:
  friend class Serving;
  LiveCall* m_previous = nullptr;
  LiveCall* m_next = nullptr;
};

// Keeps a call's object while it lives.
class CallRef {
 public:
  explicit CallRef(LiveCall& call) : m_call(&call) { m_call->retain(); }
  CallRef(const CallRef& other) : CallRef(*other.m_call) {}
  CallRef& operator=(const CallRef&) = delete;
  ~CallRef() { m_call->release(); }
  LiveCall& operator*() const { return *m_call; }

 private:
  LiveCall* m_call;
};

}  // namespace retake
