#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "replay/replayer.h"

// Clients of a Replayer whose clock stands still until it is moved on: for tables of what goes out when.
namespace retake::test {

class Stage;

// One call. What it got so far is in `got`: "1 2 OK".
class Caller {
 public:
  Caller(Stage& stage, std::string_view method);
  // What the client does.
  Caller& send(const std::string& name);
  Caller& halfClose();
  // It is over for the transport.
  Caller& close();

  std::string got;
  std::string notes;
  ReplayEvent::Outcome outcomeIfCancelled() const { return m_session.cancelled(); }

 private:
  friend class Stage;
  struct Bell final : Waker {
    void wake() override { rung = true; }
    bool rung = false;
  };
  using TimePoint = std::chrono::steady_clock::time_point;

  void react(const Reaction& reaction);

  Stage& m_stage;
  std::shared_ptr<Bell> m_bell = std::make_shared<Bell>();
  ReplaySession m_session;
  std::optional<TimePoint> m_due;
  bool m_over = false;
};

class Stage {
 public:
  explicit Stage(std::shared_ptr<const Recording> recording, const PacePolicy& pace = {});
  ~Stage();

  Replayer& replayer() { return *m_replayer; }
  // Opens a call; its first message, where one is given, comes with it.
  Caller& call(std::string_view method, const std::string& first = {});
  // The client is gone.
  void leave(Caller& caller);
  // Moves the clock on; every timer fires at its time, or `late` after it.
  void pass(std::chrono::milliseconds time, std::chrono::milliseconds late = std::chrono::milliseconds(0));

 private:
  friend class Caller;
  // Callers that were woken find out, until none is.
  void settle();

  std::unique_ptr<Replayer> m_replayer;
  std::vector<std::unique_ptr<Caller>> m_callers;
};

}  // namespace retake::test
