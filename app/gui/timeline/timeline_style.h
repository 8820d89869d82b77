#pragma once

#include <QColor>
#include <QFont>
#include <vector>

#include "timeline/lane_layout.h"

namespace retake::gui {

// Colours, fonts and lengths of the timeline, taken from the theme once for many frames.
struct TimelineStyle {
  static TimelineStyle current();

  struct Hue {
    QColor mark;    // beside the lane's name, and a call's left edge
    QColor fill;    // of a unary call
    QColor stream;  // of a stream, lighter so that its ticks show
    QColor bar;     // in a collapsed service
    QColor tick;
    QColor hiddenFill;
  };
  const Hue& hue(std::uint32_t lane) const { return hues[lane % hues.size()]; }

  std::vector<Hue> hues;
  QColor surface;
  QColor raised;
  QColor hairline;
  QColor grid;  // lines behind the calls
  QColor text;
  QColor textMuted;
  QColor textHidden;
  QColor accent;
  QColor accentText;
  QColor selectionFill;
  QColor error;
  QColor errorUsual;  // where there are no more errors than elsewhere
  QColor edited;
  QColor used;  // a server has answered with it
  QColor density;
  QColor densityHidden;
  QColor active;  // some call is under way
  QFont font;     // of names
  QFont bold;
  QFont dataFont;  // of numbers
  QFont dataBold;
  LaneMetrics metrics;
  int axisHeight = 24;
};

// `share` of `a` on `b`; opaque, so that it covers what lies below.
QColor mixed(const QColor& a, const QColor& b, double share);

}  // namespace retake::gui
