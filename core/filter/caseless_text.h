#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace re2 {
class RE2;
}

namespace retake {

// Looks for a text, whatever its case: ASCII letters at the speed of memory, others as Unicode folds them.
class CaselessText {
 public:
  explicit CaselessText(std::string_view needle);

  const std::string& needle() const { return m_needle; }
  bool occursIn(std::string_view text) const;
  bool equals(std::string_view text) const;

 private:
  bool occursInAscii(std::string_view text) const;

  std::string m_needle;                     // ASCII letters lower
  std::shared_ptr<const re2::RE2> m_other;  // where the needle has more than ASCII
  // Two bytes of the needle that are looked for first, those that occur least in messages.
  std::size_t m_first = 0;
  std::size_t m_second = 0;
};

// ASCII letters lower, all else as it is.
std::string asciiLower(std::string_view text);
bool equalsIgnoringCase(std::string_view a, std::string_view b);  // of ASCII

}  // namespace retake
