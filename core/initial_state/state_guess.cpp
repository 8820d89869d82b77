#include "initial_state/state_guess.h"

#include <algorithm>
#include <array>

#include "base/wire.h"
#include "initial_state/civil_time.h"
#include "initial_state/go_time.h"
#include "initial_state/state_text.h"
#include "initial_state/type_fit.h"
#include "schema/json.h"
#include "schema/suggest.h"
#include "schema/text.h"
#include "schema/wire_guess.h"

namespace retake {
namespace {

using Kind = StateForm::Kind;

constexpr std::size_t kPreview = 120;
// What a clock has said or may say: RFC 3339's years, and zones as the earth has them.
constexpr std::int64_t kYear0 = -366 * 86'400LL;  // of GoTime::seconds
constexpr std::int64_t kYear10000 = 315'537'897'600;
constexpr std::int32_t kFarthestZone = 16 * 3600;
// 2012 to 2032 in seconds since 1970. A longer time would take more random numbers for moments: of 64 bits
// in nanoseconds, this one takes a thirtieth.
constexpr std::int64_t kSince = 1'325'376'000;
constexpr std::int64_t kUntil = 1'956'528'000;
// A larger state is not compared with every type of a schema.
constexpr std::size_t kMostFitted = 1 << 20;

std::string countOf(std::size_t count, const char* what) {
  return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

std::string onOneLine(std::string_view text) {
  std::string line;
  for (const char c : text.substr(0, 4 * kPreview))
    if (!isBlank(c) || (!line.empty() && line.back() != ' ')) line += isBlank(c) ? ' ' : c;
  while (line.ends_with(' ')) line.pop_back();
  const std::string_view kept = utf8Prefix(line, kPreview);
  return kept.size() < line.size() || text.size() > 4 * kPreview ? std::string(kept) + "…" : line;
}

class Guesser {
 public:
  Guesser(ByteView bytes, const Schema& schema) : m_bytes(bytes), m_schema(schema) {}

  std::optional<StateGuess> run() const {
    if (m_bytes.empty()) return std::nullopt;
    if (auto guess = goTime()) return guess;
    const std::array whole{m_bytes};
    const Guess payload = guessPayload(whole);
    if (payload == Guess::String && isPrintable(m_bytes)) return text();
    if (auto guess = knownMessage()) return guess;
    if (auto guess = integer()) return guess;
    if (payload == Guess::Message) return message("", "they can be read as fields of a message");
    return std::nullopt;
  }

 private:
  std::optional<StateGuess> guess(const StateForm& form, std::string reason) const {
    auto text = stateText(m_bytes, form, m_schema);
    if (!text) return std::nullopt;
    return StateGuess{form, onOneLine(*text), std::move(reason)};
  }

  std::optional<StateGuess> goTime() const {
    const auto time = readGoTime(m_bytes);
    if (!time || time->seconds < kYear0 || time->seconds >= kYear10000 ||
        std::abs(time->offsetSeconds.value_or(0)) > kFarthestZone)
      return std::nullopt;
    return guess({.kind = Kind::GoTime}, countOf(m_bytes.size(), "byte") +
                                             " as Go's time.MarshalBinary writes them, of the year " +
                                             goTimeText(*time).substr(0, 4));
  }

  std::optional<StateGuess> text() const {
    const auto first = std::find_if_not(m_bytes.begin(), m_bytes.end(), [](char c) { return isBlank(c); });
    if (first != m_bytes.end() && (*first == '{' || *first == '['))
      if (auto json = guess({.kind = Kind::Json},
                            *first == '{' ? "text that is a JSON object" : "text that is a JSON list"))
        return json;
    return guess({.kind = Kind::Utf8}, "printable text in UTF-8");
  }

  std::optional<StateGuess> message(const std::string& type, std::string reason) const {
    auto made = guess({.kind = Kind::Message, .type = type}, std::move(reason));
    if (made) made->text = onOneLine(toJsonPreview(m_schema, type, m_bytes, kPreview));
    return made;
  }

  // A message that the schema knows, or one of the types that every schema has.
  std::optional<StateGuess> knownMessage() const {
    if (const auto name = nameInAny())
      if (auto any = message("google.protobuf.Any", "its field 1 names a type, " + *name)) return any;
    const auto types = fittingTypes(m_bytes, m_schema);
    if (types.size() == 1)
      return message(types.front(), "of all messages of the schema this one alone has such fields");
    if (isTimestamp())
      return message("google.protobuf.Timestamp", "two numbers: a moment from 2012 to 2031, and nanoseconds");
    if (types.empty()) return std::nullopt;
    return message("",
                   countOf(types.size(), "message") + " of the schema have such fields: " + someOf(types));
  }

  std::optional<std::string> nameInAny() const {
    WireCursor cursor(m_bytes);
    WireField field;
    if (!cursor.next(field) || field.number != 1 || field.type != WireType::Length ||
        !isPrintable(field.bytes))
      return std::nullopt;
    const auto slash = field.bytes.rfind('/');
    if (slash == ByteView::npos || !m_schema.message(field.bytes.substr(slash + 1))) return std::nullopt;
    return std::string(field.bytes.substr(slash + 1));
  }

  bool isTimestamp() const {
    WireCursor cursor(m_bytes);
    WireField seconds, nanos;
    if (!cursor.next(seconds) || seconds.number != 1 || seconds.type != WireType::Varint) return false;
    const bool hasNanos = cursor.next(nanos);
    if (hasNanos && (nanos.number != 2 || nanos.type != WireType::Varint || nanos.value > 999'999'999))
      return false;
    return cursor.offset() == m_bytes.size() && isMoment(static_cast<std::int64_t>(seconds.value), 1);
  }

  static bool isMoment(std::int64_t number, std::int64_t perSecond) {
    return number >= kSince * perSecond && number < kUntil * perSecond;
  }

  std::optional<StateGuess> integer() const {
    const std::size_t size = m_bytes.size();
    if (size != 4 && size != 8) return std::nullopt;
    std::optional<StateGuess> best;
    for (const bool bigEndian : {false, true}) {
      auto found = integer({static_cast<std::uint8_t>(size), true, bigEndian});
      if (!found) continue;
      if (best) return std::nullopt;  // as good in either order
      best = std::move(found);
    }
    return best;
  }

  std::optional<StateGuess> integer(IntegerShape shape) const {
    const auto text = integerText(m_bytes, shape);
    const std::int64_t number = std::stoll(*text);
    const std::string order = shape.bigEndian ? "big-endian" : "little-endian";
    struct Unit {
      std::int64_t perSecond;
      const char* name;
    };
    constexpr std::array units{Unit{1, "seconds"}, Unit{1000, "milliseconds"},
                               Unit{1'000'000, "microseconds"}, Unit{1'000'000'000, "nanoseconds"}};
    for (const Unit& unit : units) {
      if (!isMoment(number, unit.perSecond)) continue;
      const GoTime time{.seconds = number / unit.perSecond + kGoUnixEpoch,
                        .nanoseconds = static_cast<std::int32_t>(number % unit.perSecond *
                                                                 (1'000'000'000 / unit.perSecond)),
                        .offsetSeconds = {}};
      return guess({.kind = Kind::Integer, .integer = shape},
                   order + ", it is " + goTimeText(time) + " in " + unit.name + " since 1970");
    }
    // Small for its width, so that half of the bytes say nothing.
    const std::int64_t bound = std::int64_t{1} << (shape.size * 4 - 1);
    if (number == 0 || number < -bound || number >= bound) return std::nullopt;
    shape.isSigned = number < 0;
    return guess({.kind = Kind::Integer, .integer = shape},
                 order + ", it is a small number for its " + countOf(shape.size, "byte"));
  }

  ByteView m_bytes;
  const Schema& m_schema;
};

}  // namespace

std::optional<StateGuess> guessState(ByteView bytes, const Schema& schema) {
  return Guesser(bytes, schema).run();
}

std::vector<std::string> fittingTypes(ByteView bytes, const Schema& schema) {
  std::vector<std::string> types;
  if (bytes.empty() || bytes.size() > kMostFitted || schema.isBuiltinOnly()) return types;
  for (std::string& name : schema.messageNames())
    if (const auto* type = schema.message(name); type && fitsType(bytes, *type))
      types.push_back(std::move(name));
  return types;
}

}  // namespace retake
