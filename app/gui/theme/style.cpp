#include "theme/style.h"

#include <QAbstractItemView>
#include <QPainter>
#include <QStyleFactory>
#include <QStyleOption>

#include "theme/style_drawing.h"
#include "theme/theme.h"

namespace retake::gui::theme {
namespace {

// What a scroll bar scrolls.
QColor groundBeside(const QStyleOption& bar, const QWidget* widget) {
  for (; widget; widget = widget->parentWidget())
    if (const auto* area = qobject_cast<const QAbstractScrollArea*>(widget))
      return area->viewport()->palette().color(area->viewport()->backgroundRole());
  return bar.palette.color(QPalette::Base);
}

}  // namespace

Style::Style() : QProxyStyle(QStyleFactory::create(QStringLiteral("Fusion"))) {}

void Style::polish(QWidget* widget) {
  QProxyStyle::polish(widget);
  if (auto* view = qobject_cast<QAbstractItemView*>(widget)) {
    view->viewport()->setAttribute(Qt::WA_Hover);
    if (!view->inherits("QComboBoxListView")) view->setFrameShape(QFrame::NoFrame);
  }
}

void Style::drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter,
                          const QWidget* widget) const {
  switch (element) {
    case PE_PanelButtonCommand:
      drawButton(option, painter);
      return;
    case PE_IndicatorCheckBox:
      drawCheckBox(*option, painter);
      return;
    case PE_IndicatorRadioButton:
      drawRadioButton(*option, painter);
      return;
    case PE_PanelButtonTool: {
      const bool active = option->state & (State_Sunken | State_On);
      if (active || (option->state & State_MouseOver && option->state & State_Enabled))
        roundedBox(painter, option->rect, color(active ? Role::SelectionFill : Role::Hover), Qt::transparent);
      if (option->state & State_HasFocus && option->state & State_KeyboardFocusChange)
        roundedBox(painter, option->rect, Qt::transparent, color(Role::Accent));
      return;
    }
    case PE_PanelLineEdit:
      if (const auto* frame = qstyleoption_cast<const QStyleOptionFrame*>(option)) {
        if (frame->lineWidth <= 0) {
          painter->fillRect(option->rect, option->palette.brush(QPalette::Base));
          return;
        }
        roundedBox(painter, option->rect, option->palette.color(QPalette::Base), outlineColor(*option),
                   option->state & State_HasFocus ? 2 : 1);
        return;
      }
      break;
    case PE_IndicatorButtonDropDown:  // an arrow of its own comes on it
      if (option->state & State_MouseOver && option->state & State_Enabled)
        roundedBox(painter, option->rect, color(Role::Hover), Qt::transparent);
      return;
    case PE_FrameLineEdit:
      return;  // drawn with its panel
    case PE_PanelScrollAreaCorner:
      painter->fillRect(option->rect, groundBeside(*option, widget));
      return;
    case PE_PanelMenu:
      painter->fillRect(option->rect, color(Role::Surface));
      return;
    case PE_FrameMenu: {
      painter->save();
      painter->setPen(color(Role::Hairline));
      painter->drawRect(option->rect.adjusted(0, 0, -1, -1));
      painter->restore();
      return;
    }
    case PE_FrameFocusRect:
      roundedBox(painter, option->rect, Qt::transparent, color(Role::Accent));
      return;
    case PE_FrameDefaultButton:
    case PE_FrameStatusBarItem:
    case PE_PanelStatusBar:
    case PE_FrameDockWidget:
      return;
    case PE_FrameTabBarBase:
      if (const auto* base = qstyleoption_cast<const QStyleOptionTabBarBase*>(option)) {
        QRect r = base->rect;
        const bool south = base->shape == QTabBar::RoundedSouth || base->shape == QTabBar::TriangularSouth;
        painter->fillRect(QRect(r.left(), south ? r.top() : r.bottom(), r.width(), 1), color(Role::Hairline));
      }
      return;
    case PE_FrameTabWidget:
      painter->fillRect(QRect(option->rect.left(), option->rect.top(), option->rect.width(), 1),
                        color(Role::Hairline));
      return;
    case PE_IndicatorDockWidgetResizeHandle: {
      const QRect& r = option->rect;
      const bool flat = option->state & State_Horizontal;
      painter->fillRect(flat ? QRect(r.left(), r.center().y(), r.width(), 1)
                             : QRect(r.center().x(), r.top(), 1, r.height()),
                        color(option->state & State_MouseOver ? Role::Accent : Role::Hairline));
      return;
    }
    case PE_IndicatorToolBarSeparator: {
      const QRect& r = option->rect;
      if (option->state & State_Horizontal)
        painter->fillRect(QRect(r.center().x(), r.top() + 6, 1, r.height() - 12), color(Role::Hairline));
      else
        painter->fillRect(QRect(r.left() + 6, r.center().y(), r.width() - 12, 1), color(Role::Hairline));
      return;
    }
    default:
      break;
  }
  QProxyStyle::drawPrimitive(element, option, painter, widget);
}

