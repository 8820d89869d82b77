#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/bytes.h"

namespace re2 {
class RE2;
}

namespace retake {

// Tells of bytes, without walking them, which of some patterns may match in a text that they hold, also where
// it is written in escapes of JSON or URLs, base64 or hex (encodings.h). May be wrong in saying so, never in
// not saying so. Immutable; safe to use from any number of threads.
class TextPrefilter {
 public:
  TextPrefilter();
  ~TextPrefilter();
  TextPrefilter(TextPrefilter&&) noexcept;
  TextPrefilter& operator=(TextPrefilter&&) noexcept;

  // Gives the number of the pattern (RE2), of which there is one however often it is added.
  std::size_t addPattern(const std::string& pattern);
  std::size_t addLiteral(const std::string& text);
  // No more is added.
  void finish();

  std::size_t size() const;
  // Sets hits[i] for each pattern i that may match; leaves the others as they are. `hits` has size() of them.
  void scan(ByteView bytes, std::vector<char>& hits) const;

 private:
  struct State;
  std::unique_ptr<State> m_state;
};

}  // namespace retake
