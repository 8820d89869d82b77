#include "scrub/marks.h"

#include <algorithm>

namespace retake {
namespace {

// How many bytes of the beginning of `text` are a mark or a token.
std::size_t markLength(std::string_view text) {
  if (text.starts_with(kRedacted)) return kRedacted.size();
  if (!text.starts_with(kTokenPrefix)) return 0;
  const std::string_view symbols = text.substr(kTokenPrefix.size(), kTokenSymbols);
  if (symbols.size() < kTokenSymbols || symbols.find_first_not_of(kTokenAlphabet) != std::string_view::npos)
    return 0;
  return kTokenPrefix.size() + kTokenSymbols;
}

}  // namespace

std::vector<TextRange> scrubMarks(std::string_view text) {
  std::vector<TextRange> found;
  // Both kinds hold this word; finding it is quick.
  constexpr std::string_view kWord = kTokenPrefix.substr(0, kTokenPrefix.size() - 1);
  for (std::size_t at = 0; (at = text.find(kWord, at)) != std::string_view::npos;) {
    const std::size_t begin = at > 0 && text[at - 1] == '[' ? at - 1 : at;
    const std::size_t length = std::max(markLength(text.substr(begin)), markLength(text.substr(at)));
    if (length == 0) {
      at += kWord.size();
      continue;
    }
    const std::size_t from = markLength(text.substr(begin)) > 0 ? begin : at;
    found.push_back({from, from + length});
    at = from + length;
  }
  return found;
}

bool isScrubMark(std::string_view text) { return !text.empty() && markLength(text) == text.size(); }

}  // namespace retake
