#include "scrub/literal_scanner.h"

#ifdef __x86_64__
#include <tmmintrin.h>
#endif

#include <algorithm>
#include <bit>

namespace retake {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

std::uint32_t LiteralScanner::add(std::string_view text) {
  std::string folded(text);
  std::transform(folded.begin(), folded.end(), folded.begin(), lower);
  const auto known = std::find(m_texts.begin(), m_texts.end(), folded);
  if (known != m_texts.end()) return static_cast<std::uint32_t>(known - m_texts.begin());
  m_texts.push_back(std::move(folded));
  return static_cast<std::uint32_t>(m_texts.size() - 1);
}

void LiteralScanner::addBegin(const std::string& text) {
  // Short ones are a group of their own: what stands behind them may be anything.
  unsigned group = 7;
  if (text.size() >= m_begins.size()) {
    const auto at = [&](std::size_t i) { return static_cast<unsigned>(static_cast<std::uint8_t>(text[i])); };
    group = (at(0) * 31 + at(1) * 7 + at(2)) % 7;
  }
  const auto bit = static_cast<std::uint8_t>(1u << group);
  for (std::size_t i = 0; i < m_begins.size(); ++i) {
    if (i >= text.size()) {
      for (std::uint8_t& groups : m_begins[i]) groups |= bit;
      continue;
    }
    const char c = text[i];
    m_begins[i][static_cast<std::uint8_t>(c)] |= bit;
    if (c >= 'a' && c <= 'z') m_begins[i][static_cast<std::uint8_t>(c - 'a' + 'A')] |= bit;
  }
}

const char* LiteralScanner::beginOneByOne(const char* at, const char* end) const {
  for (; end - at >= 3; ++at)
    if (mayBegin(at)) return at;
  // Texts may be shorter.
  while (at != end && m_begins[0][static_cast<std::uint8_t>(*at)] == 0) ++at;
  return at;
}

#ifdef __x86_64__

__attribute__((target("ssse3"))) const char* LiteralScanner::beginBySixteen(const char* at,
                                                                            const char* end) const {
  const auto table = [](const std::array<std::uint8_t, 16>& of) {
    return _mm_loadu_si128(reinterpret_cast<const __m128i*>(of.data()));
  };
  const __m128i half = _mm_set1_epi8(15);
  for (; end - at >= 18; at += 16) {
    __m128i groups = _mm_set1_epi8(-1);
    for (std::size_t place = 0; place < 3; ++place) {
      const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at + place));
      groups =
          _mm_and_si128(groups, _mm_shuffle_epi8(table(m_lowerHalves[place]), _mm_and_si128(bytes, half)));
      groups = _mm_and_si128(groups, _mm_shuffle_epi8(table(m_upperHalves[place]),
                                                      _mm_and_si128(_mm_srli_epi16(bytes, 4), half)));
    }
    auto found =
        static_cast<std::uint32_t>(_mm_movemask_epi8(_mm_cmpeq_epi8(groups, _mm_setzero_si128()))) ^ 0xffffu;
    for (; found != 0; found &= found - 1)
      if (const char* const place = at + std::countr_zero(found); mayBegin(place)) return place;
  }
  return at;
}

const char* LiteralScanner::begin(const char* at, const char* end) const {
  static const bool kHasSsse3 = __builtin_cpu_supports("ssse3");
  if (kHasSsse3 && end - at >= 18) {
    at = beginBySixteen(at, end);
    if (end - at >= 18) return at;
  }
  return beginOneByOne(at, end);
}

#else

const char* LiteralScanner::begin(const char* at, const char* end) const { return beginOneByOne(at, end); }

#endif

void LiteralScanner::finish() {
  for (const std::string& text : m_texts) addBegin(text);
  for (std::size_t place = 0; place < m_begins.size(); ++place)
    for (std::size_t byte = 0; byte < 256; ++byte) {
      m_lowerHalves[place][byte & 15u] |= m_begins[place][byte];
      m_upperHalves[place][byte >> 4u] |= m_begins[place][byte];
    }
  m_width = 1;
  for (const std::string& text : m_texts)
    for (const char c : text) {
      std::uint32_t& known = m_classes[static_cast<std::uint8_t>(c)];
      if (known != 0) continue;
      known = m_width++;
      if (c >= 'a' && c <= 'z') m_classes[static_cast<std::uint8_t>(c - 'a' + 'A')] = known;
    }
  // The trie; 0 is where it begins, and also says that there is no step.
  std::vector<std::vector<std::uint32_t>> steps(1, std::vector<std::uint32_t>(m_width));
  m_ends.assign(1, -1);
  m_shorter.assign(m_texts.size(), -1);
  for (std::size_t i = 0; i < m_texts.size(); ++i) {
    std::uint32_t at = 0;
    for (const char c : m_texts[i]) {
      const std::uint32_t by = m_classes[static_cast<std::uint8_t>(c)];
      if (steps[at][by] == 0) {
        steps[at][by] = static_cast<std::uint32_t>(steps.size());
        steps.emplace_back(m_width);
        m_ends.push_back(-1);
      }
      at = steps[at][by];
    }
    m_ends[at] = static_cast<std::int32_t>(i);
  }
  // Where to go on when a text ends early: in the order of depth, so that what a state falls back to is done.
  std::vector<std::uint32_t> fallback(steps.size());
  std::vector<std::uint32_t> order;
  for (const std::uint32_t first : steps[0])
    if (first != 0) order.push_back(first);
  for (std::size_t i = 0; i < order.size(); ++i) {
    const std::uint32_t at = order[i];
    const std::uint32_t back = fallback[at];
    if (m_ends[at] >= 0)
      m_shorter[static_cast<std::size_t>(m_ends[at])] = m_ends[back];
    else
      m_ends[at] = m_ends[back];
    for (std::uint32_t by = 0; by < m_width; ++by) {
      std::uint32_t& step = steps[at][by];
      if (step != 0) {
        fallback[step] = steps[back][by];
        order.push_back(step);
      } else {
        step = steps[back][by];
      }
    }
  }
  m_next.resize(steps.size() * m_width);
  for (std::size_t state = 0; state < steps.size(); ++state)
    for (std::uint32_t by = 0; by < m_width; ++by) {
      const std::uint32_t to = steps[state][by];
      m_next[state * m_width + by] = to * m_width | (m_ends[to] >= 0 ? kEnds : 0);
    }
}

}  // namespace retake
