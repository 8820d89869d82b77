#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "schema/field_path.h"
#include "schema/schema.h"

namespace retake {

// One field in which two messages differ.
struct Difference {
  enum class Kind : std::uint8_t { Changed, OnlyRecorded, OnlySent };
  Kind kind = Kind::Changed;
  FieldPath path;        // to a leaf, or to the whole of a submessage that one side lacks
  std::string recorded;  // as text, as JSON has it; of OnlySent empty
  std::string sent;      // of OnlyRecorded empty
};

// Where `sent` is not the message that was recorded, in the order of the fields; with their type in the
// schema by name (protobuf's MessageDifferencer), else by number. Nothing that equality passes over
// (match/message_forms.h) is a difference: map order, field order, explicit defaults, and what `ignore`
// covers. `type` may be null. At most `limit` are described; `more` (if given) gets the number of further
// ones.
std::vector<Difference> differences(const Schema& schema, const google::protobuf::Descriptor* type,
                                    ByteView recorded, ByteView sent, const FieldPathSet& ignore = {},
                                    std::size_t limit = 1000, std::size_t* more = nullptr);

// "name: recorded \"a\", sent \"b\"", in at most `limit` bytes: long values are shown around the first place
// where they differ.
std::string describe(const Difference& difference, std::size_t limit = 240);

}  // namespace retake
