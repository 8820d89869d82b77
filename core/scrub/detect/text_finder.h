#pragma once

#include <bitset>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "scrub/detect/shape.h"

namespace retake {

inline constexpr std::size_t kMaxDetectors = 128;
// By index into secretDetectors().
using DetectorSet = std::bitset<kMaxDetectors>;

// Its index; kMaxDetectors when there is none of that id.
std::size_t detectorIndex(std::string_view id);

struct TextFind {
  std::size_t detector = 0;  // index into secretDetectors()
  std::size_t at = 0;
  std::size_t size = 0;
  const Shape* shape = nullptr;  // null: by its field, or by chance alone
};

// Finds secrets in one text. All shapes, ready to be looked for; made once. Safe to use from any number of
// threads.
class TextFinder {
 public:
  static const TextFinder& get();

  // What is in a text that stands at `place`, by place; none overlaps another.
  std::vector<TextFind> find(std::string_view text, const TextContext& place,
                             const DetectorSet& wanted) const;
  // False: no text within these bytes holds anything that find() would find by what is in the text, nor would
  // one that is base64, hexadecimal, URL-escaped or JSON within them.
  bool mayHold(ByteView bytes) const;

 private:
  TextFinder();
  ~TextFinder();
  struct State;
  const State* m_state;
};

}  // namespace retake
