#include "scrub/map_keys.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <map>

namespace retake {
namespace {

// "9" before "10", and what was told apart once keeps its number.
bool isBefore(const std::string& a, const std::string& b) {
  return a.size() != b.size() ? a.size() < b.size() : a < b;
}

std::string nextNumber(const std::string& text) {
  const bool negative = text.starts_with('-');
  std::uint64_t value = 0;
  std::from_chars(text.data() + (negative ? 1 : 0), text.data() + text.size(), value);
  if (!negative) return std::to_string(value + 1);
  return value <= 1 ? "0" : "-" + std::to_string(value - 1);
}

}  // namespace

void separateKeys(std::vector<ChangedKey*> keys, std::set<std::string> kept, KeyKind kind) {
  std::map<std::string, std::map<std::string, std::vector<ChangedKey*>, decltype(&isBefore)>> groups;
  for (ChangedKey* key : keys)
    groups.try_emplace(key->now, &isBefore).first->second[key->before].push_back(key);
  std::set<std::string> taken = kept;
  for (const auto& [name, group] : groups) taken.insert(name);
  for (const auto& [name, group] : groups) {
    bool nameIsFree = !kept.contains(name);
    std::uint64_t count = 1;
    std::string candidate = name;
    for (const auto& [before, same] : group) {
      if (!nameIsFree) {
        do {
          candidate = kind == KeyKind::Text     ? name + "~" + std::to_string(++count)
                      : kind == KeyKind::Number ? nextNumber(candidate)
                                                : (candidate == "0" ? "1" : "0");
        } while (taken.contains(candidate));
        taken.insert(candidate);
      }
      for (ChangedKey* key : same) key->now = candidate;
      nameIsFree = false;
    }
  }
}

}  // namespace retake