void Style::drawControl(ControlElement element, const QStyleOption* option, QPainter* painter,
                        const QWidget* widget) const {
  switch (element) {
    case CE_ToolBar:
      painter->fillRect(option->rect, color(Role::Raised));
      hairlineBelow(painter, option->rect);
      return;
    case CE_MenuBarEmptyArea:
      painter->fillRect(option->rect, color(Role::Raised));
      return;
    case CE_MenuBarItem:
      if (const auto* item = qstyleoption_cast<const QStyleOptionMenuItem*>(option)) {
        drawMenuBarItem(*item, painter, *this);
        return;
      }
      break;
    case CE_TabBarTabShape:
      if (const auto* tab = qstyleoption_cast<const QStyleOptionTab*>(option)) {
        drawTab(*tab, painter);
        return;
      }
      break;
    case CE_ProgressBarGroove:
      roundedBox(painter, option->rect, color(Role::Hover), color(Role::Hairline));
      return;
    case CE_ProgressBarContents:
      if (const auto* bar = qstyleoption_cast<const QStyleOptionProgressBar*>(option)) {
        drawProgress(*bar, painter);
        return;
      }
      break;
    case CE_HeaderSection:
      drawHeaderSection(option, painter);
      return;
    case CE_HeaderEmptyArea:
      painter->fillRect(option->rect, color(Role::Raised));
      hairlineBelow(painter, option->rect);
      return;
    case CE_ShapedFrame:
      // Around text or rows; a popup has a line of its own.
      if (const auto* frame = qstyleoption_cast<const QStyleOptionFrame*>(option);
          frame && frame->frameShape == QFrame::StyledPanel &&
          qobject_cast<const QAbstractScrollArea*>(widget)) {
        painter->save();
        painter->setPen(outlineColor(*frame));
        painter->drawRect(frame->rect.adjusted(0, 0, -1, -1));
        painter->restore();
        return;
      }
      break;
    case CE_Splitter:
      painter->fillRect(option->rect, color(Role::Hairline));
      return;
    case CE_PushButtonLabel:
      if (const auto* button = qstyleoption_cast<const QStyleOptionButton*>(option);
          button && button->features & QStyleOptionButton::DefaultButton && button->state & State_Enabled) {
        QStyleOptionButton label(*button);
        label.palette.setColor(QPalette::ButtonText, color(Role::AccentText));
        if (!label.icon.isNull())
          label.icon =
              label.icon.pixmap(label.iconSize, painter->device()->devicePixelRatioF(), QIcon::Selected);
        QProxyStyle::drawControl(element, &label, painter, widget);
        return;
      }
      break;
    default:
      break;
  }
  QProxyStyle::drawControl(element, option, painter, widget);
}

void Style::drawComplexControl(ComplexControl control, const QStyleOptionComplex* option, QPainter* painter,
                               const QWidget* widget) const {
  if (control == CC_ScrollBar)
    if (const auto* bar = qstyleoption_cast<const QStyleOptionSlider*>(option)) {
      drawScrollBar(*bar, scrollBarHandle(*bar), groundBeside(*bar, widget), painter);
      return;
    }
  const auto part = [&](SubControl which) { return subControlRect(control, option, which, widget); };
  if (control == CC_ComboBox)
    if (const auto* box = qstyleoption_cast<const QStyleOptionComboBox*>(option)) {
      drawComboBox(*box, part(SC_ComboBoxArrow), painter);
      return;
    }
  if (control == CC_SpinBox)
    if (const auto* box = qstyleoption_cast<const QStyleOptionSpinBox*>(option)) {
      drawSpinBox(*box, part(SC_SpinBoxUp), part(SC_SpinBoxDown), painter);
      return;
    }
  QProxyStyle::drawComplexControl(control, option, painter, widget);
}

