#include "scrub/wire_numbers.h"

#include <bit>
#include <cmath>
#include <limits>

#include "schema/json_numbers.h"
#include "schema/text.h"

namespace retake {
namespace {

namespace pb = google::protobuf;

template <typename Signed>
std::uint64_t zigzag(Signed value) {
  using Unsigned = std::make_unsigned_t<Signed>;
  return static_cast<Unsigned>((static_cast<Unsigned>(value) << 1) ^
                               static_cast<Unsigned>(value >> (std::numeric_limits<Signed>::digits)));
}

std::int64_t fromZigzag(std::uint64_t bits) {
  return static_cast<std::int64_t>(bits >> 1) ^ -static_cast<std::int64_t>(bits & 1);
}

template <typename T>
std::optional<T> real(std::string_view text) {
  if (text == "NaN") return std::numeric_limits<T>::quiet_NaN();
  if (text == "Infinity") return std::numeric_limits<T>::infinity();
  if (text == "-Infinity") return -std::numeric_limits<T>::infinity();
  return parseReal<T>(text);
}

template <typename T>
std::optional<std::uint64_t> widened(std::optional<T> value) {
  if (!value) return std::nullopt;
  return static_cast<std::uint64_t>(static_cast<std::int64_t>(*value));
}

}  // namespace

std::string numberText(const pb::FieldDescriptor* field, std::uint64_t bits) {
  if (!field) return std::to_string(bits);
  switch (field->type()) {
    case pb::FieldDescriptor::TYPE_DOUBLE:
      return doubleText(std::bit_cast<double>(bits));
    case pb::FieldDescriptor::TYPE_FLOAT:
      return floatText(std::bit_cast<float>(static_cast<std::uint32_t>(bits)));
    case pb::FieldDescriptor::TYPE_INT64:
    case pb::FieldDescriptor::TYPE_SFIXED64:
      return std::to_string(static_cast<std::int64_t>(bits));
    case pb::FieldDescriptor::TYPE_INT32:
    case pb::FieldDescriptor::TYPE_SFIXED32:
    case pb::FieldDescriptor::TYPE_ENUM:
      return std::to_string(static_cast<std::int32_t>(bits));
    case pb::FieldDescriptor::TYPE_SINT32:
      return std::to_string(static_cast<std::int32_t>(fromZigzag(bits & 0xffffffffu)));
    case pb::FieldDescriptor::TYPE_SINT64:
      return std::to_string(fromZigzag(bits));
    case pb::FieldDescriptor::TYPE_UINT32:
    case pb::FieldDescriptor::TYPE_FIXED32:
      return std::to_string(static_cast<std::uint32_t>(bits));
    case pb::FieldDescriptor::TYPE_BOOL:
      return bits ? "1" : "0";
    default:
      return std::to_string(bits);
  }
}

std::optional<std::uint64_t> numberBits(const pb::FieldDescriptor* field, WireType type,
                                        std::string_view text) {
  if (!field) {
    if (type == WireType::Fixed32) {
      const auto value = parseInteger<std::uint32_t>(text);
      return value ? std::optional<std::uint64_t>(*value) : std::nullopt;
    }
    if (const auto value = parseInteger<std::uint64_t>(text)) return value;
    return widened(parseInteger<std::int64_t>(text));
  }
  switch (field->type()) {
    case pb::FieldDescriptor::TYPE_DOUBLE:
      if (const auto value = real<double>(text)) return std::bit_cast<std::uint64_t>(*value);
      return std::nullopt;
    case pb::FieldDescriptor::TYPE_FLOAT:
      if (const auto value = real<float>(text)) return std::bit_cast<std::uint32_t>(*value);
      return std::nullopt;
    case pb::FieldDescriptor::TYPE_INT64:
    case pb::FieldDescriptor::TYPE_SFIXED64:
      return widened(parseInteger<std::int64_t>(text));
    case pb::FieldDescriptor::TYPE_INT32:
    case pb::FieldDescriptor::TYPE_ENUM:
      return widened(parseInteger<std::int32_t>(text));
    case pb::FieldDescriptor::TYPE_SFIXED32:
      if (const auto value = parseInteger<std::int32_t>(text)) return static_cast<std::uint32_t>(*value);
      return std::nullopt;
    case pb::FieldDescriptor::TYPE_SINT32:
      if (const auto value = parseInteger<std::int32_t>(text)) return zigzag(*value);
      return std::nullopt;
    case pb::FieldDescriptor::TYPE_SINT64:
      if (const auto value = parseInteger<std::int64_t>(text)) return zigzag(*value);
      return std::nullopt;
    case pb::FieldDescriptor::TYPE_UINT32:
    case pb::FieldDescriptor::TYPE_FIXED32:
      if (const auto value = parseInteger<std::uint32_t>(text)) return *value;
      return std::nullopt;
    case pb::FieldDescriptor::TYPE_BOOL:
      if (text == "0" || text == "false") return 0;
      if (text == "1" || text == "true") return 1;
      return std::nullopt;
    default:
      return parseInteger<std::uint64_t>(text);
  }
}

void appendNumber(std::string& out, WireType type, std::uint64_t bits) {
  if (type == WireType::Varint) return appendVarint(out, bits);
  const unsigned width = type == WireType::Fixed64 ? 64 : 32;
  for (unsigned shift = 0; shift < width; shift += 8) out.push_back(static_cast<char>(bits >> shift));
}

WireType wireTypeOf(const pb::FieldDescriptor& field) {
  switch (field.type()) {
    case pb::FieldDescriptor::TYPE_DOUBLE:
    case pb::FieldDescriptor::TYPE_FIXED64:
    case pb::FieldDescriptor::TYPE_SFIXED64:
      return WireType::Fixed64;
    case pb::FieldDescriptor::TYPE_FLOAT:
    case pb::FieldDescriptor::TYPE_FIXED32:
    case pb::FieldDescriptor::TYPE_SFIXED32:
      return WireType::Fixed32;
    case pb::FieldDescriptor::TYPE_STRING:
    case pb::FieldDescriptor::TYPE_BYTES:
    case pb::FieldDescriptor::TYPE_MESSAGE:
      return WireType::Length;
    case pb::FieldDescriptor::TYPE_GROUP:
      return WireType::Group;
    default:
      return WireType::Varint;
  }
}

const google::protobuf::FieldDescriptor* fieldOf(const google::protobuf::Descriptor* type,
                                                 std::uint32_t number) {
  if (!type) return nullptr;
  if (const auto* field = type->FindFieldByNumber(static_cast<int>(number))) return field;
  if (!type->IsExtensionNumber(static_cast<int>(number))) return nullptr;
  return type->file()->pool()->FindExtensionByNumber(type, static_cast<int>(number));
}

}  // namespace retake
