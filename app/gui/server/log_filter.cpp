#include "server/log_filter.h"

#include <array>

#include "filter/subjects.h"
#include "recording/status.h"
#include "server/words.h"

namespace retake::gui {

namespace {

// "missed", without the glyph.
std::string wordOf(const ReplayEvent& event) {
  const QString words = outcomeWords(event);
  return words.section(u' ', 1).toStdString();
}

// Events with the same number say the same in the Outcome column.
std::size_t outcomeOf(const ReplayEvent& event) {
  switch (event.kind) {
    case ReplayEvent::Kind::Note:
      return event.sequence == 0 ? 0 : 1;
    case ReplayEvent::Kind::Edited:
      return 2;
    case ReplayEvent::Kind::Call:
      break;
  }
  return 3 + static_cast<std::size_t>(event.outcome);
}

const std::string& outcomeText(const ReplayEvent& event) {
  static const auto words = [] {
    std::array<std::string, 8> all;
    ReplayEvent e;
    e.kind = ReplayEvent::Kind::Note;
    all[outcomeOf(e)] = wordOf(e);
    e.sequence = 1;
    all[outcomeOf(e)] = wordOf(e);
    e.kind = ReplayEvent::Kind::Edited;
    all[outcomeOf(e)] = wordOf(e);
    e.kind = ReplayEvent::Kind::Call;
    for (const auto outcome :
         {ReplayEvent::Outcome::Served, ReplayEvent::Outcome::Missed, ReplayEvent::Outcome::Forwarded,
          ReplayEvent::Outcome::Refused, ReplayEvent::Outcome::Aborted}) {
      e.outcome = outcome;
      all[outcomeOf(e)] = wordOf(e);
    }
    return all;
  }();
  return words[outcomeOf(event)];
}

class EventSubject final : public FilterSubject {
 public:
  explicit EventSubject(const ReplayEvent& event) : m_event(event) {}

  std::optional<std::string_view> word(FilterField field) const override {
    if (field == FilterField::Method) return m_event.method;
    if (field == FilterField::Service) return serviceOf(m_event.method);
    if (field != FilterField::Status || !isCall()) return std::nullopt;
    m_status = statusCodeName(m_event.statusCode);
    return m_status;
  }
  std::optional<double> number(FilterField field) const override {
    if (field == FilterField::Id && m_event.callNumber > 0) return m_event.callNumber;
    if (field == FilterField::Duration && isCall()) return static_cast<double>(m_event.duration.count());
    return std::nullopt;
  }
  std::optional<bool> flag(FilterFlag flag) const override {
    switch (flag) {
      case FilterFlag::Missed:
        return isMiss(m_event);
      case FilterFlag::Used:
        return isCall() && m_event.callNumber > 0;
      case FilterFlag::Error:
        return isCall() && m_event.statusCode != 0;
      case FilterFlag::Edited:
        return m_event.kind == ReplayEvent::Kind::Edited;
      case FilterFlag::Scrubbed:
      case FilterFlag::Stream:
      case FilterFlag::Undecodable:
        break;
    }
    return std::nullopt;
  }
  // What there is of text is in texts().
  bool messages(FilterSide side, const Visit&) const override { return side == FilterSide::Any; }
  bool texts(const std::function<bool(std::string_view)>& visit) const override {
    (void)(visit(m_event.text) && visit(m_event.forwarded) && visit(outcomeText(m_event)) &&
           visit(m_event.endpoint));
    return true;
  }

 private:
  bool isCall() const { return m_event.kind == ReplayEvent::Kind::Call; }

  const ReplayEvent& m_event;
  mutable std::string m_status;
};

}  // namespace

bool LogFilter::matches(const ReplayEvent& event) const {
  return m_query.isEmpty() || m_query.evaluate(EventSubject(event)) == Truth::Yes;
}

}  // namespace retake::gui
