#pragma once

namespace CLI {
class App;
}

namespace retake::cli {

// `print FILE [--json]`: every entry, for people and for git (as a textconv). With --json, one object
// a line, an entry each:
//   entry          its place, from 1
//   call           the number of its call; absent where it belongs to none
//   kind           "REQUEST", ...; "unreadable" for bytes that are no entry
//   method         its own, or that of its call
//   ref            the place of its REQUEST or CREATE_STREAM; absent on those two
//   type           of its message
//   message        as JSON; wire JSON (fields by number) where `wire` is true
//   base64         in place of `message` where that cannot be shown as JSON; of the whole entry where
//                  it is unreadable
//   status         {code, name, message, details: [{type, ...as above}]} in place of `message` on an error
//   end_of_stream  true on a RECV that holds neither
//   failed         true on another entry that says it failed and holds no status
// and what the Go packages do not record, where it is there:
//   time           "2026-01-02T03:04:05.000000006Z"
//   metadata       of the request, [{key, value}]; the value of a key that ends in "-bin" in base64
//   timeout        what the client gave the call, "1.5s"
//   headers, trailers   like metadata
//   half_closed_before  true where the client had half-closed before the entry
//   canceller      "client", "deadline", "server" or "recorder"
//   extras_error   in place of these where they cannot be read
// With --follow it goes on with what is appended to the file, an entry as soon as it is whole, and ends on
// SIGINT or SIGTERM with 0; a file that is replaced or gets shorter ends it with 2. With --initial-state only
// that: its bytes as they are, or as text with --as FORM (initial_state_options.h).
void addPrintCommand(CLI::App& app, int& exitCode);

}  // namespace retake::cli
