#pragma once

#include <QString>
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "document/text.h"
#include "record/recorder.h"
#include "recording/ids.h"
#include "recording/recording.h"
#include "replay/event.h"

// How the server's panes say things, so that the log, the counts and the tries say them alike.
namespace retake::gui {

// As MissView and ServerPanel translate.
QString trMiss(const char* text);
QString trPanel(const char* text);

// "1 call", "1,204 calls".
QString countWords(std::uint64_t count, const QString& singular, const QString& plural);
// "410 µs", "1.2 ms", "12 ms", "3.2 s".
QString durationWords(std::chrono::nanoseconds duration);
// "21:04:59.123", local time.
QString timeWords(std::chrono::system_clock::time_point time);
// "OK", "✗ NOT_FOUND".
QString statusWords(std::int32_t code);
// Glyph and word of an event: "✓ served", "✗ missed", "✎ edited".
QString outcomeWords(const ReplayEvent& event);
bool isMiss(const ReplayEvent& event);
// The status message or what a note says, and where the call was forwarded to.
std::string logText(const ReplayEvent& event);
// "pkg.Service/Method": without the slash in front, which says nothing.
QString methodWords(const std::string& path);
// "#481", or nothing.
QString callWords(std::uint32_t number);
// "12 calls, 31 entries, 4.1 kB".
QString recordedWords(const RecorderCounts& counts);
// "entry 12", "entries 12, 15 and 3 more": places in `recording`, from 1. Entries that are not in it
// are left out.
QString entryWords(const Recording& recording, const std::vector<EntryId>& entries);

}  // namespace retake::gui
