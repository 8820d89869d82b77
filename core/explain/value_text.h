#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"

// Values of strings and bytes fields as one line of text.
namespace retake {

// Two values that differ, each in quotes; long ones around the first place where they do.
struct ValuePair {
  std::string recorded;
  std::string sent;
  std::uint64_t recordedSize = 0;  // bytes, when it is not shown whole
  std::uint64_t sentSize = 0;
};
ValuePair valuePair(ByteView recorded, ByteView sent, bool isText);

// One value; `size` gets its bytes when it is not shown whole.
std::string valueText(ByteView value, bool isText, std::uint64_t& size);

// Two texts as above, or any others, in at most about `limit` bytes together: around the first place where
// they differ, which is marked. No character and no escape sequence is cut in two.
void shortenPair(std::string& recorded, std::string& sent, std::size_t limit);
// The beginning of a text.
std::string shortened(const std::string& text, std::size_t limit);

// How much alike two values are: 1 where they are equal, 0 where they share neither beginning nor end.
double likenessOf(ByteView a, ByteView b);
// Of two numbers: under a half in any case, since another number is another thing.
double likenessOfNumbers(double a, double b);

}  // namespace retake
