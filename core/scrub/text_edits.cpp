#include "scrub/text_edits.h"

namespace retake {

std::string withEdits(std::string_view text, const std::vector<TextEdit>& edits) {
  std::string out;
  std::size_t at = 0;
  for (const TextEdit& edit : edits) {
    out += text.substr(at, edit.offset - at);
    out += edit.text;
    at = edit.offset + edit.length;
  }
  return out += text.substr(at);
}

void EditedText::set(std::string text) {
  m_edits.assign(1, {0, m_original.size(), text});
  m_now = std::move(text);
}

void EditedText::apply(const std::vector<TextEdit>& edits) {
  if (edits.empty()) return;
  if (!isChanged()) {
    m_edits = edits;
    m_now = withEdits(m_original, m_edits);
    return;
  }
  // Old and new edits that touch become one. Places in the text as it was before this turn are called
  // "then"; an old edit stands there from its begin to begin + text.size().
  std::vector<TextEdit> merged;
  std::size_t oldAt = 0;
  std::size_t newAt = 0;
  std::ptrdiff_t shift = 0;  // from the original to "then", of what follows the old edits passed so far
  const auto toThen = [&](std::size_t original) {
    return static_cast<std::size_t>(static_cast<std::ptrdiff_t>(original) + shift);
  };
  const auto toOriginal = [&](std::size_t then) {
    return static_cast<std::size_t>(static_cast<std::ptrdiff_t>(then) - shift);
  };
  while (oldAt < m_edits.size() || newAt < edits.size()) {
    const bool oldFirst = oldAt < m_edits.size() &&
                          (newAt == edits.size() || toThen(m_edits[oldAt].offset) <= edits[newAt].offset);
    const std::size_t begin = oldFirst ? toThen(m_edits[oldAt].offset) : edits[newAt].offset;
    const std::size_t originalBegin = toOriginal(begin);
    std::size_t end = begin;
    const std::size_t firstNew = newAt;
    for (;;) {
      if (oldAt < m_edits.size() && toThen(m_edits[oldAt].offset) <= end) {
        const TextEdit& edit = m_edits[oldAt++];
        end = std::max(end, toThen(edit.offset) + edit.text.size());
        shift += static_cast<std::ptrdiff_t>(edit.text.size()) - static_cast<std::ptrdiff_t>(edit.length);
      } else if (newAt < edits.size() && edits[newAt].offset <= end) {
        end = std::max(end, edits[newAt].offset + edits[newAt].length);
        ++newAt;
      } else {
        break;
      }
    }
    TextEdit edit{originalBegin, toOriginal(end) - originalBegin, {}};
    std::size_t at = begin;
    for (std::size_t i = firstNew; i < newAt; ++i) {
      edit.text += std::string_view(m_now).substr(at, edits[i].offset - at);
      edit.text += edits[i].text;
      at = edits[i].offset + edits[i].length;
    }
    edit.text += std::string_view(m_now).substr(at, end - at);
    merged.push_back(std::move(edit));
  }
  m_edits = std::move(merged);
  m_now = withEdits(m_original, m_edits);
}

}  // namespace retake
