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
  std::string path =
      {};  // of the field (schema/field_path.h); the key, of metadata; empty for a text as a whole
  std::string before = {};  // as text; bytes as hex
  std::string after = {};
  bool removed = false;
  bool compared =
      false;  // it belongs to a request that replay compares: a live client must be scrubbed likewise
};
// Told of each hit where it is wanted.
using ScrubHits = std::function<void(ScrubHit&&)>;

// Rules, ready to be applied: before writing, over a recording, before matching. Knows message types where
// the schema does, and walks by field number and by content where not. Immutable; safe to use from any number
// of threads.
//
// Fields that no rule covers keep their bytes and their order, unknown ones among them.
class Scrubber {
 public:
  // An Error names the rule and says what is wrong with it: no key, no such path ("near: ..."), a bad
  // pattern. Rules that are off are checked too, and left out.
  static Result<std::shared_ptr<const Scrubber>> create(const ScrubRules& rules,
                                                        std::shared_ptr<const Schema> schema,
                                                        const ScrubKey* key = nullptr);
  ~Scrubber();

  const ScrubRules& rules() const;
  // Scopes that ask for more than a request tells: on live calls these rules apply as if their scope matched.
  std::vector<std::uint32_t> rulesWithoutLiveScope() const;

  // An entry of a recording, message, status and extra fields; nothing where no rule changes it. An Error
  // where its bytes cannot be read.
  Result<std::optional<std::string>> entry(const FilterInput& input, std::uint32_t position,
                                           const ScrubHits& hits = {}) const;
  std::optional<std::string> initialState(ByteView state, const ScrubHits& hits = {}) const;

  // A message of a live call. `typeName` may be empty: then the schema's method tells, else it is guessed.
  struct Live {
    std::string_view method = {};
    bool isRequest = true;
    std::string_view typeName = {};
    const Metadata* metadata = nullptr;  // the client's
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
