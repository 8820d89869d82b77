#pragma once

namespace CLI {
class App;
}

namespace retake::cli {

// `serve FILE [--listen ADDR]...`: stands in for the recorded service until SIGINT or SIGTERM; a second
// signal ends it at once. Standard output gets one line an endpoint when it is ready, "listening on ADDR",
// and with --log json one object a call, when it is over:
//   call       its number, from 1, in the order in which calls began
//   endpoint, method
//   recorded   the number of the recorded call that answered; absent when none did
//   outcome    "served", "missed", "forwarded", "aborted", "refused"; and of health and reflection that the
//              recording does not have, which nothing counts: "builtin" where the server itself answers,
//              "unrecorded" where it cannot
//   code, status, message   as sent
//   forwarded  where the call went, and why it was not answered here; absent when it was
//   began      milliseconds since the epoch; duration_ms
//   explanation   of a miss, {reason, text, ...}, and where they apply:
//     recorded_calls     how many of the method are recorded, or equal and used up
//     call, used_by      the recorded call that was matched or used up, the call of this run that used it
//     message            the client's message that went another way; recorded_messages, if it was one too
//     many similar_methods    recorded ones, where the method is not nearest            {call, used,
//     differences: [{path, recorded, sent}], more_differences}; a side that
//                        lacks the field is absent
//   notes      what a person should know, a list; absent when there is nothing
// With --initial-state-to FILE the initial state is in FILE before the first "listening on".
// Standard error gets each miss with its explanation, each note, and the report at the end. With --verify
// the exit code is kNo when a call was missed or a recorded one never asked for.
void addServeCommand(CLI::App& app, int& exitCode);

}  // namespace retake::cli
