#include "schema/scalar_text.h"

#include <bit>
#include <cmath>

#include "base/hex.h"
#include "schema/text.h"

namespace retake {
namespace {

using google::protobuf::FieldDescriptor;

constexpr std::size_t kMaxShown = 4096;

std::int64_t zigzag(std::uint64_t bits) { return static_cast<std::int64_t>((bits >> 1) ^ (~(bits & 1) + 1)); }

void appendHex(std::string& out, unsigned char c) {
  out += kHexDigits[c >> 4];
  out += kHexDigits[c & 15];
}

std::string enumText(const google::protobuf::EnumDescriptor& type, std::int32_t number) {
  const auto* value = type.FindValueByNumber(number);
  const std::string digits = std::to_string(number);
  return value ? value->name() + " (" + digits + ")" : digits;
}

// A size that people deal in, unlike what integers or hashes look like when read as a real number.
bool looksMeant(double value) {
  const double size = std::fabs(value);
  return size >= 1e-9 && size <= 1e15;
}

}  // namespace

bool fitsWireType(const FieldDescriptor& field, WireType type) {
  switch (field.type()) {
    case FieldDescriptor::TYPE_DOUBLE:
    case FieldDescriptor::TYPE_FIXED64:
    case FieldDescriptor::TYPE_SFIXED64:
      return type == WireType::Fixed64;
    case FieldDescriptor::TYPE_FLOAT:
    case FieldDescriptor::TYPE_FIXED32:
    case FieldDescriptor::TYPE_SFIXED32:
      return type == WireType::Fixed32;
    case FieldDescriptor::TYPE_GROUP:
      return type == WireType::Group;
    case FieldDescriptor::TYPE_STRING:
    case FieldDescriptor::TYPE_BYTES:
    case FieldDescriptor::TYPE_MESSAGE:
      return type == WireType::Length;
    default:
      return type == WireType::Varint;
  }
}

std::string scalarText(const FieldDescriptor& field, std::uint64_t bits) {
  switch (field.type()) {
    case FieldDescriptor::TYPE_INT32:
    case FieldDescriptor::TYPE_SFIXED32:
      return std::to_string(static_cast<std::int32_t>(bits));
    case FieldDescriptor::TYPE_INT64:
    case FieldDescriptor::TYPE_SFIXED64:
      return std::to_string(static_cast<std::int64_t>(bits));
    case FieldDescriptor::TYPE_UINT32:
    case FieldDescriptor::TYPE_FIXED32:
      return std::to_string(static_cast<std::uint32_t>(bits));
    case FieldDescriptor::TYPE_SINT32:
      return std::to_string(static_cast<std::int32_t>(zigzag(static_cast<std::uint32_t>(bits))));
    case FieldDescriptor::TYPE_SINT64:
      return std::to_string(zigzag(bits));
    case FieldDescriptor::TYPE_BOOL:
      return bits != 0 ? "true" : "false";
    case FieldDescriptor::TYPE_ENUM:
      return enumText(*field.enum_type(), static_cast<std::int32_t>(bits));
    case FieldDescriptor::TYPE_FLOAT:
      return floatText(std::bit_cast<float>(static_cast<std::uint32_t>(bits)));
    case FieldDescriptor::TYPE_DOUBLE:
      return doubleText(std::bit_cast<double>(bits));
    default:
      return std::to_string(bits);
  }
}

std::string defaultText(const FieldDescriptor& field) {
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      return stringText(field.default_value_string()).text;
    case FieldDescriptor::CPPTYPE_ENUM:
      return enumText(*field.enum_type(), field.default_value_enum()->number());
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return {};
    case FieldDescriptor::CPPTYPE_BOOL:
      return field.default_value_bool() ? "true" : "false";
    default:
      return "0";  // only map values come here, and those have no other default
  }
}

std::string wireText(WireType type, std::uint64_t bits) {
  std::string text = std::to_string(bits);
  if (type == WireType::Fixed32) {
    const float value = std::bit_cast<float>(static_cast<std::uint32_t>(bits));
    if (looksMeant(static_cast<double>(value))) text += " (float " + floatText(value) + ")";
  } else if (type == WireType::Fixed64) {
    const double value = std::bit_cast<double>(bits);
    if (looksMeant(value)) text += " (double " + doubleText(value) + ")";
  } else if (bits >> 63 != 0) {
    text += " (" + std::to_string(static_cast<std::int64_t>(bits)) + ")";
  }
  return text;
}

ShownValue stringText(ByteView text) {
  ShownValue shown;
  const std::string_view head = utf8Prefix(text, kMaxShown);
  shown.truncated = head.size() < text.size();
  for (std::size_t i = 0; i < head.size();) {
    const std::size_t valid = validUtf8(head.substr(i));
    for (const char c : head.substr(i, valid)) {
      const auto byte = static_cast<unsigned char>(c);
      if (c == '\n') {
        shown.text += "\\n";
      } else if (c == '\r') {
        shown.text += "\\r";
      } else if (c == '\t') {
        shown.text += "\\t";
      } else if (byte < 0x20 || byte == 0x7f) {
        shown.text += "\\x";
        appendHex(shown.text, byte);
      } else {
        shown.text += c;
      }
    }
    i += valid;
    if (i < head.size()) {
      shown.text += "\\x";
      appendHex(shown.text, static_cast<unsigned char>(head[i++]));
    }
  }
  return shown;
}

ShownValue bytesText(ByteView bytes) {
  if (!bytes.empty() && isPrintable(utf8Prefix(bytes, kMaxShown))) {
    ShownValue shown = stringText(bytes);
    shown.text = '"' + shown.text + '"';
    return shown;
  }
  ShownValue shown;
  const ByteView head = bytes.substr(0, kMaxShown / 3);
  shown.truncated = head.size() < bytes.size();
  for (const char c : head) {
    if (!shown.text.empty()) shown.text += ' ';
    appendHex(shown.text, static_cast<unsigned char>(c));
  }
  return shown;
}

}  // namespace retake
