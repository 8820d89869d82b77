#pragma once

#include <QFormLayout>
#include <QList>

namespace retake::gui {

// Forms that stand below each other: their fields begin at one place.
void alignLabels(const QList<QFormLayout*>& forms);

}  // namespace retake::gui
