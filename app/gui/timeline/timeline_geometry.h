#pragma once

#include <cstdint>
#include <optional>

namespace retake::gui {

// The x axis of the timeline: which entries are in view, and where. The axis is recorded order: the
// entry at position p covers [p, p + 1), whatever time passed around it. Pixels are
// device-independent and count from the left edge of the plot. Knows no widget.
class TimelineGeometry {
 public:
  static constexpr double kEdge = 8;        // pixels left free before the first and behind the last entry
  static constexpr double kMaxScale = 160;  // pixels an entry: past that a label has all the room it needs

  void setTotal(std::uint32_t entries);  // another recording: shows all of it
  void setWidth(double pixels);          // keeps showing all, or what is at the left edge

  std::uint32_t total() const { return m_total; }
  double width() const { return m_width; }
  double scale() const { return m_scale; }  // pixels an entry
  double begin() const { return m_begin; }  // position at the left edge; may be a little below 0
  double end() const { return positionAt(m_width); }
  bool isFitted() const { return m_fitted; }

  double xOf(double position) const { return (position - m_begin) * m_scale; }
  double positionAt(double x) const { return m_begin + x / m_scale; }
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
  double m_width = 1;
  double m_scale = 1;
  double m_begin = 0;
  bool m_fitted = true;
};

// Entries from one number on the axis to the next: 1, 2, 5, 10, 20, ..., at least `pixels` apart.
std::uint32_t axisStep(double scale, double pixels);

}  // namespace retake::gui
