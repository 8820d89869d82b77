#include <algorithm>

#include "schema/text.h"
#include "schema/wire_guess.h"
#include "scrub/encodings.h"
#include "scrub/value_walker.h"

namespace retake {
namespace {

using Fate = ValueWalker::Fate;
using Kind = ValueStep::Kind;

bool beginsAsJson(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && (text[first] == '{' || text[first] == '[');
}

// Edits of a part as edits of the whole.
void append(std::vector<TextEdit>& to, std::vector<TextEdit> edits, std::size_t offset) {
  for (TextEdit& edit : edits) {
    edit.offset += offset;
    to.push_back(std::move(edit));
  }
}

// Of ranges in ascending order, apart from each other.
bool isWithin(std::size_t offset, const std::vector<TextSpan>& ranges) {
  const auto behind =
      std::upper_bound(ranges.begin(), ranges.end(), offset,
                       [](std::size_t at, const TextSpan& range) { return at < range.offset; });
  return behind != ranges.begin() && offset < std::prev(behind)->offset + std::prev(behind)->length;
}

// Adds the edits of another reading of a text whose edits begin at `first`; those that would touch one of
// another reading are left out.
void addReading(std::vector<TextEdit>& edits, std::size_t first, std::vector<TextEdit> reading) {
  const auto begin = edits.begin() + static_cast<std::ptrdiff_t>(first);
  std::erase_if(reading, [&](const TextEdit& edit) {
    const auto behind =
        std::lower_bound(begin, edits.end(), edit.offset,
                         [](const TextEdit& a, std::size_t at) { return a.offset + a.length <= at; });
    return behind != edits.end() && behind->offset < edit.offset + edit.length;
  });
  const auto count = static_cast<std::ptrdiff_t>(edits.size());
  edits.insert(edits.end(), std::make_move_iterator(reading.begin()), std::make_move_iterator(reading.end()));
  std::inplace_merge(edits.begin() + static_cast<std::ptrdiff_t>(first), edits.begin() + count, edits.end(),
                     [](const TextEdit& a, const TextEdit& b) { return a.offset < b.offset; });
}

// Fields of text alone, each with a tag and a length of one printable byte: text begins so one time in
// thousands, and edited as text the message would be broken.
bool isPrintableMessage(ByteView bytes) {
  WireCursor cursor(bytes);
  WireField field;
  while (cursor.next(field))
    if (field.type != WireType::Length || field.raw.size() != field.bytes.size() + 2) return false;
  return !bytes.empty() && !cursor.failed();
}

ValueStep inside(std::string_view form, const ValueStep* parent) {
  return {.kind = Kind::Inside, .text = form, .parent = parent};
}

}  // namespace

Fate ValueWalker::text(const ValueStep* at, bool isMapKey, EditedText& text) {
  const ValuePlace place(at, isMapKey);
  if (!isMapKey && beginsAsJson(text.now()) && m_inside < kMaxInside)
    if (const auto fate = document(at, text)) return *fate;
  ValueChange change = m_visitor.text(place, text.now());
  switch (change.kind) {
    case ValueChange::Kind::Remove:
      return Fate::Removed;
    case ValueChange::Kind::Set:
      if (change.value == text.now()) return text.isChanged() ? Fate::Changed : Fate::Kept;
      text.set(std::move(change.value));
      return Fate::Changed;
    case ValueChange::Kind::Edits:
      text.apply(change.edits);
      break;
    case ValueChange::Kind::Keep:
      break;
  }
  if (!text.now().empty() && m_inside < kMaxInside && m_visitor.looksInto(place, text.now())) {
    ++m_inside;
    const Fate fate = insideText(at, text);
    --m_inside;
    if (fate == Fate::Removed) return fate;
  }
  return text.isChanged() ? Fate::Changed : Fate::Kept;
}

// Nothing where it is none.
std::optional<Fate> ValueWalker::document(const ValueStep* at, EditedText& text) {
  JsonProblem problem;
  const auto value = readJson(text.now(), problem);
  if (!value) return std::nullopt;
  const ValuePlace place(at);
  ValueChange change = m_visitor.document(place, text.now());
  if (change.kind == ValueChange::Kind::Remove) return Fate::Removed;
  if (change.kind == ValueChange::Kind::Set) {
    if (change.value == text.now()) return Fate::Kept;
    return text.set(std::move(change.value)), Fate::Changed;
  }
  if (!m_visitor.looksInto(place, text.now())) return Fate::Kept;
  const ValueStep step = inside("JSON", at);
  std::vector<TextEdit> edits;
  ++m_inside;
  const Fate fate = jsonValue(&step, text.now(), *value, edits);
  --m_inside;
  if (fate == Fate::Changed) text.apply(edits);
  return fate;
}

Fate ValueWalker::insideText(const ValueStep* at, EditedText& text) {
  std::vector<TextEdit> edits;
  Fate fate = Fate::Kept;
  std::vector<TextSpan> words = escapedRuns(text.now());
  if (!words.empty()) {
    escapes(at, text, words, fate);
    if (fate == Fate::Removed) return fate;
    words = escapedRuns(text.now());
  }
  const std::string_view now = text.now();
  for (const TextSpan& run : base64Runs(now)) {
    if (isWithin(run.offset, words)) continue;
    const std::size_t count = edits.size();
    if (!base64(at, now, run, edits, fate)) {
      std::vector<TextEdit> ofHex;
      hex(at, now.substr(run.offset, run.length), ofHex, run.offset, fate);
      addReading(edits, count, std::move(ofHex));
    }
    if (fate == Fate::Removed) return fate;
  }
  text.apply(edits);
  return text.isChanged() ? Fate::Changed : Fate::Kept;
}

void ValueWalker::escapes(const ValueStep* at, EditedText& text, std::vector<TextSpan>& words, Fate& fate) {
  std::vector<TextEdit> edits;
  const std::string now(text.now());
  for (const TextSpan& word : words) {
    const std::string_view form = std::string_view(now).substr(word.offset, word.length);
    const Decoded decoded = decodeUrl(form);
    const ValueStep step = inside("URL-escaped", at);
    EditedText content(decoded.text);
    const Fate one = isUtf8(decoded.text) ? this->text(&step, false, content) : bytes(&step, content);
    if (one == Fate::Removed) fate = one;
    // What stands there unescaped may stand there so again, but for the signs that part a URL.
    std::string plain;
    for (const char c : std::string_view("@:!$'()*,;/"))
      if (form.find(c) != std::string_view::npos) plain += c;
    append(edits,
           editsOfForm(content.edits(), decoded,
                       [&](const std::string& part) { return encodeUrl(part, plain); }),
           word.offset);
  }
  text.apply(edits);
}

// True when the run as a whole is base64 for sure.
bool ValueWalker::base64(const ValueStep* at, std::string_view whole, const TextSpan& range,
                         std::vector<TextEdit>& edits, Fate& fate) {
  const std::string_view run = whole.substr(range.offset, range.length);
  const bool urlSafe = run.find_first_of("-_") != std::string_view::npos;
  const bool plain = run.find_first_of("+/") != std::string_view::npos;
  const ValueStep step = inside("base64", at);
  std::string decoded;
  // As a whole, or what stands between signs of the alphabet that may as well be none of it.
  const auto asWhole = [&](std::string_view part, std::size_t begin) {
    if (part.size() < kMinBase64Run || part.size() % 4 == 1) return false;
    decodeBase64(part, decoded);
    if (!isPrintable(decoded) && !holdsMessage(decoded)) return false;
    EditedText content(decoded);
    const Fate one = holdsMessage(decoded) ? bytes(&step, content) : text(&step, false, content);
    if (one == Fate::Removed) fate = one;
    if (one != Fate::Changed) return true;
    std::string form = encodeBase64(content.now(), urlSafe);
    // Padding stands behind the run: as much as the new length needs takes its place.
    std::size_t length = part.size();
    if (begin + part.size() == run.size()) {
      const std::string_view behind = whole.substr(range.offset + range.length);
      const std::size_t padding = std::min(behind.find_first_not_of('='), behind.size());
      if (padding > 0) {
        length += padding;
        form.resize((form.size() + 3) / 4 * 4, '=');
      } else if (part.size() % 4 == 0 && content.now().size() % 3 != 0 && !urlSafe) {
        form.resize((form.size() + 3) / 4 * 4, '=');
      }
    }
    edits.push_back({range.offset + begin, length, std::move(form)});
    return true;
  };
  if (!(urlSafe && plain) && asWhole(run, 0)) return true;
  const std::size_t first = edits.size();
  if (urlSafe || plain) {
    for (std::size_t begin = 0; begin <= run.size();) {
      const std::size_t end = std::min(run.find_first_of("+/-_", begin), run.size());
      asWhole(run.substr(begin, end - begin), begin);
      begin = end + 1;
    }
  }
  // Of no certain begin: text among bytes, from each of the four places where a group may begin.
  for (std::size_t skip = 0; skip < 4 && run.size() - skip >= kMinBase64Run; ++skip) {
    decodeBase64(run.substr(skip), decoded);
    std::vector<TextEdit> changed;
    for (const TextSpan& found : textRuns(decoded)) {
      EditedText content(std::string_view(decoded).substr(found.offset, found.length));
      const Fate one = text(&step, false, content);
      if (one == Fate::Removed) fate = one;
      append(changed, content.edits(), found.offset);
    }
    if (changed.empty()) continue;
    std::vector<TextEdit> reading;
    append(reading, editsOfBase64(changed, decoded, urlSafe), range.offset + skip);
    addReading(edits, first, std::move(reading));
  }
  return false;
}

void ValueWalker::hex(const ValueStep* at, std::string_view run, std::vector<TextEdit>& edits,
                      std::size_t offset, Fate& fate) {
  const ValueStep step = inside("hex", at);
  for (const TextSpan& range : hexRuns(run)) {
    const std::size_t first = edits.size();
    const std::string_view digits = run.substr(range.offset, range.length);
    const bool upper = digits.find_first_of("ABCDEF") != std::string_view::npos;
    for (std::size_t skip = 0; skip < 2; ++skip) {
      const std::string_view part = digits.substr(skip, (digits.size() - skip) / 2 * 2);
      std::string decoded;
      decodeHex(part, decoded);
      EditedText content(decoded);
      const Fate one = skip == 0 && holdsMessage(decoded) ? bytes(&step, content)
                       : isPrintable(decoded)             ? text(&step, false, content)
                                                          : textsAmong(&step, content);
      if (one == Fate::Removed) fate = one;
      std::vector<TextEdit> reading;
      for (const TextEdit& edit : content.edits())
        reading.push_back(
            {offset + range.offset + skip + edit.offset * 2, edit.length * 2, encodeHex(edit.text, upper)});
      addReading(edits, first, std::move(reading));
    }
  }
}

Fate ValueWalker::bytes(const ValueStep* at, EditedText& bytes) {
  const ByteView value = bytes.now();
  const bool isMessage = holdsMessage(value) || isPrintableMessage(value);
  if (isPrintable(value) && !isMessage) return text(at, false, bytes);
  ValueChange change = m_visitor.bytes(ValuePlace(at), value);
  if (change.kind == ValueChange::Kind::Remove) return Fate::Removed;
  if (change.kind == ValueChange::Kind::Set) {
    if (change.value == value) return Fate::Kept;
    return bytes.set(std::move(change.value)), Fate::Changed;
  }
  if (!isMessage) return textsAmong(at, bytes);
  const ValueStep step = inside("message", at);
  std::string now;
  const Fate fate = message(&step, nullptr, value, now);
  if (fate == Fate::Changed) bytes.set(std::move(now));
  return fate;
}

Fate ValueWalker::textsAmong(const ValueStep* at, EditedText& bytes) {
  const ValueStep step = inside("bytes", at);
  std::vector<TextEdit> edits;
  for (const TextSpan& range : textRuns(bytes.now())) {
    EditedText content(bytes.now().substr(range.offset, range.length));
    if (text(&step, false, content) == Fate::Removed) return Fate::Removed;
    append(edits, content.edits(), range.offset);
  }
  bytes.apply(edits);
  return edits.empty() ? Fate::Kept : Fate::Changed;
}

}  // namespace retake
