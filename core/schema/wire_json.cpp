#include "schema/wire_json.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "schema/message_depth.h"
#include "schema/text.h"
#include "schema/wire_guess.h"

namespace retake {
namespace {

// Numbers above are rounded by JavaScript and by many editors, so they are strings.
constexpr std::uint64_t kLargestExact = std::uint64_t{1} << 53;

constexpr std::array<std::string_view, 7> kKinds = {"varint", "fixed32", "fixed64", "string",
                                                    "bytes",  "message", "group"};

std::string_view kindOf(const WireGroup& group, int depth) {
  switch (group.type) {
    case WireType::Varint:
      return "varint";
    case WireType::Fixed32:
      return "fixed32";
    case WireType::Fixed64:
      return "fixed64";
    case WireType::Group:
      return "group";
    case WireType::Length:
      break;
  }
  if (group.guess == Guess::String) return "string";
  return group.guess == Guess::Message && depth < kMaxMessageDepth ? "message" : "bytes";
}

void writeValue(const WireField& field, std::string_view kind, JsonWriter& out, int depth) {
  if (kind == "string") {
    out.string(field.bytes);
  } else if (kind == "bytes") {
    out.string(toBase64(field.bytes));
  } else if (kind == "message" || kind == "group") {
    writeWireJson(field.bytes, out, depth + 1);
  } else if (field.value > kLargestExact) {
    out.string(std::to_string(field.value));
  } else {
    out.literal(std::to_string(field.value));
  }
}

class WireReader {
 public:
  WireReader(std::vector<JsonProblem>& problems, std::string path)
      : m_problems(problems), m_path(std::move(path)) {}

  std::string object(const JsonValue& value, int depth) {
    std::string out;
    if (value.kind != JsonValue::Kind::Object) {
      complain(value.offset, "expected an object of fields by number, found " + value.found());
      return out;
    }
    if (depth > kMaxMessageDepth) {
      complain(value.offset, "expected at most 100 levels of nesting, found more");
      return out;
    }
    const std::size_t pathLength = m_path.size();
    for (const JsonMember& member : value.members) {
      if (member.key.starts_with('@')) continue;
      appendPathKey(m_path, member.key);
      this->member(member, depth, out);
      m_path.resize(pathLength);
    }
    return out;
  }

 private:
  void complain(std::size_t offset, std::string message) {
    m_problems.push_back({.message = std::move(message), .offset = offset, .path = m_path});
  }

  void member(const JsonMember& member, int depth, std::string& out) {
    const std::size_t colon = member.key.find(':');
    std::uint32_t number = 0;
    const char* const end = member.key.data() + std::min(colon, member.key.size());
    const auto parsed = std::from_chars(member.key.data(), end, number);
    const std::string_view kind =
        colon == std::string::npos ? std::string_view() : std::string_view(member.key).substr(colon + 1);
    const bool known = std::find(kKinds.begin(), kKinds.end(), kind) != kKinds.end();
    if (!known || parsed.ec != std::errc() || parsed.ptr != end)
      return complain(member.offset,
                      "expected a field's number and kind such as \"1:string\" (varint, fixed32, fixed64, "
                      "string, bytes, message, group), since the type is not in the schema; found \"" +
                          std::string(utf8Prefix(member.key, 60)) + "\"");
    if (number < 1 || number > 536'870'911)
      return complain(member.offset,
                      "expected a field number from 1 to 536870911, found " + member.key.substr(0, colon));
    if (member.value.kind != JsonValue::Kind::Array)
      return this->value(number, kind, member.value, depth, out);
    const std::size_t pathLength = m_path.size();
    for (std::size_t i = 0; i < member.value.items.size(); ++i) {
      m_path += "[" + std::to_string(i) + "]";
      this->value(number, kind, member.value.items[i], depth, out);
      m_path.resize(pathLength);
    }
  }

  void value(std::uint32_t number, std::string_view kind, const JsonValue& value, int depth,
             std::string& out) {
    if (kind == "message") {
      appendBytesField(out, number, object(value, depth + 1));
    } else if (kind == "group") {
      appendTag(out, number, WireType::Group);
      out += object(value, depth + 1);
      appendVarint(out, static_cast<std::uint64_t>(number) << 3 | 4);
    } else if (kind == "string" || kind == "bytes") {
      if (value.kind != JsonValue::Kind::String)
        return complain(value.offset, "expected a string, found " + value.found());
      if (kind == "string") return appendBytesField(out, number, value.string());
      const auto bytes = fromBase64(value.string());
      if (!bytes) return complain(value.offset, "expected base64, found " + value.found());
      appendBytesField(out, number, *bytes);
    } else {
      integer(number, kind, value, out);
    }
  }

  void integer(std::uint32_t number, std::string_view kind, const JsonValue& value, std::string& out) {
    const bool short32 = kind == "fixed32";
    const std::string text = value.string();
    std::uint64_t bits = 0;
    bool fits = value.kind == JsonValue::Kind::Number || value.kind == JsonValue::Kind::String;
    const char* const end = text.data() + text.size();
    if (fits && text.starts_with('-')) {
      std::int64_t negative = 0;
      const auto parsed = std::from_chars(text.data(), end, negative);
      fits = parsed.ec == std::errc() && parsed.ptr == end && (!short32 || negative >= INT32_MIN);
      bits = static_cast<std::uint64_t>(negative);
    } else if (fits) {
      const auto parsed = std::from_chars(text.data(), end, bits);
      fits = parsed.ec == std::errc() && parsed.ptr == end && (!short32 || bits <= UINT32_MAX);
    }
    if (!fits)
      return complain(value.offset, std::string("expected a whole number of ") + (short32 ? "32" : "64") +
                                        " bits, found " + value.found());
    if (kind == "varint") return appendVarintField(out, number, bits);
    appendTag(out, number, short32 ? WireType::Fixed32 : WireType::Fixed64);
    for (int shift = 0; shift < (short32 ? 32 : 64); shift += 8) out += static_cast<char>(bits >> shift);
  }

  std::vector<JsonProblem>& m_problems;
  std::string m_path;
};

}  // namespace

void writeWireFields(ByteView bytes, JsonWriter& out, int depth) {
  for (const WireGroup& group : groupWireFields(bytes)) {
    if (out.full()) return;
    const std::string_view kind = kindOf(group, depth);
    out.key(std::to_string(group.number) + ":" + std::string(kind));
    if (group.fields.size() > 1) out.beginArray();
    for (const WireField& field : group.fields) {
      if (out.full()) return;
      writeValue(field, kind, out, depth);
    }
    if (group.fields.size() > 1) out.endArray();
  }
}

void writeWireJson(ByteView bytes, JsonWriter& out, int depth) {
  out.beginObject();
  writeWireFields(bytes, out, depth);
  out.endObject();
}

std::string readWireJson(const JsonValue& value, std::vector<JsonProblem>& problems, std::string path) {
  return WireReader(problems, std::move(path)).object(value, 0);
}

}  // namespace retake
