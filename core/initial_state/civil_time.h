#pragma once

#include <cstdint>

// Dates of the Gregorian calendar, as far as 64 bits of seconds reach; std::chrono's years end at 32767.
namespace retake {

struct CivilDate {
  std::int64_t year = 1;
  int month = 1;  // 1 to 12
  int day = 1;    // 1 to 31
};

// Days since 0001-01-01.
CivilDate dateOfDay(std::int64_t days);
// The date must be one of the calendar.
std::int64_t dayOfDate(const CivilDate& date);
int daysInMonth(std::int64_t year, int month);

}  // namespace retake
