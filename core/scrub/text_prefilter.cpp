#include "scrub/text_prefilter.h"

#include <absl/strings/ascii.h>
#include <re2/filtered_re2.h>
#include <re2/re2.h>
#include <re2/set.h>

#include <algorithm>
#include <optional>
#include <unordered_map>

#include "scrub/base64_digits.h"
#include "scrub/encoded_texts.h"
#include "scrub/encodings.h"
#include "scrub/inner_texts.h"
#include "scrub/literal_scanner.h"
#include "scrub/pattern_shape.h"
#include "scrub/relaxed_pattern.h"

namespace retake {
namespace {

// What may be decoded for each byte that is scanned, before all patterns are said to match.
constexpr std::size_t kMaxDecoded = 32;
// Matches that are at least so long, of no more kinds of bytes, are looked for where such bytes follow each
// other; of more kinds where a byte is that all matches have.
constexpr std::size_t kMinStretch = 8;
constexpr std::size_t kMaxKinds = 40;
constexpr std::size_t kMaxAboutAnchor = 80;
// So many patterns are faster one by one than as a set.
constexpr std::size_t kFew = 2;

// A set has the states of all its patterns.
constexpr std::int64_t kMemory = 16 << 20;
constexpr std::int64_t kSetMemory = 64 << 20;

RE2::Options prefilterOptions(std::int64_t memory = kMemory) {
  RE2::Options options(RE2::Quiet);
  options.set_max_mem(memory);
  return options;
}

// Text that is in nearly all there is says nothing; nor does what has another case than that of ASCII.
bool isTelling(const std::string& text) {
  if (std::any_of(text.begin(), text.end(), [](char c) { return static_cast<std::uint8_t>(c) >= 0x80; }))
    return false;
  return text.size() >= 3 || text.find('@') != std::string::npos;
}

void addBothCases(AsciiSet& characters, char c) {
  characters.add(absl::ascii_tolower(static_cast<unsigned char>(c)));
  characters.add(absl::ascii_toupper(static_cast<unsigned char>(c)));
}

// What the other forms are written with.
AsciiSet charactersOfForms() {
  AsciiSet characters;
  for (const std::string_view all : {kPlainBase64, kUrlSafeBase64, std::string_view("%\\")})
    for (const char c : all) characters.add(c);
  return characters;
}

bool matches(const RE2& pattern, std::string_view text) { return RE2::PartialMatch(text, pattern); }

// What there has to be for a pattern to match; null where it may match without.
std::unique_ptr<re2::FilteredRE2> filterOf(const std::string& pattern, std::vector<std::string>& atoms) {
  auto filter = std::make_unique<re2::FilteredRE2>(1);
  int id = 0;
  if (filter->Add(pattern, prefilterOptions(), &id) != RE2::NoError) return nullptr;
  filter->Compile(&atoms);
  std::vector<int> there;
  for (std::size_t i = 0; i < atoms.size(); ++i)
    if (!isTelling(atoms[i])) there.push_back(static_cast<int>(i));
  std::vector<int> potentials;
  filter->AllPotentials(there, &potentials);
  return potentials.empty() ? std::move(filter) : nullptr;
}

}  // namespace

struct TextPrefilter::State {
  // Where a pattern may match, which has a shape: stretches of the bytes that its matches are made of, about
  // the one of them that all have, or long enough. Elsewhere it need not be tried.
  class Stretches {
   public:
    explicit Stretches(const PatternShape& shape) : m_shape(shape) {
      // Letters and digits are everywhere.
      for (std::size_t c = 0; c < shape.isInAll.size(); ++c) {
        if (!shape.isInAll[c]) continue;
        m_inAll += static_cast<char>(c);
        if (!m_anchor || !absl::ascii_isalnum(static_cast<unsigned char>(c))) m_anchor = static_cast<char>(c);
      }
      const std::size_t kinds = shape.kinds();
      m_areTried = m_anchor ? kinds <= kMaxAboutAnchor : shape.least >= kMinStretch && kinds <= kMaxKinds;
    }

    bool areTried() const { return m_areTried; }
    bool hold(const RE2& pattern, std::string_view text) const;

   private:
    bool hasAll(std::string_view text) const {
      return std::all_of(m_inAll.begin(), m_inAll.end(), [&](char c) { return text.find(c) != text.npos; });
    }
    bool is(char c) const { return m_shape.holds[static_cast<std::uint8_t>(c)]; }

    PatternShape m_shape;
    std::string m_inAll;
    std::optional<char> m_anchor;
    bool m_areTried = false;
  };

  // A pattern that cannot match but where some texts are.
  struct Filtered {
    std::size_t number = 0;
    Stretches stretches;
    std::unique_ptr<re2::FilteredRE2> filter;
    std::vector<std::int64_t> literalOf;  // by its atoms; -1: taken to be there always
  };

  // A pattern that no text tells of.
  struct Bare {
    std::size_t number = 0;
    std::unique_ptr<RE2> pattern;
    Stretches stretches;
  };

