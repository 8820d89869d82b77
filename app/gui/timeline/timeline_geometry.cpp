#include "timeline/timeline_geometry.h"

#include <algorithm>
#include <cmath>

namespace retake::gui {

double TimelineGeometry::fitScale() const {
  const double room = std::max(1.0, m_width - 2 * kEdge);
  return std::min(maxScale(), room / std::max(1.0, length()));
}

void TimelineGeometry::clamp() {
  const double fitted = fitScale();
  if (m_fitted || m_scale <= fitted) {
    m_fitted = true;
    m_scale = fitted;
    m_begin = -kEdge / m_scale;
    return;
  }
  m_scale = std::min(m_scale, maxScale());
  const double least = -kEdge / m_scale;
  const double most = std::max(least, length() + kEdge / m_scale - m_width / m_scale);
  m_begin = std::clamp(m_begin, least, most);
}

void TimelineGeometry::setTotal(std::uint32_t entries, std::shared_ptr<const EntryTimes> times) {
  m_total = entries;
  m_times = std::move(times);
  m_columns = {};
  fit();
}

void TimelineGeometry::setWidth(double pixels) {
  m_width = std::max(1.0, pixels);
  m_columns = {};
  clamp();
}

std::uint32_t TimelineGeometry::entryFrom(double position, std::uint32_t from) const {
  if (m_times) return position <= 0 ? from : m_times->firstAt(position, from);
  return static_cast<std::uint32_t>(std::clamp(std::ceil(position), 0.0, static_cast<double>(m_total)));
}

const std::vector<std::uint32_t>& TimelineGeometry::columnEntries(int step) const {
  if (m_columns.step == step && m_columns.begin == m_begin && m_columns.scale == m_scale)
    return m_columns.entries;
  m_columns.begin = m_begin;
  m_columns.scale = m_scale;
  m_columns.step = step;
  m_columns.entries.clear();
  const auto count = static_cast<std::size_t>(std::ceil(m_width / step));
  std::uint32_t entry = 0;
  for (std::size_t c = 0; c <= count; ++c) {
    entry = entryFrom(positionAt(static_cast<double>(c) * step), entry);
    m_columns.entries.push_back(entry);
  }
  return m_columns.entries;
}

std::optional<std::uint32_t> TimelineGeometry::entryAt(double x) const {
  if (m_times) {
    const double nanos = positionAt(x);
    if (nanos < 0 || nanos > length()) return std::nullopt;
    // Of several at that time the last.
    const std::uint32_t behind = m_times->firstAt(std::nextafter(nanos, length() + 1));
    return std::max(behind, 1u) - 1;
  }
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
  m_scale = std::clamp(m_scale * factor, fitScale(), maxScale());
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
  m_scale = std::min(maxScale(), m_width / std::max(to - from, 1e-9));
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

double timeAxisStep(double scale, double pixels) {
  constexpr double kSecond = 1e9;
  for (double decade = 1; decade <= 10 * kSecond; decade *= 10)
    for (const double factor : {1.0, 2.0, 5.0})
      if (decade * factor * scale >= pixels) return decade * factor;
  for (const double minutes : {1.0, 2.0, 5.0, 10.0, 20.0, 30.0})
    if (minutes * 60 * kSecond * scale >= pixels) return minutes * 60 * kSecond;
  for (double decade = 3600 * kSecond;; decade *= 10)
    for (const double factor : {1.0, 2.0, 5.0})
      if (decade * factor * scale >= pixels || decade > 1e24) return decade * factor;
}

}  // namespace retake::gui
