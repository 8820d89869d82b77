#include "filter/call_search.h"

#include <array>
#include <string>

#include "filter/call_filter.h"
#include "filter/query_fields.h"
#include "recording/status.h"
#include "schema/call_kind.h"

namespace retake {
namespace {

using Node = Query::Node;

template <typename Known, typename Compare>
bool remembered(Known& known, const Compare& compare) {
  if (known == Known::NotYet) known = compare() ? Known::Yes : Known::No;
  return known == Known::Yes;
}

}  // namespace

struct CallSearch::Step {
  // A name that was compared: no, yes, or not yet.
  enum class Known : std::uint8_t { NotYet, No, Yes };

  const Node* node = nullptr;
  std::vector<std::unique_ptr<Step>> children;  // cheapest first
  std::shared_ptr<const ByteScan> scan;
  // By method; by kind, web sockets last; by status, a call without an end last.
  std::vector<Known> methods;
  std::array<Known, 5> kinds{};
  std::array<Known, 33> statuses{};
};

struct CallSearch::At {
  std::uint32_t index = 0;
  Call call;
  std::uint32_t method = 0;
  const FilterSubject* subject = nullptr;
  std::optional<CallEnd> end = {};
};

CallSearch::CallSearch(const Query& query, const FilterInput& input)
    : m_input(input), m_byMessage(query.asksForDirection()) {
  if (query.root()) m_root = prepare(*query.root());
}

CallSearch::~CallSearch() = default;

std::unique_ptr<CallSearch::Step> CallSearch::prepare(const Node& node) const {
  auto step = std::make_unique<Step>();
  step->node = &node;
  for (const auto& child : node.kind == Node::Kind::Not ? node.children : node.byCost)
    step->children.push_back(prepare(*child));
  if (node.kind != Node::Kind::Term) return step;
  if (const auto* text = std::get_if<TextTerm>(&node.term)) step->scan = ByteScan::of(*text);
  if (const auto* path = std::get_if<PathTerm>(&node.term)) step->scan = ByteScan::of(*path, *m_input.schema);
  step->methods.resize(m_input.recording->methodCount());
  return step;
}

bool CallSearch::matches(std::uint32_t call) {
  if (!m_root) return true;
  At at{.index = call, .call = (*m_input.calls)[call]};
  at.method = m_input.recording->info(at.call.first).method;
  if (!m_byMessage) {
    const CallSubject subject(m_input, call);
    at.subject = &subject;
    return truth(*m_root, at) == Truth::Yes;
  }
  const auto one = [&](std::uint32_t position) {
    if (!m_input.recording->info(position).hasMessage) return false;
    const MessageSubject subject(m_input, call, position);
    at.subject = &subject;
    return truth(*m_root, at) == Truth::Yes;
  };
  if (one(at.call.first)) return true;
  for (const std::uint32_t position : at.call.rest)
    if (one(position)) return true;
  return false;
}

Truth CallSearch::truth(Step& step, At& at) {
  switch (step.node->kind) {
    case Node::Kind::Term:
      return ofTerm(step, at);
    case Node::Kind::Not: {
      const Truth inner = truth(*step.children.front(), at);
      return inner == Truth::Yes ? Truth::No : inner == Truth::No ? Truth::Yes : Truth::Unknown;
    }
    case Node::Kind::And:
    case Node::Kind::Or: {
      const Truth decides = step.node->kind == Node::Kind::And ? Truth::No : Truth::Yes;
      Truth all = decides == Truth::No ? Truth::Yes : Truth::No;
      for (const auto& child : step.children) {
        const Truth one = truth(*child, at);
        if (one == decides) return decides;
        if (one == Truth::Unknown) all = Truth::Unknown;
      }
      return all;
    }
  }
  return Truth::Unknown;
}

std::optional<bool> CallSearch::nameFits(Step& step, FilterField field, const ValueTests& tests, At& at) {
  const auto compare = [&] { return wordMatches(field, at.subject->word(field).value_or(""), tests); };
  switch (field) {
    case FilterField::Method:
    case FilterField::Service:
      return remembered(step.methods[at.method], compare);
    case FilterField::Kind: {
      if (!at.call.isStream()) return remembered(step.kinds[0], compare);
      return compare();
    }
    case FilterField::Status: {
      if (!at.end) at.end = callEnd(*m_input.recording, at.call);
      if (at.end->kind == CallEnd::Kind::Open) return remembered(step.statuses[32], compare);
      const std::int32_t code = at.end->kind == CallEnd::Kind::Ok ? 0 : at.end->code;
      if (code < 0 || code >= kOtherStatusCode) return compare();  // its number stands in its message
      return remembered(step.statuses[static_cast<std::size_t>(code)], compare);
    }
    default:
      return std::nullopt;
  }
}

Truth CallSearch::ofTerm(Step& step, At& at) {
  const Node::Term& term = step.node->term;
  if (const auto* word = std::get_if<WordTerm>(&term)) {
    if (const auto fits = nameFits(step, word->field, word->tests, at)) return *fits ? Truth::Yes : Truth::No;
  } else if (const auto* text = std::get_if<TextTerm>(&term); text && step.scan) {
    if (text->alone) {
      const auto fits = [&](FilterField field) {
        return nameFits(step, field, text->tests, at).value_or(false);
      };
      if (fits(FilterField::Method) || (text->inKind && fits(FilterField::Kind)) ||
          (text->inStatus && fits(FilterField::Status)))
        return Truth::Yes;
    }
    if (!bytesMayHold(*step.scan, text->side, at)) return Truth::No;
  } else if (const auto* path = std::get_if<PathTerm>(&term); path && step.scan) {
    if (!bytesMayHold(*step.scan, path->side, at)) return Truth::No;
  }
  return evaluate(*step.node, *at.subject);
}

// Entries that cannot be read may hold anything.
bool CallSearch::bytesMayHold(const ByteScan& scan, FilterSide side, const At& at) const {
  const Recording& recording = *m_input.recording;
  const auto one = [&](std::uint32_t position) {
    const EntryInfo info = recording.info(position);
    const bool isRequest = info.kind == EntryKind::Request || info.kind == EntryKind::Send;
    if (side != FilterSide::Any && (side == FilterSide::Request) != isRequest) return false;
    if (!info.hasMessage && !info.hasExtras) return false;
    const auto bytes = recording.bytes(position);
    return !bytes || scan.mayHold(bytes->view);
  };
  if (one(at.call.first)) return true;
  for (const std::uint32_t position : at.call.rest)
    if (one(position)) return true;
  return false;
}

}  // namespace retake
