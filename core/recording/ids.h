#pragma once

#include <compare>
#include <cstdint>
#include <functional>

namespace retake {

// Names an entry for as long as its recording is open, whatever is inserted or removed around it.
// A recording that was just read numbers its entries from 1. 0 names none.
struct EntryId {
  std::uint32_t value = 0;

  explicit operator bool() const { return value != 0; }
  auto operator<=>(const EntryId&) const = default;
};

}  // namespace retake

template <>
struct std::hash<retake::EntryId> {
  std::size_t operator()(retake::EntryId id) const noexcept { return id.value; }
};
