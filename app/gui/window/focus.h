#pragma once

class QWidget;

namespace retake::gui {

// Gives the focus to `pane`, or to the first widget inside that takes it.
void focusInside(QWidget& pane);

}  // namespace retake::gui
