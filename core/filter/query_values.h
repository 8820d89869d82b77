#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "filter/query_fields.h"
#include "filter/value_test.h"

// The values of a query: how they are written, and what they are for each kind of field.
namespace retake {

// "filter: column 8: expected ...": columns are bytes, from 1.
std::string sentence(std::size_t at, std::string_view what);

// What may stand between the words of a query.
inline bool isSpace(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

struct QueryValue {
  std::size_t at = 0;  // where it begins in the query, in bytes
  std::string text;    // without quotes, slashes and their escapes
  bool quoted = false;
  bool isRegex = false;
  bool caseMatters = false;
};

// Reads the small parts of a query.
class QueryReader {
 public:
  explicit QueryReader(std::string_view text) : m_text(text), m_lastBracket(text.rfind(']')) {}

  struct FoundOp {
    ValueTest::Op op = ValueTest::Op::Equals;
    bool negated = false;
    bool isList = false;  // ":"
    std::size_t length = 0;
    std::size_t at = 0;
  };
  std::optional<FoundOp> opAt(std::size_t at) const;
  // Behind a field's name, a path or a word, without what could only be an operator or a value.
  std::size_t endOfName(std::size_t at) const;
  bool beginsPath(std::size_t at) const;  // "req.", "resp.", "msg.", without a field of that name
  bool regexAt(std::size_t at) const;

  // Reads on from `at`. Within a list a comma ends a value.
  Result<QueryValue> value(std::size_t& at, bool inList) const;
  Result<std::vector<QueryValue>> values(std::size_t& at, bool isList) const;

  // What stands there, for a sentence: "the end", or the word in quotes.
  std::string found(std::size_t at) const;

 private:
  Result<QueryValue> quotedText(std::size_t& at) const;
  std::size_t endOfPath(std::size_t at) const;
  std::optional<std::size_t> endOfRegex(std::size_t at) const;
  bool endsValue(std::size_t at) const;

  std::string_view m_text;
  std::size_t m_lastBracket;  // "]"
};

// What values are for a field, with the operator that they are written behind.
Result<ValueTests> textTests(const std::vector<QueryValue>& values, ValueTest::Op op);
Result<ValueTests> valueTests(const std::vector<QueryValue>& values, ValueTest::Op op);  // of a path
Result<ValueTests> nameTests(const QueryField& field, const std::vector<QueryValue>& values,
                             ValueTest::Op op);
Result<ValueTests> numberTests(const QueryField& field, const std::vector<QueryValue>& values,
                               ValueTest::Op op);

}  // namespace retake
