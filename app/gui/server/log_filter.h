#pragma once

#include "filter/query.h"
#include "replay/event.h"

namespace retake::gui {

// Which rows of the log are shown: a query (filter/query.h) over events. `text` and words alone are looked
// for in text, endpoint and outcome; `missed`, `used` (served), `error` and `edited` are what they say; what
// only a recording tells is not known of an event. Looks through 50,000 events within a frame or two.
class LogFilter {
 public:
  explicit LogFilter(Query query = {}) : m_query(std::move(query)) {}

  bool isEmpty() const { return m_query.isEmpty(); }
  const Query& query() const { return m_query; }
  bool matches(const ReplayEvent& event) const;

 private:
  Query m_query;
};

}  // namespace retake::gui
