#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "filter/byte_scan.h"
#include "filter/filter_input.h"
#include "filter/query_node.h"
#include "filter/subjects.h"

namespace retake {

// A query, made ready for the calls of one recording: names are compared once a method, kind and status, not
// once a call; an entry's bytes are scanned before its message is decoded. Gives what matches() gives. Not
// thread-safe.
class CallSearch {
 public:
  CallSearch(const Query& query, const FilterInput& input);
  ~CallSearch();

  bool matches(std::uint32_t call);

 private:
  struct Step;  // a node of the query
  struct At;    // the call that is looked at
  std::unique_ptr<Step> prepare(const Query::Node& node) const;
  Truth truth(Step& step, At& at);
  Truth ofTerm(Step& step, At& at);
  std::optional<bool> nameFits(Step& step, FilterField field, const ValueTests& tests, At& at);
  bool bytesMayHold(const ByteScan& scan, FilterSide side, const At& at) const;

  const FilterInput& m_input;
  bool m_byMessage;
  std::unique_ptr<Step> m_root;
};

}  // namespace retake
