#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

#include "replay/event.h"

// Events as a server logs them.
namespace retake::gui {

inline ReplayEvent called(std::uint32_t number, ReplayEvent::Outcome outcome = ReplayEvent::Outcome::Served) {
  ReplayEvent event;
  event.outcome = outcome;
  event.sequence = number;
  event.endpoint = "127.0.0.1:43211";
  event.method = "/shop.v1.Cart/Add";
  event.duration = std::chrono::microseconds(1200);
  if (outcome != ReplayEvent::Outcome::Missed) {
    event.call = EntryId{number * 2 - 1};
    event.callNumber = number;
  } else {
    event.statusCode = 2;
    event.text = "no call of this method is recorded\nnearest: #3";
  }
  return event;
}

inline std::vector<ReplayEvent> calls(std::uint32_t first, std::uint32_t count) {
  std::vector<ReplayEvent> events;
  for (std::uint32_t i = 0; i < count; ++i) events.push_back(called(first + i));
  return events;
}

}  // namespace retake::gui
