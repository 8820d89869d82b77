#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/bytes.h"
#include "base/wire.h"

// What a length-delimited field holds, without a schema. A guess: the bytes of a message, of text and
// of an image are told apart by how they look.
namespace retake {

enum class Guess : std::uint8_t { String, Message, Bytes };

// For all occurrences of one field, so that a list is not half strings and half messages. Text that
// begins with a line end and parses as fields is a message ("\n\x05hello" is field 1); other text is a
// string; else a message if every occurrence parses, with numbers that people give to fields, and is
// written as serializers do, so that it can be written again to the same bytes; else bytes. An empty
// occurrence agrees with anything, and alone is a string.
Guess guessPayload(std::span<const ByteView> occurrences);

// The fields of a message by number and wire type, in the order in which each first stands in it.
struct WireGroup {
  std::uint32_t number = 0;
  WireType type = WireType::Varint;
  Guess guess = Guess::Bytes;  // of use when type is Length
  std::vector<WireField> fields;
};

// As far as `bytes` can be read; `failed` (if given) says whether that was not all of them.
std::vector<WireGroup> groupWireFields(ByteView bytes, bool* failed = nullptr);

}  // namespace retake
