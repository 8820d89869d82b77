#pragma once

#include <google/protobuf/descriptor.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "filter/query.h"
#include "schema/field_path.h"
#include "schema/schema.h"
#include "scrub/action.h"
#include "scrub/key.h"
#include "scrub/rule.h"
#include "scrub/text_prefilter.h"

namespace re2 {
class RE2;
}

namespace retake {

// A rule, ready to be applied.
struct CompiledRule {
  ScrubRule rule;
  ScrubActor actor;
  Query scope = {};
  std::shared_ptr<const re2::RE2> pattern = {};  // null: the whole value
  FieldPathSet path = {};                        // Place::Field
  // In Compiled::prefilter, where the bytes tell: of the pattern; of the name that a path must come by in
  // JSON, of a message's type, of a key of metadata.
  std::optional<std::size_t> patternNumber = {};
  std::optional<std::size_t> nameNumber = {};
  // Applied to what it has made before, it makes something else of it: what is marked as scrubbed is left
  // alone. Of texts and times; of numbers.
  bool changesOwnTexts = false;
  bool changesOwnNumbers = false;

  ScrubWhere::Place place() const { return rule.where.place; }
};

struct CompiledRules {
  static Result<CompiledRules> compile(const ScrubRules& rules, std::shared_ptr<const Schema> schema,
                                       const ScrubKey* key);

  ScrubRules all;
  std::shared_ptr<const Schema> schema;
  std::vector<std::optional<CompiledRule>> rules;  // by index; those that are off are empty
  TextPrefilter prefilter;
  std::size_t anyNumber = 0;  // of what the type URL of an Any has
};

}  // namespace retake
