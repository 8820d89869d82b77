#include "scrub/detect/value_search.h"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cstring>

#include "base/hex.h"
#include "base/wire.h"
#include "schema/text.h"
#include "scrub/encodings.h"

namespace retake {
namespace {

std::uint8_t at(std::string_view text, std::size_t i) { return static_cast<std::uint8_t>(text[i]); }

// The six bytes there, whatever the machine's order.
std::uint64_t windowAt(const char* bytes) {
  std::uint64_t window = 0;
  std::memcpy(&window, bytes, ValueSearch::kWindow);
  return window;
}
std::uint64_t mixed(std::uint64_t window) { return window * 0x9e3779b97f4a7c15u; }

// 512 KB, for caches: with a million needles one place in four asks further, with ten thousand one in 400.
constexpr unsigned kBitsLog = 22;

// Empty where it is none.
std::string bytesOfHex(std::string_view hex) {
  std::string bytes;
  if (hex.size() % 2 != 0) return bytes;
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    const int high = hexValue(hex[i]);
    const int low = hexValue(hex[i + 1]);
    if (high < 0 || low < 0) return {};
    bytes += static_cast<char>(high * 16 + low);
  }
  return bytes;
}

bool hasMoreThanAscii(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
}

// With %41, \u0041, \n, \/ and \" undone; empty where there is none of these.
std::string unescaped(ByteView bytes) {
  std::string text;
  std::size_t done = 0;
  const auto put = [&](std::size_t from, std::size_t to, std::uint32_t codePoint, bool raw) {
    text.append(bytes, done, from - done);
    if (raw)
      text += static_cast<char>(codePoint);
    else
      appendUtf8(text, codePoint);
    done = to;
  };
  for (std::size_t i = 0; (i = bytes.find_first_of("%\\", i)) != ByteView::npos;) {
    const std::size_t left = bytes.size() - i;
    std::size_t length = 1;
    if (bytes[i] == '%' && left >= 3 && hexValue(bytes[i + 1]) >= 0 && hexValue(bytes[i + 2]) >= 0) {
      length = 3;
      put(i, i + 3, static_cast<std::uint32_t>(hexValue(bytes[i + 1]) * 16 + hexValue(bytes[i + 2])), true);
    } else if (bytes[i] == '\\' && left >= 6 && bytes[i + 1] == 'u') {
      std::uint32_t codePoint = 0;
      const char* end = bytes.data() + i + 6;
      if (std::from_chars(bytes.data() + i + 2, end, codePoint, 16).ptr == end &&
          (codePoint < 0xd800 || codePoint > 0xdfff)) {
        length = 6;
        put(i, i + 6, codePoint, false);
      }
    } else if (bytes[i] == '\\' && left >= 2) {
      static constexpr std::string_view kNames = "\"\\/bfnrt";
      static constexpr std::string_view kMeant = "\"\\/\b\f\n\r\t";
      if (const auto which = kNames.find(bytes[i + 1]); which != std::string_view::npos) {
        length = 2;
        put(i, i + 2, static_cast<std::uint32_t>(kMeant[which]), true);
      }
    }
    i += length;
  }
  if (done == 0) return text;
  text.append(bytes, done);
  return text;
}

}  // namespace

std::string_view valueFormName(ValueForm form) {
  static constexpr std::array<std::string_view, 7> kNames = {
      "as it is", "in another case", "base64", "hex", "bytes", "number", "URL-escaped"};
  return kNames[static_cast<std::size_t>(form)];
}

void foldAscii(std::string& text) {
  for (char& c : text) c = static_cast<char>(c + (c >= 'A' && c <= 'Z' ? 32 : 0));
}

