#include "base/wire.h"

#include <array>
#include <cstring>

namespace retake {
namespace {

constexpr int kMaxGroupDepth = 100;

}  // namespace

WireCursor::Step WireCursor::readVarint(const char* at, const char* end, std::uint64_t& value) {
  value = 0;
  for (unsigned shift = 0; shift < 70; shift += 7) {
    if (at == end) return {nullptr, "a number is cut off"};
    const auto byte = static_cast<unsigned char>(*at++);
    value |= static_cast<std::uint64_t>(byte & 0x7fu) << shift;
    if (byte < 0x80) return {at, nullptr};
  }
  return {nullptr, "a number is longer than ten bytes"};
}

WireCursor::Step WireCursor::readField(const char* at, const char* end, WireField& field, int depth) {
  const char* const start = at;
  std::uint64_t tag = 0;
  Step step = readVarint(at, end, tag);
  if (step.failure) return step;
  if (tag > 0xffffffffu || (tag >> 3) == 0)
    return {nullptr, "a tag has a field number that protobuf does not allow"};
  at = step.to;
  field.number = static_cast<std::uint32_t>(tag >> 3);
  field.value = 0;
  field.bytes = {};
  switch (tag & 7) {
    case 0:
      field.type = WireType::Varint;
      step = readVarint(at, end, field.value);
      if (step.failure) return step;
      at = step.to;
      break;
    case 1:
    case 5: {
      const std::ptrdiff_t width = (tag & 7) == 1 ? 8 : 4;
      field.type = width == 8 ? WireType::Fixed64 : WireType::Fixed32;
      if (end - at < width) return {nullptr, "a fixed-width number is cut off"};
      for (std::ptrdiff_t i = 0; i < width; ++i)
        field.value |= static_cast<std::uint64_t>(static_cast<unsigned char>(at[i])) << (8 * i);
      at += width;
      break;
    }
    case 2: {
      std::uint64_t length = 0;
      step = readVarint(at, end, length);
      if (step.failure) return step;
      at = step.to;
      if (length > static_cast<std::uint64_t>(end - at))
        return {nullptr, "a field's length runs past the end"};
      field.type = WireType::Length;
      field.bytes = ByteView(at, static_cast<std::size_t>(length));
      at += length;
      break;
    }
    case 3: {
      if (depth >= kMaxGroupDepth) return {nullptr, "groups are nested too deep"};
      field.type = WireType::Group;
      const char* const content = at;
      for (;;) {
        std::uint64_t innerTag = 0;
        step = readVarint(at, end, innerTag);
        if (step.failure) return step;
        if ((innerTag & 7) == 4) {
          if (innerTag >> 3 != field.number) return {nullptr, "a group is closed by another field's end"};
          field.bytes = ByteView(content, static_cast<std::size_t>(at - content));
          at = step.to;
          break;
        }
        WireField inner;
        step = readField(at, end, inner, depth + 1);
        if (step.failure) return step;
        at = step.to;
      }
      break;
    }
    case 4:
      return {nullptr, "a group ends that was never begun"};
    default:
      return {nullptr, "a tag has an unknown wire type"};
  }
  field.raw = ByteView(start, static_cast<std::size_t>(at - start));
  return {at, nullptr};
}

bool isWireMessage(ByteView bytes) {
  WireCursor cursor(bytes);
  WireField field;
  while (cursor.next(field)) {
  }
  return !cursor.failed();
}

void appendLongVarint(std::string& out, std::uint64_t value) {
  std::array<char, 10> bytes;  // the most that 64 bits take
  std::size_t size = 0;
  for (; value >= 0x80; value >>= 7) bytes[size++] = static_cast<char>(value | 0x80);
  bytes[size++] = static_cast<char>(value);
  out.append(bytes.data(), size);
}

void appendTag(std::string& out, std::uint32_t number, WireType type) {
  appendVarint(out, static_cast<std::uint64_t>(number) << 3 | static_cast<std::uint64_t>(type));
}

void appendVarintField(std::string& out, std::uint32_t number, std::uint64_t value) {
  appendTag(out, number, WireType::Varint);
  appendVarint(out, value);
}

void appendBytesField(std::string& out, std::uint32_t number, ByteView bytes) {
  out.reserve(out.size() + bytes.size() + 15);  // the most that a tag and a length take
  appendTag(out, number, WireType::Length);
  appendVarint(out, bytes.size());
  out.append(bytes);
}

void appendPairField(std::string& out, std::uint32_t number, ByteView first, ByteView second) {
  const auto sizeOf = [](ByteView bytes) {
    return bytes.empty() ? 0 : 1 + varintSize(bytes.size()) + bytes.size();
  };
  const std::size_t size = sizeOf(first) + sizeOf(second);
  out.reserve(out.size() + size + 15);
  appendTag(out, number, WireType::Length);
  appendVarint(out, size);
  if (!first.empty()) appendBytesField(out, 1, first);
  if (!second.empty()) appendBytesField(out, 2, second);
}

}  // namespace retake
