#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace retake {

// What Hash and Fake are keyed with. Never part of the rules, never logged or shown.
class ScrubKey {
 public:
  static constexpr std::size_t kMinBytes = 16;

  // An Error when there are fewer than kMinBytes.
  static Result<ScrubKey> fromBytes(std::string bytes);
  // The file's bytes, without a line end behind them.
  static Result<ScrubKey> fromFile(const std::string& path);
  static Result<ScrubKey> fromEnvironment(const std::string& variable);
  // A new one from the system's random numbers: good for one run.
  static ScrubKey random();

  // HMAC-SHA-256 (RFC 2104, FIPS 180-4), 32 bytes.
  std::string hmac(std::string_view purpose, std::string_view value) const;

 private:
  struct Pads;
  explicit ScrubKey(const std::string& bytes);
  std::shared_ptr<const Pads> m_pads;
};

}  // namespace retake
