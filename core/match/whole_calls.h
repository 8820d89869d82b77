#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "match/message_key.h"

namespace retake {

// What calls that are whole have to say, by where they stand: of what was cut off nobody needs what one of
// these has at least as much of.
class WholeCalls {
 public:
  // `answers` are the messages that the service sent. A `group` of kNone: none.
  void add(std::uint32_t queue, std::uint32_t group, std::uint32_t answers) {
    raise(m_byQueue, queue, answers + 1);
    raise(m_byGroup, group, answers + 1);
  }
  bool hold(std::uint32_t queue, std::uint32_t group, std::uint32_t answers) const {
    return at(m_byQueue, queue) > answers || at(m_byGroup, group) > answers;
  }
  // Of a method: one that begins with so many RECVs, 0 for others.
  void addOf(std::uint32_t method, std::uint32_t leading) { raise(m_byMethod, method, leading + 1); }
  bool anyOf(std::uint32_t method, std::uint32_t leading) const { return at(m_byMethod, method) > leading; }

 private:
  static constexpr std::uint32_t kNone = KeyTable::kNone;
  static void raise(std::vector<std::uint32_t>& list, std::uint32_t place, std::uint32_t value) {
    if (place == kNone) return;
    if (list.size() <= place) list.resize(std::size_t{place} + 1);
    list[place] = std::max(list[place], value);
  }
  static std::uint32_t at(const std::vector<std::uint32_t>& list, std::uint32_t place) {
    return place < list.size() ? list[place] : 0;
  }

  std::vector<std::uint32_t> m_byQueue;
  std::vector<std::uint32_t> m_byGroup;
  std::vector<std::uint32_t> m_byMethod;
};

}  // namespace retake
