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
void addPrintCommand(CLI::App& app, int& exitCode);

}  // namespace retake::cli
