#include "scrub/detect/text_finder.h"

#include <re2/re2.h>
#include <re2/set.h>

#include <algorithm>
#include <cassert>
#include <memory>
#include <string>

#include "scrub/detect/byte_features.h"
#include "scrub/detect/entropy.h"
#include "scrub/detect/field_secret.h"
#include "scrub/detect/secret_names.h"
#include "scrub/find_secrets.h"
#include "scrub/marks.h"

namespace retake {
namespace {

// Longer texts are logs and documents: what a person writes of a phone or a password stands in shorter ones,
// and the patterns' automata get by with it.
constexpr std::int64_t kPatternMemory = 32 << 20;

RE2::Options finderOptions() {
  RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(kPatternMemory);
  options.set_never_capture(false);
  return options;
}

// What JSON keys, names of maps and of pairs are known by; field names do not stand in the bytes.
constexpr const char* kNameHint =
    "(?i)pass|pwd|secret|token|credential|cookie|authorization|mnemonic|session|[_-]?key\"|otp|cvv|cvc|"
    "\"pin\"|jwt|\"sid\"|\"auth\"|phone|mobile|ssn";

bool isFeature(std::string_view hint) {
  return hint == kDigitsHint || hint == kTokenHint || hint == kAddressHint;
}

}  // namespace

struct TextFinder::State {
  struct Compiled {
    const Shape* shape;
    std::size_t detector;
    std::unique_ptr<RE2> pattern;
  };
  std::vector<Compiled> shapes;
  std::unique_ptr<RE2::Set> hints;   // of shapes with letters to look for
  std::vector<std::size_t> hinted;   // their places in `shapes`
  std::unique_ptr<RE2::Set> bodies;  // the patterns themselves, of shapes that are hinted at by a feature
  std::vector<std::size_t> featured;
  std::unique_ptr<RE2> anyHint;
  std::size_t secretField = detectorIndex("secret-field");
  std::size_t highEntropy = detectorIndex("high-entropy");

  void add(std::span<const Shape> more) {
    for (const Shape& shape : more) {
      auto pattern = std::make_unique<RE2>(shape.pattern, finderOptions());
      assert(pattern->ok() && pattern->NumberOfCapturingGroups() <= 1);
      const std::size_t detector = detectorIndex(shape.detector);
      assert(detector < kMaxDetectors);
      RE2::Set& set = isFeature(shape.hint) ? *bodies : *hints;
      const int added = set.Add(isFeature(shape.hint) ? shape.pattern : shape.hint, nullptr);
      assert(added >= 0);
      (void)added;
      (isFeature(shape.hint) ? featured : hinted).push_back(shapes.size());
      shapes.push_back({&shape, detector, std::move(pattern)});
    }
  }