void foldCase(std::string& text) {
  foldAscii(text);
  if (!hasMoreThanAscii(text)) return;
  for (std::size_t i = 0; i + 1 < text.size(); ++i) {
    const unsigned lead = at(text, i);
    const unsigned next = at(text, i + 1);
    unsigned first = lead;
    unsigned second = next;
    if (lead == 0xc3 && next >= 0x80 && next <= 0x9e && next != 0x97) {
      second = next + 0x20;
    } else if (lead == 0xce && next >= 0x91 && next <= 0xa9) {
      first = next <= 0x9f ? 0xceu : 0xcfu;
      second = next <= 0x9f ? next + 0x20 : next - 0x20;
    } else if (lead == 0xd0 && next >= 0x80 && next <= 0xaf) {
      first = next >= 0x90 && next <= 0x9f ? 0xd0u : 0xd1u;
      second = next <= 0x8f ? next + 0x10 : next <= 0x9f ? next + 0x20 : next - 0x20;
    } else {
      continue;
    }
    text[i] = static_cast<char>(first);
    text[++i] = static_cast<char>(second);
  }
}

void ValueSearch::add(std::uint32_t id, std::string_view value) {
  addNeedle(id, value, Kind::Text, ValueForm::AsItIs);
  if (hasMoreThanAscii(value) && isUtf8(value)) {
    std::string folded(value);
    foldCase(folded);
    addNeedle(id, folded, Kind::Folded, ValueForm::OtherCase);
    m_hasFolded = true;
  }
  addNeedle(id, encodeHex(value, false), Kind::Hex, ValueForm::Hex);
  addBase64(id, value);
  if (const std::string bytes = bytesOfHex(value); !bytes.empty()) {
    addNeedle(id, bytes, Kind::Exact, ValueForm::Bytes);
    addBase64(id, bytes);
  }
  std::int64_t number = 0;
  if (std::from_chars(value.data(), value.data() + value.size(), number).ptr == value.data() + value.size()) {
    const auto bits = static_cast<std::uint64_t>(number);
    std::string wire;
    appendVarint(wire, bits);
    addNeedle(id, wire, Kind::Exact, ValueForm::Number);
    wire.clear();
    appendVarint(wire, bits << 1 ^ (number < 0 ? ~std::uint64_t{0} : 0));
    addNeedle(id, wire, Kind::Exact, ValueForm::Number);
    // Eight bytes of a small number are mostly zeros, which stand anywhere.
    if (number > 0xffffffff || number < -0xffffffff) {
      wire.clear();
      for (unsigned shift = 0; shift < 64; shift += 8) wire += static_cast<char>(bits >> shift & 0xff);
      addNeedle(id, wire, Kind::Exact, ValueForm::Number);
    }
  }
}

// A value that begins at the first, second or third byte of a group of three: what of its base64 does not
// depend on its neighbours.
void ValueSearch::addBase64(std::uint32_t id, std::string_view bytes) {
  for (std::size_t before = 0; before < 3; ++before) {
    const std::string text = toBase64(std::string(before, '\0') + std::string(bytes));
    const std::size_t begin = before == 0 ? 0 : before + 1;
    const std::size_t end = (before + bytes.size()) * 8 / 6;
    if (end <= begin) continue;
    std::string needle = text.substr(begin, end - begin);
    addNeedle(id, needle, Kind::Exact, ValueForm::Base64);
    if (needle.find_first_of("+/") == std::string::npos) continue;
    for (char& c : needle) c = c == '+' ? '-' : c == '/' ? '_' : c;
    addNeedle(id, needle, Kind::Exact, ValueForm::Base64);
  }
}

void ValueSearch::addNeedle(std::uint32_t id, std::string_view bytes, Kind kind, ValueForm form) {
  if (bytes.size() < kWindow || bytes.size() > 0xffffffffu) return;
  m_needles.push_back({.begin = m_bytes.size(),
                       .size = static_cast<std::uint32_t>(bytes.size()),
                       .id = id,
                       .window = 0,
                       .kind = kind,
                       .form = form,
                       .next = 0});
  m_bytes += bytes;
}

