#include "filter/caseless_text.h"

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace retake {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// How common a byte is in messages, roughly: letters of words and the small bytes of tags and lengths most.
int commonness(char c) {
  static constexpr std::string_view kByFrequency = "etaoinsrhldcumfpgwybvk";
  const std::size_t at = kByFrequency.find(c);
  if (at != std::string_view::npos) return 100 - static_cast<int>(at);
  if (static_cast<unsigned char>(c) < 0x20 || c == ' ' || c == '.' || c == '/') return 95;
  return c >= '0' && c <= '9' ? 60 : 30;
}

constexpr std::size_t kBlock = 64;

// Sets bit 5, which makes an ASCII letter lower; so that few other bytes are taken for the wanted one, only
// where that is a letter.
struct Wanted {
  std::uint8_t value;
  std::uint8_t mask;
  explicit Wanted(char c)
      : value(static_cast<std::uint8_t>(c)),
        mask(c >= 'a' && c <= 'z' ? std::uint8_t{0x20} : std::uint8_t{0}) {}
};

// Whether both bytes stand at their distance anywhere in the block: no branch in it, so that the compiler
// makes vectors of it.
bool mayOccur(const std::uint8_t* first, const std::uint8_t* second, Wanted a, Wanted b) {
  std::uint8_t any = 0;
  for (std::size_t i = 0; i < kBlock; ++i)
    any = static_cast<std::uint8_t>(any | static_cast<std::uint8_t>(((first[i] | a.mask) == a.value) &
                                                                    ((second[i] | b.mask) == b.value)));
  return any != 0;
}

}  // namespace

std::string asciiLower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), lower);
  return out;
}

bool equalsIgnoringCase(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

CaselessText::CaselessText(std::string_view needle) : m_needle(asciiLower(needle)) {
  if (std::any_of(needle.begin(), needle.end(),
                  [](char c) { return static_cast<unsigned char>(c) >= 0x80; })) {
    re2::RE2::Options options(re2::RE2::Quiet);
    options.set_literal(true);
    options.set_case_sensitive(false);
    auto other = std::make_shared<const re2::RE2>(needle, options);
    if (other->ok()) m_other = std::move(other);  // not for bytes that are no UTF-8
  }
  for (std::size_t i = 0; i < m_needle.size(); ++i)
    if (commonness(m_needle[i]) < commonness(m_needle[m_first])) m_first = i;
  m_second = m_first == 0 && m_needle.size() > 1 ? 1 : 0;
  for (std::size_t i = 0; i < m_needle.size(); ++i)
    if (i != m_first && commonness(m_needle[i]) < commonness(m_needle[m_second])) m_second = i;
}

bool CaselessText::occursIn(std::string_view text) const {
  return m_other ? re2::RE2::PartialMatch(text, *m_other) : occursInAscii(text);
}

bool CaselessText::equals(std::string_view text) const {
  if (m_other) return re2::RE2::FullMatch(text, *m_other);
  return equalsIgnoringCase(text, m_needle);
}

bool CaselessText::occursInAscii(std::string_view text) const {
  const std::size_t size = m_needle.size();
  if (size == 0) return true;
  if (text.size() < size) return false;
  const Wanted a(m_needle[m_first]);
  const Wanted b(m_needle[m_second]);
  const auto* begin = reinterpret_cast<const std::uint8_t*>(text.data());
  const std::size_t places = text.size() - size + 1;
  const auto occursAt = [&](std::size_t at) {
    return static_cast<std::uint8_t>(begin[at + m_first] | a.mask) == a.value &&
           static_cast<std::uint8_t>(begin[at + m_second] | b.mask) == b.value &&
           equalsIgnoringCase(text.substr(at, size), m_needle);
  };
  std::size_t at = 0;
  for (; at + kBlock <= places; at += kBlock) {
    if (!mayOccur(begin + at + m_first, begin + at + m_second, a, b)) continue;
    for (std::size_t i = at; i < at + kBlock; ++i)
      if (occursAt(i)) return true;
  }
  for (; at < places; ++at)
    if (occursAt(at)) return true;
  return false;
}

}  // namespace retake
