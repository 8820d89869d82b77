#pragma once

#include <QAbstractScrollArea>

#include "base/bytes.h"

namespace retake::gui {

// Bytes: offset, hexadecimal, text. Any size; only the rows that are seen are painted. The caret and
// the selection move by keys and mouse as in a text editor.
class HexView : public QAbstractScrollArea {
  Q_OBJECT
 public:
  explicit HexView(QWidget* parent = nullptr);

  void setBytes(const Blob& bytes);
  std::uint64_t size() const { return m_bytes.view.size(); }

  // A range that something else points at (a field of the tree); length 0: none. Scrolls to it.
  void highlight(std::uint64_t offset, std::uint64_t length);
  std::uint64_t highlightOffset() const { return m_markOffset; }
  std::uint64_t highlightLength() const { return m_markLength; }

  std::uint64_t selectionOffset() const;
  std::uint64_t selectionLength() const;  // at least 1 where there are bytes: the caret's own
  void select(std::uint64_t offset, std::uint64_t length);

  // 16 where the width takes it, else 8.
  int bytesPerRow() const { return m_perRow; }
  std::uint64_t rowCount() const;
  // Rows that the last paint drew, for tests: never more than fit the viewport.
  int paintedRows() const { return m_paintedRows; }
  // The byte under a point of the viewport.
  std::uint64_t byteAt(const QPoint& point) const;
  QRect byteRect(std::uint64_t offset) const;

 public slots:
  void copyHex();
  void copyText();

 signals:
  void selectionChanged();
  void failed(const QString& sentence);

 protected:
  void paintEvent(QPaintEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mouseReleaseEvent(QMouseEvent* event) override;
  void contextMenuEvent(QContextMenuEvent* event) override;
  void changeEvent(QEvent* event) override;

 private:
  void layOut();
  void moveCaret(std::uint64_t to, bool select);
  void showByte(std::uint64_t offset);
  int visibleRows() const;
  int hexX(int column) const;
  int textX(int column) const;
  void paintRow(QPainter& painter, std::uint64_t row, int y) const;

  Blob m_bytes;
  std::uint64_t m_caret = 0;
  std::uint64_t m_anchor = 0;
  std::uint64_t m_markOffset = 0;
  std::uint64_t m_markLength = 0;
  int m_perRow = 16;
  int m_charWidth = 8;
  int m_rowHeight = 16;
  int m_digits = 4;  // of the offset
  int m_paintedRows = 0;
};

}  // namespace retake::gui
