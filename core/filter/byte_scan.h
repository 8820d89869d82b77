#pragma once

#include <memory>
#include <vector>

#include "base/bytes.h"
#include "filter/query_node.h"
#include "schema/schema.h"

namespace re2 {
class FilteredRE2;
}

namespace retake {

// What a text or a value in a message cannot do without, looked for in an entry's bytes as they are: so most
// entries need not be decoded. No scan at all where nothing can be said.
class ByteScan {
 public:
  static std::shared_ptr<const ByteScan> of(const TextTerm& term);
  static std::shared_ptr<const ByteScan> of(const PathTerm& term, const Schema& schema);
  ~ByteScan();

  // False: what the term asks for is not in these bytes.
  bool mayHold(ByteView bytes) const;

 private:
  ByteScan();
  bool add(const ValueTest& test);

  std::vector<std::shared_ptr<const CaselessText>> m_texts;
  // The texts that a regular expression cannot match without, and how they hang together.
  struct Pattern {
    std::unique_ptr<re2::FilteredRE2> needed;
    std::vector<CaselessText> atoms;
  };
  std::vector<Pattern> m_patterns;
};

}  // namespace retake
