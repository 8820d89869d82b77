#pragma once

#include <string>
#include <string_view>

// The lines at the top of a workspace file.
namespace retake {

inline constexpr std::string_view kWorkspaceHeader =
    "# How a recording is read and served: a workspace of Retake (proto/retake/workspace.proto).\n"
    "# Retake writes this file anew when something changes, and of comments keeps those at the top.\n";

// The comment lines before anything else in `text`, without kWorkspaceHeader; each ends in "\n".
std::string leadingComment(std::string_view text);

}  // namespace retake