std::uint32_t ValueSearch::slotOf(std::uint64_t window) const {
  const auto shift = static_cast<unsigned>(64 - std::countr_zero(m_slots.size()));
  return static_cast<std::uint32_t>(mixed(window) >> shift);
}

void ValueSearch::build() {
  m_folded = m_bytes;
  foldAscii(m_folded);
  m_bits.assign((std::size_t{1} << kBitsLog) / 64, 0);
  m_slots.assign(std::bit_ceil(std::max<std::size_t>(m_needles.size() * 2, 16)), 0);
  std::vector<std::uint32_t> lengths(m_slots.size(), 0);
  for (std::size_t i = 0; i < m_needles.size(); ++i) {
    Needle& needle = m_needles[i];
    const char* bytes = m_folded.data() + needle.begin;
    // Many values have their begin or end in common: of a few windows the one that fewest share.
    constexpr std::uint32_t kTries = 8;
    const std::uint32_t places = needle.size - static_cast<std::uint32_t>(kWindow) + 1;
    std::uint32_t best = 0;
    for (std::uint32_t k = 0; k < std::min(kTries, places); ++k) {
      const auto place = static_cast<std::uint32_t>(std::uint64_t{k} * places / kTries);
      if (k == 0 || lengths[slotOf(windowAt(bytes + place))] < lengths[slotOf(windowAt(bytes + best))])
        best = places <= kTries ? k : place;
    }
    needle.window = best;
    const std::uint64_t window = windowAt(bytes + best);
    const std::uint32_t slot = slotOf(window);
    ++lengths[slot];
    needle.next = m_slots[slot];
    m_slots[slot] = static_cast<std::uint32_t>(i + 1);
    const std::uint64_t bit = mixed(window) >> (64 - kBitsLog);
    m_bits[bit / 64] |= std::uint64_t{1} << (bit % 64);
  }
}

void ValueSearch::search(ByteView bytes, const std::function<void(const Found&)>& found) const {
  if (m_needles.empty()) return;
  searchIn(bytes, Pass::Plain, found);
  if (m_hasFolded && hasMoreThanAscii(bytes)) searchIn(bytes, Pass::Folded, found);
  if (const std::string text = unescaped(bytes); !text.empty()) searchIn(text, Pass::Unescaped, found);
}

void ValueSearch::searchIn(ByteView bytes, Pass pass, const std::function<void(const Found&)>& found) const {
  if (bytes.size() < kWindow) return;
  std::string folded(bytes);
  if (pass == Pass::Folded)
    foldCase(folded);
  else
    foldAscii(folded);
  for (std::size_t i = 0; i + kWindow <= folded.size(); ++i) {
    const std::uint64_t window = windowAt(folded.data() + i);
    const std::uint64_t bit = mixed(window) >> (64 - kBitsLog);
    if ((m_bits[bit / 64] >> (bit % 64) & 1) == 0) continue;
    for (std::uint32_t next = m_slots[slotOf(window)]; next != 0; next = m_needles[next - 1].next) {
      const Needle& needle = m_needles[next - 1];
      if ((needle.kind == Kind::Folded) != (pass == Pass::Folded)) continue;
      if (i < needle.window || folded.size() - (i - needle.window) < needle.size) continue;
      const std::size_t begin = i - needle.window;
      const bool exact = std::memcmp(bytes.data() + begin, m_bytes.data() + needle.begin, needle.size) == 0;
      if (!exact && (needle.kind == Kind::Exact ||
                     std::memcmp(folded.data() + begin, m_folded.data() + needle.begin, needle.size) != 0))
        continue;
      ValueForm form = needle.form;
      if (!exact && needle.kind == Kind::Text) form = ValueForm::OtherCase;
      // What stands there without the escapes has been told of already.
      if (pass == Pass::Unescaped && form == ValueForm::AsItIs) form = ValueForm::Escaped;
      found({needle.id, form, begin, needle.size});
    }
  }
}

}  // namespace retake
