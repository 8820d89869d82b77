#pragma once

#include <QDockWidget>
#include <QLayout>
#include <QScrollArea>
#include <QSplitter>
#include <QStringList>

namespace retake::test {

inline QString nameOf(const QWidget& widget) {
  const QString name = widget.objectName().isEmpty() ? widget.accessibleName() : widget.objectName();
  return QStringLiteral("%1 \"%2\"").arg(QLatin1String(widget.metaObject()->className()), name.left(40));
}

// What a widget needs in its layout, at the width that it has.
inline QSize needOf(const QWidget& widget) {
  QSize need = widget.minimumSizeHint();
  const QSizePolicy policy = widget.sizePolicy();
  if (policy.horizontalPolicy() == QSizePolicy::Ignored) need.setWidth(0);
  if (policy.verticalPolicy() == QSizePolicy::Ignored) need.setHeight(0);
  if (widget.hasHeightForWidth() && !widget.layout())
    need.setHeight(std::max(need.height(), widget.heightForWidth(widget.width())));
  // What scrolls by itself may say that less is enough.
  if (qobject_cast<const QAbstractScrollArea*>(&widget) && widget.minimumHeight() > 0)
    need.setHeight(widget.minimumHeight());
  return need.expandedTo(widget.minimumSize()).boundedTo(widget.maximumSize());
}

inline bool isLaidOut(const QLayout* layout, const QWidget& widget) {
  if (!layout) return false;
  for (int i = 0; i < layout->count(); ++i) {
    const QLayoutItem* item = layout->itemAt(i);
    if (item->widget() == &widget || isLaidOut(const_cast<QLayoutItem*>(item)->layout(), widget)) return true;
  }
  return false;
}

// Each widget in there, as far as layouts and splitters place it, that has less room than it needs, leaves
// its parent, or lies on another one. What scrolls may be larger than what shows it.
inline QStringList squeezedIn(const QWidget& parent) {
  QStringList found;
  const bool splits = qobject_cast<const QSplitter*>(&parent) != nullptr;
  QList<const QWidget*> shown;
  for (const auto* widget : parent.findChildren<const QWidget*>(Qt::FindDirectChildrenOnly)) {
    if (widget->isWindow() || !widget->isVisible() || widget->inherits("QSplitterHandle")) continue;
    // A dock behind another one lies outside of the window.
    if (qobject_cast<const QDockWidget*>(widget) && widget->visibleRegion().isEmpty()) continue;
    if (splits || isLaidOut(parent.layout(), *widget)) {
      const QRect r = widget->geometry();
      const QSize need = needOf(*widget);
      const auto say = [&](const QString& what) { found << nameOf(*widget) + u' ' + what; };
      if (r.width() < need.width() || r.height() < need.height())
        say(QStringLiteral("has %1 x %2, needs %3 x %4")
                .arg(QString::number(r.width()), QString::number(r.height()), QString::number(need.width()),
                     QString::number(need.height())));
      if (!parent.rect().contains(r)) say(QStringLiteral("leaves %1").arg(nameOf(parent)));
      for (const QWidget* other : shown)
        if (other->geometry().intersects(r)) say(QStringLiteral("lies on %1").arg(nameOf(*other)));
      shown << widget;
    }
    if (const auto* scrolled = qobject_cast<const QScrollArea*>(widget)) {
      const QWidget* inner = scrolled->widget();
      const QSize need = needOf(*inner);
      if (inner->width() < need.width() || inner->height() < need.height())
        found << QStringLiteral("%1 scrolls at %2 x %3")
                     .arg(nameOf(*inner))
                     .arg(inner->width())
                     .arg(inner->height());
      found << squeezedIn(*inner);
    } else if (!qobject_cast<const QAbstractScrollArea*>(widget)) {
      found << squeezedIn(*widget);
    }
  }
  return found;
}

}  // namespace retake::test
