#include <google/protobuf/descriptor.h>

#include <algorithm>

#include "schema/field_path.h"

namespace retake {

using Kind = PathSegment::Kind;
using Walk = FieldPathSet::Walk;

void Walk::States::add(const State& state) {
  const auto known = all();
  if (std::find(known.begin(), known.end(), state) != known.end()) return;
  if (m_count == kFew) m_more.assign(m_few.begin(), m_few.end());
  if (m_count >= kFew)
    m_more.push_back(state);
  else
    m_few[m_count] = state;
  ++m_count;
}

const PathSegment& Walk::segmentOf(const State& state) const {
  return m_set->m_paths[state.path].segments[state.segment];
}

Walk Walk::begun() const {
  Walk next;
  next.m_set = m_set;
  next.m_covered = m_covered;
  return next;
}

// What is to be matched next is a whole segment; "**" may also be no level at all.
void Walk::enter(std::uint32_t path, std::size_t segment) {
  const auto& segments = m_set->m_paths[path].segments;
  for (;; ++segment) {
    if (segment == segments.size()) {
      m_covered = true;
      return;
    }
    m_states.add({path, static_cast<std::uint16_t>(segment), Next::Field});
    if (segments[segment].kind != Kind::AnyDepth) return;
  }
}

// `done`: the last part of its segment that was matched.
void Walk::matched(const State& state, Next done) {
  const PathSegment& segment = m_set->m_paths[state.path].segments[state.segment];
  if (done == Next::Field && segment.hasSubscript())
    m_states.add({state.path, state.segment, Next::Subscript});
  else if (done != Next::AnyType && !segment.anyType.empty())
    m_states.add({state.path, state.segment, Next::AnyType});
  else
    enter(state.path, state.segment + std::size_t{1});
}

template <typename Matches>
Walk Walk::intoField(const Matches& matches) const {
  Walk next = begun();
  if (m_covered) return next;
  for (const State& state : m_states.all()) {
    if (state.next != Next::Field) continue;
    const PathSegment& segment = segmentOf(state);
    if (segment.kind == Kind::AnyDepth)
      next.enter(state.path, state.segment);
    else if (segment.kind == Kind::AnyField || matches(segment))
      next.matched(state, Next::Field);
  }
  return next;
}

template <typename Matches>
Walk Walk::intoElement(const Matches& matches) const {
  Walk next = begun();
  if (m_covered) return next;
  for (const State& state : m_states.all()) {
    if (state.next != Next::Subscript)
      next.m_states.add(state);
    else if (const PathSegment& segment = segmentOf(state); segment.anyElement || matches(segment))
      next.matched(state, Next::Subscript);
  }
  return next;
}

Walk Walk::field(const google::protobuf::FieldDescriptor& field) const {
  return intoField([&](const PathSegment& segment) {
    if (segment.kind == Kind::Number) return segment.number == static_cast<std::uint32_t>(field.number());
    const std::string_view name = segment.name;
    if (field.is_extension())
      return name.size() > 2 && name.front() == '[' && name.substr(1, name.size() - 2) == field.full_name();
    return name == field.name() || name == field.json_name();
  });
}

Walk Walk::field(std::uint32_t number) const {
  return intoField(
      [&](const PathSegment& segment) { return segment.kind == Kind::Number && segment.number == number; });
}

Walk Walk::element(std::uint64_t index) const {
  return intoElement([&](const PathSegment& segment) { return segment.index == index; });
}

Walk Walk::element(std::string_view key) const {
  return intoElement([&](const PathSegment& segment) { return segment.key == key; });
}

Walk Walk::any(std::string_view typeName) const {
  Walk next = begun();
  if (m_covered) return next;
  for (const State& state : m_states.all()) {
    const PathSegment& segment = segmentOf(state);
    if (state.next == Next::AnyType && segment.anyType == typeName)
      next.matched(state, Next::AnyType);
    else if (state.next == Next::Field && segment.kind == Kind::AnyDepth)
      next.enter(state.path, state.segment);
  }
  return next;
}

Walk Walk::member(std::string_view key) const {
  Walk next = begun();
  if (m_covered) return next;
  for (const State& state : m_states.all()) {
    const PathSegment& segment = segmentOf(state);
    if (state.next == Next::Subscript) {
      if (segment.anyElement || segment.key == key) next.matched(state, Next::Subscript);
    } else if (state.next == Next::Field) {
      if (segment.kind == Kind::AnyDepth)
        next.enter(state.path, state.segment);
      else if (segment.kind == Kind::AnyField || (segment.kind == Kind::Name && segment.name == key))
        next.matched(state, Next::Field);
    }
  }
  return next;
}

bool Walk::asksForElement() const {
  const auto states = m_states.all();
  return std::any_of(states.begin(), states.end(),
                     [](const State& state) { return state.next == Next::Subscript; });
}

std::string Walk::fingerprint() const {
  std::string out(1, m_covered ? '+' : '-');
  for (const State& state : m_states.all())
    out += std::to_string(state.path) + ':' + std::to_string(state.segment) + ':' +
           std::to_string(static_cast<int>(state.next)) + ' ';
  return out;
}

Walk Walk::with(const Walk& other) const {
  Walk both = *this;
  if (!both.m_set) both.m_set = other.m_set;
  both.m_covered = m_covered || other.m_covered;
  for (const State& state : other.m_states.all()) both.m_states.add(state);
  return both;
}

bool Walk::onlyByAnyDepth() const {
  const auto states = m_states.all();
  return std::all_of(states.begin(), states.end(), [&](const State& state) {
    const auto& segments = m_set->m_paths[state.path].segments;
    return std::any_of(segments.begin(), segments.begin() + state.segment + 1,
                       [](const PathSegment& segment) { return segment.kind == Kind::AnyDepth; });
  });
}

Walk FieldPathSet::begin() const {
  Walk walk;
  walk.m_set = this;
  for (std::uint32_t path = 0; path < m_paths.size(); ++path)
    if (m_paths[path].segments.size() <= kMaxPathSegments) walk.enter(path, 0);
  return walk;
}

}  // namespace retake
