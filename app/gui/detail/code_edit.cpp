#include "detail/code_edit.h"

#include <QPainter>
#include <QScrollBar>
#include <QTextBlock>

#include "detail/highlighter.h"
#include "theme/theme.h"

namespace retake::gui {
namespace {

// 128 kB of JSON fill, lay out and colour in about 30 ms.
constexpr qsizetype kSlice = 128 * 1024;

class Gutter : public QWidget {
 public:
  explicit Gutter(CodeEdit& edit) : QWidget(&edit), m_edit(edit) {}
  QSize sizeHint() const override { return {m_edit.gutterWidth(), 0}; }

 protected:
  void paintEvent(QPaintEvent* event) override { m_edit.paintGutter(event, this); }

 private:
  CodeEdit& m_edit;
};

}  // namespace

CodeEdit::CodeEdit(QWidget* parent)
    : QPlainTextEdit(parent),
      m_gutter(new Gutter(*this)),
      m_highlighter(new Highlighter(scanJsonLine, document())) {
  setFont(theme::dataFont());
  setLineWrapMode(QPlainTextEdit::NoWrap);
  setFrameShape(QFrame::NoFrame);
  document()->setDocumentMargin(theme::kGrid);
  m_fillTimer.setInterval(0);
  connect(&m_fillTimer, &QTimer::timeout, this, &CodeEdit::fillSlice);
  connect(this, &QPlainTextEdit::blockCountChanged, this,
          [this] { setViewportMargins(gutterWidth(), 0, 0, 0); });
  connect(this, &QPlainTextEdit::updateRequest, this, [this](const QRect& rect, int dy) {
    if (dy != 0)
      m_gutter->scroll(0, dy);
    else
      m_gutter->update(0, rect.y(), m_gutter->width(), rect.height());
  });
  setViewportMargins(gutterWidth(), 0, 0, 0);
}

void CodeEdit::fill(const QString& text) {
  m_fillTimer.stop();
  markError(std::nullopt);
  m_filling = true;
  if (text.size() <= kSlice) {
    m_pending.clear();
    setPlainText(text);
    finishFilling();
    return;
  }
  document()->setUndoRedoEnabled(false);
  QPlainTextEdit::setReadOnly(true);
  clear();
  m_pending = text;
  m_pendingAt = 0;
  fillSlice();
  if (m_filling) m_fillTimer.start();
}

void CodeEdit::fillSlice() {
  qsizetype end = std::min(m_pendingAt + kSlice, m_pending.size());
  if (end < m_pending.size()) {
    // Whole lines, so that no line is laid out twice.
    const qsizetype lineEnd = m_pending.lastIndexOf(u'\n', end - 1);
    if (lineEnd > m_pendingAt) end = lineEnd + 1;
  }
  QTextCursor cursor(document());
  cursor.movePosition(QTextCursor::End);
  cursor.insertText(m_pending.sliced(m_pendingAt, end - m_pendingAt));
  m_pendingAt = end;
  if (m_pendingAt < m_pending.size()) return;
  m_fillTimer.stop();
  m_pending.clear();
  document()->setUndoRedoEnabled(true);
  finishFilling();
}

void CodeEdit::finishFilling() {
  m_filling = false;
  document()->setModified(false);
  QPlainTextEdit::setReadOnly(!m_editable);
  emit filled();
}

void CodeEdit::setEditable(bool editable) {
  m_editable = editable;
  QPlainTextEdit::setReadOnly(!editable || m_filling);
  // Where nothing can be typed, Tab moves on.
  setTabChangesFocus(!editable);
  // The caret can be moved by keys even so, to read and to copy.
  if (isReadOnly()) setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
}

int CodeEdit::positionOf(const Place& place) const {
  const QTextBlock block = document()->findBlockByNumber(std::max(0, place.line - 1));
  if (!block.isValid()) return document()->characterCount() - 1;
  const QString text = block.text();
  qsizetype at = 0;
  for (int column = 1; column < place.column && at < text.size(); ++column)
    at += text[at].isHighSurrogate() && at + 1 < text.size() ? 2 : 1;
  return block.position() + static_cast<int>(at);
}

void CodeEdit::markError(const std::optional<Place>& place) {
  m_error = place;
  QList<QTextEdit::ExtraSelection> marks;
  if (place) {
    QTextEdit::ExtraSelection mark;
    QTextCursor cursor(document());
    const int start = positionOf(*place);
    const QTextBlock block = document()->findBlock(start);
    const QString text = block.text();
    int at = start - block.position();
    const auto isEnd = [&](int i) {
      const QChar c = text[i];
      return c.isSpace() || c == u',' || c == u'}' || c == u']' || c == u':';
    };
    if (at < text.size() && text[at] == u'"') {
      ++at;
      while (at < text.size() && text[at] != u'"') at += text[at] == u'\\' ? 2 : 1;
      at = std::min(at + 1, static_cast<int>(text.size()));
    } else {
      if (at < text.size()) ++at;
      while (at < text.size() && !isEnd(at)) ++at;
    }
    cursor.setPosition(start);
    cursor.setPosition(std::min(block.position() + at, document()->characterCount() - 1),
                       QTextCursor::KeepAnchor);
    if (!cursor.hasSelection()) {
      // At the end of a line there is nothing to underline but what stands before.
      cursor.movePosition(QTextCursor::PreviousCharacter, QTextCursor::KeepAnchor);
    }
    mark.cursor = cursor;
    mark.format.setUnderlineStyle(QTextCharFormat::WaveUnderline);
    mark.format.setUnderlineColor(theme::color(theme::Role::Error));
    mark.format.setBackground(theme::color(theme::Role::ErrorFill));
    marks.push_back(mark);
  }
  setExtraSelections(marks);
  m_gutter->update();
}

void CodeEdit::moveTo(const Place& place) {
  QTextCursor cursor(document());
  cursor.setPosition(positionOf(place));
  setTextCursor(cursor);
  ensureCursorVisible();
  setFocus();
}

int CodeEdit::gutterWidth() const {
  int digits = 2;
  for (int count = blockCount(); count >= 100; count /= 10) ++digits;
  // Two more for the mark of a line that is wrong.
  return (digits + 2) * fontMetrics().horizontalAdvance(u'9') + 2 * theme::kGrid;
}

void CodeEdit::paintGutter(QPaintEvent* event, QWidget* gutter) {
  QPainter painter(gutter);
  painter.fillRect(event->rect(), theme::color(theme::Role::Raised));
  painter.setFont(font());
  const int current = textCursor().blockNumber();
  QTextBlock block = firstVisibleBlock();
  qreal top = blockBoundingGeometry(block).translated(contentOffset()).top();
  while (block.isValid() && top <= event->rect().bottom()) {
    const qreal height = blockBoundingRect(block).height();
    if (block.isVisible() && top + height >= event->rect().top()) {
      const bool wrong = m_error && m_error->line == block.blockNumber() + 1;
      const bool here = block.blockNumber() == current && hasFocus();
      painter.setPen(theme::color(wrong  ? theme::Role::Error
                                  : here ? theme::Role::Text
                                         : theme::Role::TextMuted));
      painter.drawText(QRectF(0, top, gutter->width() - theme::kGroupGap, fontMetrics().height()),
                       Qt::AlignRight | Qt::AlignVCenter,
                       (wrong ? QStringLiteral("✗ ") : QString()) + QString::number(block.blockNumber() + 1));
    }
    top += height;
    block = block.next();
  }
}

void CodeEdit::resizeEvent(QResizeEvent* event) {
  QPlainTextEdit::resizeEvent(event);
  const QRect contents = contentsRect();
  m_gutter->setGeometry(contents.left(), contents.top(), gutterWidth(), contents.height());
}

void CodeEdit::indent(bool deeper) {
  QTextCursor cursor = textCursor();
  const QTextBlock first = document()->findBlock(cursor.selectionStart());
  const QTextBlock last = document()->findBlock(cursor.selectionEnd());
  if (deeper && first == last) {
    cursor.insertText(QStringLiteral("  "));
    return;
  }
  cursor.beginEditBlock();
  for (QTextBlock block = first; block.isValid(); block = block.next()) {
    QTextCursor at(block);
    if (deeper) {
      at.insertText(QStringLiteral("  "));
    } else {
      for (int i = 0; i < 2 && block.text().startsWith(u' '); ++i) at.deleteChar();
    }
    if (block == last) break;
  }
  cursor.endEditBlock();
}

void CodeEdit::newLine() {
  QTextCursor cursor = textCursor();
  const QString before = cursor.block().text().left(cursor.positionInBlock());
  qsizetype spaces = 0;
  while (spaces < before.size() && before[spaces] == u' ') ++spaces;
  const QString trimmed = before.trimmed();
  const bool opens = trimmed.endsWith(u'{') || trimmed.endsWith(u'[');
  cursor.insertText(u'\n' + QString(spaces + (opens ? 2 : 0), u' '));
  setTextCursor(cursor);
  ensureCursorVisible();
}

void CodeEdit::keyPressEvent(QKeyEvent* event) {
  if (!isReadOnly()) {
    const bool plain = !(event->modifiers() & (Qt::ControlModifier | Qt::AltModifier | Qt::MetaModifier));
    if (event->key() == Qt::Key_Backtab || (event->key() == Qt::Key_Tab && plain)) {
      indent(event->key() == Qt::Key_Tab);
      return;
    }
    if (plain && (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)) {
      newLine();
      return;
    }
  }
  QPlainTextEdit::keyPressEvent(event);
}

bool CodeEdit::event(QEvent* event) {
  if (event->type() == QEvent::ShortcutOverride) {
    // With nothing of its own to undo, the editor leaves the keys to the window.
    const auto* key = static_cast<QKeyEvent*>(event);
    if ((key->matches(QKeySequence::Undo) && !document()->isUndoAvailable()) ||
        (key->matches(QKeySequence::Redo) && !document()->isRedoAvailable())) {
      event->ignore();
      return false;
    }
  }
  return QPlainTextEdit::event(event);
}

void CodeEdit::changeEvent(QEvent* event) {
  QPlainTextEdit::changeEvent(event);
  if (event->type() == QEvent::PaletteChange && m_highlighter) {
    m_highlighter->rehighlight();
    markError(m_error);
  }
}

}  // namespace retake::gui
