#include "window/layout_store.h"

#include <QMainWindow>
#include <QSettings>
#include <QSplitter>

#include "timeline/timeline_view.h"

namespace retake::gui {
namespace {

// Raised whenever a pane is added, renamed or taken away.
constexpr int kVersion = 2;

}  // namespace

void LayoutStore::save() const {
  QSettings settings;
  settings.beginGroup(QStringLiteral("layout"));
  settings.setValue(QStringLiteral("version"), kVersion);
  settings.setValue(QStringLiteral("geometry"), window.saveGeometry());
  settings.setValue(QStringLiteral("panes"), window.saveState(kVersion));
  settings.setValue(QStringLiteral("rows"), rows.saveState());
  settings.setValue(QStringLiteral("columns"), columns.saveState());
  if (const auto names = timeline.chosenLabelWidth())
    settings.setValue(QStringLiteral("names"), *names);
  else
    settings.remove(QStringLiteral("names"));
}

void LayoutStore::restoreGeometry() const {
  window.restoreGeometry(QSettings().value(QStringLiteral("layout/geometry")).toByteArray());
}

bool LayoutStore::restore() const {
  QSettings settings;
  settings.beginGroup(QStringLiteral("layout"));
  if (settings.value(QStringLiteral("version")).toInt() != kVersion) return false;
  rows.restoreState(settings.value(QStringLiteral("rows")).toByteArray());
  columns.restoreState(settings.value(QStringLiteral("columns")).toByteArray());
  if (const int names = settings.value(QStringLiteral("names")).toInt(); names > 0)
    timeline.chooseLabelWidth(names);
  return window.restoreState(settings.value(QStringLiteral("panes")).toByteArray(), kVersion);
}

}  // namespace retake::gui
