#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "recording/calls.h"
#include "recording/recording.h"

// Recordings as text, so that a test compares what it sees. And files taken apart by hand, so that a
// reader is not judged by itself.
namespace retake::test {

// One line an entry, as in "3 RECV /pkg.Service/Method ref 1 pkg.Message 0a0162"; the initial state
// first, a cut tail last, both in hexadecimal.
std::string dump(const Recording& recording);

// One line a call, as in "2 server stream /pkg.Service/Method: 3 4 5 7", places of entries from 1.
std::string dump(const Recording& recording, const Calls& calls);

// The records of a binary replay file, header first, without their lengths; what is behind the last
// whole one is the last element when it is not empty. Aborts where the magic is missing.
std::vector<std::string> recordsOf(std::string_view file);

// Every binary replay file among the real recordings, sorted; empty where there are none.
std::vector<std::string> realRecordings();

std::string readFile(const std::string& path);  // aborts when it cannot be read
void writeFile(const std::string& path, std::string_view bytes);

}  // namespace retake::test
