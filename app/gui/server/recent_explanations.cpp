#include "server/recent_explanations.h"

#include <utility>

namespace retake::gui {

std::size_t sizeOf(const Explanation& explanation) {
  std::size_t bytes = sizeof(Explanation) + explanation.method.size();
  if (explanation.sent) bytes += explanation.sent->size();
  for (const std::string& method : explanation.methodsNearby) bytes += method.size();
  if (!explanation.nearest) return bytes;
  for (const Difference& difference : explanation.nearest->differences) {
    bytes += sizeof(Difference) + difference.recorded.size() + difference.sent.size() +
             difference.path.segments.size() * sizeof(PathSegment);
  }
  return bytes;
}

std::weak_ptr<const Explanation> RecentExplanations::keep(std::shared_ptr<const Explanation> explanation) {
  const std::size_t bytes = sizeOf(*explanation);
  m_bytes += bytes;
  m_kept.push_back({std::move(explanation), bytes});
  while (m_kept.size() > 1 && (m_kept.size() > m_maxCount || m_bytes > m_maxBytes)) {
    m_bytes -= m_kept.front().bytes;
    m_kept.pop_front();
  }
  return m_kept.back().explanation;
}

void RecentExplanations::clear() {
  m_kept.clear();
  m_bytes = 0;
}

}  // namespace retake::gui
