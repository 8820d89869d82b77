#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "filter/call_filter.h"
#include "recording/metadata.h"
#include "scrub/key.h"
#include "scrub/rule.h"

namespace retake {

// One value that a rule has changed, or would.
struct ScrubHit {
  enum class In : std::uint8_t { Message, Status, Headers, Trailers, InitialState };
  std::uint32_t rule = 0;  // index into the rules
  In in = In::Message;
  // Of the field (schema/field_path.h); the key, of metadata; empty for a text as a whole.
  std::string path = {};
  // As text; bytes as hex. Of a rule with a pattern what it matched, of others the whole value. Where rules
  // change one value in turn, what the one made of it is what the next one finds.
  std::string before = {};
  std::string after = {};
  bool removed = false;
  // It belongs to a request that replay compares: a live client must be scrubbed likewise.
  bool compared = false;
};
// Told of each hit where it is wanted.
using ScrubHits = std::function<void(ScrubHit&&)>;

struct CompiledRules;

// Rules, ready to be applied: before writing, over a recording, before matching. Knows message types where
// the schema does, and walks by field number and by content where not. Immutable; safe to use from any number
// of threads.
//
// Fields that no rule covers keep their bytes and their order, unknown ones among them. The code of a status
// stays. Where a path covers a map, it covers its keys; where it covers an Any, a message or a list, all
// values inside. A pattern is looked for in each text of a document in JSON on its own. What is marked as
// scrubbed (EntryExtras::scrubbed) is left alone by actions that would not know their own: ShiftTime, fakes
// that do not prove themselves, Hash of numbers.
class Scrubber {
 public:
  // An Error names the rule and says what is wrong with it: no key, no such path ("near: ..."), a bad
  // pattern. Rules that are off are checked too, and left out.
  static Result<std::shared_ptr<const Scrubber>> create(const ScrubRules& rules,
                                                        std::shared_ptr<const Schema> schema,
                                                        const ScrubKey* key = nullptr);
  ~Scrubber();

  const ScrubRules& rules() const;
  const std::shared_ptr<const Schema>& schema() const;
  // Scopes that ask for more than a request tells: on live calls these rules apply as if their scope matched.
  std::vector<std::uint32_t> rulesWithoutLiveScope() const;

  const CompiledRules& compiled() const;  // compiled_rules.h

  // An entry of a recording, message, status and extra fields; nothing where no rule changes it. An Error
  // where its bytes cannot be read.
  Result<std::optional<std::string>> entry(const FilterInput& input, std::uint32_t position,
                                           const ScrubHits& hits = {}) const;
  std::optional<std::string> initialState(ByteView state, const ScrubHits& hits = {}) const;
  // Of a recording: having no mark of its own, it counts as marked where an entry is.
  Result<std::optional<std::string>> initialState(const Recording& recording,
                                                  const ScrubHits& hits = {}) const;

  // A message of a live call. `typeName` may be empty: then the schema's method tells, else it is guessed.
  struct Live {
    std::string_view method = {};
    bool isRequest = true;
    std::string_view typeName = {};
    const Metadata* metadata = nullptr;  // the client's
    // It is about to be written: what a scope asks for and nobody knows yet is taken to be so, of answers
    // too.
    bool isWritten = false;

    const google::protobuf::Descriptor* type(const Schema& schema) const;  // null: it is guessed
  };
  std::optional<std::string> message(const Live& live, ByteView message, const ScrubHits& hits = {}) const;
  std::optional<Metadata> metadata(const Live& live, const Metadata& metadata, bool trailers = false,
                                   const ScrubHits& hits = {}) const;

 private:
  Scrubber();
  struct State;
  std::unique_ptr<const State> m_state;
};

}  // namespace retake
