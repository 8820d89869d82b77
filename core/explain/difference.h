#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "schema/field_path.h"
#include "schema/schema.h"

namespace retake {

// Messages with more bytes are compared as bytes: it may take a minute, and gigabytes, to find out that 64
// MiB of garbage are 30 million fields. 4 MiB is what gRPC takes unless it is told otherwise.
inline constexpr std::size_t kMaxCompared = 4 << 20;

// One field in which two messages differ.
struct Difference {
  enum class Kind : std::uint8_t { Changed, OnlyRecorded, OnlySent };
  Kind kind = Kind::Changed;
  // To a leaf, or to the whole of a submessage, list or map that one side lacks. An element of a list is
  // counted as the recorded message has it; one that was only sent, as that has it.
  FieldPath path;
  // As text, as JSON has it: strings in quotes, bytes as b"\x00", enums by name, messages on one line. A
  // long one is shown around the first place where the two differ.
  std::string recorded;  // of OnlySent empty
  std::string sent;      // of OnlyRecorded empty
  // Of a string or bytes value that is not shown whole: its bytes. Else 0.
  std::uint64_t recordedSize = 0;
  std::uint64_t sentSize = 0;
  // Some element on the path stands at another place of its list in what was sent.
  bool moved = false;
};

// Where `sent` is not the message that was recorded, in the order of the fields; with their type in the
// schema by name, else by number. Nothing that equality passes over (match/message_forms.h) is a
// difference: map order, field order, explicit defaults, and what `ignore` covers. An element that was
// inserted into a list, or removed, is one difference. `type` may be null. At most `limit` are described;
// `more` (if given) gets the number of further ones. Empty for different messages where the difference is
// in no field: bytes that are no message, or more than kMaxCompared of them.
std::vector<Difference> differences(const Schema& schema, const google::protobuf::Descriptor* type,
                                    ByteView recorded, ByteView sent, const FieldPathSet& ignore = {},
                                    std::size_t limit = 1000, std::size_t* more = nullptr);

// "name: recorded \"a\", sent \"b\"", in at most `limit` bytes (and never less than about 60): long values
// are shown around the first place where they differ, which is marked ⟨so⟩.
std::string describe(const Difference& difference, std::size_t limit = 240);

}  // namespace retake
