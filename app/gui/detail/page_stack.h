#pragma once

#include <QLayout>
#include <QStackedWidget>
#include <algorithm>

namespace retake::gui {

// Pages of which one is shown, and asks for no more room than that one needs: a QStackedWidget asks for what
// the largest of them does.
class PageStack : public QStackedWidget {
 public:
  explicit PageStack(QWidget* parent = nullptr) : QStackedWidget(parent) {
    connect(this, &QStackedWidget::currentChanged, this, &PageStack::updateGeometry);
  }

  QSize minimumSizeHint() const override {
    const QWidget* page = currentWidget();
    if (!page) return {};
    QSize least = page->minimumSizeHint().expandedTo(page->minimumSize());
    if (const QLayout* layout = page->layout(); layout && layout->hasHeightForWidth())
      least.setHeight(std::max(least.height(), layout->totalMinimumHeightForWidth(width())));
    return least;
  }
  bool hasHeightForWidth() const override { return false; }
};

}  // namespace retake::gui
