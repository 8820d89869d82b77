#pragma once

#include "detail/message_overlay.h"

namespace retake::gui {

class ScrubController;

// What the rules would make of an entry, for the panes that show it.
class ScrubOverlay : public MessageOverlay {
  Q_OBJECT
 public:
  explicit ScrubOverlay(ScrubController& controller, QObject* parent = nullptr);
  std::vector<ValueMark> marksOf(EntryId entry) const override;

 private:
  ScrubController& m_controller;
};

}  // namespace retake::gui
