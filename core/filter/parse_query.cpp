#include <re2/re2.h>

#include <algorithm>
#include <optional>

#include "filter/query_fields.h"
#include "filter/query_node.h"
#include "filter/query_values.h"
#include "schema/suggest.h"
#include "schema/text.h"

namespace retake {
namespace {

using Node = Query::Node;
using NodePtr = std::shared_ptr<const Node>;
using Op = ValueTest::Op;

// As deep as people never nest; the parser calls itself.
constexpr int kMaxParentheses = 100;

QueryCost costOf(const Node::Term& term) {
  if (const auto* number = std::get_if<NumberTerm>(&term))
    return number->field == FilterField::Duration || number->field == FilterField::Start ? QueryCost::Bytes
                                                                                         : QueryCost::Index;
  if (const auto* flag = std::get_if<FlagTerm>(&term))
    return flag->flag == FilterFlag::Undecodable ? QueryCost::Decoding : QueryCost::Index;
  if (std::holds_alternative<WordTerm>(term)) return QueryCost::Index;
  return std::holds_alternative<PathTerm>(term) ? QueryCost::Decoding : QueryCost::Bytes;
}

NodePtr termNode(Node::Term term) {
  auto node = std::make_shared<Node>();
  node->cost = costOf(term);
  node->term = std::move(term);
  return node;
}

NodePtr combine(Node::Kind kind, std::vector<NodePtr> children) {
  if (children.size() == 1 && kind != Node::Kind::Not) return children.front();
  if (kind == Node::Kind::Not && children.front()->kind == Node::Kind::Not)
    return children.front()->children.front();
  auto node = std::make_shared<Node>();
  node->kind = kind;
  node->byCost = children;
  std::stable_sort(node->byCost.begin(), node->byCost.end(),
                   [](const NodePtr& a, const NodePtr& b) { return a->cost < b->cost; });
  node->cost = node->byCost.back()->cost;
  node->children = std::move(children);
  return node;
}

class Parser {
 public:
  explicit Parser(std::string_view text) : m_text(text), m_reader(text) {}

  Result<NodePtr> parse() {
    skipSpace();
    if (atEnd()) return NodePtr();
    auto query = parseOr(0);
    if (!query) return query;
    if (!atEnd()) return expectedAt(m_at, "\"and\", \"or\" or the end");
    return query;
  }

 private:
  Result<NodePtr> parseOr(int depth) {
    std::vector<NodePtr> any;
    for (;;) {
      auto all = parseAnd(depth);
      if (!all) return all;
      any.push_back(*std::move(all));
      if (!takeKeyword("or") && !take('|')) return combine(Node::Kind::Or, std::move(any));
      skipSpace();
    }
  }

  Result<NodePtr> parseAnd(int depth) {
    std::vector<NodePtr> all;
    for (;;) {
      auto one = parseNot(depth);
      if (!one) return one;
      all.push_back(*std::move(one));
      skipSpace();
      if (takeKeyword("and")) {
        skipSpace();
        continue;
      }
      if (atEnd() || isNext(')') || isNext('|') || isKeyword("or")) break;
    }
    return combine(Node::Kind::And, std::move(all));
  }

  Result<NodePtr> parseNot(int depth) {
    bool negated = false;
    for (;;) {
      if (takeKeyword("not")) {
        skipSpace();
      } else if ((isNext('-') || isNext('!')) && m_at + 1 < m_text.size() && !isSpace(m_text[m_at + 1])) {
        ++m_at;
      } else {
        break;
      }
      negated = !negated;
    }
    auto one = parsePrimary(depth);
    if (!one || !negated) return one;
    return combine(Node::Kind::Not, {*std::move(one)});
  }

