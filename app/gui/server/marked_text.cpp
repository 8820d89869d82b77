#include "server/marked_text.h"

#include <QPainter>
#include <QTextBlock>

#include "detail/highlighter.h"
#include "theme/theme.h"

namespace retake::gui {

namespace {

class Gutter : public QWidget {
 public:
  explicit Gutter(MarkedText& text) : QWidget(&text), m_text(text) {}

 protected:
  void paintEvent(QPaintEvent* event) override { m_text.paintGutter(event, this); }

 private:
  MarkedText& m_text;
};

// JSON, and lines that say what follows, which are no JSON.
void scanAnswerLine(QStringView line, std::vector<Token>& tokens) {
  if (!line.startsWith(u'▸')) scanJsonLine(line, tokens);
}

}  // namespace

MarkedText::MarkedText(QWidget* parent)
    : QPlainTextEdit(parent),
      m_gutter(new Gutter(*this)),
      m_highlighter(new Highlighter(scanAnswerLine, document())) {
  setFont(theme::dataFont());
  setReadOnly(true);
  setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
  setLineWrapMode(QPlainTextEdit::NoWrap);
  setFrameShape(QFrame::NoFrame);
  document()->setDocumentMargin(theme::kGrid);
  setViewportMargins(gutterWidth(), 0, 0, 0);
  connect(this, &QPlainTextEdit::updateRequest, this, [this](const QRect& rect, int dy) {
    if (dy != 0) {
      m_gutter->scroll(0, dy);
    } else {
      m_gutter->update(0, rect.y(), m_gutter->width(), rect.height());
    }
  });
}

void MarkedText::showLines(const QStringList& lines, const std::vector<Mark>& marks) {
  m_marks = marks;
  setPlainText(lines.join(u'\n'));
  highlight();
  m_gutter->update();
}

void MarkedText::highlight() {
  QList<QTextEdit::ExtraSelection> lines;
  QTextBlock block = document()->begin();
  for (const Mark mark : m_marks) {
    if (!block.isValid()) break;
    if (mark != Mark::None) {
      QTextEdit::ExtraSelection line;
      line.cursor = QTextCursor(block);
      line.format.setBackground(
          theme::color(mark == Mark::Differs ? theme::Role::ErrorFill : theme::Role::Hover));
      line.format.setProperty(QTextFormat::FullWidthSelection, true);
      lines += line;
    }
    block = block.next();
  }
  setExtraSelections(lines);
}

int MarkedText::gutterWidth() const { return fontMetrics().horizontalAdvance(u'≠') + 3 * theme::kGrid; }

void MarkedText::paintGutter(QPaintEvent* event, QWidget* gutter) {
  QPainter painter(gutter);
  painter.fillRect(event->rect(), theme::color(theme::Role::Raised));
  painter.setFont(font());
  QTextBlock block = firstVisibleBlock();
  qreal top = blockBoundingGeometry(block).translated(contentOffset()).top();
  while (block.isValid() && top <= event->rect().bottom()) {
    const auto number = static_cast<std::size_t>(block.blockNumber());
    const Mark mark = number < m_marks.size() ? m_marks[number] : Mark::None;
    if (mark != Mark::None) {
      painter.setPen(theme::color(mark == Mark::Differs ? theme::Role::Error : theme::Role::Unused));
      painter.drawText(QRectF(0, top, gutter->width(), fontMetrics().height()), Qt::AlignCenter,
                       mark == Mark::Differs ? QStringLiteral("≠") : QStringLiteral("–"));
    }
    top += blockBoundingRect(block).height();
    block = block.next();
  }
}

void MarkedText::resizeEvent(QResizeEvent* event) {
  QPlainTextEdit::resizeEvent(event);
  const QRect contents = contentsRect();
  m_gutter->setGeometry(contents.left(), contents.top(), gutterWidth(), contents.height());
}

void MarkedText::changeEvent(QEvent* event) {
  QPlainTextEdit::changeEvent(event);
  if (event->type() == QEvent::PaletteChange && m_highlighter != nullptr) {
    m_highlighter->rehighlight();
    highlight();
  }
}

}  // namespace retake::gui
