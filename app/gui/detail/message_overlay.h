#pragma once

#include <QObject>
#include <vector>

#include "detail/value_marks.h"
#include "recording/ids.h"

namespace retake::gui {

// A layer over recorded messages, such as scrub rules that are not applied: what it would make of the values
// of an entry. The recording stays as it is.
class MessageOverlay : public QObject {
  Q_OBJECT
 public:
  using QObject::QObject;
  virtual std::vector<ValueMark> marksOf(EntryId entry) const = 0;

 signals:
  void changed();  // marksOf() may say otherwise
};

}  // namespace retake::gui
