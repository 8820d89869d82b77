#pragma once

#include <QPlainTextEdit>
#include <vector>

namespace retake::gui {

class Highlighter;

// Read-only lines with a mark each in a gutter: what is the same on the other side, what differs, and
// where this side has nothing.
class MarkedText : public QPlainTextEdit {
  Q_OBJECT
 public:
  enum class Mark { None, Differs, Missing };
  explicit MarkedText(QWidget* parent = nullptr);

  // As many marks as lines, or none.
  void showLines(const QStringList& lines, const std::vector<Mark>& marks = {});
  const std::vector<Mark>& marks() const { return m_marks; }

  int gutterWidth() const;
  void paintGutter(QPaintEvent* event, QWidget* gutter);

 protected:
  void resizeEvent(QResizeEvent* event) override;
  void changeEvent(QEvent* event) override;

 private:
  void highlight();

  QWidget* m_gutter;
  Highlighter* m_highlighter;
  std::vector<Mark> m_marks;
};

}  // namespace retake::gui
