#pragma once

#include <memory>
#include <string>

#include "base/byte_sink.h"

namespace retake::test {

// What is written, where a test can see it.
class SharedSink final : public ByteSink {
 public:
  explicit SharedSink(std::shared_ptr<std::string> bytes) : m_bytes(std::move(bytes)) {}
  Result<void> write(ByteView bytes) override {
    m_bytes->append(bytes);
    return {};
  }

 private:
  const std::shared_ptr<std::string> m_bytes;
};

}  // namespace retake::test
