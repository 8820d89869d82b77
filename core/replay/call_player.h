#pragma once

#include <cstdint>
#include <string_view>

#include "replay/pacer.h"
#include "replay/reaction.h"
#include "replay/served_recording.h"

namespace retake {

// Plays the server's side of one recorded call (serving.md, "Playing it"): the call is chosen, the
// client's messages are counted, and what the recording has goes out when it is due and the Pacer lets it.
// Knows no clock: it asks for a timer and is told when that fires. Not thread-safe.
class CallPlayer {
 public:
  // `served` and `pacer` are the session's. `asScrubbed`: the call was chosen by the client's message as
  // scrub rules make it.
  CallPlayer(const ServedRecording& served, const Call& call, bool asScrubbed, Pacer& pacer);

  // What is due before any message. The client has got `sharedRecvs` of its RECVs already.
  void begin(std::uint32_t sharedRecvs, Reaction& out);
  // `compared`: the call was chosen by this message.
  void message(const ClientMessage& message, bool compared, Reaction& out);
  void halfClosed(Reaction& out);
  void timerFired(Reaction& out);
  // What the Pacer has held back may be due.
  void woken(Reaction& out);
  // No message for a while already: RECVs go out without waiting.
  void releaseMessages(Reaction& out);

  // A client that ends the call now does what it did when it was recorded.
  bool waitsForClientsEnd() const {
    return m_wait == Wait::ClientsEnd || (m_wait == Wait::Pace && m_endIsClients);
  }
  bool isOver() const { return m_over; }
  const Call& call() const { return m_call; }

 private:
  enum class Wait : std::uint8_t {
    None,
    SendBeforeMessage,       // a SEND, before a RECV that holds a message
    SendBeforeEnd,           // a SEND, before the end
    HalfCloseBeforeMessage,  // the half-close, where it is recorded
    HalfCloseBeforeEnd,
    HalfClose,   // the end of a client stream whose end is not recorded
    ClientsEnd,  // the client's own end
    Pace         // what is due by all of these
  };

  void proceed(Reaction& out);
  void advance(Reaction& out);
  void answerUnary(Reaction& out);
  void endAsRecorded(std::uint32_t position, Reaction& out);
  void endUnrecorded(Reaction& out);
  bool isReleased() const {
    return m_released || m_halfClosed || (m_messagesReleased && m_at < m_lastMessage);
  }
  bool isDue(std::uint32_t position, Reaction& out);
  bool passesGate(Reaction& out);
  void wait(Wait wait, Reaction& out);
  // `position` is that of the entry that holds trailers, if any does.
  void finish(ServedStatus&& status, std::optional<std::uint32_t> position, Reaction& out);
  void addTrailers(ReplayEnd& end, std::uint32_t position, std::vector<std::string>& notes) const;
  void miss(const Miss& miss, const ClientMessage* message, Reaction& out);  // null: there was none
  bool clientHadEnded() const;
  std::string whyHeld() const;
  void compare(const ClientMessage& message, Reaction& out);
  const std::string& name() const;

  const ServedRecording& m_served;
  const Call m_call;
  const bool m_asScrubbed;
  std::size_t m_at = 0;                   // next step of m_call.rest
  std::size_t m_compareAt = 0;            // where the next SEND to compare is looked for
  std::size_t m_lastMessage = 0;          // behind the last RECV with a message
  std::size_t m_lastRecv = 0;             // behind the last RECV of any kind
  std::uint32_t m_sends = 0;              // that a client may make
  std::uint32_t m_awaited = 0;            // that it made without an error
  std::uint32_t m_passed = 0;             // SENDs before m_at that are awaited
  std::uint32_t m_received = 0;           // messages of the client
  std::uint32_t m_receivedAtRelease = 0;  // m_received when m_messagesReleased began
  std::uint32_t m_shared = 0;             // RECVs that are out already
  std::size_t m_extrasSeen = 0;           // entries before it were looked at for a half-close
  Wait m_wait = Wait::None;
  Pacer& m_pacer;
  bool m_creationFailed = false;
  bool m_endIsClients = false;     // the end that is next is as a rule the client's own doing
  bool m_heldTold = false;         // that this is waited for
  bool m_waitedForClient = false;  // in vain
  bool m_needsHalfClose = false;   // before what is next
  bool m_halfClosed = false;
  bool m_messagesReleased = false;
  bool m_released = false;
  bool m_over = false;
};

}  // namespace retake
