#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "initial_state/text_problem.h"

namespace retake {

// How bytes are a whole number, as Go's encoding/binary, C and Java write one.
struct IntegerShape {
  std::uint8_t size = 8;  // bytes: 1, 2, 4 or 8
  bool isSigned = false;
  bool bigEndian = false;  // of no meaning where size is 1
  bool operator==(const IntegerShape& other) const {
    return size == other.size && isSigned == other.isSigned && (size == 1 || bigEndian == other.bigEndian);
  }
};

// "uint64le", "int32be", "uint8".
std::string shapeName(const IntegerShape& shape);
// All there are, by size.
const std::vector<IntegerShape>& integerShapes();

// Decimal. An Error where the bytes are not as many as the shape has.
Result<std::string> integerText(ByteView bytes, const IntegerShape& shape);
// Decimal, or hexadecimal behind "0x"; "_" may stand between digits.
std::optional<TextProblem> readInteger(std::string_view text, const IntegerShape& shape, std::string& bytes);

}  // namespace retake
