#pragma once

#include <vector>

#include "timeline/lane_use.h"
#include "timeline/lanes.h"
#include "timeline/timeline_geometry.h"

namespace retake::gui {

// What lies in one column of pixels of a lane.
struct LaneColumn {
  LaneCounts begun;     // calls whose first entry lies in the column
  bool active = false;  // some call is under way in it
  bool used = false;    // a server has answered with a call that begins in it
};

// Columns of `step` pixels from the left edge of the plot to its right edge. Looks at a few nodes of
// the aggregate a column, whatever the number of calls.
std::vector<LaneColumn> laneColumns(const Lanes& lanes, const Lane& lane, const TimelineGeometry& geometry,
                                    int step, const LaneUse* use = nullptr);
// The same for several lanes together: `into` gets `columns` added.
void addColumns(std::vector<LaneColumn>& into, const std::vector<LaneColumn>& columns);

// Height of a bar, 0..1, for `count` in a column where `half` make it half as high as can be; it is
// never quite full. So a bar keeps its height while the view moves, which it would not if the highest
// bar in view were the measure.
double barHeight(double count, double half);
// What to take for `half` where `usual` are the average: calls stand at two thirds on average; errors
// low, so that where there are more than usual they stick out.
inline double halfOfCalls(double usual) { return usual / 2; }
inline double halfOfErrors(double usual) { return usual * 3; }
// barHeight() of errors where they are more than twice as many as on average.
inline constexpr double kUnusual = 0.4;

// Whether the calls of a lane are drawn one by one. The number of all its calls decides, so that
// panning does not change it; but for a burst of more than can be told apart in the view.
bool drawsSpans(const Lanes& lanes, const Lane& lane, const TimelineGeometry& geometry);

// Calls in view, by index in the lane: those under way at the left edge, then those that begin in view.
std::vector<std::uint32_t> callsInView(const Lanes& lanes, const Lane& lane,
                                       const TimelineGeometry& geometry);

inline constexpr double kLeastSpan = 3;  // pixels; narrower calls could not be seen, nor hit

// From where to where a call is drawn.
struct Span {
  double left = 0;
  double width = 0;
  double right() const { return left + width; }
};
Span spanOf(const Lanes& lanes, const Lane& lane, std::uint32_t index, const TimelineGeometry& geometry);

}  // namespace retake::gui
