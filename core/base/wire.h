#pragma once

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
  std::optional<WireField> next();

  bool failed() const { return m_failure != nullptr; }
  // What was wrong; offset() is where the field begins that cannot be read (bytes from the start).
  const char* failure() const { return m_failure; }
  std::size_t offset() const { return static_cast<std::size_t>(m_at - m_begin); }

 private:
  bool readVarint(std::uint64_t& value);
  bool readField(WireField& field, int depth);

  const char* m_begin;
  const char* m_at;
  const char* m_end;
  const char* m_failure = nullptr;
};

// True when all of `bytes` are fields (an empty message is one).
bool isWireMessage(ByteView bytes);

void appendVarint(std::string& out, std::uint64_t value);
void appendTag(std::string& out, std::uint32_t number, WireType type);
void appendVarintField(std::string& out, std::uint32_t number, std::uint64_t value);
void appendBytesField(std::string& out, std::uint32_t number, ByteView bytes);

}  // namespace retake
