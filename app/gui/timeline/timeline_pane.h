#pragma once

#include <QWidget>

#include "calls/call_rows.h"
#include "document/document.h"
#include "document/selection.h"

namespace retake::gui {

class Minimap;
class TimelineModel;
class TimelineView;

// The recording at a glance: a minimap of all of it, and below it the calls in lanes. Its actions
// (timelineZoomIn, timelineFit, timelineNextError, ...) are in actions(), to be put into menus; they
// act while the pane has the focus.
class TimelinePane : public QWidget {
  Q_OBJECT
 public:
  TimelinePane(Document& document, Selection& selection, CallRows& rows, QWidget* parent = nullptr);

  TimelineModel& model() const { return *m_model; }
  TimelineView& view() const { return *m_view; }
  Minimap& minimap() const { return *m_minimap; }
  // What shows every lane without scrolling.
  int wantedHeight() const;
  // By object name; null when there is none.
  QAction* action(const QString& name) const;

 private:
  void addActions();
  void chooseAxis(bool byTime);
  void updateActions();

  Selection& m_selection;
  TimelineModel* m_model;
  TimelineView* m_view;
  Minimap* m_minimap;
};

}  // namespace retake::gui
