#pragma once

class QMainWindow;
class QSplitter;

namespace retake::gui {

// How the window was left: size, panes, splitters. Kept with a version, so that a layout of another
// build is ignored and not half applied.
struct LayoutStore {
  QMainWindow& window;
  QSplitter& rows;
  QSplitter& columns;

  void save() const;
  bool restore() const;
  void restoreGeometry() const;
};

}  // namespace retake::gui
