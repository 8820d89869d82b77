#pragma once

#include <QPainter>
#include <QString>

#include "timeline/lane_columns.h"
#include "timeline/lane_layout.h"
#include "timeline/lane_use.h"
#include "timeline/lanes.h"
#include "timeline/timeline_geometry.h"
#include "timeline/timeline_style.h"

namespace retake::gui {

// Draws into one row of the plot, as long as what it is made of lives: x as the geometry has it, y from the
// top of the row.
class LanePainter {
 public:
  LanePainter(QPainter& painter, const Lanes& lanes, const LaneLayout& layout,
              const TimelineGeometry& geometry, const TimelineStyle& style, const LaneUse* use = nullptr);

  // Spans where each call can be seen, density where not.
  void paintLane(std::uint32_t lane, int height) const;
  // All lanes of a service in one row.
  void paintService(const LaneService& service, int height) const;
  // A call of `lane`, in its span's rectangle. Selected: with the method beside its number.
  void paintCall(std::uint32_t lane, std::uint32_t index, const QRectF& rect, bool selected) const;

 private:
  void paintSpans(std::uint32_t lane) const;
  void paintOverflow(std::uint32_t lane, const std::vector<std::uint32_t>& calls) const;
  void paintTicks(const Call& call, const QRectF& rect, const QColor& color) const;
  void paintTick(double x, double width, bool sent, const QRectF& rect, const QColor& color) const;
  void paintWords(std::uint32_t lane, std::uint32_t index, const QRectF& rect, bool selected) const;
  void paintDensity(const std::vector<LaneColumn>& columns, const LaneCounts& all, int height) const;
  bool isUsed(std::uint32_t lane, std::uint32_t index) const { return m_use && m_use->contains(lane, index); }
  QRectF rectOf(const Lane& lane, std::uint32_t index) const;

  QPainter& m_painter;
  const Lanes& m_lanes;
  const LaneLayout& m_layout;
  const TimelineGeometry& m_geometry;
  const TimelineStyle& m_style;
  const LaneUse* m_use;
};

}  // namespace retake::gui
