#pragma once

#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "filter/query.h"
#include "filter/value_test.h"
#include "schema/field_path.h"

namespace retake {

struct WordTerm {  // method, service, status, kind, dir
  FilterField field;
  ValueTests tests;
};
struct NumberTerm {  // dur, start, size, req.size, resp.size, msgs, id
  FilterField field;
  ValueTests tests;
};
struct FlagTerm {
  FilterFlag flag;
};
struct TextTerm {
  FilterSide side = FilterSide::Any;
  ValueTests tests;
  // A word on its own may also stand in the method, and in the kind or the status where it is part of such a
  // name.
  bool alone = false;
  bool inKind = false;
  bool inStatus = false;
};
struct PathTerm {
  FilterSide side = FilterSide::Any;
  FieldPathSet path;
  ValueTests tests;
};
struct MetadataTerm {
  bool trailers = false;
  std::string key;  // "*": any
  ValueTests tests;
};

// A query as a tree. And and Or have two children or more, the cheapest first; Not has one.
struct Query::Node {
  enum class Kind : std::uint8_t { And, Or, Not, Term };
  using Term = std::variant<FlagTerm, WordTerm, NumberTerm, MetadataTerm, TextTerm, PathTerm>;

  Kind kind = Kind::Term;
  QueryCost cost = QueryCost::Index;
  std::vector<std::shared_ptr<const Node>> children = {};  // as they were written
  std::vector<std::shared_ptr<const Node>> byCost = {};    // the same, cheapest first
  Term term = FlagTerm{};
};

// Whether a method, service, status, kind or direction is what a term asks for.
bool wordMatches(FilterField field, std::string_view word, const ValueTests& tests);
Truth evaluate(const Query::Node& node, const FilterSubject& subject);

}  // namespace retake
