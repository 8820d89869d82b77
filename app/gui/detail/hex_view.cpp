#include "detail/hex_view.h"

#include <QAction>
#include <QClipboard>
#include <QGuiApplication>
#include <QKeyEvent>
#include <QMenu>
#include <QPainter>
#include <QScrollBar>
#include <algorithm>

#include "detail/strings.h"
#include "theme/theme.h"

namespace retake::gui {
namespace {

constexpr int kTop = theme::kGrid;  // above the first row

// 4 MB are 12 MB of hexadecimal: more than anybody pastes anywhere.
constexpr std::uint64_t kMostCopied = 4'000'000;

QChar printable(char byte) { return byte >= 0x20 && byte < 0x7f ? QChar(QLatin1Char(byte)) : QChar(u'·'); }

}  // namespace

HexView::HexView(QWidget* parent) : QAbstractScrollArea(parent) {
  setFont(theme::dataFont());
  setFrameShape(QFrame::NoFrame);
  setFocusPolicy(Qt::StrongFocus);
  setAccessibleName(tr("Bytes"));
  viewport()->setCursor(Qt::IBeamCursor);
  layOut();
}

void HexView::setBytes(const Blob& bytes) {
  const bool same = bytes.view.size() == m_bytes.view.size();
  m_bytes = bytes;
  m_markLength = 0;
  if (!same) m_caret = m_anchor = 0;
  layOut();
  if (!same) verticalScrollBar()->setValue(0);
  setAccessibleDescription(counted(size(), "byte", "bytes"));
  emit selectionChanged();
}

void HexView::highlight(std::uint64_t offset, std::uint64_t length) {
  m_markOffset = std::min(offset, size());
  m_markLength = std::min(length, size() - m_markOffset);
  if (m_markLength > 0) {
    m_caret = m_anchor = m_markOffset;
    showByte(m_markOffset);
    emit selectionChanged();
  }
  viewport()->update();
}

std::uint64_t HexView::selectionOffset() const { return std::min(m_caret, m_anchor); }

std::uint64_t HexView::selectionLength() const {
  return size() == 0 ? 0 : std::max(m_caret, m_anchor) - selectionOffset() + 1;
}

void HexView::select(std::uint64_t offset, std::uint64_t length) {
  if (size() == 0) return;
  m_anchor = std::min(offset, size() - 1);
  moveCaret(std::min(m_anchor + std::max<std::uint64_t>(length, 1) - 1, size() - 1), true);
}

std::uint64_t HexView::rowCount() const {
  const auto perRow = static_cast<std::uint64_t>(m_perRow);
  return (size() + perRow - 1) / perRow;
}

int HexView::visibleRows() const { return std::max(1, (viewport()->height() - kTop) / m_rowHeight); }

int HexView::hexX(int column) const {
  const int gap = column >= m_perRow / 2 ? m_charWidth : 0;
  return theme::kPaneMargin + (m_digits + 2 + column * 3) * m_charWidth + gap;
}

int HexView::textX(int column) const {
  return theme::kPaneMargin + (m_digits + 2 + m_perRow * 3 + 2 + column) * m_charWidth;
}

void HexView::layOut() {
  m_charWidth = std::max(1, fontMetrics().horizontalAdvance(u'0'));
  m_rowHeight = fontMetrics().height() + theme::kGrid / 2;
  m_digits = 4;
  while (m_digits < 16 && size() >> (4 * m_digits) != 0) m_digits += 2;
  const int width = viewport()->width() - theme::kPaneMargin;
  m_perRow = 16;
  if (textX(16) > width) m_perRow = 8;
  const int needed = textX(m_perRow) + theme::kPaneMargin;
  horizontalScrollBar()->setRange(0, std::max(0, needed - viewport()->width()));
  horizontalScrollBar()->setPageStep(viewport()->width());
  const std::uint64_t hidden = rowCount() > static_cast<std::uint64_t>(visibleRows())
                                   ? rowCount() - static_cast<std::uint64_t>(visibleRows())
                                   : 0;
  verticalScrollBar()->setRange(0, static_cast<int>(std::min<std::uint64_t>(hidden, 1u << 30)));
  verticalScrollBar()->setPageStep(visibleRows());
  verticalScrollBar()->setSingleStep(1);
  viewport()->update();
}

std::uint64_t HexView::byteAt(const QPoint& point) const {
  if (size() == 0) return 0;
  const auto row =
      static_cast<std::uint64_t>(verticalScrollBar()->value() + std::max(0, point.y() - kTop) / m_rowHeight);
  const int x = point.x() + horizontalScrollBar()->value();
  int column = 0;
  if (x >= textX(0) - m_charWidth) {
    column = (x - textX(0)) / m_charWidth;
  } else {
    while (column + 1 < m_perRow && x >= hexX(column + 1) - m_charWidth / 2) ++column;
  }
  const auto at = row * static_cast<std::uint64_t>(m_perRow) +
                  static_cast<std::uint64_t>(std::clamp(column, 0, m_perRow - 1));
  return std::min(at, size() - 1);
}

QRect HexView::byteRect(std::uint64_t offset) const {
  const auto perRow = static_cast<std::uint64_t>(m_perRow);
  const auto row = static_cast<qint64>(offset / perRow) - verticalScrollBar()->value();
  return {hexX(static_cast<int>(offset % perRow)) - horizontalScrollBar()->value(),
          kTop + static_cast<int>(row) * m_rowHeight, 2 * m_charWidth, m_rowHeight};
}

void HexView::paintRow(QPainter& painter, std::uint64_t row, int y) const {
  const std::uint64_t first = row * static_cast<std::uint64_t>(m_perRow);
  const int count =
      static_cast<int>(std::min<std::uint64_t>(size() - first, static_cast<std::uint64_t>(m_perRow)));
  const int baseline = y + fontMetrics().ascent() + theme::kGrid / 4;
  // `inset` lets a mark and a selection on the same bytes both be seen.
  const auto fill = [&](std::uint64_t offset, std::uint64_t length, const QColor& color) {
    const std::uint64_t from = std::max(offset, first);
    const std::uint64_t to = std::min(offset + length, first + static_cast<std::uint64_t>(count));
    if (from >= to) return;
    const int a = static_cast<int>(from - first);
    const int b = static_cast<int>(to - first) - 1;
    painter.fillRect(QRect(hexX(a) - m_charWidth / 2, y, hexX(b) - hexX(a) + 3 * m_charWidth, m_rowHeight),
                     color);
    painter.fillRect(QRect(textX(a), y, textX(b) - textX(a) + m_charWidth, m_rowHeight), color);
  };
  fill(m_markOffset, m_markLength, theme::color(theme::Role::SelectionFill));
  const bool selected = m_caret != m_anchor;
  if (selected) fill(selectionOffset(), selectionLength(), theme::color(theme::Role::Accent));

  painter.setPen(theme::color(theme::Role::TextMuted));
  painter.drawText(theme::kPaneMargin, baseline,
                   QStringLiteral("%1").arg(first, m_digits, 16, QLatin1Char('0')));
  for (int column = 0; column < count; ++column) {
    const std::uint64_t at = first + static_cast<std::uint64_t>(column);
    const char byte = m_bytes.view[at];
    const bool inSelection =
        selected && at - selectionOffset() < selectionLength() && at >= selectionOffset();
    const theme::Role plain = byte == 0 ? theme::Role::TextMuted : theme::Role::Text;
    painter.setPen(theme::color(inSelection ? theme::Role::AccentText : plain));
    static constexpr char kDigits[] = "0123456789abcdef";
    const auto value = static_cast<unsigned char>(byte);
    const QChar pair[2] = {QLatin1Char(kDigits[value >> 4]), QLatin1Char(kDigits[value & 15])};
    painter.drawText(hexX(column), baseline, QString(pair, 2));
    const QChar shown = printable(byte);
    if (shown == u'·' && !inSelection) painter.setPen(theme::color(theme::Role::TextMuted));
    painter.drawText(textX(column), baseline, QString(shown));
  }
  if (hasFocus() && m_caret >= first && m_caret - first < static_cast<std::uint64_t>(count)) {
    const int column = static_cast<int>(m_caret - first);
    painter.setPen(theme::color(selected ? theme::Role::Text : theme::Role::Accent));
    painter.drawRect(QRect(hexX(column) - 2, y, 2 * m_charWidth + 3, m_rowHeight - 1));
    painter.drawRect(QRect(textX(column) - 1, y, m_charWidth + 1, m_rowHeight - 1));
  }
}

void HexView::paintEvent(QPaintEvent* event) {
  QPainter painter(viewport());
  painter.fillRect(event->rect(), theme::color(theme::Role::Surface));
  painter.setFont(font());
  m_paintedRows = 0;
  if (size() == 0) {
    painter.setPen(theme::color(theme::Role::TextMuted));
    painter.drawText(viewport()->rect(), Qt::AlignCenter, tr("No bytes: an empty message"));
    return;
  }
  painter.translate(-horizontalScrollBar()->value(), 0);
  const auto firstRow = static_cast<std::uint64_t>(verticalScrollBar()->value());
  for (int y = kTop; y < viewport()->height(); y += m_rowHeight) {
    const std::uint64_t row = firstRow + static_cast<std::uint64_t>((y - kTop) / m_rowHeight);
    if (row >= rowCount()) break;
    if (y + m_rowHeight < event->rect().top() || y > event->rect().bottom()) continue;
    paintRow(painter, row, y);
    ++m_paintedRows;
  }
}

void HexView::resizeEvent(QResizeEvent* event) {
  const auto top =
      static_cast<std::uint64_t>(verticalScrollBar()->value()) * static_cast<std::uint64_t>(m_perRow);
  QAbstractScrollArea::resizeEvent(event);
  layOut();
  verticalScrollBar()->setValue(static_cast<int>(top / static_cast<std::uint64_t>(m_perRow)));
}

void HexView::changeEvent(QEvent* event) {
  QAbstractScrollArea::changeEvent(event);
  if (event->type() == QEvent::FontChange) layOut();
}

void HexView::showByte(std::uint64_t offset) {
  const auto row = static_cast<qint64>(offset / static_cast<std::uint64_t>(m_perRow));
  const int top = verticalScrollBar()->value();
  if (row < top)
    verticalScrollBar()->setValue(static_cast<int>(row));
  else if (row >= top + visibleRows())
    verticalScrollBar()->setValue(static_cast<int>(row - visibleRows() + 1));
}

void HexView::moveCaret(std::uint64_t to, bool select) {
  if (size() == 0) return;
  m_caret = std::min(to, size() - 1);
  if (!select) m_anchor = m_caret;
  showByte(m_caret);
  viewport()->update();
  emit selectionChanged();
}

void HexView::keyPressEvent(QKeyEvent* event) {
  if (event->matches(QKeySequence::Copy)) return copyHex();
  if (event->matches(QKeySequence::SelectAll)) return select(0, size());
  const bool extend = event->modifiers() & Qt::ShiftModifier;
  const bool far = event->modifiers() & Qt::ControlModifier;
  const auto perRow = static_cast<std::uint64_t>(m_perRow);
  const std::uint64_t page = perRow * static_cast<std::uint64_t>(visibleRows());
  const auto back = [&](std::uint64_t by) { return m_caret >= by ? m_caret - by : m_caret % perRow; };
  const auto on = [&](std::uint64_t by) { return m_caret + by < size() ? m_caret + by : m_caret; };
  switch (event->key()) {
    case Qt::Key_Left:
      return moveCaret(m_caret > 0 ? m_caret - 1 : 0, extend);
    case Qt::Key_Right:
      return moveCaret(on(1), extend);
    case Qt::Key_Up:
      return moveCaret(back(perRow), extend);
    case Qt::Key_Down:
      return moveCaret(on(perRow), extend);
    case Qt::Key_PageUp:
      return moveCaret(back(page), extend);
    case Qt::Key_PageDown:
      return moveCaret(m_caret + page < size() ? m_caret + page : (size() == 0 ? 0 : size() - 1), extend);
    case Qt::Key_Home:
      return moveCaret(far ? 0 : m_caret - m_caret % perRow, extend);
    case Qt::Key_End:
      return moveCaret(far ? size() : m_caret - m_caret % perRow + perRow - 1, extend);
    default:
      QAbstractScrollArea::keyPressEvent(event);
  }
}

void HexView::mousePressEvent(QMouseEvent* event) {
  if (event->button() == Qt::LeftButton)
    moveCaret(byteAt(event->pos()), event->modifiers() & Qt::ShiftModifier);
}

void HexView::mouseMoveEvent(QMouseEvent* event) {
  if (event->buttons() & Qt::LeftButton) moveCaret(byteAt(event->pos()), true);
}

void HexView::mouseReleaseEvent(QMouseEvent* event) { event->accept(); }

void HexView::contextMenuEvent(QContextMenuEvent* event) {
  auto* menu = new QMenu(this);
  menu->setAttribute(Qt::WA_DeleteOnClose);
  menu->addAction(tr("Copy as hexadecimal"), QKeySequence::Copy, this, &HexView::copyHex);
  menu->addAction(tr("Copy as text"), this, &HexView::copyText);
  menu->addSeparator();
  menu->addAction(tr("Select all"), QKeySequence::SelectAll, this, [this] { select(0, size()); });
  menu->popup(event->reason() == QContextMenuEvent::Keyboard
                  ? viewport()->mapToGlobal(byteRect(m_caret).center())
                  : event->globalPos());
}

void HexView::copyHex() {
  if (size() == 0) return;
  if (selectionLength() > kMostCopied) {
    emit failed(tr("Copying bytes: expected at most %1, %2 are selected.")
                    .arg(sizeText(kMostCopied), sizeText(selectionLength())));
    return;
  }
  const ByteView chosen = m_bytes.view.substr(selectionOffset(), selectionLength());
  const QByteArray bytes(chosen.data(), static_cast<qsizetype>(chosen.size()));
  QGuiApplication::clipboard()->setText(QString::fromLatin1(bytes.toHex(' ')));
}

void HexView::copyText() {
  if (size() == 0) return;
  if (selectionLength() > kMostCopied) return copyHex();
  QGuiApplication::clipboard()->setText(toQString(m_bytes.view.substr(selectionOffset(), selectionLength())));
}

}  // namespace retake::gui
