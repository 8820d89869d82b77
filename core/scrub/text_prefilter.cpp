#include "scrub/text_prefilter.h"

#include <re2/filtered_re2.h>
#include <re2/re2.h>
#include <re2/set.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <unordered_map>

#include "schema/text.h"
#include "scrub/encodings.h"
#include "scrub/literal_scanner.h"
#include "scrub/relaxed_pattern.h"

namespace retake {
namespace {

// As deep as the walk looks into texts.
constexpr int kMaxInside = 5;
// Shorter than what the walk takes for text among bytes: a message that is written in base64 holds texts of
// any length.
constexpr std::size_t kMinRun = 3;
// What may be decoded for each byte that is scanned, before all patterns are said to match.
constexpr std::size_t kMaxDecoded = 32;

enum CharClass : std::uint8_t { kBase64 = 1, kHex = 2, kAscii = 4 };

constexpr std::array<std::uint8_t, 256> makeClasses() {
  std::array<std::uint8_t, 256> classes{};
  for (std::size_t c = 0; c < 256; ++c) {
    const bool digit = c >= '0' && c <= '9';
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    const bool hex = digit || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    if (digit || letter || c == '+' || c == '/' || c == '-' || c == '_') classes[c] |= kBase64;
    if (hex) classes[c] |= kHex;
    if ((c >= 0x20 && c < 0x7f) || c == '\t' || c == '\n' || c == '\r') classes[c] |= kAscii;
  }
  return classes;
}
constexpr auto kClasses = makeClasses();

bool is(char c, CharClass what) { return (kClasses[static_cast<std::uint8_t>(c)] & what) != 0; }

// The next stretch of characters of a class, of at least kLeast of them; empty at the end. Looks at every
// kLeast-th byte alone where there is none.
template <std::size_t kLeast, CharClass kWhat>
std::string_view nextRun(std::string_view text, std::size_t& at) {
  while (text.size() - at >= kLeast) {
    const std::size_t probe = at + kLeast - 1;
    if (!is(text[probe], kWhat)) {
      at = probe + 1;
      continue;
    }
    std::size_t begin = probe;
    while (begin > at && is(text[begin - 1], kWhat)) --begin;
    std::size_t end = probe + 1;
    while (end < text.size() && is(text[end], kWhat)) ++end;
    at = end;
    if (end - begin >= kLeast) return text.substr(begin, end - begin);
  }
  at = text.size();
  return {};
}

// Adds the stretches of text among `bytes`, apart from each other.
void addTexts(ByteView bytes, std::string& out) {
  std::size_t begin = 0;
  const auto finish = [&](std::size_t end) {
    if (end - begin >= kMinRun) {
      out.append(bytes, begin, end - begin);
      out += '\0';
    }
  };
  for (std::size_t at = 0; at < bytes.size();) {
    if (is(bytes[at], kAscii)) {
      ++at;
      continue;
    }
    const auto c = static_cast<std::uint8_t>(bytes[at]);
    const std::size_t length = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : 2;
    if (c >= 0xc2 && bytes.size() - at >= length && isUtf8(bytes.substr(at, length))) {
      at += length;
      continue;
    }
    finish(at);
    begin = ++at;
  }
  finish(bytes.size());
}

int hexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  return (c | 0x20) - 'a' + 10;
}

void addUnescapedUrl(std::string_view text, std::string& out) {
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] == '%' && text.size() - at > 2 && is(text[at + 1], kHex) && is(text[at + 2], kHex)) {
      out += static_cast<char>(hexValue(text[at + 1]) << 4 | hexValue(text[at + 2]));
      at += 3;
    } else {
      out += text[at++];
    }
  }
}

void addUnescapedJson(std::string_view text, std::string& out) {
  const auto unitAt = [&](std::size_t at) -> std::optional<std::uint32_t> {
    if (text.size() - at < 6 || text[at] != '\\' || text[at + 1] != 'u') return std::nullopt;
    std::uint32_t unit = 0;
    for (std::size_t i = at + 2; i < at + 6; ++i) {
      if (!is(text[i], kHex)) return std::nullopt;
      unit = unit << 4 | static_cast<std::uint32_t>(hexValue(text[i]));
    }
    return unit;
  };
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] != '\\' || at + 1 == text.size()) {
      out += text[at++];
    } else if (const auto unit = unitAt(at)) {
      at += 6;
      std::uint32_t codePoint = *unit;
      if (codePoint >= 0xd800 && codePoint <= 0xdbff && at < text.size())
        if (const auto low = unitAt(at); low && *low >= 0xdc00 && *low <= 0xdfff) {
          codePoint = 0x10000 + ((codePoint - 0xd800) << 10) + (*low - 0xdc00);
          at += 6;
        }
      appendUtf8(out, codePoint);
    } else {
      constexpr std::string_view kEscapes = "bfnrt";
      constexpr std::string_view kMeanings = "\b\f\n\r\t";
      const std::size_t known = kEscapes.find(text[at + 1]);
      out += known == std::string_view::npos ? text[at + 1] : kMeanings[known];
      at += 2;
    }
  }
}

bool holdsEscape(std::string_view text) {
  for (std::size_t at = text.find('%'); at != std::string_view::npos; at = text.find('%', at + 1))
    if (text.size() - at > 2 && is(text[at + 1], kHex) && is(text[at + 2], kHex)) return true;
  return false;
}

RE2::Options options() {
  RE2::Options options(RE2::Quiet);
  options.set_max_mem(64 << 20);
  return options;
}

// Text that is in nearly all there is says nothing; nor does what has another case than that of ASCII.
bool isTelling(const std::string& text) {
  if (std::any_of(text.begin(), text.end(), [](char c) { return static_cast<std::uint8_t>(c) >= 0x80; }))
    return false;
  return text.size() >= 3 || text.find('@') != std::string::npos;
}

