#include "base/wire.h"

#include <cstring>

namespace retake {
namespace {

constexpr int kMaxGroupDepth = 100;

}  // namespace

bool WireCursor::readVarint(std::uint64_t& value) {
  value = 0;
  const char* at = m_at;
  for (int shift = 0; shift < 70; shift += 7) {
    if (at == m_end) {
      m_failure = "a number is cut off";
      return false;
    }
    const auto byte = static_cast<std::uint8_t>(*at++);
    value |= static_cast<std::uint64_t>(byte & 0x7f) << (shift < 64 ? shift : 63);
    if (byte < 0x80) {
      m_at = at;
      return true;
    }
  }
  m_failure = "a number is longer than ten bytes";
  return false;
}

bool WireCursor::readField(WireField& field, int depth) {
  const char* start = m_at;
  std::uint64_t tag = 0;
  if (!readVarint(tag)) return false;
  if (tag > 0xffffffffu || (tag >> 3) == 0) {
    m_failure = "a tag has a field number that protobuf does not allow";
    return false;
  }
  field.number = static_cast<std::uint32_t>(tag >> 3);
  field.value = 0;
  field.bytes = {};
  const auto left = [this] { return static_cast<std::size_t>(m_end - m_at); };
  switch (tag & 7) {
    case 0:
      field.type = WireType::Varint;
      if (!readVarint(field.value)) return false;
      break;
    case 1:
    case 5: {
      const std::size_t width = (tag & 7) == 1 ? 8 : 4;
      field.type = width == 8 ? WireType::Fixed64 : WireType::Fixed32;
      if (left() < width) {
        m_failure = "a fixed-width number is cut off";
        return false;
      }
      for (std::size_t i = 0; i < width; ++i)
        field.value |= static_cast<std::uint64_t>(static_cast<std::uint8_t>(m_at[i])) << (8 * i);
      m_at += width;
      break;
    }
    case 2: {
      std::uint64_t length = 0;
      if (!readVarint(length)) return false;
      if (length > left()) {
        m_failure = "a field's length runs past the end";
        return false;
      }
      field.type = WireType::Length;
      field.bytes = ByteView(m_at, static_cast<std::size_t>(length));
      m_at += length;
      break;
    }
    case 3: {
      if (depth >= kMaxGroupDepth) {
        m_failure = "groups are nested too deep";
        return false;
      }
      field.type = WireType::Group;
      const char* content = m_at;
      for (;;) {
        const char* before = m_at;
        std::uint64_t innerTag = 0;
        if (!readVarint(innerTag)) return false;
        if ((innerTag & 7) == 4) {
          if (innerTag >> 3 != field.number) {
            m_failure = "a group is closed by another field's end";
            return false;
          }
          field.bytes = ByteView(content, static_cast<std::size_t>(before - content));
          break;
        }
        m_at = before;
        WireField inner;
        if (!readField(inner, depth + 1)) return false;
      }
      break;
    }
    default:
      m_failure = (tag & 7) == 4 ? "a group ends that was never begun" : "a tag has an unknown wire type";
      return false;
  }
  field.raw = ByteView(start, static_cast<std::size_t>(m_at - start));
  return true;
}

std::optional<WireField> WireCursor::next() {
  if (m_at == m_end || failed()) return std::nullopt;
  const char* start = m_at;
  WireField field;
  if (readField(field, 0)) return field;
  m_at = start;
  return std::nullopt;
}

bool isWireMessage(ByteView bytes) {
  WireCursor cursor(bytes);
  while (cursor.next()) {
  }
  return !cursor.failed();
}

void appendVarint(std::string& out, std::uint64_t value) {
  while (value >= 0x80) {
    out.push_back(static_cast<char>(value | 0x80));
    value >>= 7;
  }
  out.push_back(static_cast<char>(value));
}

void appendTag(std::string& out, std::uint32_t number, WireType type) {
  appendVarint(out, static_cast<std::uint64_t>(number) << 3 | static_cast<std::uint64_t>(type));
}

void appendVarintField(std::string& out, std::uint32_t number, std::uint64_t value) {
  appendTag(out, number, WireType::Varint);
  appendVarint(out, value);
}

void appendBytesField(std::string& out, std::uint32_t number, ByteView bytes) {
  appendTag(out, number, WireType::Length);
  appendVarint(out, bytes.size());
  out.append(bytes);
}

}  // namespace retake