  Result<NodePtr> parsePrimary(int depth) {
    const std::size_t begin = m_at;
    if (take('(')) {
      if (depth == kMaxParentheses) return expectedAt(begin, "at most 100 levels of parentheses");
      skipSpace();
      auto inner = parseOr(depth + 1);
      if (!inner) return inner;
      if (!take(')')) {
        if (!atEnd()) return expectedAt(m_at, "\"and\", \"or\" or \")\"");
        return Error{sentence(begin, "expected \")\" for this \"(\", found the end"), begin};
      }
      return inner;
    }
    if (atEnd()) return expectedAt(m_at, "something to look for");
    if (isKeyword("and") || isKeyword("or"))
      return Error{sentence(m_at, "expected something to look for, found " + m_reader.found(m_at) +
                                      "; put it in quotes to look for the word"),
                   m_at};
    if (isNext('"') || m_reader.regexAt(m_at)) return parseText();
    const std::size_t end = m_reader.endOfName(m_at);
    const std::string_view name = m_text.substr(begin, end - begin);
    if (name.empty()) return expectedAt(m_at, "something to look for");
    const bool isPath = m_reader.beginsPath(begin);
    std::size_t behind = end;
    const bool isMetadata =
        equalsIgnoringCase(name.substr(0, 5), "meta.") || equalsIgnoringCase(name.substr(0, 8), "trailer.");
    if (isPath || isMetadata || queryField(name))
      while (behind < m_text.size() && isSpace(m_text[behind])) ++behind;
    if (const auto op = m_reader.opAt(behind)) {
      m_at = behind + op->length;
      skipSpace();
      return parseField(name, begin, *op);
    }
    if (isPath) {
      if (auto path = readPath(name, begin); !path) return path.error();
      return expectedAt(end, "one of = != < <= > >= ~ !~ : behind \"" + std::string(name) + "\"");
    }
    if (const auto flag = queryFlag(name)) {
      m_at = end;
      return termNode(FlagTerm{*flag});
    }
    return parseText();
  }

  // Text on its own, "#12" among it.
  Result<NodePtr> parseText() {
    const std::size_t begin = m_at;
    auto value = m_reader.value(m_at, false);
    if (!value) return value.error();
    if (!value->quoted && !value->isRegex && value->text.size() > 1 && value->text.front() == '#' &&
        value->text.find_first_not_of("0123456789", 1) == std::string::npos) {
      value->text.erase(0, 1);
      auto tests = numberTests(queryField(FilterField::Id), {*value}, Op::Equals);
      if (!tests) return tests.error();
      return termNode(NumberTerm{FilterField::Id, *std::move(tests)});
    }
    if (value->text.empty()) return Error{sentence(begin, "expected a text, found an empty one"), begin};
    auto tests = textTests({*value}, Op::Contains);
    if (!tests) return tests.error();
    TextTerm term{.side = FilterSide::Any, .tests = *std::move(tests), .alone = true};
    const auto occursIn = [&](FilterField field) {
      const auto& names = knownValues(field);
      return std::any_of(names.begin(), names.end(),
                         [&](const std::string& known) { return term.tests.ofText(known); });
    };
    term.inKind = occursIn(FilterField::Kind);
    term.inStatus = occursIn(FilterField::Status);
    return termNode(std::move(term));
  }

  Result<NodePtr> parseField(std::string_view name, std::size_t at, const QueryReader::FoundOp& op) {
    auto values = m_reader.values(m_at, op.isList);
    if (!values) return values.error();
    const QueryField* field = queryField(name);
    if (field && field->kind == QueryField::Kind::Is) return parseIs(*values, op);
    if (field) return parseKnown(*field, *values, op, at);
    if (const std::string lower = asciiLower(name);
        lower.starts_with("meta.") || lower.starts_with("trailer.")) {
      const bool trailers = lower.front() == 't';
      const std::string key = lower.substr(trailers ? 8 : 5);
      if (key.empty()) return expectedAt(at + name.size(), "the key of metadata, or *");
      auto tests = textTests(*values, op.op);
      if (!tests) return tests.error();
      tests->negated = op.negated;
      return termNode(MetadataTerm{trailers, key, *std::move(tests)});
    }
    if (m_reader.beginsPath(at)) return parsePath(name, at, *values, op);
    const std::string near = didYouMean(name, queryFieldNames());
    return Error{sentence(at, "expected a field, found \"" + std::string(name) + "\"" +
                                  (near.empty() ? ": fields are " + someOf(queryFieldNames()) +
                                                      "; put a text with \"" +
                                                      std::string(m_text.substr(at + name.size(), 1)) +
                                                      "\" in quotes to look for it"
                                                : near)),
                 at};
  }

  Result<NodePtr> parseIs(const std::vector<QueryValue>& values, const QueryReader::FoundOp& op) {
    if (op.op != Op::Contains && op.op != Op::Equals)
      return Error{sentence(op.at, "expected \":\" behind \"is\", found " + m_reader.found(op.at)), op.at};
    std::vector<NodePtr> any;
    for (const QueryValue& value : values) {
      const auto flag = queryFlag(value.text);
      if (!flag) {
        const std::string near = didYouMean(value.text, queryFlagNames());
        return Error{sentence(value.at,
                              "expected one of edited, scrubbed, error, stream, used, missed and "
                              "undecodable, found \"" +
                                  value.text + "\"" + near),
                     value.at};
      }
      any.push_back(termNode(FlagTerm{*flag}));
    }
    NodePtr node = combine(Node::Kind::Or, std::move(any));
    return op.negated ? combine(Node::Kind::Not, {std::move(node)}) : node;
  }

