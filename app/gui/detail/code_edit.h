#pragma once

#include <QPlainTextEdit>
#include <QTimer>
#include <optional>

namespace retake::gui {

class Highlighter;

// A text editor for code: line numbers, the theme's colours, two-space indents, and a mark under an
// error. Long texts are filled in slices, so that the window stays alive.
class CodeEdit : public QPlainTextEdit {
  Q_OBJECT
 public:
  explicit CodeEdit(QWidget* parent = nullptr);

  // Replaces the whole text and forgets its undo history. Emits textChanged() as it fills; filled()
  // when all of it is there (at once, for texts of up to 128 kB).
  void fill(const QString& text);
  bool isFilling() const { return m_filling; }
  // Whether a person may type (not before all text is there).
  void setEditable(bool editable);

  // Underlines from there to the end of the token; `line` and `column` from 1, the column in
  // characters (code points). Empty: no mark.
  struct Place {
    int line = 1;
    int column = 1;
    bool operator==(const Place&) const = default;
  };
  void markError(const std::optional<Place>& place);
  std::optional<Place> errorMark() const { return m_error; }
  void moveTo(const Place& place);

  int gutterWidth() const;
  void paintGutter(QPaintEvent* event, QWidget* gutter);

 signals:
  void filled();

 protected:
  void resizeEvent(QResizeEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void changeEvent(QEvent* event) override;
  bool event(QEvent* event) override;

 private:
  int positionOf(const Place& place) const;
  void fillSlice();
  void finishFilling();
  void indent(bool deeper);
  void newLine();

  QWidget* m_gutter;
  Highlighter* m_highlighter;
  std::optional<Place> m_error;
  QString m_pending;
  qsizetype m_pendingAt = 0;
  QTimer m_fillTimer;
  bool m_filling = false;
  bool m_editable = true;
};

}  // namespace retake::gui
