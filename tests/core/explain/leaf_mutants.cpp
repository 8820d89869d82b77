#include "core/explain/leaf_mutants.h"

#include <google/protobuf/descriptor.h>

#include <map>

#include "base/wire.h"
#include "schema/field_path.h"

namespace retake::test {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

std::string written(const WireField& field, std::uint64_t value) {
  std::string out;
  appendTag(out, field.number, field.type);
  if (field.type == WireType::Varint) {
    appendVarint(out, value);
    return out;
  }
  for (int shift = 0; shift < (field.type == WireType::Fixed64 ? 64 : 32); shift += 8)
    out.push_back(static_cast<char>(value >> shift));
  return out;
}

std::string changedText(ByteView text) {
  std::string out(text);
  for (std::size_t i = out.size() / 2; i < out.size(); ++i)
    if ((out[i] >= 'a' && out[i] <= 'y') || (out[i] >= '0' && out[i] <= '8')) {
      ++out[i];
      return out;
    }
  return out + "x";
}

std::string changedBytes(ByteView bytes) {
  if (bytes.empty()) return "x";
  std::string out(bytes);
  out[out.size() / 2] = static_cast<char>(out[out.size() / 2] ^ 1);
  return out;
}

std::string lengthField(std::uint32_t number, ByteView payload) {
  std::string out;
  appendBytesField(out, number, payload);
  return out;
}

std::string quoted(ByteView key) {
  const std::string text = toString(FieldPath{{PathSegment{.name = "m", .key = std::string(key)}}});
  return text.substr(2, text.size() - 3);
}

std::string mapKeyText(const FieldDescriptor& map, ByteView entry) {
  const bool isText = map.message_type()->map_key()->type() == FieldDescriptor::TYPE_STRING;
  std::string key = isText ? "\"\"" : "0";
  WireCursor cursor(entry);
  while (const auto field = cursor.next())
    if (field->number == 1) key = isText ? quoted(field->bytes) : std::to_string(field->value);
  return "[" + key + "]";
}

class Mutator {
 public:
  std::vector<Mutant> run(const Descriptor& type, ByteView message) {
    std::map<std::uint32_t, std::uint32_t> counts;
    WireCursor counting(message);
    while (const auto field = counting.next()) ++counts[field->number];
    std::vector<Mutant> all;
    std::map<std::uint32_t, std::uint32_t> seen;
    WireCursor cursor(message);
    std::size_t from = 0;
    while (const auto field = cursor.next()) {
      const auto* known = type.FindFieldByNumber(static_cast<int>(field->number));
      const std::uint32_t index = seen[field->number]++;
      const std::string place = "[" + std::to_string(index) + "]";
      std::string path = known ? known->name() : std::to_string(field->number);
      if (known && known->is_map())
        path += mapKeyText(*known, field->bytes);
      else if (known ? known->is_repeated() : counts[field->number] > 1)
        path += place;
      const std::string numbers =
          std::to_string(field->number) + (counts[field->number] > 1 ? place : std::string());
      for (Mutant& mutant : changed(known, *field)) {
        const auto joined = [](const std::string& head, const std::string& tail) {
          return tail.empty() ? head : head + "." + tail;
        };
        mutant.path = joined(path, mutant.path);
        mutant.numbers = joined(numbers, mutant.numbers);
        mutant.bytes = std::string(message.substr(0, from)) + mutant.bytes +
                       std::string(message.substr(from + field->raw.size()));
        all.push_back(std::move(mutant));
      }
      from += field->raw.size();
    }
    return all;
  }

 private:
  // The field with each of its leaves changed, and their paths below it.
  std::vector<Mutant> changed(const FieldDescriptor* known, const WireField& field) {
    if (field.type == WireType::Varint) return {{"", "", false, written(field, field.value + 1)}};
    if (field.type == WireType::Fixed32 || field.type == WireType::Fixed64)
      return {{"", "", false, written(field, field.value ^ 1)}};
    if (field.type != WireType::Length) return {};
    if (!known || known->type() == FieldDescriptor::TYPE_BYTES)
      return {{"", "", false, lengthField(field.number, changedBytes(field.bytes))}};
    if (known->type() == FieldDescriptor::TYPE_STRING)
      return {{"", "", false, lengthField(field.number, changedText(field.bytes))}};
    if (known->type() != FieldDescriptor::TYPE_MESSAGE) return {};  // packed: none in these requests
    std::vector<Mutant> inner = run(*known->message_type(), field.bytes);
    for (Mutant& mutant : inner) {
      mutant.bytes = lengthField(field.number, mutant.bytes);
      if (!known->is_map()) continue;
      // By name a map's value is the map's element.
      mutant.isMapKey = mutant.isMapKey || mutant.numbers == "1";
      const std::size_t dot = mutant.path.find('.');
      mutant.path = dot == std::string::npos ? std::string() : mutant.path.substr(dot + 1);
    }
    return inner;
  }
};

}  // namespace

std::vector<Mutant> leafMutants(const Descriptor& type, ByteView message) {
  return Mutator().run(type, message);
}

}  // namespace retake::test