// A pattern that cannot match but where some texts are.
struct Filtered {
  std::size_t number = 0;
  std::unique_ptr<re2::FilteredRE2> filter;
  std::vector<std::int64_t> literalOf;  // by its atoms; -1: taken to be there always
};

// What there has to be for a pattern to match; null where it may match without.
std::unique_ptr<re2::FilteredRE2> filterOf(const std::string& pattern, std::vector<std::string>& atoms) {
  auto filter = std::make_unique<re2::FilteredRE2>(1);
  int id = 0;
  if (filter->Add(pattern, options(), &id) != RE2::NoError) return nullptr;
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
  std::unordered_map<std::string, std::size_t> numbers;
  std::vector<std::string> patterns;
  std::vector<std::string> literals;  // by number; empty where it is a pattern

  std::vector<std::size_t> always;  // that RE2 cannot put among the others
  // By literal: what it is the whole of, and what it is a part of.
  LiteralScanner scanner;
  std::vector<std::vector<std::size_t>> wholes;
  std::vector<std::vector<std::size_t>> parts;  // indices of `filtered`
  std::vector<Filtered> filtered;
  std::vector<std::size_t> numberOf;  // by index in the set, of patterns that no text tells of
  std::unique_ptr<RE2::Set> set;

  void addScanned(std::size_t number, const std::string& literal);
  void scanLiterals(ByteView text, std::vector<char>& hits) const;
  void scan(ByteView text, std::vector<char>& hits, int depth, std::size_t& budget) const;
  void setAll(std::vector<char>& hits) const { std::fill(hits.begin(), hits.end(), char{1}); }
};

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

void TextPrefilter::finish() {
  State& state = *m_state;
  state.literals.resize(size());
  state.set = std::make_unique<RE2::Set>(options(), RE2::UNANCHORED);
  for (std::size_t i = 0; i < state.patterns.size(); ++i) {
    if (!state.literals[i].empty()) {
      state.addScanned(i, state.literals[i]);
      continue;
    }
    std::vector<std::string> atoms;
    if (auto filter = filterOf(state.patterns[i], atoms)) {
      Filtered one{.number = i, .filter = std::move(filter), .literalOf = {}};
      for (const std::string& atom : atoms) {
        one.literalOf.push_back(-1);
        if (!isTelling(atom)) continue;
        state.addScanned(SIZE_MAX, atom);
        const std::uint32_t index = state.scanner.add(atom);
        one.literalOf.back() = index;
        state.parts[index].push_back(state.filtered.size());
      }
      state.filtered.push_back(std::move(one));
    } else if (state.set->Add(state.patterns[i], nullptr) < 0) {
      state.always.push_back(i);
    } else {
      state.numberOf.push_back(i);
    }
  }
  state.scanner.finish();
  if (state.set->Compile()) return;
  state.always.insert(state.always.end(), state.numberOf.begin(), state.numberOf.end());
  state.numberOf.clear();
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
    if (!potentials.empty()) hits[one.number] = 1;
  }
}

void TextPrefilter::scan(ByteView bytes, std::vector<char>& hits) const {
  for (const std::size_t i : m_state->always) hits[i] = 1;
  if (m_state->numberOf.empty() && m_state->scanner.size() == 0) return;
  std::size_t budget = bytes.size() * kMaxDecoded + (std::size_t{1} << 16);
  m_state->scan(bytes, hits, 0, budget);
}

void TextPrefilter::State::scan(ByteView text, std::vector<char>& hits, int depth,
                                std::size_t& budget) const {
  if (text.empty()) return;
  scanLiterals(text, hits);
  if (!numberOf.empty() &&
      std::any_of(numberOf.begin(), numberOf.end(), [&](std::size_t i) { return !hits[i]; })) {
    std::vector<int> matched;
    RE2::Set::ErrorInfo error{};
    if (set->Match(text, &matched, &error))
      for (const int i : matched) hits[numberOf[static_cast<std::size_t>(i)]] = 1;
    else if (error.kind != RE2::Set::kNoError)
      return setAll(hits);
  }
  if (depth == kMaxInside) return;
  std::string inside;
  std::string decoded;
  const auto spend = [&](std::size_t bytes) {
    if (budget < bytes) return false;
    budget -= bytes;
    return true;
  };
  for (std::size_t at = 0;;) {
    const std::string_view run = nextRun<kMinBase64Run, kBase64>(text, at);
    if (run.empty()) break;
    if (!spend(run.size() * 4)) return setAll(hits);
    for (std::size_t skip = 0; skip < 4 && run.size() - skip >= kMinBase64Run - 1; ++skip) {
      decodeBase64(run.substr(skip), decoded);
      addTexts(decoded, inside);
    }
    for (std::size_t from = 0;;) {
      const std::string_view digits = nextRun<kMinHexRun, kHex>(run, from);
      if (digits.empty()) break;
      for (std::size_t skip = 0; skip < 2; ++skip) {
        decodeHex(digits.substr(skip), decoded);
        addTexts(decoded, inside);
      }
    }
  }
  if (!inside.empty()) scan(inside, hits, depth + 1, budget);
  if (text.find('\\') != ByteView::npos) {
    if (!spend(text.size())) return setAll(hits);
    inside.clear();
    addUnescapedJson(text, inside);
    scan(inside, hits, depth + 1, budget);
  }
  if (holdsEscape(text)) {
    if (!spend(text.size())) return setAll(hits);
    inside.clear();
    addUnescapedUrl(text, inside);
    scan(inside, hits, depth + 1, budget);
  }
}

}  // namespace retake
