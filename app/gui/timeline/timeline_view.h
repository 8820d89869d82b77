#pragma once

#include <QAbstractScrollArea>
#include <QImage>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "document/selection.h"
#include "timeline/call_hit.h"
#include "timeline/timeline_geometry.h"
#include "timeline/timeline_model.h"
#include "timeline/timeline_painter.h"

namespace retake::gui {

// The lanes: calls in recorded order. What does not move with the mouse lies in an image; selection,
// hover and the focus ring are painted over it.
class TimelineView : public QAbstractScrollArea {
  Q_OBJECT
 public:
  TimelineView(Document& document, Selection& selection, TimelineModel& model, QWidget* parent = nullptr);

  const TimelineGeometry& geometry() const { return m_geometry; }
  const LaneLayout& laneLayout() const { return m_layout; }
  int axisHeight() const { return m_style.axisHeight; }
  int labelWidth() const { return m_labelWidth; }
  // Where the axis is switched, in the viewport.
  AxisSwitch axisCorner() const { return axisSwitch(frame()); }
  // As somebody chose it; nothing: as wide as the names need.
  std::optional<int> chosenLabelWidth() const { return m_chosenLabelWidth; }
  void chooseLabelWidth(std::optional<int> width);
  QString emptyText() const;  // what stands in place of lanes; empty when there are some

  // Where a call is drawn, in the viewport; empty when it is out of view.
  QRectF callRect(std::uint32_t call) const;
  bool isCollapsed(std::uint32_t service) const { return m_collapsed[service]; }
  void setCollapsed(std::uint32_t service, bool collapsed);

  void show(double from, double to);
  void centreOn(double position);
  void zoom(double factor);  // around the mouse, else around the middle
  void pan(double viewWidths);
  void fit();
  void goToEnd();
  void zoomToSelection();
  void selectMarked(std::uint8_t mark, bool forward);  // call_mark
  void toggleServiceOfSelection();

  QSize sizeHint() const override;
  QSize minimumSizeHint() const override;

 signals:
  void viewChanged();  // what part of the recording is in view
  void labelWidthChanged();
  void axisWanted(bool byTime);  // the switch in the corner was clicked

 protected:
  void paintEvent(QPaintEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void changeEvent(QEvent* event) override;
  bool viewportEvent(QEvent* event) override;
  void scrollContentsBy(int dx, int dy) override;
  void focusInEvent(QFocusEvent* event) override;
  void focusOutEvent(QFocusEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void wheelEvent(QWheelEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mouseReleaseEvent(QMouseEvent* event) override;
  void mouseDoubleClickEvent(QMouseEvent* event) override;

 private:
  struct Drag {
    enum class What { Nothing, Click, Pan, Labels };
    What what = What::Nothing;
    QPointF from;
    QPointF last;
  };

  TimelineFrame frame() const;
  void rebuild();
  void setTotal();
  void changeAxis();
  void arrange();  // rows and their scroll bar
  void updateStyle();
  void viewMoved();
  void repaintAll();
  void repaintLane(std::uint32_t lane);
  void renderBase();
  void paintHover(QPainter& painter, const TimelineFrame& frame) const;
  void followSelection();
  void revealLane(std::uint32_t lane);
  void updateDescription();
  double plotX(const QPointF& at) const { return at.x() - m_labelWidth; }
  bool isOnLabelEdge(const QPointF& at) const;
  std::optional<CallHit> hitAt(const QPointF& at) const;
  void click(const QPointF& at);
  void setHover(std::optional<QPointF> at);
  void selectNeighbour(bool forward);
  void selectOtherLane(bool down);
  void select(const CallHit& hit);
  int widestLabel() const;
  std::optional<std::uint32_t> selectedCall() const;  // of those in the model's lanes

  Document& m_document;
  Selection& m_selection;
  TimelineModel& m_model;
  TimelineStyle m_style;
  TimelineGeometry m_geometry;
  LaneLayout m_layout;
  std::vector<bool> m_collapsed;           // by service
  std::set<std::string> m_collapsedNames;  // outlives a rebuild
  int m_labelWidth = 200;
  std::optional<int> m_chosenLabelWidth;
  int m_widestLabel = 0;
  QImage m_base;
  bool m_baseDirty = true;
  std::set<std::size_t> m_dirtyRows;
  std::optional<std::uint32_t> m_selected;  // as it was painted
  std::optional<QPointF> m_hover;
  std::optional<CallHit> m_hoverHit;
  Drag m_drag;
};

}  // namespace retake::gui
