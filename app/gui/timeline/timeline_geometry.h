#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "recording/entry_times.h"

namespace retake::gui {

// The x axis of the timeline: which entries are in view, and where. The axis is recorded order, where the
// entry at position p covers [p, p + 1), whatever time passed around it; or time, where an entry is a point,
// in nanoseconds since the first. What places on the axis are counted in is its unit: entries or nanoseconds.
// Pixels are device-independent and count from the left edge of the plot. Knows no widget.
class TimelineGeometry {
 public:
  static constexpr double kEdge = 8;        // pixels left free before the first and behind the last entry
  static constexpr double kMaxScale = 160;  // pixels an entry: past that a label has all the room it needs
  static constexpr double kMaxTimeScale = 0.1;  // pixels a nanosecond: a recorder's clock knows no less

  // Another recording, or another axis: shows all of it. With `times`, of as many entries, the axis is time.
  void setTotal(std::uint32_t entries, std::shared_ptr<const EntryTimes> times = nullptr);
  void setWidth(double pixels);  // keeps showing all, or what is at the left edge

  bool isTime() const { return m_times != nullptr; }
  const EntryTimes* times() const { return m_times.get(); }
  std::uint32_t total() const { return m_total; }  // entries
  double length() const { return m_times ? static_cast<double>(m_times->length()) : m_total; }
  double maxScale() const { return m_times ? kMaxTimeScale : kMaxScale; }
  double width() const { return m_width; }
  double scale() const { return m_scale; }  // pixels a unit
  double begin() const { return m_begin; }  // place at the left edge; may be a little below 0
  double end() const { return positionAt(m_width); }
  bool isFitted() const { return m_fitted; }

  double xOf(double position) const { return (position - m_begin) * m_scale; }
  double positionAt(double x) const { return m_begin + x / m_scale; }
  // From where to where an entry is, in units.
  double beginOf(std::uint32_t entry) const {
    return m_times ? static_cast<double>(m_times->at(entry)) : entry;
  }
  double endOf(std::uint32_t entry) const { return m_times ? beginOf(entry) : entry + 1.0; }
  // The first entry that begins at `position`, in units, or behind it; at `from` or later.
  std::uint32_t entryFrom(double position, std::uint32_t from = 0) const;
  // entryFrom() at the edges of columns of `step` pixels, one more than there are columns: looked for once
  // for all lanes of a frame. Good until the view moves; not for several threads.
  const std::vector<std::uint32_t>& columnEntries(int step) const;
  // The entry under `x`; with time, the last that has happened by then.
  std::optional<std::uint32_t> entryAt(double x) const;

  void fit();
  // Keeps what is under `anchorX` where it is, as far as the ends of the recording allow.
  void zoom(double factor, double anchorX);
  void pan(double pixels);  // positive: towards the end
  void centreOn(double position);
  // Makes [from, to) fill the view, as far as the limits of zoom and pan allow.
  void show(double from, double to);
  // Shows [from, to) with as much again around it.
  void zoomTo(double from, double to);
  // The least pan that brings [from, to) into view; `from` wins when it is wider than the view.
  // True when the view moved.
  bool reveal(double from, double to);

 private:
  double fitScale() const;
  void clamp();

  std::uint32_t m_total = 0;
  std::shared_ptr<const EntryTimes> m_times;  // null: recorded order
  double m_width = 1;
  double m_scale = 1;
  double m_begin = 0;
  bool m_fitted = true;
  struct Columns {
    double begin = 0;
    double scale = 0;
    int step = 0;  // 0: none yet
    std::vector<std::uint32_t> entries;
  };
  mutable Columns m_columns;
};

// Entries from one number on the axis to the next: 1, 2, 5, 10, 20, ..., at least `pixels` apart.
std::uint32_t axisStep(double scale, double pixels);
// The same for nanoseconds: 1, 2, 5, 10, ... of them up to 50 s, then of minutes and of hours.
double timeAxisStep(double scale, double pixels);

}  // namespace retake::gui
