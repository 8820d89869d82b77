#include "schema/preview.h"

#include "base/wire.h"
#include "schema/text.h"
#include "schema/wire_guess.h"

namespace retake {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

// A field whose length says that it is longer than the budget is cut in here.
constexpr int kMaxCutDepth = 20;

std::string head(const Descriptor* type, ByteView message, std::size_t budget, bool& cut, int depth);

// What of a long payload goes into its place; none when it cannot be cut.
std::string payloadHead(const FieldDescriptor* field, ByteView payload, std::size_t budget, bool& cut,
                        int depth) {
  cut = true;
  if (!field && depth < kMaxCutDepth && !isPrintable(utf8Prefix(payload, 64))) {
    const std::string fields = head(nullptr, payload, budget, cut, depth + 1);
    const ByteView one = fields;
    if (guessPayload({&one, 1}) == Guess::Message) return fields;
    return std::string(payload.substr(0, budget));
  }
  if (!field || field->type() == FieldDescriptor::TYPE_STRING)
    return std::string(utf8Prefix(payload, budget));
  if (field->type() == FieldDescriptor::TYPE_BYTES) return std::string(payload.substr(0, budget));
  if (field->type() == FieldDescriptor::TYPE_MESSAGE && depth < kMaxCutDepth)
    return head(field->message_type(), payload, budget, cut, depth + 1);
  // Packed numbers: as many as are whole.
  std::string_view some = payload.substr(0, budget / 8 * 8);
  const auto kind = field->cpp_type();
  const bool fixed =
      field->type() == FieldDescriptor::TYPE_FIXED64 || field->type() == FieldDescriptor::TYPE_SFIXED64 ||
      field->type() == FieldDescriptor::TYPE_FIXED32 || field->type() == FieldDescriptor::TYPE_SFIXED32 ||
      kind == FieldDescriptor::CPPTYPE_DOUBLE || kind == FieldDescriptor::CPPTYPE_FLOAT;
  while (!fixed && !some.empty() && static_cast<unsigned char>(some.back()) >= 0x80) some.remove_suffix(1);
  return std::string(some);
}

std::string head(const Descriptor* type, ByteView message, std::size_t budget, bool& cut, int depth) {
  std::string out;
  // A field that runs past what is looked at is found by its tag and length.
  WireCursor cursor(message);
  while (out.size() < budget) {
    const std::size_t at = cursor.offset();
    const auto field = cursor.next();
    if (!field) {
      cut = cut || (cursor.failed() && at < message.size());
      return out;
    }
    const std::size_t left = budget - out.size();
    if (field->raw.size() <= left) {
      out += field->raw;
      continue;
    }
    cut = true;
    if (field->type == WireType::Length) {
      const auto* known = type ? type->FindFieldByNumber(static_cast<int>(field->number)) : nullptr;
      appendBytesField(out, field->number, payloadHead(known, field->bytes, left, cut, depth));
    }
    return out;
  }
  cut = cut || out.size() < message.size();
  return out;
}

}  // namespace

std::string messageHead(const Descriptor* type, ByteView message, std::size_t budget, bool& cut) {
  cut = false;
  if (message.size() <= budget && isWireMessage(message)) return std::string(message);
  return head(type, message, budget, cut, 0);
}

}  // namespace retake
