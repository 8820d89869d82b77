#include "schema/text_errors.h"

#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "schema/suggest.h"

namespace retake {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;

std::string inQuotes(std::string_view text) { return "\"" + std::string(text) + "\""; }

// "scrub rule" of "ScrubRule".
std::string asWords(const std::string& typeName) {
  std::string words;
  for (const char c : typeName) {
    const bool upper = c >= 'A' && c <= 'Z';
    if (upper && !words.empty()) words += ' ';
    words += upper ? static_cast<char>(c + ('a' - 'A')) : c;
  }
  return words;
}

// Every message that can stand in one of type `root`, in the order in which a person reads the .proto.
std::vector<const Descriptor*> allMessages(const Descriptor& root) {
  std::vector<const Descriptor*> all{&root};
  for (std::size_t i = 0; i < all.size(); ++i)
    for (int k = 0; k < all[i]->field_count(); ++k) {
      const Descriptor* type = all[i]->field(k)->message_type();
      if (type && std::find(all.begin(), all.end(), type) == all.end()) all.push_back(type);
    }
  return all;
}

// "Expected x, got: y." as "expected x, found y".
std::string inOurWords(std::string message) {
  constexpr std::string_view kGot = ", got: ";
  if (message.ends_with('.')) message.pop_back();
  if (const std::size_t at = message.find(kGot); at != std::string::npos)
    message.replace(at, kGot.size(), ", found ");
  if (message.ends_with(", found ")) message += "the end";
  if (!message.empty() && message.front() >= 'A' && message.front() <= 'Z')
    message.front() = static_cast<char>(message.front() + ('a' - 'A'));
  return message;
}

// What stands in a message of protobuf's between `before` and `between`, and between that and `behind`.
std::optional<std::pair<std::string, std::string>> parts(std::string_view message, std::string_view before,
                                                         std::string_view between, std::string_view behind) {
  const std::size_t at = message.find(between, before.size());
  if (!message.starts_with(before) || !message.ends_with(behind) || at == std::string_view::npos)
    return std::nullopt;
  const std::size_t second = at + between.size();
  if (second + behind.size() > message.size()) return std::nullopt;
  return std::pair(std::string(message.substr(before.size(), at - before.size())),
                   std::string(message.substr(second, message.size() - behind.size() - second)));
}

}  // namespace

// The root, or the field that holds it, as people write it.
std::string TextErrors::placeOf(const Descriptor& type) const {
  if (&type == &m_root) return m_rootName;
  const std::string name = asWords(type.name());
  return type.containing_type() ? name + " in " + placeOf(*type.containing_type()) : name;
}

std::string TextErrors::noSuchField(const Descriptor& type, const std::string& name) const {
  std::vector<std::string> names;
  for (int i = 0; i < type.field_count(); ++i) names.push_back(type.field(i)->name());
  std::string hint = didYouMean(name, names);
  if (hint.empty())
    for (const Descriptor* other : allMessages(m_root))
      if (hint.empty() && other != &type && other->FindFieldByName(name))
        hint = "; it is a field of " + placeOf(*other);
  return "expected a field of " + placeOf(type) + " (" + someOf(names) + "), found " + inQuotes(name) + hint;
}

std::string TextErrors::noSuchValue(const std::string& name, const std::string& fieldName) const {
  for (const Descriptor* type : allMessages(m_root)) {
    const auto* field = type->FindFieldByName(fieldName);
    if (!field || !field->enum_type()) continue;
    std::vector<std::string> names;
    std::string all;
    const EnumDescriptor& values = *field->enum_type();
    for (int i = 0; i < values.value_count(); ++i) {
      names.push_back(values.value(i)->name());
      all += (i == 0 ? "" : i + 1 == values.value_count() ? " or " : ", ") + names.back();
    }
    return "expected " + all + " for " + fieldName + ", found " + inQuotes(name) + didYouMean(name, names);
  }
  return "expected another value for " + fieldName + ", found " + inQuotes(name);
}

// The sentences are those of protobuf 3.21's text_format.cc; what it says otherwise is told as it stands.
void TextErrors::AddError(int line, int column, const std::string& message) {
  const std::size_t behind = offsetOf(line, column);
  const auto before = [&](const std::string& name) {
    const std::size_t at =
        name.empty() || behind == 0 ? std::string_view::npos : m_text.rfind(name, behind - 1);
    return at == std::string_view::npos ? behind : at;
  };
  if (const auto field = parts(message, "Message type \"", "\" has no field named \"", "\".")) {
    const Descriptor* type = m_root.file()->pool()->FindMessageTypeByName(field->first);
    addAt(before(field->second), type ? noSuchField(*type, field->second) : inOurWords(message));
  } else if (const auto value = parts(message, "Unknown enumeration value of \"", "\" for field \"", "\".")) {
    addAt(before(value->first), noSuchValue(value->first, value->second));
  } else if (const auto flag = parts(message, "Invalid value for boolean field \"", "\". Value: \"", "\".")) {
    addAt(before(flag->second),
          "expected true or false for " + flag->first + ", found " + inQuotes(flag->second));
  } else if (const auto twice =
                 parts(message, "Non-repeated field \"", "\" is specified multiple times", ".")) {
    addAt(before(twice->first), "expected " + twice->first + " once, found it again");
  } else if (const auto both = parts(message, "Field \"", "\" is specified along with field \"", "\".")) {
    const std::string other = both->second.substr(0, both->second.find('"'));
    addAt(before(both->first), "expected one of " + other + " and " + both->first + ", found both");
  } else {
    addAt(behind, inOurWords(message));
  }
}

void TextErrors::add(int line, int column, const std::string& sentence) {
  addAt(offsetOf(line, column), sentence);
}

std::size_t TextErrors::offsetOf(int line, int column) const {
  std::size_t at = 0;
  for (int i = 0; i < line; ++i) {
    const std::size_t end = m_text.find('\n', at);
    if (end == std::string_view::npos) return m_text.size();
    at = end + 1;
  }
  for (int width = 0; width < column && at < m_text.size() && m_text[at] != '\n'; ++at)
    width += m_text[at] == '\t' ? 8 - width % 8 : 1;
  return at;
}

void TextErrors::addAt(std::size_t offset, const std::string& sentence) {
  const std::string_view before = m_text.substr(0, offset);
  const auto line = static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n')) + 1;
  const std::string_view row = before.substr(before.rfind('\n') + 1);
  // In characters: bytes that go on with one do not count.
  const auto column = std::count_if(row.begin(), row.end(),
                                    [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; });
  m_found.emplace(line, static_cast<std::size_t>(column) + 1, sentence);
}

std::string TextErrors::take() const {
  std::string text;
  for (const auto& [line, column, sentence] : m_found)
    text +=
        (text.empty() ? "" : "\n") + std::to_string(line) + ":" + std::to_string(column) + ": " + sentence;
  return text;
}

}  // namespace retake