  // Places of the shapes that may be in the text, in their order.
  std::vector<std::size_t> candidates(std::string_view text, const ByteFeatures& features) const {
    std::vector<std::size_t> places;
    std::vector<int> matched;
    const auto collect = [&](const RE2::Set& set, const std::vector<std::size_t>& of) {
      RE2::Set::ErrorInfo error{};
      matched.clear();
      if (set.Match(text, &matched, &error)) {
        for (const int i : matched) places.push_back(of[static_cast<std::size_t>(i)]);
      } else if (error.kind != RE2::Set::kNoError) {  // out of memory for its automaton: ask each
        places.insert(places.end(), of.begin(), of.end());
      }
    };
    collect(*hints, hinted);
    if (features.digits || features.address || features.token) collect(*bodies, featured);
    std::sort(places.begin(), places.end());
    return places;
  }
};

std::size_t detectorIndex(std::string_view id) {
  const auto& all = secretDetectors();
  const auto found = std::find_if(all.begin(), all.end(), [&](const auto& each) { return each.id == id; });
  return found == all.end() ? kMaxDetectors : static_cast<std::size_t>(found - all.begin());
}

const TextFinder& TextFinder::get() {
  // Never destroyed: threads may still look for secrets while the program ends.
  static const auto* finder = new TextFinder();
  return *finder;
}

TextFinder::TextFinder() {
  auto* state = new State();
  state->hints = std::make_unique<RE2::Set>(finderOptions(), RE2::UNANCHORED);
  state->bodies = std::make_unique<RE2::Set>(finderOptions(), RE2::UNANCHORED);
  for (const auto& shapes : {tokenShapes(), credentialShapes(), personalShapes(), nationalIdShapes()})
    state->add(shapes);
  const bool compiled = state->hints->Compile() && state->bodies->Compile();
  assert(compiled);
  (void)compiled;
  std::string any = kNameHint;
  for (const std::size_t i : state->hinted) any += "|(?:" + std::string(state->shapes[i].shape->hint) + ")";
  state->anyHint = std::make_unique<RE2>(any, finderOptions());
  assert(state->anyHint->ok());
  m_state = state;
}

TextFinder::~TextFinder() { delete m_state; }

bool TextFinder::mayHold(ByteView bytes) const {
  return byteFeatures(bytes, true).any() || RE2::PartialMatch(bytes, *m_state->anyHint);
}

std::vector<TextFind> TextFinder::find(std::string_view text, const TextContext& place,
                                       const DetectorSet& wanted) const {
  std::vector<TextFind> finds;
  if (text.size() < 2 || isScrubMark(text)) return finds;
  // Nothing is found in what a rule has left.
  const std::vector<TextRange> marks = scrubMarks(text);
  const auto overlaps = [&](std::size_t at, std::size_t size) {
    if (std::any_of(marks.begin(), marks.end(),
                    [&](const TextRange& mark) { return at < mark.end && mark.begin < at + size; }))
      return true;
    return std::any_of(finds.begin(), finds.end(),
                       [&](const TextFind& find) { return at < find.at + find.size && find.at < at + size; });
  };
  // In the order of the shapes, so that the one that knows more takes the text.
  const ByteFeatures features = byteFeatures(text);
  for (const std::size_t i : m_state->candidates(text, features)) {
    const State::Compiled& shape = m_state->shapes[i];
    if (!wanted[shape.detector]) continue;
    re2::StringPiece groups[2];
    const int group = shape.pattern->NumberOfCapturingGroups();
    for (std::size_t from = 0; from <= text.size();) {
      if (!shape.pattern->Match(text, from, text.size(), RE2::UNANCHORED, groups, group + 1)) break;
      const std::string_view value(groups[group].data(), groups[group].size());
      const auto at = static_cast<std::size_t>(value.data() - text.data());
      const ShapeMatch match{text, value, place};
      const bool taken = !value.empty() && !overlaps(at, value.size()) &&
                         (!shape.shape->accepts || shape.shape->accepts(match));
      if (taken) finds.push_back({shape.detector, at, value.size(), shape.shape});
      // What is no value may begin one in its middle: "12 4111 1111 1111 1111".
      from = taken ? at + value.size() : at + 1;
    }
  }
  const auto covered = [&] {
    std::size_t bytes = 0;
    for (const TextFind& find : finds) bytes += find.size;
    for (const TextRange& mark : marks) bytes += mark.end - mark.begin;
    return bytes;
  };
  if (wanted[m_state->secretField] && covered() * 2 < text.size() && isSecretOfField(text, place)) {
    finds.assign(1, {m_state->secretField, 0, text.size(), nullptr});
  } else if (wanted[m_state->highEntropy] && features.token && !saysHarmlessRandom(place.name)) {
    std::size_t from = 0;
    while (const auto random = findRandom(text, from)) {
      if (!overlaps(random->at, random->size))
        finds.push_back({m_state->highEntropy, random->at, random->size, nullptr});
      from = random->at + random->size;
    }
  }
  std::sort(finds.begin(), finds.end(), [](const TextFind& a, const TextFind& b) { return a.at < b.at; });
  return finds;
}

}  // namespace retake
