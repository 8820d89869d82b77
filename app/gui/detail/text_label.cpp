#include "detail/text_label.h"

#include <QFontMetrics>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

namespace retake::gui {

TextLabel::TextLabel(theme::Role role, QWidget* parent) : QWidget(parent), m_role(role) {
  setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
}

void TextLabel::setText(const QString& text) {
  if (text == m_text) return;
  m_text = text;
  setAccessibleName(text);
  if (m_wrap) claimHeight();
  updateGeometry();
  update();
}

void TextLabel::setRole(theme::Role role) {
  m_role = role;
  update();
}

void TextLabel::setBold(bool bold) {
  QFont f = font();
  f.setBold(bold);
  setFont(f);
}

void TextLabel::setElide(Qt::TextElideMode mode) {
  m_elide = mode;
  update();
}

void TextLabel::setWrap(bool wrap) {
  m_wrap = wrap;
  QSizePolicy policy(QSizePolicy::Preferred, wrap ? QSizePolicy::Minimum : QSizePolicy::Fixed);
  policy.setHeightForWidth(wrap);
  setSizePolicy(policy);
  updateGeometry();
}

void TextLabel::setAlignment(Qt::Alignment alignment) {
  m_alignment = alignment;
  update();
}

void TextLabel::setClickable(bool clickable) {
  m_clickable = clickable;
  setFocusPolicy(clickable ? Qt::TabFocus : Qt::NoFocus);
  if (clickable)
    setCursor(Qt::PointingHandCursor);
  else
    unsetCursor();
}

int TextLabel::flags() const {
  return static_cast<int>(m_alignment) | (m_wrap ? Qt::TextWordWrap : Qt::TextSingleLine);
}

QSize TextLabel::sizeHint() const {
  const QFontMetrics metrics = fontMetrics();
  if (m_wrap) {
    // 60 characters is a line one likes to read.
    const int width = std::min(metrics.horizontalAdvance(m_text) + 1, metrics.averageCharWidth() * 60);
    return {width, heightForWidth(width)};
  }
  return {metrics.horizontalAdvance(m_text) + 1, metrics.height()};
}

QSize TextLabel::minimumSizeHint() const {
  const QFontMetrics metrics = fontMetrics();
  const int least = m_elide == Qt::ElideNone && !m_wrap
                        ? metrics.horizontalAdvance(m_text) + 1
                        : std::min(metrics.horizontalAdvance(m_text) + 1, metrics.averageCharWidth() * 4);
  return {least, metrics.height()};
}

int TextLabel::heightForWidth(int width) const {
  if (!m_wrap) return fontMetrics().height();
  return fontMetrics().boundingRect(QRect(0, 0, std::max(1, width), 1 << 20), flags(), m_text).height();
}

// A splitter or a stack of pages asks nobody for the height at a width: they would squeeze what is wrapped.
void TextLabel::claimHeight() { setMinimumHeight(m_wrap && isVisible() ? heightForWidth(width()) : 0); }

void TextLabel::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  if (m_wrap) claimHeight();
}

void TextLabel::showEvent(QShowEvent* event) {
  QWidget::showEvent(event);
  if (m_wrap) claimHeight();
}

// On a page that is not shown it claims nothing.
void TextLabel::hideEvent(QHideEvent* event) {
  QWidget::hideEvent(event);
  if (m_wrap) claimHeight();
}

void TextLabel::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setPen(theme::color(isEnabled() ? m_role : theme::Role::TextDisabled));
  const QString shown = m_wrap ? m_text : fontMetrics().elidedText(m_text, m_elide, width());
  painter.drawText(rect(), flags(), shown);
  if (m_clickable && hasFocus()) {
    painter.setPen(theme::color(theme::Role::Accent));
    painter.drawRect(rect().adjusted(0, 0, -1, -1));
  }
}

void TextLabel::mouseReleaseEvent(QMouseEvent* event) {
  if (m_clickable && event->button() == Qt::LeftButton && rect().contains(event->pos())) emit clicked();
}

void TextLabel::keyPressEvent(QKeyEvent* event) {
  if (m_clickable &&
      (event->key() == Qt::Key_Space || event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)) {
    emit clicked();
    return;
  }
  QWidget::keyPressEvent(event);
}

bool TextLabel::event(QEvent* event) {
  if (event->type() == QEvent::ToolTip && toolTip().isEmpty() && !m_wrap &&
      fontMetrics().horizontalAdvance(m_text) > width()) {
    const auto* help = static_cast<QHelpEvent*>(event);
    QToolTip::showText(help->globalPos(), QStringLiteral("<span>%1</span>").arg(m_text.toHtmlEscaped()),
                       this);
    return true;
  }
  return QWidget::event(event);
}

}  // namespace retake::gui
