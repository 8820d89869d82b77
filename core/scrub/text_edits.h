#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "scrub/value_walk.h"

namespace retake {

// A text with edits, made in turns: each turn sees what the one before has left, and all of them together are
// known as edits of the text as it was. Views live as long as the text.
class EditedText {
 public:
  explicit EditedText(std::string_view original) : m_original(original) {}

  bool isChanged() const { return !m_edits.empty(); }
  std::string_view original() const { return m_original; }
  std::string_view now() const { return isChanged() ? std::string_view(m_now) : m_original; }
  // Of the original; ascending, apart from each other.
  const std::vector<TextEdit>& edits() const { return m_edits; }

  // The whole of it.
  void set(std::string text);
  // Of now(): ascending, apart from each other.
  void apply(const std::vector<TextEdit>& edits);

 private:
  std::string_view m_original;
  std::string m_now;
  std::vector<TextEdit> m_edits;
};

std::string withEdits(std::string_view text, const std::vector<TextEdit>& edits);

}  // namespace retake
