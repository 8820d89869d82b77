#pragma once

#include <string>

#include "base/bytes.h"
#include "base/result.h"

namespace retake {

// Where a writer puts its bytes, in order. After an Error nothing more may be written.
class ByteSink {
 public:
  virtual ~ByteSink() = default;
  virtual Result<void> write(ByteView bytes) = 0;
};

class StringSink final : public ByteSink {
 public:
  Result<void> write(ByteView bytes) override {
    m_bytes.append(bytes);
    return {};
  }
  std::string take() { return std::move(m_bytes); }

 private:
  std::string m_bytes;
};

}  // namespace retake