QRect Style::subControlRect(ComplexControl control, const QStyleOptionComplex* option, SubControl part,
                            const QWidget* widget) const {
  const auto* bar = qstyleoption_cast<const QStyleOptionSlider*>(option);
  if (control != CC_ScrollBar || !bar) return QProxyStyle::subControlRect(control, option, part, widget);
  const QRect handle = scrollBarHandle(*bar);
  const bool horizontal = bar->orientation == Qt::Horizontal;
  const QRect& all = bar->rect;
  switch (part) {
    case SC_ScrollBarGroove:
      return all;
    case SC_ScrollBarSlider:
      return visualRect(bar->direction, all, handle);
    case SC_ScrollBarSubPage:
      return visualRect(bar->direction, all,
                        horizontal ? QRect(all.topLeft(), QPoint(handle.left() - 1, all.bottom()))
                                   : QRect(all.topLeft(), QPoint(all.right(), handle.top() - 1)));
    case SC_ScrollBarAddPage:
      return visualRect(bar->direction, all,
                        horizontal ? QRect(QPoint(handle.right() + 1, all.top()), all.bottomRight())
                                   : QRect(QPoint(all.left(), handle.bottom() + 1), all.bottomRight()));
    default:
      return {};  // no arrows
  }
}

QRect Style::subElementRect(SubElement element, const QStyleOption* option, const QWidget* widget) const {
  const QRect rect = QProxyStyle::subElementRect(element, option, widget);
  return element == SE_LineEditContents ? rect.adjusted(kGrid, 0, -kGrid, 0) : rect;
}

QSize Style::sizeFromContents(ContentsType type, const QStyleOption* option, const QSize& contents,
                              const QWidget* widget) const {
  const QSize size = QProxyStyle::sizeFromContents(type, option, contents, widget);
  // A line of text and 12 pixels: what is pressed is taller than what is read.
  const auto atLeast = [&](int extra) {
    return QSize(size.width() + extra, std::max(size.height(), option->fontMetrics.height() + 12));
  };
  switch (type) {
    case CT_PushButton:
      return atLeast(8);
    case CT_LineEdit:
    case CT_ComboBox:
    case CT_SpinBox:
      return atLeast(0);
    case CT_MenuBarItem:
      return {size.width() + 4, size.height() + 4};
    case CT_MenuItem:
      return size.height() > 12 ? QSize(size.width() + 8, size.height() + 2) : size;
    default:
      return size;
  }
}

int Style::pixelMetric(PixelMetric metric, const QStyleOption* option, const QWidget* widget) const {
  switch (metric) {
    case PM_SplitterWidth:
      return 1;  // QSplitter lets five be grabbed
    case PM_DockWidgetSeparatorExtent:
      return 5;  // one pixel is drawn
    case PM_MenuPanelWidth:
      return 1;
    case PM_DockWidgetFrameWidth:
    case PM_ToolBarFrameWidth:
    case PM_TabBarBaseOverlap:
    case PM_TabBarTabShiftVertical:
      return 0;
    case PM_TabBarTabHSpace:
      return 24;
    case PM_TabBarTabVSpace:
      return 10;
    case PM_ToolBarItemSpacing:
      return kGrid;
    case PM_ToolBarItemMargin:
      return kGrid;
    case PM_ScrollBarExtent:
      return 12;
    case PM_ListViewIconSize:
    case PM_ToolBarIconSize:
    case PM_SmallIconSize:
    case PM_ButtonIconSize:
      return 16;
    default:
      return QProxyStyle::pixelMetric(metric, option, widget);
  }
}

QIcon Style::standardIcon(StandardPixmap which, const QStyleOption* option, const QWidget* widget) const {
  const qreal ratio = widget ? widget->devicePixelRatioF() : 1;
  const auto large = [ratio](const char* name, Role role) {
    return QIcon(pixmap(QLatin1String(name), role, 32, ratio));
  };
  switch (which) {
    case SP_MessageBoxWarning:
      return large("warning", Role::Warning);
    case SP_MessageBoxCritical:
      return large("error", Role::Error);
    case SP_MessageBoxInformation:
      return large("info", Role::Accent);
    case SP_MessageBoxQuestion:
      return large("help", Role::Accent);
    case SP_LineEditClearButton:
      return icon(QStringLiteral("close"));
    default:
      return QProxyStyle::standardIcon(which, option, widget);
  }
}

int Style::styleHint(StyleHint hint, const QStyleOption* option, const QWidget* widget,
                     QStyleHintReturn* returnData) const {
  switch (hint) {
    case SH_ItemView_ShowDecorationSelected:
      return 1;
    case SH_EtchDisabledText:
    case SH_UnderlineShortcut:
      return hint == SH_UnderlineShortcut ? 1 : 0;
    case SH_DialogButtonBox_ButtonsHaveIcons:
      return 0;
    case SH_TabBar_ElideMode:
      return Qt::ElideNone;
    default:
      return QProxyStyle::styleHint(hint, option, widget, returnData);
  }
}

}  // namespace retake::gui::theme
