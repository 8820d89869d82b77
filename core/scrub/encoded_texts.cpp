#include "scrub/encoded_texts.h"

#include <algorithm>
#include <array>
#include <bit>

#include "schema/text.h"
#include "scrub/base64_digits.h"
#include "scrub/base64_masks.h"
#include "scrub/encodings.h"

namespace retake {
namespace {

bool isInnerAscii(std::uint8_t c) {
  return static_cast<std::uint8_t>(c - 0x20) < 0x5f || c == '\t' || c == '\n' || c == '\r';
}

// A bit for each of 64 characters, and of the 64 behind them.
struct Bits {
  std::uint64_t here = 0;
  std::uint64_t behind = 0;

  // What is so many characters on.
  Bits on(std::size_t count) const {
    if (count == 0) return *this;
    return {here >> count | behind << (64 - count), behind >> count};
  }
  Bits operator&(const Bits& other) const { return {here & other.here, behind & other.behind}; }

  // Those that begin eight ones.
  std::uint64_t eights() const {
    const Bits two = *this & on(1);
    const Bits four = two & two.on(2);
    return four.here & four.on(4).here;
  }
};

// Of the 64 behind, those that are among eight ones which the bits begin.
std::uint64_t withinEights(Bits begins) {
  for (const std::size_t count : {1u, 2u, 4u}) {
    begins.behind |= begins.behind << count | begins.here >> (64 - count);
    begins.here |= begins.here << count;
  }
  return begins.behind;
}

// A byte within base64, by the character in which it begins. Groups may begin at any of four characters:
// bytes of the same `group` follow each other.
struct Base64Place {
  std::ptrdiff_t at;
  Base64Part part;

  std::size_t group() const { return static_cast<std::size_t>(at - part) & 3u; }
  void forth() {
    at += part == kThird ? 2 : 1;
    part = part == kThird ? kFirst : static_cast<Base64Part>(part + 1);
  }
  void back() {
    at -= part == kFirst ? 2 : 1;
    part = part == kFirst ? kThird : static_cast<Base64Part>(part - 1);
  }
};

// Adds the stretches of text among `bytes`.
void addTextsAmong(ByteView bytes, std::string& out) {
  for (const TextSpan& run : textRuns(bytes, kMinInnerText)) {
    out.append(bytes, run.offset, run.length);
    out += '\0';
  }
}

static_assert(kMinBase64Run == 8 && kMinHexRun > 8 && kMinHexRun <= 16, "see Bits");

class EncodedTexts {
 public:
  EncodedTexts(std::string_view text, const InnerTexts& texts, std::string& out)
      : m_text(text), m_texts(texts), m_out(out), m_tail((text.size() - 1) / 64 * 64) {
    m_text.copy(m_end.data(), 64, m_tail);
  }

  void read() {
    Base64Chars here = charsAt(0);
    std::uint64_t before = 0;
    for (std::size_t at = 0; at < m_text.size(); at += 64) {
      const Base64Chars behind = charsAt(at + 64);
      const Bits digits{here.digits, behind.digits};
      const std::uint64_t begins = digits.eights();
      const std::uint64_t isInRun = (begins | before) != 0 ? withinEights({before, begins}) : 0;
      if (isInRun != 0) {
        if (m_texts.least < kMinInnerText)
          addRuns(begins, at);
        else
          addTexts(digits, isInRun, at);
        const Bits hex{here.hex, behind.hex};
        if ((hex.here & hex.on(5).here & hex.on(kMinHexRun - 1).here) != 0)
          addHexRuns(hex.eights() & hex.on(kMinHexRun - 8).eights(), at);
      }
      before = begins;
      here = behind;
    }
  }

 private:
  // 65 characters.
  const char* block(std::size_t at) const { return at == m_tail ? m_end.data() : m_text.data() + at; }
  Base64Chars charsAt(std::size_t at) const {
    return at < m_text.size() ? base64Chars(block(at)) : Base64Chars{};
  }
  std::string_view runAt(std::size_t begin, bool (*is)(char)) const {
    std::size_t end = begin;
    while (end < m_text.size() && is(m_text[end])) ++end;
    return m_text.substr(begin, end - begin);
  }

