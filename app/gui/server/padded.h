#pragma once

#include <QVBoxLayout>
#include <QWidget>

namespace retake::gui {

// `inner` with room around it, for widgets that paint up to their edges.
inline QWidget* padded(QWidget* inner, int horizontal, int vertical) {
  auto* outer = new QWidget;
  auto* layout = new QVBoxLayout(outer);
  layout->setContentsMargins(horizontal, vertical, horizontal, vertical);
  layout->addWidget(inner);
  return outer;
}

}  // namespace retake::gui
