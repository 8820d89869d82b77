#pragma once

#include <QPainter>
#include <QRectF>
#include <QSize>
#include <optional>

#include "timeline/lane_layout.h"
#include "timeline/lane_use.h"
#include "timeline/lanes.h"
#include "timeline/timeline_geometry.h"
#include "timeline/timeline_style.h"

namespace retake::gui {

// One frame of the timeline without what moves with the mouse: what its cached image holds. Names on
// the left, the plot on the right, the axis above both, the rows below it.
struct TimelineFrame {
  const Lanes* lanes = nullptr;
  const LaneLayout* layout = nullptr;
  const TimelineGeometry* geometry = nullptr;
  const TimelineStyle* style = nullptr;
  QSize size;          // device-independent, as everything here
  int labelWidth = 0;  // of the names; the plot begins behind it
  int scroll = 0;      // how much of the rows is above the axis' lower edge
  std::optional<std::uint32_t> selectedLane;
  const LaneUse* use = nullptr;
  bool hasTimes = false;  // time could be the axis

  QRect plot() const {
    return {labelWidth, style->axisHeight, size.width() - labelWidth, size.height() - style->axisHeight};
  }
  // Of a row, over the whole width; it may lie outside the frame.
  QRect rowRect(std::size_t row) const;
};

// The switch in the corner: what the axis is, and what else it can be. Empty where there is no room for it.
struct AxisSwitch {
  QRect name;
  QRect order;
  QRect time;
};
AxisSwitch axisSwitch(const TimelineFrame& frame);
int axisSwitchWidth(const TimelineStyle& style);  // of the names, for all of it

void paintFrame(QPainter& painter, const TimelineFrame& frame);
// One row alone, over what was there.
void paintRow(QPainter& painter, const TimelineFrame& frame, std::size_t row);

// Where a call is drawn; empty when its row or its entries are out of view. In a row of density it
// is the least width, over the whole height.
QRectF callRect(const TimelineFrame& frame, std::uint32_t call);
// Over the frame: the call filled and outlined as selected, with its number and method.
void paintSelectedCall(QPainter& painter, const TimelineFrame& frame, std::uint32_t call);

}  // namespace retake::gui
