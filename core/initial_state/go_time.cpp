#include "initial_state/go_time.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "initial_state/civil_time.h"

namespace retake {
namespace {

constexpr std::int64_t kDay = 86'400;
constexpr std::int32_t kSecond = 1'000'000'000;  // in nanoseconds
__extension__ using Wide = __int128;
constexpr std::size_t kVersion1 = 15;
constexpr std::size_t kVersion2 = 16;

std::uint64_t bigEndian(ByteView bytes) {
  std::uint64_t value = 0;
  for (const char c : bytes) value = value << 8 | static_cast<unsigned char>(c);
  return value;
}

void appendBigEndian(std::string& out, std::uint64_t value, int size) {
  for (int shift = 8 * (size - 1); shift >= 0; shift -= 8) out += static_cast<char>(value >> shift & 0xff);
}

template <typename... Numbers>
std::string format(const char* how, Numbers... numbers) {
  char text[64];
  std::snprintf(text, sizeof text, how, numbers...);
  return text;
}

std::string offsetText(std::int32_t seconds) {
  const int size = std::abs(seconds);
  std::string text = format("%c%02d:%02d", seconds < 0 ? '-' : '+', size / 3600, size / 60 % 60);
  if (size % 60 != 0) text += format(":%02d", size % 60);
  return text;
}

// Whether Go writes a zone of that offset; else why not.
const char* unwritable(std::int32_t offset) {
  const std::int32_t minutes = offset / 60;
  if (minutes == -1) return "that Go can write: a minute west of UTC is how it writes UTC itself";
  if (minutes < -32768 || minutes > 32767) return "of at most 546 hours";
  return nullptr;
}

// Reads RFC 3339 from left to right; the first thing that is wrong stays.
class Reader {
 public:
  explicit Reader(std::string_view text) : m_text(text) {
    skipBlanks();
    m_begin = m_at;
  }

  std::optional<TextProblem> run(GoTime& time) {
    CivilDate date;
    year(date.year);
    expect("-", "a \"-\" behind the year");
    number(date.month, 2, 1, 12, "a month, 01 to 12");
    expect("-", "a \"-\" behind the month");
    const int last = m_problem ? 31 : daysInMonth(date.year, date.month);
    number(date.day, 2, 1, last, "a day of that month, 01 to " + std::to_string(last));
    expect("Tt ", "a \"T\" and the time of day");
    int hour = 0, minute = 0, second = 0;
    number(hour, 2, 0, 23, "an hour, 00 to 23");
    expect(":", "a \":\" behind the hour");
    number(minute, 2, 0, 59, "a minute, 00 to 59");
    expect(":", "a \":\" behind the minute");
    number(second, 2, 0, 59, "a second, 00 to 59");
    time.nanoseconds = 0;
    if (take(".")) fraction(time.nanoseconds);
    zone(time.offsetSeconds);
    skipBlanks();
    if (m_at != m_text.size()) fail(m_at, "expected the end of the time, found " + foundAt(m_text, m_at));
    if (m_problem) return m_problem;
    const std::int64_t ofDay = hour * 3600 + minute * 60 + second - time.offsetSeconds.value_or(0);
    const Wide seconds = static_cast<Wide>(dayOfDate(date)) * kDay + ofDay;
    time.seconds = static_cast<std::int64_t>(seconds);
    if (time.seconds != seconds)
      fail(m_begin, "expected a time whose seconds fit 64 bits, as Go counts them, found another");
    return m_problem;
  }

 private:
  void fail(std::size_t at, std::string message) {
    if (!m_problem) m_problem = problemAt(m_text, at, std::move(message));
  }
  void skipBlanks() {
    while (m_at < m_text.size() && isBlank(m_text[m_at])) ++m_at;
  }
  bool take(std::string_view any) {
    if (m_at == m_text.size() || any.find(m_text[m_at]) == any.npos) return false;
    ++m_at;
    return true;
  }
  void expect(std::string_view any, const char* what) {
    if (!take(any)) fail(m_at, std::string("expected ") + what + ", found " + foundAt(m_text, m_at));
  }
  std::size_t digits() const {
    std::size_t count = 0;
    while (m_at + count < m_text.size() && m_text[m_at + count] >= '0' && m_text[m_at + count] <= '9')
      ++count;
    return count;
  }
  std::string_view word(std::size_t size) {
    m_at += size;
    return m_text.substr(m_at - size, size);
  }
  static std::int64_t value(std::string_view digits) {
    std::int64_t number = 0;
    for (const char c : digits) number = number * 10 + (c - '0');
    return number;
  }