  // All of them, whatever they hold.
  void addRuns(std::uint64_t begins, std::size_t at) {
    for (; begins != 0; begins &= begins - 1) {
      const std::size_t begin = at + static_cast<std::size_t>(std::countr_zero(begins));
      if (begin < m_doneRuns) continue;
      const std::string_view run = runAt(begin, [](char c) { return base64Digit(c) != kNoDigit; });
      m_doneRuns = begin + run.size();
      for (std::size_t skip = 0; skip < 4; ++skip) {
        decodeBase64(run.substr(skip), m_decoded);
        addTextsAmong(m_decoded, m_out);
      }
    }
  }

  void addHexRuns(std::uint64_t begins, std::size_t at) {
    for (; begins != 0; begins &= begins - 1) {
      const std::size_t begin = at + static_cast<std::size_t>(std::countr_zero(begins));
      if (begin < m_doneHex) continue;
      const std::string_view run = runAt(begin, [](char c) { return hexValue(c) >= 0; });
      m_doneHex = begin + run.size();
      for (std::size_t skip = 0; skip < 2; ++skip) {
        decodeHex(run.substr(skip), m_decoded);
        addTextsAmong(m_decoded, m_out);
      }
    }
  }

  static constexpr int kOften = 6;
  static constexpr int kBlocksUnasked = 8;

  // By part: where so many of the bytes follow each other as any text has.
  Base64Bytes begins(const Bits& digits, const Base64Bytes& here, const Base64Bytes& behind) const {
    const Bits isByte = digits & digits.on(1);
    std::array<Bits, 3> is;
    for (const std::size_t part : {kFirst, kSecond, kThird})
      is[part] = Bits{here[part], behind[part]} & isByte;
    const auto on = [&](std::size_t count, Base64Part part) { return is[part].on(count).here; };
    std::uint64_t first = on(0, kFirst) & on(1, kSecond) & on(2, kThird);
    std::uint64_t second = on(0, kSecond) & on(1, kThird) & on(3, kFirst);
    std::uint64_t third = on(0, kThird) & on(2, kFirst) & on(3, kSecond);
    if (m_texts.least > 3) first &= on(4, kFirst), second &= on(4, kSecond), third &= on(4, kThird);
    if (m_texts.least > 4) first &= on(5, kSecond), second &= on(5, kThird), third &= on(6, kFirst);
    if (m_texts.least > 5) first &= on(6, kThird), second &= on(7, kFirst), third &= on(7, kSecond);
    return {first, second, third};
  }

  // The characters of the texts that begin in these 64, as far as it takes to know of them. What nearly all
  // letters of prose are not is asked first, a byte of ASCII; not again at once where it was so often.
  std::uint64_t characters(const Bits& digits, std::uint64_t isInRun, bool goesOn, std::size_t at) {
    if (m_blocksUnasked > 0) return --m_blocksUnasked, isInRun;
    const Base64Bytes found = begins(digits, base64AsciiBytes(block(at), isInRun),
                                     goesOn ? base64AsciiBytes(block(at + 64), 0xff) : Base64Bytes{});
    const std::uint64_t may = (found[kFirst] | found[kSecond] | found[kThird]) & isInRun;
    if (std::popcount(may) >= kOften) m_blocksUnasked = kBlocksUnasked;
    // Eight for each.
    const std::uint64_t two = may | may << 1;
    const std::uint64_t four = two | two << 2;
    return four | four << 4;
  }

