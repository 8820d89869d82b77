#pragma once

#include "explain/difference_sink.h"

namespace retake {

// How strings of bytes inside of the message are equal (match/wire_form.h): byte by byte, or by a guess of
// what they hold, in which maps have no order.
enum class WireEquality : std::uint8_t { Exact, Guessed };

// Compares two messages by field number; what length-delimited fields hold is guessed, from both sides at
// once.
void diffWire(ByteView recorded, ByteView sent, WireEquality equality, const FieldPathSet::Walk& walk,
              DifferenceSink& sink);

}  // namespace retake
