#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace retake {

// How a value may be written.
enum class ValueForm : std::uint8_t { AsItIs, OtherCase, Base64, Hex, Bytes, Number, Escaped };
// "as it is", "in another case", "base64", "hex", "bytes", "number", "URL-escaped".
std::string_view valueFormName(ValueForm form);

// Lower case where that is a matter of one byte for another: ASCII, Latin-1's letters, Greek and Cyrillic.
// Changes no lengths.
void foldCase(std::string& text);
void foldAscii(std::string& text);

// Looks for many values at once, in every form that they may be written in: as they are, in any case, in
// base64 at each of the three places where a value can begin in it (both alphabets), in hex; those that are
// hex themselves as bytes, those that are numbers as the wire has them. Texts with URL or JSON escapes are
// looked through unescaped as well. One pass over the bytes; memory is a small multiple of the values'.
class ValueSearch {
 public:
  // A window of this many bytes is hashed at each place: no value, and no form of one, is looked for that is
  // shorter.
  static constexpr std::size_t kWindow = 6;

  // Values of fewer than kWindow bytes are left out.
  void add(std::uint32_t id, std::string_view value);
  void build();
  bool empty() const { return m_needles.empty(); }

  struct Found {
    std::uint32_t id = 0;
    ValueForm form = ValueForm::AsItIs;
    std::size_t offset = 0;
    std::size_t size = 0;
  };
  // Tells of each place; of text that had to be unescaped the offset is into that.
  void search(ByteView bytes, const std::function<void(const Found&)>& found) const;

 private:
  enum class Kind : std::uint8_t {
    Text,
    Hex,
    Exact,
    Folded  // text beyond ASCII in lower case, which is looked for in texts that are folded likewise
  };
  enum class Pass : std::uint8_t { Plain, Folded, Unescaped };
  struct Needle {
    std::uint64_t begin = 0;  // in m_bytes
    std::uint32_t size = 0;
    std::uint32_t id = 0;
    std::uint32_t window = 0;  // where in the needle
    Kind kind = Kind::Text;
    ValueForm form = ValueForm::AsItIs;
    std::uint32_t next = 0;  // another one with the same hash: index and one; 0 at the end
  };
  void addNeedle(std::uint32_t id, std::string_view bytes, Kind kind, ValueForm form);
  void addBase64(std::uint32_t id, std::string_view bytes);
  void searchIn(ByteView bytes, Pass pass, const std::function<void(const Found&)>& found) const;
  std::uint32_t slotOf(std::uint64_t window) const;

  std::string m_bytes;   // of all needles
  std::string m_folded;  // the same in lower case, as far as that is ASCII
  std::vector<Needle> m_needles;
  bool m_hasFolded = false;
  std::vector<std::uint64_t> m_bits;   // by hash: whether there is any needle
  std::vector<std::uint32_t> m_slots;  // by hash: the first one's index and one
};

}  // namespace retake
