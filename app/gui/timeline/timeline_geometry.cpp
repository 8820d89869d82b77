#include "timeline/timeline_geometry.h"

#include <algorithm>
#include <cmath>

namespace retake::gui {

double TimelineGeometry::fitScale() const {
  const double room = std::max(1.0, m_width - 2 * kEdge);
  return std::min(kMaxScale, room / std::max<double>(1, m_total));
}

void TimelineGeometry::clamp() {
  const double fitted = fitScale();
  if (m_fitted || m_scale <= fitted) {
    m_fitted = true;
    m_scale = fitted;
    m_begin = -kEdge / m_scale;
    return;
  }
  m_scale = std::min(m_scale, kMaxScale);
  const double least = -kEdge / m_scale;
  const double most = std::max(least, m_total + kEdge / m_scale - m_width / m_scale);
  m_begin = std::clamp(m_begin, least, most);
}

void TimelineGeometry::setTotal(std::uint32_t entries) {
  m_total = entries;
  fit();
}

void TimelineGeometry::setWidth(double pixels) {
  m_width = std::max(1.0, pixels);
  clamp();
}

std::optional<std::uint32_t> TimelineGeometry::entryAt(double x) const {
  const double position = std::floor(positionAt(x));
  if (position < 0 || position >= m_total) return std::nullopt;
  return static_cast<std::uint32_t>(position);
}

void TimelineGeometry::fit() {
  m_fitted = true;
  clamp();
}

void TimelineGeometry::zoom(double factor, double anchorX) {
  if (!(factor > 0)) return;
  const double anchor = positionAt(anchorX);
  m_scale = std::clamp(m_scale * factor, fitScale(), kMaxScale);
  m_fitted = false;
  m_begin = anchor - anchorX / m_scale;
  clamp();
}

void TimelineGeometry::pan(double pixels) {
  m_begin += pixels / m_scale;
  clamp();
}

void TimelineGeometry::centreOn(double position) {
  m_begin = position - m_width / m_scale / 2;
  clamp();
}

void TimelineGeometry::show(double from, double to) {
  m_scale = std::min(kMaxScale, m_width / std::max(to - from, 1e-9));
  m_begin = (from + to) / 2 - m_width / m_scale / 2;
  m_fitted = false;
  clamp();
}

void TimelineGeometry::zoomTo(double from, double to) {
  const double around = (to - from) / 2;
  show(from - around, to + around);
}

bool TimelineGeometry::reveal(double from, double to) {
  const double before = m_begin;
  const double margin = std::min(kEdge * 2, m_width / 4) / m_scale;
  if (to + margin > end()) m_begin += to + margin - end();
  if (from - margin < m_begin) m_begin = from - margin;
  clamp();
  return m_begin != before;
}

std::uint32_t axisStep(double scale, double pixels) {
  double step = 1;
  while (step < 1e9) {
    for (const double factor : {1.0, 2.0, 5.0})
      if (step * factor * scale >= pixels) return static_cast<std::uint32_t>(step * factor);
    step *= 10;
  }
  return 1'000'000'000;
}

}  // namespace retake::gui
