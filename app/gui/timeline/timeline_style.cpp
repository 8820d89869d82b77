#include "timeline/timeline_style.h"

#include <QApplication>
#include <QFontMetrics>
#include <algorithm>

#include "theme/theme.h"

namespace retake::gui {

using theme::Role;

QColor mixed(const QColor& a, const QColor& b, double share) {
  const auto channel = [share](int x, int y) { return static_cast<int>(x * share + y * (1 - share) + 0.5); };
  return {channel(a.red(), b.red()), channel(a.green(), b.green()), channel(a.blue(), b.blue())};
}

TimelineStyle TimelineStyle::current() {
  TimelineStyle s;
  s.surface = theme::color(Role::Surface);
  s.raised = theme::color(Role::Raised);
  s.hairline = theme::color(Role::Hairline);
  s.grid = mixed(s.hairline, s.surface, 0.45);
  s.text = theme::color(Role::Text);
  s.textMuted = theme::color(Role::TextMuted);
  s.textHidden = theme::color(Role::TextDisabled);
  s.accent = theme::color(Role::Accent);
  s.accentText = theme::color(Role::AccentText);
  s.selectionFill = theme::color(Role::SelectionFill);
  s.error = theme::color(Role::Error);
  s.errorUsual = mixed(s.error, s.surface, 0.5);
  s.edited = theme::color(Role::Edited);
  s.used = theme::color(Role::Matched);
  s.density = theme::color(Role::Density);
  s.densityHidden = mixed(s.density, s.surface, 0.25);
  s.active = mixed(s.density, s.surface, 0.5);
  // A tint of the same share is harder to see on a dark surface.
  const double more = theme::isDark() ? 0.12 : 0;
  for (int i = 0; i < 8; ++i) {
    const QColor lane = theme::color(static_cast<Role>(static_cast<int>(Role::Lane1) + i));
    s.hues.push_back({.mark = lane,
                      .fill = mixed(lane, s.surface, 0.42 + more),
                      .stream = mixed(lane, s.surface, 0.24 + more),
                      .bar = mixed(lane, s.raised, 0.75),
                      .tick = lane,
                      .hiddenFill = mixed(lane, s.surface, 0.12)});
  }
  s.font = QApplication::font();
  s.bold = s.font;
  s.bold.setBold(true);
  s.dataFont = theme::dataFont();
  s.dataBold = s.dataFont;
  s.dataBold.setBold(true);

  const int name = QFontMetrics(s.font).height();
  const int data = QFontMetrics(s.dataFont).height();
  const auto onGrid = [](int length) { return (length + theme::kGrid - 1) / theme::kGrid * theme::kGrid; };
  s.metrics.service = onGrid(name + theme::kGrid);
  s.metrics.span = onGrid(std::max(name, data));
  s.metrics.gap = 2;
  s.metrics.padding = theme::kGrid;
  s.metrics.overflow = data;
  s.axisHeight = onGrid(data + theme::kGrid);
  return s;
}

}  // namespace retake::gui
