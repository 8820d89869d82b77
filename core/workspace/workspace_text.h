#pragma once

#include <string_view>

// The lines at the top of a workspace file.
namespace retake {

inline constexpr std::string_view kWorkspaceHeader =
    "# How a recording is read and served: a workspace of Retake (proto/retake/workspace.proto).\n"
    "# Retake writes this file anew when something changes, and of comments keeps those at the top.\n";

}  // namespace retake
