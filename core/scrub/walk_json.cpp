#include <algorithm>
#include <set>

#include "scrub/encodings.h"
#include "scrub/map_keys.h"
#include "scrub/value_walker.h"

namespace retake {
namespace {

using Fate = ValueWalker::Fate;
using Kind = ValueStep::Kind;

// Behind the string whose opening quote stands at `quote`.
std::size_t behindString(std::string_view text, std::size_t quote) {
  for (std::size_t at = quote + 1; at < text.size(); ++at) {
    if (text[at] == '\\')
      ++at;
    else if (text[at] == '"')
      return at + 1;
  }
  return text.size();
}

// Behind the value, which is one for sure.
std::size_t behind(std::string_view text, const JsonValue& value) {
  switch (value.kind) {
    case JsonValue::Kind::String:
      return value.offset + value.text.size() + 2;
    case JsonValue::Kind::Object:
      return text.find('}', value.members.empty() ? value.offset : behind(text, value.members.back().value)) +
             1;
    case JsonValue::Kind::Array:
      return text.find(']', value.items.empty() ? value.offset : behind(text, value.items.back())) + 1;
    default:
      return value.offset + value.text.size();
  }
}

struct JsonPart {
  std::size_t begin;
  std::size_t end;
  bool removed;
};

// Takes parts out of a list, whose edits begin at `first`, each with one of the commas about it.
void removeParts(const std::vector<JsonPart>& parts, std::vector<TextEdit>& edits, std::size_t first) {
  const auto isKept = [](const JsonPart& part) { return !part.removed; };
  const auto firstKept =
      static_cast<std::size_t>(std::find_if(parts.begin(), parts.end(), isKept) - parts.begin());
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (!parts[i].removed) continue;
    const std::size_t begin = i < firstKept ? parts[i].begin : parts[i - 1].end;
    const std::size_t end = i < firstKept && i + 1 < parts.size() ? parts[i + 1].begin : parts[i].end;
    edits.push_back({begin, end - begin, {}});
  }
  std::sort(edits.begin() + static_cast<std::ptrdiff_t>(first), edits.end(),
            [](const TextEdit& a, const TextEdit& b) { return a.offset < b.offset; });
}

bool isNumber(std::string_view text) {
  JsonProblem problem;
  const auto value = readJson(text, problem);
  return value && value->kind == JsonValue::Kind::Number && value->text.size() == text.size();
}

// Edits of a string in JSON, whose opening quote stands at `quote`.
void appendEdits(std::vector<TextEdit>& to, const EditedText& edited, std::string_view written,
                 std::size_t quote) {
  const Decoded decoded = decodeJsonString(written);
  for (TextEdit& edit : editsOfForm(edited.edits(), decoded, encodeJsonString)) {
    edit.offset += quote + 1;
    to.push_back(std::move(edit));
  }
}

}  // namespace

Fate ValueWalker::jsonValue(const ValueStep* at, std::string_view text, const JsonValue& value,
                            std::vector<TextEdit>& edits) {
  switch (value.kind) {
    case JsonValue::Kind::Object:
      return jsonObject(at, text, value, edits);
    case JsonValue::Kind::Array:
      return jsonList(at, text, value, edits);
    case JsonValue::Kind::String: {
      const std::string decoded = value.string();
      EditedText edited(decoded);
      const Fate fate = this->text(at, false, edited);
      if (fate == Fate::Changed) appendEdits(edits, edited, value.text, value.offset);
      return fate;
    }
    case JsonValue::Kind::Null:
      return Fate::Kept;
    default: {
      const ValueChange change = m_visitor.number(ValuePlace(at), value.text);
      if (change.kind == ValueChange::Kind::Remove) return Fate::Removed;
      if (change.kind != ValueChange::Kind::Set || change.value == value.text) return Fate::Kept;
      const bool isLiteral = isNumber(change.value) || change.value == "true" || change.value == "false";
      edits.push_back({value.offset, value.text.size(),
                       isLiteral ? change.value : '"' + encodeJsonString(change.value) + '"'});
      return Fate::Changed;
    }
  }
}

Fate ValueWalker::jsonList(const ValueStep* at, std::string_view text, const JsonValue& value,
                           std::vector<TextEdit>& edits) {
  std::vector<JsonPart> parts;
  bool removes = false;
  const std::size_t count = edits.size();
  for (const JsonValue& item : value.items) {
    const ValueStep step{.kind = Kind::Item, .index = parts.size(), .parent = at};
    const std::size_t before = edits.size();
    const bool removed = jsonValue(&step, text, item, edits) == Fate::Removed;
    if (removed) edits.resize(before);
    removes = removes || removed;
    parts.push_back({item.offset, 0, removed});
  }
  if (removes) {
    for (std::size_t i = 0; i < parts.size(); ++i) parts[i].end = behind(text, value.items[i]);
    removeParts(parts, edits, count);
  }
  return edits.size() == count ? Fate::Kept : Fate::Changed;
}

Fate ValueWalker::jsonObject(const ValueStep* at, std::string_view text, const JsonValue& value,
                             std::vector<TextEdit>& edits) {
  std::vector<JsonPart> parts;
  std::vector<std::pair<const JsonMember*, ChangedKey>> changed;
  bool removes = false;
  const std::size_t count = edits.size();
  for (const JsonMember& member : value.members) {
    const ValueStep step{.kind = Kind::Member, .text = member.key, .parent = at};
    const std::size_t before = edits.size();
    EditedText key(member.key);
    const Fate keyFate = this->text(&step, true, key);
    const bool removed =
        keyFate == Fate::Removed || jsonValue(&step, text, member.value, edits) == Fate::Removed;
    if (removed) edits.resize(before);
    if (!removed && keyFate == Fate::Changed)
      changed.push_back({&member, {member.key, std::string(key.now())}});
    removes = removes || removed;
    parts.push_back({member.offset, 0, removed});
  }
  if (!changed.empty()) {
    std::set<std::string> kept;
    for (const JsonMember& member : value.members) kept.insert(member.key);
    std::vector<ChangedKey*> keys;
    for (auto& [member, key] : changed) {
      kept.erase(key.before);
      keys.push_back(&key);
    }
    separateKeys(std::move(keys), std::move(kept), KeyKind::Text);
    for (const auto& [member, key] : changed)
      edits.push_back({member->offset, behindString(text, member->offset) - member->offset,
                       '"' + encodeJsonString(key.now) + '"'});
    std::sort(edits.begin() + static_cast<std::ptrdiff_t>(count), edits.end(),
              [](const TextEdit& a, const TextEdit& b) { return a.offset < b.offset; });
  }
  if (removes) {
    for (std::size_t i = 0; i < parts.size(); ++i) parts[i].end = behind(text, value.members[i].value);
    removeParts(parts, edits, count);
  }
  return edits.size() == count ? Fate::Kept : Fate::Changed;
}

}  // namespace retake