  std::unordered_map<std::string, std::size_t> numbers;
  std::vector<std::string> patterns;
  std::vector<std::string> literals;  // by number; empty where it is a pattern

  std::vector<std::size_t> always;  // that RE2 cannot put among the others
  // By literal: what it is the whole of, and what it is a part of.
  LiteralScanner scanner;
  std::vector<std::vector<std::size_t>> wholes;
  std::vector<std::vector<std::size_t>> parts;  // indices of `filtered`
  std::vector<Filtered> filtered;
  // Patterns that no text tells of: one by one; by index in the set.
  std::vector<Bare> bare;
  std::vector<std::size_t> numberOf;
  std::unique_ptr<RE2::Set> set;
  InnerTexts inner;  // where any of all these may be

  bool addFiltered(std::size_t number);
  void addBare();
  void addScanned(std::size_t number, const std::string& literal);
  void addInner(const PatternShape& shape, std::size_t shortestText);
  void scanLiterals(ByteView text, std::vector<char>& hits) const;
  void scanBare(ByteView text, std::vector<char>& hits) const;
  void scan(ByteView text, std::vector<char>& hits, int depth, std::size_t& budget) const;
  void setAll(std::vector<char>& hits) const { std::fill(hits.begin(), hits.end(), char{1}); }
};

bool TextPrefilter::State::Stretches::hold(const RE2& pattern, std::string_view text) const {
  if (!hasAll(text)) return false;
  if (!m_areTried) return matches(pattern, text);
  for (std::size_t from = 0; text.size() - from >= m_shape.least;) {
    const std::size_t probe = m_anchor ? text.find(*m_anchor, from) : from + m_shape.least - 1;
    if (probe >= text.size()) return false;
    if (!is(text[probe])) {
      from = probe + 1;
      continue;
    }
    std::size_t begin = probe;
    while (begin > from && is(text[begin - 1])) --begin;
    from = probe + 1;
    while (from < text.size() && is(text[from])) ++from;
    const std::string_view stretch = text.substr(begin, from - begin);
    if (stretch.size() >= m_shape.least && hasAll(stretch) && matches(pattern, stretch)) return true;
  }
  return false;
}

TextPrefilter::TextPrefilter() : m_state(std::make_unique<State>()) {}
TextPrefilter::~TextPrefilter() = default;
TextPrefilter::TextPrefilter(TextPrefilter&&) noexcept = default;
TextPrefilter& TextPrefilter::operator=(TextPrefilter&&) noexcept = default;

std::size_t TextPrefilter::size() const { return m_state->patterns.size(); }

std::size_t TextPrefilter::addPattern(const std::string& pattern) {
  const auto [at, isNew] = m_state->numbers.try_emplace(withoutAnchors(pattern), m_state->patterns.size());
  if (isNew) m_state->patterns.push_back(at->first);
  return at->second;
}

std::size_t TextPrefilter::addLiteral(const std::string& text) {
  const std::size_t number = addPattern(RE2::QuoteMeta(text));
  m_state->literals.resize(size());
  m_state->literals[number] = text;
  return number;
}

void TextPrefilter::State::addScanned(std::size_t number, const std::string& literal) {
  const std::uint32_t index = scanner.add(literal);
  wholes.resize(scanner.size());
  parts.resize(scanner.size());
  if (number != SIZE_MAX) wholes[index].push_back(number);
}

bool TextPrefilter::State::addFiltered(std::size_t number) {
  std::vector<std::string> atoms;
  auto filter = filterOf(patterns[number], atoms);
  if (!filter) return false;
  const PatternShape shape = shapeOf(patterns[number]);
  Filtered one{.number = number, .stretches = Stretches(shape), .filter = std::move(filter), .literalOf = {}};
  std::size_t shortest = SIZE_MAX;
  for (const std::string& atom : atoms) {
    one.literalOf.push_back(-1);
    if (!isTelling(atom)) continue;
    addScanned(SIZE_MAX, atom);
    const std::uint32_t index = scanner.add(atom);
    one.literalOf.back() = index;
    parts[index].push_back(filtered.size());
    shortest = std::min(shortest, atom.size());
  }
  filtered.push_back(std::move(one));
  addInner(shape, shortest);
  return true;
}

void TextPrefilter::State::addInner(const PatternShape& shape, std::size_t shortestText) {
  inner.least = std::min(inner.least, shape.isAscii() ? std::max(shape.least, shortestText) : shortestText);
  for (std::size_t c = 0x80; c < inner.wide.size(); ++c) inner.wide[c] = inner.wide[c] || shape.holds[c];
  inner.hasWide = inner.hasWide || !shape.isAscii();
  // Names are looked for in either case.
  for (std::size_t c = 0; c < 0x80; ++c)
    if (shape.holds[c]) addBothCases(inner.characters, static_cast<char>(c));
}

// Those that can be looked for in stretches of their bytes, or are few, one by one; the others as a set.
void TextPrefilter::State::addBare() {
  for (Bare& one : bare) {
    one.pattern = std::make_unique<RE2>(patterns[one.number], prefilterOptions());
    if (!one.pattern->ok()) always.push_back(one.number);
  }
  std::erase_if(bare, [](const Bare& one) { return !one.pattern->ok(); });
  const auto isOfSet = [](const Bare& one) { return !one.stretches.areTried(); };
  if (std::count_if(bare.begin(), bare.end(), isOfSet) <= static_cast<std::ptrdiff_t>(kFew)) return;
  set = std::make_unique<RE2::Set>(prefilterOptions(kSetMemory), RE2::UNANCHORED);
  for (const Bare& one : bare)
    if (isOfSet(one)) (set->Add(patterns[one.number], nullptr) < 0 ? always : numberOf).push_back(one.number);
  std::erase_if(bare, isOfSet);
  if (set->Compile()) return;
  always.insert(always.end(), numberOf.begin(), numberOf.end());
  numberOf.clear();
}

void TextPrefilter::finish() {
  State& state = *m_state;
  state.literals.resize(size());
  state.inner.least = SIZE_MAX;
  state.inner.characters = charactersOfForms();
  for (std::size_t i = 0; i < state.patterns.size(); ++i) {
    const std::string& literal = state.literals[i];
    if (!literal.empty()) {
      state.addScanned(i, literal);
      state.addInner(shapeOf(state.patterns[i]), 0);
    } else if (!state.addFiltered(i)) {
      const PatternShape shape = shapeOf(state.patterns[i]);
      state.addInner(shape, 0);
      state.bare.push_back({.number = i, .pattern = nullptr, .stretches = State::Stretches(shape)});
    }
  }
  state.addBare();
  state.scanner.finish();
}

void TextPrefilter::State::scanLiterals(ByteView text, std::vector<char>& hits) const {
  std::vector<std::uint32_t> found;
  scanner.scan(text, [&](std::uint32_t literal) {
    // Of one that comes often, the last few tell.
    const std::size_t first = found.size() > 4 ? found.size() - 4 : 0;
    if (std::find(found.begin() + static_cast<std::ptrdiff_t>(first), found.end(), literal) == found.end())
      found.push_back(literal);
  });
  if (found.empty()) return;
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  std::vector<std::size_t> asked;
  for (const std::uint32_t literal : found) {
    for (const std::size_t number : wholes[literal]) hits[number] = 1;
    for (const std::size_t index : parts[literal])
      if (!hits[filtered[index].number]) asked.push_back(index);
  }
  std::sort(asked.begin(), asked.end());
  asked.erase(std::unique(asked.begin(), asked.end()), asked.end());
  for (const std::size_t index : asked) {
    const Filtered& one = filtered[index];
    std::vector<int> there;
    for (std::size_t atom = 0; atom < one.literalOf.size(); ++atom)
      if (one.literalOf[atom] < 0 ||
          std::binary_search(found.begin(), found.end(), static_cast<std::uint32_t>(one.literalOf[atom])))
        there.push_back(static_cast<int>(atom));
    std::vector<int> potentials;
    one.filter->AllPotentials(there, &potentials);
    if (!potentials.empty() && one.stretches.hold(one.filter->GetRE2(potentials[0]), text))
      hits[one.number] = 1;
  }
}

void TextPrefilter::State::scanBare(ByteView text, std::vector<char>& hits) const {
  for (const Bare& one : bare)
    if (!hits[one.number] && one.stretches.hold(*one.pattern, text)) hits[one.number] = 1;
  if (std::all_of(numberOf.begin(), numberOf.end(), [&](std::size_t i) { return hits[i]; })) return;
  std::vector<int> matched;
  RE2::Set::ErrorInfo error{};
  if (set->Match(text, &matched, &error))
    for (const int i : matched) hits[numberOf[static_cast<std::size_t>(i)]] = 1;
  else if (error.kind != RE2::Set::kNoError)
    setAll(hits);
}

void TextPrefilter::scan(ByteView bytes, std::vector<char>& hits) const {
  for (const std::size_t i : m_state->always) hits[i] = 1;
  if (m_state->bare.empty() && m_state->numberOf.empty() && m_state->scanner.size() == 0) return;
  std::size_t budget = bytes.size() * kMaxDecoded + (std::size_t{1} << 16);
  m_state->scan(bytes, hits, 0, budget);
}

void TextPrefilter::State::scan(ByteView text, std::vector<char>& hits, int depth,
                                std::size_t& budget) const {
  if (text.empty()) return;
  scanLiterals(text, hits);
  scanBare(text, hits);
  if (depth == kMaxInside) return;
  std::string inside;
  const auto spend = [&](std::size_t bytes) {
    if (budget < bytes) return false;
    budget -= bytes;
    return true;
  };
  addEncodedTexts(text, inner, inside);
  const auto scanInside = [&] {
    if (!spend(inside.size())) return setAll(hits);
    scan(inside, hits, depth + 1, budget);
  };
  scanInside();
  if (holdsJsonEscape(text)) {
    inside.clear();
    addUnescapedJson(text, inside);
    scanInside();
  }
  if (holdsUrlEscape(text)) {
    inside.clear();
    addUnescapedUrl(text, budget, inside);
    scanInside();
  }
}

}  // namespace retake
