#include "filter/query.h"

#include <algorithm>

#include "filter/message_search.h"
#include "filter/query_fields.h"
#include "filter/query_node.h"

namespace retake {
namespace {

using Node = Query::Node;

Truth truthOf(bool value) { return value ? Truth::Yes : Truth::No; }
Truth opposite(Truth truth) {
  return truth == Truth::Yes ? Truth::No : truth == Truth::No ? Truth::Yes : Truth::Unknown;
}
// What was looked through: all there is, or what is known of it.
Truth afterLooking(bool found, bool known) { return found ? Truth::Yes : known ? Truth::No : Truth::Unknown; }

class Evaluator {
 public:
  explicit Evaluator(const FilterSubject& subject) : m_subject(subject) {}

  Truth operator()(const FlagTerm& term) const {
    const auto flag = m_subject.flag(term.flag);
    return flag ? truthOf(*flag) : Truth::Unknown;
  }

  Truth operator()(const WordTerm& term) const {
    const auto word = m_subject.word(term.field);
    if (!word) return Truth::Unknown;
    return truthOf(wordMatches(term.field, *word, term.tests));
  }

  Truth operator()(const NumberTerm& term) const {
    const auto number = m_subject.number(term.field);
    if (!number) return Truth::Unknown;
    FilterNumber value = FilterNumber::of(*number);
    if (queryField(term.field).kind == QueryField::Kind::Time) value.unit = FilterNumber::Unit::Time;
    return truthOf(term.tests.ask([&](const ValueTest& test) { return test.ofNumber(value); }));
  }

  Truth operator()(const MetadataTerm& term) const {
    bool found = false;
    const bool known = m_subject.metadata(term.trailers, term.key, [&](std::string_view value) {
      found = term.tests.ask([&](const ValueTest& test) { return test.ofBytes(value); });
      return !found;
    });
    return afterLooking(found, known);
  }

  Truth operator()(const TextTerm& term) const {
    bool known = true;
    if (term.alone) {
      const auto stands = [&](FilterField field) {
        const auto word = m_subject.word(field);
        known = known && word.has_value();
        return word && term.tests.ofText(*word);
      };
      if (stands(FilterField::Method) || (term.inKind && stands(FilterField::Kind)) ||
          (term.inStatus && stands(FilterField::Status)))
        return Truth::Yes;
    }
    bool found = false;
    if (term.side == FilterSide::Any) {
      m_subject.texts([&](std::string_view text) {
        found = term.tests.ofText(text);
        return !found;
      });
      if (found) return Truth::Yes;
    }
    known = m_subject.messages(term.side, [&](const google::protobuf::Descriptor* type, ByteView message) {
      found = hasText(type, message, term.tests, m_subject.pool());
      return !found;
    }) && known;
    return afterLooking(found, known);
  }

  Truth operator()(const PathTerm& term) const {
    bool found = false;
    const bool known =
        m_subject.messages(term.side, [&](const google::protobuf::Descriptor* type, ByteView message) {
          found = hasValue(type, message, term.path, term.tests, m_subject.pool());
          return !found;
        });
    return afterLooking(found, known);
  }

 private:
  const FilterSubject& m_subject;
};

template <typename Any>
bool anyTerm(const Node& node, const Any& holds) {
  if (node.kind == Node::Kind::Term) return holds(node.term);
  return std::any_of(node.children.begin(), node.children.end(),
                     [&](const auto& child) { return anyTerm(*child, holds); });
}

bool isOfRequest(const Node::Term& term) {
  if (const auto* word = std::get_if<WordTerm>(&term)) return word->field != FilterField::Status;
  if (const auto* number = std::get_if<NumberTerm>(&term)) return number->field == FilterField::RequestSize;
  if (const auto* flag = std::get_if<FlagTerm>(&term)) return flag->flag == FilterFlag::Stream;
  if (const auto* metadata = std::get_if<MetadataTerm>(&term)) return !metadata->trailers;
  if (const auto* text = std::get_if<TextTerm>(&term))
    return text->side != FilterSide::Response && !text->inStatus;
  return std::get<PathTerm>(term).side != FilterSide::Response;
}

}  // namespace

bool wordMatches(FilterField field, std::string_view word, const ValueTests& tests) {
  const auto matches = [&](std::string_view form) {
    return std::any_of(tests.any.begin(), tests.any.end(),
                       [form](const ValueTest& test) { return test.ofText(form); });
  };
  bool any = matches(word);
  // People leave the slash away that a path begins with, and name a method or service by its last part.
  const bool byParts = std::any_of(tests.any.begin(), tests.any.end(),
                                   [](const ValueTest& test) { return test.op == ValueTest::Op::Equals; });
  if (byParts && field == FilterField::Method && word.starts_with('/'))
    any = any || matches(word.substr(1)) || matches(word.substr(word.rfind('/') + 1));
  if (byParts && field == FilterField::Service && word.find('.') != std::string_view::npos)
    any = any || matches(word.substr(word.rfind('.') + 1));
  return any != tests.negated;
}

Truth evaluate(const Node& node, const FilterSubject& subject) {
  switch (node.kind) {
    case Node::Kind::Term:
      return std::visit(Evaluator(subject), node.term);
    case Node::Kind::Not:
      return opposite(evaluate(*node.children.front(), subject));
    case Node::Kind::And:
    case Node::Kind::Or: {
      const Truth decides = node.kind == Node::Kind::And ? Truth::No : Truth::Yes;
      Truth truth = opposite(decides);
      for (const auto& child : node.byCost) {
        const Truth one = evaluate(*child, subject);
        if (one == decides) return decides;
        if (one == Truth::Unknown) truth = Truth::Unknown;
      }
      return truth;
    }
  }
  return Truth::Unknown;
}

Query::Query() = default;

bool Query::isEmpty() const { return !m_root; }
const std::string& Query::text() const { return m_text; }
QueryCost Query::cost() const { return m_root ? m_root->cost : QueryCost::Index; }

bool Query::needsOnlyRequest() const {
  return !m_root || !anyTerm(*m_root, [](const Node::Term& term) { return !isOfRequest(term); });
}

bool Query::asksForDirection() const {
  return m_root && anyTerm(*m_root, [](const Node::Term& term) {
           const auto* word = std::get_if<WordTerm>(&term);
           return word && word->field == FilterField::Direction;
         });
}

bool Query::asksFor(FilterFlag flag) const {
  return m_root && anyTerm(*m_root, [flag](const Node::Term& term) {
           const auto* asked = std::get_if<FlagTerm>(&term);
           return asked && asked->flag == flag;
         });
}

Truth Query::evaluate(const FilterSubject& subject) const {
  return m_root ? retake::evaluate(*m_root, subject) : Truth::Yes;
}

}  // namespace retake
