#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/task.h"
#include "filter/call_filter.h"
#include "scrub/rule.h"
#include "scrub/scrubber.h"

namespace retake {

// Finds one kind of secret by its shape, its checksum, its entropy, or its field's name.
struct SecretDetector {
  std::string_view id;    // "jwt", "aws-access-key", "email", "iban", ...; what --detectors takes
  std::string_view name;  // "JSON web token"
  bool isSecret = true;   // false: personal data
};
const std::vector<SecretDetector>& secretDetectors();

struct SecretFind {
  std::string_view detector;  // its id
  EntryId entry;              // none: the initial state
  ScrubHit::In in = ScrubHit::In::Message;
  std::string path;         // as ScrubHit's
  std::string value;        // what was found; bytes as hex
  std::string inside = {};  // "base64", "hex", "JSON", ... where it is not the value itself
  bool whole = false;       // it is all of the value that stands there
};

struct FindOptions {
  std::vector<std::string> detectors = {};  // ids; empty: all
  std::uint64_t limit = 100'000;            // finds; beyond it they are counted only
};
struct SecretFinds {
  std::vector<SecretFind> finds;                                   // in recorded order
  std::vector<std::pair<std::string_view, std::uint64_t>> counts;  // by detector, those that found something
  bool stopped = false;
};
Result<SecretFinds> findSecrets(const FilterInput& input, const FindOptions& options = {},
                                const Task& task = {});
// In one text, by value alone: what a detector says of a value that a person has selected.
std::vector<SecretFind> findSecretsIn(std::string_view text);
// The rule that takes the find out: by the pattern of its shape wherever it stands, else by the place where
// it was found, all of what stands there. It does not hold the value. A name that is not among `rules`.
ScrubRule ruleFor(const SecretFind& find, const ScrubRules& rules);

// What is left of secrets in what would be written.
struct LeftSecrets {
  struct Value {
    std::string value;       // an original that a rule took out
    std::uint32_t rule = 0;  // which
    std::string form;        // "as it is", "base64", "hex", "URL-escaped", "in another case"
    EntryId entry;           // where it still stands; none: the initial state
    ScrubHit::In in = ScrubHit::In::Message;
    std::string path;
  };
  std::vector<Value> values;       // originals of kMinLeftBytes or more: these make an export refuse
  std::vector<Value> shortValues;  // shorter ones: listed
  SecretFinds
      finds;  // by the detectors, over what would be written; marks and tokens of the rules not among them
  bool isClean() const { return values.empty() && finds.finds.empty(); }
};
inline constexpr std::size_t kMinLeftBytes = 6;

// `scrubbed` is `original` with the rules of `scrubber` applied.
Result<LeftSecrets> checkWhatIsLeft(const FilterInput& original, const FilterInput& scrubbed,
                                    const Scrubber& scrubber, const FindOptions& options = {},
                                    const Task& task = {});

}  // namespace retake