  void year(std::int64_t& year) {
    const std::size_t begin = m_at;
    const bool negative = take("-");
    if (!negative) take("+");
    const std::size_t size = digits();
    // Twelve digits reach past what 64 bits of seconds do.
    if (size < 4 || size > 12)
      return fail(
          begin,
          "expected a time such as 2006-01-02T15:04:05Z, which begins with a year of four "
          "digits, found " +
              (size == 0 ? foundAt(m_text, m_at) : '"' + std::string(word(size > 40 ? 40 : size)) + '"'));
    year = value(word(size)) * (negative ? -1 : 1);
  }
  template <typename Text>
  void number(int& out, std::size_t size, int least, int most, const Text& what) {
    if (m_problem) return;
    const std::size_t begin = m_at;
    const std::size_t found = digits();
    const bool right = found == size;
    if (right) out = static_cast<int>(value(word(size)));
    if (right && out >= least && out <= most) return;
    fail(begin,
         "expected " + std::string(what) + ", found " +
             (found == 0 ? foundAt(m_text, begin)
                         : '"' + std::string(m_text.substr(begin, std::min<std::size_t>(found, 40))) + '"'));
  }
  void fraction(std::int32_t& nanoseconds) {
    const std::size_t size = digits();
    if (size == 0 || size > 9)
      return fail(m_at, "expected one to nine digits of a second, found " +
                            (size == 0 ? foundAt(m_text, m_at) : std::to_string(size)));
    std::string padded(word(size));
    padded.resize(9, '0');
    nanoseconds = static_cast<std::int32_t>(value(padded));
  }
  void zone(std::optional<std::int32_t>& offset) {
    offset.reset();
    if (m_problem || take("Zz")) return;
    const std::size_t begin = m_at;
    const bool west = take("-");
    if (!west && !take("+"))
      return fail(m_at, "expected a zone, Z or one such as +02:00, found " + foundAt(m_text, m_at));
    int hours = 0, minutes = 0, seconds = 0;
    const std::size_t size = digits() == 3 ? 3 : 2;
    number(hours, size, 0, 999, "the hours of the zone, as in +02:00");
    expect(":", "a \":\" behind the hours of the zone");
    number(minutes, 2, 0, 59, "the minutes of the zone, 00 to 59");
    if (take(":")) number(seconds, 2, 0, 59, "the seconds of the zone, 00 to 59");
    const std::int32_t total = hours * 3600 + minutes * 60 + seconds;
    offset = west ? -total : total;
    if (const char* why = unwritable(*offset))
      fail(begin, std::string("expected a zone ") + why + ", found " + offsetText(*offset));
  }

  std::string_view m_text;
  std::size_t m_at = 0;
  std::size_t m_begin = 0;
  std::optional<TextProblem> m_problem;
};

}  // namespace

Result<GoTime> readGoTime(ByteView bytes) {
  if (bytes.empty()) return Error{"expected the 15 or 16 bytes of a Go time, found none"};
  const int version = static_cast<unsigned char>(bytes[0]);
  if (version != 1 && version != 2)
    return Error{"byte 0: expected 1 or 2, the version of a Go time, found " + std::to_string(version)};
  const std::size_t size = version == 1 ? kVersion1 : kVersion2;
  if (bytes.size() != size)
    return Error{"expected " + std::to_string(size) + " bytes of a Go time of version " +
                 std::to_string(version) + ", found " + std::to_string(bytes.size())};
  GoTime time;
  time.seconds = static_cast<std::int64_t>(bigEndian(bytes.substr(1, 8)));
  const std::uint64_t nanoseconds = bigEndian(bytes.substr(9, 4));
  if (nanoseconds >= kSecond)
    return Error{"byte 9: expected at most 999999999 nanoseconds, found " + std::to_string(nanoseconds)};
  time.nanoseconds = static_cast<std::int32_t>(nanoseconds);
  const auto minutes = static_cast<std::int16_t>(bigEndian(bytes.substr(13, 2)));
  if (version == 1) {
    if (minutes != -1) time.offsetSeconds = minutes * 60;
    return time;
  }
  const int seconds = static_cast<signed char>(bytes[15]);
  if (minutes == -1)
    return Error{"byte 13: expected a zone of version 2, which has seconds, found -1, which is UTC"};
  if (seconds == 0 || std::abs(seconds) > 59 || (minutes != 0 && (minutes < 0) != (seconds < 0)))
    return Error{"byte 15: expected 1 to 59 seconds of the zone, with the sign of its minutes (" +
                 std::to_string(minutes) + "), found " + std::to_string(seconds)};
  time.offsetSeconds = minutes * 60 + seconds;
  return time;
}

Result<std::string> writeGoTime(const GoTime& time) {
  const std::int32_t offset = time.offsetSeconds.value_or(-60);
  if (time.offsetSeconds)
    if (const char* why = unwritable(offset))
      return Error{std::string("expected a zone ") + why + ", found " + offsetText(offset)};
  const std::int32_t seconds = offset % 60;
  std::string bytes(1, seconds == 0 ? '\1' : '\2');
  appendBigEndian(bytes, static_cast<std::uint64_t>(time.seconds), 8);
  appendBigEndian(bytes, static_cast<std::uint32_t>(time.nanoseconds), 4);
  appendBigEndian(bytes, static_cast<std::uint16_t>(offset / 60), 2);
  if (seconds != 0) bytes += static_cast<char>(seconds);
  return bytes;
}

std::string goTimeText(const GoTime& time) {
  // Split first: the offset added to the seconds of all time may not fit.
  std::int64_t days = time.seconds / kDay;
  std::int64_t ofDay = time.seconds % kDay + time.offsetSeconds.value_or(0);
  days += ofDay / kDay;
  ofDay %= kDay;
  if (ofDay < 0) {
    ofDay += kDay;
    --days;
  }
  const CivilDate date = dateOfDay(days);
  const bool wide = date.year < 0 || date.year > 9999;
  std::string out = wide ? format("%+05lld", static_cast<long long>(date.year))
                         : format("%04lld", static_cast<long long>(date.year));
  out += format("-%02d-%02dT%02d:%02d:%02d", date.month, date.day, static_cast<int>(ofDay / 3600),
                static_cast<int>(ofDay / 60 % 60), static_cast<int>(ofDay % 60));
  if (time.nanoseconds != 0) {
    out += format(".%09d", static_cast<int>(time.nanoseconds));
    while (out.back() == '0') out.pop_back();
  }
  return out + (time.offsetSeconds ? offsetText(*time.offsetSeconds) : "Z");
}

std::optional<TextProblem> readGoTimeText(std::string_view text, GoTime& time) {
  return Reader(text).run(time);
}

GoTime inUtc(GoTime time) {
  time.offsetSeconds.reset();
  return time;
}

}  // namespace retake
