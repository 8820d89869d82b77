#pragma once

#include <bit>
#include <cstdint>
#include <optional>
#include <string>

#include "base/bytes.h"

// The protobuf wire format, field by field, without a schema.
// Source: protobuf.dev/programming-guides/encoding.
namespace retake {

enum class WireType : std::uint8_t { Varint = 0, Fixed64 = 1, Length = 2, Group = 3, Fixed32 = 5 };

struct WireField {
  std::uint32_t number = 0;
  WireType type = WireType::Varint;
  std::uint64_t value = 0;  // Varint, Fixed64, Fixed32
  ByteView bytes;           // Length: the payload. Group: what stands between its tags
  ByteView raw;             // the whole field, tag included
};

// Walks the fields of `bytes`. Never reads outside of them; groups nest 100 deep at most, as in
// protobuf's own parsers.
class WireCursor {
 public:
  explicit WireCursor(ByteView bytes) : m_begin(bytes.data()), m_at(m_begin), m_end(m_begin + bytes.size()) {}

  // The next field; empty at the end, and at the first byte that is no field: then failed().
  std::optional<WireField> next() {
    WireField field;
    return next(field) ? std::optional(field) : std::nullopt;
  }
  // The same, false in place of empty.
  bool next(WireField& field) {
    // A tag of one byte with a number or a length behind it is nearly every field there is. To have that
    // case here, without a call, lets a recording load in half the time.
    const char* at = m_at;
    if (m_end - at >= 2) {
      const auto tag = static_cast<unsigned char>(*at++);
      std::uint64_t value = 0;
      for (unsigned shift = 0; at != m_end && shift < 28; shift += 7) {
        const auto byte = static_cast<unsigned char>(*at++);
        value |= static_cast<std::uint64_t>(byte & 0x7fu) << shift;
        if (byte >= 0x80) continue;
        if (tag < 8 || tag >= 0x80) break;
        if ((tag & 7u) == 2 && value <= static_cast<std::uint64_t>(m_end - at)) {
          field.type = WireType::Length;
          field.bytes = {at, value};
          field.value = 0;
          at += value;
        } else if ((tag & 7u) == 0) {
          field.type = WireType::Varint;
          field.bytes = {};
          field.value = value;
        } else {
          break;
        }
        field.number = tag >> 3u;
        field.raw = {m_at, static_cast<std::size_t>(at - m_at)};
        m_at = at;
        return true;
      }
    }
    if (m_at == m_end || m_failure) return false;
    const Step step = readField(m_at, m_end, field, 0);
    m_failure = step.failure;
    if (!m_failure) m_at = step.to;
    return !m_failure;
  }

  bool failed() const { return m_failure != nullptr; }
  // What was wrong; offset() is where the field begins that cannot be read (bytes from the start).
  const char* failure() const { return m_failure; }
  std::size_t offset() const { return static_cast<std::size_t>(m_at - m_begin); }

 private:
  // Behind what was read, or why it could not be.
  struct Step {
    const char* to = nullptr;
    const char* failure = nullptr;
  };
  // Static, and the Step by value: a cursor whose address nobody has lives in registers.
  static Step readVarint(const char* at, const char* end, std::uint64_t& value);
  static Step readField(const char* at, const char* end, WireField& field, int depth);

  const char* m_begin;
  const char* m_at;
  const char* m_end;
  const char* m_failure = nullptr;
};

// Bytes that a number takes.
constexpr std::size_t varintSize(std::uint64_t value) {
  return (static_cast<std::size_t>(std::bit_width(value | 1)) + 6) / 7;
}

// True when all of `bytes` are fields (an empty message is one).
bool isWireMessage(ByteView bytes);

void appendLongVarint(std::string& out, std::uint64_t value);  // appendVarint() of several bytes
// Most are of one byte.
inline void appendVarint(std::string& out, std::uint64_t value) {
  if (value < 0x80)
    out.push_back(static_cast<char>(value));
  else
    appendLongVarint(out, value);
}
void appendTag(std::string& out, std::uint32_t number, WireType type);
void appendVarintField(std::string& out, std::uint32_t number, std::uint64_t value);
void appendBytesField(std::string& out, std::uint32_t number, ByteView bytes);
// A message of two fields of bytes, 1 and 2, which are left out where they are empty: a google.protobuf.Any,
// an entry of a map.
void appendPairField(std::string& out, std::uint32_t number, ByteView first, ByteView second);

}  // namespace retake
