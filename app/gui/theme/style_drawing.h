#pragma once

#include <QColor>
#include <QRect>

class QPainter;
class QStyle;
class QStyleOption;
class QStyleOptionComboBox;
class QStyleOptionMenuItem;
class QStyleOptionProgressBar;
class QStyleOptionSlider;
class QStyleOptionSpinBox;
class QStyleOptionTab;

// The parts that Style draws, one function each.
namespace retake::gui::theme {

// A line of one pixel along the lower edge.
void hairlineBelow(QPainter* painter, const QRect& rect);
void roundedBox(QPainter* painter, const QRect& rect, const QColor& fill, const QColor& line,
                qreal width = 1);
void drawButton(const QStyleOption* option, QPainter* painter);
// The line around what is pressed or typed into.
QColor outlineColor(const QStyleOption& control);
void drawComboBox(const QStyleOptionComboBox& box, const QRect& arrow, QPainter* painter);
void drawSpinBox(const QStyleOptionSpinBox& box, const QRect& up, const QRect& down, QPainter* painter);
void drawCheckBox(const QStyleOption& box, QPainter* painter);
void drawRadioButton(const QStyleOption& button, QPainter* painter);
void drawTab(const QStyleOptionTab& tab, QPainter* painter);
void drawHeaderSection(const QStyleOption* option, QPainter* painter);
void drawMenuBarItem(const QStyleOptionMenuItem& item, QPainter* painter, const QStyle& style);
// How far it is; all of it, paler, as long as nobody knows.
void drawProgress(const QStyleOptionProgressBar& bar, QPainter* painter);
// A bar that can be hit and does not shout: no arrows, the handle wider under the mouse. `ground` is what
// lies beside it.
void drawScrollBar(const QStyleOptionSlider& bar, const QRect& handle, const QColor& ground,
                   QPainter* painter);
// Where its handle lies.
QRect scrollBarHandle(const QStyleOptionSlider& bar);

}  // namespace retake::gui::theme
