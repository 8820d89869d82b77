#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace google::protobuf {
class FieldDescriptor;
}

namespace retake {

// Where in a message: "a.b[2].c", "a.b[*].c", m["key"], "a.any<pkg.Type>.x"; by number where there is no
// schema, "1.2[*].3". "*" is any one field, "**" any number of levels, none among them. A repeated field
// without a subscript is all of its elements; so is a map field. A path covers what it leads to and
// all that is inside.
struct PathSegment {
  enum class Kind : std::uint8_t { Name, Number, AnyField, AnyDepth };
  Kind kind = Kind::Name;
  std::string name = {};                    // Name: of the field, as the .proto has it, or its JSON name
  std::uint32_t number = 0;                 // Number
  bool anyElement = false;                  // "[*]"
  std::optional<std::uint64_t> index = {};  // "[2]": an element, or a map key that is a number
  std::optional<std::string> key = {};      // ["key"]
  std::string anyType = {};                 // "<pkg.Type>": the message inside the google.protobuf.Any
  bool operator==(const PathSegment&) const = default;
};

struct FieldPath {
  std::vector<PathSegment> segments;
  bool operator==(const FieldPath&) const = default;
};

// An Error names the column (from 1) and what was expected there.
Result<FieldPath> parseFieldPath(std::string_view text);
std::string toString(const FieldPath& path);

// Several paths, followed side by side while walking down a message.
class FieldPathSet {
 public:
  FieldPathSet() = default;
  explicit FieldPathSet(std::vector<FieldPath> paths) : m_paths(std::move(paths)) {}
  bool empty() const { return m_paths.empty(); }
  const std::vector<FieldPath>& paths() const { return m_paths; }

  // How far each path has been followed. A value; must not outlive its set.
  class Walk {
   public:
    // Whether what stands here is led to by a path, or inside of something that is.
    bool covered() const { return m_covered; }
    // Nothing at or below this place is covered.
    bool dead() const { return !m_covered && m_states.empty(); }
    // Into a field: with a schema by descriptor (its name, JSON name and number all count), without by
    // number.
    Walk field(const google::protobuf::FieldDescriptor& field) const;
    Walk field(std::uint32_t number) const;
    // Then, of a repeated field or a map, into an element.
    Walk element(std::uint64_t index) const;
    Walk element(std::string_view key) const;
    // Of a google.protobuf.Any: into the message that it holds.
    Walk any(std::string_view typeName) const;

   private:
    friend class FieldPathSet;
    struct State {
      std::uint32_t path = 0;
      std::uint32_t segment = 0;  // what is to be matched next
      bool subscript = false;     // the segment's name was matched, its subscript not yet
    };
    const FieldPathSet* m_set = nullptr;
    std::vector<State> m_states;
    bool m_covered = false;
  };
  Walk begin() const;

 private:
  std::vector<FieldPath> m_paths;
};

}  // namespace retake
