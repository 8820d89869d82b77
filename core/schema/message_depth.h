#pragma once

namespace retake {

// Protobuf's parsers refuse what nests deeper.
inline constexpr int kMaxMessageDepth = 100;

}  // namespace retake
