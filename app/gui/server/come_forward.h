#pragma once

class QWidget;

namespace retake::gui {

// From the menu one may act in a pane while another one covers it: its dock comes forward. False when nothing
// had to be done.
bool comeForward(QWidget& pane);

}  // namespace retake::gui
