#pragma once

#include <QPainter>
#include <QWidget>

#include "theme/theme.h"

namespace retake::gui {

// A line of one pixel between two parts of a pane.
class Hairline : public QWidget {
 public:
  explicit Hairline(QWidget* parent = nullptr) : QWidget(parent) { setFixedHeight(1); }

 protected:
  void paintEvent(QPaintEvent*) override {
    QPainter(this).fillRect(rect(), theme::color(theme::Role::Hairline));
  }
};

}  // namespace retake::gui
