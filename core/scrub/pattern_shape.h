#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace retake {

// What every match of a pattern has, as far as the pattern's text tells: never more than is so.
struct PatternShape {
  std::size_t least = 0;            // bytes of a match
  std::array<bool, 256> holds{};    // the bytes that a match is made of
  std::array<bool, 256> isInAll{};  // those of them that are in every match

  bool isAscii() const;       // nothing else is in a match
  std::size_t kinds() const;  // how many bytes it is made of
};

// Of a pattern that RE2 takes (its syntax: github.com/google/re2/wiki/Syntax), UTF-8, whose anchors are taken
// for nothing. What it does not know makes it a pattern of any bytes, empty ones too.
PatternShape shapeOf(std::string_view pattern);

}  // namespace retake
