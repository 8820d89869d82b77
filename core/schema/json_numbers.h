#pragma once

#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>

// Numbers as JSON and protobuf's mapping of it write them.
namespace retake {

// A whole number: "12", "-3", and, as protobuf takes them, "1.0" and "1e3". Empty for anything else and
// for what does not fit T.
template <typename T>
std::optional<T> parseInteger(std::string_view text) {
  if (text.empty() || text.front() == '+' || text.find_first_not_of("0123456789+-.eE") != text.npos)
    return std::nullopt;
  const char* const end = text.data() + text.size();
  if (text.find_first_of(".eE") == text.npos) {
    const std::string_view digits = text.substr(text.front() == '-' ? 1 : 0);
    if (digits.size() > 1 && digits.front() == '0') return std::nullopt;
    if (digits == "0") return T{0};  // "-0" as well
    T value{};
    const auto parsed = std::from_chars(text.data(), end, value);
    if (parsed.ec != std::errc() || parsed.ptr != end) return std::nullopt;
    return value;
  }
  double value = 0;
  const auto parsed = std::from_chars(text.data(), end, value);
  if (parsed.ec != std::errc() || parsed.ptr != end || value != std::floor(value)) return std::nullopt;
  // The double nearest to the largest 64-bit number is one too large, so that bound is excluded.
  const double bound = std::ldexp(1.0, std::numeric_limits<T>::digits);
  if (value >= bound || value < (std::numeric_limits<T>::is_signed ? -bound : 0.0)) return std::nullopt;
  return static_cast<T>(value);
}

// A finite number; empty for what is none or too large. Too small a number is 0.
template <typename T>
std::optional<T> parseReal(std::string_view text) {
  if (text.empty() || text.find_first_not_of("0123456789+-.eE") != text.npos) return std::nullopt;
  T value{};
  const char* const end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, value);
  if (parsed.ptr != end || parsed.ec == std::errc::invalid_argument) return std::nullopt;
  if (parsed.ec == std::errc()) return value;
  // Out of range, at one end or the other: a wider type tells which.
  long double wide = 0;
  const auto again = std::from_chars(text.data(), end, wide);
  const bool small = again.ec == std::errc() ? std::fabs(wide) < 1
                                             : text.find("e-") != text.npos || text.find("E-") != text.npos;
  if (!small) return std::nullopt;
  return text.front() == '-' ? -T{0} : T{0};
}

}  // namespace retake
