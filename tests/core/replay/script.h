#pragma once

#include <memory>
#include <string>

#include "recording/recording.h"
#include "replay/replayer.h"

// Recordings and clients in words, for tables. All calls are of kMethod; a message is one letter or a few,
// kept in field 1.
namespace retake::test {

inline constexpr const char* kMethod = "/t.S/M";

// Calls, separated by ";":
//   "u a>1"         a unary call, request a, answer 1; "u a>!5" with status NOT_FOUND; "u a" without an
//   answer "u a>!"         an error without a status; "u a>!0" an error that is OK "s S:a R:1 E"   a stream:
//   SEND a, RECV 1, the end; "E:5" ends with NOT_FOUND; "X" is a SEND that failed "s F:7"         a stream
//   whose creation failed
// Of the entry before it, in a stream, or of the last one of a unary call: "@half" the client half-closed
// before it, "@h:k=v" headers, "@t:k=v" trailers (without k=v: empty ones), "@client", "@server", "@recorder"
// who ended it, "@250" its time in milliseconds. Before the first one of a stream: of its CREATE_STREAM.
std::string bytesOf(const std::string& calls);
std::shared_ptr<const Recording> recordingOf(const std::string& calls);

// What a client does, separated by spaces: "open", "half", "timer", "woken", "cancel", and anything else is a
// message. Gives what the session did at each step: "open: headers, wait 250 | a: 1, 2, OK". An end that is
// not "served" has its outcome behind it; notes are left out. Metadata: "headers {k=v}, 1, OK {k=v}".
std::string play(Replayer& replayer, const std::string& steps);
// The notes, one a line, and the text of the end.
std::string notes(Replayer& replayer, const std::string& steps);

std::unique_ptr<Replayer> replayerOf(const std::string& calls, ReplayPolicy policy = {});

}  // namespace retake::test
