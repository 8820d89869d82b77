#pragma once

#include <google/protobuf/descriptor.h>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/wire.h"
#include "scrub/compiled_rules.h"
#include "scrub/value_walk.h"

namespace retake {

// Which rules cover a place in a message, and which may cover something below it. Places where the rules lead
// on alike are one, and steps between them are remembered. Not thread-safe; must not outlive its rules.
class RulePlaces {
 public:
  explicit RulePlaces(const CompiledRules& rules);

  using Id = std::uint32_t;

  // Where a message begins, of that type.
  Id message();
  // Where an initial state begins, which these rules cover.
  Id state(const std::vector<std::uint32_t>& rules);
  // Where a value stands that these rules cover: metadata.
  Id coveredBy(const std::vector<std::uint32_t>& rules);
  Id after(Id place, const ValueStep& step);
  // The same place, when a message of that type stands there; also by rules for types.
  Id ofType(Id place, std::string_view typeName);

  // Rules that cover it, by path or by type; ascending.
  const std::vector<std::uint32_t>& covered(Id place) const { return m_places[place]->covered; }
  // Rules whose paths lead on from here, and whether an element is what one of them asks for next.
  template <typename Is>
  bool anyLeadsOn(Id place, const Is& is) const {
    for (const auto& [rule, walk] : m_places[place]->walks)
      if (is(rule)) return true;
    return false;
  }
  bool asksForElement(Id place) const { return m_places[place]->asksForElement; }

  // What it takes for a rule to cover something in a message of a type.
  struct Need {
    bool field = false;  // a field that is there
    bool json = false;   // a member of JSON within a text or bytes
    bool any = false;    // what an Any holds
    bool isNone() const { return !field && !json && !any; }
  };
  // By paths and types, of rules that do not cover it already. Type null: not known.
  const std::vector<std::pair<std::uint32_t, Need>>& needs(Id place,
                                                           const google::protobuf::Descriptor* type);

  // Whether a message of the type has a field, as the schema knows it, that rules cover or may cover
  // something in; those aside that `needs` tells of in texts and in what an Any holds. May be wrong in saying
  // so, never in not saying so. Looks at nothing but the fields on the way.
  bool mayCover(Id place, const google::protobuf::Descriptor& type, ByteView message);

  // Before a walk begins: forgets what was remembered when it has become too much.
  void tidy();

 private:
  using Walk = FieldPathSet::Walk;
  struct FieldsOfType;
  // What a field says of what it holds.
  struct FieldSays {
    enum class Kind : std::uint8_t { NotAsked, Nothing, Covered, Enter } kind = Kind::NotAsked;
    bool isKnown = false;  // by the schema, which says the rest
    bool isPackable = false;
    bool isMap = false;
    WireType type = WireType::Varint;  // of one value
    FieldsOfType* content = nullptr;   // Enter: of the message, or the messages of the map, if it has any
  };
  // Of messages of a type at a place.
  struct FieldsOfType {
    const google::protobuf::Descriptor* type = nullptr;
    Id place = 0;
    bool isCovered = false;           // whatever is in it
    std::vector<FieldSays> byNumber;  // the first few
    std::unordered_map<std::uint32_t, FieldSays> more;
  };
  struct At {
    std::vector<std::uint32_t> covered;
    std::vector<std::pair<std::uint32_t, Walk>> walks;  // that lead on and cover nothing yet
    bool asksForElement = false;
    bool namesElement = false;     // one of several that it asks for, or may
    std::optional<Id> anyElement;  // else: whichever it is
    std::unordered_map<const google::protobuf::FieldDescriptor*, Id> byField;
    std::unordered_map<std::uint32_t, Id> byNumber;
    std::map<std::string, Id, std::less<>> byMember;
    std::map<std::string, Id, std::less<>> byAny;
    std::map<std::string, Id, std::less<>> byType;
    std::unordered_map<const google::protobuf::Descriptor*, std::vector<std::pair<std::uint32_t, Need>>>
        needs;
    std::unordered_map<const google::protobuf::Descriptor*, FieldsOfType> fields;
  };
  template <typename Next>
  Id intoElement(Id place, const Next& next);
  template <typename Next>
  Id stepped(Id place, const Next& next);
  Id intern(At&& at);
  Need needOf(const CompiledRule& rule, const Walk& walk, const google::protobuf::Descriptor* type) const;
  FieldsOfType& fieldsAt(Id place, const google::protobuf::Descriptor& type);
  bool mayCover(FieldsOfType& fields, ByteView message, int depth);
  FieldSays says(Id place, const google::protobuf::Descriptor& type, std::uint32_t number);
  bool needsField(Id place, const google::protobuf::Descriptor* type);
  Need needOfType(const std::string& wanted, const google::protobuf::Descriptor* type);
  // All messages in a message of the type, itself among them.
  const std::set<const google::protobuf::Descriptor*>& within(const google::protobuf::Descriptor* type);

  const CompiledRules& m_rules;
  std::optional<Id> m_message;
  bool m_hasTypes = false;
  std::vector<std::unique_ptr<At>> m_places;  // what is said of a place stays where it is
  std::unordered_map<std::string, Id> m_ids;
  std::map<const google::protobuf::Descriptor*, std::set<const google::protobuf::Descriptor*>> m_within;
  std::size_t m_remembered = 0;
};

}  // namespace retake
