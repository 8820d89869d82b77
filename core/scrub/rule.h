#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace retake {

// What a rule takes hold of. Exactly one of the places, or none with a pattern: then any text.
struct ScrubWhere {
  enum class Place : std::uint8_t {
    AnyText,      // every string, map key, text in JSON, status message, metadata value: needs a pattern
    Field,        // `path`
    AnyString,    // every string field and text value
    AnyBytes,     // every bytes field that holds neither message nor JSON
    MessageType,  // every message of type `path` ("pkg.Message"), wherever it stands
    MetadataKey,  // header or trailer `path`, "*" for all, lower case
    InitialState  // the recording's
  };
  Place place = Place::AnyText;
  std::string path = {};
  // RE2: only what it matches within a text (its first group, where it has one), each time it occurs; empty:
  // the whole value. Also looked for in what base64, hex, URL escapes and JSON within a value hold.
  std::string pattern = {};
  bool operator==(const ScrubWhere&) const = default;
};

enum class FakeKind : std::uint8_t { Guess, Email, Name, Uuid, Number, IpAddress, Phone, CardNumber, Iban };

struct ScrubAction {
  enum class Kind : std::uint8_t {
    Redact,    // "[scrubbed]"; numbers 0; bytes empty... what it is stays, and that it is there
    Replace,   // by `with`
    Remove,    // the field, element, map entry or metadata entry is gone
    KeepLast,  // all but the last `count` characters become '*'
    Mask,      // every letter and digit becomes '*'; length and punctuation stay
    Hash,      // HMAC-SHA-256 with the key: equal values, equal tokens. A token is left as it is
    Fake,  // another of the same kind, stable by the key; length kept, and validity where there is a checksum
    ShiftTime  // by `shift`, the same in the whole recording: Timestamps, RFC 3339 text, epoch numbers
  };
  Kind kind = Kind::Redact;
  std::string with = {};
  std::uint32_t count = 4;
  FakeKind fake = FakeKind::Guess;
  std::chrono::seconds shift{0};
  bool operator==(const ScrubAction&) const = default;
};

struct ScrubRule {
  bool on = true;
  std::string name = {};   // what it is called wherever it is shown; not empty, once among the rules
  std::string scope = {};  // a query (filter/query.h) of calls or messages; empty: all
  ScrubWhere where = {};
  ScrubAction action = {};
  bool operator==(const ScrubRule&) const = default;
};

// In the order in which they apply: a later rule sees what an earlier one has left.
using ScrubRules = std::vector<ScrubRule>;

// Text format of retake.v1.ScrubRules (proto/retake/scrub.proto). An Error has a line for each thing that is
// wrong, "LINE:COLUMN: expected ..., found ...", both from 1: also a path, pattern or scope that cannot be
// parsed, a name that occurs twice. Comments are not kept.
Result<ScrubRules> parseScrubRules(std::string_view text);
std::string printScrubRules(const ScrubRules& rules);
// Lines begin with "PATH:LINE:COLUMN: ". "library:ID" is a set of the rule library (rule_library.h).
Result<ScrubRules> readScrubRules(const std::string& path);

// A time as rules write it: "-400d", "36h", "-1d12h30m15s", at most kMaxShift.
inline constexpr std::chrono::seconds kMaxShift = std::chrono::days(3'650'000);
Result<std::chrono::seconds> parseShift(std::string_view text);
std::string shiftText(std::chrono::seconds shift);

// "hash what matches /sk_live_\w+/ in any text", for lists and logs.
std::string describe(const ScrubRule& rule);

}  // namespace retake
