#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "filter/subjects.h"
#include "scrub/compiled_rules.h"
#include "scrub/rule_places.h"
#include "scrub/scrub_visitor.h"
#include "scrub/scrubber.h"

namespace retake {

// Rules at work: remembers what it has found out about types and calls. For one thread at a time.
class ScrubRun {
 public:
  // `remembersCalls`: all entries are of one input, of which nothing changes meanwhile.
  explicit ScrubRun(const CompiledRules& rules, bool remembersCalls = false);

  Result<std::optional<std::string>> entry(const FilterInput& input, std::uint32_t position,
                                           const ScrubHits& hits);
  Result<std::optional<std::string>> initialState(const Recording& recording, const ScrubHits& hits);
  std::optional<std::string> initialState(ByteView state, bool isMarked, const ScrubHits& hits);
  std::optional<std::string> message(const Scrubber::Live& live, ByteView message, const ScrubHits& hits);
  std::optional<Metadata> metadata(const Scrubber::Live& live, const Metadata& metadata, bool trailers,
                                   const ScrubHits& hits);

  // Rules that would have applied to the last entry, had it not been marked as scrubbed.
  const std::vector<std::uint32_t>& leftAlone() const { return m_leftAlone; }

 private:
  struct Value {
    bool removed = false;
    std::optional<std::string> now = {};
  };
  struct TypeOfUrl {
    std::string url = {};
    std::size_t nameLength = 0;
    const google::protobuf::Descriptor* type = nullptr;
  };
  const google::protobuf::Descriptor* typeNamed(std::string_view name);
  const TypeOfUrl& typeOfUrl(std::string_view url);
  // Each says whether any rule is active.
  bool activateForMessage(const google::protobuf::Descriptor* type, std::string_view typeName,
                          ByteView bytes);
  bool activateForMetadata(ByteView bytes);
  bool activatePatterns(ByteView bytes);
  bool activateLater();
  bool isAnyFirst() const;
  void activate(std::uint32_t rule, char how = ScrubVisitor::kInside);
  ScrubVisitor visitor(RulePlaces::Id begin, const ScrubVisitor::Where& where, const ScrubHits& hits);
  bool keepInScope(const FilterInput& input, std::uint32_t position);
  bool keepInScope(const LiveSubject& subject, const Scrubber::Live& live);
  bool isInScope(std::uint32_t rule, const FilterInput& input, std::uint32_t call, std::uint32_t position);

  std::optional<std::string> unreadable(const FilterInput& input, std::uint32_t position, ByteView bytes,
                                        const ScrubHits& hits);
  std::optional<std::string> valueOf(const FilterInput& input, std::uint32_t position, ByteView value,
                                     const google::protobuf::Descriptor* type,
                                     const ScrubVisitor::Where& where, const ScrubHits& hits);
  std::optional<std::string> metadataMessage(ByteView metadata, const ScrubVisitor::Where& where,
                                             const ScrubHits& hits);
  Value metadataValue(std::string_view key, std::string_view value, const ScrubVisitor::Where& where,
                      const ScrubHits& hits);
  void noteLeftAlone(bool isMarked);

  const CompiledRules& m_rules;
  const bool m_remembersCalls;
  RulePlaces m_places;
  std::map<std::string, const google::protobuf::Descriptor*, std::less<>> m_types;  // by name, of the schema
  // Of the entries before: they have few.
  std::array<TypeOfUrl, 4> m_lastTypes;
  std::size_t m_nextType = 0;
  std::vector<char> m_found;   // by number of the prefilter
  std::vector<char> m_active;  // by rule
  std::vector<std::uint32_t> m_activeList;
  std::vector<std::uint32_t> m_leftAlone;
  // Rules by where they look.
  std::vector<std::uint32_t> m_anyText;
  std::vector<std::vector<std::uint32_t>> m_anyTextOf;  // the same, by the number of their pattern
  std::vector<std::uint32_t> m_anyValue;
  std::vector<std::uint32_t> m_ofMetadata;
  // By rule and call, of scopes that the index answers: 0 not asked yet, 1 no, 2 yes.
  std::vector<std::vector<char>> m_inScope;
};

}  // namespace retake
