#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace retake {

// Where a text stands, as far as that says what it is.
struct TextContext {
  std::string_view name = {};         // of the nearest field, JSON key or metadata key
  std::string_view messageName = {};  // of the message that has the field, without its package
};

// A match of a shape's pattern, to be judged.
struct ShapeMatch {
  std::string_view text;   // all of it
  std::string_view value;  // the pattern's first group, or what it matches; within `text`
  const TextContext& place;

  // The byte before and behind the value; 0 at the ends.
  char before() const { return value.data() == text.data() ? '\0' : value.data()[-1]; }
  char behind() const {
    const char* end = value.data() + value.size();
    return end == text.data() + text.size() ? '\0' : *end;
  }
};

// Something that is known by how it is written. Several shapes may be found by one detector.
struct Shape {
  std::string_view detector;  // its id
  // RE2, cheap: where it does not match, `pattern` does not either. What is looked for in every byte.
  std::string_view hint;
  std::string_view pattern;                            // RE2; its first group is the value, where it has one
  bool (*accepts)(const ShapeMatch& match) = nullptr;  // null: always
};

// By file; a shape that stands before another one wins where both match.
std::span<const Shape> tokenShapes();       // keys and tokens that say whose they are
std::span<const Shape> credentialShapes();  // whatever stands where a secret must
std::span<const Shape> personalShapes();    // e-mail, phone, IBAN, card number, IP address
std::span<const Shape> nationalIdShapes();

// Hints of what has no letters to look for (byte_features.h): six digits or more, a token of letters and
// digits, dots or colons between numbers.
inline constexpr std::string_view kDigitsHint = "<digits>";
inline constexpr std::string_view kTokenHint = "<token>";
inline constexpr std::string_view kAddressHint = "<address>";

}  // namespace retake
