#include <array>

#include "filter/query_fields.h"
#include "filter/query_node.h"

namespace retake {
namespace {

using Node = Query::Node;
using Op = ValueTest::Op;

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '\n')
      out += "\\n";
    else if (c == '\r')
      out += "\\r";
    else if (c == '\t')
      out += "\\t";
    else
      out += c;
  }
  return out + "\"";
}

// "250ms" as "250 ms".
std::string numberWords(std::string_view text) {
  const std::size_t unit = text.find_first_not_of("0123456789.+-");
  if (unit == std::string_view::npos || unit == 0) return std::string(text);
  return std::string(text.substr(0, unit)) + " " + std::string(text.substr(unit));
}

// A number, or a point in time.
std::string limitWords(const std::string& text, const std::optional<FilterNumber>& number) {
  return number ? numberWords(text) : text;
}

// What kind of thing a value is, so that only texts are put in quotes.
enum class Style : std::uint8_t { Name, Text, Number, Value };

std::string valueWords(const ValueTest& test, Style style) {
  if (test.op == Op::Matches) return "/" + test.text + (test.quoted ? "/c" : "/");
  if (test.op == Op::Within)
    return test.text.empty()        ? "at most " + limitWords(test.upperText, test.upper)
           : test.upperText.empty() ? "at least " + limitWords(test.text, test.number)
                                    : "from " + limitWords(test.text, test.number) + " to " +
                                          limitWords(test.upperText, test.upper);
  if (style == Style::Name) return test.text;
  if (style == Style::Number || (style == Style::Value && test.number && !test.quoted))
    return numberWords(test.text);
  return quoted(test.text);
}

std::string alternatives(const ValueTests& tests, Style style) {
  std::string words;
  for (const ValueTest& test : tests.any) words += (words.empty() ? "" : " or ") + valueWords(test, style);
  return words;
}

// "is over 250 ms", "does not contain "x"".
std::string predicate(const ValueTests& tests, Style style, bool negated) {
  Op op = tests.any.front().op;
  const std::string values = alternatives(tests, style);
  if (op == Op::Contains && style == Style::Value && tests.any.front().number && !tests.any.front().quoted)
    op = Op::Equals;
  switch (op) {
    case Op::Contains:
      return (negated ? "does not contain " : "contains ") + values;
    case Op::Matches:
      return (negated ? "does not match " : "matches ") + values;
    case Op::Equals:
    case Op::Within:
      return (negated ? "is not " : "is ") + values;
    case Op::Less:
      return (negated ? "is not under " : "is under ") + values;
    case Op::LessOrEqual:
      return (negated ? "is not at most " : "is at most ") + values;
    case Op::Greater:
      return (negated ? "is not over " : "is over ") + values;
    case Op::GreaterOrEqual:
      return (negated ? "is not at least " : "is at least ") + values;
  }
  return {};
}

class Describer {
 public:
  explicit Describer(bool negated) : m_negated(negated) {}

  std::string operator()(const FlagTerm& term) const {
    const std::string is = m_negated ? "it is not " : "it is ";
    switch (term.flag) {
      case FilterFlag::Error:
        return m_negated ? "it did not end in an error" : "it ended in an error";
      case FilterFlag::Stream:
        return is + "a stream";
      default:
        return is + std::string(flagName(term.flag));
    }
  }
  std::string operator()(const WordTerm& term) const {
    const bool isText = term.field == FilterField::Method || term.field == FilterField::Service;
    return one(queryField(term.field).words, term.tests, isText ? Style::Text : Style::Name);
  }
  std::string operator()(const NumberTerm& term) const {
    return one(queryField(term.field).words, term.tests, Style::Number);
  }
  std::string operator()(const MetadataTerm& term) const {
    const std::string key = term.key == "*" ? std::string() : " " + term.key;
    return several((term.trailers ? "trailer" : "request metadata") + key, term.tests, Style::Text);
  }
  std::string operator()(const TextTerm& term) const {
    if (term.alone)
      return (m_negated ? "nothing " : "anything ") + predicate(term.tests, Style::Text, term.tests.negated);
    const std::string_view name = term.side == FilterSide::Request    ? "request text"
                                  : term.side == FilterSide::Response ? "response text"
                                                                      : "text";
    return several(name, term.tests, Style::Text);
  }
  std::string operator()(const PathTerm& term) const {
    const std::string_view side = term.side == FilterSide::Request    ? "request "
                                  : term.side == FilterSide::Response ? "response "
                                                                      : "message ";
    return several(std::string(side) + toString(term.path.paths().front()), term.tests, Style::Value);
  }

 private:
  std::string one(std::string_view name, const ValueTests& tests, Style style) const {
    return std::string(name) + " " + predicate(tests, style, tests.negated != m_negated);
  }
  // Of which there may be many: "not a: b" is that none of them is, "a != b" that one is not.
  std::string several(std::string_view name, const ValueTests& tests, Style style) const {
    return (m_negated       ? "no "
            : tests.negated ? "a "
                            : "") +
           std::string(name) + " " + predicate(tests, style, tests.negated);
  }

  bool m_negated;
};

std::string words(const Node& node, bool negated);

std::string joined(const Node& node) {
  const bool isAnd = node.kind == Node::Kind::And;
  std::string text;
  for (const auto& child : node.children) {
    const bool group = child->kind == (isAnd ? Node::Kind::Or : Node::Kind::And);
    const std::string part = words(*child, false);
    text += (text.empty() ? "" : isAnd ? " and " : " or ") + (group ? "(" + part + ")" : part);
  }
  return text;
}

std::string words(const Node& node, bool negated) {
  switch (node.kind) {
    case Node::Kind::Term:
      return std::visit(Describer(negated), node.term);
    case Node::Kind::Not:
      return words(*node.children.front(), !negated);
    case Node::Kind::And:
    case Node::Kind::Or:
      break;
  }
  return negated ? "not (" + joined(node) + ")" : joined(node);
}

}  // namespace

std::string Query::inWords() const { return m_root ? words(*m_root, false) : std::string(); }

}  // namespace retake
