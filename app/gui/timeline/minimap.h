#pragma once

#include <QImage>
#include <QWidget>

#include "timeline/timeline_model.h"
#include "timeline/timeline_style.h"
#include "timeline/timeline_view.h"

namespace retake::gui {

// The whole recording above the timeline, and the part of it that is in view as a handle: drag it to
// pan, its edges to zoom, click beside it to go there.
class Minimap : public QWidget {
  Q_OBJECT
 public:
  Minimap(TimelineModel& model, TimelineView& view, QWidget* parent = nullptr);

  QRectF handle() const;  // what is in view
  QSize sizeHint() const override;
  QSize minimumSizeHint() const override { return sizeHint(); }

 protected:
  void paintEvent(QPaintEvent* event) override;
  void changeEvent(QEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mouseReleaseEvent(QMouseEvent* event) override;
  void mouseDoubleClickEvent(QMouseEvent* event) override;
  void wheelEvent(QWheelEvent* event) override;
  bool event(QEvent* event) override;

 private:
  enum class Grab { Nothing, Handle, Left, Right };

  QRectF plot() const;
  double xOf(double position) const;
  double positionAt(double x) const;
  Grab grabAt(const QPointF& at) const;
  void renderBase();
  void paintSummary(QPainter& painter) const;

  TimelineModel& m_model;
  TimelineView& m_view;
  TimelineStyle m_style;
  QImage m_base;
  bool m_dirty = true;
  Grab m_grab = Grab::Nothing;
  double m_grabOffset = 0;  // positions from the handle's begin to the mouse
};

}  // namespace retake::gui
