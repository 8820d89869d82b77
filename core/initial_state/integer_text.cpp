#include "initial_state/integer_text.h"

#include <algorithm>
#include <charconv>

namespace retake {
namespace {

// What a sentence repeats of a number that is too large.
constexpr std::size_t kLongest = 40;

std::uint64_t ones(const IntegerShape& shape) { return ~std::uint64_t{0} >> (64 - 8 * shape.size); }

// As a two's complement of 64 bits, where it is signed.
std::uint64_t numberOf(ByteView bytes, const IntegerShape& shape) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i)
    value = value << 8 | static_cast<unsigned char>(bytes[shape.bigEndian ? i : bytes.size() - 1 - i]);
  const bool negative = shape.isSigned && (value >> (8 * shape.size - 1)) != 0;
  return negative ? value | ~ones(shape) : value;
}

std::string rangeOf(const IntegerShape& shape) {
  const std::uint64_t largest = shape.isSigned ? ones(shape) >> 1 : ones(shape);
  return (shape.isSigned ? "-" + std::to_string(largest + 1) : "0") + " to " + std::to_string(largest);
}

}  // namespace

std::string shapeName(const IntegerShape& shape) {
  std::string name = (shape.isSigned ? "int" : "uint") + std::to_string(8 * shape.size);
  if (shape.size > 1) name += shape.bigEndian ? "be" : "le";
  return name;
}

const std::vector<IntegerShape>& integerShapes() {
  static const std::vector<IntegerShape> all = [] {
    std::vector<IntegerShape> shapes;
    for (const std::uint8_t size : std::initializer_list<std::uint8_t>{8, 4, 2, 1})
      for (const bool isSigned : {false, true})
        for (const bool bigEndian : {false, true})
          if (size > 1 || !bigEndian) shapes.push_back({size, isSigned, bigEndian});
    return shapes;
  }();
  return all;
}

Result<std::string> integerText(ByteView bytes, const IntegerShape& shape) {
  if (bytes.size() != shape.size)
    return Error{"expected " + std::to_string(shape.size) + (shape.size == 1 ? " byte" : " bytes") +
                 ", found " + std::to_string(bytes.size())};
  const std::uint64_t value = numberOf(bytes, shape);
  return shape.isSigned ? std::to_string(static_cast<std::int64_t>(value)) : std::to_string(value);
}

std::optional<TextProblem> readInteger(std::string_view text, const IntegerShape& shape, std::string& bytes) {
  std::size_t at = 0;
  const auto skipBlanks = [&] {
    while (at < text.size() && isBlank(text[at])) ++at;
  };
  skipBlanks();
  const std::size_t begin = at;
  const bool negative = text.substr(at).starts_with('-');
  if (negative || text.substr(at).starts_with('+')) ++at;
  const bool isHex = text.substr(at).starts_with("0x") || text.substr(at).starts_with("0X");
  if (isHex) at += 2;
  std::string digits;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    const bool isDigit =
        (c >= '0' && c <= '9') || (isHex && ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F')));
    if (isDigit)
      digits += c;
    else if (c != '_' || digits.empty())
      break;
  }
  if (digits.empty())
    return problemAt(text, at,
                     (isHex ? "expected a hexadecimal digit, found " : "expected a whole number, found ") +
                         foundAt(text, at));
  const std::size_t end = at;
  skipBlanks();
  if (at != text.size())
    return problemAt(text, at, "expected the end of the number, found " + foundAt(text, at));

  std::uint64_t magnitude = 0;
  const auto parsed =
      std::from_chars(digits.data(), digits.data() + digits.size(), magnitude, isHex ? 16 : 10);
  const std::uint64_t largest = shape.isSigned ? ones(shape) >> 1 : ones(shape);
  const std::uint64_t most = !negative ? largest : shape.isSigned ? largest + 1 : 0;
  if (parsed.ec != std::errc() || magnitude > most)
    return problemAt(text, begin,
                     "expected " + rangeOf(shape) + ", found " +
                         (end - begin > kLongest ? std::to_string(digits.size()) + " digits"
                                                 : std::string(text.substr(begin, end - begin))));
  std::uint64_t value = negative ? 0 - magnitude : magnitude;
  bytes.assign(shape.size, '\0');
  for (char& byte : bytes) {
    byte = static_cast<char>(value & 0xff);
    value >>= 8;
  }
  if (shape.bigEndian) std::reverse(bytes.begin(), bytes.end());
  return std::nullopt;
}

}  // namespace retake
