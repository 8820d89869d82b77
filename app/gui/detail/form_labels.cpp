#include "detail/form_labels.h"

#include <QWidget>
#include <algorithm>

namespace retake::gui {

void alignLabels(const QList<QFormLayout*>& forms) {
  QList<QWidget*> labels;
  int widest = 0;
  for (const QFormLayout* form : forms)
    for (int row = 0; row < form->rowCount(); ++row)
      if (const QLayoutItem* item = form->itemAt(row, QFormLayout::LabelRole); item && item->widget()) {
        labels << item->widget();
        widest = std::max(widest, item->widget()->sizeHint().width());
      }
  for (QWidget* label : std::as_const(labels)) label->setMinimumWidth(widest);
}

}  // namespace retake::gui
