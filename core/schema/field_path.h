#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace google::protobuf {
class Descriptor;
class FieldDescriptor;
}  // namespace google::protobuf

namespace retake {

// Where in a message: "a.b[2].c", "a.b[*].c", m["key"], "a.any<pkg.Type>.x"; by number where there is no
// schema, "1.2[*].3". "*" is any one field, "**" any number of levels, none among them. A repeated field
// without a subscript is all of its elements; so is a map field. A path covers what it leads to and
// all that is inside.
//
//   path      := segment ("." segment)*                 at most kMaxPathSegments of them
//   segment   := "**" | field [subscript] ["<" pkg.Type ">"]
//   field     := name | number | "*" | "[" pkg.extension "]"
//   subscript := "[" ("*" | number | "true" | "false" | key) "]"
//   key       := "\"" text "\""                         with \" \\ \n \r \t and \xNN
struct PathSegment {
  enum class Kind : std::uint8_t { Name, Number, AnyField, AnyDepth };
  Kind kind = Kind::Name;
  std::string name = {};                    // Name: of the field, as the .proto has it, or its JSON name
  std::uint32_t number = 0;                 // Number
  bool anyElement = false;                  // "[*]"
  std::optional<std::uint64_t> index = {};  // "[2]": an element, or a map key that is a number or bool;
                                            // a negative key is its two's complement
  std::optional<std::string> key = {};      // ["key"]
  std::string anyType = {};                 // "<pkg.Type>": the message inside the google.protobuf.Any
  bool hasSubscript() const { return anyElement || index || key; }
  bool operator==(const PathSegment&) const = default;
};

struct FieldPath {
  std::vector<PathSegment> segments;
  bool operator==(const FieldPath&) const = default;
};

// Deeper than protobuf's own parsers go.
inline constexpr std::size_t kMaxPathSegments = 128;

// An Error names the column (in bytes, from 1; its `offset` from 0), what was expected there and what was
// found.
Result<FieldPath> parseFieldPath(std::string_view text);
// In one line; parses back to an equal path.
std::string toString(const FieldPath& path);

// Whether the path leads somewhere in messages of `type`. An Error names the first segment that does not,
// and what is near. A field that is not in the schema passes when it is given by number; with `intoText`
// anything may be inside of strings and bytes (JSON, a message).
Result<void> checkFieldPath(const google::protobuf::Descriptor& type, const FieldPath& path,
                            bool intoText = false);

// Several paths, followed side by side while walking down a message.
class FieldPathSet {
 public:
  FieldPathSet() = default;
  explicit FieldPathSet(std::vector<FieldPath> paths) : m_paths(std::move(paths)) {}
  bool empty() const { return m_paths.empty(); }
  const std::vector<FieldPath>& paths() const { return m_paths; }
  bool operator==(const FieldPathSet&) const = default;

  // How far each path has been followed. A value; must not outlive its set. Cheap to make: where no path
  // leads it holds nothing, and a few states fit without an allocation.
  class Walk {
   public:
    // Whether what stands here is led to by a path, or inside of something that is.
    bool covered() const { return m_covered; }
    // Nothing at or below this place is covered.
    bool dead() const { return !m_covered && m_states.empty(); }
    // Every path that leads on from here is one behind a "**": it names no field on the way here.
    bool onlyByAnyDepth() const;
    // Into a field: with a schema by descriptor (its name, JSON name and number all count), without by
    // number.
    Walk field(const google::protobuf::FieldDescriptor& field) const;
    Walk field(std::uint32_t number) const;
    // Then, of a repeated field or a map, into an element.
    Walk element(std::uint64_t index) const;
    Walk element(std::string_view key) const;
    // Of a google.protobuf.Any: into the message that it holds.
    Walk any(std::string_view typeName) const;
    // Of JSON within a text or bytes: into the member of an object; into the items of a list by element().
    Walk member(std::string_view key) const;
    // What comes next is a subscript, for some path.
    bool asksForElement() const;
    // Equal for walks of one set that lead on alike.
    std::string fingerprint() const;
    // Where both lead.
    Walk with(const Walk& other) const;

   private:
    friend class FieldPathSet;
    enum class Next : std::uint8_t { Field, Subscript, AnyType };
    struct State {
      std::uint32_t path = 0;
      std::uint16_t segment = 0;  // the one to be matched next, or in part
      Next next = Next::Field;    // what of it
      bool operator==(const State&) const = default;
    };
    class States {
     public:
      bool empty() const { return m_count == 0; }
      std::span<const State> all() const {
        return m_more.empty() ? std::span(m_few.data(), m_count) : std::span(m_more);
      }
      void add(const State& state);  // unless it is there

     private:
      static constexpr std::size_t kFew = 6;
      std::array<State, kFew> m_few;
      std::uint32_t m_count = 0;
      std::vector<State> m_more;  // all of them, once there are more than a few
    };

    const PathSegment& segmentOf(const State& state) const;
    Walk begun() const;
    void enter(std::uint32_t path, std::size_t segment);
    void matched(const State& state, Next done);
    template <typename Matches>
    Walk intoField(const Matches& matches) const;
    template <typename Matches>
    Walk intoElement(const Matches& matches) const;

    const FieldPathSet* m_set = nullptr;
    States m_states;
    bool m_covered = false;
  };
  Walk begin() const;

 private:
  std::vector<FieldPath> m_paths;
};

}  // namespace retake
