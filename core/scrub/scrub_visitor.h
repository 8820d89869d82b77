#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "scrub/compiled_rules.h"
#include "scrub/rule_places.h"
#include "scrub/scrubber.h"
#include "scrub/text_edits.h"
#include "scrub/value_walk.h"

namespace retake {

// Applies rules to the values of one message, or one text.
class ScrubVisitor final : public ValueVisitor {
 public:
  struct Where {
    ScrubHit::In in = ScrubHit::In::Message;
    bool compared = false;
    bool isMarked = false;           // as scrubbed
    std::string_view key = {};       // of metadata; then paths are that
    std::string_view typeName = {};  // of the message as a whole
  };
  // By rule, whether it may apply here at all: not, to what other rules have made, to fields that the schema
  // has, or also within texts and what an Any holds.
  enum Active : char { kNot, kLater, kFields, kInside };
  // `all`: the active ones, ascending. All must outlive the visitor.
  ScrubVisitor(const CompiledRules& rules, const std::vector<char>& active,
               const std::vector<std::uint32_t>& all, RulePlaces& places, RulePlaces::Id begin,
               const Where& where, const ScrubHits& hits);

  bool visits(const ValuePlace& place) override;
  bool enters(const ValuePlace& place, const google::protobuf::Descriptor* type) override;
  bool looksInto(const ValuePlace& place, std::string_view text) override;
  ValueChange text(const ValuePlace& place, std::string_view value) override;
  ValueChange document(const ValuePlace& place, std::string_view json) override;
  ValueChange bytes(const ValuePlace& place, ByteView value) override;
  ValueChange number(const ValuePlace& place, std::string_view text) override;
  ValueChange message(const ValuePlace& place, const google::protobuf::Descriptor* type,
                      ByteView value) override;

 private:
  RulePlaces::Id at(const ValueStep* step);
  bool covers(const std::vector<std::uint32_t>& rules, std::uint32_t rule) const;
  bool isNeeded(RulePlaces::Id place, const google::protobuf::Descriptor* type);
  bool leadsInside(RulePlaces::Id place) const;
  bool isCoveredByActive(RulePlaces::Id place) const;
  void tell(std::uint32_t rule, const ValuePlace& place, std::string_view before, std::string_view after,
            bool removed);
  bool applyPattern(std::uint32_t rule, const ValuePlace& place, EditedText& text);
  std::string scrubbedNumber(const CompiledRule& rule, const google::protobuf::FieldDescriptor* field,
                             bool isJson, std::string_view text) const;
  void beginValue(const ValuePlace& place);
  bool mayMatch(std::uint32_t rule, std::string_view text);
  bool mayMatchWithin(std::string_view text) const;
  bool isLeftOut(std::uint32_t rule) const { return m_active[rule] == kLater && !m_hasChanged; }
  const CompiledRule& rule(std::uint32_t index) const { return *m_rules.rules[index]; }

  const CompiledRules& m_rules;
  const std::vector<char>& m_active;
  RulePlaces& m_places;
  RulePlaces::Id m_begin;
  const Where m_where;
  const ScrubHits& m_hits;
  const std::vector<std::uint32_t>& m_all;
  bool m_hasTypesInside = false;
  bool m_hasChanged = false;  // the value, or one about it
  // Of the value as it is now, where it has been asked: by number of the prefilter, which patterns may match.
  std::vector<char> m_mayMatch;
  bool m_isMatchKnown = false;
  bool m_takesAll = false;   // one of them takes hold of values whatever they are
  bool m_entersAll = false;  // one of them takes hold of values wherever they stand
};

}  // namespace retake
