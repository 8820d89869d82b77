#pragma once

class QMainWindow;
class QSplitter;

namespace retake::gui {

class TimelineView;

// How the window was left: size, panes, splitters, the width of the timeline's names. Kept with a version, so
// that a layout of another build is ignored and not half applied.
struct LayoutStore {
  QMainWindow& window;
  QSplitter& rows;
  QSplitter& columns;
  TimelineView& timeline;

  void save() const;
  bool restore() const;
  void restoreGeometry() const;
};

}  // namespace retake::gui
