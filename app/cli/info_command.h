#pragma once

namespace CLI {
class App;
}

namespace retake::cli {

// `info FILE [--json]`: what a recording holds, and what is wrong with it. The JSON is one object:
//   format                the format's short name, "replay"
//   initial_state_bytes   number
//   entries, calls        numbers
//   methods               [{method, kind, calls, statuses: {"OK": 2, "NOT_FOUND": 1, "open": 1}}], in the
//                         order in which they first occur; "open" are calls without a recorded end
//   problems              [{text, offset, entry, repair}], without `entry` (from 1) where it is about
//                         none and without `repair` where there is none; [] when all is well
void addInfoCommand(CLI::App& app, int& exitCode);

}  // namespace retake::cli
