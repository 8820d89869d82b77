#include "initial_state/type_fit.h"

#include <google/protobuf/descriptor.h>

#include "base/utf8.h"
#include "base/wire.h"

namespace retake {
namespace {

using google::protobuf::FieldDescriptor;

constexpr int kMaxDepth = 32;

WireType wireTypeOf(const FieldDescriptor& field) {
  switch (field.type()) {
    case FieldDescriptor::TYPE_DOUBLE:
    case FieldDescriptor::TYPE_FIXED64:
    case FieldDescriptor::TYPE_SFIXED64:
      return WireType::Fixed64;
    case FieldDescriptor::TYPE_FLOAT:
    case FieldDescriptor::TYPE_FIXED32:
    case FieldDescriptor::TYPE_SFIXED32:
      return WireType::Fixed32;
    case FieldDescriptor::TYPE_STRING:
    case FieldDescriptor::TYPE_BYTES:
    case FieldDescriptor::TYPE_MESSAGE:
      return WireType::Length;
    case FieldDescriptor::TYPE_GROUP:
      return WireType::Group;
    default:
      return WireType::Varint;
  }
}

bool fitsVarint(std::uint64_t value, const FieldDescriptor& field) {
  const auto asSigned = static_cast<std::int64_t>(value);
  switch (field.type()) {
    case FieldDescriptor::TYPE_BOOL:
      return value <= 1;
    case FieldDescriptor::TYPE_INT32:
      return asSigned >= INT32_MIN && asSigned <= INT32_MAX;
    case FieldDescriptor::TYPE_UINT32:
    case FieldDescriptor::TYPE_SINT32:
      return value <= UINT32_MAX;
    case FieldDescriptor::TYPE_ENUM:
      return asSigned >= INT32_MIN && asSigned <= INT32_MAX &&
             field.enum_type()->FindValueByNumber(static_cast<int>(asSigned)) != nullptr;
    default:
      return true;
  }
}

bool fitsPacked(ByteView bytes, const FieldDescriptor& field) {
  switch (wireTypeOf(field)) {
    case WireType::Fixed64:
      return !bytes.empty() && bytes.size() % 8 == 0;
    case WireType::Fixed32:
      return !bytes.empty() && bytes.size() % 4 == 0;
    default:
      break;
  }
  // Numbers one behind another: the last byte of each, and of none but the last, is below 0x80.
  return !bytes.empty() && static_cast<unsigned char>(bytes.back()) < 0x80;
}

bool fitsField(const WireField& found, const FieldDescriptor& field, int depth) {
  if (found.type == WireType::Length && field.is_packable()) return fitsPacked(found.bytes, field);
  if (found.type != wireTypeOf(field)) return false;
  switch (field.type()) {
    case FieldDescriptor::TYPE_STRING:
      return isValidUtf8(found.bytes);
    case FieldDescriptor::TYPE_MESSAGE:
    case FieldDescriptor::TYPE_GROUP:
      return fitsType(found.bytes, *field.message_type(), depth + 1);
    default:
      return found.type != WireType::Varint || fitsVarint(found.value, field);
  }
}

}  // namespace

bool fitsType(ByteView bytes, const google::protobuf::Descriptor& type, int depth) {
  if (depth > kMaxDepth) return false;
  WireCursor cursor(bytes);
  WireField found;
  while (cursor.next(found)) {
    const FieldDescriptor* field = type.FindFieldByNumber(static_cast<int>(found.number));
    if (!field || !fitsField(found, *field, depth)) return false;
  }
  return !cursor.failed();
}

}  // namespace retake
