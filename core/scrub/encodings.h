#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "scrub/value_walk.h"

// The forms in which text holds other text.
namespace retake {

// Text of fewer bytes is not looked for where it may be chance: in base64 of no certain begin, among bytes.
inline constexpr std::size_t kMinTextRun = 6;
// What so few bytes come to in base64, and in hex.
inline constexpr std::size_t kMinBase64Run = 8;
inline constexpr std::size_t kMinHexRun = 12;
// How many forms deep text is looked into. Base64 of URL escapes of base64: nobody writes more by intent.
inline constexpr int kMaxInside = 5;

struct TextSpan {
  std::size_t offset = 0;
  std::size_t length = 0;
};

// Stretches of at least kMinBase64Run characters of both alphabets of RFC 4648, without what pads them.
std::vector<TextSpan> base64Runs(std::string_view text);
// Stretches of at least kMinHexRun hexadecimal digits within `text`.
std::vector<TextSpan> hexRuns(std::string_view text);
// Words that have a %XX in them: between blanks, quotes and angle brackets.
std::vector<TextSpan> escapedRuns(std::string_view text);
// Stretches of at least kMinTextRun bytes of printable text.
std::vector<TextSpan> textRuns(ByteView bytes, std::size_t atLeast = kMinTextRun);

// Of characters of either alphabet, not padded; of a rest of one character nothing. `out` is overwritten.
void decodeBase64(std::string_view text, std::string& out);
// Not padded.
std::string encodeBase64(ByteView bytes, bool urlSafe);

// An even number of digits.
void decodeHex(std::string_view digits, std::string& out);
std::string encodeHex(ByteView bytes, bool upperCase);

// Whether bytes on their own are a message, as far as their looks tell.
bool holdsMessage(ByteView bytes);

// A text in another form, with the place of each byte in that form.
struct Decoded {
  std::string text;
  std::vector<std::size_t> at;  // text.size() + 1 of them
};
Decoded decodeUrl(std::string_view text);
// What stands between the quotes of a string in JSON that is known to be one.
Decoded decodeJsonString(std::string_view text);
// Escapes what is neither unreserved (RFC 3986) nor in `plain`.
std::string encodeUrl(std::string_view text, std::string_view plain);
std::string encodeJsonString(std::string_view text);

// Edits of the decoded text as edits of the form. Edits that touch each other's escape become one.
template <typename Encode>
std::vector<TextEdit> editsOfForm(const std::vector<TextEdit>& edits, const Decoded& decoded,
                                  const Encode& encode) {
  std::vector<TextEdit> out;
  for (const TextEdit& edit : edits) {
    const std::size_t begin = decoded.at[edit.offset];
    out.push_back({begin, decoded.at[edit.offset + edit.length] - begin, encode(edit.text)});
  }
  return out;
}

// Edits of what base64 stands for, as edits of its characters: whole groups of four, with blanks put behind
// a text so that the groups behind it stay what they are.
std::vector<TextEdit> editsOfBase64(const std::vector<TextEdit>& edits, ByteView decoded, bool urlSafe);

}  // namespace retake