  Result<NodePtr> parseKnown(const QueryField& field, const std::vector<QueryValue>& values,
                             const QueryReader::FoundOp& op, std::size_t at) {
    const bool ordered = op.op != Op::Contains && op.op != Op::Equals && op.op != Op::Matches;
    const bool isText = field.kind == QueryField::Kind::Word || field.kind == QueryField::Kind::Text;
    if (ordered && isText)
      return Error{sentence(op.at, "expected one of = != ~ !~ : behind \"" +
                                       std::string(m_text.substr(at, field.name.size())) + "\", found " +
                                       m_reader.found(op.at)),
                   op.at};
    if (op.op == Op::Matches && !isText)
      return Error{sentence(op.at, "expected one of = != < <= > >= : behind \"" +
                                       std::string(m_text.substr(at, field.name.size())) + "\", found " +
                                       m_reader.found(op.at)),
                   op.at};
    const bool isName = field.kind == QueryField::Kind::Word && field.field != FilterField::Method &&
                        field.field != FilterField::Service;
    auto tests = isName   ? nameTests(field, values, op.op)
                 : isText ? textTests(values, op.op)
                          : numberTests(field, values, op.op);
    if (!tests) return tests.error();
    tests->negated = op.negated;
    if (field.kind == QueryField::Kind::Word) return termNode(WordTerm{field.field, *std::move(tests)});
    if (field.kind == QueryField::Kind::Text)
      return termNode(TextTerm{.side = field.side, .tests = *std::move(tests)});
    return termNode(NumberTerm{field.field, *std::move(tests)});
  }

  // Behind "req.", "resp." or "msg."; `at` is where that begins.
  Result<FieldPath> readPath(std::string_view name, std::size_t at) const {
    at += name.find('.') + 1;
    auto path = parseFieldPath(name.substr(name.find('.') + 1));
    if (path) return path;
    at += path.error().offset.value_or(0);
    const std::string& message = path.error().message;
    return Error{sentence(at, message.substr(message.find("expected "))), at};
  }

  Result<NodePtr> parsePath(std::string_view name, std::size_t at, const std::vector<QueryValue>& values,
                            const QueryReader::FoundOp& op) {
    const std::string side = asciiLower(name.substr(0, name.find('.')));
    auto path = readPath(name, at);
    if (!path) return path.error();
    auto tests = valueTests(values, op.op);
    if (!tests) return tests.error();
    tests->negated = op.negated;
    return termNode(PathTerm{side == "req"    ? FilterSide::Request
                             : side == "resp" ? FilterSide::Response
                                              : FilterSide::Any,
                             FieldPathSet({*std::move(path)}), *std::move(tests)});
  }

  Error expectedAt(std::size_t at, const std::string& what) const {
    return {sentence(at, "expected " + what + ", found " + m_reader.found(at)), at};
  }

  bool atEnd() const { return m_at == m_text.size(); }
  bool isNext(char c) const { return !atEnd() && m_text[m_at] == c; }
  bool take(char c) {
    if (!isNext(c)) return false;
    ++m_at;
    return true;
  }
  // A word that stands for itself: with a space, a parenthesis or the end behind it.
  bool isKeyword(std::string_view word) const {
    if (!equalsIgnoringCase(m_text.substr(m_at, word.size()), word)) return false;
    const std::size_t end = m_at + word.size();
    return end == m_text.size() || isSpace(m_text[end]) || m_text[end] == '(' || m_text[end] == ')';
  }
  bool takeKeyword(std::string_view word) {
    if (!isKeyword(word)) return false;
    m_at += word.size();
    return true;
  }
  void skipSpace() {
    while (!atEnd() && isSpace(m_text[m_at])) ++m_at;
  }

  std::string_view m_text;
  QueryReader m_reader;
  std::size_t m_at = 0;
};

}  // namespace

Result<Query> Query::parse(std::string_view text) {
  if (!isUtf8(text))
    return Error{sentence(validUtf8(text), "expected UTF-8, found a byte that is none"), validUtf8(text)};
  auto root = Parser(text).parse();
  if (!root) return root.error();
  Query query;
  query.m_root = *std::move(root);
  query.m_text = text;
  return query;
}

}  // namespace retake