  void addTexts(const Bits& digits, std::uint64_t isInRun, std::size_t at) {
    const bool goesOn = (digits.here >> 63 & digits.behind & 1u) != 0;
    const std::uint64_t wanted = characters(digits, isInRun, goesOn, at);
    if (wanted == 0) return;
    const Base64Bytes found = begins(
        digits, base64Bytes(block(at), m_texts.characters, wanted),
        goesOn && wanted >> 63 != 0 ? base64Bytes(block(at + 64), m_texts.characters, 0xff) : Base64Bytes{});
    // In the order in which they begin: what lies before a text that was added has been looked at.
    for (std::uint64_t left = (found[kFirst] | found[kSecond] | found[kThird]) & isInRun; left != 0;
         left &= left - 1) {
      const int bit = std::countr_zero(left);
      const std::ptrdiff_t begin = static_cast<std::ptrdiff_t>(at) + bit;
      for (const Base64Part part : {kFirst, kSecond, kThird})
        if (found[part] >> bit & 1u) addTextAbout({begin, part});
    }
  }

  bool isDigit(std::ptrdiff_t at) const {
    return at >= 0 && base64Digit(m_text[static_cast<std::size_t>(at)]) != kNoDigit;
  }
  // Whether digits stand before it from where its group begins.
  bool isInGroup(const Base64Place& place) const {
    return (place.part < kThird || isDigit(place.at - 2)) && (place.part < kSecond || isDigit(place.at - 1));
  }
  // Whether two digits hold such a byte.
  template <typename Is>
  bool isAt(const Base64Place& place, const Is& is) const {
    if (place.at < 0 || place.at + 1 >= static_cast<std::ptrdiff_t>(m_text.size())) return false;
    const char* const at = m_text.data() + place.at;
    const unsigned first = base64Digit(at[0]);
    const unsigned second = base64Digit(at[1]);
    return ((first | second) & 0x80u) == 0 && is(byteOf(first << 6 | second, place.part));
  }
  static std::uint8_t byteOf(unsigned twoDigits, Base64Part part) {
    return static_cast<std::uint8_t>(twoDigits >> (4 - 2 * unsigned{part}));
  }
  std::uint8_t byteAt(const Base64Place& place) const {
    const char* const at = m_text.data() + place.at;
    return byteOf(unsigned{base64Digit(at[0])} << 6 | base64Digit(at[1]), place.part);
  }
  bool anyIs(Base64Place at, const Base64Place& end, std::uint8_t byte) const {
    for (; at.at != end.at; at.forth())
      if (byteAt(at) == byte) return true;
    return false;
  }

  void addTextAbout(Base64Place begin) {
    std::ptrdiff_t& done = m_done[begin.group()];
    if (begin.at < done) return;
    if (!isInGroup(begin)) return;
    Base64Place end = begin;
    std::size_t length = 0;
    const auto extend = [&length, &begin, &end, this](const auto& is) {
      for (; isAt(end, is); end.forth()) ++length;
      for (Base64Place before = begin; before.back(), isAt(before, is) && isInGroup(before); begin = before)
        ++length;
    };
    extend(isInnerAscii);
    done = end.at;
    if (length < m_texts.least) return;
    // Escapes are read in a document alone, whatever else that holds.
    const bool hasEscape = anyIs(begin, end, '\\');
    if (hasEscape || m_texts.hasWide) {
      extend([&](std::uint8_t byte) {
        return isInnerAscii(byte) || (byte >= 0x80 && (hasEscape || m_texts.wide[byte]));
      });
      done = end.at;
    }
    std::size_t to = m_out.size();
    m_out.resize(to + length + 1);
    for (; length > 0; --length, begin.forth()) m_out[to++] = static_cast<char>(byteAt(begin));
  }

  std::string_view m_text;
  const InnerTexts& m_texts;
  std::string& m_out;
  std::size_t m_tail;  // where the last block begins, which is in m_end
  std::array<char, 65> m_end{};
  std::array<std::ptrdiff_t, 4> m_done{};  // by group: what lies before has been added
  int m_blocksUnasked = 0;                 // of the next ones, that are taken to hold texts
  std::size_t m_doneRuns = 0;
  std::size_t m_doneHex = 0;
  std::string m_decoded;
};

}  // namespace

void addEncodedTexts(std::string_view text, const InnerTexts& texts, std::string& out) {
  if (text.size() >= kMinBase64Run) EncodedTexts(text, texts, out).read();
}

}  // namespace retake
