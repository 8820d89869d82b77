#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "recording/entry_times.h"
#include "timeline/lanes.h"

namespace retake::gui {

// The whole recording in small: lanes folded into a few rows, entries into bins, and in each how many
// calls were under way. Calls that the filter leaves out do not count. Knows no widget.
class MinimapDensity {
 public:
  static constexpr std::uint32_t kMostBins = 2048;
  static constexpr std::uint32_t kMostRows = 8;

  MinimapDensity() = default;
  // With `times`, bins are of time; else of entries.
  explicit MinimapDensity(const Lanes& lanes, std::shared_ptr<const EntryTimes> times = nullptr);

  std::uint32_t bins() const { return m_bins; }
  std::uint32_t rows() const { return m_rows; }
  std::uint32_t rowOf(std::uint32_t lane) const;
  std::uint32_t underWay(std::uint32_t row, std::uint32_t bin) const { return m_calls[row * m_bins + bin]; }
  // Calls that begin in the bin.
  std::uint32_t begun(std::uint32_t row, std::uint32_t bin) const { return m_begun[row * m_bins + bin]; }
  std::uint32_t most(std::uint32_t row) const { return m_most[row]; }
  // Failed and edited calls that end in the bin.
  std::uint32_t errors(std::uint32_t bin) const { return m_errors[bin]; }
  std::uint32_t edited(std::uint32_t bin) const { return m_edited[bin]; }
  std::uint32_t binOf(std::uint32_t position) const;

  // One call's mark changed, and nothing else of it.
  void change(const Call& call, std::uint8_t before, std::uint8_t after);

 private:
  std::uint32_t m_total = 0;
  std::shared_ptr<const EntryTimes> m_times;
  std::uint32_t m_lanes = 0;
  std::uint32_t m_bins = 0;
  std::uint32_t m_rows = 0;
  std::vector<std::uint32_t> m_calls;  // row by row
  std::vector<std::uint32_t> m_begun;
  std::vector<std::uint32_t> m_most;
  std::vector<std::uint32_t> m_errors;
  std::vector<std::uint32_t> m_edited;
};

}  // namespace retake::gui
