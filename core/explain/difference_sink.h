#pragma once

#include <algorithm>
#include <string>
#include <utility>

#include "explain/comparison.h"
#include "explain/value_text.h"

namespace retake {

// Takes what the walkers find, in the order of the fields, and keeps the path to where they are. Texts are
// made only for what is described.
class DifferenceSink {
 public:
  // Leaves that are counted of what one side lacks.
  static constexpr std::size_t kMaxLeaves = 9;
  // Bytes of two elements of lists whose likeness is asked for.
  static constexpr std::size_t kMaxLikeness = 64 << 10;
  // For same(): a number tells as much as a short text.
  static constexpr std::size_t kNumberSize = 4;

  explicit DifferenceSink(std::size_t limit) : m_limit(limit) {}

  FieldPath& path() { return m_path; }
  // Before and behind what is inside of an element that stands at another place in what was sent.
  void enterMoved() { ++m_moved; }
  void leaveMoved() { --m_moved; }
  // A leaf of so many bytes.
  void same(std::size_t size) {
    m_found.same += 1;
    m_found.sameSize += size;
  }
  void ignored() { ++m_ignored; }

  // `text` gives the two values.
  template <typename Text>
  void changed(double likeness, const Text& text) {
    m_found.distance += 1;
    // What shares less than half is as good as unrelated.
    if (likeness >= 0.5) m_found.credit += likeness;
    m_found.likeness += likeness;
    if (!isDescribed()) return;
    ValuePair pair = text();
    m_found.differences.push_back({Difference::Kind::Changed, m_path, std::move(pair.recorded),
                                   std::move(pair.sent), pair.recordedSize, pair.sentSize, m_moved > 0});
  }
  // Of one side only, with so many leaves. `text` gets the size as valueText() gives it.
  template <typename Text>
  void oneSided(bool isRecorded, std::size_t leaves, const Text& text) {
    // More than another value, so that what has the same shape is nearer.
    m_found.distance += 1 + 0.5 * static_cast<double>(std::min(leaves, kMaxLeaves));
    if (!isDescribed()) return;
    std::uint64_t size = 0;
    std::string value = text(size);
    Difference difference{
        isRecorded ? Difference::Kind::OnlyRecorded : Difference::Kind::OnlySent, m_path, {}, {}};
    (isRecorded ? difference.recorded : difference.sent) = std::move(value);
    (isRecorded ? difference.recordedSize : difference.sentSize) = size;
    difference.moved = m_moved > 0;
    m_found.differences.push_back(std::move(difference));
  }

  // So many leaves that only the one side has are those that only the other has, elsewhere.
  void renamed(std::size_t count) { m_found.distance -= 1.5 * static_cast<double>(count); }

  // How many were found or ignored so far: to see whether a walk found anything.
  std::size_t count() const { return m_found.count() + m_ignored; }
  Comparison take() { return std::move(m_found); }

 private:
  bool isDescribed() {
    if (m_found.differences.size() < m_limit) return true;
    ++m_found.more;
    return false;
  }

  std::size_t m_limit;
  std::size_t m_ignored = 0;
  std::size_t m_moved = 0;
  FieldPath m_path;
  Comparison m_found;
};

// A segment at the end of a sink's path for as long as this lives.
class PathStep {
 public:
  PathStep(DifferenceSink& sink, PathSegment segment) : m_sink(sink) {
    m_sink.path().segments.push_back(std::move(segment));
  }
  ~PathStep() { m_sink.path().segments.pop_back(); }
  PathStep(const PathStep&) = delete;
  PathStep& operator=(const PathStep&) = delete;

 private:
  DifferenceSink& m_sink;
};

// Messages on one line are shown up to here.
inline constexpr std::size_t kMaxMessageText = 1000;

}  // namespace retake
