#include "filter/filter_reading.h"

#include <QPainter>
#include <QPolygon>

#include "document/text.h"
#include "filter/filter_edit.h"
#include "theme/theme.h"

namespace retake::gui {

FilterReading::FilterReading(const FilterEdit& edit, QWidget* parent) : QWidget(parent), m_edit(edit) {
  setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
  hide();
}

void FilterReading::showWords(const QString& words, const QString& besides) {
  update(words.isEmpty() ? QString() : tr("reads as: %1").arg(words), besides, std::nullopt);
}

void FilterReading::showError(const Error& error, const QString& besides) {
  // The bar says that it is a filter.
  QString sentence = QString::fromStdString(error.message);
  if (sentence.startsWith(QLatin1String("filter: "))) sentence.remove(0, 8);
  update(QStringLiteral("✗ ") + sentence, besides, error.offset.value_or(0));
}

QString FilterReading::text() const {
  return m_besides.isEmpty() ? m_said : m_said + QStringLiteral("  ·  ") + m_besides;
}

void FilterReading::update(const QString& said, const QString& besides, std::optional<std::uint64_t> caret) {
  m_said = said;
  m_besides = besides;
  m_caret = caret;
  setToolTip(text());
  setAccessibleName(text());
  setVisible(!said.isEmpty());
  QWidget::update();
}

QSize FilterReading::sizeHint() const { return {0, fontMetrics().height() + theme::kGroupGap}; }

void FilterReading::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.fillRect(rect(), theme::color(theme::Role::Raised));
  painter.setPen(theme::color(theme::Role::Hairline));
  painter.drawLine(0, height() - 1, width(), height() - 1);
  const QRect line = rect().adjusted(theme::kPaneMargin, 0, -theme::kPaneMargin, 0);
  int right = line.right();
  if (m_caret) {
    const int x = mapFromGlobal(m_edit.mapToGlobal(QPoint(m_edit.xOfByte(*m_caret), 0))).x();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme::color(theme::Role::Error));
    painter.drawPolygon(QPolygon(
        {{x, 1}, {x - theme::kGrid, 1 + theme::kGrid + 2}, {x + theme::kGrid, 1 + theme::kGrid + 2}}));
    // The sentence stands where the caret does not.
    if (x > width() / 2) right = std::min(right, x - 2 * theme::kGroupGap);
  }
  painter.setPen(theme::color(m_caret ? theme::Role::Error : theme::Role::Text));
  QRect left(line.left(), 0, right - line.left(), height());
  const QString said = fontMetrics().elidedText(m_said, Qt::ElideRight, left.width());
  painter.drawText(left, Qt::AlignLeft | Qt::AlignVCenter, said);
  if (m_besides.isEmpty()) return;
  left.setLeft(left.left() + fontMetrics().horizontalAdvance(said) + 2 * theme::kGroupGap);
  painter.setPen(theme::color(theme::Role::TextMuted));
  painter.drawText(left, Qt::AlignLeft | Qt::AlignVCenter,
                   fontMetrics().elidedText(m_besides, Qt::ElideRight, left.width()));
}

}  // namespace retake::gui
