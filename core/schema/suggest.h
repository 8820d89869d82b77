#pragma once

#include <string>
#include <string_view>
#include <vector>

// Parts of sentences that say what was expected.
namespace retake {

// "; did you mean \"name\"?" of what is nearest to `name`, or nothing when none is near enough.
std::string didYouMean(std::string_view name, const std::vector<std::string>& all);
// "a, b, c and 4 more".
std::string someOf(const std::vector<std::string>& names);
// "an int32", "a string".
std::string withArticle(std::string_view type);

}  // namespace retake
