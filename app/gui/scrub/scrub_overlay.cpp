#include "scrub/scrub_overlay.h"

#include "detail/strings.h"
#include "scrub/scrub_controller.h"

namespace retake::gui {
namespace {

QString placeOf(ScrubHit::In in) {
  switch (in) {
    case ScrubHit::In::Message:
      return {};
    case ScrubHit::In::Status:
      return ScrubOverlay::tr("status");
    case ScrubHit::In::Headers:
      return ScrubOverlay::tr("metadata");
    case ScrubHit::In::Trailers:
      return ScrubOverlay::tr("trailer");
    case ScrubHit::In::InitialState:
      return ScrubOverlay::tr("initial state");
  }
  return {};
}

}  // namespace

ScrubOverlay::ScrubOverlay(ScrubController& controller, QObject* parent)
    : MessageOverlay(parent), m_controller(controller) {
  connect(&controller, &ScrubController::layerChanged, this, &MessageOverlay::changed);
}

std::vector<ValueMark> ScrubOverlay::marksOf(EntryId entry) const {
  std::vector<ValueMark> marks;
  for (ScrubHit& hit : m_controller.hitsOf(entry)) {
    ValueMark mark;
    mark.inMessage = hit.in == ScrubHit::In::Message;
    mark.place = placeOf(hit.in);
    mark.path = std::move(hit.path);
    mark.before = toQString(hit.before);
    mark.after = toQString(hit.after);
    mark.removed = hit.removed;
    mark.rule = m_controller.nameOf(hit.rule);
    marks.push_back(std::move(mark));
  }
  return marks;
}

}  // namespace retake::gui
