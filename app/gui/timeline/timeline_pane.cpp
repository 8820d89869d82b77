#include "timeline/timeline_pane.h"

#include <QAction>
#include <QVBoxLayout>

#include "timeline/minimap.h"
#include "timeline/timeline_model.h"
#include "timeline/timeline_view.h"

namespace retake::gui {
namespace {

constexpr double kZoomStep = 1.5;
constexpr double kPanStep = 0.2;  // of what is in view

}  // namespace

TimelinePane::TimelinePane(Document& document, Selection& selection, CallRows& rows, QWidget* parent)
    : QWidget(parent),
      m_selection(selection),
      m_model(new TimelineModel(document, rows, this)),
      m_view(new TimelineView(document, selection, *m_model, this)),
      m_minimap(new Minimap(*m_model, *m_view, this)) {
  setObjectName("timelinePane");
  setFocusProxy(m_view);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(0);
  layout->addWidget(m_minimap);
  layout->addWidget(m_view, 1);
  addActions();
  connect(m_model, &TimelineModel::rebuilt, this, &TimelinePane::updateActions);
  connect(m_model, &TimelineModel::lanesChanged, this, &TimelinePane::updateActions);
  connect(m_view, &TimelineView::viewChanged, this, &TimelinePane::updateActions);
  connect(&selection, &Selection::callChanged, this, &TimelinePane::updateActions);
  updateActions();
}

int TimelinePane::wantedHeight() const {
  return m_minimap->height() + m_view->axisHeight() + m_view->laneLayout().height();
}

QAction* TimelinePane::action(const QString& name) const {
  return findChild<QAction*>(name, Qt::FindDirectChildrenOnly);
}

void TimelinePane::addActions() {
  const auto add = [this](const char* name, const QString& text, const QList<QKeySequence>& keys, auto act) {
    auto* made = new QAction(text, this);
    made->setObjectName(name);
    made->setShortcuts(keys);
    made->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    connect(made, &QAction::triggered, this, act);
    addAction(made);
  };
  add("timelineZoomIn", tr("Zoom in"), {Qt::Key_W, Qt::Key_Plus}, [this] { m_view->zoom(kZoomStep); });
  add("timelineZoomOut", tr("Zoom out"), {Qt::Key_S, Qt::Key_Minus}, [this] { m_view->zoom(1 / kZoomStep); });
  add("timelinePanLeft", tr("Pan left"), {Qt::Key_A}, [this] { m_view->pan(-kPanStep); });
  add("timelinePanRight", tr("Pan right"), {Qt::Key_D}, [this] { m_view->pan(kPanStep); });
  add("timelineFit", tr("Show whole recording"), {Qt::Key_Home}, [this] { m_view->fit(); });
  add("timelineEnd", tr("Go to the end"), {Qt::Key_End}, [this] { m_view->goToEnd(); });
  add("timelineZoomToSelection", tr("Zoom to selection"), {Qt::Key_F}, [this] { m_view->zoomToSelection(); });
  add("timelineToggleService", tr("Collapse or expand service"), {Qt::Key_Space},
      [this] { m_view->toggleServiceOfSelection(); });
  add("timelineByTime", tr("Time as the x axis"), {Qt::Key_T}, [this] { chooseAxis(!m_model->isByTime()); });
  action("timelineByTime")->setCheckable(true);
  connect(m_view, &TimelineView::axisWanted, this, &TimelinePane::chooseAxis);
  const auto marked = [this](std::uint8_t mark, bool forward) {
    return [this, mark, forward] { m_view->selectMarked(mark, forward); };
  };
  add("timelineNextError", tr("Next error"), {Qt::Key_E}, marked(call_mark::kError, true));
  add("timelinePreviousError", tr("Previous error"), {Qt::SHIFT | Qt::Key_E},
      marked(call_mark::kError, false));
  add("timelineNextChange", tr("Next changed call"), {Qt::Key_C}, marked(call_mark::kEdited, true));
  add("timelinePreviousChange", tr("Previous changed call"), {Qt::SHIFT | Qt::Key_C},
      marked(call_mark::kEdited, false));
}

void TimelinePane::chooseAxis(bool byTime) {
  m_model->setByTime(byTime);
  updateActions();
}

void TimelinePane::updateActions() {
  const Lanes* lanes = m_model->lanes();
  const bool some = lanes && lanes->calls().size() > 0;
  const LaneCounts total = some ? lanes->total() : LaneCounts{};
  const bool selected = some && m_selection.call();
  const bool fitted = m_view->geometry().isFitted();
  const auto enable = [this](const char* name, bool on) { action(name)->setEnabled(on); };
  enable("timelineZoomIn", some);
  for (const char* name :
       {"timelineZoomOut", "timelinePanLeft", "timelinePanRight", "timelineFit", "timelineEnd"})
    enable(name, some && !fitted);
  enable("timelineZoomToSelection", selected);
  enable("timelineToggleService", some);
  enable("timelineByTime", some && m_model->times());
  action("timelineByTime")->setChecked(m_model->isByTime());
  for (const char* name : {"timelineNextError", "timelinePreviousError"}) enable(name, total.errors > 0);
  for (const char* name : {"timelineNextChange", "timelinePreviousChange"}) enable(name, total.edited > 0);
}

}  // namespace retake::gui
