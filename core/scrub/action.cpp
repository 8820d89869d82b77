#include "scrub/action.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <type_traits>

#include "base/utf8.h"
#include "schema/text.h"
#include "scrub/fakes.h"
#include "scrub/marks.h"
#include "scrub/time_shift.h"

namespace retake {
namespace {

using Action = ScrubAction::Kind;

// Where the last `count` characters begin.
std::size_t lastCharacters(std::string_view text, std::uint32_t count) {
  std::size_t at = text.size();
  for (; count > 0 && at > 0; --count) {
    --at;
    while (at > 0 && (static_cast<unsigned char>(text[at]) & 0xc0u) == 0x80u) --at;
  }
  return at;
}

// A star for each character.
std::string stars(std::string_view text) {
  const auto count = std::count_if(text.begin(), text.end(),
                                   [](char c) { return (static_cast<unsigned char>(c) & 0xc0u) != 0x80u; });
  return std::string(static_cast<std::size_t>(count), '*');
}

// A value of no more than `count` characters would be kept whole: none of it is.
std::string keepLast(std::string_view text, std::uint32_t count) {
  const std::size_t at = lastCharacters(text, count);
  if (at == 0) return stars(text);
  return stars(text.substr(0, at)) + std::string(text.substr(at));
}

// Beyond ASCII all are letters.
std::string mask(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x80) {
      if (byte >= 0xc0) out += '*';
    } else {
      const bool hides = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      out += hides ? '*' : c;
    }
  }
  return out;
}

template <typename Number>
Number parsed(std::string_view text) {
  Number value{};
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  return failure == std::errc() && end == text.data() + text.size() ? value : Number{};
}

// The last `count` decimal digits, where there are more.
template <typename Number>
Number lastDigits(Number value, std::uint32_t count) {
  Number power = 1;
  for (std::uint32_t i = 0; i < count; ++i) {
    if (value / power / 10 == 0) return 0;
    power = static_cast<Number>(power * 10);
  }
  return value % power;
}

// Kinds that a number can be as well: by their digits.
bool keepsDigits(FakeKind kind) { return kind == FakeKind::Phone || kind == FakeKind::CardNumber; }

template <typename Number>
Number fakeNumber(const ScrubKey& key, FakeKind kind, Number value) {
  if (keepsDigits(kind)) {
    const std::string fake = fakeText(key, kind, std::to_string(value));
    const auto number = parsed<Number>(fake);
    if (number != 0) return number;  // else it does not fit
  }
  if constexpr (std::is_signed_v<Number>)
    return fakeInteger(key, "fake", value);
  else
    return fakeNatural(key, "fake", value);
}

// The digits before an exponent.
double fakeReal(const ScrubKey& key, double value) {
  if (value == 0 || !std::isfinite(value)) return value;
  std::string text = doubleText(value);
  const std::size_t end = std::min(text.find('e'), text.size());
  text = fakeText(key, FakeKind::Number, std::string_view(text).substr(0, end)) + text.substr(end);
  const auto fake = parsed<double>(text);
  return std::isfinite(fake) && fake != 0 ? fake : 1;
}

// By every action but Hash.
template <typename Number>
Number changedNumber(const ScrubAction& action, const std::optional<ScrubKey>& key, Number value) {
  switch (action.kind) {
    case Action::Replace:
      return parsed<Number>(action.with);
    case Action::KeepLast:
      return lastDigits(value, action.count);
    case Action::Fake:
      return fakeNumber(*key, action.fake, value);
    case Action::ShiftTime:
      return shiftEpoch(value, action.shift);
    case Action::Redact:
    case Action::Remove:
    case Action::Mask:
    case Action::Hash:
      break;
  }
  return 0;
}

}  // namespace

