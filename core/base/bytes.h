#pragma once

#include <memory>
#include <string_view>

namespace retake {

// Bytes that someone else owns. Not text: any byte may occur.
using ByteView = std::string_view;

// Bytes together with whatever keeps them alive. Copying shares, never copies the bytes.
struct Blob {
  ByteView view;
  std::shared_ptr<const void> owner;
};

}  // namespace retake
