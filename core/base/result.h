#pragma once

#include <cassert>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace retake {

// Why something could not be done. `message` is one sentence for people: thing, place, what was
// expected, what was found. Place is in the message already; `offset` (bytes from the start of
// the input) and `entry` (1-based) repeat it for programs.
struct Error {
  std::string message;
  std::optional<std::uint64_t> offset = {};
  std::optional<std::uint64_t> entry = {};
};

// A value or an Error, shaped like std::expected, which GCC 12 lacks under C++20 and clang 14
// lacks altogether.
template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : m_state(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : m_state(std::in_place_index<1>, std::move(error)) {}

  bool has_value() const { return m_state.index() == 0; }
  explicit operator bool() const { return has_value(); }

  T& value() & { return *std::get_if<0>(checked()); }
  const T& value() const& { return *std::get_if<0>(checked()); }
  T&& value() && { return std::move(*std::get_if<0>(checked())); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  const Error& error() const {
    assert(!has_value());
    return *std::get_if<1>(&m_state);
  }

 private:
  std::variant<T, Error>* checked() {
    assert(has_value());
    return &m_state;
  }
  const std::variant<T, Error>* checked() const {
    assert(has_value());
    return &m_state;
  }

  std::variant<T, Error> m_state;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : m_error(std::move(error)) {}

  bool has_value() const { return !m_error; }
  explicit operator bool() const { return has_value(); }
  const Error& error() const {
    assert(m_error);
    return *m_error;
  }

 private:
  std::optional<Error> m_error;
};

}  // namespace retake