Result<ScrubActor> ScrubActor::create(const ScrubAction& action, const ScrubKey* key) {
  ScrubActor actor;
  actor.m_action = action;
  if (key) actor.m_key = *key;
  if (!key && (action.kind == Action::Hash || action.kind == Action::Fake))
    return Error{std::string("expected a key (a file, or an environment variable) to ") +
                 (action.kind == Action::Hash ? "hash" : "fake") + " with, found none"};
  return actor;
}

bool ScrubActor::removes() const { return m_action.kind == Action::Remove; }

std::string ScrubActor::text(std::string_view value) const {
  if (m_action.kind == Action::Replace) return m_action.with;
  if (value.empty() || value == kRedacted) return std::string(value);
  switch (m_action.kind) {
    case Action::Redact:
      return std::string(kRedacted);
    case Action::Replace:
    case Action::Remove:
      return {};
    case Action::KeepLast:
      return keepLast(value, m_action.count);
    case Action::Mask:
      return mask(value);
    case Action::Hash:
      return hashToken(*m_key, value);
    case Action::Fake:
      return isHashToken(*m_key, value) ? std::string(value) : fakeText(*m_key, m_action.fake, value);
    case Action::ShiftTime:
      return shiftTimeText(value, m_action.shift);
  }
  return {};
}

std::string ScrubActor::bytes(ByteView value) const {
  if (m_action.kind == Action::Replace) return m_action.with;
  if (value.empty() || value == kRedacted) return std::string(value);
  switch (m_action.kind) {
    case Action::Redact:
    case Action::Replace:
    case Action::Remove:
      return {};
    case Action::KeepLast:
      if (isValidUtf8(value)) return keepLast(value, m_action.count);
      if (value.size() <= m_action.count) return std::string(value.size(), '*');
      return std::string(value.size() - m_action.count, '*') +
             std::string(value.substr(value.size() - m_action.count));
    case Action::Mask:
      return isValidUtf8(value) ? mask(value) : std::string(value.size(), '*');
    case Action::Hash:
      return hashToken(*m_key, value);
    case Action::Fake:
      return isHashToken(*m_key, value) ? std::string(value) : fakeBytes(*m_key, m_action.fake, value);
    case Action::ShiftTime:
      return shiftTimeBytes(value, m_action.shift);
  }
  return {};
}

std::int64_t ScrubActor::integer(std::int64_t value) const {
  if (m_action.kind == Action::Hash) return fakeInteger(*m_key, "hash", value);
  return changedNumber(m_action, m_key, value);
}

std::uint64_t ScrubActor::natural(std::uint64_t value) const {
  if (m_action.kind == Action::Hash) return fakeNatural(*m_key, "hash", value);
  return changedNumber(m_action, m_key, value);
}

double ScrubActor::real(double value) const {
  switch (m_action.kind) {
    case Action::Redact:
    case Action::Remove:
    case Action::Mask:
    case Action::KeepLast:
      return 0;
    case Action::Replace:
      return parsed<double>(m_action.with);
    case Action::Hash:
    case Action::Fake:
      return fakeReal(*m_key, value);
    case Action::ShiftTime:
      return shiftEpoch(value, m_action.shift);
  }
  return 0;
}

std::optional<ScrubActor::Time> ScrubActor::time(const Time& value) const {
  if (m_action.kind != Action::ShiftTime) return std::nullopt;
  return Time{shiftTimestamp(value.seconds, m_action.shift), value.nanos};
}

std::optional<std::string> ScrubActor::reverseText(std::string_view value) const {
  if (m_action.kind != Action::ShiftTime) return std::nullopt;
  return shiftTimeText(value, -m_action.shift);
}

std::optional<ScrubActor::Time> ScrubActor::reverseTime(const Time& value) const {
  if (m_action.kind != Action::ShiftTime) return std::nullopt;
  return Time{shiftTimestamp(value.seconds, -m_action.shift), value.nanos};
}

bool ScrubActor::isReversibleBySession() const {
  return m_action.kind == Action::Hash || m_action.kind == Action::Fake;
}

}  // namespace retake
